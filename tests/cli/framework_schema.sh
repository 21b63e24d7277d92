#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The schema of framework definitions knows the keys that the program knows, and both judge alike.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
SCHEMA=$root/data/schema/framework.schema.json
SCHEMA_TOOLS=$root/tests/cli
export SCHEMA_TOOLS
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

cat >judge.py <<'PY'
"""judge.py SCHEMA keys: print where program and schema know different keys.
judge.py SCHEMA [not] like JSON: exit 0 when both take the definition (not: both refuse it).
judge.py SCHEMA files FILE...: exit 0 when the schema takes them all."""
import json, os, re, subprocess, sys

sys.path.insert(0, os.environ["SCHEMA_TOOLS"])
from schema import Schema

schema = json.load(open(sys.argv[1], encoding="utf-8"))
holds = Schema(schema).holds
UNKNOWN = "qqqqqqqqqqqqqqqqqqqq"

def ask(definition):
    """What the program says of a definition; nothing when it takes it."""
    os.makedirs(".tpsched/frameworks", exist_ok=True)
    with open(".tpsched/frameworks/made.yaml", "w", encoding="utf-8") as file:
        json.dump(definition, file)
    with open("tpsched.yaml", "w", encoding="utf-8") as file:
        json.dump({"suites": [{"name": "s", "framework": "made", "command": "true"}]}, file)
    done = subprocess.run([os.environ["TPSCHED"], "list"], capture_output=True, text=True)
    return done.stderr if "made.yaml:" in done.stderr else ""

def known(said):
    found = re.search(r"unknown key '" + UNKNOWN + r"'; known are (.*)", said)
    return set(found.group(1).split(", ")) if found else {"no answer: " + said}

def compare(where, definition, rule):
    differ = known(ask(definition)) ^ set(rule["properties"])
    if differ:
        print(where + ": " + ", ".join(sorted(differ)))

def keys():
    top = schema["properties"]
    outcomes = schema["$defs"]["outcomes"]
    more = {UNKNOWN: 1}
    compare("the file", more, schema)
    compare("detect", {"detect": [more]}, top["detect"]["items"])
    for name in "init", "list", "run", "report", "progress", "exit":
        compare(name, {name: more}, top[name])
    for name in "select", "testcase_timeout":
        compare(name, {"run": {name: more}}, top["run"]["properties"][name])
    compare("words of report", {"report": {"words": more}}, outcomes)
    compare("words of progress", {"progress": {"words": more}}, outcomes)

def judge(expected, definition):
    said = ask(definition)
    if (said == "") != expected or holds(schema, definition) != expected:
        sys.exit("the schema says %s, the program %s" % (holds(schema, definition), said))

def files(names):
    import yaml
    for name in names:
        with open(name, encoding="utf-8") as file:
            if not holds(schema, yaml.safe_load(file)):
                sys.exit(name + " is not what the schema says")

if sys.argv[2] == "keys":
    keys()
elif sys.argv[2] == "files":
    files(sys.argv[3:])
else:
    judge(sys.argv[2] == "like", json.loads(sys.argv[-1]))
PY
export TPSCHED

keys_agree() {
    python3 judge.py "$SCHEMA" keys >differences || return
    cat differences
    [ ! -s differences ]
}
check "all keys, and no others" keys_agree
check "the definitions that are built in" python3 judge.py "$SCHEMA" files "$root"/data/frameworks/*.yaml

# Definitions that both take.
i=0
while IFS= read -r document; do
    i=$((i + 1))
    check "taken $i" python3 judge.py "$SCHEMA" like "$document"
done <<'END'
{"summary": "s", "run": {"command": "x {args}"}, "report": {"reader": "exit"}}
{"summary": 1, "tried": 2.5, "program": ["x", "y"], "program_in": "bin", "unit": "file", "finest_unit": "class", "start_up": "20ms", "run": {"command": ["{program}"]}, "report": {"reader": "exit"}}
{"summary": "s", "environment": {"A": null, "B": "", "C": 1}, "prepend": {"P": "{support}"}, "files": ["a"], "journal": true, "run": {"command": "x", "gives_back": true}, "report": {"reader": "journal"}}
{"summary": "s", "detect": [{"file": "*.x", "contains": "y"}, {"program": "z"}], "run": {"command": "x"}, "report": {"reader": "exit"}, "exit": {"passed": [0, 2], "failed": "any", "skipped": 77, "no_tests": 5, "other": {"4": "usage"}}}
{"summary": "s", "list": {"command": "x", "reader": "lines", "records": "(?<id>.*)", "id": "{id}", "skip": "^#", "exit": "any", "collide": "both", "proof": "{dir}/x"}, "run": {"command": "x", "processes": "file", "all-in-one": true, "select": {"into": "file", "escape": "percent", "between": "\n", "arguments": ["{selection}"], "most": 3}}, "report": {"from": "{report}", "reader": "junit", "id": "{name}", "deselected": "skipped"}}
{"summary": "s", "list": {"files": "*", "id": "{file}"}, "run": {"command": ["x", "{file}"], "processes": "testcase", "directory": "{dir}", "testcase_timeout": {"arguments": ["{seconds}"]}}, "report": {"from": "stdout", "reader": "lines", "records": "(?<w>.)", "id": "{process.id}", "outcome": "{w}", "words": {"passed": ["a"], "error": "b"}, "seconds": "{w}"}, "progress": {"start": "(?<id>x)", "end": "y", "words": {"failed": "F"}}}
END

# Definitions that both refuse.
i=0
while IFS= read -r document; do
    i=$((i + 1))
    check "refused $i" python3 judge.py "$SCHEMA" not like "$document"
done <<'END'
{}
[]
{"summary": "s"}
{"summary": "s", "report": {"reader": "exit"}}
{"run": {"command": "x"}, "report": {"reader": "exit"}}
{"summary": "s", "run": {"command": "x"}, "report": {}}
{"summary": "s", "run": {"command": "x"}, "report": {"reader": "xnl"}}
{"summary": "s", "run": {"command": []}, "report": {"reader": "exit"}}
{"summary": "s", "run": {}, "report": {"reader": "exit"}}
{"summary": "s", "run": {"command": "x", "processes": "many"}, "report": {"reader": "exit"}}
{"summary": "s", "run": {"command": "x", "select": {"into": "flie"}}, "report": {"reader": "exit"}}
{"summary": "s", "run": {"command": "x", "select": {"most": 0}}, "report": {"reader": "exit"}}
{"summary": "s", "run": {"command": "x"}, "report": {"reader": "exit", "from": "/tmp/x"}}
{"summary": "s", "run": {"command": "x"}, "report": {"reader": "exit"}, "unit": "module"}
{"summary": "s", "run": {"command": "x"}, "report": {"reader": "exit"}, "start_up": "soon"}
{"summary": "s", "run": {"command": "x"}, "report": {"reader": "exit"}, "journal": "yes"}
{"summary": "s", "run": {"command": "x"}, "report": {"reader": "exit"}, "environment": {"A=B": "x"}}
{"summary": "s", "run": {"command": "x"}, "report": {"reader": "exit"}, "prepend": {"A": null}}
{"summary": "s", "run": {"command": "x"}, "report": {"reader": "exit"}, "detect": [{"contains": "x"}]}
{"summary": "s", "run": {"command": "x"}, "report": {"reader": "exit"}, "list": {"reader": "lines", "id": "{line}"}}
{"summary": "s", "run": {"command": "x"}, "report": {"reader": "exit"}, "list": {"command": "x", "reader": "json-lines", "collide": "all"}}
{"summary": "s", "run": {"command": "x"}, "report": {"reader": "exit"}, "exit": {"passed": 256}}
{"summary": "s", "run": {"command": "x"}, "report": {"reader": "exit"}, "progress": {"start": "(?<id>x)"}}
{"summary": "s", "run": {"command": "x"}, "report": {"reader": "exit"}, "sumary": "x"}
END
finish
