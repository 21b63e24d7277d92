#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What is decided at run time: tasks that are cut, what is given back, pools that grow. It is seen in
# executed.json, not by a clock.
SOURCE=$(cd "$(dirname "$0")/../.." && pwd)
. "$(dirname "$0")/lib.sh"
need_pytest || skip_all "there is no pytest"

# project DIR SECONDS: six files of two testcases.
project() {
    mkdir -p "$1"
    for file in 1 2 3 4 5 6; do
        printf 'import time\ndef test_a():\n    time.sleep(%s)\ndef test_b():\n    pass\n' "$2" \
            >"$1/test_$file.py"
    done
}

# suite DIR [LINE...]: a plan file for the suite "py" there.
suite() {
    printf 'suites:\n  - name: py\n    framework: pytest\n    path: .\n    cwd: "%s"\n' "$TMP/$1"
    shift
    printf '    %s\n' "$@"
}

# data SECONDS: each testcase is said to take so long.
data() {
    python3 - "$1" <<'PY'
import json, sys
times = {"test_%d.py::test_%s" % (n, c): float(sys.argv[1]) for n in range(1, 7) for c in "ab"}
print(json.dumps({"py": {"execution_time": sum(times.values()), "setup_time": 0.3,
                         "teardown_time": 0.1, "testcase_count": 12, "testcases": times}}))
PY
}

# The same report but for what a clock says.
without_times() {
    sed -E 's/ (time|timestamp)="[^"]*"//g; /name="tpsched.part.*(wall|cpu|memory)"/d; /name="tpsched.(started|ended|wall|cpu)"/d' "$1"
}

same_report() {
    diff <(without_times "$1/report.xml") <(without_times "$2/report.xml")
}

# Whole files only, each testcase once.
is_sound_plan() {
    json "$1" 'sorted(c for t in d["tasks"] for c in t["testcases"]) == sorted("test_%d.py::test_%s" % (n, c) for n in range(1, 7) for c in "ab")' &&
        json "$1" 'all(c[:-1] + "b" in t["testcases"] for t in d["tasks"] for c in t["testcases"])' &&
        json "$1" 'sorted(t["part"][0] for t in d["tasks"]) == list(range(len(d["tasks"])))'
}

# One task, three workers: it is cut into three, and nobody who reads the reports sees it.
project green 0.2
data 1 >data.json
suite green "parts: auto" >tpsched.yaml
run plan -d data.json --size 1 -o plan.json
check "the plan has one task" json plan.json 'len(d["tasks"]) == 1'
run run --plan plan.json --size 3 --no-tail-splitting -r whole
check "not cut when told so" all 'answers 0 "PASSED: 12 testcases"' \
    'json whole/executed.json "len(d[\"tasks\"]) == 1 and d[\"tasks\"][0][\"part\"] is None"'
run run --plan plan.json --size 3 -r cut
check "cut into three" all 'answers 0 "PASSED: 12 testcases"' 'err_has "in 3 pieces"' \
    'json cut/executed.json "len(d[\"tasks\"]) == 3 and d[\"suites\"][0][\"parts\"] == 3"' \
    'is_sound_plan cut/executed.json'
check "three workers had it" json cut/executed.json \
    'sorted(t["worker"] for t in d["tasks"]) == [0, 1, 2] and d["executed"] == "'"$(sed -n 's/.*"id":[^"]*"\([0-9a-f]*\)".*/\1/p' plan.json)"'"'
check "it is one part" all '[ "$(ls cut/parts | wc -l)" -eq 1 ]' \
    'journal cut/journal.jsonl "d[\"part\"] == [0, 1] and d[\"pieces\"] == 3 and len(d[\"planned\"]) == 12"'
check "where and when each piece ran" journal cut/journal.jsonl \
    'sorted(p["worker"] for p in d["ran"]) == [0, 1, 2] and all(d["started"] <= p["started"] <= d["ended"] for p in d["ran"])'
check "the same report as uncut" same_report cut whole
check "the results of the part stand in planned order" diff \
    <(sed -n 's/.*<testcase[^>]* name="\([^"]*\)".*/\1/p' cut/parts/*/report.xml) \
    <(python3 -c 'import json; print("\n".join(json.load(open("plan.json"))["tasks"][0]["testcases"]))')
run merge --plan plan.json cut -o merged.xml
check "merged and proven as any report" all 'answers 0 "accounted for exactly once"' \
    'holds_the_plan plan.json merged.xml'
cp -r cut kept
run run --plan plan.json --size 3 -r cut -w learned.json
check "setup is learned for one start, not for three" json learned.json \
    '0 < d["py"]["setup_time"] < sum(t["mean"] for t in d["py"]["testcases"].values())'

# What was executed is a plan, and is executed so again.
run run --plan kept/executed.json -r replay
check "replayed" all 'answers 0 "PASSED: 12 testcases"' '[ "$(ls replay/parts | wc -l)" -eq 3 ]'
check "replayed: the same tasks, in the same order" python3 - <<'PY'
import json
tasks = [[(t["part"], t["testcases"]) for t in json.load(open(name + "/executed.json"))["tasks"]]
         for name in ("kept", "replay")]
assert tasks[0] == tasks[1], tasks
PY
sed 's/"worker":0/"worker":1/' kept/executed.json >edited.json
run run --plan edited.json -r edited
check "an executed plan is sealed" fails 2 "it was changed after planning"

# Who is not to be cut is not.
run run --plan plan.json --shard 1/1 -r shard
check "a shard is what the plan says" all 'answers 0 PASSED' \
    'json shard/executed.json "len(d[\"tasks\"]) == 1"'
run run --plan plan.json --size 3 --suite py -r part
check "a suite asked for alone is, too" json part/executed.json 'len(d["tasks"]) == 1'
for parts in 1 2; do
    suite green "parts: $parts" >fixed.yaml
    run plan -f fixed.yaml -d data.json --size 6 -o fixed.json
    run run -f fixed.yaml --plan fixed.json --size 6 -r fixed
    check "parts: $parts is kept" all 'answers 0 PASSED' \
        "json fixed/executed.json 'len(d[\"tasks\"]) == $parts'"
done
suite green "parts: auto" "weight: 100" >fixed.yaml
run run -f fixed.yaml --size 3 -r fixed
check "so is a suite with a weight" json fixed/executed.json 'len(d["tasks"]) == 1'
printf 'suites:\n  - {name: sh, command: ["true"], parts: auto}\n' >command.yaml
run run -f command.yaml --size 3 -r command
check "a command is one testcase" all 'answers 0 PASSED' \
    'json command/executed.json "len(d[\"tasks\"]) == 1"'

# A limit that can't be kept as planned: what is left is given back, and others take it.
project slow 0.5
data 0.05 >fast.json
suite slow "parts: auto" >slow.yaml
run plan -f slow.yaml -d fast.json --size 1 -l 1.2 -o slow.json
check "planned within the limit" json slow.json \
    'len(d["tasks"]) == 1 and d["tasks"][0]["weight"] < 1.2'
run run -f slow.yaml --plan slow.json --size 2 -r slow.whole --no-tail-splitting
check "the limit is broken" json slow.whole/executed.json 'd["tasks"][0]["weight"] > 3'
run run -f slow.yaml --plan slow.json --size 2 -r slow.back
check "an overrun is given back" all 'answers 0 "PASSED: 12 testcases"' \
    'is_sound_plan slow.back/executed.json' \
    'json slow.back/executed.json "len(d[\"tasks\"]) >= 3 and all(len(t[\"testcases\"]) < 12 for t in d[\"tasks\"])"' \
    'grep -q "\"rest\"" slow.back/parts/*/files/journal' 'same_report slow.back slow.whole'
run merge --plan slow.json slow.back
check "given back, merged" answers 0 "accounted for exactly once"
run run -f slow.yaml --plan slow.json --size 1 -r slow.alone
check "nobody else could take it" json slow.alone/executed.json 'len(d["tasks"]) == 1'

# Two pieces, expected to be alike; one is not. Who idles asks the other.
project odd 0.01
for file in 1 3 5; do
    sed -i 's/sleep(.*)/sleep(1.5)/' odd/test_$file.py
done
data 0.5 >odd.json
suite odd "parts: auto" >odd.yaml
run plan -f odd.yaml -d odd.json --size 1 -o odd.plan
run run -f odd.yaml --plan odd.plan --size 2 -r odd.report
check "who is slow is asked to give back" all 'answers 0 "PASSED: 12 testcases"' \
    'is_sound_plan odd.report/executed.json' \
    'json odd.report/executed.json "len(d[\"tasks\"]) >= 3"' \
    '[ -e odd.report/parts/py.0-of-1.attempt-1/files/give-back ]'

# Units that lie scattered end with their last testcase, wherever it is.
check "between units only" env PYTHONPATH="$SOURCE/data/frameworks/pytest" python3 - <<'PY'
import random
from tpsched_pytest import GiveBack

random.seed(7)
for _ in range(2000):
    items = [[random.randrange(4)] for _ in range(random.randrange(1, 9))]
    give_back = GiveBack(0, 0, "/nowhere", lambda item: item[0])
    give_back.look_at(items)
    give_back.begin()
    give_back.started -= 100
    for place, item in enumerate(items):
        rest = give_back.rest_of(items, item)
        begun = {i[0] for i in items[: place + 1]}
        clean = place + 1 < len(items) and not any(i[0] in begun for i in items[place + 1 :])
        assert (rest == items[place + 1 :]) if clean else rest == [], (items, place, rest)
PY

# A failure in one piece is the part's; a crash in one piece loses nothing of the others.
cp -r green red
printf 'def test_a():\n    assert 1 == 2\ndef test_b():\n    pass\n' >red/test_5.py
suite red "parts: auto" >red.yaml
run run -f red.yaml --plan plan.json --size 3 -r red.report
check "a test fails in a piece" all 'answers 1 "1 failed"' 'out_has "assert 1 == 2"' \
    'json red.report/executed.json "len(d[\"tasks\"]) == 3"'
printf 'import os\ndef test_a():\n    os.abort()\ndef test_b():\n    pass\n' >red/test_5.py
run run -f red.yaml --plan plan.json --size 3 -r red.report
check "a piece dies" all 'expect_status 3' 'out_has SIGABRT' \
    'grep -q "test_5.py::test_b., .error" <(results red.report/report.xml)' \
    '[ "$(results red.report/report.xml | grep -c passed)" -ge 8 ]'
suite red "parts: auto" "timeout: 4s" >late.yaml
printf 'import time\ndef test_a():\n    time.sleep(600)\ndef test_b():\n    pass\n' >red/test_5.py
run run -f late.yaml --plan plan.json --size 3 -r red.report
check "a piece hangs" all 'expect_status 3' 'out_has "timed out"' 'wait_for 30 nothing_left' \
    '[ "$(results red.report/report.xml | grep -c passed)" -ge 8 ]'

# Interrupted while pieces run: what ended is kept, what did not is no pass.
TPSCHED_CLI_PROBE=$TMP env --default-signal=INT "$TPSCHED" run -f red.yaml --plan plan.json --size 3 \
    -r stopped >"$OUT" 2>"$ERR" </dev/null &
PID=$!
journals_begun() {
    grep -q test_5.py::test_a stopped/parts/*/files*/journal
}
wait_for 60 journals_begun
sleep 1
kill -INT $PID
wait $PID
# shellcheck disable=SC2034 # the helpers read it
STATUS=$?
check "interrupted" all 'expect_status 130' 'out_has INCOMPLETE' 'wait_for 30 nothing_left' \
    'journal stopped/journal.jsonl "d[\"end\"] == \"cancelled\""' \
    '[ "$(results stopped/report.xml | grep -c passed)" -ge 4 ]' \
    'json stopped/executed.json "len(d[\"tasks\"]) == 3"'
run merge --plan plan.json stopped
check "interrupted: incomplete when merged" expect_status 3
run run --plan plan.json --size 3 -r stopped --testcase test_1.py::test_a
check "a new run drops what was executed before" json stopped/executed.json \
    'd["suites"][0]["testcase_count"] == 1 and "of the 12 testcases" in d["notes"][0]'
mkdir foreign && echo '{}' >foreign/executed.json
run run --plan plan.json --size 3 -r foreign
check "somebody else's executed.json is kept" all 'fails 2 "executed.json"' \
    '[ "$(cat foreign/executed.json)" = "{}" ]'

# An elastic pool: six tasks of ten seconds, as it was told, on one worker, in ten.
{
    echo "plan_runtime_target: 10"
    echo "pool: {size: 1, max_size: 3, elastic: true}"
    echo "suites:"
    for task in a b c d e f; do
        echo "  - {name: $task, command: [sleep, 0.7], weight: 10}"
    done
} >elastic.yaml
run run -f elastic.yaml -r elastic
check "it grows" all 'answers 0 "PASSED: 6 testcases"' 'err_has "workers now"' \
    'json elastic/executed.json "1 < d[\"pool\"][\"size\"] <= 3 and any(t[\"worker\"] > 0 for t in d[\"tasks\"])"'
sed -i 's/, elastic: true//' elastic.yaml
run run -f elastic.yaml -r elastic
check "only if told" json elastic/executed.json 'd["pool"]["size"] == 1'
run run -f elastic.yaml -r elastic --elastic --max-size 2
check "told on the command line" json elastic/executed.json 'd["pool"]["size"] == 2'

check "no temporary files" no_temporary_files
finish
