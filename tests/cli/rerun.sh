#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What failed is run again, and what kills its worker is given up.
. "$(dirname "$0")/lib.sh"

# fails_until N FILE: fails until it is run for the Nth time.
cat >fails_until <<'SH'
#!/bin/sh
echo x >>"$2"
test "$(wc -l <"$2")" -ge "$1"
SH
chmod +x fails_until
cat >tpsched.yaml <<'YAML'
name: again
suites:
  - {name: second, command: [./fails_until, "2", second.runs]}
  - {name: third, command: [./fails_until, "3", third.runs]}
  - {name: never, command: [./fails_until, "99", never.runs], rerun: 1}
  - {name: own, command: [./fails_until, "2", own.runs], rerun: 0}
  - {name: good, command: ["true"]}
  - {name: skipped, command: [sh, -c, "echo x >>skipped.runs; exit 77"]}
  - {name: crash, command: [sh, -c, "test -e crashed || { touch crashed; kill -SEGV $$; }"]}
  - {name: slow, command: [sh, -c, "test -e slept || { touch slept; sleep 60; }"], timeout: 1s}
YAML
runs() {
    local file n=
    for file in "$@"; do
        n="$n $(wc -l <"$file.runs")"
    done
    echo "${n# }"
}
fresh() {
    rm -f ./*.runs crashed slept
}
ran() {
    [ "$(runs second third never own skipped)" = "$1" ] || { runs second third never own skipped; return 1; }
}

for size in 1 3; do
    fresh
    run run --size $size --rerun 2 -r report.$size
    check "size $size: two are bad, the others passed in the end" all 'expect_status 1' \
        'out_has "8 testcases, 1 passed, 4 flaky, 1 skipped, 2 failed"' 'out_has "accounted for exactly once"'
    check "size $size: as often as needed, or allowed" ran "2 3 2 1 1"
    check "size $size: who was flaky is told" all 'out_has "flaky third: third: passed at attempt 3, first: exit status 1"' \
        'out_has "flaky crash: crash: passed at attempt 2, first: killed by SIGSEGV"' \
        'out_has "flaky slow: slow: passed at attempt 2, first: timed out"'
    check "size $size: and when it was run again" all 'err_has "again third: attempt 3"' 'err_has "FLAKY third"'
done
check "it is told who ran it again" json report.3/executed.json \
    '[n for s in d["suites"] if s["name"] == "never" for n in s["notes"]][0].startswith("run again of never, attempt 2 by worker ")'
check "the executed plan has each once" json report.3/executed.json \
    'sorted(t["suite"] for t in d["tasks"]) == ["crash", "good", "never", "own", "second", "skipped", "slow", "third"]'
attempts() {
    python3 - "$@" <<'PY'
import sys, xml.etree.ElementTree as tree
for case in tree.parse(sys.argv[1]).iter("testcase"):
    if case.get("name") == sys.argv[2]:
        print(" ".join(child.tag for child in case if child.tag not in ("properties", "system-out")))
PY
}
has_attempts() {
    [ "$(attempts report.3/report.xml "$1")" = "$2" ] || { attempts report.3/report.xml "$1"; return 1; }
}
check "the report has all attempts" all 'has_attempts third "flakyFailure flakyFailure"' \
    'has_attempts never "failure rerunFailure"' 'has_attempts slow flakyError' 'has_attempts good ""'
run merge --plan report.3/plan.json report.3 -o merged.xml
check "and so has the merge" all 'expect_status 1' 'out_has "4 flaky"' 'cmp merged.xml report.3/report.xml'
fresh
run run --size 2 --rerun 2 --suite crash -r merged
run merge merged/report.xml
check "flaky passes a merge" answers 0 "1 flaky"
run merge merged/report.xml --flaky fail
check "or fails it" answers 1 "1 flaky"

fresh
run run --size 2 --rerun 2 --flaky fail --suite second -r report
check "--flaky fail" all 'answers 1 "1 flaky"' 'out_has FAILED'
fresh
run run --size 2 --rerun 2 --flaky pass --suite second -r report
check "--flaky pass" answers 0 "1 flaky"
fresh
run run --size 2 --rerun 2 --suite second -r report --format json
check "flaky in JSON" json "$OUT" 'd["flaky"] == 1 and d["exit_status"] == 0 and d["verdict"] == "PASSED"'
fresh
run run --size 2 --rerun 2 --rerun-budget 0 -r report
check "no budget" all 'expect_status 1' 'ran "1 1 1 1 1"' 'out_has "were not run again: more than the rerun budget has"'
sed 's/^name:/pool: {allow_task_rerun: false}\nname:/' tpsched.yaml >none.yaml
fresh
run run -f none.yaml --size 2 --rerun 2 -r report
check "a pool without reruns" all 'expect_status 1' 'ran "1 1 1 1 1"' 'err_has "allow_task_rerun"'
for bad in "--rerun x" "--rerun -1" "--rerun 101" "--rerun-budget 1.5" "--flaky maybe"; do
    # shellcheck disable=SC2086
    run run $bad
    check "$bad" fails 2 "${bad%% *}"
done

printf 'suites:\n  - {name: a, command: [sh, -c, "test $TPSCHED_ATTEMPT -eq 3"]}\n' >attempt.yaml
run run -f attempt.yaml --rerun 2 -r report
check "a task knows its attempt" answers 0 "1 flaky"

# Many that fail are not flaky: more than a tenth, and more than ten.
{
    echo "suites:"
    for i in $(seq 30); do
        printf '  - {name: s%d, command: [sh, -c, "echo x >>many.runs; exit 1"]}\n' "$i"
    done
} >many.yaml
run run -f many.yaml --size 2 --rerun 1 -r many
check "a budget by default" all 'expect_status 1' '[ "$(wc -l <many.runs)" -eq 40 ]' 'out_has "20 failed testcases were not run again"'

# Killed workers.
cat >kill.yaml <<'YAML'
suites:
  - {name: killer, command: [sh, -c, "echo x >>killer.runs; kill -9 $PPID; sleep 5"]}
  - {name: once, command: [sh, -c, "test -e killed || { touch killed; kill -9 $PPID; sleep 5; }"]}
  - {name: good, command: ["true"]}
  - {name: bad, command: ["false"]}
YAML
for size in 1 2; do
    rm -f killer.runs killed
    run run -f kill.yaml --size $size -r killed.$size
    check "size $size: a task that kills its workers is lost, the rest goes on" all 'expect_status 4' \
        'out_has "killer: lost: it killed its worker twice and was quarantined"' \
        'out_has "flaky once: once: passed at attempt 2, first: lost: its worker died"' \
        'out_has "1 passed, 1 flaky, 1 failed"' 'err_has "1 tasks are lost"'
    check "size $size: it was tried twice" [ "$(wc -l <killer.runs)" -eq 2 ]
done
run merge --plan killed.2/plan.json killed.2
check "its merge is incomplete" expect_status 3
check "nothing left" wait_for 30 nothing_left
check "no temporary files" no_temporary_files

# Only what failed, where the framework can select it.
if need_pytest; then
    mkdir py
    cat >py/test_some.py <<'PY'
import os

def count(name):
    with open(os.environ["RUNS"] + "/" + name, "a+") as file:
        file.write("x")
        file.seek(0)
        return len(file.read())

def test_good():
    assert count("good") == 1

def test_flaky():
    assert count("flaky") > 1

def test_crash():
    if count("crash") == 1:
        os.abort()

def test_after():
    assert count("after") == 1
PY
    printf 'suites:\n  - {name: py, framework: pytest, path: py, parts: 1, rerun: 2, env: {RUNS: "%s"}}\n' "$TMP" >py.yaml
    run run -f py.yaml --size 2 -r py.report
    check "pytest: two were flaky, none ran twice in vain" all 'expect_status 0' \
        'out_has "4 testcases, 2 passed, 2 flaky"' '[ "$(cat good flaky crash after)" = xxxxxx ]'
else
    skip "pytest" "there is none"
fi
finish
