# SPDX-License-Identifier: MIT
"""One suite: run by its own runner and by tpsched in turn, timed and compared."""

import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import time

from fetch import install
from results import differences

SIZES = (1, 2, 4)
SHARDS = 3
SHOWN = 10  # how many differences of a run are shown; all are in the JSON file


def say(*words):
    print(*words, file=sys.stderr, flush=True)


def processor_time():
    """Of all commands so far, and of what they started and waited for."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


class Measurement:
    """A suite, in a directory of its own."""

    def __init__(self, name, make, tpsched, work, size):
        self.name = name
        self.make = lambda: make(work, size)
        self.suite = self.make()
        self.home = work / "run" / name
        self.tpsched = tpsched
        self.home.mkdir(parents=True, exist_ok=True)
        self.times = {}  # what -> seconds, one for each round
        self.cpu_times = {}  # likewise
        self.expected = {}  # size -> what the plan expects
        self.different = {}  # what -> differences
        self.own_results = {}

    def get(self):
        install(self.suite.packages)
        if self.suite.get:
            self.suite.get(self.home / "build.log")
        self.suite = self.make()  # which files there are is known now
        cwd = str(self.suite.directory)
        common = {"name": self.name, "cwd": cwd, "parts": "auto"}
        plan = {"name": self.name, "suites": [{**common, **suite} for suite in self.suite.plan]}
        (self.home / "tpsched.yaml").write_text(json.dumps(plan, indent=1))

    def run(self, command, log, directory):
        """Wall time and exit status."""
        environment = {**os.environ, "LC_ALL": "C.UTF-8", **self.suite.environment}
        # What tells tools that nobody looks changes what they do.
        environment.pop("CI", None)
        before = processor_time()
        with open(log, "wb") as out:
            began = time.monotonic()
            status = subprocess.run([str(word) for word in command], cwd=directory, env=environment,
                                    stdin=subprocess.DEVNULL, stdout=out,
                                    stderr=subprocess.STDOUT).returncode  # fmt: skip
        seconds = time.monotonic() - began
        self.computed = processor_time() - before
        return seconds, status

    def note(self, what, seconds):
        self.times.setdefault(what, []).append(seconds)
        self.cpu_times.setdefault(what, []).append(self.computed)
        say(f"{self.name}: {what}: {seconds:.1f} s, {self.computed:.1f} s of processors")

    def own(self, what, command):
        log, report = self.home / "own.log", self.home / "own.report"
        report.unlink(missing_ok=True)
        command = [word.replace("{report}", str(report)) for word in command]
        self.note(what, self.run(command, log, self.suite.directory)[0])
        return log, report

    def own_serial(self):
        log, report = self.own("serial", self.suite.serial)
        self.own_results = self.suite.read(log, report, self.suite.directory)
        if not self.own_results:
            raise RuntimeError(f"its own runner ran nothing; see {log}")

    def ours(self, *arguments):
        log = self.home / "tpsched.log"
        seconds, status = self.run([self.tpsched, *arguments], log, self.home)
        if status not in (0, 1):  # 1: a testcase failed
            text = log.read_text(errors="replace")
            raise RuntimeError(f"tpsched {arguments[0]}: exit status {status}\n{text[-2000:]}")
        return seconds

    def compare(self, what, report):
        lines = differences(self.own_results, self.suite.ours(report))
        self.different[what] = sorted({*self.different.get(what, []), *lines})
        for line in lines[:SHOWN]:
            say(f"{self.name}: {what}: {line}")
        if len(lines) > SHOWN:
            say(f"{self.name}: {what}: and {len(lines) - SHOWN} more")

    def fresh(self, name):
        shutil.rmtree(self.home / name, ignore_errors=True)
        return self.home / name

    def whole(self):
        """Unsplit, on one worker, with nothing known; what it took is learned."""
        report, data = self.fresh("report-whole"), self.home / "data.json"
        data.unlink(missing_ok=True)
        self.note("list", self.ours("list", "--suites"))
        limits = ["-t", "1d", "-l", "1d"]  # which no guess exceeds
        options = [*limits, "--size", 1, "--output", "none", "-r", report, "-w", data]
        self.note("unsplit", self.ours("run", *options))
        self.compare("unsplit", report / "report.xml")

    def planned(self, size):
        report, what = self.fresh(f"report-{size}"), f"size {size}"
        options = ["--size", size, "-d", self.home / "data.json", "--output", "none", "-r", report]
        self.note(what, self.ours("run", *options))
        self.compare(what, report / "report.xml")
        plan = json.loads((report / "plan.json").read_text())
        self.expected[size] = plan["makespan"]["expected"]

    def sharded(self):
        """One shard after the other, as on machines of their own: the slowest one counts."""
        data, plan, merged = (self.home / n for n in ("data.json", "plan.json", "merged.xml"))
        self.ours("plan", "-d", data, "--shards", SHARDS, "-o", plan)
        seconds, computed, reports = [], [], []
        for shard in range(1, SHARDS + 1):
            reports.append(self.fresh(f"shard-{shard}"))
            options = ["-p", plan, "--shard", f"{shard}/{SHARDS}", "--output", "none"]
            seconds.append(self.ours("run", *options, "-r", reports[-1]))
            computed.append(self.computed)
        merged.unlink(missing_ok=True)
        self.ours("merge", "-p", plan, "-o", merged, *reports)
        self.computed = max(computed)
        self.note("slowest shard", max(seconds))
        self.compare("shards", merged)

    def measure(self, rounds):
        for _ in range(rounds):
            self.own_serial()
            for what, command in self.suite.parallel.items():
                self.own(what, command)
            self.whole()
            for size in SIZES:
                self.planned(size)
            self.sharded()

    def median(self, what):
        return statistics.median(self.times[what])

    def row(self):
        """A line of the table."""
        parallel = [f"{self.median(what):.1f} (`{what}`)" for what in self.suite.parallel]
        times = [self.median(what) for what in ("unsplit", *(f"size {size}" for size in SIZES))]
        expected = " / ".join(f"{self.expected[size]:.1f}" for size in SIZES)
        n_different = sum(map(len, self.different.values()))
        return [
            self.name,
            self.suite.framework,
            str(len(self.own_results)),
            f"{self.median('serial'):.1f}",
            "; ".join(parallel) or "-",
            *(f"{seconds:.1f}" for seconds in times),
            expected,
            f"{self.median('list'):.1f}",
            f"{self.median('slowest shard'):.1f}",
            f"no: {n_different} differ" if n_different else "yes",
        ]

    def raw(self):
        outcomes = list(self.own_results.values())
        return {
            "framework": self.suite.framework,
            "testcases": len(outcomes),
            "outcomes": {word: outcomes.count(word) for word in sorted(set(outcomes))},
            "seconds": self.times,
            "cpu_seconds": self.cpu_times,
            "expected": self.expected,
            "different": self.different,
        }


HEAD = (
    "suite", "framework", "testcases", "serial", "own parallel", "unsplit",
    *(f"size {size}" for size in SIZES), "expected by the plan", "listing",
    f"slowest of {SHARDS} shards", "same results",
)  # fmt: skip
