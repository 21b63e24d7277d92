#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The protocol of Bazel and googletest: heeded as a test program, and used for programs that shard themselves.
. "$(dirname "$0")/lib.sh"

# A program that honours the protocol, one that ignores it, one that touches and fails, one that dies.
cat >honours <<'SH'
#!/bin/sh
env | grep -E '^(G?TEST_|XML_)' >"env.$TEST_SHARD_INDEX"
: >"$TEST_SHARD_STATUS_FILE"
i=0
for name in one two three four five; do
    [ $((i % TEST_TOTAL_SHARDS)) -eq "$TEST_SHARD_INDEX" ] && echo "$name" && echo "$name" >>ran
    i=$((i + 1))
done
exit ${STATUS:-0}
SH
printf '#!/bin/sh\nfor name in one two; do echo $name >>ran; done\n' >ignores
printf '#!/bin/sh\n: >"$TEST_SHARD_STATUS_FILE"; kill -SEGV $$\n' >dies
cat >reports <<'SH'
#!/bin/sh
: >"$TEST_SHARD_STATUS_FILE"
[ "$TEST_SHARD_INDEX" -lt 2 ] || exit 0
printf '<testsuite name="s"><testcase classname="c" name="good%s"/>%s</testsuite>' "$TEST_SHARD_INDEX" \
    "$([ "$TEST_SHARD_INDEX" -eq 0 ] || echo '<testcase classname="c" name="bad"><failure message="no"/></testcase>')" >"$XML_OUTPUT_FILE"
SH
chmod +x honours ignores dies reports
suite() {
    printf 'suites:\n  - {name: s, framework: sharded, command: [./%s], parts: %s}\n' "$1" "$2" >tpsched.yaml
    rm -f ran env.*
}

# As a producer.
suite honours 3
run list
check "a testcase is a shard" all 'expect_status 0' 'out_has "shard 1/3"' 'out_has "shard 3/3"'
TEST_TOTAL_SHARDS=7 TEST_SHARD_INDEX=6 run run -r report
check "each test once" all 'answers 0 "PASSED: 3 testcases"' \
    '[ "$(sort ran | paste -sd,)" = five,four,one,three,two ]' \
    'grep -qx TEST_TOTAL_SHARDS=3 env.0' 'grep -qx GTEST_TOTAL_SHARDS=3 env.2' 'grep -qx GTEST_SHARD_INDEX=2 env.2'
run run -r again --testcase 'shard 2/3'
check "one shard alone" answers 0 "PASSED: 1 testcase"
run plan --shards 2 -o plan.json
rm -f ran
for shard in 1 2; do
    run run -p plan.json --shard $shard/2 -r nodes
done
run merge -p plan.json nodes -o all.xml
check "over two nodes" all 'answers 0 "PASSED: 3 testcases"' '[ "$(sort ran | paste -sd,)" = five,four,one,three,two ]'
suite honours 9
run run -r report
check "more shards than tests" all 'answers 0 "PASSED: 9 testcases"' '[ "$(sort ran | paste -sd,)" = five,four,one,three,two ]'
suite honours 1
run run -r report
check "one shard" answers 0 "PASSED: 1 testcase"
suite honours auto
run run -r report
check "how many is for the suite to say" fails 2 "parts: N"
suite honours 2
STATUS=1 TPSCHED_CLI_PROBE=$TMP "$TPSCHED" run -r report >"$OUT" 2>"$ERR"; ended
check "an exit status that is no pass" answers 1 "2 failed"
suite ignores 3
run run -r report
check "who ignores it is found out" all 'answers 3 "INCOMPLETE"' "out_has \"it left no file 'sharded'\""
suite dies 2
run run -r report
check "who dies has not passed" all 'not expect_status 0' 'out_has SIGSEGV'
suite reports 3
run run -r report
check "its tests are cases" all 'answers 1 "FAILED: 3 testcases, 2 passed"' \
    'grep -q good0 report/report.xml' 'grep -q "\"c.bad\"\|c\.bad" report/report.xml'
if [ -n "${TPSCHED_SAMPLE_GOOGLETEST:-}" ]; then
    cat >tpsched.yaml <<YAML
suites:
  - {name: gt, framework: sharded, command: ["$TPSCHED_SAMPLE_GOOGLETEST"], args: ["--gtest_filter=Plain.Pass:Range/*"], parts: 3}
YAML
    run run -r gt
    "$TPSCHED_SAMPLE_GOOGLETEST" --gtest_filter='Plain.Pass:Range/*' --gtest_output="xml:$TMP/own.xml" >/dev/null 2>&1
    cases() {
        python3 - "$@" <<'PY'
import sys, xml.etree.ElementTree as tree
from urllib.parse import unquote
names = lambda path: [c for c in tree.parse(path).iter("testcase")]
own = sorted(c.get("classname") + "." + c.get("name") for c in names(sys.argv[2]))
got = sorted(unquote(p.get("value")) for c in names(sys.argv[1]) for p in c.iter("property") if p.get("name") == "tpsched.case")
if own != got or not own:
    sys.exit(f"{got} is not {own}")
PY
    }
    check "a real googletest: each of its tests once" cases gt/report.xml own.xml
else
    skip "a real googletest" "there is none"
fi

# As a consumer: what Bazel does with a test of shard_count = 2.
cat >tpsched.yaml <<'YAML'
suites:
  - {name: a, command: [sh, -c, 'env >a.env; echo a >>ran'], weight: 5}
  - {name: b, command: [sh, -c, 'env >b.env; echo b >>ran'], weight: 4}
YAML
run plan --shards 2 -o plan.json
# bazel INDEX TOTAL ARG...
bazel() {
    local index=$1 total=$2
    shift 2
    rm -rf status gstatus premature out.xml ran ./*.env bazel-report
    env BAZEL_TEST=1 TEST_TOTAL_SHARDS="$total" TEST_SHARD_INDEX="$index" TEST_SHARD_STATUS_FILE="$TMP/status" \
        GTEST_TOTAL_SHARDS="$total" GTEST_SHARD_INDEX="$index" GTEST_SHARD_STATUS_FILE="$TMP/gstatus" \
        XML_OUTPUT_FILE="$TMP/out.xml" TEST_PREMATURE_EXIT_FILE="$TMP/premature" ${FILTER:+TESTBRIDGE_TEST_ONLY="$FILTER"} \
        TPSCHED_CLI_PROBE="$TMP" "$TPSCHED" run -r bazel-report "$@" >"$OUT" 2>"$ERR" </dev/null
    ended
}
scrubbed() {
    not grep -E '^(G?TEST_(TOTAL_SHARDS|SHARD_)|XML_OUTPUT_FILE|TEST_PREMATURE|TESTBRIDGE)' ./*.env
}
bazel 1 2 --plan plan.json --shard auto
check "its shard" all 'answers 0 "PASSED: 1 testcase"' '[ "$(cat ran)" = b ]' 'err_has "shard 2/2 (from TEST_SHARD_INDEX, Bazel)"' \
    '[ -e status ]' '[ -e gstatus ]' '[ ! -e premature ]' 'cmp out.xml bazel-report/report.xml' scrubbed
bazel 0 2 --plan plan.json --shard 1/2
check "said by hand, and the same" all 'answers 0 "PASSED: 1 testcase"' '[ -e status ]' scrubbed
bazel 0 2 --plan plan.json --shard 2/2
check "another shard does not honour it" all 'expect_status 0' '[ ! -e status ]' '[ ! -e gstatus ]'
bazel 0 2 --plan plan.json
check "nor do all" all 'expect_status 0' '[ "$(sort ran | paste -sd,)" = a,b ]' '[ ! -e status ]'
bazel 0 3 --plan plan.json --shard auto
check "another number of shards" all 'fails 2 "the plan has 2 shards, not 3"' '[ ! -e status ]' '[ ! -e premature ]' '[ ! -e out.xml ]'
bazel 2 2 --plan plan.json --shard auto
check "out of range" all 'fails 2 "TEST_SHARD_INDEX=2 is none of TEST_TOTAL_SHARDS=2"' '[ ! -e status ]'
run plan --shards 3 -o three.json
bazel 2 3 --plan three.json --shard auto
check "an empty shard honours it, too" all 'expect_status 0' '[ -e status ]' '[ ! -e ran ]' '[ -e out.xml ]'
touch -d @1 "$TMP/old"
bazel 0 2 --plan plan.json --shard auto --attempt 1
cp -p old status
env TEST_TOTAL_SHARDS=2 TEST_SHARD_INDEX=0 TEST_SHARD_STATUS_FILE="$TMP/status" "$TPSCHED" run -p plan.json --shard auto -r bazel-report >"$OUT" 2>"$ERR"; ended
check "a status file that is there is touched" all 'expect_status 0' '[ status -nt old ]'
env TEST_TOTAL_SHARDS=2 TEST_SHARD_INDEX=0 TEST_SHARD_STATUS_FILE="$TMP/no/where" "$TPSCHED" run -p plan.json --shard auto -r bazel-report >"$OUT" 2>"$ERR"; ended
check "one that can't be touched" all 'not expect_status 0' 'err_has "no/where"'
env GTEST_TOTAL_SHARDS=2 GTEST_SHARD_INDEX=1 GTEST_SHARD_STATUS_FILE="$TMP/gstatus" XML_OUTPUT_FILE="$TMP/mine.xml" \
    "$TPSCHED" run -p plan.json --shard auto -r bazel-report >"$OUT" 2>"$ERR"; ended
check "googletest's variables alone" all 'expect_status 0' 'err_has "shard 2/2 (from GTEST_SHARD_INDEX"' '[ ! -e mine.xml ]'

FILTER='b' bazel 0 1
check "a filter" all 'answers 0 "PASSED: 1 testcase"' '[ "$(cat ran)" = b ]' scrubbed
FILTER='nothing' bazel 0 1
check "of nothing" all 'fails 2 nothing' '[ ! -e ran ]' '[ ! -e out.xml ]' '[ ! -e premature ]'
FILTER='b' bazel 0 1 --include a
check "two filters" fails 2 "TESTBRIDGE_TEST_ONLY is a filter"
FILTER='b' bazel 0 2 --plan plan.json --testcase a
check "likewise with a plan" fails 2 "TESTBRIDGE_TEST_ONLY is a filter"
FILTER='b*' bazel 1 2 --plan plan.json --shard auto
check "a filter of a plan" all 'answers 0 "PASSED: 1 testcase"' '[ "$(cat ran)" = b ]' '[ -e status ]' scrubbed
FILTER='a:?' bazel 1 2 --plan plan.json --shard auto
check "it is in another shard" all 'expect_status 0' '[ ! -e ran ]' '[ -e status ]' '[ -e out.xml ]'
FILTER='c' bazel 1 2 --plan plan.json --shard auto
check "it is in none" all 'fails 2 "the plan has nothing that '\''c'\'' matches"' '[ ! -e ran ]' '[ ! -e status ]' '[ ! -e premature ]'
FILTER='*' bazel 0 1 --plan plan.json
check "it is everything" all 'answers 0 "PASSED: 2 testcases"' '[ "$(sort ran | paste -sd,)" = a,b ]'

cat >slow.yaml <<'YAML'
suites:
  - {name: slow, command: [sh, -c, 'test -e premature && echo >seen; sleep 600']}
YAML
env BAZEL_TEST=1 TEST_PREMATURE_EXIT_FILE="$TMP/premature" "$TPSCHED" run -f slow.yaml -r slow >"$OUT" 2>"$ERR" </dev/null &
pid=$!
check "while it runs, the file is there" wait_for 60 test -e seen
kill -KILL $pid
wait $pid 2>/dev/null
ended
check "and stays when it is killed" test -e premature
finish
