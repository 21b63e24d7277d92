# SPDX-License-Identifier: MIT
"""Names that only setattr() can give, as libraries for parameters do."""

import unittest

NAMES = (
    "with blanks",
    " blank at both ends ",
    "a.dot and [brackets] (round)",
    "quotes ' and \"",
    "$(touch tpsched-was-here)",
    "`touch tpsched-was-here`",
    "a * and a ?",
    "ünïcödé ☃",
    "back\\slash",
    "new\nline",
    "tab\tand :: colons",
    "<&>]]>",
    "%s %d {braces} {{two}}",
    "#2",
    "",
    "x" * 300,
)


class Names(unittest.TestCase):
    pass


def named(name):
    def method(self):
        self.assertEqual(self._testMethodName, "test_" + name)

    return method


for each in NAMES:
    setattr(Names, "test_" + each, named(each))


class Twice(unittest.TestCase):
    """A testcase that load_tests() loads twice has one name, and is two testcases."""

    def test_same(self):
        pass


def load_tests(loader, tests, pattern):
    tests.addTest(Twice("test_same"))
    return tests
