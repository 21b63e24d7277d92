#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Ctrl-Z stops the tasks, fg continues; SIGUSR1 says what is running.
. "$(dirname "$0")/lib.sh"

# It leaves a session of its own, which is stopped like the rest.
cat >long.sh <<'SH'
#!/bin/sh
setsid sh -c 'echo $$ >daemon; while [ ! -e over ]; do sleep 0.1; done' </dev/null >/dev/null 2>&1 &
while [ ! -s daemon ]; do sleep 0.05; done
echo $$ >started
while [ ! -e over ]; do sleep 0.1; done
wait
SH
chmod +x long.sh
cat >long.yaml <<'YAML'
suites:
  - {name: long, command: [./long.sh], weight: 60}
  - {name: next, command: ["true"], weight: 1}
YAML

state() {
    sed 's/.*) //; s/ .*//' "/proc/$1/stat" 2>/dev/null
}
# is STATE PID...
is() {
    local wanted=$1 pid
    shift
    for pid; do
        [[ $(state "$pid") == ["$wanted"] ]] || return 1
    done
}

# took_less_by SECONDS JOURNAL SUITE: than what lies between its start and its end.
took_less_by() {
    python3 - "$@" <<'PY'
import json, sys

for line in open(sys.argv[2]):
    record = json.loads(line)
    if record["record"] == "end" and record["suite"] == sys.argv[3]:
        sys.exit(record["ended"] - record["started"] - record["wall_time"] < float(sys.argv[1]))
sys.exit(1)
PY
}

"$TPSCHED" run -f long.yaml --size 1 --report-dir report >"$OUT" 2>"$ERR" </dev/null &
PID=$!
wait_for 60 [ -s started ]
TASK=$(<started)
DAEMON=$(<daemon)

kill -USR1 "$PID"
check "SIGUSR1: what is running" wait_for 30 grep -q "worker 0: long for" "$ERR"

kill -TSTP "$PID"
check "SIGTSTP: it stops" wait_for 30 is T "$PID"
# D: it waits for a child that has stopped before it could execute.
check "SIGTSTP: the task stops, and its daemon" wait_for 30 is TD "$TASK" "$DAEMON"
kill -CONT "$PID"
check "SIGCONT: all go on" wait_for 30 is RSD "$PID" "$TASK" "$DAEMON"

kill -TSTP "$PID"
check "again: it stops" wait_for 30 is T "$PID"
sleep 1
kill -CONT "$PID"
check "again: it goes on" wait_for 30 is RSD "$TASK"
touch over
wait "$PID"
ended
check "nothing is amiss" all 'expect_status 0' 'out_has "PASSED: 2 testcases"'
check "what it took is without the pauses" took_less_by 1 report/journal.jsonl long

# Killed while it stands: what is stopped dies like the rest.
rm -f over started daemon
TPSCHED_CLI_PROBE=$TMP "$TPSCHED" run -f long.yaml --size 1 --report-dir report >"$OUT" 2>"$ERR" </dev/null &
PID=$!
wait_for 60 [ -s started ]
kill -TSTP "$PID"
wait_for 30 is T "$PID"
kill -KILL "$PID"
wait "$PID" 2>/dev/null
check "SIGKILL while it stands: nothing left" wait_for 30 nothing_left

# While suites are listed, and while the plan's setup runs, nobody waits for tasks.
cat >lists.sh <<'SH'
#!/bin/sh
setsid sh -c 'echo $$ >daemon; while [ ! -e over ]; do sleep 0.1; done' </dev/null >/dev/null 2>&1 &
while [ ! -s daemon ]; do sleep 0.05; done
echo $$ >started
while [ ! -e over ]; do sleep 0.1; done
wait
[ "${1-}" != --gtest_list_tests ] || printf 'A.\n  one\n'
SH
chmod +x lists.sh
cat >listing.yaml <<'YAML'
suites: [{name: unit, framework: googletest, path: ./lists.sh}]
YAML
cat >setup.yaml <<'YAML'
setup: [./lists.sh]
suites: [{name: a, command: "true"}]
YAML
cat >suite.yaml <<'YAML'
suites: [{name: a, command: "true", setup: [./lists.sh]}]
YAML
for what in listing setup suite; do
    rm -f over started daemon
    TPSCHED_CLI_PROBE=$TMP env --default-signal=INT "$TPSCHED" run -f $what.yaml --size 1 --report-dir $what \
        >"$OUT" 2>"$ERR" </dev/null &
    PID=$!
    wait_for 60 [ -s started ]
    kill -TSTP "$PID"
    check "$what: all stop" all "wait_for 30 is T $PID" "wait_for 30 is TD $(<started) $(<daemon)"
    kill -CONT "$PID"
    check "$what: all go on" wait_for 30 is RSD "$PID" "$(<started)" "$(<daemon)"
    kill -INT "$PID"
    wait "$PID"
    ended
    check "$what: Ctrl-C ends it" all "expect_status 130" nothing_left no_temporary_files
done
finish
