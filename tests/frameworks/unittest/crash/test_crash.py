# SPDX-License-Identifier: MIT
import os
import signal
import unittest


class Crash(unittest.TestCase):
    def test_a_before(self):
        pass

    def test_b_crashes(self):
        os.kill(os.getpid(), signal.SIGKILL)

    def test_c_after(self):
        pass
