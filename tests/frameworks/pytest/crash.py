# SPDX-License-Identifier: MIT
"""Not collected unless it is asked for."""
import os


def test_before():
    pass


def test_fails():
    assert 1 == 2


def test_crashes():
    os.abort()


def test_after():
    pass
