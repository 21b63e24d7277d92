#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Check through `run`.
. "$(dirname "$0")/lib.sh"

# suite PARTS [LINE]: a plan file.
suite() {
    printf 'name: cli\nsuites:\n  - name: ck\n    framework: check\n    parts: %s\n' "$1"
    printf '    command: ["%s"]\n    %s\n' "$TPSCHED_SAMPLE_CHECK" "${2:-}"
}

# What the program itself says in its log: suite, tcase, test and outcome.
own_results() {
    rm -f own.log
    CK_LOG_FILE_NAME=own.log "$TPSCHED_SAMPLE_CHECK" >/dev/null
    sed -nE -e 's/^Running suite (.*)/\1/;t hold' -e 's/^[^:]*:[0-9]+:([PFE]):(.*):(test_[a-z]+):[0-9]+: .*/\2:\3 \1/;t show' \
        -e 'b' -e ':hold' -e 'h;b' -e ':show' -e 'G;s/(.*)\n(.*)/\2:\1/p' own.log | sort
}
our_results() {
    python3 - "$1" <<'PY' | sort
import sys, xml.etree.ElementTree as tree
for case in tree.parse(sys.argv[1]).iter("testcase"):
    kinds = {child.tag for child in case}
    name = case.get("name").partition("[")[0].partition("#")[0]
    print(name, "E" if "error" in kinds else "F" if "failure" in kinds else "P")
PY
}
as_itself() {
    diff own <(our_results "$1")
}

own_results >own
check "the sample says something" [ "$(wc -l <own)" -eq 20 ]
for size in auto 1 3; do
    suite "$size" >tpsched.yaml
    run run --size $size --report-dir red
    check "red, size $size: as the program itself" all 'answers 1 FAILED' 'as_itself red/report.xml'
done
cp "$OUT" red.out
check "a crash is an error" grep "test_signal., .error" <(results red/report.xml)
# Check cannot run one test of a tcase alone; the others come along.
check "each failure reproduces" each_again red.out
sha256sum red/report.xml red/journal.jsonl >before
line=$(again red.out | head -1)
eval "run $line"
check "again: leaves the reports as they are" all 'answers 1 FAILED' 'sha256sum -c --quiet before' \
    '[ -d red-again ]'

SAMPLE_GREEN=1 own_results >own
for size in auto 1 2; do
    suite "$size" 'env: {SAMPLE_GREEN: "1"}' >tpsched.yaml
    run run --size $size --report-dir green -w data.json
    check "green, size $size: as the program itself" all 'answers 0 PASSED' 'as_itself green/report.xml'
done
run plan -d data.json --size 2 -o plan.json
check "the second plan is measured" all 'out_has ", 0 guessed"' \
    'json plan.json "d[\"suites\"][0][\"evidence\"] == \"measured\""'
run run --plan plan.json --report-dir whole
check "parts in any order and shards are the whole" parts_in_any_order ck 2

# Not a program that Check could list.
printf '#!/bin/sh\nexit 0\n' >script.sh && chmod +x script.sh
suite auto | sed "s|command: .*|command: [./script.sh]|" >tpsched.yaml
run run --report-dir script
check "a script can't be listed" all 'fails 2 script.sh || fails 2 ck' '[ ! -e script ]'
check "nothing left" wait_for 30 nothing_left
check "no temporary files" no_temporary_files
finish
