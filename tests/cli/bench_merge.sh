#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The benchmark of merges; TPSCHED is that program here, THE_TPSCHED what it measures.
. "$(dirname "$0")/lib.sh"

measured() { # NAME: its row has four or five figures, none below zero
    grep -qE "^\| $1 \| [0-9.]+ \| [0-9.]+ \| [0-9.]+ \| [0-9.]+ \| [0-9]+ \|$" "$OUT"
}
same_reports() {
    mkdir a b && "$GENERATE" a 3 40 5 && "$GENERATE" b 3 40 5 && diff -r a b
}
all_counted() {
    "$THE_TPSCHED" merge a --format json > merged.json
    grep -qE '"testcases":[[:space:]]*120[,}]' merged.json
}

run --rounds 1 --files 3 --testcases 40 --suites 5 --peers 0 "$GENERATE" "$PARSE" "$THE_TPSCHED"
check "it answers" expect_status 0
check "it says what was merged" grep -qE '^3 files, 0\.[0-9] MB, 120 testcases, 5 suites' "$OUT"
check "the parser is the measure" grep -qE '^\| expat alone \| [0-9.]+ \| [01]\.00 \|' "$OUT"
check "tpsched is measured" measured "tpsched merge"
check "others are left out" out_lacks junitparser
check "the reports are the same each time" same_reports
check "and have what is said of them" all_counted

run --rounds 1 --files 2 --testcases 4 --peers 0 "$GENERATE" /bin/false "$THE_TPSCHED"
check "a program that fails is told" all "expect_status 1" "out_has '| expat alone | failed |'"
run --rounds 1 --files 2 --testcases 4 --peers 0 "$GENERATE" "$PARSE" /nonexistent
check "a program that isn't there neither" not expect_status 0
run --rounds 0 "$GENERATE" "$PARSE" "$THE_TPSCHED"
check "no rounds are wrong" expect_status 2
finish
