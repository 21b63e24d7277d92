# SPDX-License-Identifier: MIT
"""bn.js, big numbers in JavaScript: one of the few packages of npm that bring their tests."""

import json
import shutil

import results
from catalogue import Suite, shell

PACKAGE = {"private": True, "dependencies": {"bn.js": "4.1.1", "mocha": "11.8.0"}}


def suite(work, size):
    home = work / "bn_js"
    top = home / "bn.js"

    def get(log):
        home.mkdir(exist_ok=True)
        if not top.exists():
            (home / "package.json").write_text(json.dumps(PACKAGE))
            shell("npm install --no-audit --no-fund", home, log)
            shutil.copytree(home / "node_modules" / "bn.js", top)

    # Half of the time is one test, which is left out where it has to be quick.
    options = [] if size == "quick" else ["--recursive"]
    own = ["../node_modules/.bin/mocha", "--reporter", "json", "--reporter-option",
           "output={report}", *options]  # fmt: skip
    return Suite(
        framework="mocha",
        packages=[],
        read=results.of_mocha,
        ours=results.of_tpsched_cases,
        directory=top,
        serial=[*own, "test"],
        parallel={"--parallel --jobs 2": [*own, "--parallel", "--jobs", "2", "test"]},
        plan=[{"framework": "mocha", "args": options, "path": "test"}],
        get=get,
    )
