#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The pipeline of a CI system in docs/ci, played by tests/ci/stand-in: ci.sh SYSTEM
system=${1:?a CI system}
here=$(cd "$(dirname "$0")/.." && pwd)
. "$here/cli/lib.sh"
python3 -c 'import pytest, yaml' 2>/dev/null || PATH=/usr/bin:$PATH
python3 -c 'import pytest, yaml' 2>/dev/null || skip_all "no python3-pytest or python3-yaml"

mkdir bin
ln -s "$TPSCHED" bin/tpsched
export STAND_IN_BIN=$TMP/bin
documents=$here/../docs/ci

[ "$system" != buildkite ] || ln -s "$here/ci/stand_in/buildkite-agent" bin/buildkite-agent

# play WHAT [OPTION...]: in state/; what it printed is in `log`.
play() {
    "$here/ci/stand-in" "$system" "$@" --documents "$documents" --project project --state state >"$OUT" 2>"$ERR"
    ended
    cp "$OUT" log
}

# as_after NAME: go on from a state that was kept.
as_after() {
    rm -rf state
    cp -R "$1" state
}

# The last plan that a job has stored, and the report of the job that merges.
stored_plan() { find state/runs state/caches -name plan.json -printf '%T@ %p\n' 2>/dev/null | sort -n | tail -n 1 | cut -d ' ' -f 2; }
merged() { find state/nodes/*merge -name merged.xml; }
shards_run() { grep -c '^report: ' log; }
ran_shards() { [ "$(shards_run)" -eq "$1" ]; }
each_once() { diff <(planned "$(stored_plan)") <(reported "$(merged)"); }
no_trace() { ! grep -E 'CRITICAL|WARNING|Traceback' log "$ERR"; }

# All is green, and proven.
green() {
    expect_status 0 && out_has 'every planned testcase is accounted for exactly once' && each_once && no_trace
}

# red STATUS TEXT: the job that merges ended so.
red() {
    expect_status 1 && out_has "$2" && grep -E "^== .*merge: exit status $1\$" log && no_trace
}

# Two suites of commands and one of pytest, in three parts.
mkdir -p project/tests
for name in cart price search; do
    printf 'import pytest\n@pytest.mark.parametrize("n", range(2))\ndef test_%s(n):\n    pass\n' $name >project/tests/test_$name.py
done
cat >project/tpsched.yaml <<'YAML'
name: shop
plan_runtime_target: 41
suites:
  - {name: one, command: [sh, -c, "exit 0"]}
  - {name: two, command: [sh, -c, "test ! -e broken"]}
  - {name: unit, framework: pytest, path: tests, parts: 3}
YAML
measured() { json "$(stored_plan)" "sum(s['measured'] for s in d['suites']) == $1"; }
play start
check "green, each testcase once" green
check "on more nodes than one" test "$(shards_run)" -ge 2
check "and nothing was known before" measured 0
play start
check "the second run is green, too" green
check "and was planned from what the first one measured" measured 8

# Without pytest, which takes its time. What `two` does depends on the node, not on the commit.
sed -i '/pytest/d; s/41/31/' project/tpsched.yaml
for name in three four; do
    echo "  - {name: $name, command: [sh, -c, 'exit 0']}" >>project/tpsched.yaml
done
rm -rf state
touch project/broken
play start
check "a failing test" red 1 'failed two'
[ "$system" = bitbucket ] || check "and a plan of four nodes" ran_shards 4
cp -R state failed
plan=$(stored_plan)
# shellcheck disable=SC2034 # checks say it
id=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["id"][:12])' "$plan")
cp "$plan" first.json

# What failed, again, and once more.
as_after failed
case $system in
azure | buildkite | github | gitlab)
    play failed
    check "the failed node again: it fails again" all "red 1 'failed two'" 'ran_shards 1' 'out_has "3 passed"'
    ;;
esac
rm project/broken
play failed
case $system in
bitbucket | circleci)
    # No node has failed there, so only the merge is run again.
    check "that a test failed is the merge's to tell, and no node is run again" all "red 1 'failed two'" 'ran_shards 0'
    ;;
gitlab) check "the failed node again: nobody says which attempt it is" all green 'ran_shards 1' 'out_has "4 passed"' ;;
jenkins) check "a build that is built again is a new one" all green 'out_has "4 passed"' ;;
*) check "the failed node again: what passes then is flaky" all green 'ran_shards 1' 'out_has "1 flaky"' ;;
esac

# All of it again, when a new plan would be another one.
as_after failed
sed -i 's/name: four,/name: four, weight: 70,/' project/tpsched.yaml
play all
case $system in
azure | github)
    check "all again: with the first plan" all green 'out_has "1 flaky"' 'out_has "is kept, plan $id"' 'cmp first.json "$(stored_plan)"'
    ;;
circleci) check "all again: with the first plan" all green 'out_has "is kept, plan $id"' 'cmp first.json "$(stored_plan)"' ;;
buildkite)
    check "the step that plans, again: the steps are there already" all 'expect_status 1' 'ran_shards 0' \
        'out_has "is kept, plan $id"' 'out_has "the keys of these steps are used already"' 'cmp first.json "$(stored_plan)"'
    ;;
bitbucket) check "all again is a new run, and says so" all green 'ran_shards 3' 'out_has "planned anew on attempt 2"' ;;
gitlab | jenkins) check "all again is a new run" all green 'not cmp -s first.json "$(stored_plan)"' ;;
esac
sed -i 's/ weight: 70,//' project/tpsched.yaml

# A node is lost, and comes back.
case $system in
azure) lost="test shard_2" ;;
circleci) lost="test 1" ;;
*) lost="shop shard 2" ;;
esac
rm -rf state
play start --lose "$lost"
case $system in
bitbucket) check "a lost node: nothing is merged" all 'expect_status 1' 'out_has "job shop merge: skipped"' ;;
*) check "a lost node: its part is missing" all "red 3 'its report is missing'" 'out_has "job $lost: failure"' ;;
esac
play failed
case $system in
circleci) check "again: all nodes" all green 'ran_shards 4' ;;
jenkins) check "again: a new build" green ;;
*) check "again: that node alone" all green 'ran_shards 1' ;;
esac

# The plan job fails before it has a plan: later there is none to keep.
rm -rf state
mv project/tpsched.yaml .
play start
check "a plan job that fails is red, and no shard runs" all 'expect_status 1' 'ran_shards 0'
mv tpsched.yaml project
play failed
check "again: it plans" all green

# A node that gets another plan.
sed 's/name: four,/name: four, weight: 70,/' project/tpsched.yaml >other.yaml
[ "$system" = bitbucket ] && shards=3 || shards=4
run plan -f other.yaml --shards "$shards" -o other.json
rm -rf state
play start --foreign "$lost=other.json"
case $system in
bitbucket | jenkins) check "another plan on one node: the merge says so" red 3 'another plan' ;;
*)
    check "another plan on one node: it is refused" all "red 3 'its report is missing'" 'grep -F "== $lost: exit status" log' \
        'out_has "$id is asked for"'
    ;;
esac

# The merge gets another plan.
case $system in
bitbucket | buildkite | gitlab) merge="shop merge" ;;
*) merge=merge ;;
esac
rm -rf state
play start --foreign "$merge=other.json"
check "another plan for the merge: never green" all 'expect_status 1' "grep -E '^== $merge: exit status [23]\$' log" 'out_has "$id"'

# A filter that leaves nothing.
cp -R "$documents" empty
grep -rl 'tpsched plan' empty | xargs sed -i 's/tpsched plan/& --include one --exclude one --allow-empty/'
documents=$PWD/empty
rm -rf state
play start
case $system in
bitbucket | jenkins) check "nothing to run is an error" all 'expect_status 1' 'ran_shards 0' ;;
*) check "nothing to run is green, and said" all 'expect_status 0' 'ran_shards 0' 'out_has "nothing to run"' ;;
esac

# More shards than one matrix has jobs.
if [ "$system" = github ]; then
    cp -R project many
    python3 - >many/tpsched.yaml <<'PY'
print("name: many\nsuites:")
for i in range(258):
    print("  - {name: s%d, command: ['true']}" % i)
PY
    documents=$here/../docs/ci
    rm -rf state
    mv project few
    mv many project
    STAND_IN_GROUPS=1 play start
    check "groups of shards" all green 'out_has "258 passed"' 'out_has "job many shards 257 to 258 / shard 258: success"'
    rm -rf project
    mv few project
fi

# What the stand-in does not know it does not ignore.
cp -R "$here/../docs/ci" wrong
documents=$PWD/wrong
case $system in
azure) sed -i 's/checkout: self/fetch: self/' wrong/azure.yml ;;
bitbucket) sed -i 's/caches: .*/services: [docker]/' wrong/bitbucket-pipelines.yml ;;
buildkite) sed -i 's/label: plan/&\n    if: maybe/' wrong/buildkite.yml ;;
circleci) sed -i 's/restore_cache/unknown_step/' wrong/circleci/config.yml ;;
github) sed -i 's/if: github.run_attempt > 1/if: contains(github.run_attempt, 1)/' wrong/github.yml ;;
gitlab) sed -i 's/policy:/politics:/' wrong/gitlab.yml ;;
jenkins) sed -i 's/deleteDir/cleanWs/' wrong/Jenkinsfile ;;
esac
rm -rf state
play start
check "a document with something new is not played" all 'expect_status 2' 'err_has "stand-in: $system: "'
finish
