#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What runs write to their journals is what the schema says, and it says all of it.
SCHEMA=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../data/schema" && pwd)/journal.schema.json
SCHEMA_TOOLS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export SCHEMA_TOOLS
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
NASTY=${NASTY:?the program that misbehaves}

cat >holds.py <<'PY'
"""holds.py SCHEMA JOURNAL [MEMBER...]: do all records hold, are all their members known, is there
each of these?"""
import json, os, sys

sys.path.insert(0, os.environ["SCHEMA_TOOLS"])
from schema import Schema

document = json.load(open(sys.argv[1], encoding="utf-8"))
schema = Schema(document)
defs = document["$defs"]
seen = set()

def known(name):
    rule = defs["run" if name in ("run", "resume") else name]
    more = defs["task"]["properties"] if "$ref" in rule else {}
    return {"record", "crc32", *rule["properties"], *more}

def look(result):
    seen.update("results." + key for key in result)
    assert set(result) <= set(defs["result"]["properties"]), set(result) - set(defs["result"]["properties"])
    for inner in result.get("attempts", []) + result.get("cases", []):
        look(inner)

for number, line in enumerate(open(sys.argv[2], encoding="utf-8"), 1):
    record = json.loads(line)
    assert schema.holds(document, record), "line %d: %s" % (number, line[:300])
    strange = set(record) - known(record["record"])
    assert not strange, "line %d: %s" % (number, strange)
    seen.update(record)
    for result in record.get("results", []):
        look(result)
    broken = dict(record)
    broken["started"] = "yesterday"
    assert not schema.holds(document, broken), "line %d holds whatever it says" % number
missing = [name for name in sys.argv[3:] if name not in seen]
assert not missing, "nobody wrote %s" % missing
PY

printf '%s\n' 'echo one' 'test $TPSCHED_ATTEMPT -gt 1' 'printf "\377\033" && exit 3' 'exit 77' >lines.txt
# A framework that writes JUnit XML, with properties of suites and testcases.
cat >mini.sh <<'END'
if [ "$1" = list ]; then
    printf 'a\nb\n'
    exit
fi
echo "<testsuite name='mini'><properties><property name='version' value='1.2'/>"
echo "<property name='seed' value='of $2'/></properties>"
for id; do
    [ "$id" = run ] || echo "<testcase classname='mini' name='$id' file='m.sh' line='7' time='1'>
<properties><property name='owner' value='me'/></properties>
<failure type='T' message='m'>text</failure></testcase>"
done
echo '</testsuite>'
exit 1
END
mkdir -p .tpsched/frameworks
cat >.tpsched/frameworks/mini.yaml <<'END'
summary: a framework of a few lines
program: [sh, mini.sh]
finest_unit: testcase
list: {command: ["{program}", list], reader: lines, records: '^(?<id>.+)$', id: "{id}"}
run:
  command: ["{program}", run]
  select: {into: arguments, always: true, arguments: ["{selection}"]}
report: {from: stdout, reader: junit, id: "{name}"}
exit: {passed: 0, failed: 1}
END
cat >tpsched.yaml <<YAML
suites:
  - {name: lines, framework: shell, path: lines.txt, parts: 2, rerun: 1}
  - {name: leaves, command: "sh -c 'echo x >cov.xml'", artifacts: [{path: cov.xml, required: true}]}
  - {name: mini, framework: mini, parts: 2}
  - {name: late, command: [sleep, 9], timeout: 100ms}
  - {name: missing, command: ./none}
  - {name: daemon, command: ['$NASTY', leave-daemon]}
YAML
run run -r one --size 2 --run-id seven
check "a run" expect_status 3
check "all of it holds" python3 holds.py "$SCHEMA" one/journal.jsonl run supervision suite part \
    planned results artifacts leaked_names problems output output_bytes output_file results.attempts \
    results.message results.output results.file results.line results.type results.text \
    results.properties properties
check "properties: of testcases, and those of which parts differ with the part" python3 - <<'PY'
import xml.etree.ElementTree as tree
suite = [s for s in tree.parse("one/report.xml").iter("testsuite") if s.get("name") == "mini"][0]
said = {p.get("name"): p.get("value") for p in suite.find("properties")}
assert said["version"] == "1.2" and "version@part.0" not in said, said
assert (said["seed@part.0"], said["seed@part.1"]) == ("of a", "of b") and "seed" not in said, said
owners = [p.get("value") for p in suite.iterfind("testcase/properties/property") if p.get("name") == "owner"]
assert owners == ["me", "me"], owners
PY
run run --plan one/plan.json -r two --size 1 --attempt 2 --output none
check "another attempt" python3 holds.py "$SCHEMA" two/journal.jsonl size attempt
finish
