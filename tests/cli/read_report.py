# SPDX-License-Identifier: MIT
"""read_report.py READER REPORT EXPECTED: read a report again, knowing nothing of who wrote it, and
compare it with the lines NAME=NUMBER of EXPECTED. Exit 0 when it comes to the same."""
import json
import re
import sys
from html.parser import HTMLParser

import yaml


def fail(message):
    sys.exit("%s: %s" % (sys.argv[1], message))


def same(what, found, expected):
    if found != expected:
        fail("%s: %r, not %r" % (what, found, expected))


def read_expected(path):
    with open(path, encoding="utf-8") as file:
        pairs = dict(line.strip().split("=", 1) for line in file)
    return {name: int(value) if value.isdigit() else value for name, value in pairs.items()}


def n_problems(expected):
    """How many points tell of what is incomplete."""
    return expected["problems"] + (1 if expected["not_run"] else 0)


def n_bad(expected):
    flaky = expected["flaky"] if expected["flaky_fails"] else 0
    return expected["failed"] + expected["error"] + flaky


def n_good(expected):
    return expected["testcases"] - n_bad(expected) - expected["skipped"]


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def read_ctrf(path, expected):
    results = load(path)["results"]
    summary = results["summary"]
    tests = results["tests"]
    counted = {status: sum(t["status"] == status for t in tests)
               for status in ("passed", "failed", "skipped", "pending", "other")}
    for status, n in counted.items():
        same(status, summary[status], n)
    same("tests", summary["tests"], len(tests))
    same("failed", summary["failed"], n_bad(expected) + n_problems(expected))
    same("passed", summary["passed"], n_good(expected))
    same("skipped", summary["skipped"], expected["skipped"])
    same("pending", summary["pending"], expected["not_run"])
    same("flaky", sum(t.get("flaky", False) for t in tests), expected["flaky"])
    same("healthy", results["environment"]["healthy"], expected["verdict"] == "PASSED")
    same("suites", summary["suites"], len({tuple(t["suite"]) for t in tests}))
    for test in tests:
        same("attempts", len(test.get("retryAttempts", [])), test.get("retries", 0))
        if test.get("stop", 0) < test.get("start", 0):
            fail("ends before it starts")


def yaml_blocks(lines):
    """The blocks between --- and ... of the same indentation, at whatever depth."""
    indent, block = None, []
    for line in lines:
        if indent is None and line.strip() == "---":
            indent, block = line[:-3], []
        elif indent is not None and line == indent + "...":
            yield "\n".join(block)
            indent = None
        elif indent is not None:
            block.append(line)
    if indent is not None:
        fail("a block does not end")


def read_tap(path, expected):
    with open(path, encoding="utf-8", newline="\n") as file:
        lines = file.read().split("\n")
    same("version", lines[0], "TAP version 13")
    points = [line for line in lines if re.match(r"(not )?ok \d", line)]
    plan = re.match(r"1\.\.(\d+)(?: # SKIP no testcases)?$", lines[1])
    same("plan", int(plan.group(1)), len(points))
    same("points", len(points), expected["testcases"] + expected["not_run"] + n_problems(expected))
    same("not ok", sum(p.startswith("not") for p in points), n_bad(expected) + n_problems(expected))
    known = re.compile(r"TAP version|1\.\.\d|(not )?ok \d+ - | {2}|# |$")
    for line in lines:
        if not known.match(line):
            fail("a line of nobody: %r" % line)
    blocks = [yaml.safe_load(block) for block in yaml_blocks(lines)]
    if any(not isinstance(block, dict) for block in blocks):
        fail("a block is no mapping")
    if any(value is None for block in blocks for value in block.values()):
        fail("a value is gone")


STATUSES = ("error", "failed", "passed", "skipped") # of Testplan, the worst first
NEEDED = {"name", "uid", "definition_name", "description", "type", "category", "entries", "status",
          "runtime_status", "logs", "timer", "parent_uids", "counter"}


def judge_testplan(node):
    """The status that Testplan works out of a testcase."""
    if "status_override" in node:
        return node["status_override"]
    return "failed" if any(e.get("passed") is False for e in node["entries"]) else "passed"


def count_testplan(node, parents, cases):
    """The counter of a node, worked out from below, and compared with what it says."""
    if NEEDED - set(node):
        fail("a node without %s" % sorted(NEEDED - set(node)))
    same("parents of " + node["uid"], node["parent_uids"], parents)
    counter = {"passed": 0, "failed": 0, "total": 0}
    if node["type"] == "TestCaseReport":
        same("status of " + node["uid"], node["status"], judge_testplan(node))
        cases.append(node)
        counter.update({node["status"]: 1, "total": 1})
    else:
        uids = [entry["uid"] for entry in node["entries"]]
        same("uids in " + node["uid"], len(set(uids)), len(uids))
        for entry in node["entries"]:
            for name, n in count_testplan(entry, parents + [node["uid"]], cases).items():
                counter[name] = counter.get(name, 0) + n
        statuses = [entry["status"] for entry in node["entries"]] or ["passed"]
        same("status of " + node["uid"], node["status"], min(statuses, key=STATUSES.index))
    same("counter of " + node["uid"], node["counter"], counter)
    for interval in node["timer"].get("run", []):
        if interval["end"] < interval["start"]:
            fail("ends before it starts")
    return counter


def read_testplan(path, expected):
    root = load(path)
    same("version", root["version"], 1)
    for test in root["entries"]:
        same("category", (test["category"], test["part"]), ("multitest", None))
        for suite in test["entries"]:
            same("category", suite["category"], "testsuite")
    counter = count_testplan(root, [], [])
    bad = counter.get("error", 0) + counter["failed"]
    same("bad", bad, n_bad(expected) + n_problems(expected))
    same("passed", counter["passed"], n_good(expected))
    same("skipped", counter.get("skipped", 0), expected["skipped"] + expected["not_run"])
    same("passes", root["status"] in ("passed", "skipped"), bad == 0)


def nested(thread, events):
    """Events of one thread are sorted, and each is within the one before or behind it."""
    open_ends, before = [], None
    for event in events:
        start, end = event["ts"], event["ts"] + event["dur"]
        if event["dur"] < 0 or (before is not None and start < before):
            fail("thread %s is not sorted at %r" % (thread, event))
        while open_ends and open_ends[-1] <= start:
            open_ends.pop()
        if open_ends and end > open_ends[-1]:
            fail("thread %s: %r overlaps" % (thread, event))
        open_ends.append(end)
        before = start


def read_trace(path, expected):
    events = load(path)["traceEvents"]
    threads, named, marks = {}, set(), {}
    for event in events:
        thread = (event["pid"], event["tid"])
        if event["ph"] == "X":
            threads.setdefault(thread, []).append(event)
        elif event["ph"] == "M" and event["name"] == "thread_name":
            named.add(thread)
        elif event["ph"] == "i":
            marks.setdefault(thread, []).append(event["ts"])
    same("named threads", named, set(threads))
    for thread, events_of_it in threads.items():
        nested(thread, events_of_it)
    for thread, times in marks.items():
        same("marks", times, sorted(times))
    counters = [e for e in events if e["ph"] == "C"]
    times = [c["ts"] for c in counters]
    same("counters", times, sorted(set(times)))
    if counters:
        same("in the end", counters[-1]["args"]["running"], 0)
    for counter in counters:
        at = counter["ts"]
        running = sum(e["ts"] <= at < e["ts"] + e["dur"]
                      for e in events if e.get("cat") == "task")
        same("running", counter["args"]["running"], running)


class Page(HTMLParser):
    """What a renderer made of our Markdown: nothing may be there that we don't write."""
    TAGS = {"h2", "h3", "p", "code", "pre", "table", "thead", "tbody", "tr", "th", "td", "strong",
            "details", "summary", "ul", "li"}
    ATTRIBUTES = {("class", "language-text"), ("class", "language-mermaid"),
                  ("style", "text-align:right")}

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.rows, self.headings, self.n_details = [], [], [], 0
        self.n_fences, self.mermaid = 0, ""

    def handle_starttag(self, tag, attributes):
        if tag not in self.TAGS or set(attributes) - self.ATTRIBUTES:
            fail("<%s %r> in %r" % (tag, attributes, self.open))
        self.open.append((tag, attributes))
        self.n_details += tag == "details"
        self.n_fences += tag == "pre"
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        if tag in ("h2", "h3"):
            self.headings.append("")

    def handle_endtag(self, tag):
        if not self.open or self.open.pop()[0] != tag:
            fail("</%s> closes nothing" % tag)

    def handle_data(self, data):
        tags = [tag for tag, _ in self.open]
        if "td" in tags:
            self.rows[-1][-1] += data
        if self.headings and ("h2" in tags or "h3" in tags):
            self.headings[-1] += data
        if self.open and ("class", "language-mermaid") in self.open[-1][1]:
            self.mermaid += data

    def handle_comment(self, data):
        fail("a comment: %r" % data)

    def handle_decl(self, decl):
        fail("a declaration: %r" % decl)

    unknown_decl = handle_pi = handle_decl


def read_mermaid(text):
    lines = text.rstrip("\n").split("\n")
    same("chart", lines[:2], ["gantt", "    dateFormat x"])
    bars = [line for line in lines if re.match(r"    \d+ ", line)]
    known = re.compile(r"    (axisFormat %M:%S|todayMarker off|section [^:;#%`]+ worker \d+)$|"
                       r"    \d+ [^:;#%`]* :(crit|done|active), \d+, [1-9]\d*ms$")
    for line in lines[2:]:
        if not known.match(line):
            fail("no line of a chart: %r" % line)
    if len(bars) > 60:
        fail("%d bars" % len(bars))


def read_page(path, expected):
    """`path` is HTML that was made of the Markdown."""
    page = Page()
    with open(path, encoding="utf-8", newline="\n") as file:
        page.feed(file.read())
    page.close()
    same("open in the end", page.open, [])
    same("verdict", page.headings[0].split()[1], expected["verdict"] + ":")
    same("headings", set(page.headings[1:]) - {"Problems", "Failures", "Flaky", "Slowest", "Notes",
                                               "Parts, planned and actual"}, set())
    row = [row for row in page.rows if row and row[0] == "all" and len(row) == 8][-1]
    same("totals", [int(cell) for cell in row[1:7]],
         [expected[name] for name in ("testcases", "passed", "flaky", "skipped", "failed", "error")])
    bad = expected["failed"] + expected["error"]
    if page.n_details > bad or (bad < 1000 and page.n_details != bad):
        fail("%d failures, not %d" % (page.n_details, bad))
    if page.mermaid:
        read_mermaid(page.mermaid)


READERS = {"markdown": read_page, "ctrf": read_ctrf, "tap": read_tap, "testplan": read_testplan, "trace": read_trace}

if __name__ == "__main__":
    READERS[sys.argv[1]](sys.argv[2], read_expected(sys.argv[3]))
