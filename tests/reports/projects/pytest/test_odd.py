"""Outcomes of each kind, and names and messages that XML can't hold."""

import pytest


@pytest.fixture
def broken_setup():
    raise RuntimeError("setup is broken")


@pytest.fixture
def broken_teardown():
    yield
    raise RuntimeError("teardown is broken")


def test_pass(record_property):
    record_property("owner", "a & b")
    print("printed \x1b[31mred\x1b[0m \x07")


def test_fail():
    assert "a\x1b]]>" == "b\x07"


def test_skip():
    pytest.skip("not now <&>")


@pytest.mark.xfail(reason="known")
def test_xfail():
    assert False


@pytest.mark.xfail(reason="fixed")
def test_xpass():
    pass


def test_setup_error(broken_setup):
    pass


def test_fail_and_teardown_error(broken_teardown):
    assert 1 == 2


@pytest.mark.parametrize("name", ["a", "b"], ids=["esc\x1b[31m bel\x07", "]]> & < \U0001F600"])
def test_name(name):
    pass


class TestClass:
    def test_method(self):
        pass
