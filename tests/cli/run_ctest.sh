#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# ctest through `run`.
. "$(dirname "$0")/lib.sh"
if ! cmake --version >/dev/null 2>&1 || ! ctest --version >/dev/null 2>&1; then
    skip_all "there is no ctest"
fi

# suite PARTS BUILD [LINE]: a plan file.
suite() {
    printf 'name: cli\nsuites:\n  - name: ct\n    framework: ctest\n    parts: %s\n' "$1"
    printf '    path: "%s"\n    %s\n' "$2" "${3:-}"
}

# own_results BUILD: what ctest itself says. What it could not run is an error to us.
own_results() {
    (cd "$1" && ctest --output-junit "$TMP/own.xml") >/dev/null 2>&1
    python3 - "$TMP/own.xml" <<'PY' | sort
import sys, xml.etree.ElementTree as tree
for case in tree.parse(sys.argv[1]).iter("testcase"):
    skipped = case.find("skipped")
    # A line end in an attribute is a blank; ctest doesn't write it as a character reference.
    outcome = ("skipped" if case.get("status") == "disabled" else "failed" if case.find("failure") is not None else "passed" if skipped is None
               else "error" if "executable" in skipped.get("message", "") else "skipped")
    print(ascii((case.get("name"), outcome)))
PY
}
our_results() {
    python3 - "$1" <<'PY' | sort
import sys, xml.etree.ElementTree as tree
for case in tree.parse(sys.argv[1]).iter("testcase"):
    kinds = {child.tag for child in case}
    outcome = ("error" if "error" in kinds else "failed" if "failure" in kinds
               else "skipped" if "skipped" in kinds else "passed")
    print(ascii((case.get("name").partition("#")[0].replace("\n", " "), outcome)))
PY
}
as_itself() {
    diff own <(our_results "$1")
}

check "the sample is configured" cmake -S "$TPSCHED_SAMPLE_CTEST" -B "red build"
own_results "red build" >own
for size in auto 1 3; do
    suite "$size" "red build" >tpsched.yaml
    run run --size $size --report-dir red
    check "red, size $size: as ctest itself" all 'answers 1 FAILED' 'as_itself red/report.xml'
done
grep -v "twice#2" "$OUT" >red.out
check "each failure reproduces" each_again red.out
check "no name was executed" [ ! -e x ]

mkdir project
cat >project/CMakeLists.txt <<'CMAKE'
cmake_minimum_required(VERSION 3.21)
project(green NONE)
enable_testing()
foreach(i RANGE 1 9)
  add_test(NAME t${i} COMMAND sleep 0.0${i})
endforeach()
CMAKE
check "a green project is configured" cmake -S project -B green
own_results green >own
for size in auto 1 3; do
    suite "$size" green >tpsched.yaml
    run run --size $size --report-dir green-report -w data.json
    check "green, size $size: as ctest itself" all 'answers 0 "PASSED: 9 testcases"' 'as_itself green-report/report.xml'
done
run plan -d data.json --size 3 -o plan.json
check "the second plan is measured" all 'out_has "9 testcases measured, 0 guessed"' \
    'json plan.json "d[\"suites\"][0][\"evidence\"] == \"measured\""'
run run --plan plan.json --report-dir whole
check "parts in any order and shards are the whole" parts_in_any_order ct 3

cat >project/CMakeLists.txt <<'CMAKE'
cmake_minimum_required(VERSION 3.21)
project(bad NONE)
enable_testing()
add_test(NAME good COMMAND true)
add_test(NAME abort COMMAND sh -c "kill -ABRT $$")
add_test(NAME segv COMMAND sh -c "kill -SEGV $$")
CMAKE
check "a crashing project is configured" cmake -S project -B bad
suite auto bad >tpsched.yaml
run run --report-dir bad-report
check "SIGABRT and SIGSEGV are no passes, and cost nobody else" all 'expect_status 1' \
    'results bad-report/report.xml | grep "good., .passed"' \
    'not grep -E "(abort|segv)., .passed" <(results bad-report/report.xml)'

printf '\nadd_test(NAME slow COMMAND sh -c "setsid sleep 600 & sleep 600")\n' >>project/CMakeLists.txt
cmake -S project -B bad >/dev/null
suite auto bad "timeout: 3s" >tpsched.yaml
run run --report-dir slow
check "a timeout is no pass" all 'expect_status 3' 'not grep "slow., .passed" <(results slow/report.xml)'
check "a timeout: nothing left" wait_for 30 nothing_left
check "no temporary files" no_temporary_files
finish
