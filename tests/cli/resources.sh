#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What tasks need while they run, with real processes: each says when it is there and when it is gone,
# by directories that only one can make.
. "$(dirname "$0")/lib.sh"

# Fails when somebody else is in it; "alone" is for all, the other names are locks.
cat >task <<'SH'
#!/bin/sh
# task NAME SECONDS: in the room of that name nobody else is.
mkdir "$TMP/rooms/$1" || exit 9
sleep "$2"
rmdir "$TMP/rooms/$1"
SH
# Exclusive: nobody is in the house, and nobody comes.
cat >alone <<'SH'
#!/bin/sh
look() { ls "$TMP/house" | grep -v "^$$\$"; }
touch "$TMP/house/$$"
if look; then exit 9; fi
sleep "$1"
if look; then exit 9; fi
rm "$TMP/house/$$"
SH
cat >guest <<'SH'
#!/bin/sh
touch "$TMP/house/$$"
sleep "$1"
rm "$TMP/house/$$"
SH
# Each device that it was given it has alone, and they are as many as it says.
cat >take <<'SH'
#!/bin/sh
set -e
n=0
for id in $(echo "$TPSCHED_GPU" | tr , ' '); do
    case $id in [0-2]) ;; *) exit 8 ;; esac
    mkdir "$TMP/rooms/gpu.$id"
    n=$((n + 1))
done
[ "$n" -eq "$1" ]
echo "$TPSCHED_GPU" >>"$TMP/given"
sleep 0.1
for id in $(echo "$TPSCHED_GPU" | tr , ' '); do rmdir "$TMP/rooms/gpu.$id"; done
SH
chmod +x task alone guest take
mkdir rooms house
export TMP

# Two hold one lock, a third another, and they never meet.
{
    echo "suites:"
    for n in 1 2 3 4 5 6; do
        echo "  - {name: a$n, command: [./task, one, '0.1'], weight: 10, locks: [one]}"
        echo "  - {name: b$n, command: [./task, two, '0.1'], weight: 10, locks: two}"
    done
} >locks.yaml
run run -f locks.yaml --size 6 -r locks
check "two with one lock never meet" all 'answers 0 "12 passed"' '[ -z "$(ls rooms)" ]'
check "two locks are held at the same time" python3 - <<'PY'
import json
tasks = json.load(open("locks/executed.json"))["tasks"]
spans = lambda name: [(t["start"], t["start"] + t["weight"]) for t in tasks if t["suite"][0] == name]
assert any(a < d and c < b for a, b in spans("a") for c, d in spans("b")), tasks
PY
sed 's/, locks: [^}]*//' locks.yaml >free.yaml
run run -f free.yaml --size 6 -r free
check "without the locks they meet" expect_status 1
rm -rf rooms && mkdir rooms

# The plan knows it: six of ten seconds take a minute, on any number of workers.
run plan -f locks.yaml --size 6 -o locks.json
check "the plan waits for locks" json locks.json \
    'd["makespan"]["expected"] == 60 and d["makespan"]["lower_bound"] == 60'
run explain -p locks.json
check "explained" answers 0 "tasks take turns: lock 'one'"
run plan -f free.yaml --size 6 -o free.json
check "and only for locks" json free.json 'd["makespan"]["expected"] == 20'
check "needs are pinned" json locks.json 'd["suites"][0]["needs"] == {"locks": ["one"]}'
check "nothing is written where nothing is needed" not grep -qE '"(needs|resources|sharded)"' free.json
run plan -f locks.yaml -t 30 -o locks.json
check "a target that locks forbid is raised" all 'expect_status 0' 'out_has "is raised to 1m00s: lock"' \
    'json locks.json "d[\"plan_runtime_target\"] == 60 and d[\"pool\"][\"size\"] == 2"'
run run -f locks.yaml --plan locks.json -r planned
check "the plan says so when it runs" answers 0 "12 passed"
run run -f locks.yaml --plan planned/executed.json -r again
check "what was executed is executed so again" all 'answers 0 "12 passed"' \
    'json again/executed.json "d[\"suites\"][0][\"needs\"] == {\"locks\": [\"one\"]}"'

run plan --diff free.json locks.json
check "other needs are told" answers 0 "needs nothing -> lock one"

# Each shard is a machine of its own.
run plan -f locks.yaml --shards 3 -o shards.json
check "shards don't wait for each other" all 'expect_status 0' \
    'json shards.json "d[\"makespan\"][\"expected\"] == 40 and d[\"pool\"][\"sharded\"]"' \
    "out_has \"shards want lock 'one', which holds within one machine only\""
for shard in 1 2 3; do
    run run -f locks.yaml --plan shards.json --shard $shard/3 -r shards
    check "shard $shard" expect_status 0
done
run merge --plan shards.json shards
check "the shards are merged" answers 0 "12 passed"

# Exclusive: alone on the machine, whatever stands before and behind.
{
    echo "suites:"
    for n in 1 2 3 4; do
        echo "  - {name: g$n, command: [./guest, '0.1'], weight: 10}"
        echo "  - {name: h$n, command: [./guest, '0.05'], weight: 1}"
    done
    echo "  - {name: x, command: [./alone, '0.2'], weight: 5, exclusive: true}"
    echo "  - {name: y, command: [./alone, '0.1'], weight: 10, exclusive: true}"
} >exclusive.yaml
run run -f exclusive.yaml --size 4 -r exclusive
check "exclusive tasks are alone" answers 0 "10 passed"
sed -i 's/, exclusive: true//' exclusive.yaml
run run -f exclusive.yaml --size 4 -r exclusive
check "else they are not" expect_status 1
rm -f house/*

# Devices: each has its own, of those that there are.
{
    echo "resources: {gpu: 3}"
    echo "suites:"
    for n in 1 2 3 4 5 6 7 8 9; do
        echo "  - {name: d$n, command: [./take, '$((n % 3 + 1))'], resources: {gpu: $((n % 3 + 1))}}"
    done
    echo "  - {name: none, command: [sh, -c, '[ -z \"\${TPSCHED_GPU+x}\" ]']}"
} >devices.yaml
run run -f devices.yaml --size 6 -r devices
check "devices are distinct, and in range" all 'answers 0 "10 passed"' '[ "$(wc -l <given)" -eq 9 ]' \
    'grep -qx 0,1,2 given' '[ -z "$(ls rooms)" ]'

# Two workers of two: alone. Three of two: alone, too, and it is told.
{
    echo "suites:"
    for n in 1 2 3 4; do
        echo "  - {name: g$n, command: [./guest, '0.1'], weight: 10}"
    done
    echo "  - {name: wide, command: [./alone, '0.1'], weight: 20, slots: 2}"
    echo "  - {name: wider, command: [./alone, '0.1'], weight: 15, slots: 3}"
} >slots.yaml
run run -f slots.yaml --size 2 -r slots
check "who occupies all workers is alone" all 'answers 0 "6 passed"' \
    'err_has "it wants 3 workers, and there are 2: its tasks run alone"'
run run -f slots.yaml --size 1 -r slots
check "one worker does it, too" answers 0 "6 passed"
run plan -f slots.yaml --size 3 -o slots.json
check "the plan counts them" json slots.json 'd["makespan"]["expected"] == 45'

# A wide one among many, all of which take much longer than they say, is not starved.
{
    echo "suites:"
    for n in $(seq 10 49); do
        echo "  - {name: g$n, command: [sleep, '0.1'], weight: $((n % 2 + 1))ms}"
    done
    echo "  - {name: wide, command: [sleep, '0.1'], weight: 1500us, slots: 3}"
} >starve.yaml
run plan -f starve.yaml --size 3 -o starve.json
check "the wide one stands in the middle" python3 - <<'PY'
import json
plan = json.load(open("starve.json"))
plan["tasks"].sort(key=lambda t: -t["weight"])
assert [t["suite"] for t in plan["tasks"]].index("wide") == 20
PY
run run -f starve.yaml --plan starve.json -r starve
check "it starts when its turn comes" all 'answers 0 "41 passed"' \
    'json starve/executed.json "[t[\"suite\"] for t in d[\"tasks\"]].index(\"wide\") < 32"'

# Memory: two of 60 % don't meet; what is more than all is alone.
{
    echo "suites:"
    for n in 1 2 3; do
        echo "  - {name: m$n, command: [./task, memory, '0.1'], weight: 10, memory: 600M}"
        echo "  - {name: g$n, command: [./guest, '0.1'], weight: 10}"
    done
    echo "  - {name: all, command: [./alone, '0.1'], weight: 10, memory: 2000M}"
} >memory.yaml
run run -f memory.yaml --size 4 --memory 1000M -r memory
check "memory is shared" all 'answers 0 "7 passed"' \
    'err_has "it wants more memory than there is: its tasks run alone"'
run plan -f memory.yaml --size 4 --memory 1000M -o memory.json
check "the plan knows the memory" json memory.json \
    'd["pool"]["memory"] == 1000 * 2**20 and d["makespan"]["expected"] == 40'
run plan -f memory.yaml --size 4 --memory any -o memory.json
check "no memory, no limit" json memory.json \
    '"memory" not in d["pool"] and d["makespan"]["expected"] == 20'

# What can't be had is told before anything runs.
echo 'suites: [{name: a, command: "true", resources: {gpu: 1}}]' >bad.yaml
run plan -f bad.yaml
check "nobody declares it" fails 2 "bad.yaml:1:48: suite 'a' wants resource 'gpu'"
printf 'resources: {gpu: 2}\nsuites: [{name: a, command: "true", resources: {gpu: 3}}]\n' >bad.yaml
run run -f bad.yaml
check "more than there is" fails 2 "bad.yaml:2:48: suite 'a' wants 3 of resource 'gpu', and there are 2"

# Interrupted while somebody waits for a lock.
sed "s/0.1'/30'/" locks.yaml >slow.yaml
TPSCHED_CLI_PROBE=$TMP env --default-signal=INT "$TPSCHED" run -f slow.yaml --size 6 -r stopped \
    >"$OUT" 2>"$ERR" </dev/null &
PID=$!
wait_for 30 test -d rooms/one
kill -INT $PID
wait $PID
# shellcheck disable=SC2034 # the helpers read it
STATUS=$?
check "interrupted while others wait" all 'expect_status 130' 'wait_for 30 nothing_left'

check "no temporary files" no_temporary_files
finish
