# SPDX-License-Identifier: MIT
"""Every way a testcase of unittest can end."""

import unittest


class Outcomes(unittest.TestCase):
    def test_passes(self):
        self.assertEqual(1 + 1, 2)

    def test_fails(self):
        self.assertEqual(1 + 1, 3)

    def test_raises(self):
        raise RuntimeError("not an assertion")

    @unittest.skip("not today")
    def test_skipped(self):
        self.fail()

    def test_skips_itself(self):
        self.skipTest("found out late")

    @unittest.expectedFailure
    def test_fails_as_expected(self):
        self.fail()

    @unittest.expectedFailure
    def test_passes_unexpectedly(self):
        pass

    def test_exits(self):
        raise SystemExit(3)


class Async(unittest.IsolatedAsyncioTestCase):
    async def test_awaits(self):
        self.assertTrue(True)


@unittest.skip("all of it")
class SkippedClass(unittest.TestCase):
    def test_one(self):
        self.fail()


class Subtests(unittest.TestCase):
    def test_all_pass(self):
        for number in range(3):
            with self.subTest(number=number):
                self.assertLess(number, 3)

    def test_no_name(self):
        class Unspeakable:
            def __repr__(self):
                raise ValueError("no word for it")

        with self.subTest(value=Unspeakable()):
            self.assertTrue(True)

    def test_one_fails(self):
        for number in range(3):
            with self.subTest("odd\nname", number=number, text="$(touch x) 'é' \"*\""):
                self.assertNotEqual(number, 1)

    def test_one_is_skipped(self):
        for number in range(2):
            with self.subTest(number=number):
                if number == 1:
                    self.skipTest("one of them")
