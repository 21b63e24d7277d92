# SPDX-License-Identifier: MIT
"""Git's tests in shell, from Debian's source package."""

import os

import results
from catalogue import Suite, shell
from fetch import source

FILES = {"quick": "t000[1-6]*-*.sh", "normal": "t00[0-5]*-*.sh", "whole": "t0*-*.sh"}
LONG = "t0027-auto-crlf.sh"  # as long as the other 41 together


def suite(work, size):
    top = work / "git"

    def get(log):
        source(work, "git", top)
        if not (top / "t" / "helper" / "test-tool").exists():
            shell(f"make -j{os.cpu_count()} NO_GETTEXT=1 NO_TCLTK=1 all", top, log)

    files = sorted(file.name for file in (top / "t").glob(FILES[size]))
    if size == "normal":
        files = [name for name in files if name != LONG]
    own = ["prove", "--timer", "--exec", "sh"]
    return Suite(
        framework="prove",
        packages=["make", "gcc", "libcurl4-openssl-dev", "libexpat1-dev", "libssl-dev",
                  "zlib1g-dev", "perl"],
        read=results.of_prove,
        directory=top / "t",
        serial=[*own, *files],
        parallel={"-j2": [*own, "-j2", *files]},
        plan=[{"framework": "prove", "args": ["--exec", "sh", *files]}],
        get=get,
    )  # fmt: skip
