#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Enough is enough: nothing more is started after so many failures.
. "$(dirname "$0")/lib.sh"

{
    echo "suites:"
    for i in 1 2 3 4 5 6 7 8; do
        printf '  - {name: s%d, command: [sh, -c, "echo %d >>ran; exit %d"], weight: %d}\n' \
            $i $i $((i == 2 || i == 4 || i == 5)) $((10 - i))
    done
} >tpsched.yaml
ran() {
    [ "$(sort ran | tr -d '\n')" = "$1" ] || { sort ran; return 1; }
}

run run --size 1 -r all
check "failures are borne" all 'expect_status 1' 'ran 12345678' 'out_has "8 testcases, 5 passed, 3 failed"'
rm ran
run run --size 1 --fail-fast -r one
check "--fail-fast" all 'expect_status 1' 'ran 12' \
    'out_has "FAILED: 2 testcases, 1 passed, 1 failed; 6 testcases were not run, because enough had failed"' \
    'out_lacks incomplete' 'err_has "nothing more is started: enough has failed"'
check "what was not run is neither passed nor failed" all \
    'results one/report.xml | grep "s3., .skipped"' 'results one/report.xml | grep "s2., .failed"' \
    'grep "tpsched.complete. value=.false" one/report.xml'
run merge --plan one/plan.json one
check "its merge knows of nothing: incomplete" all 'expect_status 3' 'out_has "s8: its report is missing"'
run merge one/report.xml
check "merged loosely it stays red" all 'not expect_status 0' 'out_lacks PASSED'
for option in --fail-fast=3 "--fail-fast 3" --fail-fast-now=3; do
    rm -f ran
    # shellcheck disable=SC2086
    run run --size 1 $option -r three
    check "$option" all 'expect_status 1' 'ran 12345' 'out_has "3 testcases were not run"'
done
rm ran
run run --size 1 --fail-fast=4 -r four
check "as many failures are not reached" all 'expect_status 1' 'ran 12345678' 'out_lacks "not run"'
run run --size 1 --fail-fast -r json --format json
check "in JSON" json "$OUT" 'd["not_run"] == 6 and d["verdict"] == "FAILED" and d["exit_status"] == 1'
for bad in --fail-fast=0 --fail-fast=x "--fail-fast --fail-fast-now"; do
    # shellcheck disable=SC2086
    run run $bad
    check "$bad" fails 2 --fail-fast
done

# What failed and passes when it is run again is no failure.
cat >again.yaml <<'YAML'
suites:
  - {name: flaky, command: [sh, -c, "test -e seen || { touch seen; exit 1; }"], weight: 9, rerun: 1}
  - {name: good, command: [sh, -c, "touch good"], weight: 1}
YAML
run run -f again.yaml --size 1 --fail-fast -r again
check "a flaky one does not end the run" all 'expect_status 0' '[ -e good ]'
rm seen good
run run -f again.yaml --size 1 --fail-fast --flaky fail -r again
check "unless flaky is failed" all 'expect_status 1' '[ ! -e good ]' 'out_has "1 testcase was not run"'

# What runs: it ends, or it is stopped.
cat >both.yaml <<'YAML'
suites:
  - {name: long, command: [sh, -c, "trap 'touch stopped; exit 1' TERM; touch began; sleep 2 & wait; touch ended"], weight: 9}
  - {name: fails, command: [sh, -c, "until test -e began; do sleep 0.05; done; exit 1"], weight: 8}
  - {name: later, command: [sh, -c, "touch later"], weight: 1}
YAML
run run -f both.yaml --size 2 --fail-fast -r drain
check "what runs ends" all 'expect_status 1' '[ -e ended ] && [ ! -e stopped ] && [ ! -e later ]' \
    'out_has "1 passed, 1 failed; 1 testcase was not run"'
rm -f began ended stopped
run run -f both.yaml --size 2 --fail-fast-now -r now
check "or is stopped" all 'expect_status 1' '[ -e stopped ] && [ ! -e ended ] && [ ! -e later ]' \
    'out_has "1 testcase, 1 failed; 2 testcases were not run"' 'out_lacks incomplete'
run merge --plan now/plan.json now
check "whose merge is incomplete" expect_status 3
check "nothing left" wait_for 30 nothing_left
check "no temporary files" no_temporary_files
finish
