#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A framework that runs more than it was asked for is named, and never green.
. "$(dirname "$0")/lib.sh"
[ -n "${TPSCHED_SAMPLE_GOOGLETEST:-}" ] || skip_all "there is no googletest"

# wrap LINES: a program that changes its arguments "$@" before it is the sample.
wrap() {
    printf '#!/bin/bash\n%s\nexec "%s" "$@"\n' "$1" "$TPSCHED_SAMPLE_GOOGLETEST" >wrapped.sh
    chmod +x wrapped.sh
}
# suite PARTS FILTER
suite() {
    printf 'name: cli\nsuites:\n  - {name: gt, framework: googletest, unit: testcase, parts: %s,\n' "$1" >tpsched.yaml
    printf '     command: [./wrapped.sh], args: ["--gtest_filter=%s"]}\n' "$2" >>tpsched.yaml
}
# once DIR: each testcase of the plan is in its report, once, and no other.
once() {
    diff <(planned plan.json) <(reported "$1/report.xml" | grep -v '^(.tpsched: the report is inc')
}

# shellcheck disable=SC2016
ignores='for word; do shift; case $word in --gtest_flagfile=*) ;; *) set -- "$@" "$word" ;; esac; done'
green='Plain.Pass:Range/Many.Number/1?'
wrap ''
suite 3 "$green"
run plan -o plan.json
n=$(planned plan.json | wc -l)
check "there are testcases" [ "$n" -ge 9 ]
run run --plan plan.json --report-dir sound --size 3
check "as it was asked" answers 0 PASSED

wrap "$ignores"
run run --plan plan.json --report-dir ignored --size 3
check "it ignores the selection" all 'expect_status 3' 'out_has INCOMPLETE' \
    'out_has "gt 0,3: googletest ignored the selection: it reported all $n testcases of suite '"'gt'"', "' \
    'out_has "gt 2,3: googletest ignored"' 'out_has "gt: every part ran everything; the selection was ignored"' \
    'once ignored'
run merge --plan plan.json ignored -o merged.xml
check "the merge says so, too" all 'expect_status 3' 'out_has "gt 1,3: googletest ignored the selection"' \
    'out_has "gt: every part ran everything"' 'cmp merged.xml ignored/report.xml'
run run --plan plan.json --suite gt --part 1,3 --report-dir part
check "one part of it" all 'expect_status 3' 'out_has "gt 1,3: googletest ignored the selection"' \
    'out_lacks "every part"'
run run --plan plan.json --testcase Plain.Pass --report-dir one
check "one testcase of it" all 'expect_status 3' \
    'out_has "it reported all $n testcases of suite '"'gt'"', 1 was selected"'
suite 1 "$green"
run run --report-dir whole
check "where all is asked for it does what it was asked" answers 0 PASSED

# What fails among the others is no failure of the part, and its exit status no riddle.
suite 2 "$green:Plain.Fail"
run plan -o plan.json
run run --plan plan.json --report-dir failing --size 2
check "a failure beside the selection counts once" all 'expect_status 3' 'once failing' \
    'out_has "1 failed"' 'out_lacks "no testcase failed"' 'out_lacks "errors"'
suite 1 "$green:Plain.Fail"
run run --rerun 1 --report-dir again
check "the second attempt ran everything" all 'expect_status 3' \
    'out_has "googletest ignored the selection: it reported all $((n + 1)) testcases of suite '"'gt'"', 1 was selected"'
# A later attempt that behaves does not mend what an earlier one did.
# shellcheck disable=SC2016
wrap "if [ \$TPSCHED_ATTEMPT = 1 ]; then $ignores; fi"
suite 2 "$green:Plain.Fail"
run run --rerun 1 --report-dir first
check "the first attempt ran everything" all 'expect_status 3' 'out_has "googletest ignored the selection"'

# One testcase comes along, say as a fixture of others.
# shellcheck disable=SC2016
wrap 'for word; do case $word in --gtest_flagfile=*) sed -i "s/\$/:Plain.Pass/" "${word#*=}" ;; esac; done'
suite 3 "$green"
run plan -o plan.json
run run --plan plan.json --report-dir extra --size 3
check "one comes along" all 'expect_status 3' 'once extra' 'out_lacks ignored' \
    '[ "$(grep -c "ran 1 testcase that was not selected: .Plain.Pass." "$OUT")" -eq 2 ]'
run merge --plan plan.json extra
check "one comes along: merged" all 'expect_status 3' 'out_has "ran 1 testcase that was not selected: '"'Plain.Pass'"'"'
check "nothing left" wait_for 30 nothing_left
finish
