#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The numbers of a demo: time saved, and how good the predictions were.

usage: summary.py RUNTIME-DATA OUTPUT-DIRECTORY
"""

import json
import sys
from pathlib import Path


def load(path):
    return json.loads(Path(path).read_text(encoding="utf-8"))


def ends(path):
    """The tasks that ended, of a journal."""
    records = map(json.loads, Path(path).read_text(encoding="utf-8").splitlines())
    return [record for record in records if record["record"] == "end"]


def serial_time(path):
    """What one process for everything would take: one setup, all testcases, one teardown."""
    suite = load(path)["networkx"]
    return suite["setup_time"] + suite["execution_time"] + suite["teardown_time"]


class Run:
    """One executed plan: what was predicted, what it took."""

    def __init__(self, out, number):
        plan = load(out / f"plan-{number}.json")
        parts = ends(out / f"report-{number}/journal.jsonl")
        weights = {tuple(t["part"] or (0, 1)): t["weight"] for t in plan["tasks"]}
        self.workers = plan["pool"]["size"]
        self.predicted = plan["makespan"]["expected"]
        self.actual = max(p["ended"] for p in parts) - min(p["started"] for p in parts)
        self.sum_of_parts = sum(p["wall_time"] for p in parts)
        self.serial = serial_time(out / f"runtime-data-{number}.json")
        self.n_parts = len(parts)
        off = [abs(p["wall_time"] - weights[tuple(p["part"])]) for p in parts]
        self.off_per_part = sum(off) / len(off)

    @property
    def error(self):
        return 100 * abs(self.predicted - self.actual) / self.actual


def main():
    data, out = Path(sys.argv[1]), Path(sys.argv[2])
    runs = [Run(out, n) for n in (1, 2) if (out / f"report-{n}").exists()]

    print(f"{'run':>3} {'workers':>8} {'parts':>6} {'predicted':>10} {'actual':>8} {'off by':>7}"
          f" {'off per part':>13}")
    for number, run in enumerate(runs, 1):
        print(f"{number:>3} {run.workers:>8} {run.n_parts:>6} {run.predicted:>9.1f}s"
              f" {run.actual:>7.1f}s {run.error:>6.1f}% {run.off_per_part:>12.1f}s")
    print()
    print(f"serial, recorded in {data.name}: {serial_time(data):.1f}s")
    for number, run in enumerate(runs, 1):
        saved = run.serial - run.actual
        print(f"serial, by the times of run {number}: {run.serial:.1f}s (all parts, with"
              f" {run.n_parts} setups: {run.sum_of_parts:.1f}s);"
              f" saved: {saved:.1f}s, {100 * saved / run.serial:.0f} %")
    if len(runs) == 2:
        before, after = (abs(run.predicted - run.actual) for run in runs)
        print(f"prediction: off by {before:.1f}s with the recorded data,"
              f" by {after:.1f}s with the data of run 1")


if __name__ == "__main__":
    main()
