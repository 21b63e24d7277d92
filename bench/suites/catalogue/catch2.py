# SPDX-License-Identifier: MIT
"""Catch2's tests of itself: one program that can't run in parallel by itself."""

import results
from catalogue import Suite, cmake

OPTIONS = "-DCMAKE_BUILD_TYPE=Debug -DCATCH_BUILD_TESTING=On -DCATCH_ENABLE_WERROR=Off"


def suite(work, size):
    program = "build/projects/SelfTest"
    return Suite(
        framework="catch2",
        packages=["cmake", "g++", "make", "python3"],
        read=results.of_catch2,
        directory=work / "catch2",
        serial=[program, "-r", "xml", "-d", "yes", "-o", "{report}"],
        parallel={},
        plan=[{"framework": "catch2", "path": program}],
        get=lambda log: cmake(work, "catch2", OPTIONS, "SelfTest", log),
    )
