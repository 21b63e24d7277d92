#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What is written must not be what is read, nor what another option writes.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

printf 'suites:\n  - {name: a, command: ["true"]}\n  - {name: b, command: ["true"]}\n' >tpsched.yaml
run plan -o plan.json
run run -p plan.json -r report
check "a run" answers 0 PASSED
mkdir far
cp -r report far/report
cp report/journal.jsonl other.jsonl
ln -s far near
ln -s . here
state() {
    cat tpsched.yaml plan.json other.jsonl report/{plan.json,journal.jsonl,executed.json} far/report/*.json* | cksum
}
# shellcheck disable=SC2034 # in what is evaluated
before=$(state)

# refused WHAT ARG...: wrong usage, and nothing has changed.
refused() {
    local what=$1
    shift
    run "$@"
    check "$*" all 'fails 2 "'"$what"'"' '[ "$(state)" = "$before" ]' '[ -z "$(find . -name "*.[A-Za-z0-9]?????")" ]'
}
for file in journal.jsonl plan.json executed.json output.log lock; do
    refused "must not be written over" report report --write json=report/$file
    refused "must not be written over" merge -p plan.json report -o report/$file
done
refused "must not be written over" report far --write json=near/report/journal.jsonl
refused "must not be written over" merge far/report --write html=./near/../far/report/journal.jsonl
refused "must not be written over" merge other.jsonl -o other.jsonl
refused "must not be written over" merge other.jsonl --write ctrf=here/other.jsonl
refused "must not be written over" merge -p plan.json report --write json=./plan.json
refused "must not be written over" report -p plan.json report --format json -o here/plan.json
refused "not in the form" merge -p plan.json report -w plan.json
refused "must not be written over" run -p plan.json -r again --write json=again/journal.jsonl
refused "must not be written over" run -p plan.json -r again --write json=plan.json
refused "must not be written over" run -r again --write json=tpsched.yaml
refused "must not be written over" run -r again -w ./tpsched.yaml
refused "must not be written over" plan -o here/tpsched.yaml
echo "0123456789abcdef" >key
run plan -o signed.json --key key
refused "must not be written over" plan -o key --key key
refused "must not be written over" run -p signed.json -r again -w here/key --key key
refused "must not be written over" merge -p signed.json report --key key -o ./key
refused "must not be written over" report -p signed.json report --key key --write tap=key
check "and the key is what it was" [ "$(cat key)" = 0123456789abcdef ]
check "and nothing was run" [ ! -e again ]

refused "would be written twice" report report --write json=x --write junit=./x
refused "would be written twice" report report --format json -o x --write junit=here/x
refused "would be written twice" merge report -o x --write json=x
refused "would be written twice" merge -p plan.json report -o x -w x
refused "would be written twice" run -p plan.json -r again --write json=far/x --write ctrf=near/x
check "and nothing was written" [ ! -e x ]

run report report -o report/report.xml --write json=report/report.json --write html=/dev/null --write tap=/dev/null
check "a merged report in its directory; devices are no files" all "expect_status 0" "[ -s report/report.json ]"
cp report/report.xml loose.xml
run merge loose.xml -o loose.xml
check "a report that is no proof may be merged in its place" all 'expect_status 0' 'cmp loose.xml <("$TPSCHED" merge loose.xml --format junit)'

run merge loose.xml -o /nowhere/x --write json=/nowhere/y --write ctrf=z
check "one that can't be written costs no other" all "fails 4 /nowhere/x" '[ -s z ]'

# A log that is a file: what is written to it stands behind what was there, and before what comes.
merged() {
    "$TPSCHED" merge loose.xml --format junit
    echo 'PASSED: 2 testcases, 2 passed; completeness was not checked (no plan)'
}
# shellcheck disable=SC2094 # $log is what leads to the file, and no file of its own
for log in /dev/stdout /dev/fd/1 /proc/self/fd/1; do
    echo before >log
    # shellcheck disable=SC2094 # it is one file, which is the point
    "$TPSCHED" merge loose.xml -o $log >>log
    check "-o $log" cmp log <(echo before; merged)
    # shellcheck disable=SC2094
    { echo before; "$TPSCHED" merge loose.xml --write junit=$log; } >log
    check "--write junit=$log" cmp log <(echo before; merged)
done
"$TPSCHED" plan -o /dev/stdout >log 2>"$ERR"
check "plan -o /dev/stdout" all '[ "$(head -c 1 log)" = "{" ]' 'grep -q "^suite " log'
"$TPSCHED" merge loose.xml -o /dev/stdout >&- 2>"$ERR"
ended
check "a closed one" all 'expect_status 4' 'err_has "cannot write"'

for option in --plan=plan.json --output=x.json --write=json=x --name=x --open --flaky=fail; do
    refused "--compare: only --format and --key go with it" report --compare report report $option
done
finish
