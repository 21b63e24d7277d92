# SPDX-License-Identifier: MIT
"""What a suite's own runner said: {id as tpsched has it: passed, failed, skipped or error}.

Nothing here is tpsched's: these readers must not be wrong where its own are.
"""

import json
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from urllib.parse import unquote

RANK = ("skipped", "passed", "failed", "error")


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


def of_junit(report, name):
    results = {}
    for case in ElementTree.parse(report).iter("testcase"):
        if name(case):
            add(results, name(case), junit_outcome(case))
    return results


def of_pytest(log, report, directory):
    """JUnit XML says the module, but not where the file's name ends and the class's begins. A file
    that skips itself while it is collected is in it, too, without a class; it has no testcases.
    """

    def name(case):
        if not case.get("classname"):
            return None
        parts = case.get("classname").split(".")
        end = len(parts)
        while end > 1 and not (Path(directory) / ("/".join(parts[:end]) + ".py")).exists():
            end -= 1
        return "::".join(["/".join(parts[:end]) + ".py", *parts[end:], case.get("name")])

    return of_junit(report, name)


def of_ctest(log, report, directory):
    return of_junit(report, lambda case: case.get("name"))


def of_regrtest(log, report, directory):
    return of_junit(report, lambda case: case.get("name"))


def of_googletest(log, report, directory):
    """Several documents, one behind the other; programs may have tests of the same name."""
    results = {}
    for text in report.read_text(errors="replace").split("<?xml ")[1:]:
        for case in ElementTree.fromstring("<?xml " + text).iter("testcase"):
            outcome = "skipped" if case.get("status") == "notrun" else junit_outcome(case)
            add(results, f"{case.get('classname')}.{case.get('name')}", outcome)
    return results


def of_phpunit(log, report, directory):
    """What the data of a data set are stands behind its name."""

    def name(case):
        match = re.match(r'(.* with data set (?:#\d+|".*"))(?: \(.*\))?$', case.get("name"), re.S)
        return f"{case.get('class')}::{match[1] if match else case.get('name')}"

    return of_junit(report, name)


def of_go(log, report, directory):
    """Tests of a package; subtests are inside of them."""
    words = {"pass": "passed", "fail": "failed", "skip": "skipped"}
    results = {}
    for line in log.read_text(errors="replace").splitlines():
        event = json.loads(line) if line.startswith("{") else {}
        if event.get("Action") in words and "/" not in event.get("Test", "/"):
            results[f"{event['Package']}.{event['Test']}"] = words[event["Action"]]
    return results


def of_prove(log, report, directory):
    """A line for each file; what is skipped as a whole is."""
    results = {}
    for line in log.read_text(errors="replace").splitlines():
        match = re.match(r"(?:\[[\d:]+\] )?(\S+) \.+ +(.*)", line)
        if not match:
            continue
        words = (("skipped", "skipped"), ("ok", "passed"))
        results[match[1]] = next((o for w, o in words if match[2].startswith(w)), "failed")
    return results


def of_bats(log, report, directory):
    """JUnit on stdout: the class is the file's name without its directory."""
    return of_junit(log, lambda case: f"test/{case.get('classname')}: {case.get('name')}")


def of_catch2(log, report, directory):
    """Tags that make a failure a success are in OverallResult."""
    results = {}
    for case in ElementTree.parse(report).iter("TestCase"):
        success = case.find("OverallResult").get("success") == "true"
        add(results, case.get("name"), "passed" if success else "failed")
    return results


def of_cargo(log, report, directory):
    """The tests of the library; its package is called like its directory."""
    words = {"ok": "passed", "FAILED": "failed", "ignored": "skipped"}
    lines = log.read_text(errors="replace").splitlines()
    found = (re.match(r"test (\S+)(?: - should panic)? \.\.\. (\w+)", line) for line in lines)
    return {f"{directory.name}${match[1]}": words[match[2]] for match in found if match}


def properties(case):
    found = {entry.get("name"): entry.get("value") for entry in case.iter("property")}
    name = found.get("tpsched.id")
    return unquote(name) if name else case.get("name"), found


def of_mocha(log, report, directory):
    """The tests in the files."""
    told = json.loads(report.read_text())
    kind = {"passes": "passed", "failures": "failed", "pending": "skipped"}
    results = {}
    for place, outcome in kind.items():
        for test in told[place]:
            file = Path(test["file"]).relative_to(directory)
            add(results, f"{file} {test['fullTitle']}", outcome)
    return results


def of_tpsched_cases(report):
    """What is in the testcases, where these are files; those that hold nothing don't count."""
    results = {}
    for case in ElementTree.parse(report).iter("testcase"):
        if "tpsched.case" in properties(case)[1]:
            add(results, case.get("name").replace(" > ", " "), junit_outcome(case))
    return results


def of_tpsched(report):
    """The merged report.xml. A testcase that consists of cases is as the worst of them, but for
    what it says itself.
    """
    suites = {}
    for element in ElementTree.parse(report).iter("testsuite"):
        results = suites.setdefault(element.get("name"), {})
        said = {}
        for case in element.findall("testcase"):
            name, found = properties(case)
            outcome = junit_outcome(case)
            results[name] = max(results.get(name, outcome), outcome, key=RANK.index)
            if "tpsched.outcome" in found:
                said[name] = found["tpsched.outcome"]
        results.update(said)
    together = {}
    for results in suites.values():
        for name, outcome in results.items():
            add(together, name, outcome)
    return together


def differences(own, ours):
    """Lines that say what differs; an error is a failure here, as runners differ in the words."""
    lines = [f"only in its own run: {name}" for name in own if name not in ours]
    lines += [f"only in tpsched's run: {name}" for name in ours if name not in own]
    for name in own:
        pair = [{"error": "failed"}.get(word, word) for word in (own[name], ours.get(name))]
        if name in ours and pair[0] != pair[1]:
            lines.append(f"{pair[0]}, with tpsched {pair[1]}: {name}")
    return lines
