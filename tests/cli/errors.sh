#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Bad input: a clear error, the right exit status, nothing lost.
. "$(dirname "$0")/lib.sh"

GOOD='{"MTest": {"execution_time": 10, "setup_time": 1, "teardown_time": 0, "testcase_count": 10}}'

# Commands and options.
run
check "no command" fails 2 "usage: tpsched COMMAND"
run plam
check "unknown command" fails 2 "did you mean 'plan'?"
run frobnicate
check "a word far from any command" fails 2 "see 'tpsched --help'"
for command in init list plan run merge; do
    run $command --frobnicate
    check "$command: unknown option" fails 2 "--frobnicate"
    run $command --format xml x
    check "$command: unknown format or argument" fails 2 "tpsched $command:"
done
run plan extra
check "an argument too many" fails 2 "'extra' is one argument too many"
run plan
check "nothing to plan" fails 2 "there is no tpsched.yaml here"
run list
check "nothing to list" fails 2 "there is no tpsched.yaml here"
run run
check "nothing to run" fails 2 "there is no tpsched.yaml here"

# Runtime data.
echo "$GOOD" >good.json
data_fails() { # NAME CONTENT TEXT
    printf '%s' "$2" >bad.json
    run plan -d bad.json
    check "runtime data: $1" fails 2 bad.json "$3"
}
data_fails "empty" '' 'bad.json'
data_fails "half an object" '{"MTest": {"execution_time": 1' 'bad.json'
printf '{\n"a": {"execution_time": 1, "setup_time": 0},\n"b": {"execution_time": }\n}\n' >bad.json
run plan -d bad.json
check "runtime data: the place of an error is named" all 'fails 2 bad.json' \
    'err_has ": 3:25: not JSON"'
data_fails "a list of numbers" '[1, 2]' 'bad.json'
data_fails "a word" '"x"' 'bad.json'
data_fails "no runtime data" '{"a": "b"}' 'a'
for number in -1 -0.001 NaN Infinity -Infinity 1e999 1e30 '"5"' true null '[]'; do
    data_fails "execution_time $number" "{\"MTest\": {\"execution_time\": $number}}" ''
    data_fails "a testcase's time $number" \
        "{\"MTest\": {\"execution_time\": 1, \"setup_time\": 0, \"testcases\": {\"a\": $number}}}" ''
    data_fails "a pytest-split time $number" "{\"a.py::b\": $number}" ''
done
for number in -1 1.5 1e999 1e300 '"5"'; do
    data_fails "testcase_count $number" \
        "{\"MTest\": {\"execution_time\": 1, \"setup_time\": 0, \"testcase_count\": $number}}" 'testcase_count'
done
data_fails "a suite twice" '{"MTest": {"execution_time": 1, "setup_time": 0}, "MTest": {"execution_time": 2}}' MTest
data_fails "a testcase twice" \
    '{"MTest": {"execution_time": 1, "setup_time": 0, "testcases": {"a": 1, "a": 2}}}' 'a'
data_fails "what follows the end" "$GOOD x" 'bad.json'
python3 -c 'print("[" * 200000)' >bad.json
run plan -d bad.json
check "runtime data: very deep" fails 2 bad.json
printf '{"a\xff": {"execution_time": 1, "setup_time": 0}}' >bad.json
run plan -d bad.json
check "runtime data: a name that is not UTF-8 is refused or planned" [ "$STATUS" -le 2 ]
head -c 100000 /dev/urandom >bad.json
run plan -d bad.json
check "runtime data: noise" fails 2 bad.json
run plan -d nonexistent.json
check "runtime data: no such file" fails 2 nonexistent.json
run plan -d good.json/below
check "runtime data: unreadable" fails 2 good.json/below
run plan -d .
check "runtime data: a directory" fails 2 "Is a directory"
echo '{}' >empty.json
run plan -d empty.json
check "runtime data: an empty plan" fails 2 "nothing to plan"
echo '{"MTest": {"execution_time": 1, "setup_time": 0, "testcase_count": 2000000000}}' >many.json
run plan -d many.json
check "runtime data: more testcases than memory" fails 2 testcase_count

# Numbers of the command line.
for size in 0 -1 1.5 x '' 99999999999999999999 "3 "; do
    run plan -d good.json --size "$size"
    check "--size '$size'" fails 2 --size
done
for time in 0 -5 NaN inf 1e999 abc '' 5parsecs 99999999999999999999; do
    run plan -d good.json --plan-runtime-target="$time"
    check "--plan-runtime-target '$time'" fails 2 --plan-runtime-target
    run plan -d good.json --auto-part-runtime-limit="$time"
    check "--auto-part-runtime-limit '$time'" fails 2 --auto-part-runtime-limit
done
run plan -d good.json --size 2 --shards 2
check "--size and --shards" fails 2 --shards
run plan -d good.json --max-size 0
check "--max-size 0" fails 2 --max-size

# The plan file.
yaml_fails() { # NAME PLACE TEXT CONTENT
    printf '%s' "$4" >bad.yaml
    run plan -f bad.yaml
    check "plan file: $1" fails 2 "bad.yaml:$2" "$3"
}
suite='- {name: a, command: ["true"]}'
yaml_fails "not YAML" 3:1 "not YAML" $'suites:\n  - {name: a\n'
yaml_fails "a tab" 2:1 "not YAML" $'suites:\n\t- a'
yaml_fails "an empty file" 1:1 "there is no suite in it" ''
yaml_fails "no suite" 1:1 "there is no suite in it" 'name: x'
yaml_fails "a list" 1:1 "mapping" '- a'
yaml_fails "a key mistyped" 1:1 "did you mean 'suites'?" 'suite: []'
yaml_fails "a suite's key mistyped" 3:5 "did you mean 'command'?" \
    $'suites:\n  - name: a\n    comand: x'
yaml_fails "a key far from any" 1:1 "known are" 'zzzzzzzzzzzz: 1'
yaml_fails "a key twice" 2:1 "given twice" $'name: a\nname: b'
yaml_fails "a suite twice" 3:5 "two suites named" "suites:"$'\n  '"$suite"$'\n  '"$suite"
yaml_fails "a suite without a name" 2:5 "no 'name'" $'suites:\n  - {command: x}' 
yaml_fails "a suite that is nothing" 2:5 "neither" $'suites:\n  - {name: a}'
yaml_fails "parts: 0" 2:34 "whole number" $'suites:\n  - {name: a, command: x, parts: 0}'
yaml_fails "parts: -1" 2:34 "whole number" $'suites:\n  - {name: a, command: x, parts: -1}'
yaml_fails "weight: nan" 2:35 "nan" $'suites:\n  - {name: a, command: x, weight: nan}'
yaml_fails "weight: -5" 2:35 "-5" $'suites:\n  - {name: a, command: x, weight: -5}'
yaml_fails "timeout: 0" 2:36 "longer than zero" $'suites:\n  - {name: a, command: x, timeout: 0}'
yaml_fails "an open quote" 2:24 "split into words" $'suites:\n  - {name: a, command: "x \'y"}'
yaml_fails "a pool that is not there" 1:14 "cloud" $'pool: {type: cloud}\nsuites: []'
printf 'suites:\n  - {name: a, framework: pytst}\n' >bad.yaml
run plan -f bad.yaml
check "plan file: a framework mistyped" fails 2 "did you mean 'pytest'?"
{
    echo 'suites:'
    echo '  - &a0 [x, x]'
    for n in $(seq 1 40); do echo "  - &a$n [*a$((n - 1)), *a$((n - 1))]"; done
} >bad.yaml
run plan -f bad.yaml
check "plan file: a billion laughs" fails 2 bad.yaml
python3 -c 'print("suites: " + "[" * 900000)' >bad.yaml
run plan -f bad.yaml
check "plan file: very deep" fails 2 "bad.yaml:1:72: nested too deeply"
python3 -c 'print("- " * 400000)' >bad.yaml
run plan -f bad.yaml
check "plan file: very deep without brackets" fails 2 "nested too deeply"
head -c 100000 /dev/urandom >bad.yaml
run plan -f bad.yaml
check "plan file: noise" fails 2 bad.yaml
run plan -f nonexistent.yaml
check "plan file: no such file" fails 2 nonexistent.yaml

# Tuples, shards, and plans that are none.
cat >tpsched.yaml <<'YAML'
name: errors
suites:
  - {name: api, command: ["true"]}
  - {name: web, command: ["true"]}
YAML
run plan --size 2 -o plan.json
check "a good plan" expect_status 0
for tuple in 2,2 3,2 -1,2 0,0 0,1 1 ',' a,b 0/2 "0, 2" 0,2,3 99999999999,2 ''; do
    run run --plan plan.json --suite api --part="$tuple"
    check "--part '$tuple'" all 'fails 2 "tpsched run"' '[ ! -e tpsched-report ]'
done
for shard in 0/2 3/2 1/3 1 /2 1/ a/b -1/2 1/2/3 1,2 99999999999/2 ''; do
    run run --plan plan.json --shard="$shard"
    check "--shard '$shard'" all 'fails 2 --shard' '[ ! -e tpsched-report ]'
done
run run --plan plan.json --part 0,2
check "--part without --suite" fails 2 --suite
run run --shard 1/2
check "--shard without --plan" fails 2 --plan
run run --plan plan.json --suite nobody
check "an unknown suite" fails 2 "no suite 'nobody'"
run run --plan plan.json --shard 1/2 --suite web
check "a suite that is in another shard" all 'fails 2 "shard 1 has nothing of suite" "web"' \
    '[ ! -e tpsched-report ]'
run run --plan plan.json --shard 1/2 --testcase web
check "a testcase that is in another shard" fails 2 "no testcase 'web' there"
run run --plan plan.json --testcase api --testcase nobody
check "one of two testcases is unknown" all 'fails 2 "nobody"' '[ ! -e tpsched-report ]'
for shard in 1/2 2/2; do
    run run --plan plan.json --shard $shard --suite api --report-dir shard
    echo "$STATUS"
done | sort >statuses
check "a suite that the shard does not have" diff statuses <(printf '0\n2\n')
cp plan.json kept.json
run run --plan plan.json -w kept.json
check "-w does not write into a plan" all 'fails 2 kept.json' 'cmp plan.json kept.json'
run run --plan plan.json --suite api --suite web
check "--suite twice" fails 2 "--suite is given twice"
mkdir -p mine && cp plan.json mine/plan.json
run run --plan plan.json --report-dir mine
check "a directory with a plan.json of mine" all 'fails 2 "plan.json that would be lost"' 'cmp plan.json mine/plan.json'
echo "1 nowhere" >mine/lock
run run --plan plan.json --report-dir mine
check "unless a run was killed there before it had a journal" all 'not expect_status 2' '[ -e mine/journal.jsonl ]'
mkdir -p things/parts && echo mine >things/report.xml
run run --plan plan.json --report-dir things
check "a directory with parts of mine" all 'fails 2 "report.xml that would be lost"' 'grep -qx mine things/report.xml'
mkdir -p linked && ln -sfn ../kept.json linked/lock
run run --plan plan.json --report-dir linked
check "a lock that is a link is not followed" all 'fails 4 lock' 'cmp plan.json kept.json'
mkdir -p logs && echo mine >logs/output.log
run run --plan plan.json --report-dir logs
check "a directory with an output.log of mine" all 'fails 2 "output.log that would be lost"' 'grep -qx mine logs/output.log'
run run --plan plan.json --report-dir ''
check "an empty report directory" fails 2 --report-dir
run run --plan plan.json --size auto
check "--plan and --size auto" fails 2 --plan
run run --plan plan.json -d good.json
check "--plan and --runtime-data" fails 2 --plan
for attempt in 0 -1 x 1001; do
    run run --plan plan.json --attempt $attempt
    check "--attempt $attempt" fails 2 --attempt
done

plan_fails() { # NAME TEXT SCRIPT
    sed "$3" plan.json >bad.json
    run run --plan bad.json
    check "plan: $1" fails 2 bad.json "$2"
    check "plan: $1: nothing was run" [ ! -e tpsched-report ]
    run merge --plan bad.json good.json
    check "plan of a merge: $1" fails 2 bad.json
}
plan_fails "a suite renamed" id 's/"web"/"wab"/'
plan_fails "another time" id 's/"weight":.*/"weight": 7,/'
plan_fails "another id" id 's/"id":.*/"id": "0123",/'
plan_fails "another schema" tpsched.plan/9 's/tpsched.plan.1/tpsched.plan\/9/'
plan_fails "half of it" bad.json '20,$d'
plan_fails "nothing" bad.json 'd'
plan_fails "no plan" schema 's/schema/scheme/'
plan_fails "a tuple out of range" "" 's/"part":.*/"part": [2, 2],/'
# resealed EXPRESSION: the good plan `d`, changed, under the id that its content then has.
resealed() {
    python3 - "$1" <<'PY'
import hashlib, json, sys
with open("plan.json", encoding="utf-8") as file:
    d = json.load(file)
exec(sys.argv[1])
del d["id"]
text = json.dumps(d, separators=(",", ":"), ensure_ascii=False)
d["id"] = hashlib.sha256(text.encode()).hexdigest()
with open("resealed.json", "w", encoding="utf-8") as file:
    json.dump(d, file)
PY
    run run --plan resealed.json
}
resealed 'pass'
check "a plan that was sealed again" answers 0 "PASSED: 2 testcases"
rm -rf tpsched-report
resealed 'd["suites"] = []; d["tasks"] = []'
check "an empty plan is not run" all 'fails 2 resealed.json "nothing in it to run"' \
    '[ ! -e tpsched-report ]'
run merge --plan resealed.json .
check "an empty plan proves nothing" fails 2 resealed.json
resealed 'd["tasks"][0].update(testcase_count=0, testcases=[])'
check "a task without testcases" fails 2 resealed.json "no testcases"
run run --plan good.json
check "runtime data is no plan" fails 2 good.json
run run --plan tpsched.yaml
check "a plan file is no plan" fails 2 tpsched.yaml
run run --plan plan.json -f nonexistent.yaml
check "a plan without its plan file" fails 2 nonexistent.yaml

# What does not fit the plan any more.
mkdir -p py
printf 'def test_a():\n    pass\n\ndef test_b():\n    pass\n' >py/test_x.py
printf 'suites:\n  - {name: py, framework: pytest, path: py}\n' >py.yaml
if need_pytest; then
    run plan -f py.yaml -o py.json
    printf 'def test_a():\n    pass\n\ndef test_new():\n    pass\n' >py/test_x.py
    run run --plan py.json -f py.yaml
    check "testcases came and went" all 'fails 3 "py/test_x.py::test_new"' \
        'err_has "py/test_x.py::test_b"'
    run run --plan py.json -f py.yaml --allow-new
    check "--allow-new is not --allow-missing" fails 3 "py/test_x.py::test_b"
    run run --plan py.json -f py.yaml --allow-missing
    check "--allow-missing is not --allow-new" fails 3 "py/test_x.py::test_new"
    run run --plan py.json -f py.yaml --allow-new --allow-missing -r allowed
    check "both allowed" all 'answers 0 PASSED' \
        'results allowed/report.xml | grep "test_new., .passed"' \
        'results allowed/report.xml | grep "test_b., .skipped"'
    echo 'syntax error here' >py/test_x.py
    run run --plan py.json -f py.yaml
    check "a project that can't be listed" fails 2 "can't be listed"
else
    skip "plans and listings that differ" "there is no pytest"
fi
sed 's/web/net/' tpsched.yaml >renamed.yaml
run run --plan plan.json -f renamed.yaml
check "a suite of the plan is gone" all 'fails 3 web || fails 2 web'

# Threads that can't be started: their stacks are as large as the limit says.
(
    ulimit -S -s 200000000 && ulimit -v 20000000 && "$TPSCHED" --version >&2 || exit 77 # ASan
    timeout -s KILL 60 "$TPSCHED" run --report-dir threads </dev/null
) >"$OUT" 2>"$ERR"
STATUS=$?
case $STATUS in
0 | 77) skip "no threads" "the limits can't be set here, or do not hold" ;;
*) check "no threads" all 'expect_status 4' 'err_has "cannot start the workers"' 'out_lacks PASSED' ;;
esac

# Programs that are not there.
printf 'suites:\n  - {name: gone, command: [./nonexistent]}\n  - {name: here, command: ["true"]}\n' >gone.yaml
run run -f gone.yaml --report-dir gone
check "a command that can't be started" all 'expect_status 3' 'out_has ./nonexistent || out_has gone' \
    'results gone/report.xml | grep -F "here" | grep -F passed'
printf 'suites:\n  - {name: gone, framework: googletest, command: [./nonexistent]}\n' >gone.yaml
run run -f gone.yaml --report-dir gone2
check "a framework that can't be listed" all 'fails 2 ./nonexistent || fails 2 gone' '[ ! -e gone2 ]'
run list -f gone.yaml
check "list: a framework that can't be listed" fails 2 gone
printf 'suites:\n  - {name: dir, command: ["true"], cwd: nonexistent}\n' >gone.yaml
run run -f gone.yaml --report-dir gone3
check "a directory that is not there" all 'not expect_status 0' 'cat "$OUT" "$ERR" | grep -F dir'

# Where nothing can be written.
: >file
run plan -d good.json -o file/below.json
check "plan -o below a file" fails 4 file/below.json
run plan -d good.json -o nonexistent/plan.json
check "plan -o into a missing directory" fails 4 nonexistent/plan.json
run run --report-dir file/below
check "reports below a file" fails 4 file/below
run run -w file/data.json
check "runtime data below a file" all 'expect_status 4' 'err_has file/data.json' 'out_has PASSED'
echo 'kept {' >kept.json
run run -w kept.json
check "what is no runtime data is not overwritten" all 'fails 2 kept.json' '[ "$(cat kept.json)" = "kept {" ]'
run run --report-dir good
check "a run that is merged below" answers 0 PASSED
run merge --plan plan.json good -o file/merged.xml
check "merge -o below a file" all 'expect_status 4' 'err_has file/merged.xml'
echo old >old.json
run plan -f bad.yaml -o old.json
check "a failed plan leaves the old one" all 'expect_status 2' '[ "$(cat old.json)" = old ]'
for command in "plan -d good.json" "plan -d good.json --format json" "list" "merge --plan plan.json good" \
    "merge good --format junit" "merge good --format json" "run -r full" "run -r full --format json" \
    --version --help "plan --help" "run --help"; do
    # shellcheck disable=SC2086 # words
    "$TPSCHED" $command >/dev/full 2>"$ERR"
    STATUS=$?
    : >"$OUT"
    check "a full disk behind '$command'" fails 4 ""
done

# A disk that fills up while reports are written.
printf 'suites:\n  - {name: loud, command: [seq, "20000"]}\n  - {name: quiet, command: ["true"]}\n' >loud.yaml
disk_is_told() {
    expect_status 4 && cat "$OUT" "$ERR" | grep -qi "$1" && out_lacks PASSED:
}
mkdir small
if mount -t tmpfs -o size=64k tpsched small 2>/dev/null; then
    trap 'cd /; umount "$TMP/small"; rm -rf "$TMP"' EXIT
    run run -f loud.yaml --report-dir small/report
    check "a full disk: not green" disk_is_told "no space left"
    run plan -f loud.yaml -o loud.json
    run merge --plan loud.json small/report
    check "a full disk: merge is not green" all 'not expect_status 0' 'not expect_status 1'
    rm -rf small/report
    head -c 60000 /dev/zero >small/zero
    echo old >small/plan.json
    python3 -c 'import json; print(json.dumps({"a": {"execution_time": 1, "setup_time": 0, "testcases": {"t%d" % n: 1 for n in range(2000)}}}))' >big.json
    run plan -d big.json -o small/plan.json
    check "a full disk: the old plan is kept" all 'fails 4 "small/plan.json"' '[ "$(cat small/plan.json)" = old ]' \
        '[ "$(ls small | wc -l)" -eq 2 ]'
else
    skip "a full disk" "nothing can be mounted here"
fi
(
    ulimit -f 4 # of the journal's two ends one fits, if any; SIGXFSZ is not ignored here
    TPSCHED_CLI_PROBE=$TMP "$TPSCHED" run -f loud.yaml --report-dir limited >"$OUT" 2>"$ERR" </dev/null
)
STATUS=$?
check "files may not grow: not green" all 'expect_status 4' 'out_lacks PASSED:'
run run -f loud.yaml --report-dir limited --resume
check "when there is room again: resumed" answers 0 "PASSED: 2 testcases"
mkdir ro
if mount --bind ro ro 2>/dev/null && mount -o remount,ro,bind ro 2>/dev/null; then
    run run --report-dir ro/report
    check "a read-only disk" fails 4 ro/report
    umount ro
else
    skip "a read-only disk" "nothing can be mounted here"
fi

# Names are data.
python3 - <<'PY'
import json
names = ["a b", "it's", 'say "x"', "new\nline", "$(touch x)", "`touch x`", "; touch x", "../../up",
         "/etc/passwd", "-rf", "--help", "x" * 10240, "ünï ☃", "a,b", "0,2", "<&>]]>", "%s%n%d", "\\n", "*"]
with open("names.yaml", "w", encoding="utf-8") as file:
    file.write("name: names\nsuites:\n")
    for name in names:
        file.write("  - {name: %s, command: [\"sh\", \"-c\", \"exit ${#1}\", sh, %s]}\n"
                   % (json.dumps(name, ensure_ascii=False), json.dumps("")))
with open("names.json", "w", encoding="utf-8") as file:
    json.dump({name: {"execution_time": 1, "setup_time": 0, "testcases": {name: 1}} for name in names}, file)
with open("names.txt", "wb") as file:
    file.write("\0".join(names).encode() + b"\0")
PY
run plan -f names.yaml -d names.json -o names-plan.json
check "odd names are planned" all 'expect_status 0' 'json names-plan.json "len(d[\"tasks\"]) == 19"'
run run -f names.yaml --plan names-plan.json --report-dir names --size 4
check "odd names are run" all 'answers 0 "PASSED: 19 testcases"' 'holds_the_plan names-plan.json names/report.xml'
run merge --plan names-plan.json names
check "odd names are merged" answers 0 "PASSED: 19 testcases"
one_by_one() {
    local name
    while IFS= read -r -d '' name; do
        run run -f names.yaml --plan names-plan.json --suite="$name" --report-dir one
        answers 0 "PASSED: 1 testcase" || { echo "name: ${name:0:50}"; return 1; }
        run run -f names.yaml --plan names-plan.json --testcase="$name" --report-dir one
        answers 0 "PASSED: 1 testcase" || { echo "testcase: ${name:0:50}"; return 1; }
    done <names.txt
}
check "odd names are addressed one by one" one_by_one
check "nothing was executed or written elsewhere" all '[ ! -e x ]' '[ ! -e ../up ]' '[ ! -e ../../up ]' \
    '[ -z "$(find names one -name "up*")" ]'
sed -i 's/exit ${#1}/exit 1/' names.yaml
run run -f names.yaml --plan names-plan.json --report-dir names --size 4
cp "$OUT" names.out
all_again() {
    local command n=0
    while read -r command; do
        reproduce "$command"
        answers 1 "FAILED: 1 testcase" || { echo "$command" | cut -c 1-200; return 1; }
        n=$((n + 1))
    done < <(python3 - <<'PY'
import re
text = open("names.out", encoding="utf-8").read()
# A command with a name that holds a line end is two lines; bash reads it whole all the same.
for command in re.findall(r"^    again: tpsched (.*(?:\nline.*)?)$", text, re.M):
    print(command.replace("\n", "'$'\\n''"))
PY
)
    [ $n -eq 19 ] || { echo "$n commands"; return 1; }
}
check "odd names: each 'again:' reproduces" all_again
check "nothing was executed by any of them" [ ! -e x ]
check "nothing left" wait_for 30 nothing_left
check "no temporary files" no_temporary_files
finish
