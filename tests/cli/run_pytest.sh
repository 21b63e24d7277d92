#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# pytest through `run`: whole, in parts, in shards, crashed, timed out, again.
. "$(dirname "$0")/lib.sh"
need_pytest || skip_all "there is no pytest"

# own_results DIR: what pytest itself says when it runs everything in one process.
own_results() {
    (cd "$1" && python3 -m pytest -q -o cache_dir="$TMP/cache" --junitxml="$TMP/own.xml") >own.log 2>&1
    python3 - "$TMP/own.xml" <<'PY'
import sys, xml.etree.ElementTree as tree
order = ["passed", "skipped", "failed", "error"]
worst = {}
for case in tree.parse(sys.argv[1]).iter("testcase"):
    kinds = {child.tag for child in case}
    outcome = ("error" if "error" in kinds else "failed" if "failure" in kinds
               else "skipped" if "skipped" in kinds else "passed")
    key = (case.get("classname"), case.get("name"))
    worst[key] = max(outcome, worst.get(key, "passed"), key=order.index)
print("\n".join(sorted(ascii((*key, outcome)) for key, outcome in worst.items())))
PY
}

# our_results FILE: the same, from node ids.
our_results() {
    python3 - "$1" <<'PY'
import sys, xml.etree.ElementTree as tree
lines = []
for case in tree.parse(sys.argv[1]).iter("testcase"):
    kinds = {child.tag for child in case}
    outcome = ("error" if "error" in kinds else "failed" if "failure" in kinds
               else "skipped" if "skipped" in kinds else "passed")
    path, bracket, rest = case.get("name").partition("[")
    words = path.split("::")
    words[0] = words[0][:-len(".py")].replace("/", ".")
    lines.append(ascii((".".join(words[:-1]), words[-1] + bracket + rest, outcome)))
print("\n".join(sorted(lines)))
PY
}

as_pytest_itself() {
    diff own <(our_results "$1")
}

# suite DIR PARTS [LINE...]: a plan file for the suite "py" there.
suite() {
    printf 'name: cli\nsuites:\n  - name: py\n    framework: pytest\n    path: .\n'
    printf '    cwd: "%s"\n    parts: %s\n' "$1" "$2"
    shift 2
    [ $# -eq 0 ] || printf '    %s\n' "$@"
}

# Everything pytest has: outcomes, odd names, classes, packages.
SAMPLE=$TPSCHED_SAMPLE_PYTEST
own_results "$SAMPLE" >own
for size in auto 3; do
    suite "$SAMPLE" "${size/auto/1}" >tpsched.yaml
    run run --size $size --report-dir "red $size"
    check "sample, size $size: a test failed" answers 1 "FAILED: 27 testcases"
    check "sample, size $size: as pytest itself" as_pytest_itself "red $size/report.xml"
done
cp "$OUT" red.out
check "each failure is shown with its text" all 'out_has "RuntimeError: setup is broken"' \
    'out_has "E       assert 1 == 2"'
check "each failure has a command" [ "$(again red.out | wc -l)" -eq 4 ]
check "the verdict is the end" [ "$(tail -n 3 red.out | head -n 1 | cut -d : -f 1)" = FAILED ]
while read -r command; do
    id=$(eval "set -- $command" && printf %s "${!#}")
    reproduce "$command"
    check "again: $id" all 'expect_status 1' "out_has '$id'" 'out_has ": 1 testcase"'
done < <(again red.out)
check "the first report is as it was" as_pytest_itself "red 3/report.xml"

# Names that a shell would read: one by one, each is itself.
run run -p "red 3/plan.json" --suite py --testcase "test_names.py::test_name[\$(touch x)]" -r odd
check "a name is data" all 'answers 0 "PASSED: 1 testcase"' '[ ! -e x ]' '[ ! -e "$SAMPLE/x" ]'
run run -p "red 3/plan.json" --suite py --testcase no_such_test -r odd
check "no such testcase" fails 2 "no_such_test"

# A green project whose testcases take time.
mkdir green
for file in a b c d; do
    cat >green/test_$file.py <<PY
import time
import pytest

@pytest.mark.parametrize("n", range(4))
def test_$file(n):
    time.sleep(0.02 + 0.02 * n)

@pytest.mark.skip(reason="not here")
def test_skipped():
    pass
PY
done
own_results green >own
suite "$TMP/green" auto >tpsched.yaml
run plan
check "without data everything is guessed" all 'answers 0 "guessed"' \
    'out_has "0 testcases measured, 20 guessed"' 'out_has "no runtime data"'
for size in auto 1 3; do
    suite "$TMP/green" "$size" >tpsched.yaml
    run run --size $size --report-dir green-$size --write-runtime-data data-$size.json
    check "green, size $size" answers 0 "PASSED: 20 testcases, 16 passed, 4 skipped"
    check "green, size $size: as pytest itself" as_pytest_itself green-$size/report.xml
    check "green, size $size: no cache in the tree" [ ! -e green/.pytest_cache ]
    check "green, size $size: runtime data" json data-$size.json \
        'd["py"]["execution_time"] > 0.5 and d["py"]["setup_time"] > 0 and d["py"]["testcase_count"] == 20 and d["py"]["testcases"]["test_b.py::test_b[3]"]["mean"] >= 0.08'
done
run run --size 2 --format json -r green-json
check "for programs" all 'expect_status 0' \
    'json "$OUT" "d[\"verdict\"] == \"PASSED\" and d[\"exit_status\"] == 0 and d[\"testcases\"] == 20 and d[\"skipped\"] == 4 and d[\"failures\"] == []"'

# What was learned is used.
run plan -d data-3.json --size 3 -o plan.json
check "the second plan is measured" all 'answers 0 "20 testcases measured, 0 guessed"' \
    'json plan.json "all(s[\"evidence\"] == \"measured\" for s in d[\"suites\"]) and all(t[\"setup_time\"] > 0 for t in d[\"tasks\"])"'

# Parts in any order, by tuple and by shard, are the whole. Three parts, whatever they weigh.
suite "$TMP/green" 3 >tpsched.yaml
run plan -d data-3.json --size 2 -o plan.json
check "three parts, two workers" json plan.json 'len(d["tasks"]) == 3 and d["pool"]["size"] == 2'
for part in 2 0 1; do
    run run --plan plan.json --suite py --part $part,3 --report-dir parts-$part
    check "part $part,3 runs alone" answers 0 PASSED
done
run merge --plan plan.json -o merged.xml parts-1 parts-2 parts-0
check "three parts are the whole" all 'answers 0 "PASSED: 20 testcases"' \
    'out_has "accounted for exactly once"' 'holds_the_plan plan.json merged.xml'
check "three parts: as pytest itself" as_pytest_itself merged.xml
run merge --plan plan.json parts-1 parts-2
check "two of three are not" all 'expect_status 3' 'out_has "py 0,3"' 'out_has INCOMPLETE'
for shard in 2 1; do
    run run --plan plan.json --shard $shard/2 --report-dir shards
    check "shard $shard/2" answers 0 PASSED
done
run merge --plan plan.json -o sharded.xml shards
check "two shards are the whole" all 'answers 0 "PASSED: 20 testcases"' \
    'as_pytest_itself sharded.xml'
run run --plan plan.json --report-dir whole
check "the whole plan at once" all 'answers 0 "PASSED: 20 testcases"' \
    'same_results whole/report.xml merged.xml'
run run --plan plan.json --size 1 --report-dir whole
check "on another pool" all 'answers 0 "PASSED: 20 testcases"' \
    'same_results whole/report.xml merged.xml'

# One testcase fails once.
mkdir flaky
cat >flaky/test_flaky.py <<'PY'
import pathlib

def test_flaky():
    seen = pathlib.Path(__file__).with_name("seen")
    assert seen.exists() or seen.touch()

def test_good():
    pass
PY
suite "$TMP/flaky" auto >tpsched.yaml
run plan -o plan.json
run run --plan plan.json
check "first attempt" answers 1 "1 failed"
run run --plan plan.json --attempt 2
check "second attempt: flaky" all 'answers 0 PASSED' 'out_has "1 flaky"'
run merge --plan plan.json tpsched-report -o flaky.xml
check "merged: flaky" all 'answers 0 "1 flaky"' 'grep -q flakyFailure flaky.xml' \
    'holds_the_plan plan.json flaky.xml'
rm -f flaky/seen
run run --plan plan.json
run run --plan plan.json --attempt 2 --testcase test_flaky.py::test_flaky
check "only what failed once more" answers 0 "PASSED: 1 testcase, 1 flaky"
run merge --plan plan.json tpsched-report
check "only what failed once more, merged" answers 0 "PASSED: 2 testcases, 1 passed, 1 flaky"
# Begun anew: the second attempt of the run before says nothing of this one.
rm -f flaky/seen
run run --plan plan.json
run merge --plan plan.json tpsched-report
check "an attempt of an earlier run is not merged" answers 1 "1 failed"

# Shards of two runs fit one plan and prove nothing together.
rm -rf shard1 shard2
run run --plan plan.json --run-id monday --report-dir shard1
run run --plan plan.json --run-id monday --report-dir shard1
check "a run replaces its own reports" answers 0 PASSED
TPSCHED_RUN_ID=tuesday run run --plan plan.json --report-dir shard2
check "the run is in its part reports" grep -q tuesday shard2/journal.jsonl
run merge --plan plan.json shard1 shard2
check "reports of two runs" expect_status 3

# The plan knows only a count; the runner deals files.
mkdir -p counted && printf 'def test_a(): pass\ndef test_b(): pass\ndef test_c(): pass\n' >counted/test_x.py
printf 'def test_d(): pass\n' >counted/test_y.py
printf 'suites:\n  - {name: py, framework: pytest, command: [/usr/bin/python3, -m, pytest], path: counted}\n' >counted.yaml
echo '{"py": {"execution_time": 100, "setup_time": 1, "testcase_count": 4}}' >counted.json
mv tpsched.yaml kept.yaml
run plan -d counted.json -t 60 -o counted.plan
mv kept.yaml tpsched.yaml
run run -f counted.yaml --plan counted.plan --report-dir counted.report
check "a plan that knows only a count" all 'answers 0 "PASSED: 4 testcases"' \
    '[ "$(ls counted.report/parts | wc -l)" -eq 2 ]'

# Check can't select one test of a tcase: the others run along.
printf 'suites:\n  - {name: ck, framework: check, command: ["%s"]}\n' "$TPSCHED_SAMPLE_CHECK" >tpsched.yaml
run run --report-dir check
cp "$OUT" check.out
while read -r command; do
    reproduce "$command"
    check "Check again: ${command##*--testcase }" answers 1 "FAILED"
done < <(again check.out)

# A process that dies is no pass, whoever else passed.
suite "$TPSCHED_SAMPLE_PYTEST_CRASH" auto >tpsched.yaml
run run --report-dir crash
check "SIGABRT: not green" all 'expect_status 3' 'out_has test_abort' 'out_has SIGABRT'
check "SIGABRT: what was before it is kept" grep \
    "'test_crash.py::test_before', 'passed'" <(results crash/report.xml)
check "SIGABRT: the one that ran is an error" grep \
    "'test_crash.py::test_abort', 'error'" <(results crash/report.xml)
check "SIGABRT: what was after it did not pass" grep \
    "'test_crash.py::test_after', 'error'" <(results crash/report.xml)
check "SIGABRT: stamped" grep -q 'name="tpsched.complete" value="false"' crash/report.xml

# last_act CODE: a suite that passes, and does this before pytest writes its report.
mkdir last
printf 'def test_a():\n    pass\n' >last/test_a.py
last_act() {
    cat >last/conftest.py <<PY
import os, signal, pytest

@pytest.hookimpl(tryfirst=True)
def pytest_$1(${3:-session}):
    if "--collect-only" not in ${3:-session.config}.invocation_params.args:
        $2
PY
    suite "$TMP/last" auto >tpsched.yaml
    run run --report-dir last-report
}
last_act sessionfinish "os._exit(0)"
check "exit status 0 without a report is no pass" answers 3 "no report was written"
last_act sessionfinish "os.kill(os.getpid(), signal.SIGSEGV)"
check "SIGSEGV without a report" all 'expect_status 3' 'out_has SIGSEGV'
last_act unconfigure "os.kill(os.getpid(), signal.SIGSEGV)" config
check "SIGSEGV after the report" all 'expect_status 3 || expect_status 1' 'out_has SIGSEGV'
last_act unconfigure "os._exit(7)" config
check "all passed, but the process did not" answers 1 "exit status 7"

# Timeouts: nothing is left, not even what hid in a session of its own.
mkdir slow
cat >slow/test_slow.py <<'PY'
import subprocess
import time

def test_first():
    pass

def test_slow():
    subprocess.Popen(["setsid", "sleep", "600"])
    subprocess.Popen(["sh", "-c", "trap '' TERM; sleep 600; :"])
    time.sleep(600)
PY
suite "$TMP/slow" auto "timeout: 3s" >tpsched.yaml
run run
check "timeout: not green" all 'expect_status 3' 'out_has test_slow' 'out_has "timed out"'
check "timeout: not passed" grep "'test_slow.py::test_slow', 'error'" \
    <(results tpsched-report/report.xml)
check "timeout: nothing left" wait_for 30 nothing_left
suite "$TMP/slow" auto >tpsched.yaml
run run --timeout 3s
check "timeout of the command line" all 'not expect_status 0' 'wait_for 30 nothing_left'
run plan -o plan.json
sed -i 's/time.sleep(600)/pass/' slow/test_slow.py
run run --plan plan.json
check "what a green test leaves is killed and told" all 'answers 0 PASSED' 'err_has " behind"' \
    'wait_for 30 nothing_left'

check "no temporary files" no_temporary_files
finish
