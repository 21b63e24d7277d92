#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What parts leave is kept with them, and that it is there is part of the proof.
. "$(dirname "$0")/lib.sh"

cat >leave.sh <<'END'
#!/bin/sh
echo "$TPSCHED_TASK" >"$TPSCHED_ARTIFACTS_DIR/.coverage"
mkdir -p "logs/$TPSCHED_SUITE"
echo log >"logs/$TPSCHED_SUITE/a.log"
echo "attempt $TPSCHED_ATTEMPT" >"$TPSCHED_ARTIFACTS_DIR/attempt"
[ "$TPSCHED_SUITE" != flaky ] || [ "$TPSCHED_ATTEMPT" -gt 1 ]
END
chmod +x leave.sh
mkdir -p logs/one && echo old >logs/one/old.log
cat >tpsched.yaml <<'YAML'
name: left
suites:
  - {name: one, command: ./leave.sh, artifacts: [{path: .coverage, required: true}, logs/one/*.log]}
  - {name: "t/wo", command: ./leave.sh, artifacts: ["**/a.log"]}
  - {name: flaky, command: ./leave.sh, rerun: 1, artifacts: [{path: attempt, required: true}]}
  - {name: plain, command: 'sh -c "test -z \"$TPSCHED_ARTIFACTS_DIR\""'}
YAML
run plan -o plan.json
run run --plan plan.json -r good --size 1
check "a run that leaves something" answers 0 "PASSED: 4 testcases"
check "it is kept with its part" all \
    'grep -qx one good/parts/one.0-of-1.attempt-1/artifacts/.coverage' \
    'grep -qx log good/parts/one.0-of-1.attempt-1/artifacts/logs/one/a.log' \
    'grep -qx "attempt 1" good/parts/flaky.0-of-1.attempt-1/artifacts/attempt' \
    'grep -qx "attempt 2" good/parts/flaky.0-of-1.attempt-1/artifacts.1/attempt'
check "what was there before is not its own" all \
    'not test -e good/parts/one.0-of-1.attempt-1/artifacts/logs/one/old.log'
run merge --plan plan.json good -o good.xml --artifacts all
check "merged" answers 0 "every planned testcase is accounted for exactly once"
gathered() {
    diff - <(cd "$1" && find . -type f | LC_ALL=C sort) <<'END'
./flaky.0-of-1.piece-1/.coverage
./flaky.0-of-1.piece-1/attempt
./flaky.0-of-1/.coverage
./flaky.0-of-1/attempt
./one.0-of-1/.coverage
./one.0-of-1/attempt
./one.0-of-1/logs/one/a.log
./t_wo-cbb032a0.0-of-1/.coverage
./t_wo-cbb032a0.0-of-1/attempt
./t_wo-cbb032a0.0-of-1/logs/t/wo/a.log
END
}
check "gathered" gathered all
run merge --plan plan.json good --artifacts all
check "gathered again: the same" all 'expect_status 0' 'gathered all'
echo mine >all/one.0-of-1/attempt
run merge --plan plan.json good --artifacts all
check "nothing is overwritten" all 'expect_status 4' 'grep -q "one.0-of-1/attempt.: something else is there" "$ERR"' \
    'grep -qx mine all/one.0-of-1/attempt'

# Each file that the journal names: taken away, longer, other bytes, or a link to the same.
damage() {
    rm -rf bad && cp -r good bad && (cd bad && eval "$1")
    run merge --plan plan.json bad -o bad.xml
}
says() {
    expect_status 3 && out_has "$1" && grep -q 'name="tpsched.complete" value="false"' bad.xml
}
n=0
while read -r file; do
    name=${file#parts/*/artifacts*/}
    damage "rm '$file'"
    check "without $file" says "its artifact '$name' is missing"
    damage "echo more >>'$file'"
    check "$file, longer" says "its artifact '$name' has changed"
    damage "tr '[:lower:]' '[:upper:]' <'$file' >x && cat x >'$file'"
    check "$file, other bytes" says "its artifact '$name' has changed"
    damage "mv '$file' x && ln -s ../../../x '$file'"
    check "$file, a link" says "its artifact '$name' is missing"
    n=$((n + 1))
done < <(cd good && find parts -type f -path '*/artifacts*' | LC_ALL=C sort)
check "there were ten" [ $n -eq 10 ]
damage 'mv parts elsewhere && ln -s elsewhere parts'
check "behind a link" says "one: its artifact '.coverage' is missing"
damage 'edit_journal journal.jsonl "for d in r:
    for a in d.get(\"artifacts\", []): a[\"path\"] = \"../\" + a[\"path\"]"'
check "a path that leads out" all 'says "leads out of its directory"' 'out_has "one: it was started"'
cp -r good copy && rm copy/parts/one*/artifacts/attempt
run merge --plan plan.json copy good -o bad.xml
check "of two copies one is whole" answers 0 "PASSED: 4 testcases"

# What is resumed is proven as a whole.
cp -r good resumed
run run --resume -r resumed
check "resumed: all is there" answers 0 "PASSED: 4 testcases"
rm resumed/parts/one*/artifacts/.coverage
run run --resume -r resumed
check "resumed: one has gone" all 'expect_status 3' "out_has \"one: its artifact '.coverage' is missing\""

# Required, and not left.
sed 's/path: .coverage/path: cov.xml/' tpsched.yaml >missing.yaml
run run -f missing.yaml -r missing --size 1
check "a required one is missing" all 'expect_status 3' "out_has \"one: its artifact 'cov.xml' is missing\""
run merge --plan missing/plan.json missing
check "and merged" all 'expect_status 3' "out_has \"one: its artifact 'cov.xml' is missing\""

for rule in '/etc/passwd' '../x' '' 'a//b' '{required: true}' '{path: x, required: maybe}' '{pat: x}'; do
    printf 'suites:\n  - {name: s, command: "true", artifacts: [%s]}\n' "${rule:-\"\"}" >rule.yaml
    run plan -f rule.yaml
    check "no rule: $rule" fails 2 "rule.yaml:2:"
done
finish
