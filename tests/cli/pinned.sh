#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# One run of a pipeline has one plan, in all its attempts.
. "$(dirname "$0")/lib.sh"

cat >tpsched.yaml <<'YAML'
name: pinned
suites:
  - {name: a, command: ["true"], weight: 4}
  - {name: b, command: ["true"], weight: 3}
YAML
run plan --shards 2 -o plan.json
check "the first attempt plans" expect_status 0
cp plan.json first.json
id=$(python3 -c 'import json; print(json.load(open("plan.json"))["id"])')
# What changes a plan between two attempts: new times.
sed -i 's/weight: 3/weight: 9/' tpsched.yaml

again() {
    run plan --shards 2 -o plan.json "$@"
}

again --attempt 2
check "a later attempt keeps it" all 'answers 0 ""' 'cmp plan.json first.json' \
    'err_has "attempt 2 (--attempt): '\''plan.json'\'' is kept, plan ${id:0:12}"'
GITHUB_ACTIONS=true GITHUB_RUN_ATTEMPT=2 again --attempt auto
check "as the system says" all 'expect_status 0' 'cmp plan.json first.json' 'err_has "attempt 2 (GITHUB_RUN_ATTEMPT"'
GITHUB_ACTIONS=true GITHUB_RUN_ATTEMPT=2 again --attempt auto --format json
check "and prints it" all 'expect_status 0' 'cmp "$OUT" first.json'
GITHUB_ACTIONS=true GITHUB_RUN_ATTEMPT=2 again
check "not without being asked" all 'fails 2 "this is attempt 2 (GITHUB_RUN_ATTEMPT, GitHub Actions)" "--attempt N -o FILE" "--replan"' \
    'cmp plan.json first.json'
BUILDKITE=true BUILDKITE_RETRY_COUNT=1 run plan --shards 2 -o other.json --attempt auto
check "it is not there" all 'fails 2 "attempt 2 (BUILDKITE_RETRY_COUNT" "is not in '\''other.json'\''"' '[ ! -e other.json ]'
echo '{}' >other.json
run plan -o other.json --attempt 2
check "it is no plan" fails 2 "cannot read 'other.json'"
run plan --attempt 2
check "it goes nowhere" fails 2 "this is attempt 2 (--attempt)"
run plan --attempt auto -o plan.json
check "nobody says" all 'fails 2 "--attempt auto"' 'cmp plan.json first.json'
run plan --attempt 0 -o plan.json
check "no attempt" fails 2 "--attempt"
GITHUB_ACTIONS=true GITHUB_RUN_ATTEMPT=x run plan -o plan.json
check "what the system says is no number" fails 2 "GITHUB_RUN_ATTEMPT='x'"
GITHUB_ACTIONS=true GITHUB_RUN_ATTEMPT=2 run plan --what-if
check "a question is no plan" expect_status 0
again --attempt 2 --replan
check "--replan" all 'expect_status 0' 'not cmp -s plan.json first.json' 'err_has "planned anew on attempt 2"'
again --attempt 1
check "the first one plans anew" all 'expect_status 0' 'not cmp -s plan.json first.json'

# run
TF_BUILD=True SYSTEM_JOBATTEMPT=2 run run -r report
check "run makes no plan later" all 'fails 2 "this is attempt 2 (SYSTEM_JOBATTEMPT" "give that of the first one by --plan"' '[ ! -e report ]'
run run -r report --attempt 2
check "nor where an option says so" fails 2 "this is attempt 2 (--attempt)"
run run -r report --attempt 2 --replan
check "but with --replan" all 'answers 0 PASSED' 'err_has "planned anew on attempt 2"'
TF_BUILD=True SYSTEM_JOBATTEMPT=2 run run -r report2 -p first.json --attempt auto --shard 1/2
check "the first one's plan is what is run" answers 0 PASSED

# The id
run run -p first.json -r report --plan-id "$id"
check "this plan" answers 0 PASSED
run run -p first.json -r report --plan-id "${id:0:12}"
check "a beginning of its id" answers 0 PASSED
run run -p plan.json -r report3 --plan-id "$id"
check "another plan" all 'fails 2 "--plan-id: this is plan" "${id:0:12} is asked for"' '[ ! -e report3 ]'
TPSCHED_PLAN_ID=$id run run -p plan.json -r report3
check "by a variable" fails 2 "${id:0:12} is asked for"
TPSCHED_PLAN_ID=$id run run -r report3
check "nor one that is made here" fails 2 "${id:0:12} is asked for"
TPSCHED_PLAN_ID=$id run run -p first.json -r report
check "the variable is right" answers 0 PASSED
run run -p first.json -r report --plan-id "${id:0:11}"
check "too short" fails 2 "is no id of a plan"
run run -p first.json -r report --plan-id "../../etc/passwd"
check "no id" fails 2 "is no id of a plan"
run merge -p first.json --plan-id "$id" report -o merged.xml
check "merged is only that plan" expect_status 0
TPSCHED_PLAN_ID=$id run merge -p first.json report -o merged.xml
check "merged, by a variable" expect_status 0
rm merged.xml
TPSCHED_PLAN_ID=${id//[0-9]/0} run merge -p first.json report -o merged.xml
check "another one is not merged" all 'fails 2 "--plan-id: this is plan ${id:0:12}"' '[ ! -e merged.xml ]'
run merge --plan-id "$id" report
check "nor is what is of no plan" fails 2 "--plan-id needs --plan"
TPSCHED_PLAN_ID=$id run merge report
check "but a variable is not only for merges" expect_status 0
cp first.json kept.json
TPSCHED_PLAN_ID=${id//[0-9]/0} run plan -o kept.json --attempt 2
check "kept is only that plan" fails 2 "--plan-id: this is plan"
finish
