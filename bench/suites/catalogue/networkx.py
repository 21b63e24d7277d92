# SPDX-License-Identifier: MIT
"""networkx, as Debian installs it with its tests."""

from pathlib import Path

import results
from catalogue import Suite

NORMAL = (
    "classes generators readwrite linalg algorithms/flow algorithms/tree algorithms/isomorphism"
    " algorithms/community algorithms/bipartite algorithms/centrality"
)
PATHS = {"quick": "classes/tests readwrite", "normal": NORMAL, "whole": ""}


def suite(work, size):
    paths = [f"networkx/{path}".rstrip("/") for path in PATHS[size].split() or [""]]
    python = ["/usr/bin/python3", "-m", "pytest"]
    own = [*python, "-q", "-p", "no:cacheprovider", "-o", "junit_family=xunit1",
           "--junitxml={report}", *paths]  # fmt: skip
    return Suite(
        framework="pytest",
        packages=["python3-networkx", "python3-numpy", "python3-pytest", "python3-pytest-xdist"],
        read=results.of_pytest,
        directory=Path("/usr/lib/python3/dist-packages"),
        serial=[*own, "-p", "no:xdist"],
        parallel={"-n2": [*own, "-n2"], "-n2 --dist loadfile": [*own, "-n2", "--dist", "loadfile"]},
        plan=[{"framework": "pytest", "command": python, "args": paths}],
        environment={"PYTHONDONTWRITEBYTECODE": "1"},
    )
