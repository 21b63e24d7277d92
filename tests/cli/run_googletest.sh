#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# googletest through `run`.
. "$(dirname "$0")/lib.sh"
[ -n "${TPSCHED_SAMPLE_GOOGLETEST:-}" ] || skip_all "there is no googletest"

# suite PARTS FILTER: a plan file for what the filter leaves.
suite() {
    printf 'name: cli\nsuites:\n  - name: gt\n    framework: googletest\n    parts: %s\n' "$1"
    printf '    command: ["%s"]\n    args: ["--gtest_filter=%s"]\n' "$TPSCHED_SAMPLE_GOOGLETEST" "$2"
}

# own_results FILTER: what the program itself says.
own_results() {
    "$TPSCHED_SAMPLE_GOOGLETEST" --gtest_filter="$1" --gtest_output="xml:$TMP/own.xml" >/dev/null 2>&1
    python3 - "$TMP/own.xml" <<'PY'
import sys, xml.etree.ElementTree as tree
for case in sorted(tree.parse(sys.argv[1]).iter("testcase"), key=lambda c: (c.get("classname"), c.get("name"))):
    kinds = {child.tag for child in case}
    outcome = ("failed" if "failure" in kinds else "skipped" if "skipped" in kinds or case.get("status") == "notrun"
               else "passed")
    print(ascii(("gt", case.get("classname") + "." + case.get("name"), outcome)))
PY
}
as_itself() {
    diff <(sort own) <(results "$1" | sort)
}

red='-Crash.*:Range/*'
own_results "$red" >own
for size in auto 1 3; do
    suite "$size" "$red" >tpsched.yaml
    run run --size $size --report-dir red
    check "red, size $size: as the program itself" all 'answers 1 FAILED' 'as_itself red/report.xml'
done
cp "$OUT" red.out
check "each failure reproduces" each_again red.out

green='Plain.Pass:Typed*:Few/Odd.Number/0:Few/Odd.Number/2:Range/Many.Number/1?'
own_results "$green" >own
for size in auto 1 3; do
    suite "$size" "$green" >tpsched.yaml
    run run --size $size --report-dir green -w data.json
    check "green, size $size: as the program itself" all 'answers 0 PASSED' 'as_itself green/report.xml'
done
run plan -d data.json --size 3 -o plan.json
check "the second plan is measured" all 'out_has ", 0 guessed"' \
    'json plan.json "d[\"suites\"][0][\"evidence\"] == \"measured\""'
run run --plan plan.json --report-dir whole
check "parts in any order and shards are the whole" parts_in_any_order gt 3

suite auto '*' >tpsched.yaml
run run --report-dir crash
check "SIGABRT is no pass" all 'answers 3 SIGABRT' 'results crash/report.xml | grep "Crash.Here., .error"' \
    'results crash/report.xml | grep "Crash.After., .error"' \
    'results crash/report.xml | grep "Crash.Before., .passed"'
check "20,000 testcases, each once" [ "$(reported crash/report.xml | uniq | grep -c Range/Many)" -eq 20000 ]

# A program that lists, and then says nothing and ends well.
cat >silent.sh <<SH
#!/bin/sh
case "\$*" in *--gtest_list_tests*) exec "$TPSCHED_SAMPLE_GOOGLETEST" "\$@" ;; esac
exit 0
SH
chmod +x silent.sh
suite auto "$green" | sed "s|command: .*|command: [./silent.sh]|" >tpsched.yaml
run run --report-dir silent
check "exit status 0 without a report is no pass" answers 3 "no report was written"

# One that never ends, and leaves a session of its own.
sed -i 's/^exit 0/setsid sleep 600 \& sleep 600/' silent.sh
run run --report-dir slow --timeout 2s
check "a timeout is no pass" all 'expect_status 3' 'out_has "timed out"'
check "a timeout: nothing left" wait_for 30 nothing_left
check "no temporary files" no_temporary_files
finish
