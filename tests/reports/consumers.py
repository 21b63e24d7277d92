# SPDX-License-Identifier: MIT
"""How others count the testcases of a JUnit report.

The counting rules of four consumers, as far as they decide what is counted and how, put down anew:

  jenkins   junit-plugin, src/main/java/hudson/tasks/junit/{SuiteResult,CaseResult}.java (2018-2021)
  gitlab    GitLab, lib/gitlab/ci/parsers/test/junit.rb and lib/gitlab/ci/reports/test_suite.rb
            (13.x)
  dorny     dorny/test-reporter, src/parsers/java-junit/java-junit-parser.ts (1.x)
  mikepenz  mikepenz/action-junit-report, src/testParser.ts (4.x, check_retries off)

  consumers.py DIR   each DIR/NAME.xml beside DIR/NAME.json, which is what `tpsched merge --format
                     json` answered for it: all count alike, or it is said who does not; exit 1
"""

import collections
import json
import os
import sys
import xml.etree.ElementTree as tree

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"


def has(element, *names):
    return any(element.find(name) is not None for name in names)


def jenkins(root):
    """Recursive; a suite's own error is a case; skipped wins over failed."""
    for suite in root.iter():
        if suite.tag not in ("testsuites", "testsuite") or not has(suite, "testcase", "error"):
            continue
        if has(suite, "error"):
            yield FAILED
        for case in suite.findall("testcase"):
            yield SKIPPED if has(case, "skipped") else \
                FAILED if has(case, "error", "failure") else PASSED


def gitlab(root):
    """Recursive; of each classname and name the first counts; failure, error, skipped."""
    seen = set()

    def visit(node, inside):
        if inside:
            for case in node.findall("testcase"):
                key = (case.get("classname"), case.get("name"))
                if key in seen:
                    continue
                seen.add(key)
                yield FAILED if has(case, "failure", "error") else \
                    SKIPPED if has(case, "skipped") else PASSED
        for suite in node.findall("testsuite"):
            yield from visit(suite, True)

    yield from visit(root, True)


def dorny(root):
    """Only testcases of the first level of suites; a suite without a name ends it all."""
    for suite in root.findall("testsuite") if root.tag == "testsuites" else [root]:
        if suite.get("name") is None:
            raise ValueError("a suite without a name")
        for case in suite.findall("testcase"):
            if case.get("name") is None:
                raise ValueError("a testcase without a name")
            yield FAILED if has(case, "failure", "error") else \
                SKIPPED if has(case, "skipped") else PASSED


def mikepenz(root):
    """Recursive below suites; skipped wins over failed; status= may say so, too."""
    for suite in root.iter("testsuite"):
        for case in suite.findall("testcase"):
            skip = has(case, "skipped") or case.get("status") in ("disabled", "ignored")
            yield SKIPPED if skip else FAILED if has(case, "failure", "error") else PASSED


CONSUMERS = {"jenkins": jenkins, "gitlab": gitlab, "dorny": dorny, "mikepenz": mikepenz}


def count(consumer, root):
    try:
        counted = collections.Counter(CONSUMERS[consumer](root))
    except ValueError as error:
        return str(error)
    return tuple(counted[word] for word in (PASSED, FAILED, SKIPPED))


def claimed(element):
    """What the header says, in the same words."""
    tests, failures, errors, skipped = (
        int(element.get(name)) for name in ("tests", "failures", "errors", "skipped"))
    return (tests - failures - errors - skipped, failures + errors, skipped)


def answered(answer):
    """What tpsched says; what is missing stands in the report as errors of nobody's testcase."""
    n_problems = len(answer["problems"])
    return (answer["passed"] + answer["flaky"],
            answer["failed"] + answer["error"] + n_problems, answer["skipped"])


def canonical(root):
    """The shape that all read alike."""
    seen = set()
    for child in root:
        if child.tag != "testsuite":
            yield "'%s' below the root" % child.tag
        if child.find("testsuite") is not None:
            yield "a suite in a suite"
        for case in child.findall("testcase"):
            key = (case.get("classname"), case.get("name"))
            if key in seen:
                yield "twice: %s %s" % key
            seen.add(key)
            if not all(key):
                yield "no name: %s %s" % key
            verdicts = [c for c in case if c.tag in ("error", "failure", "skipped")]
            if len(verdicts) > 1:
                yield "several verdicts: %s %s" % key
            if any(v.get("message") is None for v in verdicts):
                yield "no message: %s %s" % key


def check(path):
    with open(path, "rb") as file:
        text = file.read()
    root = tree.fromstring(text)
    with open(path[:-len("xml")] + "json", encoding="utf-8") as file:
        expected = answered(json.load(file))
    problems = list(canonical(root))
    if not text.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites '):
        problems.append("it begins otherwise")
    if claimed(root) != expected:
        problems.append("the header says %s, the answer %s" % (claimed(root), expected))
    if sum(map(int, (s.get("tests") for s in root))) != sum(expected):
        problems.append("the headers of the suites say something else")
    for consumer in CONSUMERS:
        counted = count(consumer, root)
        if counted != expected:
            problems.append("%s counts %s, not %s" % (consumer, counted, expected))
    return problems


# What they disagree about, so that it is seen that the rules above are theirs and not ours.
DISAGREE = """<testsuites><testcase classname="c" name="a"/>
<testsuite name="s"><testcase classname="c" name="b"><failure/><skipped/></testcase>
<testcase classname="c" name="b"/><error/>
<testsuite name="t"><testcase classname="c" name="d"/></testsuite></testsuite></testsuites>"""
DISAGREED = {"jenkins": (3, 1, 1), "gitlab": (2, 1, 0), "dorny": (1, 1, 0), "mikepenz": (2, 0, 1)}


def main():
    status = 0
    for consumer, expected in DISAGREED.items():
        counted = count(consumer, tree.fromstring(DISAGREE))
        if counted != expected:
            print("the rules of %s count %s, not %s" % (consumer, counted, expected))
            status = 1
    names = sorted(name for name in os.listdir(sys.argv[1]) if name.endswith(".xml"))
    for name in names:
        for problem in check(os.path.join(sys.argv[1], name)):
            print("%s: %s" % (name, problem))
            status = 1
    if not names:
        sys.exit("nothing to count")
    print("counted: %d reports by %d consumers" % (len(names), len(CONSUMERS)))
    sys.exit(status)


if __name__ == "__main__":
    main()
