# SPDX-License-Identifier: MIT
"""Packages of Go's standard library, whose tests Debian installs."""

from pathlib import Path

import results
from catalogue import Suite, shell

PATTERNS = {
    "quick": "./strings ./encoding/... ./container/...",
    "normal": "./bufio ./bytes ./compress/... ./container/... ./encoding/... ./fmt ./go/ast"
    " ./go/parser ./go/scanner ./hash/... ./html/... ./math/... ./path/... ./regexp/... ./sort"
    " ./strconv ./strings ./text/... ./unicode/...",
}
PATTERNS["whole"] = PATTERNS["normal"] + " ./archive/... ./go/types ./image/... ./reflect ./time"


def suite(work, size):
    patterns = PATTERNS[size].split()
    directory = Path("/usr/lib/go/src").resolve()

    def get(log):
        """Compile: what is in Go's cache of builds by now would be paid by who comes first."""
        shell(f"GOFLAGS= GOPROXY=off go test -short -run '^$' {PATTERNS[size]}", directory, log)

    test = ["go", "test", "-json", "-short", "-count=1"]
    return Suite(
        framework="go",
        packages=["golang-go", "golang-src"],
        read=results.of_go,
        directory=directory,
        serial=[*test, "-p", "1", *patterns],
        parallel={"-p 2": [*test, "-p", "2", *patterns]},
        plan=[
            {"name": pattern[2:].replace("/...", ""), "framework": "go", "args": ["-short"],
             "path": pattern}
            for pattern in patterns
        ],  # fmt: skip
        get=get,
        environment={"GOFLAGS": "", "GOPROXY": "off"},
    )
