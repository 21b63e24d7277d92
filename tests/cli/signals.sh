#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Interrupts: reports are written, and nothing is left running.
. "$(dirname "$0")/lib.sh"

# Each task says that it runs, and then it lasts. The deaf one also leaves a session of its own.
cat >polite.sh <<'SH'
#!/bin/sh
echo $$ >"$1.started"
exec sleep 600
SH
cat >deaf.sh <<'SH'
#!/bin/sh
trap '' TERM INT HUP
setsid sleep 600 </dev/null >/dev/null 2>&1 &
echo $$ >"$1.started"
while :; do sleep 1; done
SH
chmod +x polite.sh deaf.sh
cat >polite.yaml <<'YAML'
suites:
  - {name: first, command: ["true"], weight: 900}
  - {name: a, command: [./polite.sh, a], weight: 600}
  - {name: b, command: [./polite.sh, b], weight: 500}
  - {name: never, command: [./polite.sh, never], weight: 1}
YAML
sed 's/polite/deaf/' polite.yaml >deaf.yaml

# begin ARG...: start tpsched in the background, as $PID. Background jobs ignore SIGINT by birth.
begin() {
    rm -rf ./*.started report
    TPSCHED_CLI_PROBE=$TMP env --default-signal=INT "$TPSCHED" "$@" >"$OUT" 2>"$ERR" </dev/null &
    PID=$!
}

begin_run() {
    begin run -f "$1.yaml" --size 2 --report-dir report
    wait_for 60 [ -s a.started -a -s b.started ]
}

# Wait for it, but not for ever.
end() {
    wait_for 120 not kill -0 "$PID" || kill -KILL "$PID"
    wait "$PID" 2>/dev/null
    # shellcheck disable=SC2034 # the helpers read it
    STATUS=$?
}

# The reports of an interrupted run: the one that had ended passed, the others did not.
interrupted() {
    expect_status 130 && out_has INCOMPLETE && out_lacks PASSED: && err_has interrupted &&
        results report/report.xml >merged && grep -q "('first', 'first', 'passed')" merged &&
        grep -q "('a', 'a', 'error')" merged && grep -q "('b', 'b', 'error')" merged &&
        grep -q "('never', 'never', 'error')" merged && [ ! -e never.started ] &&
        grep -q 'name="tpsched.complete" value="false"' report/report.xml
}
not_green_when_merged() {
    run merge --plan report/plan.json report
    expect_status 3
}

for kind in polite deaf; do
    check "$kind tasks run" begin_run $kind
    kill -INT "$PID"
    end
    check "SIGINT, $kind tasks: 130 and reports" interrupted
    check "SIGINT, $kind tasks: nothing left" wait_for 30 nothing_left
    check "SIGINT, $kind tasks: merge is not green" not_green_when_merged
done

begin_run deaf
kill -INT "$PID"
check "the first SIGINT is told" wait_for 30 grep -q SIGTERM "$ERR"
began=$SECONDS
kill -INT "$PID"
end
check "SIGINT twice: 130 and reports" interrupted
check "SIGINT twice: it does not wait for the grace" [ $((SECONDS - began)) -le 4 ]
check "SIGINT twice: nothing left" wait_for 30 nothing_left

begin_run polite
kill -TERM "$PID"
end
check "SIGTERM: 130 and reports" interrupted
check "SIGTERM: nothing left" wait_for 30 nothing_left

begin_run polite
kill -HUP "$PID"
end
check "SIGHUP: not green" not expect_status 0
check "SIGHUP: nothing left" wait_for 30 nothing_left

begin_run deaf
kill -KILL "$PID"
end
check "SIGKILL: nothing left, not even the deaf" wait_for 30 nothing_left
check "SIGKILL: merge is not green" not_green_when_merged
check "SIGKILL: what ran is told" out_has "it was started and nobody wrote how it ended"

# A merged report of an earlier run does not stand for the one that was killed.
run run -f polite.yaml --suite first --report-dir report
check "a green run" all 'answers 0 PASSED' '[ -e report/report.xml ]'
rm -f ./*.started
TPSCHED_CLI_PROBE=$TMP "$TPSCHED" run -f polite.yaml --size 2 --report-dir report >"$OUT" 2>"$ERR" </dev/null &
PID=$!
wait_for 60 [ -s a.started ]
kill -KILL "$PID"
end
check "SIGKILL: the old merged report is gone" [ ! -e report/report.xml ]
check "SIGKILL: nothing left of it" wait_for 30 nothing_left

# The run after an interrupted one, in the same directory.
sed 's/\[.\/polite.sh, [a-z]*\]/["true"]/' polite.yaml >green.yaml
run run -f green.yaml --report-dir report
check "the next run in that directory is whole" answers 0 "PASSED: 4 testcases"

# While the testcases are listed: a program that never answers.
cat >hangs.py <<'SH'
#!/bin/sh
trap '' TERM INT
echo $$ >listing.started
setsid sleep 600 </dev/null >/dev/null 2>&1 &
while :; do sleep 1; done
SH
chmod +x hangs.py
printf 'suites:\n  - {name: gt, framework: googletest, command: ./hangs.py}\n' >tpsched.yaml
for command in list plan "run --report-dir listed"; do
    # shellcheck disable=SC2086 # words
    begin $command
    wait_for 60 [ -s listing.started ]
    kill -INT "$PID"
    end
    check "SIGINT while '$command' lists" expect_status 130
    check "SIGINT while '$command' lists: nothing left" wait_for 30 nothing_left
done
check "an interrupted listing leaves no report" [ ! -e listed ]
begin list
wait_for 60 [ -s listing.started ]
kill -KILL "$PID"
end
check "SIGKILL while it lists: nothing left" wait_for 30 nothing_left
rm -rf "${TMPDIR:?}"/* # whoever is killed cannot tidy up

# A reader that goes away does not cost the run.
printf 'suites:\n  - {name: talk, command: [seq, "100000"]}\n' >tpsched.yaml
"$TPSCHED" run --report-dir piped 2>&1 </dev/null | head -n 1 >"$OUT"
check "a closed pipe: the report is whole" grep -q passed <(results piped/report.xml)
check "no temporary files" no_temporary_files
finish
