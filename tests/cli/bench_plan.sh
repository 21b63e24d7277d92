#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The benchmark of plans; TPSCHED is that program here.
. "$(dirname "$0")/lib.sh"

# Sixteen testcases, every second one takes twice as long; the next version takes a tenth more.
changed() { # LONG SHORT
    local i all=''

    for i in $(seq -w 8); do
        all+="${all:+, }\"a.py::t$i.1\": $1, \"a.py::t$i.2\": $2"
    done
    echo "$all"
}
cat >one.json <<JSON
{"schema": "tpsched.durations-history/1", "name": "one", "level": "testcase", "versions": [
 {"commit": "a", "time": 1, "changed": {$(changed 20 10)}, "gone": []},
 {"commit": "b", "time": 2, "changed": {$(changed 22 11)}, "gone": []}]}
JSON

column() { # NUMBER, of the row that begins with NAME
    sed -n "s:^$2  *::p" "$OUT" | awk -v column="$1" '{print $column}'
}
is() {
    [ "$(column "$1" "$2")" = "$3" ] || { echo "'$(column "$1" "$2")', not '$3'"; return 1; }
}

run one.json --svg picture.svg
check "it answers" expect_status 0
check "in turns, one of two workers gets all the long ones: 4 for 3" is 1 "round robin by count" 1.3333
check "and the first half is as long as the second" is 1 "chunks by count" 1.0000
check "longest first is even" is 1 "longest first" 1.0000
check "as we are" is 1 "tpsched run --shard K/N" 1.0000
check "the past says what is long, and a tenth less of each" is 3 "longest first" 1.000
check "longest first misses a target that was a tenth too short" not is 5 "longest first" 100.0
check "the picture is whole" grep -q '^</svg>$' picture.svg

run --half none one.json
check "a half is tune, report or all" not expect_status 0
run
check "without a history it says so" grep -q "name a history" "$ERR"
finish
