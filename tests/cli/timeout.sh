#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Time that is over: of a task, and of the plan.
. "$(dirname "$0")/lib.sh"

cat >hang.sh <<'SH'
#!/bin/sh
trap '' TERM
echo "before it hangs"
setsid sleep 600 &
sleep 600
sleep 600
SH
chmod +x hang.sh

# A program that ends when it is asked: the grace is five seconds.
printf 'suites: [{name: a, command: [sh, -c, "echo before; exec sleep 600"]}, {name: b, command: "true"}]\n' >a.yaml
run run -f a.yaml --timeout 300ms -r task
check "of a task" all "expect_status 1" "out_has 'timed out after'" "out_has '1 passed'"
check "with what it printed" grep -q before task/report.xml
check "nothing is left" all nothing_left no_temporary_files

{
    echo "plan_timeout: 10h"
    echo "suites:"
    for i in 1 2 3 4; do
        echo "  - {name: s$i, command: sleep 600, timeout: 1h}"
    done
} >plan.yaml
SECONDS=0
run run -f plan.yaml --plan-timeout 500ms --size 2 -r plan
check "of the plan: what runs is ended, the rest is not run" all "expect_status 3" \
    "[ $SECONDS -lt 60 ]" "[ $(grep -c 'timed out after' "$OUT") -ge 2 ]"
check "of the plan: it is said" eval "out_has 'the plan timeout of 500ms was over' || err_has 'the plan timeout of 500ms was over'"
check "of the plan: nothing is left" all nothing_left no_temporary_files
run run -f a.yaml --plan-timeout 1x -r plan
check "it is a duration" fails 2 "--plan-timeout: "
for option in --timeout --plan-timeout; do
    run run -f a.yaml "$option" 0 -r plan
    check "$option 0 is none" fails 2 "$option: a duration longer than zero"
done
printf 'plan_timeout: 0\nsuites: [{name: a, command: "true"}]\n' >zero.yaml
run run -f zero.yaml -r plan
check "and longer than nothing" fails 2 "zero.yaml:1:15: "

# A deaf one gets SIGKILL after the grace, with all that it started.
printf 'suites: [{name: a, command: ./hang.sh}]\n' >hang.yaml
run run -f hang.yaml --timeout 200ms -r hang
check "deaf: it is killed" all "expect_status 1" nothing_left no_temporary_files

if need_pytest; then
    mkdir py
    cat >py/test_slow.py <<'PY'
import time
def test_quick():
    pass
def test_slow():
    print("it said this", flush=True)
    time.sleep(600)
def test_never():
    pass
PY
    printf 'suites: [{name: api, framework: pytest, path: py, timeout: 3s, args: [-s]}]\n' >py.yaml
    run run -f py.yaml -r py-report
    check "pytest: the one that hung is named, and how long it ran" eval \
        'grep -qE "test_slow.*was running for [0-9.]+m?s when its process ended: timed out after" "$OUT"'
    check "pytest: what ended before counts" out_has "1 passed"
    check "pytest: and it is no teardown" journal py-report/journal.jsonl '"teardown_time" not in d'
    check "pytest: with what was printed last" grep -q "it said this" py-report/report.xml
    printf 'suites: [{name: api, framework: pytest, path: py, testcase_timeout: 1}]\n' >limit.yaml
    if /usr/bin/python3 -c 'import pytest_timeout' 2>/dev/null; then
        run run -f limit.yaml -r limit
        check "pytest: one testcase runs out of time, the others don't" all 'expect_status 1' \
            'out_has "2 passed, 1 failed"' 'out_has "test_slow: Failed: Timeout >1.0s"'
    else
        skip "pytest: a limit for each testcase" "no pytest-timeout"
    fi
    sed 's/\[{/[{args: [-p, "no:timeout"], /' limit.yaml >without.yaml
    run run -f without.yaml -r without
    check "pytest without pytest-timeout can't: nothing is passed over" all 'not expect_status 0' \
        'grep -q "testcase_timeout needs the plugin pytest-timeout" "$OUT" "$ERR"'
else
    skip "pytest: the one that hung" "no pytest"
fi

if command -v ctest >/dev/null; then
    mkdir ct
    printf 'add_test(slow "sleep" "600")\nadd_test(fast "true")\n' >ct/CTestTestfile.cmake
    printf 'suites: [{name: ct, framework: ctest, path: ct, testcase_timeout: 300ms}]\n' >ct.yaml
    run run -f ct.yaml -r ct-report
    check "ctest: one testcase runs out of time" all 'expect_status 1' 'out_has "1 passed, 1 failed"'
else
    skip "ctest: a limit for each testcase" "no ctest"
fi
printf 'suites: [{name: a, command: "true", testcase_timeout: 1}]\n' >none.yaml
run run -f none.yaml -r none
check "a framework that can't limit a testcase says so" fails 2 \
    "suite 'a': command has no time limit for a testcase; only 'timeout' is for its tasks"
finish
