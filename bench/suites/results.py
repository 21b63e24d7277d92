# SPDX-License-Identifier: MIT
"""What a suite's own runner said: {id as tpsched has it: passed, failed, skipped or error}."""

import json
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

WORSE = ("passed", "skipped", "failed", "error")


def add(results, name, outcome):
    """A name that comes twice gets a number, as in tpsched."""
    count, key = 1, name
    while key in results:
        count += 1
        key = f"{name}#{count}"
    results[key] = outcome


def junit_outcome(case):
    for tag, outcome in (("error", "error"), ("failure", "failed"), ("skipped", "skipped")):
        if case.find(tag) is not None:
            return outcome
    return "passed"


def of_pytest(log, report, directory):
    """JUnit XML says the module, but not where the file's name ends and the class's begins."""
    results = {}
    for case in ElementTree.parse(report).iter("testcase"):
        parts = case.get("classname").split(".")
        end = len(parts)
        while end > 1 and not (Path(directory) / ("/".join(parts[:end]) + ".py")).exists():
            end -= 1
        scope = ["/".join(parts[:end]) + ".py", *parts[end:]]
        add(results, "::".join([*scope, case.get("name")]), junit_outcome(case))
    return results


def of_ctest(log, report, directory):
    results = {}
    for case in ElementTree.parse(report).iter("testcase"):
        add(results, case.get("name"), junit_outcome(case))
    return results


def of_go(log, report, directory):
    """Tests of a package; subtests are inside of them."""
    words = {"pass": "passed", "fail": "failed", "skip": "skipped"}
    results = {}
    for line in log.read_text().splitlines():
        event = json.loads(line) if line.startswith("{") else {}
        if event.get("Action") in words and "/" not in event.get("Test", "/"):
            results[f"{event['Package']}.{event['Test']}"] = words[event["Action"]]
    return results


def of_unittest(log, report, directory):
    """python -m unittest -v: "name (module.Class.name) ... ok", with a docstring in between."""
    words = {"ok": "passed", "FAIL": "failed", "ERROR": "error", "expected failure": "passed",
             "unexpected success": "failed"}  # fmt: skip
    results, name = {}, None
    for line in log.read_text(errors="replace").splitlines():
        start = re.match(r"(\w+) \(([\w.]+)\)", line)
        if start and not start[1].startswith(("setUp", "tearDown")):
            holder = start[2]
            name = holder if holder.endswith("." + start[1]) else f"{holder}.{start[1]}"
        end = re.search(r"(ok|FAIL|ERROR|expected failure|unexpected success|skipped .*)$", line)
        if name and end:
            results[name] = words.get(end[1], "skipped")
            name = None
    return results


def of_prove(log, report, directory):
    """A line for each file; what is skipped as a whole is."""
    results = {}
    for line in log.read_text(errors="replace").splitlines():
        match = re.match(r"(?:\[[\d:]+\] )?(\S+) \.+ +(ok|skipped|.*)", line)
        if match and match[2].startswith(("ok", "skipped")):
            results[match[1]] = "skipped" if match[2].startswith("skipped") else "passed"
        elif match and re.match(r"Dubious|Failed|No subtests", match[2]):
            results[match[1]] = "failed"
    return results


def of_bats(log, report, directory):
    """TAP; bats says nothing of the file, and names are enough where no two are the same."""
    results = {}
    for line in log.read_text(errors="replace").splitlines():
        match = re.match(r"(not )?ok \d+ (.*?)( # skip.*)?$", line)
        if match:
            add(results, match[2], "skipped" if match[3] else "failed" if match[1] else "passed")
    return results


def of_catch2(log, report, directory):
    """Tags that make a failure a success are in OverallResult; no assertion is no failure."""
    results = {}
    for case in ElementTree.parse(report).iter("TestCase"):
        success = case.find("OverallResult").get("success") == "true"
        add(results, case.get("name"), "passed" if success else "failed")
    return results


def of_tpsched(report):
    """The merged report.xml: the ids are properties; cases inside of a testcase have none."""
    results = {}
    for case in ElementTree.parse(report).iter("testcase"):
        name = case.get("name")
        for entry in case.iter("property"):
            if entry.get("name") == "tpsched.id":
                name = entry.get("value")
        add(results, name, junit_outcome(case))
    return results


def differences(own, ours):
    """Lines that say what differs; an error is a failure here, as runners differ in the words."""
    lines = [f"only in its own run: {name}" for name in own if name not in ours]
    lines += [f"only in tpsched's run: {name}" for name in ours if name not in own]
    for name in own:
        pair = [{"error": "failed"}.get(word, word) for word in (own[name], ours.get(name))]
        if name in ours and pair[0] != pair[1]:
            lines.append(f"{pair[0]}, with tpsched {pair[1]}: {name}")
    return lines
