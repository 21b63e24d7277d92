#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The proof of a real run: parts that are lost, replaced, swapped or killed, inputs in any order. What
# becomes of a journal's bytes is in tests/scheduler/test_proof.c.
#   TPSCHED_SEED  what chance begins with
PROOF=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/proof.py
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
SEED=${TPSCHED_SEED:-$RANDOM}
echo "# TPSCHED_SEED=$SEED"

proof() {
    python3 "$PROOF" "$@"
}

# Two suites in three and two parts, one of them with a testcase that is flaky.
printf '%s\n' 'sleep 0.02 # 1' 'test $TPSCHED_ATTEMPT -gt 1' 'echo 3' 'true # 4' 'exit 77' 'true # 6' >api.txt
printf '%s\n' 'sleep 0.03 # 1' 'true # 2' 'printf "\033[31mred\033[0m\377"' >web.txt
cat >tpsched.yaml <<'YAML'
name: proof
suites:
  - {name: api, framework: shell, path: api.txt, parts: 3, rerun: 1}
  - {name: web, framework: shell, path: web.txt, parts: 2}
YAML
mkdir empty
run plan -o plan.json
run run --plan plan.json -r good --size 2 --run-id one
check "the run" answers 0 "PASSED: 9 testcases, 7 passed, 1 flaky, 1 skipped"
run merge --plan plan.json good -o good.xml
check "merged" all 'answers 0 "9 testcases"' 'holds_the_plan plan.json good.xml'

check "any parts missing: those are named, no others" proof subsets plan.json good/journal.jsonl
check "members of two records swapped" proof swapped plan.json good/journal.jsonl
run run --plan plan.json -r second --size 2 --run-id two
check "a part of another run" proof replaced plan.json good/journal.jsonl second/journal.jsonl "of run"
sed 's/name: proof/name: other/' tpsched.yaml >other.yaml
run run -f other.yaml -r third --size 2 --run-id one
check "a part of another plan" proof replaced plan.json good/journal.jsonl third/journal.jsonl \
    "it is a report of another plan"
# A journal whose writer died at once, or that was damaged where it says what it is, is one by its name.
begun() {
    local size
    for size in 0 1 7 20 100; do
        mkdir -p begun && head -c $size good/journal.jsonl >begun/journal.jsonl
        run merge --plan plan.json begun/journal.jsonl -o begun.xml
        expect_status 3 && out_has "api 0,3: its report is missing" && out_has "web 1,2: its report" &&
            grep -q 'name="tpsched.complete" value="false"' begun.xml || return
    done
    { echo '#' && tail -c +2 good/journal.jsonl; } >begun/journal.jsonl
    run merge --plan plan.json begun/journal.jsonl
    expect_status 3 && out_has "begun/journal.jsonl:1: " && out_lacks "its report is missing"
}
check "a journal that had just begun" begun
check "killed at any moment" proof killed plan.json 60 "$SEED"

# A thousand orders, one digest.
mkdir lines
(cd lines && split -l 1 --additional-suffix=.jsonl ../good/journal.jsonl)
run run --plan plan.json -r again --size 1 --run-id one --attempt 2
check "another attempt" expect_status 0
(cd lines && split -l 1 --additional-suffix=.jsonl ../again/journal.jsonl again.)
for part in lines/*; do # a directory each, so that nothing has to be told by its content
    mkdir "$part.d" && mv "$part" "$part.d/journal.jsonl"
done
check "a thousand orders of the journals" proof shuffled 1000 "$SEED" --plan plan.json -- lines/*
mkdir loose
python3 - <<PY
import random, sys
sys.path.insert(0, "$(dirname "$PROOF")")
import proof
chance = random.Random($SEED)
for n in range(12):
    proof.write_random(chance, "loose/%d.xml" % n)
PY
check "a thousand orders of loose reports" proof shuffled 1000 "$SEED" -- loose/*
check "merges of merges are merges" proof laws 60 "$SEED"

# Reports of strangers, cut.
check "the merged report cut at every byte" proof cut good.xml 1
cat >x.xml <<'XML'
<?xml version="1.0"?>
<testsuite name="a"><testcase classname="a" name="1"/></testsuite>
<testsuite name="b"><testcase classname="b" name="2"><system-out><![CDATA[x]]></system-out></testcase></testsuite>
XML
check "two documents in one file, cut at every byte" proof cut x.xml 1
# Of a plan in front the last line can be cut behind its "ok", and nobody will know.
shopt -s nullglob
printf 'TAP version 13\nok 1 - a\nok 2 - b # SKIP no\nok 3 - c\n1..3\n' >x.tap
check "TAP, cut at every byte" proof cut x.tap 1
samples=("${PROOF%/cli/proof.py}"/reports/{samples,other}/*.{xml,tap,json,jsonl})
check "what nineteen producers write, cut" proof cut_all 25 "${samples[@]}"
check "there are samples" [ ${#samples[@]} -gt 40 ]
finish
