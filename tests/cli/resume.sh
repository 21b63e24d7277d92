#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# --resume, --failed and --not-run; two runs in one directory.
. "$(dirname "$0")/lib.sh"

# Each task says that it ran, and how often.
cat >task.sh <<'END'
#!/bin/sh
echo "$1"
echo "$1" >>ran
[ ! -e "bad.$1" ]
END
chmod +x task.sh
{
    echo 'suites:'
    for i in $(seq 200); do
        echo "  - {name: t$i, command: [./task.sh, t$i]}"
    done
} >many.yaml
run plan -f many.yaml --size 2 -o many.json

# Killed at any moment and resumed, again and again: in the end each testcase has one verdict.
start() {
    TPSCHED_CLI_PROBE=$TMP "$TPSCHED" run -f many.yaml --size 2 -r killed --output none "$@" \
        >"$OUT" 2>"$ERR" </dev/null &
    PID=$!
}
killed_and_resumed() {
    local round=$1 kills
    local -a mode=(--plan many.json)
    rm -rf killed ran
    for kills in 1 2 3; do
        start "${mode[@]}"
        # How long is a matter of chance; that is what is tested.
        sleep "0.0$(((round * 7 + kills * 13) % 9))$((round % 10))"
        kill -KILL $PID 2>/dev/null
        wait $PID 2>/dev/null
        [ ! -e killed/journal.jsonl ] || cp killed/journal.jsonl before
        [ -e killed/plan.json ] && [ -e killed/journal.jsonl ] && mode=(--resume)
    done
    # As after a loss of power: the end is torn off somewhere.
    [ ! -e killed/journal.jsonl ] || truncate -s -$((round * 11 % 300)) killed/journal.jsonl
    [ "${mode[0]}" = --resume ] || rm -rf killed
    # shellcheck disable=SC2086 # words
    run run -f many.yaml --size 2 -r killed "${mode[@]}" --output none
    answers 0 "PASSED: 200 testcases" && holds_the_plan many.json killed/report.xml || return
    run merge --plan many.json killed
    answers 0 "PASSED: 200 testcases" || return
    python3 - <<'PY' || return
import collections, json
ends = collections.Counter(d["suite"] for d in map(json.loads, open("killed/journal.jsonl"))
                           if d["record"] == "end")
assert len(ends) == 200 and set(ends.values()) == {1}, ends
PY
    [ "$(sort -u ran | wc -l)" -eq 200 ]
}
for round in $(seq 20); do
    check "killed and resumed, round $round" killed_and_resumed "$round"
done
check "nothing is left of them" wait_for 30 nothing_left
check "no lock is left" [ ! -e killed/lock ]

# Nothing is left to do.
rm ran
run run -f many.yaml -r killed --resume
check "resumed when all is done" all 'answers 0 "PASSED: 200 testcases"' '[ ! -e ran ]' \
    'err_has "200 of 200 tasks have ended, 0 are left"'

# Stopped in an orderly way: what was cancelled runs again.
cat >slow.yaml <<'END'
suites:
  - {name: one, command: [./task.sh, one], weight: 9}
  - {name: two, command: [./wait.sh], weight: 5}
  - {name: three, command: [./task.sh, three], weight: 1}
END
printf '#!/bin/sh\necho two >>ran\n[ -e go ] || exec sleep 600\n' >wait.sh
chmod +x wait.sh
rm -f ran
TPSCHED_CLI_PROBE=$TMP env --default-signal=INT "$TPSCHED" run -f slow.yaml --size 1 -r slow >"$OUT" 2>"$ERR" </dev/null &
PID=$!
wait_for 30 grep -q two ran
TPSCHED_CLI_PROBE=$TMP "$TPSCHED" run -f slow.yaml --size 1 -r slow >other.out 2>other.err </dev/null
ended
check "the second run in a directory is refused" all 'expect_status 2' \
    'grep -q "another run works in .*/slow.: process $PID on" other.err'
TPSCHED_CLI_PROBE=$TMP "$TPSCHED" run -f slow.yaml --failed slow -r early >other.out 2>other.err </dev/null
ended
check "what failed in a run is not known before its end" all 'expect_status 2' \
    'grep -q "another run works in .*/slow.: process $PID on .*; wait" other.err' '[ ! -e early ]'
kill -INT $PID
wait $PID
ended
check "interrupted" expect_status 130
touch go bad.one
run run -f slow.yaml -r slow --resume
check "what had ended still has its output" eval '[ "$(xargs <slow/output.log)" = "one three" ]'
check "cancelled and not begun run again" all 'answers 0 "PASSED: 3 testcases"' \
    'err_has "1 of 3 tasks have ended, 2 are left"' '[ "$(sort ran | uniq -c | xargs)" = "1 one 1 three 2 two" ]'
check "the journal says that it was resumed" all \
    '[ "$(grep -c "\"record\":\"resume\"" slow/journal.jsonl)" -eq 1 ]'

# What failed and was to be tried again has the verdict that it would have had.
printf '#!/bin/sh\n[ "$TPSCHED_ATTEMPT" -gt 1 ]\n' >flaky.sh
chmod +x flaky.sh
cat >flaky.yaml <<'END'
suites:
  - {name: one, command: [./flaky.sh], weight: 9, rerun: 1}
  - {name: two, command: [./wait.sh], weight: 5}
END
rm -f ran go
TPSCHED_CLI_PROBE=$TMP env --default-signal=INT "$TPSCHED" run -f flaky.yaml --size 1 -r flaky >"$OUT" 2>"$ERR" </dev/null &
PID=$!
wait_for 30 grep -q two ran
kill -INT $PID
wait $PID
ended
check "interrupted before a rerun" all 'expect_status 130' 'grep -q "cut_short" flaky/journal.jsonl'
touch go
run run -f flaky.yaml -r flaky --resume
check "the rerun is made up for" answers 0 "1 passed, 1 flaky"

# Another plan, another run, no run.
run plan -f many.yaml --size 3 -o other.json
run run -f many.yaml -r killed --resume --plan other.json
check "another plan is not resumed" all 'fails 2 "run of another plan"'
run run -f many.yaml -r killed --resume --run-id tuesday
check "another run is not resumed" fails 2 "run-id"
run run -f many.yaml -r nowhere --resume
check "no run is not resumed" all 'fails 2 "holds no run that could be resumed"' '[ ! -e nowhere ]'
run run -f many.yaml -r killed --resume --failed killed
check "resumed and begun anew" fails 2 "--resume goes on with a run"

# What failed, what was not run.
rm -f ran bad.*
touch bad.t7 bad.t9
run run -f many.yaml --plan many.json -r former --output none
check "two failed" answers 1 "198 passed, 2 failed"
rm ran
run run -f many.yaml --failed former -r again
check "only they run" all 'answers 1 "2 testcases, 2 failed"' '[ "$(sort ran | xargs)" = "t7 t9" ]' \
    'out_has "all 2 of 200 planned testcases that were asked for"'
rm ran bad.t7
run run -f many.yaml --failed again -r again
check "in the same directory" all 'answers 1 "1 flaky, 1 failed"' \
    'journal again/journal.jsonl "d[\"attempt\"] in (2, 3)"' '[ "$(sort ran | xargs)" = "t7 t9" ]'
rm bad.t9
run run -f many.yaml --failed again -r again
check "what was flaky did not fail" all 'answers 0 "1 testcase, 1 flaky"'
run run -f many.yaml --failed again -r again
check "nothing failed" all 'answers 0 "nothing failed there"'
sed -i '/^{"record":"end"/d' again/journal.jsonl
run run -f many.yaml --failed again -r again
check "nothing failed, and something did not end: that is no success" all 'expect_status 3' \
    'grep -q "nothing failed in .*again., but [12] tasks* did not end there; --not-run runs" "$ERR"'
run run -f many.yaml --not-run former
check "everything was run" answers 0 "nothing was left out there"
cp -r former partly
edit_journal partly/journal.jsonl \
    'r = [d for d in r if d["record"] != "end" or d["suite"] not in ("t3", "t4")]
r = [d for d in r if d.get("suite") != "t4"]'
rm -f ran
run run -f many.yaml --not-run partly -r rest
check "what has no result" all 'answers 0 "2 testcases"' '[ "$(sort ran | xargs)" = "t3 t4" ]'
run merge --plan many.json partly rest
check "together they are the whole" all 'expect_status 1' 'out_has "200 testcases"'
run run -f many.yaml --not-run partly --failed partly -r both
check "both" answers 0 "4 testcases"
run run -f many.yaml --failed nowhere
check "no former run" fails 2 "holds no run"

# Testcases where the framework can select them.
if need_pytest; then
    mkdir py
    printf 'import os\n\ndef test_a():\n    pass\n\ndef test_b():\n    assert not os.path.exists("%s/red")\n' "$TMP" >py/test_x.py
    echo 'suites: [{name: py, framework: pytest, path: py}]' >py.yaml
    touch red
    run run -f py.yaml -r py.former
    check "one of two failed" answers 1 "1 passed, 1 failed"
    rm red
    run run -f py.yaml --failed py.former -r py.again
    check "only that one runs" all 'answers 0 "PASSED: 1 testcase,"' \
        'journal py.again/journal.jsonl "d[\"planned\"] == [\"py/test_x.py::test_b\"] or d[\"planned\"] == [\"test_x.py::test_b\"]"'
    printf 'import os\n\ndef test_a():\n    pass\n\ndef test_b():\n    assert not os.path.exists("%s/red")\n\ndef test_c():\n    pass\n' "$TMP" >py/test_x.py
    echo 'suites: [{name: py, framework: pytest, path: py, args: [-x]}]' >py.yaml
    touch red
    run run -f py.yaml -r py.short
    check "one failed, and then the process gave up" out_has "1 passed, 1 failed, 1 error"
    rm red
    run run -f py.yaml --failed py.short -r py.rest
    check "what it did not get to has failed, too" answers 0 "PASSED: 2 testcases,"
else
    skip "only that one runs" "there is no pytest"
    skip "what it did not get to has failed, too" "there is no pytest"
fi
check "no temporary files" no_temporary_files
finish
