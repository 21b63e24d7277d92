# SPDX-License-Identifier: MIT
"""Packages of Go's standard library, whose tests Debian installs."""

from pathlib import Path

import results
from catalogue import Suite

PATTERNS = {
    "quick": "./strings ./encoding/... ./container/...",
    "normal": "./bufio ./bytes ./compress/... ./container/... ./encoding/... ./fmt ./go/ast"
    " ./go/parser ./go/scanner ./hash/... ./html/... ./math/... ./path/... ./regexp/... ./sort"
    " ./strconv ./strings ./text/... ./unicode/...",
}
PATTERNS["whole"] = PATTERNS["normal"] + " ./archive/... ./go/types ./image/... ./reflect ./time"


def suite(work, size):
    patterns = PATTERNS[size].split()
    test = ["go", "test", "-json", "-short", "-count=1"]
    return Suite(
        framework="go",
        packages=["golang-go", "golang-src"],
        read=results.of_go,
        directory=Path("/usr/lib/go/src").resolve(),
        serial=[*test, "-p", "1", *patterns],
        parallel={"-p 2": [*test, "-p", "2", *patterns]},
        plan=[
            {"name": pattern[2:].replace("/...", ""), "framework": "go", "args": ["-short"],
             "path": pattern}
            for pattern in patterns
        ],  # fmt: skip
        environment={"GOFLAGS": "", "GOPROXY": "off"},
    )
