#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What keeps tasks apart from the rest of the machine, and that it is said.
. "$(dirname "$0")/lib.sh"

cat >tpsched.yaml <<'YAML'
suites:
  - {name: sees, command: [sh, -c, 'kill -0 "$STRANGER"']}
  - {name: leaks, command: [sh, -c, 'setsid sleep 600 </dev/null >/dev/null 2>&1 &']}
  - {name: hangs, timeout: 300ms, command: [sh, -c, 'setsid sleep 600 & exec sleep 600']}
YAML
sleep 600 &
export STRANGER=$!

# supervised TEXT: so the journal's last run says.
supervised() {
    python3 - "$1" report/journal.jsonl <<'PY'
import json, sys
runs = [d for d in map(json.loads, open(sys.argv[2])) if d["record"] in ("run", "resume")]
sys.exit(runs[-1]["supervision"] != sys.argv[1])
PY
}

run run -r report --size 2
check "without: others are seen" all "expect_status 1" "out_has 'tasks: 1 passed, 1 leaked, 1 timed out'" nothing_left
check "which is not said, but noted" all "not err_has supervision:" "supervised subreaper"
run run -r report --size 2 --isolate none
check "none is the same" all "out_has 'tasks: 1 passed, 1 leaked, 1 timed out'" "supervised subreaper"

run run -r report --size 2 --isolate pid
if [ "$STATUS" -eq 4 ]; then
    check "not to be had: it says why" fails 4 "cannot isolate commands in a PID namespace: "
    skip "in a namespace" "there are none for us"
else
    check "in a namespace: they are not" all "expect_status 1" "out_has 'tasks: 1 leaked, 1 failed, 1 timed out'" nothing_left
    check "which is said" eval "err_has 'supervision: pid namespace' || err_has 'supervision: user and pid namespace'"
    check "and noted" eval "supervised 'pid namespace' || supervised 'user and pid namespace'"
    sed 's/^suites:/pool: {isolate: pid}\nsuites:/' tpsched.yaml >pool.yaml
    run run -f pool.yaml -r report --size 2
    check "the plan file can ask for it" all "out_has 'tasks: 1 leaked, 1 failed, 1 timed out'" "err_has 'pid namespace'"
    run run -f pool.yaml -r report --size 2 --isolate auto
    check "and the command line is stronger" all "out_has 'tasks: 1 passed, 1 leaked, 1 timed out'" "not err_has supervision:"
fi

run run -r report --size 2 --isolate cgroup
if [ "$STATUS" -eq 4 ]; then
    check "no cgroup: it says why" fails 4 "cgroup"
else
    check "in a cgroup" all "out_has 'tasks: 1 passed, 1 leaked, 1 timed out'" "err_has 'supervision: subreaper + cgroup v2'" nothing_left
fi

run run --isolate vm
check "other words" fails 2 "--isolate: it is none, pid, cgroup or auto"
printf 'pool: {isolate: vm}\nsuites: [{name: a, command: "true"}]\n' >bad.yaml
run run -f bad.yaml
check "neither in the file" fails 2 "bad.yaml:1:17: 'isolate' is none, pid, cgroup or auto"
kill "$STRANGER"
finish
