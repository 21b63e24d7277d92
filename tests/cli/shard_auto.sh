#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Which shard this is, as a CI system says it.
. "$(dirname "$0")/lib.sh"

cat >tpsched.yaml <<'YAML'
name: ci
suites:
  - {name: a, command: [sh, -c, 'env >a.env; echo a >>ran'], weight: 4}
  - {name: b, command: [sh, -c, 'env >b.env; echo b >>ran'], weight: 3}
  - {name: c, command: [sh, -c, 'env >c.env; echo c >>ran'], weight: 2}
YAML
run plan --shards 3 -o plan.json
check "a plan of three shards" expect_status 0

# node VARIABLE=VALUE... -- ARG...: run as that node does.
node() {
    local variables=()
    while [ "$1" != -- ]; do
        variables+=("$1")
        shift
    done
    shift
    rm -rf report ran ./*.env
    env "${variables[@]}" TPSCHED_CLI_PROBE="$TMP" "$TPSCHED" run --plan plan.json -r report "$@" \
        >"$OUT" 2>"$ERR" </dev/null
    ended
}
ran() {
    [ "$(cat ran 2>/dev/null)" = "$1" ] || { echo "it ran '$(cat ran 2>/dev/null)', not '$1'"; return 1; }
}

node GITLAB_CI=true CI_NODE_INDEX=1 CI_NODE_TOTAL=3 CI_PIPELINE_ID=77 -- --shard auto
check "GitLab's first" all 'answers 0 PASSED' 'ran a' \
    'err_has "shard 1/3 (from CI_NODE_INDEX, GitLab), run 77 (from CI_PIPELINE_ID, GitLab)"' \
    'journal report/journal.jsonl "d[\"run\"] == \"77\" and d[\"attempt\"] == 1"'
node CI_NODE_INDEX=1 CI_NODE_TOTAL=3 -- --shard auto
check "the same numbers, counted from 0" all 'answers 0 PASSED' 'ran b' 'err_has "shard 2/3"'
node CIRCLECI=1 CIRCLE_NODE_INDEX=2 CIRCLE_NODE_TOTAL=3 -- --shard auto
check "CircleCI's last" all 'answers 0 PASSED' 'ran c'
node BUILDKITE=true BUILDKITE_PARALLEL_JOB=0 BUILDKITE_PARALLEL_JOB_COUNT=3 BUILDKITE_RETRY_COUNT=1 \
    BUILDKITE_BUILD_ID=b-1 -- --shard auto
check "attempt and run come along" all 'answers 0 PASSED' 'ran a' \
    'err_has "attempt 2 (from BUILDKITE_RETRY_COUNT, Buildkite), run b-1 (from"' \
    'journal report/journal.jsonl "d[\"run\"] == \"b-1\" and d[\"attempt\"] == 2"'
node BUILDKITE=true BUILDKITE_PARALLEL_JOB=0 BUILDKITE_PARALLEL_JOB_COUNT=3 BUILDKITE_RETRY_COUNT=1 \
    BUILDKITE_BUILD_ID=b-1 TPSCHED_RUN_ID=mine -- --shard auto --attempt 5
check "what is said wins" journal report/journal.jsonl 'd["run"] == "mine" and d["attempt"] == 5'
node GITHUB_ACTIONS=true GITHUB_RUN_ATTEMPT=3 GITHUB_RUN_ID=9 -- --shard 2/3 --attempt auto --run-id auto
check "attempt and run alone" all 'answers 0 PASSED' 'ran b' \
    'err_has "attempt 3 (from GITHUB_RUN_ATTEMPT, GitHub Actions), run 9 (from"' \
    'journal report/journal.jsonl "d[\"run\"] == \"9\" and d[\"attempt\"] == 3"'
node GITHUB_ACTIONS=true GITHUB_RUN_ATTEMPT=3 GITHUB_RUN_ID=9 -- --shard 2/3
check "not unless asked" journal report/journal.jsonl 'd["attempt"] == 1 and d.get("run") is None'

# Who says it himself.
node TPSCHED_SHARD=3/3 GITLAB_CI=true CI_NODE_INDEX=1 CI_NODE_TOTAL=3 -- --shard auto
check "TPSCHED_SHARD beats the system" all 'answers 0 PASSED' 'ran c' 'err_has "shard 3/3 (from TPSCHED_SHARD)"'
node TPSCHED_SHARD=3/3 --
check "TPSCHED_SHARD needs no option" all 'answers 0 PASSED' 'ran c' 'err_has "shard 3/3 (from TPSCHED_SHARD)"' \
    'not grep -q ^TPSCHED_SHARD= c.env'
node TPSCHED_SHARD=3/3 -- --shard 1/3
check "the option beats both" all 'answers 0 PASSED' 'ran a' 'not grep -q ^TPSCHED_SHARD= a.env'
TPSCHED_SHARD=1/3 run run -r report
check "no plan, no shard" fails 2 "TPSCHED_SHARD need --plan"
CI_NODE_INDEX=1 CI_NODE_TOTAL=3 run run --shard auto -r report
check "nor by itself" fails 2 "need --plan"

# Never everything.
refuses() {
    fails 2 "$@" && ran ""
}
node -- --shard auto
check "nothing is there" refuses "--shard auto: nothing here says which shard this is" "GITLAB_CI" "TPSCHED_SHARD"
node GITHUB_ACTIONS=true -- --shard auto
check "GitHub says none" refuses "this is GitHub Actions" '--shard ${{ matrix.shard }}'
node BUILDKITE=true -- --shard auto
check "Buildkite without parallelism" refuses "BUILDKITE_PARALLEL_JOB is not set"
node GITLAB_CI=true CI_NODE_TOTAL=1 -- --shard auto
check "GitLab without parallel" refuses "the plan has 3 shards, not 1"
node GITLAB_CI=true CI_NODE_INDEX=1 CI_NODE_TOTAL=4 -- --shard auto
check "another number of shards" refuses "the plan has 3 shards, not 4"
node GITLAB_CI=true CI_NODE_INDEX=4 CI_NODE_TOTAL=3 -- --shard auto
check "out of range" refuses "CI_NODE_INDEX=4 is none of CI_NODE_TOTAL=3"
node GITLAB_CI=true CI_NODE_INDEX=2 CI_NODE_TOTAL=3 CIRCLECI=1 CIRCLE_NODE_INDEX=2 CIRCLE_NODE_TOTAL=3 -- --shard auto
check "two that disagree" refuses "GitLab says shard 2/3" "CircleCI says shard 3/3"
node TPSCHED_SHARD=4/3 -- --shard auto
check "TPSCHED_SHARD is wrong" refuses "TPSCHED_SHARD='4/3'"
node TPSCHED_SHARD=nonsense --
check "also where nobody asked" refuses "TPSCHED_SHARD='nonsense'"
node GITLAB_CI=true CI_NODE_INDEX=1 CI_NODE_TOTAL=3 -- --shard auto --attempt auto
check "GitLab says no attempt" refuses "--attempt auto"
node -- --shard 1/3 --run-id auto
check "nobody says the run" refuses "--run-id auto"
node -- --shard auto --shard 1/3
check "two shards" refuses "--shard"

# A job alone, and a plan for one.
run plan --shards 1 -o plan.json
node GITLAB_CI=true CI_NODE_TOTAL=1 -- --shard auto
check "a job that is not parallel" all 'answers 0 PASSED' 'err_has "shard 1/1 (from CI_NODE_TOTAL, GitLab: the job is not parallel)"'
node TF_BUILD=True SYSTEM_JOBPOSITIONINPHASE=0 SYSTEM_TOTALJOBSINPHASE=0 -- --shard auto
check "Azure's, too" answers 0 PASSED

# The whole of a run: each shard once, and together everything.
run plan --shards 3 -o plan.json
for k in 0 1 2; do
    env BITBUCKET_BUILD_NUMBER=4 BITBUCKET_PARALLEL_STEP=$k BITBUCKET_PARALLEL_STEP_COUNT=3 \
        "$TPSCHED" run --plan plan.json --shard auto -r node.$k >"$OUT" 2>"$ERR"
done
run merge --plan plan.json -o all.xml node.0 node.1 node.2
check "all shards are everything" all 'answers 0 "PASSED: 3 testcases"' 'holds_the_plan plan.json all.xml'
run merge --plan plan.json node.0 node.2
check "two of three are not" expect_status 3
check "no temporary files" no_temporary_files
finish
