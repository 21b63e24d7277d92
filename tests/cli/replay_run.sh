#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What was executed is executed again: same workers, order and starts.
. "$(dirname "$0")/lib.sh"

cat >tpsched.yaml <<'YAML'
suites:
  - {name: long, command: [sh, -c, 'test -e quick || sleep 2; echo long >>ran'], weight: 9}
  - {name: first, command: [sh, -c, 'echo first >>ran'], weight: 8}
  - {name: second, command: [sh, -c, 'echo second >>ran; ! test -e red'], weight: 7}
  - {name: after, command: [sh, -c, 'echo after >>ran'], weight: 1}
YAML
ran() {
    [ "$(tr '\n' ' ' <ran)" = "$1 " ] || { tr '\n' ' ' <ran; return 1; }
}
# same A B: the same tasks by the same workers in the same order.
same() {
    python3 - "$@" <<'PY'
import json, sys
def tasks(directory):
    with open(directory + "/executed.json", encoding="utf-8") as file:
        return [(t["suite"], t["worker"]) for t in json.load(file)["tasks"]]
if tasks(sys.argv[1]) != tasks(sys.argv[2]):
    sys.exit("%s, %s" % (tasks(sys.argv[1]), tasks(sys.argv[2])))
PY
}
starts_late() {
    json "$1/executed.json" '[t["start"] for t in d["tasks"] if t["suite"] == "late"][0] >= 2'
}

run run --size 1 -r alone
cp ran order
rm ran
run replay alone
check "one worker" all 'answers 0 "4 passed"' 'cmp ran order' 'same alone alone-replay'
touch red
run replay alone -r red-replay
check "its failures count" all 'answers 1 "1 failed"' 'same alone red-replay'
rm red ran

# Two workers: what waits for its time or its worker is taken by no other.
cat >two.yaml <<'YAML'
suites:
  - {name: gate, command: [sh, -c, 'test -e quick || sleep 2'], weight: 9}
  - {name: other, command: [sh, -c, 'test -e quick || sleep 2.5'], weight: 8}
  - {name: late, command: ["true"], weight: 1}
YAML
run run -f two.yaml --size 2 -r two
check "the run" all 'expect_status 0' 'starts_late two'
touch quick
run replay -f two.yaml two
check "late starts late again, though its worker idled" all 'expect_status 0' 'starts_late two-replay' \
    'same two two-replay'
run replay -f two.yaml two --no-wait -r hurry
check "--no-wait" all 'expect_status 0' 'not starts_late hurry'

# Nobody waits for the time of a task that will never start.
SECONDS=0
"$TPSCHED" replay -f two.yaml two -r stopped >out 2>err &
pid=$!
wait_for 10 grep -q "ok other" err
kill -INT $pid
wait $pid
ended
check "a signal ends the waiting" all 'expect_status 130' '[ $SECONDS -lt 30 ]' 'not grep -q "ok late" err'

run replay
check "no run" fails 2 "which run?"
run replay nowhere
check "no directory" fails 2 "'nowhere' is no report directory"
mkdir empty
run replay empty
check "nothing executed" fails 2 "executed.json"
run replay alone --shard 1/2
check "no other options" fails 2 --shard
run replay -f two.yaml alone
check "another project's" expect_status 2
check "nothing left" wait_for 30 nothing_left
check "no temporary files" no_temporary_files
finish
