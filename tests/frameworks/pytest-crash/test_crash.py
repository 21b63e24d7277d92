import os


def test_before():
    pass


def test_abort():
    os.abort()


def test_after():
    pass
