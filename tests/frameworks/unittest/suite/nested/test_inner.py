# SPDX-License-Identifier: MIT
import unittest


class Inner(unittest.TestCase):
    def test_in_a_package(self):
        self.assertEqual(__name__, "nested.test_inner")


class Inherits(Inner):
    pass
