# SPDX-License-Identifier: MIT
"""The Rust crate regex-syntax, which Debian installs with its tests."""

import shutil
from pathlib import Path

import results
from catalogue import Suite, shell


def suite(work, size):
    top = work / "regex-syntax"

    def get(log):
        if not top.exists():
            (installed,) = Path("/usr/share/cargo/registry").glob("regex-syntax-*")
            shutil.copytree(installed, top, ignore=shutil.ignore_patterns(".cargo-checksum.json"))
        shell("cargo test --offline --no-run", top, log)

    test = ["cargo", "test", "--offline", "--lib", "--"]
    return Suite(
        framework="cargo",
        packages=["cargo", "rustc", "librust-regex-syntax-dev"],
        read=results.of_cargo,
        directory=top,
        serial=[*test, "--test-threads=1"],
        parallel={"--test-threads=2": [*test, "--test-threads=2"]},
        plan=[{"framework": "cargo", "args": ["--offline", "--lib"]}],
        get=get,
    )
