# SPDX-License-Identifier: MIT
"""The expressions of GitHub and Azure: names, literals, comparisons, calls."""
import re

from stand_in.world import Unknown

TOKEN = re.compile(r"\s*(?:('(?:[^']|'')*')|(\d+)|([A-Za-z_][A-Za-z0-9_-]*)|(&&|\|\||[!=]=|[<>]|[][().,!]))")


class Open(dict):
    """What has no such member says nothing of it."""


def tokens(text):
    at, found = 0, []
    text = text.strip()
    while at < len(text):
        match = TOKEN.match(text, at)
        if not match:
            raise Unknown(f"expression '{text}' at '{text[at:]}'")
        found.append(match)
        at = match.end()
    return found


def comparable(left, right):
    """A number beside a text: both are numbers."""
    if isinstance(left, int) != isinstance(right, int):
        return int(left or 0), int(right or 0)
    return left, right


class Expression:
    """Evaluates while it reads; nothing that is named here has side effects."""

    def __init__(self, text, names, calls):
        self.text, self.names, self.calls = text, names, calls
        self.rest = tokens(text)

    def value(self):
        value = self.either()
        if self.rest:
            raise Unknown(f"expression '{self.text}' goes on with '{self.rest[0].group().strip()}'")
        return value

    def take(self, *wanted):
        if self.rest and self.rest[0].group(4) in wanted:
            return self.rest.pop(0).group(4)
        return None

    def either(self):
        value = self.both()
        while self.take("||"):
            other = self.both()
            value = value or other
        return value

    def both(self):
        value = self.compared()
        while self.take("&&"):
            other = self.compared()
            value = value and other
        return value

    def compared(self):
        left = self.single()
        operator = self.take("==", "!=", "<", ">")
        if not operator:
            return left
        left, right = comparable(left, self.single())
        return {"==": left == right, "!=": left != right, "<": left < right, ">": left > right}[operator]

    def single(self):
        if self.take("!"):
            return not self.single()
        if self.take("("):
            value = self.either()
            self.expect(")")
            return value
        if not self.rest:
            raise Unknown(f"expression '{self.text}' ends early")
        text, number, name, _ = self.rest.pop(0).groups()
        if text:
            return text[1:-1].replace("''", "'")
        if number:
            return int(number)
        if not name:
            raise Unknown(f"expression '{self.text}'")
        return self.call(name) if self.take("(") else self.member(name)

    def expect(self, what):
        if not self.take(what):
            raise Unknown(f"expression '{self.text}' has no '{what}'")

    def call(self, name):
        arguments = []
        while not self.take(")"):
            arguments.append(self.either())
            self.take(",")
        if name not in self.calls:
            raise Unknown(f"expression '{self.text}': {name}()")
        return self.calls[name](*arguments)

    def member(self, name):
        value = self.names
        while True:
            if not isinstance(value, dict) or (name not in value and not isinstance(value, Open)):
                raise Unknown(f"expression '{self.text}': '{name}'")
            value = value.get(name, "")
            if self.take("."):
                name = self.rest.pop(0).group(3)
            elif self.take("["):
                name = self.either()
                self.expect("]")
            else:
                return value


def evaluate(text, names, calls):
    return Expression(text, names, calls).value()
