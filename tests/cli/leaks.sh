#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Tasks that leave processes behind: these keep nobody waiting, and each is told.
. "$(dirname "$0")/lib.sh"

# A daemon as daemons are: a session of its own, no file of ours open.
cat >daemon.sh <<'SH'
#!/bin/sh
setsid sleep 600 </dev/null >/dev/null 2>&1 &
echo "$TPSCHED_TASK leaves one"
echo "$TPSCHED_SANDBOX" >>"$TPSCHED_REPORT_DIR/sandboxes"
touch "$TPSCHED_SANDBOX/file"
exit "${1:-0}"
SH
chmod +x daemon.sh

{
    echo "suites:"
    for i in $(seq 100); do
        echo "  - {name: s$i, command: ./daemon.sh}"
    done
} >many.yaml
run run -f many.yaml --size 2 -r many
check "100 of 100 are leaks" all "answers 0 'PASSED: 100 testcases'" "out_has 'tasks: 100 leaked'"
check "each names its own process" journal many/journal.jsonl \
    'd["leaked"] >= 1 and "sleep (pid " in d["leaked_names"] and d["end"] == "exited" and d["code"] == 0'
check "the report says what each cost" eval \
    '[ "$(grep -c "tpsched.part.0.memory\" value=\"[1-9]" many/report.xml)" -eq 100 ]'
check "each has what it printed" journal many/journal.jsonl \
    'd["output"].startswith(d["suite"] + " leaves one")'
check "none shares its directory with what another left" \
    eval '[ "$(sort -u many/sandboxes | wc -l)" -eq 100 ]'
check "nothing is left" all nothing_left no_temporary_files

# What failed or was killed is a failure, and leaks beside.
cat >bad.yaml <<'YAML'
suites:
  - {name: fails, command: [./daemon.sh, '3']}
  - {name: dies, command: [sh, -c, './daemon.sh; kill -9 $$']}
  - {name: good, command: 'true'}
YAML
run run -f bad.yaml --size 1 --keep -r bad
check "a failure stays one" all "expect_status 1" "out_has 'tasks: 1 passed, 1 failed, 1 killed by a signal'"
check "its directory is kept" eval '[ "$(find bad/parts -path "*/fails*/sandbox/file" | wc -l)" -eq 1 ]'
check "and nothing else" all nothing_left no_temporary_files
run run -f bad.yaml --size 1 --rerun 1 -r rerun
check "what leaks is run again" all "expect_status 1" "err_has 'again fails: attempt 2'" nothing_left

# What holds something holds it until nothing of it is left.
cat >alive.sh <<'SH'
#!/bin/sh
for pid in $(cat "$TPSCHED_REPORT_DIR/$2" 2>/dev/null); do
    kill -0 "$pid" 2>/dev/null && exit 9
done
setsid sh -c "echo \$\$ >>'$TPSCHED_REPORT_DIR/$1'; exec sleep 600" </dev/null >/dev/null 2>&1 &
while ! [ -s "$TPSCHED_REPORT_DIR/$1" ]; do sleep 0.01; done
SH
chmod +x alive.sh
{
    echo "suites:"
    for i in 1 2 3 4 5 6; do
        echo "  - {name: s$i, command: [./alive.sh, pids, pids], locks: [port]}"
    done
} >locked.yaml
run run -f locked.yaml --size 2 -r locked
check "a lock is held until then" all "answers 0 PASSED" "out_has 'tasks: 6 leaked'"
{
    echo "suites:"
    for i in 1 2 3; do
        echo "  - {name: s$i, command: [./alive.sh, pids, none]}"
        echo "  - {name: x$i, command: [./alive.sh, pids, pids], exclusive: true}"
    done
} >alone.yaml
run run -f alone.yaml --size 2 -r alone
check "who is alone has nobody's leak beside" all "answers 0 PASSED" "out_has 'tasks: 6 leaked'" nothing_left

# Stopped while something lingers.
printf '  - {name: last, command: sleep 600}\n' | cat many.yaml - >stop.yaml
TPSCHED_CLI_PROBE=$TMP env --default-signal=INT "$TPSCHED" run -f stop.yaml --size 2 -r stop \
    >"$OUT" 2>"$ERR" </dev/null &
pid=$!
wait_for 60 [ -s stop/sandboxes ]
kill -INT "$pid"
wait "$pid"
ended
check "stopped: what lingers has its report" all "expect_status 130" nothing_left no_temporary_files
run run -f many.yaml --size 2 -r stop/none --output immediate
check "not with output as it comes" fails 2 "needs --size 1"
head -n 4 many.yaml >few.yaml
run run -f few.yaml --size 1 -r few --output immediate
check "which goes on in order" all "answers 0 'PASSED: 3'" "out_has 'tasks: 3 leaked'"
run run -f few.yaml --size 2 -r ordered --output-order plan --output all
check "plan order stays" all "answers 0 'PASSED: 3'" \
    "diff <(grep -o '^--- s[0-9]* ---' '$ERR') <(printf -- '--- s%d ---\n' 1 2 3)"

if need_pytest; then
    mkdir py
    cat >py/test_leaky.py <<'PY'
import subprocess
def test_leaves_one():
    subprocess.Popen(["sleep", "600"], start_new_session=True, stdin=subprocess.DEVNULL,
                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
PY
    printf 'suites: [{name: api, framework: pytest, path: py}]\n' >py.yaml
    run run -f py.yaml --size 2 -r py-report
    check "a framework's report counts" all "answers 0 'PASSED: 1 testcase'" "out_has 'tasks: 1 leaked'" nothing_left
fi
finish
