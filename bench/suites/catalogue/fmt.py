# SPDX-License-Identifier: MIT
"""The C++ library fmt: googletest programs, run by ctest."""

import results
from catalogue import Suite, cmake

OPTIONS = "-DCMAKE_BUILD_TYPE=Debug -DFMT_TEST=On -DFMT_DOC=Off"


def suite(work, size):
    own = ["ctest", "--output-junit", "{report}"]
    return Suite(
        framework="ctest",
        packages=["cmake", "g++", "make"],
        read=results.of_ctest,
        directory=work / "fmtlib" / "build",
        serial=own,
        parallel={"-j2": [*own, "-j2"]},
        plan=[{"framework": "ctest"}],
        get=lambda log: cmake(work, "fmtlib", OPTIONS, "all", log),
    )
