#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What moved between two plans.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

diff_json() {
    expect_status 0 && json "$OUT" "$1"
}

cat >old.json <<'JSON'
{ "api": {"execution_time": 30, "setup_time": 1, "testcases": {"one": 10, "two": 10, "three": 10}},
  "gone": {"execution_time": 5, "setup_time": 0},
  "web": {"execution_time": 4, "setup_time": 0, "testcases": {"w\u001b[31m\n1": 4}} }
JSON
cat >new.json <<'JSON'
{ "api": {"execution_time": 40, "setup_time": 1, "testcases": {"one": 10, "two": 10, "three": 10, "four": 10}},
  "web": {"execution_time": 4, "setup_time": 0, "testcases": {"w2": 4}} }
JSON
run plan -d old.json -l 40 -o old.plan
run plan -d new.json -l 21 -t 30 -o new.plan
cp old.plan copy.plan
run plan --diff old.plan new.plan
check "the summary" all 'answers 0 "plan "' 'out_has "suites            3 -> 2"' \
    'out_has "target       30m00s -> 30.0s     (-29m30s)"' 'out_has "2 added, 1 removed, "' \
    '[ ! -s "$ERR" ]'
check "names are shown without their escapes" all 'not grep -q $'"'\\e'"' "$OUT"' 'out_has "- web"' 'out_has "\\n1"'
check "suites" all 'out_has "~ api"' 'out_has "- gone"' 'out_has "1 -> 2"'
cp "$OUT" first
run plan --diff old.plan new.plan
check "the same twice" cmp first "$OUT"
check "the plans are left alone" cmp old.plan copy.plan
run plan --diff old.plan new.plan --format json
check "--format json" diff_json 'd["schema"] == "tpsched.diff/1" and d["old"]["plan_runtime_target"] == 1800
    and d["new"]["plan_runtime_target"] == 30
    and d["testcase_count"]["added"] == 2 and d["testcase_count"]["removed"] == 1
    and d["testcase_count"]["moved"] + d["testcase_count"]["stay"] == 3
    and d["testcase_count"]["suites_without_names"] == 1 and d["testcase_count"]["suites_other_parts"] == 1
    and [(s["name"], s["change"]) for s in d["suites"]] == [("api", "changed"), ("gone", "removed")]
    and d["suites"][0]["old"] == {"parts": 1, "testcase_count": 3} and d["suites"][1]["new"] is None'
check "each testcase with where it was and is" diff_json '[(t["id"], t["change"]) for t in d["testcases"] if t["change"] != "moved"]
    == [("four", "added"), ("w\u001b[31m\n1", "removed"), ("w2", "added")]
    and all((t["old"] is None) == (t["change"] == "added") for t in d["testcases"])
    and all(t["old"]["part"] is None and t["new"]["part"] == [1, 2] for t in d["testcases"] if t["change"] == "moved")'
run plan --diff old.plan old.plan
check "the same plan" all 'answers 0 "the same plan"' 'out_has "0 added, 0 removed, 0 moved, 4 stay"'

# Many testcases: by hand the same.
python3 - <<'PY'
import json
for name, first, limit in (("many.old", 0, 3000), ("many.new", 500, 3500)):
    with open(name, "w") as file:
        json.dump({"s": {"execution_time": 0, "setup_time": 0,
                         "testcases": {"t%05d" % i: 1 + i % 7 for i in range(first, limit)}}}, file)
PY
run plan -d many.old -l 60 -o many.old.plan
run plan -d many.new -l 60 -o many.new.plan
run plan --diff many.old.plan many.new.plan
check "a long list is cut" all 'answers 0 "500 added, 500 removed"' 'out_has "... and 450 more"' \
    '[ "$(grep -c "^+ s" "$OUT")" -eq 50 ]'
run plan --diff many.old.plan many.new.plan --format json
by_hand() {
    python3 - "$OUT" <<'PY'
import json, sys
def places(name):
    with open(name) as file:
        return {c: t["part"][0] for t in json.load(file)["tasks"] for c in t["testcases"]}
old, new = places("many.old.plan"), places("many.new.plan")
want = [(i, "added" if i not in old else "removed" if i not in new else "moved")
        for i in sorted(old | new) if old.get(i) != new.get(i)]
with open(sys.argv[1]) as file:
    got = [(t["id"], t["change"]) for t in json.load(file)["testcases"]]
sys.exit(got != want)
PY
}
check "by hand the same" by_hand

# What is wrong.
while IFS='|' read -r name text arguments; do
    # shellcheck disable=SC2086 # several arguments
    run plan $arguments
    check "$name" fails 2 "$text"
done <<'CASES'
no plan|two plans|--diff
one plan|two plans|--diff old.plan
three plans|two plans|--diff old.plan old.plan old.plan
no file|cannot read|--diff old.plan nowhere.plan
no file at first|cannot read|--diff nowhere.plan old.plan
runtime data for a plan|old.json|--diff old.json old.plan
a size|makes none|--diff old.plan new.plan --size 2
runtime data|makes none|--diff old.plan new.plan -d old.json
an output|--output|--diff old.plan new.plan -o some.plan
a format|not table or json|--diff old.plan new.plan --format xml
plans without --diff|one argument too many|old.plan new.plan
CASES
sed 's/"api"/"apu"/' old.plan >edited.plan
run plan --diff old.plan edited.plan
check "a plan that was changed" fails 2 "does not fit its id"
finish
