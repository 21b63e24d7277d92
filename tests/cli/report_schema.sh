#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# report.json is what its schema says: every sample holds to it, and every key of it is written.
SCHEMA=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../data/schema" && pwd)/report.schema.json
SCHEMA_TOOLS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export SCHEMA_TOOLS
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
: "${WRITE_REPORT:?the program that writes samples}"

cat >judge.py <<'PY'
"""judge.py SCHEMA one FILE COUNTS: FILE holds to the schema, and its results are what was counted.
judge.py SCHEMA keys FILE...: print the keys that the schema has and none of the files, or reversed."""
import json, os, sys

sys.path.insert(0, os.environ["SCHEMA_TOOLS"])
from schema import Schema

schema = json.load(open(sys.argv[1], encoding="utf-8"))

def report_of(path):
    return json.load(open(path, encoding="utf-8"))

def recount(results):
    counted = {}
    for result in results:
        if result.get("type") != "tpsched.not-run":
            counted[result["outcome"]] = counted.get(result["outcome"], 0) + 1
    return counted

def one(path, counts):
    report = report_of(path)
    if not Schema(schema).holds(schema, report):
        sys.exit("does not hold to the schema")
    expected = dict(line.strip().split("=") for line in open(counts))
    for name, count in report["counts"].items():
        if int(expected[name]) != count:
            sys.exit("%s: %s, not %d" % (name, expected[name], count))
    counted = recount(r for s in report["suites"] for r in s["results"])
    for name in ("skipped", "passed", "flaky", "failed", "error"):
        if counted.get(name, 0) != report["counts"][name]:
            sys.exit("%s: results %d" % (name, counted.get(name, 0)))
    if report["verdict"] != expected["verdict"]:
        sys.exit("verdict " + report["verdict"])

def keys_of_schema(rule, found):
    if isinstance(rule, dict):
        found.update(rule["properties"] if isinstance(rule.get("properties"), dict) else ())
        for name, value in rule.items():
            for each in value.values() if name in ("properties", "$defs") else [value]:
                keys_of_schema(each, found)
    elif isinstance(rule, list):
        for each in rule:
            keys_of_schema(each, found)
    return found

def keys_of(value, found):
    if isinstance(value, dict):
        found.update(value)
        for each in value.values():
            keys_of(each, found)
    elif isinstance(value, list):
        for each in value:
            keys_of(each, found)
    return found

if sys.argv[2] == "one":
    one(*sys.argv[3:])
else:
    written = set()
    for path in sys.argv[3:]:
        keys_of(report_of(path), written)
    print(*sorted(written ^ keys_of_schema(schema, set())), sep="\n", end="")
PY

# holds SAMPLE WHETHER-TIMED
holds() {
    "$WRITE_REPORT" "$1" counts >expected || return
    "$WRITE_REPORT" "$1" json "$2" >"$1-$2.json" || return
    python3 judge.py "$SCHEMA" one "$1-$2.json" expected
}
while read -r sample; do
    check "$sample" holds "$sample" untimed
    check "$sample, with its timeline" holds "$sample" timed
done < <("$WRITE_REPORT")

all_keys() {
    [ -z "$(python3 judge.py "$SCHEMA" keys ./*.json | tee differences)" ] || {
        cat differences
        return 1
    }
}
check "all keys, and no others" all_keys

locale_free() {
    LC_ALL=de_DE.UTF-8 TZ=Asia/Tokyo "$WRITE_REPORT" nasty json timed >elsewhere || return
    cmp elsewhere nasty-timed.json
}
check "no locale and no zone" locale_free
finish
