#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The benchmark of runs; TPSCHED is that program here, THE_TPSCHED what it measures.
. "$(dirname "$0")/lib.sh"

rows() { # of N cells that begin with TEXT
    grep "^| $2 |" "$OUT" | awk -F '|' -v n="$1" 'NF == n + 2' | wc -l
}
count() {
    [ "$(rows "$1" "$2")" = "$3" ] || { echo "$(rows "$1" "$2") rows of '$2', not $3"; return 1; }
}
# Every figure is one, and none is zero or less; a timeout is heard late where the machine is busy.
sane() {
    awk -F '|' '/^\|/ && !/^\| timeout/ && !/---/ && !/us \|/ && !/MB \|/ && !/ms \|/ {
        for (i = 3; i < NF; i++)
            if ($i ~ /^ *-?[0-9.]+ *$/) { n++; if ($i <= 0) bad = 1 } else if ($i !~ /[a-z]/) bad = 1
        if (bad) { print; exit }
    } END { exit bad || n < 36 }' "$OUT"
}

run --alone --rounds 1 --scale 500 --svg picture.svg "$THE_TPSCHED"
check "it answers" expect_status 0
check "tpsched is measured at each work" count 5 tpsched 4
check "and so is the bare loop" count 5 "bare loop" 4
check "nobody else is" out_lacks xargs
check "the loop is the measure" grep -qE '^\| bare loop \| [0-9]+ \| 1\.00 \| [0-9]+ \| 1\.00 \|$' "$OUT"
check "memory is seen, also with much output" count 5 "one prints 300 MB" 1
check "and so is the end of processes" count 4 "kill -9 of tpsched" 1
check "each figure is above zero" sane
check "the picture is whole" grep -q '^</svg>$' picture.svg
check "it leaves nothing" all nothing_left no_temporary_files

run --alone --rounds 1 --scale 5000 /bin/false
check "a program that fails is told" all "not expect_status 0" "out_has '| tpsched | failed |'"
run
check "without a program it says so" grep -q "name one program" "$ERR"
run --rounds 0 "$THE_TPSCHED"
check "no rounds are wrong" grep -q "1 to 99 rounds" "$ERR"
finish
