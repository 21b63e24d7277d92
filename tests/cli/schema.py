# SPDX-License-Identifier: MIT
"""The part of JSON Schema that our schemas use; any other word of it is an error."""
import re
import sys

sys.dont_write_bytecode = True

TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None),
         "integer": int, "number": (int, float)}


def is_type(value, name):
    return isinstance(value, TYPES[name]) and (name == "boolean" or not isinstance(value, bool))


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def ignored(rule, argument, value):
    return True


class Schema:
    """Schema(document).holds(rule, value): does the value keep to the rule?"""

    def __init__(self, document):
        self.document = document
        holds = self.holds
        self.words = {
            "$schema": ignored, "$id": ignored, "title": ignored, "description": ignored,
            "$defs": ignored,
            "$ref": lambda r, a, v: holds(self.resolve(a), v),
            "type": lambda r, a, v: any(is_type(v, t)
                                        for t in ([a] if isinstance(a, str) else a)),
            "enum": lambda r, a, v: v in a,
            "const": lambda r, a, v: v == a,
            "anyOf": lambda r, a, v: any(holds(one, v) for one in a),
            "oneOf": lambda r, a, v: sum(holds(one, v) for one in a) == 1,
            "not": lambda r, a, v: not holds(a, v),
            "prefixItems": lambda r, a, v: not isinstance(v, list) or
                                           all(holds(one, w) for one, w in zip(a, v)),
            "properties": self.properties_hold,
            "patternProperties": ignored,
            "additionalProperties": lambda r, a, v: "properties" in r or
                                                    self.properties_hold(r, {}, v),
            "propertyNames": lambda r, a, v: not isinstance(v, dict) or
                                             all(holds(a, n) for n in v),
            "required": lambda r, a, v: not isinstance(v, dict) or all(n in v for n in a),
            "items": lambda r, a, v: not isinstance(v, list) or
                                     all(holds(a, one) for one in v[len(r.get("prefixItems", [])):]),
            "minItems": lambda r, a, v: not isinstance(v, list) or len(v) >= a,
            "minProperties": lambda r, a, v: not isinstance(v, dict) or len(v) >= a,
            "minLength": lambda r, a, v: not isinstance(v, str) or len(v) >= a,
            "minimum": lambda r, a, v: not is_number(v) or v >= a,
            "maximum": lambda r, a, v: not is_number(v) or v <= a,
            "exclusiveMinimum": lambda r, a, v: not is_number(v) or v > a,
            "pattern": lambda r, a, v: not isinstance(v, str) or re.search(a, v) is not None,
        }

    def holds(self, rule, value):
        if isinstance(rule, bool):
            return rule
        return all(self.words[word](rule, argument, value) for word, argument in rule.items())

    def properties_hold(self, rule, argument, value):
        if not isinstance(value, dict):
            return True
        for name, one in value.items():
            rules = [argument[name]] if name in argument else []
            rules += [r for p, r in rule.get("patternProperties", {}).items()
                      if re.search(p, name)]
            if not all(self.holds(r, one)
                       for r in rules or [rule.get("additionalProperties", True)]):
                return False
        return True

    def resolve(self, path):
        found = self.document
        for step in path[2:].split("/"):
            found = found[step]
        return found
