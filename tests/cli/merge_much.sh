#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A merge of more than is held in memory: the answer is that of a small one, and failures leave nothing.
. "$(dirname "$0")/lib.sh"

# SUITES TESTCASES FILE NUMBER: some are in several files, one in seven fails in odd ones.
report() {
    awk -v n_suites="$1" -v n="$2" -v number="$4" 'BEGIN {
        print "<testsuites>"
        for (s = 0; s < n_suites; s++) {
            printf "<testsuite name=\"s%d\" timestamp=\"2026-11-20T10:00:%02d\">\n", s, number
            for (i = 0; i < n; i++) {
                id = (i % 3 ? "own" i "_" number : "all" i)
                printf "<testcase classname=\"s%d\" name=\"%s\" time=\"0.%03d\">", s, id, i % 1000
                if (number % 2 && i % 7 == 0)
                    printf "<failure message=\"m %d\">text of %d</failure>", i, number
                printf "<system-out>%0400d</system-out></testcase>\n", i
            }
            print "</testsuite>"
        }
        print "</testsuites>"
    }' >"$3"
}
mkdir all left right
for i in $(seq 0 11); do
    report 4 1000 "all/$i.xml" "$i"
    cp "all/$i.xml" "$([ "$i" -lt 6 ] && echo left || echo right)"
done

same_bytes() {
    cmp merged.xml "$1"
}
no_output() {
    ! names_in . | grep '^none' && no_temporary_files
}

run merge all -o merged.xml
check "it is merged" expect_status 1
check "testcases are counted once" test "$(grep -c '<testcase' merged.xml)" -eq 33304
check "so says the header" grep -q '^<testsuites name="tpsched" tests="33304"' merged.xml
check "who is in several reports is told" out_has "s0: 334 testcases are in several reports"
# shellcheck disable=SC2046 # they are words
run merge $(printf 'all/%d.xml ' 7 3 11 0 9 5 1 10 2 8 4 6) -o other.xml
check "the order changes nothing" same_bytes other.xml
run merge left -o l.xml
run merge right -o r.xml
run merge r.xml l.xml -o other.xml
check "nor does merging in two steps" same_bytes other.xml
run merge merged.xml merged.xml all/3.xml -o other.xml
check "nor merging it again" same_bytes other.xml
cp all/3.xml copy.xml
run merge all copy.xml -o other.xml
check "nor a copy" same_bytes other.xml
check "which is told" out_has "s0: the same report was given more than once and counts once"
run merge all --format junit
check "what goes to a pipe is the same" cmp "$OUT" merged.xml
check "it leaves nothing" all nothing_left no_temporary_files

TMPDIR=/nonexistent run merge all -o none.xml
check "without room for its files it fails" all "expect_status 4" "err_has 'temporary file'" no_output
TMPDIR=/nonexistent run merge all/0.xml --format json
check "little needs none" expect_status 0
(
    ulimit -f 4000
    trap '' XFSZ
    exec "$TPSCHED" merge all -o none.xml
) >"$OUT" 2>"$ERR" </dev/null
ended
check "a full disk is told" all "expect_status 4" "err_has 'temporary file'" no_output

# It waits for a report that never comes.
mkfifo late.xml
"$TPSCHED" merge all late.xml -o none.xml >"$OUT" 2>"$ERR" </dev/null &
pid=$!
sleep 60 >late.xml &
writer=$!
reads_late() {
    [ -n "$(find "/proc/$pid/fd" -lname '*/late.xml')" ]
}
wait_for 20 reads_late
kill -INT "$pid"
wait "$pid"
ended
kill "$writer"
check "Ctrl-C while it reads ends it" all "expect_status 130" no_output

# Its answer is read no further than a byte.
mkfifo answer
"$TPSCHED" merge all --format junit >answer 2>"$ERR" </dev/null &
pid=$!
{
    head -c 1 >/dev/null
    kill -INT "$pid"
    cat >/dev/null
} <answer
wait "$pid"
ended
check "and so it does while it writes" all "expect_status 130" no_temporary_files
finish
