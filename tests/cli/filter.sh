#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# --include, --exclude, --tag and --exclude-tag, and what `list` shows.
PLUGIN=$(cd "$(dirname "$0")/../../data/frameworks/pytest" && pwd)
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
export LC_ALL=C.UTF-8

stdout_is() {
    diff "$OUT" - <<<"$1"
}
stderr_is() {
    diff "$ERR" - <<<"$1"
}

# Commands: suites of one testcase each.
cat >tpsched.yaml <<'YAML'
suites:
  - {name: fast, command: [touch, ran.fast], tags: [quick, unit]}
  - {name: 'odd[1] *', command: [touch, ran.odd], tags: quick}
  - {name: slow, command: [touch, ran.slow]}
  - {name: broken, framework: ctest, path: nowhere, tags: [broken]}
YAML
not_broken=(--exclude-tag broken)

run list
check "a suite that can't be listed" fails 2 "suite 'broken'"
run list "${not_broken[@]}"
check "is no obstacle when it is excluded by its tag" stdout_is "fast (command, 1 testcase, unit testcase)  [quick, unit]
  from tpsched.yaml:2
  fast
odd[1] * (command, 1 testcase, unit testcase)  [quick]
  from tpsched.yaml:3
  odd[1] *
slow (command, 1 testcase, unit testcase)
  from tpsched.yaml:4
  slow"
run list --exclude broken --suites
check "or its name; only the suites" stdout_is "fast (command, 1 testcase, unit testcase)  [quick, unit]
odd[1] * (command, 1 testcase, unit testcase)  [quick]
slow (command, 1 testcase, unit testcase)"
run list --exclude broken --tags
check "only the tags" stdout_is "quick (2 testcases)
unit (1 testcase)"
run list --exclude broken --tags --format json
check "tags as JSON" json "$OUT" 'd == {"tags": [{"name": "quick", "testcase_count": 2}, {"name": "unit", "testcase_count": 1}]}'
run list --exclude broken --suites --format json
check "suites as JSON" json "$OUT" '[s["name"] for s in d["suites"]] == ["fast", "odd[1] *", "slow"]
    and not any("testcases" in s for s in d["suites"]) and d["suites"][0]["testcase_count"] == 1
    and d["suites"][0]["tags"] == ["quick", "unit"] and "tags" not in d["suites"][2]'
run list --suites --tags
check "one question at a time" fails 2 "--suites, --tags and --frameworks are three questions"

# left OPTIONS...: the suites that are left, on one line.
left() {
    run list --exclude broken --suites --format json "$@"
    [ "$STATUS" -eq 0 ] || return
    LEFT=$(python3 -c 'import json, sys; print(" ".join(s["name"] for s in json.load(sys.stdin)["suites"]))' <"$OUT")
}
# leaves NAME WHAT OPTIONS...: without a word.
leaves() {
    local name=$1 what=$2
    shift 2
    left "$@"
    check "$name" all "[ '$LEFT' = '$what' ]" '[ ! -s "$ERR" ]'
}
leaves "nothing more" "fast odd[1] * slow"
leaves "a name" "slow" --include slow
leaves "a pattern" "fast slow" --include '?as?' --include 'sl*'
leaves "brackets and stars of a name" "odd[1] *" --include 'odd[1] ?'
leaves "suite and testcase" "fast" --include 'fast:fast'
leaves "exclude beats include" "fast odd[1] *" --include '*' --exclude 'slow:*'
leaves "a tag" "fast odd[1] *" --tag quick
leaves "any of two tags" "fast odd[1] *" --tag unit --tag quick
leaves "not a tag" "slow" --exclude-tag quick
leaves "all kinds agree" "fast" --tag quick --exclude 'odd*' --include '*a*' --include '*o*' --exclude-tag broken
run list --exclude broken --include slow --include fsat --tag quikc --tag unit
check "nothing left in common" fails 2 "did you mean 'quick'"
run list --exclude broken --include slow --include flow
check "a pattern for nothing is warned of" all 'expect_status 0' \
    "stderr_is \"tpsched: warning: no testcase matches --include 'flow'; the nearest is 'slow'\""
run list --exclude broken --include slow --include nothing --exclude-tag nil
check "nothing is near" stderr_is "tpsched: warning: no testcase matches --include 'nothing'
tpsched: warning: no testcase has --exclude-tag 'nil'"
run list --exclude broken --include flow
check "nothing at all" fails 2 "no testcase matches --include 'flow'; the nearest is 'slow'"
run list --exclude broken --include slo
check "a whole name" fails 2 "a pattern matches a whole name, and '*slo*' would match"
run list --exclude broken --tag qiuck
check "no such tag" fails 2 "no testcase has --tag 'qiuck'; did you mean 'quick'?"
run list --include fast --exclude fast --exclude broken
check "they leave nothing to each other" fails 2 "what one of its options takes, another one leaves out"
run list --exclude '*'
check "nothing is wanted" fails 2 "no testcase matches all of the filter"
for option in --include --exclude --tag --exclude-tag; do
    run list $option=
    check "an empty $option" fails 2 "$option: it is empty"
done
run list "--include=$(python3 -c 'print("*a" * 5000 + "b")')" --include fast --exclude broken
check "no pattern takes long" expect_status 0
run list $'--include=\xff\x1b[1m' --include fast --exclude broken
check "odd bytes are shown harmless" all 'expect_status 0' '! grep -q $'"'\x1b'"' "$ERR"'

run run --tag unit --exclude broken
check "run executes what is left" all 'answers 0 PASSED' '[ -e ran.fast ]' '[ ! -e ran.odd ]' '[ ! -e ran.slow ]'

# A plan holds its filter.
run plan --exclude broken --include slow --include 'f*' --include slow --format json
cp "$OUT" one.json
run plan --include 'f*' --include slow --exclude broken --format json
check "in whatever order it is given" cmp "$OUT" one.json
check "the plan holds it" json one.json 'd["filter"] ==
    {"include": ["f*", "slow"], "exclude": ["broken"], "tags": [], "exclude_tags": []}'
run plan --include '?ast' --include slow --exclude broken --format json
check "the id depends on it" json "$OUT" "d['id'] != '$(sed -n 's/.*"id": "\(.*\)",/\1/p' one.json)'
    and d['tasks'] == $(python3 -c 'import json; print(json.load(open("one.json"))["tasks"])')"
rm -f ran.*
run run -p one.json
check "run executes a plan by its own" all 'answers 0 PASSED' '[ -e ran.fast ]' '[ -e ran.slow ]' '[ ! -e ran.odd ]'
check "what was executed holds it, too" json tpsched-report/executed.json 'd["filter"]["include"] == ["f*", "slow"]'
run replay tpsched-report
check "and can be replayed" answers 0 PASSED
run run -p one.json --tag unit
check "another one is refused" fails 2 "a plan holds the filter that it was made with"
run plan --diff one.json one.json --include slow
check "plans are compared as they are" fails 2 "--diff compares two plans"
run explain --exclude broken --include slow
check "explain goes by a filter" all 'expect_status 0' 'out_has slow' 'out_lacks fast'

echo '{"elsewhere": {"execution_time": 3, "setup_time": 0, "testcases": {"a": 1}}}' >other.json
run plan -d other.json --exclude broken --exclude fast
check "data may be of what is left out" all 'expect_status 0' 'not grep -q "fits this plan" "$ERR"'
run plan -d other.json -f <(sed /broken/d tpsched.yaml)
check "else that is warned of" err_has "nothing in other.json fits this plan"

# Runtime data alone.
cat >data.json <<'JSON'
{"named": {"execution_time": 3, "setup_time": 0, "testcases": {"a": 1, "b": 2}},
 "counted": {"execution_time": 9, "setup_time": 0, "testcase_count": 3}}
JSON
mkdir empty
cd empty || exit 99
run plan -d ../data.json --include 'named:a' --format json
check "the testcases of runtime data" json "$OUT" '[t["testcases"] for t in d["tasks"]] == [["a"]]'
run plan -d ../data.json --include 'count*' --exclude 'counted:*' --format json
check "a suite without names is known by its own" json "$OUT" '[(t["suite"], t["testcase_count"]) for t in d["tasks"]] == [("counted", 3)]'
run plan -d ../data.json --exclude counted --exclude b --format json
check "and excluded by it" json "$OUT" '[t["testcases"] for t in d["tasks"]] == [["a"]]'
run plan -d ../data.json --tag x
check "it has no tags" fails 2 "runtime data has no tags"
cd ..

# pytest: parameters, classes, a suite that is cut.
if need_pytest; then
    mkdir tests
    cat >tests/test_one.py <<'PY'
import pytest
@pytest.mark.parametrize("x", ["1", "a[b]", "*", "ü", "$(touch executed)"])
def test_x(x): pass
class TestC:
    def test_m(self): pass
    def test_slow(self): open("slow", "w").close()
PY
    printf 'def test_y(): pass\n' >tests/test_two.py
    cat >py.yaml <<'YAML'
suites:
  - {name: api, framework: pytest, path: tests, tags: py, pin: [{match: TestC, part: 1}], parts: 2}
  - {name: other, framework: pytest, path: tests, unit: class}
YAML
    run list -f py.yaml
    check "units and testcases" stdout_is "api (pytest, 8 testcases, unit file)  [py]
  from py.yaml:2
  tests/test_one.py
    tests/test_one.py::test_x[1]
    tests/test_one.py::test_x[a[b]]
    tests/test_one.py::test_x[*]
    tests/test_one.py::test_x[\\xfc]
    tests/test_one.py::test_x[\$(touch executed)]
    tests/test_one.py::TestC::test_m
    tests/test_one.py::TestC::test_slow
  tests/test_two.py
    tests/test_two.py::test_y
other (pytest, 8 testcases, unit class)
  from py.yaml:3
  tests/test_one.py::
    tests/test_one.py::test_x[1]
    tests/test_one.py::test_x[a[b]]
    tests/test_one.py::test_x[*]
    tests/test_one.py::test_x[\\xfc]
    tests/test_one.py::test_x[\$(touch executed)]
  tests/test_one.py::TestC
    tests/test_one.py::TestC::test_m
    tests/test_one.py::TestC::test_slow
  tests/test_two.py::
    tests/test_two.py::test_y"
    run list -f py.yaml --include '*::TestC::*' --exclude other --format json
    check "as JSON" json "$OUT" 'd["suites"][0]["testcase_count"] == 2 and d["suites"][0]["testcases"][0] ==
        {"id": "tests/test_one.py::TestC::test_m", "unit": "tests/test_one.py", "class": "tests/test_one.py::TestC",
         "file": "tests/test_one.py", "line": 5, "tags": ["py"]}'
    run plan -f py.yaml --include '*[a[b]]' --include '*TestC*' --exclude '*slow' --tag py -o py.json
    check "a suite that is cut is planned, though its pin can't hold" all 'expect_status 0' \
        "err_has \"'pin' does not hold\" || out_has \"'pin' does not hold\""
    run run -f py.yaml -p py.json -w py-data.json
    check "only what is left is run" all 'answers 0 "PASSED: 2 testcases"' '[ ! -e slow ]' '[ ! -e executed ]'
    check "and neither more nor less" holds_the_plan py.json tpsched-report/report.xml
    printf 'def test_a(): pass\nclass TestC:\n    def test_new(self): pass\n' >tests/test_more.py
    run run -f py.yaml -p py.json
    check "new ones count where the filter takes them" fails 3 "1 added (allow with --allow-new): 'tests/test_more.py::TestC::test_new'"
    run run -f py.yaml -p py.json --allow-new
    check "and run where they may" answers 0 "PASSED: 3 testcases"
    rm tests/test_more.py
    sed -i 's/def test_m/def test_n/' tests/test_one.py
    run run -f py.yaml -p py.json
    check "one that is gone is missing" fails 3 "1 removed (allow with --allow-missing)"

    mkdir marked
    cat >marked/test_marked.py <<'PY'
import pytest
pytestmark = pytest.mark.module
@pytest.mark.slow
@pytest.mark.skipif(False, reason="never")
@pytest.mark.parametrize("x", [1, pytest.param(2, marks=[pytest.mark.db, pytest.mark.xfail])])
def test_x(x): pass
@pytest.mark.usefixtures("tmp_path")
@pytest.mark.filterwarnings("error")
@pytest.mark.skip
class TestC:
    @pytest.mark.slow
    @pytest.mark.slow
    def test_m(self): pass
PY
    TPSCHED_LIST=marks.jsonl PYTHONPATH=$PLUGIN python3 -m pytest -p tpsched_pytest --collect-only -q marked >/dev/null 2>&1
    check "marks are tags" diff - <(python3 -c 'import json, sys
for line in sys.stdin:
    entry = json.loads(line)
    print(entry["id"], *entry["tags"])' <marks.jsonl) <<'TAGS'
marked/test_marked.py::test_x[1] module slow
marked/test_marked.py::test_x[2] db module slow
marked/test_marked.py::TestC::test_m module slow
TAGS
fi

# What can only be run whole is taken whole.
if cmake --version >/dev/null 2>&1; then
    mkdir fixtures
    cat >fixtures/CMakeLists.txt <<'CMAKE'
cmake_minimum_required(VERSION 3.21)
project(fixtures NONE)
enable_testing()
add_test(NAME up COMMAND true)
add_test(NAME db_a COMMAND true)
add_test(NAME db_b COMMAND true)
add_test(NAME alone COMMAND true)
set_tests_properties(up PROPERTIES FIXTURES_SETUP db)
set_tests_properties(db_a db_b PROPERTIES FIXTURES_REQUIRED db)
CMAKE
    cmake -S fixtures -B build >/dev/null
    printf 'suites:\n  - {name: ct, framework: ctest, path: build}\n' >ct.yaml
    run plan -f ct.yaml --include db_a -o ct.json
    check "what is taken along is told" err_has "suite 'ct': 2 testcases more than chosen: ctest can't select less"
    run run -f ct.yaml -p ct.json
    check "and run" answers 0 "PASSED: 3 testcases"
    run list -f ct.yaml --include alone
    check "the rest stays out" all 'expect_status 0' '[ ! -s "$ERR" ]' 'out_has alone' 'out_lacks db_'
fi

check "no temporary files" no_temporary_files
finish
