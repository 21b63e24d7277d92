# SPDX-License-Identifier: MIT
"""cJSON: a few programs, run by ctest."""

import results
from catalogue import Suite, cmake


def suite(work, size):
    own = ["ctest", "--output-junit", "{report}"]
    return Suite(
        framework="ctest",
        packages=["cmake", "g++", "make"],
        read=results.of_ctest,
        directory=work / "cjson" / "build",
        serial=own,
        parallel={"-j2": [*own, "-j2"]},
        plan=[{"framework": "ctest"}],
        get=lambda log: cmake(work, "cjson", "-DENABLE_CJSON_TEST=On", "all", log),
    )
