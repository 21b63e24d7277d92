# SPDX-License-Identifier: MIT
"""The suites, each in a file of its own: a function suite(work, size) makes a Suite."""

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from fetch import source
from results import of_tpsched

# In the order of the table.
NAMES = (
    "networkx", "go_std", "cpython", "git", "bats", "cjson", "fmt", "fmt_googletest", "catch2",
    "bn_js", "php_parser", "regex_syntax",
)  # fmt: skip

SIZES = ("quick", "normal", "whole")


@dataclass
class Suite:
    """How to get a suite, how its own runner runs it, and how tpsched does.

    Commands are run in `directory`; in them {report} stands for a file they may report to.
    """

    framework: str  # as tpsched calls it
    packages: list  # Debian's
    read: object  # (log, report, directory) -> {testcase: outcome}; see results.py
    directory: Path
    serial: list
    parallel: dict  # what to call it -> command: two at once
    plan: list  # of suites in tpsched.yaml, without what all have
    get: object = None  # (log): what there is to do beyond installing packages
    environment: dict = field(default_factory=dict)
    ours: object = of_tpsched  # or what else it is that is compared


def shell(command, directory, log):
    """A step of building; what it says is kept."""
    with open(log, "ab") as out:
        subprocess.run(command, shell=True, cwd=directory, stdout=out, stderr=out, check=True)


def cmake(work, package, options, target, log):
    """Unpack a source package and build it, unless that was done."""
    top = work / package
    source(work, package, top)
    mark = top / "build" / f"built-{target}"
    if not mark.exists():
        shell(f"cmake -S . -B build {options}", top, log)
        shell(f"cmake --build build --target {target} -j{os.cpu_count()}", top, log)
        mark.touch()
