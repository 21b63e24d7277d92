#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runtime data as a thing of its own: learned by a merge, united, pruned, shown, checked.
. "$(dirname "$0")/lib.sh"

# The last job of a matrix learns from the reports of all shards.
cat >tpsched.yaml <<'YAML'
name: shop
suites:
  - {name: long, command: [sleep, "0.3"]}
  - {name: short, command: [sleep, "0.1"]}
YAML
run plan --size 2 -o plan.json
for shard in 1 2; do
    run run --plan plan.json --shard $shard/2 --run-id 7 -r report-$shard
done
run merge --plan plan.json report-1 report-2 -o report.xml --write-runtime-data data.json
check "merge learns" answers 0 "PASSED: 2 testcases"
check "what both shards measured" json data.json \
    'sorted(d) == ["long", "short"] and d["long"]["execution_time"] > d["short"]["execution_time"] > 0'
cp data.json once.json
run merge --plan plan.json report-2 report-1 report-1 -w data.json
check "to learn it again changes no byte" cmp data.json once.json
run merge --plan plan.json report-1 -w half.json
check "an incomplete merge learns what it has" all 'expect_status 3' 'json half.json "len(d) == 1"'
run merge --plan plan.json report-2 -w half.json
check "and the rest later" json half.json 'len(d) == 2'
run plan -d data.json -o next.json
check "what was learned can be planned with" all 'expect_status 0' \
    'json next.json "d[\"evidence\"][\"guessed\"] == 0"'
run merge report-1 report-2 -w other.json
check "without a plan nothing is learned" all 'fails 2 --plan' '[ ! -e other.json ]'
echo '{"a.py::x": 1}' >foreign.json
run merge --plan plan.json report-1 report-2 -o again.xml -w foreign.json
check "not into a file of another form" all 'fails 2 foreign.json' '[ ! -e again.xml ]'
run merge --plan plan.json report-1 report-2 -o again.xml -w none/data.json
check "a file that cannot be written" fails 4 none/data.json

# The sub-commands say what they are.
narrow() {
    [ "$(LC_ALL=C.UTF-8 wc -L <"$OUT")" -le 80 ]
}
run history --help
check "history --help" all 'answers 0 "usage: tpsched history COMMAND"' narrow '[ ! -s "$ERR" ]'
for command in merge prune show check; do
    check "the help has '$command'" grep -q "^  $command " "$OUT"
done
for command in merge prune show check; do
    run history $command --help
    check "history $command --help" all "answers 0 'tpsched history $command'" narrow '[ ! -s "$ERR" ]'
    run history $command
    check "history $command needs a file" fails 2 "name"
    run history $command none.json
    check "history $command of no file" fails 2 none.json
    echo '{"A": {"execution_time": 1,' >half-a-file.json
    run history $command half-a-file.json
    check "history $command of half a file" fails 2 half-a-file.json
    run history $command --no-such-option
    check "history $command with an unknown option" fails 2 --no-such-option
done
run history
check "history of nothing" fails 2 "usage: tpsched history"
run history mrge
check "an unknown sub-command" fails 2 mrge

# merge: whatever the order, and whatever is there already.
cat >one.json <<'JSON'
{"A": {"execution_time": 3, "setup_time": 1, "note": "kept",
       "runs": {"20261101T100000-0000000a 0,2": {"execution_time": 3, "setup_time": 1, "testcase_count": 1}},
       "testcases": {"x": {"last": {"20261101T100000-0000000a": 3}}}}}
JSON
cat >two.json <<'JSON'
{"A": {"execution_time": 5, "setup_time": 1,
       "runs": {"20261101T100009-0000000a 1,2": {"execution_time": 5, "setup_time": 1, "testcase_count": 1}},
       "testcases": {"y": {"last": {"20261101T100009-0000000a": 5}}}}}
JSON
run history merge -o both.json one.json two.json
check "merge" all 'expect_status 0' 'json both.json \
    "d[\"A\"][\"execution_time\"] == 8 and d[\"A\"][\"testcase_count\"] == 2 and d[\"A\"][\"note\"] == \"kept\""'
run history merge two.json both.json one.json two.json
check "merge in another order, on stdout" cmp "$OUT" both.json
echo '{"t.py::a": 1, "t.py::b": 2}' >durations
run history merge durations both.json
check "times without a suite need one" fails 2 --suite
run history merge --suite py -o py.json durations both.json
check "merge --suite" all 'expect_status 0' 'json py.json "d[\"py\"][\"testcases\"] == {\"t.py::a\": 1, \"t.py::b\": 2}"'
run history merge -o none/py.json both.json
check "merge into a file that cannot be written" fails 4 none/py.json

# prune
cat >old.json <<'JSON'
{"A": {"execution_time": 3, "setup_time": 1, "runs": {},
       "testcases": {"gone": {"last": {"20260101T100000-0000000a": 3}},
                     "new": {"last": {"20261101T100000-0000000b": 3}}}}}
JSON
cp old.json kept.json
run history prune old.json --max-age 400d -o pruned.json
check "prune nothing" all 'answers 0 "0 testcases dropped"' 'json pruned.json "len(d[\"A\"][\"testcases\"]) == 2"'
check "prune leaves its input" cmp old.json kept.json
run history prune old.json
check "prune in place" all 'answers 0 "1 testcase dropped"' 'json old.json "list(d[\"A\"][\"testcases\"]) == [\"new\"]"'
run history prune --max-age soon old.json
check "prune with a bad age" fails 2 --max-age soon
run history prune durations
check "prune what knows no suite" fails 2 durations
check "it is what it was" grep -q '"t.py::a": 1' durations

# show
run history show kept.json
check "show" all 'answers 0 "A: 2 testcases, 0 runs"' 'out_has " 304d  gone"' 'out_has "20261101T100000-0000000b"'
run history show kept.json 'ne*' --format json
check "show a pattern" json "$OUT" \
    '[t["id"] for t in d["suites"][0]["testcases"]] == ["new"] and d["suites"][0]["testcases"][0]["age_days"] == 0'
run history show both.json --suite A --top 1
check "show the slowest" all 'out_has " y"' 'out_lacks " x"'
run history show both.json --suite B
check "show a suite that is not there" fails 2 "'B'"
printf '{"a\\u001b[31m::x": 1}' >evil.json
run history show evil.json
check "show names of strangers" all 'expect_status 0' 'not grep -q $'"'\\e'"' "$OUT"'

# check
run history check both.json
check "check good data" answers 0 "nothing found"
run history check both.json --now 2027-11-01
check "check old data" answers 1 "A: age: its newest run is 364 days old"
run history check both.json --now yesterday
check "check with a bad date" fails 2 --now yesterday
python3 - <<'PY'
import json
json.dump({"t.py::test_%d" % n: 37.5 * (n + 5) for n in range(40)}, open("ms.json", "w"))
PY
run history check ms.json
check "check milliseconds" answers 1 "pytest: units: half of its 40 testcases take"
run history check ms.json --format json
check "check for programs" json "$OUT" '[f["kind"] for f in d["findings"]] == ["units"] and d["findings"][0]["suite"] == "pytest"'
cat >plan.yaml <<'YAML'
suites:
  - {name: Ab, command: ["true"]}
  - {name: long, command: ["true"]}
YAML
run history check -f plan.yaml data.json
check "check against a plan file" all 'expect_status 1' \
    'out_has "Ab: coverage: 1 of 1 testcases have no time (100 %)"' \
    'out_has "short: unmatched: the plan file has no such suite"' 'out_lacks "long:"'
run history check -f none.yaml data.json
check "check against no plan file" fails 2 none.yaml

finish
