# SPDX-License-Identifier: MIT
"""The same programs of fmt by themselves, testcase by testcase."""

import results
from catalogue import Suite, cmake
from catalogue.fmt import OPTIONS

PROGRAMS = (
    "args-test assert-test chrono-test color-test compile-test core-test format-test gtest-extra-test"
    " os-test ostream-test printf-test ranges-test scan-test std-test unicode-test xchar-test"
).split()


def suite(work, size):
    top = work / "fmtlib" / "build"
    programs = [f"bin/{name}" for name in PROGRAMS]
    # googletest has a report for each program: one after the other, into one file.
    run = 'for p in {programs}; do "$p" --gtest_output=xml:"$0.one" >&2; cat "$0.one"; done >"$0"'
    command = run.replace("{programs}", " ".join(programs))
    return Suite(
        framework="googletest",
        packages=["cmake", "g++", "make"],
        read=results.of_googletest,
        directory=top,
        serial=["sh", "-c", command, "{report}"],
        parallel={},
        plan=[
            {"name": program.name, "framework": "googletest", "path": f"bin/{program.name}"}
            for program in (top / "bin" / name for name in PROGRAMS)
        ],
        get=lambda log: cmake(work, "fmtlib", OPTIONS, "all", log),
    )
