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

finish
