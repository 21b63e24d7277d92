"""Names that a shell, a file name or an XML file could not hold."""

import pytest

NAMES = [
    "plain",
    "[brackets]",
    "a blank",
    "\"double\" and 'single'",
    "new\nline",
    "ünïcödé ☃ 🐍",
    "$(touch x)",
    "`touch x`",
    "a::b",
    "../../etc/passwd",
    "esc\x1b",
    "%41",
    "x" * 10240,
]


@pytest.mark.parametrize("name", NAMES, ids=NAMES)
def test_name(name):
    pass


@pytest.mark.parametrize("same", [1, 1, 1], ids=["same", "same", "same"])
def test_same(same):
    pass
