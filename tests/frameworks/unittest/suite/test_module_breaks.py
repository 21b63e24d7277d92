# SPDX-License-Identifier: MIT
"""A module's fixture that breaks takes all its testcases with it."""

import unittest


def setUpModule():
    raise OSError("the module cannot be set up")


class First(unittest.TestCase):
    def test_one(self):
        pass


class Second(unittest.TestCase):
    def test_two(self):
        pass
