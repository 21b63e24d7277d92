#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# setup and teardown, of the plan and of suites.
. "$(dirname "$0")/lib.sh"

export LOG=$TMP/log
# says NAME [STATUS]: a line in the log.
cat >says <<'SH'
#!/bin/sh
echo "$1" >>"$LOG"
exit "${2:-0}"
SH
chmod +x says

logged() {
    [ "$(xargs <log)" = "$*" ] || { echo "it is: $(xargs <log)"; return 1; }
}

cat >order.yaml <<'YAML'
setup: ./says plan-up
teardown: ./says plan-down
suites:
  - {name: a, command: ./says a, setup: ./says a-up, teardown: ./says a-down, weight: 3}
  - {name: b, command: ./says b, weight: 2}
  - {name: c, command: ./says c, teardown: ./says c-down, weight: 1}
YAML
run run -f order.yaml --size 1 -r order
check "each in its place" all "expect_status 0" \
    "logged plan-up a-up a a-down b c c-down plan-down"
check "nothing is left of them" all no_temporary_files nothing_left
rm log
run run -f order.yaml --size 1 -r order --resume
check "nothing to run: nothing is set up" all "expect_status 0" '[ ! -e log ]' "out_has '3 passed'"
check "who prints nothing has no log" [ ! -e order/hooks ]

rm log
run run -f order.yaml --suite b -r order
check "what does not run is not set up" logged plan-up b plan-down

# Once, before all of its parts; others go on meanwhile.
if need_pytest; then
    mkdir py
    for i in 1 2 3; do
        cat >py/test_$i.py <<'PY'
import os
def test_is_up():
    assert os.path.exists(os.environ["TPSCHED_SUITE_SANDBOX"] + "/up")
    open(os.environ["LOG"], "a").write("test\n")
PY
    done
    cat >up.sh <<'SH'
#!/bin/sh
sleep 0.5
echo up >>"$LOG"
echo "$TPSCHED_SUITE in $TPSCHED_REPORT_DIR"
touch "$TPSCHED_SANDBOX/up"
[ "$TMPDIR" = "$TPSCHED_SANDBOX" ]
SH
    chmod +x up.sh
    cat >py.yaml <<'YAML'
suites:
  - {name: api, framework: pytest, path: py, parts: 3, setup: ./up.sh, teardown: ./says down}
YAML
    rm log
    run run -f py.yaml --size 3 -r py-report
    check "parts: once, and all wait for it" all "expect_status 0" "logged up test test test down"
    check "parts: its output is in the report directory" \
        grep -qx "api in $TMP/py-report" py-report/hooks/api.setup.log
    check "parts: its sandbox is gone" no_temporary_files
else
    skip "parts: once" "no pytest"
fi

# What the setup starts lives until the teardown has ended, also with its output open.
cat >serve.sh <<'SH'
#!/bin/sh
(
    trap 'echo gone >>"$LOG"' EXIT
    i=0
    while [ $i -lt 2000 ]; do
        echo "the server says $i and this makes it long enough to fill a pipe by and by"
        i=$((i + 1))
    done
    echo served >>"$LOG"
    exec sleep 600
) &
echo $! >"$TPSCHED_SANDBOX/pid"
setsid sleep 600 &
SH
cat >use.sh <<'SH'
#!/bin/sh
sleep 0.4
kill -0 "$(cat "$TPSCHED_SUITE_SANDBOX/pid")" && echo use >>"$LOG"
SH
cat >down.sh <<'SH'
#!/bin/sh
kill -0 "$(cat "$TPSCHED_SANDBOX/pid")" && echo down >>"$LOG"
SH
chmod +x serve.sh use.sh down.sh
cat >serve.yaml <<'YAML'
suites:
  - {name: a, command: ./use.sh, setup: ./serve.sh, teardown: ./down.sh}
YAML
rm -f log
run run -f serve.yaml -r serve
check "a server lives as long as its suite" all "expect_status 0" "logged served use down"
check "a server is gone then" all nothing_left no_temporary_files
check "what it printed is in the log" grep -q "the server says 1999 " serve/hooks/a.setup.log

# Failures.
cat >bad.yaml <<'YAML'
suites:
  - {name: a, command: ./says a, setup: [sh, -c, 'echo the reason; exit 3'], teardown: ./says a-down, weight: 2}
  - {name: b, command: ./says b, weight: 1}
YAML
rm -f log
run run -f bad.yaml --size 1 -r bad
check "failed setup: its tasks fail, others run" all "expect_status 1" "logged a-down b" \
    "out_has '1 passed'" "out_has '1 error'"
check "failed setup: it is said why" \
    out_has "the setup of suite 'a' failed: exit status 3; its output is in hooks/a.setup.log"
check "failed setup: in the report" \
    grep -q "type=.tpsched.setup." bad/report.xml
check "failed setup: with its output" grep -q "the reason" bad/report.xml

printf 'setup: ./nowhere\nteardown: ./says down\nsuites: [{name: a, command: ./says a}]\n' >none.yaml
rm -f log
run run -f none.yaml -r none
check "failed setup of the plan: nothing runs" all "expect_status 1" "logged down" \
    "out_has \"the setup of the plan failed: './nowhere': could not start\""

cat >late.yaml <<'YAML'
teardown: ./says plan-down 1
suites:
  - {name: a, command: ./says a, teardown: ./says a-down 4}
  - {name: b, command: ./says b}
YAML
rm -f log
run run -f late.yaml --size 1 -r late
check "failed teardown: exit status 1" expect_status 1
check "failed teardown: of the suite" out_has "the teardown of suite 'a' failed: exit status 4"
check "failed teardown: of the plan" out_has "the teardown of the plan failed: exit status 1"
check "failed teardown: errors in the report" \
    eval '[ "$(grep -c "name=\"[a-z]*: teardown\"" late/report.xml)" -eq 2 ]'

# Time.
cat >slow.yaml <<'YAML'
suites:
  - {name: a, command: ./says a, setup: sleep 600, setup_timeout: 300ms, teardown: ./says a-down}
  - {name: b, command: ./says b, teardown: sleep 600, teardown_timeout: 300ms}
YAML
rm -f log
run run -f slow.yaml --size 1 -r slow
check "timeout of a setup" all "expect_status 1" \
    "out_has \"the setup of suite 'a' failed: timed out after\""
check "timeout of a teardown" out_has "the teardown of suite 'b' failed: timed out after"
check "timeouts: nothing is left" all nothing_left no_temporary_files

# Interrupts. A background job ignores SIGINT, and what is ignored stays ignored.
cat >stay.yaml <<'YAML'
teardown: ./says plan-down
suites:
  - {name: a, command: [sh, -c, './says a; exec sleep 600'], setup: ./serve.sh, teardown: ./down.sh}
  - {name: b, command: ./says b, setup: ./says b-up}
YAML
start() {
    rm -f log
    TPSCHED_CLI_PROBE=$TMP "$TPSCHED" run -f "$1" -r stay --size 1 >"$OUT" 2>"$ERR" </dev/null &
    PID=$!
    wait_for 30 grep -qsx "$2" log
}

start stay.yaml a
kill -TERM "$PID"
wait "$PID"
ended
check "once: teardowns run" all "expect_status 130" "grep -qx down log" "grep -qx plan-down log"
check "once: the server was there for them" eval '! grep -q gone log'
check "once: nothing starts any more" eval '! grep -q b log'
check "once: nothing is left" all nothing_left no_temporary_files

printf 'teardown: ./says down\nsuites: [{name: a, command: ./says a, setup: [sh, -c, "./says up; exec sleep 600"]}]\n' >up.yaml
start up.yaml up
kill -TERM "$PID"
wait "$PID"
ended
check "once, during a setup: it is ended" all "expect_status 130" "logged up down"

start stay.yaml a
kill -TERM "$PID"
kill -HUP "$PID" # two of one kind may be taken for one
wait "$PID"
ended
check "twice: no teardown" all "expect_status 130" "! grep -q down log"
check "twice: nothing is left" all nothing_left no_temporary_files

printf 'suites: [{name: a, command: ./says a, teardown: [sh, -c, "./says down; exec sleep 600"]}]\n' >down.yaml
start down.yaml down
kill -TERM "$PID"
sleep 0.2
check "once, during a teardown: it goes on" kill -0 "$PID"
kill -TERM "$PID"
wait "$PID"
ended
check "twice, during a teardown: at once" all "expect_status 130" nothing_left no_temporary_files

start stay.yaml a
kill -KILL "$PID"
wait "$PID" 2>/dev/null
check "SIGKILL: nothing is left" all "wait_for 30 nothing_left" "wait_for 5 no_temporary_files"
finish
