#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Why a plan takes so long, and why a test is where it is.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

explain_json() {
    expect_status 0 && json "$OUT" "$1"
}
narrow() {
    [ "$(LC_ALL=C.UTF-8 wc -L <"$OUT")" -le 80 ] || { LC_ALL=C.UTF-8 grep -E '.{81}' "$OUT"; return 1; }
}

# "api" is cut in three of 10 + 30 s; "slow" takes 100 s in one testcase; "new" is guessed.
cat >data.json <<'JSON'
{ "api": {"execution_time": 90, "setup_time": 8, "teardown_time": 2,
          "testcases": {"pay": 30, "ship": 30, "refund": 25, "log\u001b[31m\nin": 5}},
  "slow": {"execution_time": 100, "setup_time": 0, "testcases": {"all": 100}},
  "count": {"execution_time": 30, "setup_time": 0, "testcase_count": 3} }
JSON
make=(-d data.json -l 40 -t 110)
run plan "${make[@]}" -o plan.json

run explain "${make[@]}" --size 2
check "floor, path, advice" all 'answers 0 "2 workers"' 'out_has "no order of these tasks on 2 workers takes less than 2m10s"' \
    'grep -qE "^  longest +1m40s  slow" "$OUT"' 'grep -qE "^  mean +2m05s" "$OUT"' 'out_has "the planner has a stronger proof than these"' 'grep -qE "^  k tasks +1m50s +one worker takes 3 of the 5" "$OUT"' \
    'out_has "cutting slow in two would save nothing"' 'out_has "critical path"' 'out_has "what would help most"' narrow \
    'not grep -q $'"'\\e'"' "$OUT"'
cp "$OUT" first
run explain "${make[@]}" --size 2
check "the same twice" cmp "$OUT" first
run explain -p plan.json
check "of a plan file" all 'answers 0 "critical path"' '[ ! -s "$ERR" ]' narrow
run explain "${make[@]}" --format json
check "JSON" explain_json 'd["schema"] == "tpsched.explain/1" and d["plan"]["size"] >= 2
    and d["floor"]["longest"] == 100 and d["floor"]["longest_task"]["suite"] == "slow"
    and d["floor"]["cut_in_two_saves"] == 0
    and d["floor"]["lower_bound"] <= d["plan"]["makespan"]
    and (lambda p: abs(p[-1]["start"] + p[-1]["weight"] - d["plan"]["makespan"]) < 1e-6
         and all(t["worker"] == d["critical_path"]["worker"] for t in p))(d["critical_path"]["tasks"])
    and all(a.get("saves", a.get("at_stake")) >= b.get("saves", b.get("at_stake"))
            for a, b in zip(d["advice"], d["advice"][1:]))'
run explain -d data.json -l 1000 -t 1000 --size 2 --format json
check "what would help: cutting the longest" explain_json 'any(a["kind"] in ("split", "workers", "setup") and a["saves"] > 0 for a in d["advice"])'
printf 'suites: [{name: a, command: "true"}, {name: b, command: "true"}]\n' >tpsched.yaml
run explain
check "what would help: measuring" all 'answers 0 "measure 1 testcase of a: 10.0s of it is a guess"'
run explain a --format json
check "the plan file's suite" explain_json 'd["found"][0]["reason"] == "declared" and d["found"][0]["guessed"] == 1'
rm tpsched.yaml
python3 - <<'PY'
import json
json.dump({"a": {"execution_time": 0, "setup_time": 50, "testcases": {"t%d" % i: 30 for i in range(4)}}}, open("setup.json", "w"))
PY
run explain -d setup.json -l 80 -t 10000
check "setup that does not pay" all 'answers 0 "suites that pay more setup than they save"' 'out_has "half the setup of a, now 50.0s"' narrow

# One testcase.
run explain "${make[@]}" pay
check "a testcase" all 'answers 0 "suite     api, measured"' 'out_has "task      api "' 'out_has "worker    "' \
    'out_has "time      30.0s, measured"' 'out_has "starts    after about "' 'out_has "it moves alone"'
run explain -p plan.json pay
check "of a plan file: without its time" all 'answers 0 "task      api "' 'out_has "not in a plan file"' 'out_lacks "starts"'
run explain "${make[@]}" pay --format json
check "as JSON" explain_json 'd["schema"] == "tpsched.explain-names/1" and len(d["found"]) == 1
    and (lambda t: t["kind"] == "testcase" and t["id"] == "pay" and t["suite"] == "api" and t["expected"] == 30
         and t["source"] == "measured" and t["unit"]["kind"] == "testcase" and t["unit"]["testcase_count"] == 1
         and t["start"] >= t["task"]["start"] + 8)(d["found"][0])'
run explain "${make[@]}" $'log\e[31m\nin'
check "an odd name" all 'answers 0 "in"' 'not grep -q $'"'\\e'"' "$OUT"' 'out_has "\\nin"'
planned_there() {
    python3 - "$OUT" <<'PY'
import json, sys
found = json.load(open(sys.argv[1]))["found"]
for task in json.load(open("plan.json"))["tasks"]:
    for position, case in enumerate(task.get("testcases", [])):
        [t] = [f for f in found if f["id"] == case]
        assert t["task"]["part"] == task["part"] and t["task"]["worker"] == task["worker"], case
        assert t["position"] == position and t["suite"] == task["suite"], case
PY
}
run explain -p plan.json --format json pay ship refund $'log\e[31m\nin' all
check "each testcase is where the plan has it" planned_there

# One suite.
run explain "${make[@]}" api
check "a suite" all 'answers 0 "suite api"' 'out_has "parts     3"' 'out_has "why       fewer would not keep 40.0s a part"' 'grep -qE "^  0,3 " "$OUT"' narrow
run explain "${make[@]}" api count slow --format json
check "suites as JSON" explain_json '[(s["name"], s["parts"]) for s in d["found"]] == [("api", 3), ("count", 1), ("slow", 1)]
    and d["found"][0]["parts_needed"] == 3 and d["found"][0]["reason"] == "limit" and len(d["found"][0]["tasks"]) == 3
    and d["found"][1]["reason"] == "fits" and d["found"][2]["reason"] == "one-unit" and d["found"][0]["part_may_take"] == 40'
run explain "${make[@]}" slow all
check "a suite and a testcase" all 'answers 0 "suite slow"' 'out_has "number 1 of 1 testcase"'
python3 - <<'PY'
import json
json.dump({s: {"execution_time": 0, "setup_time": 0, "testcases": {"both": 3}} for s in ("b", "a")}, open("twice.json", "w"))
json.dump({"--help": {"execution_time": 1, "setup_time": 0}}, open("dash.json", "w"))
PY
run explain -d twice.json both --format json
check "a testcase of two suites" explain_json '[t["suite"] for t in d["found"]] == ["a", "b"]'
run explain -d twice.json --suite b both --format json
check "of one of them" explain_json '[t["suite"] for t in d["found"]] == ["b"]'
run explain -d twice.json --suite b
check "--suite alone is the suite" all 'answers 0 "suite b"' 'out_lacks "suite a"'
run explain -d twice.json --suite b a
check "another suite is not of that suite" fails 2 "named 'a'"
run explain -d twice.json --suite c both
check "a suite that is none" fails 2 "named 'c'"
python3 -c 'import json; print(json.dumps({"s%02d" % n: {"execution_time": 0, "setup_time": 0, "testcases": {"x": 1}} for n in range(30)}))' >many.json
run explain -d many.json x
check "a testcase of many suites" all 'answers 0 "... and in 20 more suites; name one with --suite"' '[ "$(grep -c "^x$" "$OUT")" -eq 10 ]'
run explain -d dash.json -- --help
check "a name that looks like an option" answers 0 "suite --help"

# What is wrong.
run explain "${make[@]}" refnud
check "a slip of the hand" fails 2 "no suite or testcase of the plan is named 'refnud'; did you mean 'refund'?"
run explain "${make[@]}" pay refnud
check "nothing is printed when one of several is unknown" fails 2 "'refnud'"
run explain "${make[@]}" un
check "a piece of a name" fails 2 "'refund'"
run explain "${make[@]}" $'log\e[31mn'
check "an odd name that is unknown" all 'fails 2 "is named"' 'not grep -q $'"'\\e'"' "$ERR"' '[ "$(wc -l <"$ERR")" -eq 2 ]'
printf '{"count": {"execution_time": 30, "setup_time": 0, "testcase_count": 3}}' >count.json
run explain -d count.json something-else
check "testcases without names" fails 2 "without their names"
while IFS='|' read -r name text arguments; do
    # shellcheck disable=SC2086 # several arguments
    run explain $arguments
    check "$name" fails 2 "$text"
done <<'CASES'
nothing to plan|there is no tpsched.yaml here|
no such plan|cannot read 'nowhere.json'|-p nowhere.json
runtime data for a plan|cannot read 'data.json'|-p data.json
a plan and data|--plan explains a plan as it is|-p plan.json -d data.json
a plan and a size|--plan explains a plan as it is|-p plan.json --size 2
a format|'xml' is not text or json|-p plan.json --format xml
an option that is none|--frobnicate|--frobnicate
CASES
run plan "${make[@]}" -o again.json
check "the plan is left alone" cmp plan.json again.json
finish
