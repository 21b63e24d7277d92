# SPDX-License-Identifier: MIT
"""Fixtures of a class that break take its testcases with them."""

import unittest


class ClassWorks(unittest.TestCase):
    count = 0

    @classmethod
    def setUpClass(cls):
        cls.count = 10

    def test_a_is_first(self):
        self.assertEqual(self.count, 10)
        type(self).count += 1

    def test_b_is_second(self):
        self.assertIn(self.count, (10, 11))


class ClassSetupBreaks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        raise OSError("no such thing")

    def test_one(self):
        pass

    def test_two(self):
        pass


class ClassSkips(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        raise unittest.SkipTest("not here")

    def test_one(self):
        pass


class ClassTeardownBreaks(unittest.TestCase):
    @classmethod
    def tearDownClass(cls):
        raise OSError("cannot clean up")

    def test_one(self):
        pass
