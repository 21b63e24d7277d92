# SPDX-License-Identifier: MIT
"""bats-core's tests of itself, from Debian's source package."""

import results
from catalogue import Suite
from fetch import source


def suite(work, size):
    top = work / "bats"
    files = sorted("test/" + file.name for file in (top / "test").glob("*.bats"))
    files = files[:3] if size == "quick" else files
    return Suite(
        framework="bats",
        packages=["bats", "parallel"],
        read=results.of_bats,
        directory=top,
        serial=["bin/bats", "--formatter", "junit", *files],
        parallel={"-j2": ["bin/bats", "--formatter", "junit", "-j2", *files]},
        plan=[{"framework": "bats", "command": ["bin/bats"], "args": files, "path": None}],
        get=lambda log: source(work, "bats", top),
    )
