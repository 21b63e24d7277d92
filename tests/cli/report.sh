#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A finished run again, in other forms; and two runs side by side.
. "$(dirname "$0")/lib.sh"

cat >tpsched.yaml <<'YAML'
name: forms
suites:
  - {name: good, command: "true"}
  - {name: turns, command: ["sh", "-c", "exit $(cat state)"]}
  - {name: slow, command: ["sh", "-c", "sleep $(cat pause)"]}
YAML
echo 0 >state
echo 0 >pause
run run -r before --write junit=beside.xml
check "run --write" all 'answers 0 "PASSED: 3"' 'cmp beside.xml before/report.xml'
echo 1 >state
echo 0.4 >pause
run run -r after
check "the second run" answers 1 "FAILED: 3"

run report after
check "a run's report finds its plan" answers 1 "every planned testcase is accounted for exactly once"
check "and says how to run what failed" answers 1 "again: tpsched run -p 'after/plan.json' -r 'after-again' --suite turns"
again=$(sed -n 's/^ *again: tpsched //p' "$OUT")
run_line() { eval "run $1"; }
run_line "$again"
check "what it says works" answers 1 "all 1 of 3 planned testcases that were asked for"
cat >odd.yaml <<'YAML'
suites:
  - {name: "\e[31mred", command: "false"}
YAML
run run -f odd.yaml -r odd
shown() { expect_status 1 && out_has "--suite \$'\\033[31mred'" && not grep -q $'\e' "$OUT" "$ERR"; }
check "and no name does anything to a terminal" shown
run report after --format junit
check "--format junit is what the run wrote" cmp "$OUT" after/report.xml
run report after -o named.xml
check "a file's name tells the format" all 'expect_status 1' 'cmp named.xml after/report.xml'
cat >browser <<'SH'
#!/bin/sh
echo "$1" >shown.tmp && mv shown.tmp shown
SH
chmod +x browser
BROWSER=$PWD/browser run report after --open
opened() { wait_for 30 test -e shown && [ "$(cat shown)" = "$PWD/$1" ] && grep -q '<!DOCTYPE html>' "$1"; }
check "--open shows a page" all 'expect_status 1' 'opened after/report.html'
rm shown
BROWSER=$PWD/browser run report before --open -o page.html
check "the one that is asked for" all 'expect_status 0' 'opened page.html'
BROWSER=/nowhere PATH=/nowhere run report before --open
check "without a browser the page is there" all 'expect_status 0' 'err_has "open it yourself"' 'err_has before/report.html'
run report before --write junit=one.xml --write junit=two.xml
check "--write, as often as wanted" all 'answers 0 "PASSED"' 'cmp one.xml two.xml'
run report before --write junit=/nowhere/one.xml --write junit=three.xml
check "one that can't be written costs no other" all 'expect_status 4' 'err_has "cannot write"' \
    'cmp one.xml three.xml'

cut_off() {
    rm -rf cut
    mkdir cut
    cp after/plan.json cut/
    head -n "$1" after/journal.jsonl >cut/journal.jsonl
}
cut_off 4
run report cut
check "a run that lacks results is incomplete" answers 3 "INCOMPLETE"

run plan --shards 2 -o sharded.json
run run --plan sharded.json --shard 1/2 -r share
run report share
check "one shard is not the plan" answers 3 "its report is missing"
run report share --shard 1/2
check "and is complete as a shard" all 'expect_status 1' 'out_has "that were asked for are accounted for"'
run report share --shard 1/3
check "of as many as the plan has" fails 2 "the plan has 2 shards, not 3"
run report before/report.xml --shard 1/2
check "a shard of no plan" fails 2 "--shard needs a plan"

run report
check "nothing named" fails 2 "name a report directory"
run report nowhere
check "nothing there" fails 2 "cannot read 'nowhere'"
run report before --format paper
check "no such format" fails 2 "no reports are written as 'paper'; there are:"
run report before -o report.paper
check "a name that tells nothing" fails 2 "its name does not tell the format"
echo '<a/>' >$'\e[2Jodd.xml'
run report $'\e[2Jodd.xml'
told() { fails 2 '^[[2Jodd.xml' && not grep -q $'\e' "$ERR"; }
check "nor does the name of a file" told
run report before --open --format text
check "a text is no page" fails 2 "--open is for html"
run report before --write junit
check "--write without a file" fails 2 "'junit' is not FORMAT=FILE"
run report before --write junit=x.xml --write junit=x.xml
check "--write twice to one file" fails 2 "would be written twice"
run run --write paper=x -r never
check "run --write of no format: nothing is run" all 'fails 2 "no reports are written as"' '! test -e never'
run merge before --write junit=merged.xml
check "merge --write" all 'expect_status 0' 'test -s merged.xml'

run report --compare before after
check "compare: a new failure" all 'answers 1 "new failures: 1"' 'answers 1 "turns: turns: exit status 1"' \
    'answers 1 "slower: 1"'
run report --compare after before
check "compare: fixed" all 'answers 0 "fixed: 1"' 'answers 0 "faster: 1"' 'answers 0 "FAILED -> PASSED"'
run report --compare after after --format json
check "compare: for programs" json "$OUT" \
    'd["exit_status"] == 0 and d["new_failures"] == [] and len(d["still_failing"]) == 1 and d["testcases_after"] == 3'
run report --compare before cut
check "compare: the second is incomplete" answers 3 "PASSED -> INCOMPLETE"
run report --compare before/report.xml after/report.xml
check "compare: merged reports" answers 1 "new failures: 1"
run report --compare before after -o x.html
check "compare: nothing else is written" all 'fails 2 "only --format and --key go with it"' '! test -e x.html'
run report --compare before
check "compare: one is not two" fails 2 "BEFORE AFTER"
finish
