#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The schema of the plan file knows the keys that the program knows, and both judge alike.
SCHEMA=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../data/schema" && pwd)/tpsched.schema.json
SCHEMA_TOOLS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export SCHEMA_TOOLS
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

cat >judge.py <<'PY'
"""judge.py SCHEMA keys: print where program and schema know different keys.
judge.py SCHEMA [not] like JSON: exit 0 when both take the document (not: both refuse it)."""
import json, os, re, subprocess, sys

sys.path.insert(0, os.environ["SCHEMA_TOOLS"])
from schema import Schema

schema = json.load(open(sys.argv[1], encoding="utf-8"))
holds = Schema(schema).holds
UNKNOWN = "qqqqqqqqqqqqqqqqqqqq"

def ask(plan, fragment=None):
    """What the program says of a plan file; nothing when it takes it."""
    with open("tpsched.yaml", "w", encoding="utf-8") as file:
        json.dump(plan, file)
    if fragment is not None:
        with open("found.json", "w", encoding="utf-8") as file:
            json.dump(fragment, file)
    done = subprocess.run([os.environ["TPSCHED"], "list"], capture_output=True, text=True)
    return done.stderr if done.returncode == 2 else ""

def known(said):
    found = re.search(r"unknown key '" + UNKNOWN + r"'; (?:known are|beside .* there can be) (.*)", said)
    return set(found.group(1).split(", ")) if found else {"no answer: " + said}

def compare(where, program, rule):
    differ = program ^ set(rule["properties"])
    if differ:
        print(where + ": " + ", ".join(sorted(differ)))

SUITE = {"name": "s", "command": "true"}
FIND = {"discover": [{"pattern": "^found.json$"}]}

def keys():
    defs = schema["$defs"]
    suite = defs["suite"]["properties"]
    of_file = known(ask({UNKNOWN: 1}))
    compare("the file", of_file, schema)
    compare("pool", known(ask({"pool": {UNKNOWN: 1}})), schema["properties"]["pool"])
    compare("discover", known(ask({"discover": [{UNKNOWN: 1}]})), defs["discover"]["items"])
    compare("a suite", known(ask({"suites": [{UNKNOWN: 1}]})), defs["suite"])
    compare("a pin", known(ask({"suites": [dict(SUITE, pin=[{UNKNOWN: 1}])]})), suite["pin"]["items"])
    entry = dict(SUITE, parameters=[{"values": [1], UNKNOWN: 1}])
    settings = known(ask({"suites": [entry]})) | {"values"}
    for kind in suite["parameters"]["items"]["anyOf"][2:]:
        compare("parameters", settings, kind)
    taken = {key for key in known(ask(FIND, {"suites": [], UNKNOWN: 1}))
             if "belongs into the plan file" not in ask(FIND, {key: [], "suites": [SUITE]})}
    compare("a fragment", taken, defs["fragment"]["anyOf"][1])

def judge(expected, document):
    for what, said, rule in (
            ("the plan file", ask(document), schema),
            ("the fragment", ask(FIND, document), schema["$defs"]["fragment"])):
        if "discover" in document and what == "the fragment":
            continue # which might find itself
        if what == "the fragment" and set(document) - {"suites"} and "command" not in document:
            continue
        if what == "the plan file" and "command" in document:
            continue
        if (said == "") != expected or holds(rule, document) != expected:
            sys.exit("%s: the schema says %s, the program %s" % (what, holds(rule, document), said))

if sys.argv[2] == "keys":
    keys()
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

# Documents that both take.
i=0
while IFS= read -r document; do
    i=$((i + 1))
    check "taken $i" python3 judge.py "$SCHEMA" like "$document"
done <<'END'
{"suites": [{"name": "a", "command": "true"}]}
{"suites": [{"name": 1, "command": ["true", 2, ""], "args": [], "framework": "command"}]}
{"name": "a", "command": "true"}
{"name": "a", "command": "true", "parameters": ["x", 1, [1, "a", null], {"values": [2], "parts": "auto"}, {"db": "x", "weight": 3}]}
{"suites": [{"name": "a", "command": "true", "cwd": ".", "env": {"A": 1, "B": ""}, "timeout": "1m30s", "weight": 3, "parts": 2, "unit": "file"}]}
{"suites": [{"name": "a", "command": "true", "group": "x", "keep_apart": ["y"], "pin": [{"match": "z", "part": 0}], "leak": "fail", "rerun": 0}]}
{"suites": [{"name": "a", "command": "true", "keep_order": false, "slots": 2, "exclusive": true, "memory": "1.5G", "locks": ["x", "y"], "path": "p"}]}
{"suites": [{"name": "a", "command": "true", "jobserver": true, "env_clear": true, "env_pass": ["A", "B_*"], "home": "sandbox", "setup": "x", "teardown": ["y"], "setup_timeout": 1, "teardown_timeout": "2s"}]}
{"name": "p", "plan_runtime_target": "auto", "auto_part_runtime_limit": "5m", "rerun_budget": 0, "plan_timeout": "1h", "resources": {"gpu": 2}, "suites": [{"name": "a", "command": "true", "resources": {"gpu": 1}}]}
{"setup": ["x"], "teardown": "y", "setup_timeout": 3, "teardown_timeout": 4, "pool": {"type": "local", "size": "auto", "max_size": 3, "elastic": true, "allow_task_rerun": false, "isolate": "none"}, "suites": [{"name": "a", "command": "true"}]}
{"pool": {"max-size": 3}, "suites": [{"name": "a", "command": "true", "keep-order": true}]}
{"discover": [{"path": "none", "pattern": "x", "optional": true}], "suites": [{"name": "a", "command": "true"}]}
END

# Documents that both refuse.
i=0
while IFS= read -r document; do
    i=$((i + 1))
    check "refused $i" python3 judge.py "$SCHEMA" not like "$document"
done <<'END'
{}
{"suites": {"name": "a", "command": "true"}}
{"suites": [{"name": "a"}]}
{"suites": [{"command": "true"}]}
{"suites": [{"name": "", "command": "true"}]}
{"suites": [{"name": ["a"], "command": "true"}]}
{"suites": [{"name": "a", "command": {"x": 1}}]}
{"suites": [{"name": "a", "command": "true", "comand": "x"}]}
{"suites": [{"name": "a", "command": "true", "parts": 0}]}
{"suites": [{"name": "a", "command": "true", "parts": "many"}]}
{"suites": [{"name": "a", "command": "true", "timeout": 0}]}
{"suites": [{"name": "a", "command": "true", "timeout": "soon"}]}
{"suites": [{"name": "a", "command": "true", "unit": "module"}]}
{"suites": [{"name": "a", "command": "true", "rerun": 101}]}
{"suites": [{"name": "a", "command": "true", "exclusive": "yes"}]}
{"suites": [{"name": "a", "command": "true", "pin": [{"match": "x"}]}]}
{"suites": [{"name": "a", "command": "true", "env": {"A=B": "x"}}]}
{"suites": [{"name": "a", "command": "true", "env": ["A"]}]}
{"suites": [{"name": "a", "command": "true", "memory": "2GB"}]}
{"suites": [{"name": "a", "command": "true", "parameters": []}]}
{"suites": [{"name": "a", "command": "true", "parameters": [[]]}]}
{"suites": [{"name": "a", "command": "true", "parameters": [[[1]]]}]}
{"suites": [{"name": "a", "command": "true", "parameters": [{"values": [1], "db": 2}]}]}
{"suites": [{"name": "a", "command": "true", "parameters": [{"db": 2, "parts": 0}]}]}
{"suites": [{"name": "a", "command": "true", "parameters": [{"d{b": 2}]}]}
{"suites": [{"name": "a", "command": "true"}], "pool": {"size": 0}}
{"suites": [{"name": "a", "command": "true"}], "pool": {"sise": 1}}
{"suites": [{"name": "a", "command": "true"}], "plan_runtime_target": "soon"}
{"suites": [{"name": "a", "command": "true"}], "resources": {"gpu": 0}}
{"suites": [{"name": "a", "command": "true"}], "discover": [{"path": "."}]}
{"suites": [{"name": "a", "command": "true"}], "discover": "."}
{"name": "a", "command": "true", "pool": {}}
END
finish
