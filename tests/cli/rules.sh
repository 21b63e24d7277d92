#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What a plan file says of the parts of a suite: group, keep_apart, pin, keep_order.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
export LC_ALL=C

# A program that lists as googletest does: Db.a1 Db.a2 Db.b1 Web.a1 Web.b1 Web.c1.
cat >program <<'PROGRAM'
#!/bin/sh
for argument; do
    case $argument in --gtest_output=xml:*) file=${argument#--gtest_output=xml:} ;; esac
done
{
    echo '<testsuites name="AllTests">'
    for name in Db.a1 Db.a2 Db.b1 Web.a1 Web.b1 Web.c1; do
        echo "<testsuite name=\"${name%.*}\"><testcase name=\"${name#*.}\" classname=\"${name%.*}\"/></testsuite>"
    done
    echo '</testsuites>'
} >"$file"
PROGRAM
chmod +x program
echo '{"s": {"execution_time": 0, "setup_time": 0, "testcases":
    {"Db.a1": 6, "Db.a2": 5, "Db.b1": 4, "Web.a1": 3, "Web.b1": 2, "Web.c1": 1}}}' >data.json

# plan_with LINE...: a plan by a suite with these keys.
plan_with() {
    printf '%s\n' 'suites:' '  - name: s' '    framework: googletest' '    command: [./program]' \
        '    unit: testcase' >tpsched.yaml
    printf '    %s\n' "$@" >>tpsched.yaml
    run plan -d data.json -t 30m --format json
}
# parts_are "a b|c": who is where.
parts_are() {
    expect_status 0 || return
    python3 - "$OUT" "$1" <<'PY'
import json, sys
tasks = json.load(open(sys.argv[1]))["tasks"]
tasks.sort(key=lambda t: t["part"] or [0, 1])
found = "|".join(" ".join(t["testcases"]) for t in tasks)
if found != sys.argv[2]:
    sys.exit("parts are " + found)
PY
}

plan_with 'parts: 2'
check "no rules" parts_are "Db.a1 Web.a1 Web.b1|Db.a2 Db.b1 Web.c1"
plan_with 'parts: 2' "group: ['^Db']"
check "a group" parts_are "Db.a1 Db.a2 Db.b1|Web.a1 Web.b1 Web.c1"
plan_with 'parts: 3' "group: ['\\.(.)']"
check "a group for each text in the parentheses" parts_are "Db.a1 Db.a2 Web.a1|Db.b1 Web.b1|Web.c1"
plan_with 'parts: 3' "group: '1\$'"
check "one pattern needs no list" parts_are "Db.a1 Db.b1 Web.a1 Web.b1 Web.c1|Db.a2"
plan_with 'parts: 3' "keep_apart: ['^Db']"
check "apart" all 'expect_status 0' \
    'json "$OUT" "all(sum(c.startswith(\"Db\") for c in t[\"testcases\"]) == 1 for t in d[\"tasks\"])"'
plan_with 'parts: 2' "pin: [{match: '^Web', part: 0}]"
check "a pin" parts_are "Db.a2 Web.a1 Web.b1 Web.c1|Db.a1 Db.b1"
plan_with 'parts: 3' 'keep_order: true'
check "in order" parts_are "Db.a1|Db.a2 Db.b1|Web.a1 Web.b1 Web.c1"
plan_with 'parts: 3' "group: ['^Web']" "keep_apart: ['a']" "pin: [{match: c1, part: 2}]"
check "all together" all 'expect_status 0' \
    'json "$OUT" "sorted(len(t[\"testcases\"]) for t in d[\"tasks\"]) in ([1, 1, 4], [1, 2, 3])"' \
    'json "$OUT" "[t for t in d[\"tasks\"] if t[\"part\"][0] == 2][0][\"testcases\"][-3:] == [\"Web.a1\", \"Web.b1\", \"Web.c1\"]"'
plan_with 'parts: auto' "keep_apart: ['^Db']"
check "as many parts as must be apart" json "$OUT" 'len(d["tasks"]) == 3'

# What leaves no plan.
plan_with 'parts: 2' "keep_apart: ['^Db']"
check "more apart than parts" fails 2 "suite 's': 3 units match 'keep_apart' ^Db, and there are 2 parts"
plan_with 'parts: 2' 'keep_apart: ["a1|a2", "a2|b1", "a1|b1"]'
check "pairs apart in two parts" fails 2 "suite 's': " "'keep_apart' "
plan_with 'parts: 2' 'pin: [{match: a1, part: 2}]'
check "pinned beyond the parts" fails 2 \
    "suite 's': 'Db.a1' is pinned to part 2, and there are 2 parts, from 0"
plan_with 'parts: 2' 'unit: class' 'pin: [{match: a1, part: 0}]'
check "a key twice" fails 2 "'unit' is given twice"
plan_with 'parts: 2' "group: ['^Db']" 'pin: [{match: a1, part: 0}, {match: a2, part: 1}]'
check "a unit in two parts" fails 2 "suite 's': the unit of 'Db.a2' is pinned to part 0 and to part 1"
plan_with 'parts: 2' 'pin: [{match: ., part: 1}]'
check "a part without anything" fails 2 "suite 's': 'pin' leaves nothing for part 0 of 2"
plan_with 'parts: 2' 'keep_apart: [a1, a2, b1, c1]' 'pin: [{match: Db.a1, part: 1}, {match: Web.a1, part: 1}]'
check "together and apart" fails 2 \
    "suite 's': 'Db.a1' and 'Web.a1' are pinned to one part and must be kept apart"
plan_with 'parts: 2' 'keep_order: true' 'keep_apart: [a1]'
check "in order and apart" fails 2 "suite 's': 'keep_order' leaves no choice for 'keep_apart' and 'pin'"

# What can't be read; each names its place.
plan_with "group: ['(']"
check "no pattern: group" fails 2 "tpsched.yaml:6:13: '(' is not a pattern: "
plan_with "keep_apart: ['a', '[']"
check "no pattern: keep_apart" fails 2 "tpsched.yaml:6:23: '[' is not a pattern: "
plan_with "pin: [{match: '*', part: 0}]"
check "no pattern: pin" fails 2 "tpsched.yaml:6:19: '*' is not a pattern: "
plan_with 'pin: [{match: a}]'
check "a pin to no part" fails 2 "tpsched.yaml:6:11: a pin needs 'match' and 'part'"
plan_with 'pin: [{part: 0}]'
check "a pin of nothing" fails 2 "tpsched.yaml:6:11: a pin needs 'match' and 'part'"
plan_with 'pin: [{match: a, part: -1}]'
check "a pin to a negative part" fails 2 "tpsched.yaml:6:28: '-1' is not a whole number from 0 to"
plan_with 'pin: [{match: a, prat: 0}]'
check "a key of a pin that is none" fails 2 "unknown key 'prat'; did you mean 'part'?"
plan_with 'pin: {match: a, part: 0}'
check "a pin that is no list" fails 2 "tpsched.yaml:6:10: "
plan_with 'keep_order: perhaps'
check "neither yes nor no" fails 2 "tpsched.yaml:6:17: 'perhaps' is not true or false"
plan_with "keep_apart: [$(seq -s ', ' 65)]"
check "too many sets" fails 2 "tpsched.yaml:6:17: more than 64 patterns"
plan_with 'parts: 6' "keep_apart: [$(seq -s ', ' 64)]"
check "as many as there may be" expect_status 0
plan_with 'gruop: [a]'
check "a key like one of them" fails 2 "unknown key 'gruop'; did you mean 'group'?"

finish
