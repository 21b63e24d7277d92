#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Any command as a suite of one testcase.
. "$(dirname "$0")/lib.sh"

cat >tpsched.yaml <<'YAML'
name: cli
suites:
  - {name: passes, command: ["true"]}
  - {name: skips, command: [sh, -c, "exit 77"]}
  - {name: fails, command: [sh, -c, "echo why; exit 3"]}
  - {name: aborts, command: [sh, -c, "kill -ABRT $$"]}
  - {name: crashes, command: [sh, -c, "kill -SEGV $$"]}
  - {name: words, command: "sh -c 'test \"$1\" = \"a b\"' sh 'a b'"}
  - {name: no shell, command: "test $HOME '=' '$HOME'"}
  - {name: environment, command: [sh, -c, 'test "$DB" = "t \$x"'], env: {DB: "t $x"}}
  - {name: directory, command: [sh, -c, 'test "${PWD##*/}" = "sub dir"'], cwd: sub dir}
YAML
mkdir "sub dir"
cat >expected <<'RESULTS'
('aborts', 'aborts', 'error')
('crashes', 'crashes', 'error')
('directory', 'directory', 'passed')
('environment', 'environment', 'passed')
('fails', 'fails', 'failed')
('no shell', 'no shell', 'passed')
('passes', 'passes', 'passed')
('skips', 'skips', 'skipped')
('words', 'words', 'passed')
RESULTS
for size in auto 1 3; do
    run run --size $size --report-dir red-$size
    check "size $size" all 'expect_status 1 || expect_status 3' 'out_has "9 testcases, 5 passed, 1 skipped, 1 failed, 2 errors"' \
        "diff expected <(results red-$size/report.xml | grep -v 'the report is incomplete')"
done
check "signals are named" all 'out_has SIGABRT' 'out_has SIGSEGV'
cp "$OUT" red.out
check "each failure reproduces" each_again red.out
run run --output none -r red
check "--output none" all 'not expect_status 0' 'not err_has why'
run run --output failed -r red
check "--output failed" err_has why
run run --suite fails -r red
check "a suite that fails" answers 1 "FAILED: 1 testcase, 1 failed"
run run --suite passes -r red
check "one suite of a plan made now" answers 0 "PASSED: 1 testcase"

# Time learned, time used.
cat >green.yaml <<'YAML'
name: green
suites:
  - {name: long, command: [sleep, "0.5"]}
  - {name: middle, command: [sleep, "0.3"]}
  - {name: short, command: [sleep, "0.1"]}
YAML
run run -f green.yaml --size 2 -w data.json
check "green" answers 0 "PASSED: 3 testcases"
run plan -f green.yaml -d data.json --size 2 -o plan.json
check "the second plan is measured" all 'out_has "3 testcases measured, 0 guessed"' \
    'json plan.json "[t[\"suite\"] for t in d[\"tasks\"]] == [\"long\", \"middle\", \"short\"] and 0.5 <= d[\"tasks\"][0][\"weight\"] < 30"'
for shard in 2 1; do
    run run -f green.yaml --plan plan.json --shard $shard/2 --report-dir shards
    check "shard $shard/2" all 'answers 0 PASSED' 'out_lacks "planned 0ms"'
done
run merge --plan plan.json shards
check "both shards" answers 0 "PASSED: 3 testcases"
edit_journal shards/journal.jsonl 'r = [d for d in r if d.get("suite") != "middle"]'
run merge --plan plan.json shards
check "a suite is missing" all 'expect_status 3' 'out_has "middle: its report is missing"'

# Timeouts take the whole tree, and what ends leaves nothing.
cat >slow.yaml <<'YAML'
suites:
  - {name: stubborn, command: [sh, -c, "trap '' TERM; setsid sleep 600 & sleep 600; sleep 600"], timeout: 1s}
  - {name: leaks, command: [sh, -c, "setsid sleep 600 </dev/null >/dev/null 2>&1 &"]}
  - {name: polite, command: [sleep, "600"], timeout: 1s}
YAML
run run -f slow.yaml --size 3 --report-dir slow
check "timeouts are errors" all 'not expect_status 0' \
    'results slow/report.xml | grep "stubborn., .error"' 'results slow/report.xml | grep "polite., .error"' \
    'results slow/report.xml | grep "leaks., .passed"' 'out_has "timed out"'
check "what is left behind is told" err_has "left 1 process behind"
check "nothing left" wait_for 30 nothing_left

# Flaky.
printf 'suites:\n  - {name: once, command: [sh, -c, "test -e seen || { touch seen; exit 1; }"]}\n' >flaky.yaml
run plan -f flaky.yaml -o flaky.json
run run -f flaky.yaml --plan flaky.json --report-dir flaky
check "the first attempt fails" answers 1 "1 failed"
run run -f flaky.yaml --plan flaky.json --report-dir flaky --attempt 2
check "the second makes it flaky" answers 0 "1 flaky"
run merge --plan flaky.json flaky
check "and so does the merge" answers 0 "1 flaky"
check "no temporary files" no_temporary_files
finish
