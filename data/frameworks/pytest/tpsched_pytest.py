# SPDX-License-Identifier: MIT
"""Let tpsched list testcases, run exactly some of them, and see where a run died.

TPSCHED_LIST=FILE     write one JSON object per collected testcase
TPSCHED_SELECT=FILE   keep exactly the testcases named there, one JSON object per line
TPSCHED_JOURNAL=FILE  write one JSON object when a testcase starts and one when it ends
TPSCHED_UNTIL=TIME    give back what is left before a unit that would end after it (time.monotonic)
TPSCHED_REQUEST=FILE  or when that file is there, and what is left takes twice TPSCHED_WORTH
TPSCHED_UNIT=file|class|testcase  what a unit is
TPSCHED_TESTCASE_TIMEOUT=SECONDS  a testcase fails after that; needs pytest-timeout
TPSCHED_WORTH=SECONDS  unless what is left takes no longer than that

Python 3.7 and pytest 6 are enough. Everything written is ASCII, so any name survives.
"""

import json
import os
import time
import urllib.parse

import pytest

PYTEST_MAJOR = int(pytest.__version__.split(".")[0])
NO_TAGS = {"parametrize", "usefixtures", "skip", "skipif", "xfail", "filterwarnings"}
RANK = {"skipped": 0, "passed": 1, "failed": 2, "error": 3}


def printable(nodeid):
    """A lone surrogate or a NUL has no UTF-8 or no C string: name it by its escape."""
    text = nodeid.encode("utf-8", "backslashreplace").decode("utf-8")
    return text.replace("\0", "\\x00")


def tags_of(item):
    """Its marks, but for those that tell pytest what to do with it: they say nothing of a test."""
    names = {mark.name for mark in item.iter_markers()}
    return sorted(printable(name) for name in names - NO_TAGS)


class GiveBack:
    """When to leave the rest of the items to another process: between units only, and if it pays."""

    def __init__(self, until, worth, request, unit_of):
        self.until = until
        self.worth = worth
        self.request = request
        self.unit_of = unit_of
        self.started = None
        self.place = {}  # by identity of an item
        self.next_end = []  # for each place between units: where the unit behind it ends

    def look_at(self, items):
        """A unit may be scattered: it is over after its last item, whatever lies between."""
        self.place = {id(item): place for place, item in enumerate(items)}
        last = {}
        for place, item in enumerate(items):
            last[self.unit_of(item)] = place
        self.next_end = [None] * len(items)
        begin, end = 0, -1
        for place, item in enumerate(items):
            end = max(end, last[self.unit_of(item)])
            if place == end:
                if begin > 0:
                    self.next_end[begin - 1] = end
                begin = place + 1

    def begin(self):
        if self.started is None:
            self.started = time.monotonic()

    def rest_of(self, items, item):
        """What is to be given back after this item; mostly nothing."""
        place = self.place.get(id(item))
        if place is None or place >= len(items) or items[place] is not item:
            return []
        end = self.next_end[place]
        if end is None:
            return []
        now = time.monotonic()
        each = (now - self.started) / (place + 1)
        left = each * (len(items) - place - 1)
        is_late = now + each * (end - place) > self.until and left > self.worth
        is_asked = left > 2 * self.worth and os.path.exists(self.request)
        return items[place + 1 :] if is_late or is_asked else []


class Tpsched:
    def __init__(self, config):
        self.config = config
        self.root = str(getattr(config, "rootpath", None) or config.rootdir)
        self.list = os.environ.get("TPSCHED_LIST")
        self.journal = None
        self.ids = {}  # by identity: other plugins wrap, sort and drop items, but don't copy them
        self.wanted = None
        self.files = set()
        self.directories = set()
        self.running = None
        self.give_back = None
        if os.environ.get("TPSCHED_SELECT"):
            self.read_selection(os.environ["TPSCHED_SELECT"])
        if os.environ.get("TPSCHED_JOURNAL"):
            self.journal = open(os.environ["TPSCHED_JOURNAL"], "w", encoding="ascii")
        if os.environ.get("TPSCHED_UNTIL"):
            self.give_back = GiveBack(
                float(os.environ["TPSCHED_UNTIL"]),
                float(os.environ["TPSCHED_WORTH"]),
                os.environ["TPSCHED_REQUEST"],
                self.unit_of,
            )

    def read_selection(self, path):
        self.wanted = set()
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                entry = json.loads(line)
                self.wanted.add(entry["id"])
                self.files.add(os.path.normpath(os.path.join(self.root, entry["file"])))
        for file in self.files:
            directory = os.path.dirname(file)
            while directory not in self.directories:
                self.directories.add(directory)
                directory = os.path.dirname(directory)

    def file_of(self, item):
        """The collected file; item.location names a base class's file for inherited tests."""
        return os.path.relpath(str(getattr(item, "path", None) or item.fspath), self.root)

    def is_foreign(self, path):
        """Nothing selected is in there. A package's __init__.py holds its fixtures' scope."""
        if self.wanted is None or os.path.basename(path) == "__init__.py":
            return None
        path = os.path.normpath(path)
        return None if path in self.files or path in self.directories else True

    # The paths of the command line stay what they are, because rootdir, ini-file and node ids
    # depend on them; what isn't needed is skipped here instead.
    if PYTEST_MAJOR >= 7:

        def pytest_ignore_collect(self, collection_path):
            return self.is_foreign(str(collection_path))

    else:

        def pytest_ignore_collect(self, path):
            return self.is_foreign(str(path))

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(self, items):
        seen = {}
        for item in items:
            name = printable(item.nodeid)
            seen[name] = seen.get(name, 0) + 1
            self.ids[id(item)] = name if seen[name] == 1 else "%s#%d" % (name, seen[name])
        yield  # the others first: what they drop was dropped from the listing as well
        if self.wanted is not None:
            dropped = [item for item in items if self.id_of(item) not in self.wanted]
            items[:] = [item for item in items if self.id_of(item) in self.wanted]
            if dropped:
                self.config.hook.pytest_deselected(items=dropped)
        for item in items:
            name = urllib.parse.quote(self.id_of(item), safe="")
            item.user_properties.append(("tpsched.id", name))

    def id_of(self, item):
        return self.ids.get(id(item)) or printable(item.nodeid)

    def unit_of(self, item):
        unit = os.environ["TPSCHED_UNIT"]
        if unit == "testcase":
            return id(item)
        cls = getattr(item, "cls", None)
        return self.file_of(item), cls.__qualname__ if cls and unit == "class" else ""

    def pytest_collection_finish(self, session):
        if self.give_back:
            self.give_back.look_at(session.items)
        if not self.list:
            return
        with open(self.list, "w", encoding="ascii") as out:
            for item in session.items:
                out.write(json.dumps(self.describe(item)) + "\n")

    def describe(self, item):
        cls = getattr(item, "cls", None)
        line = item.location[1]
        return {
            "id": self.id_of(item),
            "file": printable(self.file_of(item)),
            "line": 0 if line is None else line + 1,
            "class": printable(cls.__qualname__) if cls else "",
            "tags": tags_of(item),
        }

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item):
        if self.give_back:
            self.give_back.begin()
        self.running = {"end": self.id_of(item), "outcome": "skipped", "seconds": 0.0, "text": ""}
        self.write({"start": self.running["end"]})
        yield
        self.write(self.running)
        self.running = None
        if self.give_back:
            self.leave(item.session.items, self.give_back.rest_of(item.session.items, item))

    def leave(self, items, rest):
        """pytest walks along the list of items: what is no longer on it is not run."""
        for item in rest:
            self.write({"rest": self.id_of(item)})
        if rest:
            del items[-len(rest) :]

    def pytest_runtest_logreport(self, report):
        run = self.running
        if run is None:
            return
        outcome = report.outcome
        if outcome == "failed" and report.when != "call":
            outcome = "error"
        if outcome == "passed" and report.when != "call":
            outcome = "skipped"  # setup and teardown alone are no pass
        if RANK.get(outcome, 0) > RANK[run["outcome"]]:
            run["outcome"] = outcome
        if outcome in ("failed", "error"):
            run["text"] += printable(str(report.longreprtext))[-16384:]
        run["seconds"] += report.duration

    def pytest_unconfigure(self):
        if self.journal:
            self.journal.close()
            self.journal = None

    def write(self, entry):
        if self.journal:
            entry["at"] = time.monotonic()
            self.journal.write(json.dumps(entry) + "\n")
            self.journal.flush()


def limit_testcases(config, seconds):
    """By pytest-timeout, which is configured after us. Its own option, if given, wins."""
    if not seconds:
        return
    if not hasattr(config.option, "timeout"):
        raise pytest.UsageError("testcase_timeout needs the plugin pytest-timeout")
    if config.option.timeout is None:
        config.option.timeout = float(seconds)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    # A part is already one of many: pytest-xdist, if a project turns it on for everybody, would
    # multiply the load, and its workers would not see the selection.
    for option, value in (("dist", "no"), ("tx", []), ("numprocesses", None)):
        if hasattr(config.option, option):
            setattr(config.option, option, value)
    limit_testcases(config, os.environ.get("TPSCHED_TESTCASE_TIMEOUT"))
    config.pluginmanager.register(Tpsched(config), "tpsched")
