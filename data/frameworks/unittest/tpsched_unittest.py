# SPDX-License-Identifier: MIT
"""python3 tpsched_unittest.py [--list FILE | [--select FILE] --journal FILE]
                            [-s START] [-t TOP] [-p PATTERN] [-k PATTERN] [-b] [-f] [-v] [-q]
                            [--locals] [PATH | NAME ...]

Let tpsched list the testcases of unittest, run exactly some of them, and see how each ended.

--list FILE     write one JSON object per testcase; run nothing
--select FILE   run only the testcases named there, one JSON object per line
--journal FILE  write one JSON object when a testcase starts and one when it ends

The other options are those of `python3 -m unittest`. A directory is discovered; a file, module,
class or method is loaded by its name. Python 3.7 is enough. Everything written is ASCII.
"""

import argparse
import inspect
import json
import os
import re
import sys
import time
import unittest

RANK = {"skipped": 0, "passed": 1, "failed": 2, "error": 3}
HOLDER = re.compile(r"(setUpClass|tearDownClass|setUpModule|tearDownModule) \((.*)\)\Z", re.S)


def printable(name):
    """A lone surrogate or a NUL has no UTF-8 or no C string: name it by its escape."""
    text = name.encode("utf-8", "backslashreplace").decode("utf-8")
    return text.replace("\0", "\\x00")


def subtest_name(test):
    """unittest names only those that fail; naming others must not make them fail."""
    try:
        return printable(test._subDescription())
    except Exception as error:
        return "(its name can't be told: %s)" % type(error).__name__


def class_name(cls):
    return "%s.%s" % (cls.__module__, cls.__qualname__)


def walk(suite):
    """The testcases of a suite of suites, in the order they run."""
    for test in suite:
        if isinstance(test, unittest.BaseTestSuite):
            yield from walk(test)
        else:
            yield test


def keep(suite, is_wanted):
    """Drop testcases but keep the suites, whose classes may have a run() of their own."""
    suite._tests = [test for test in suite if not drops(test, is_wanted)]


def drops(test, is_wanted):
    if isinstance(test, unittest.BaseTestSuite):
        keep(test, is_wanted)
        return False
    return not is_wanted(test)


class Loader(unittest.TestLoader):
    """Knows of each testcase from which file it was loaded, and loads only files it needs."""

    def __init__(self, files):
        super().__init__()
        self.needed = files
        self.files = {}  # by identity of a testcase
        self.kept = []  # so that no identity is used twice

    def belongs(self, suite, file):
        if suite is None or not file:
            return suite
        for test in walk([suite]):
            if id(test) not in self.files:
                self.files[id(test)] = os.path.relpath(file)
                self.kept.append(test)
        return suite

    def loadTestsFromModule(self, module, *args, **options):
        suite = super().loadTestsFromModule(module, *args, **options)
        return self.belongs(suite, getattr(module, "__file__", None))

    def _match_path(self, path, full_path, pattern):
        if self.needed is not None and os.path.relpath(full_path) not in self.needed:
            return False
        return super()._match_path(path, full_path, pattern)

    def _find_test_path(self, full_path, *args, **options):
        """Also a file that can't be imported has testcases: one that fails."""
        found, recurse = super()._find_test_path(full_path, *args, **options)
        if os.path.isdir(full_path):
            full_path = os.path.join(full_path, "__init__.py")
        return self.belongs(found, full_path), recurse

    def file_of(self, test):
        file = self.files.get(id(test))
        if file is None:
            module = sys.modules.get(type(test).__module__)
            file = getattr(module, "__file__", None)
            file = os.path.relpath(file) if file else ""
        return printable(file)


class Tests:
    """What there is, by its id; a second testcase of the same id gets a number."""

    def __init__(self, suite):
        seen = {}
        self.all = []
        self.ids = {}
        for test in walk(suite):
            name = printable(test.id())
            seen[name] = seen.get(name, 0) + 1
            self.ids[id(test)] = name if seen[name] == 1 else "%s#%d" % (name, seen[name])
            self.all.append(test)

    def id_of(self, test):
        return self.ids.get(id(test)) or printable(test.id())


def line_of(test, file):
    """Where its method stands, if that is in its own file."""
    method = getattr(test, getattr(test, "_testMethodName", ""), None)
    code = getattr(inspect.unwrap(method), "__code__", None) if callable(method) else None
    return code.co_firstlineno if code and os.path.relpath(code.co_filename) == file else 0


def write_list(path, tests, loader):
    with open(path, "w", encoding="ascii") as out:
        for test in tests.all:
            file = loader.file_of(test)
            entry = {
                "id": tests.id_of(test),
                "file": file,
                "line": line_of(test, file),
                "class": printable(class_name(type(test))),
            }
            out.write(json.dumps(entry) + "\n")


class Journal:
    def __init__(self, path):
        self.out = open(path, "w", encoding="ascii") if path else None

    def write(self, entry):
        if self.out:
            entry["at"] = time.monotonic()
            self.out.write(json.dumps(entry) + "\n")
            self.out.flush()


class Result(unittest.TextTestResult):
    """unittest's own result on stderr, and the journal beside it."""

    tests = None
    journal = None

    def startTestRun(self):
        super().startTestRun()
        self.next = 0  # how many testcases have had their turn, run or not
        self.place = {id(test): place for place, test in enumerate(self.tests.all)}
        self.broken = {}  # "setUpClass module.Class" or "setUpModule module" -> what it said
        self.run = None
        self.last = None

    def stopTestRun(self):
        self.pass_over(len(self.tests.all))
        super().stopTestRun()

    def pass_over(self, place):
        """Testcases that unittest left out because what they stand on did not get up."""
        while self.next < place:
            test = self.tests.all[self.next]
            self.next += 1
            found = self.broken.get("setUpModule " + type(test).__module__)
            found = found or self.broken.get("setUpClass " + class_name(type(test)))
            if found:
                self.journal.write(dict(found, end=self.tests.id_of(test), seconds=0.0))

    def startTest(self, test):
        place = self.place.get(id(test))
        if place is not None:
            self.pass_over(place)
            self.next = place + 1
        self.run = {"end": self.tests.id_of(test), "outcome": "passed", "text": ""}
        self.is_skipped = False
        self.journal.write({"start": self.run["end"]})
        self.started = self.inner_started = time.monotonic()
        super().startTest(test)

    def stopTest(self, test):
        super().stopTest(test)
        run = self.run
        if self.is_skipped and run["outcome"] == "passed":
            run["outcome"] = "skipped"
        run["seconds"] = time.monotonic() - self.started
        self.journal.write(dict(run))
        self.last, self.run = run, None

    def note(self, test, outcome, text="", message=""):
        """A testcase, one of its subtests, or what stands around testcases has ended so."""
        if hasattr(test, "test_case"):
            self.note_inner(test, outcome, text, message)
        elif self.run is None:
            self.note_around(test, outcome, text, message)
            return
        elif outcome == "skipped":
            self.is_skipped = True
            self.run["message"] = printable(message)
        if self.run and RANK[outcome] > RANK[self.run["outcome"]]:
            self.run["outcome"] = outcome
        if self.run:
            self.run["text"] += printable(text)[-16384:]

    def note_inner(self, test, outcome, text, message):
        now = time.monotonic()
        entry = {"end": self.run["end"], "case": subtest_name(test)}
        entry.update(outcome=outcome, seconds=now - self.inner_started)
        entry.update(text=printable(text)[-16384:], message=printable(message))
        self.inner_started = now
        self.journal.write(entry)

    def note_around(self, holder, outcome, text, message):
        found = HOLDER.match(holder.id())
        entry = {"outcome": outcome, "text": printable(text)[-16384:]}
        entry["message"] = printable(message)
        if found and found.group(1).startswith("setUp"):
            self.broken["%s %s" % found.groups()] = entry
        elif outcome == "error" and self.last:
            # What is torn down behind the last testcase of a class or module is its trouble.
            self.journal.write(dict(entry, end=self.last["end"]))

    def addError(self, test, err):
        super().addError(test, err)
        self.note(test, "error", self.errors[-1][1])

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.note(test, "failed", self.failures[-1][1])

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.note(test, "skipped", message=str(reason))

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self.note(test, "failed", "the testcase was expected to fail, and did not\n")

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is None:
            self.note(subtest, "passed")
        elif issubclass(err[0], test.failureException):
            self.note(subtest, "failed", self.failures[-1][1])
        else:
            self.note(subtest, "error", self.errors[-1][1])


def read_options():
    parser = argparse.ArgumentParser(allow_abbrev=False, prog="unittest")
    parser.add_argument("--list")
    parser.add_argument("--select")
    parser.add_argument("--journal")
    parser.add_argument("-s", "--start-directory")
    parser.add_argument("-t", "--top-level-directory")
    parser.add_argument("-p", "--pattern", default="test*.py")
    parser.add_argument("-k", dest="patterns", action="append")
    parser.add_argument("-b", "--buffer", action="store_true")
    parser.add_argument("-f", "--failfast", action="store_true")
    parser.add_argument("-v", "--verbose", action="store_true")
    parser.add_argument("-q", "--quiet", action="store_true")
    parser.add_argument("--locals", action="store_true")
    parser.add_argument("names", nargs="*")
    return parser.parse_args()


def module_name(name):
    """As unittest does: a file below the current directory is a module."""
    if name.lower().endswith(".py") and os.path.isfile(name):
        return os.path.relpath(name)[:-3].replace(os.sep, ".")
    return name


def load(loader, options):
    suite = loader.suiteClass()
    starts = [name for name in options.names if os.path.isdir(name)]
    names = [name for name in options.names if not os.path.isdir(name)]
    if options.start_directory or not options.names:
        starts.append(options.start_directory or ".")
    for start in starts:
        loader._top_level_dir = None  # or the first one's is that of all
        suite.addTest(loader.discover(start, options.pattern, options.top_level_directory))
    for name in names:
        suite.addTest(loader.loadTestsFromName(module_name(name)))
    return suite


def read_selection(path):
    with open(path, encoding="utf-8") as lines:
        entries = [json.loads(line) for line in lines]
    files = {entry.get("file") for entry in entries}
    return {entry["id"] for entry in entries}, None if {None, ""} & files else files


def main():
    options = read_options()
    wanted, files = read_selection(options.select) if options.select else (None, None)
    sys.path[0] = os.getcwd()
    sys.argv[1:] = []  # testcases that read it find what they find under unittest
    loader = Loader(files)
    if options.patterns:
        loader.testNamePatterns = [k if "*" in k else "*%s*" % k for k in options.patterns]
    suite = load(loader, options)
    tests = Tests(suite)
    if options.list:
        write_list(options.list, tests, loader)
        return 0 if tests.all else 5
    if wanted is not None:
        keep(suite, lambda test: tests.id_of(test) in wanted)
        tests.all = list(walk(suite))
    Result.tests = tests
    Result.journal = Journal(options.journal)
    runner = unittest.TextTestRunner(
        verbosity=0 if options.quiet else 2 if options.verbose else 1,
        failfast=options.failfast,
        buffer=options.buffer,
        tb_locals=options.locals,
        resultclass=Result,
    )
    is_any = bool(tests.all)
    result = runner.run(suite)
    return (0 if result.wasSuccessful() else 1) if is_any else 5


if __name__ == "__main__":
    sys.exit(main())
