#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Damage to the reports of a good run: `merge` is green only when nothing is lost.
. "$(dirname "$0")/lib.sh"
need_pytest || skip_all "there is no pytest"

# The good run: a suite in three parts, one unsplit, one with a name that no file could have.
mkdir py
for file in a b c; do
    printf 'def test_%s():\n    pass\n\ndef test_more():\n    pass\n' $file >py/test_$file.py
done
cat >tpsched.yaml <<'YAML'
name: good
suites:
  - {name: py, framework: pytest, path: py, parts: 3}
  - {name: one, command: ["true"]}
  - {name: "../odd $(touch x) '\"<&>", command: ["true"]}
YAML
run plan -o plan.json
sed 's/parts: 3/parts: 2/' tpsched.yaml >other.yaml
run plan -f other.yaml -o other.json
run run --plan plan.json --report-dir good --size 2
check "the good run" answers 0 "PASSED: 8 testcases"
check "its report holds the plan" holds_the_plan plan.json good/report.xml
run merge --plan plan.json good -o good.xml
check "merged: green" all 'answers 0 "every planned testcase is accounted for exactly once"' \
    'holds_the_plan plan.json good.xml'
check "merged: as the run itself" same_results good.xml good/report.xml
run merge --plan plan.json good --format json
check "merged: for programs" json "$OUT" \
    'd["verdict"] == "PASSED" and d["exit_status"] == 0 and d["checked"] and d["problems"] == [] and d["testcases"] == 8'
run merge --plan plan.json good --format junit
check "merged: JUnit on stdout" cmp "$OUT" good.xml

# fresh: "bad" is a copy of the good reports.
fresh() {
    rm -rf bad
    cp -r good bad
    rm -f bad.xml
}

# incomplete TEXT...: exit status 3, the texts said, a report written, well-formed and stamped, each
# planned testcase in it once, and beside them only what is wrong.
incomplete() {
    local text
    expect_status 3 && out_has INCOMPLETE && out_lacks PASSED: || return
    for text in "$@"; do
        out_has "$text" || return
    done
    results bad.xml >/dev/null && grep -q 'name="tpsched.complete" value="false"' bad.xml &&
        diff <(planned plan.json) <(reported bad.xml | grep -v '^(.tpsched: the report is inc')
}

merge_bad() {
    run merge --plan plan.json -o bad.xml "${@:-bad}"
}

# Of each part: what its journal may lack, and what may be wrong with it. `mine` and `other` pick it.
labels=$(python3 - <<'PY'
import json
for line in open("good/journal.jsonl"):
    d = json.loads(line)
    if d["record"] == "end":
        print(d["suite"] + ("" if d["part"] == [0, 1] else " %d,%d" % tuple(d["part"])))
PY
)
label='lambda d: d.get("suite", "") + ("" if d.get("part") in (None, [0, 1]) else " %d,%d" % tuple(d["part"]))'
# damage LABEL STATEMENTS: to the records of the part, with e: its end.
damage() {
    fresh
    edit_journal bad/journal.jsonl "import copy, os
label = $label
mine = [d for d in r if label(d) == os.environ['LABEL']]
e = mine[-1]
assert e['record'] == 'end'
$1"
    merge_bad
}
n=0
while read -r LABEL; do
    n=$((n + 1))
    export LABEL
    damage 'r = [d for d in r if d not in mine]'
    check "without part $n" incomplete "$LABEL: its report is missing"
    damage 'r.remove(e)'
    check "part $n never ended" incomplete "$LABEL: it was started and nobody wrote how it ended"
    damage 'e["plan"] = "0123456789abcdef"'
    check "part $n of another plan" incomplete "$LABEL: it is a report of another plan"
    damage 'e["results"].pop()'
    check "part $n without a result" incomplete "$LABEL: 1 of"
    damage 'e["planned"].append("more"); e["results"].append(dict(e["results"][0], id="more"))'
    check "part $n has more than was planned" all 'expect_status 3' \
        'out_has "$LABEL: it reports what nobody planned: '"'more'"'"'
    damage 'r.append(dict(e, wall_time=7))'
    check "part $n twice, and not alike" incomplete "$LABEL: two different reports of attempt 1"
    damage 'r.append(dict(e))'
    check "part $n twice, and alike" all 'answers 0 "8 testcases"' 'cmp bad.xml good.xml' \
        'out_has "$LABEL: the same report was given more than once"'
    damage 'e["attempt"] = 2'
    check "a newer attempt of part $n" all 'answers 0 "8 testcases"'
    damage 'r.append(dict(e, attempt=2, started=e["started"] + 1, results=[dict(t, outcome="failed") for t in e["results"]]))'
    check "part $n passed and then failed" all 'answers 1 FAILED'
    damage 'r.append(dict(copy.deepcopy(e), attempt=2)); e["results"][0]["outcome"] = "failed"'
    check "part $n failed and then passed" all 'answers 0 "1 flaky"'
    fresh
    python3 - "$n" <<'PY'
import sys
lines = open("bad/journal.jsonl", "rb").read().split(b"\n")
place = [i for i, line in enumerate(lines) if b'"record":"end"' in line][int(sys.argv[1]) - 1]
lines[place] = lines[place].replace(b'"passed"', b'"failed"', 1)
open("bad/journal.jsonl", "wb").write(b"\n".join(lines))
PY
    merge_bad
    check "part $n with another content" all 'incomplete "$LABEL: it was started and nobody"' \
        'out_has "it is not what was written (CRC-32 differs)"'
done <<<"$labels"
check "there were five parts" [ "$n" -eq 5 ]

# What testcases consist of: shown and counted in the report, and no more testcases for that.
fresh
edit_journal bad/journal.jsonl 'for d in r:
    if d["record"] == "end" and d["suite"] == "one":
        d["results"][0]["cases"] = [
            {"id": "adds", "outcome": "passed", "time": 0.5},
            {"id": "takes <away>", "outcome": "failed", "message": "1 != 2", "text": "line 7"}]
        d["results"][0]["outcome"] = "failed"'
merge_bad
check "cases: what failed is told below its testcase" all 'answers 1 "FAILED: 8 testcases, 7 passed, 1 failed"' \
    'out_has "  failed > takes <away>: 1 != 2"' 'out_has "    line 7"' 'out_lacks "> adds"'
check "cases: a testcase each" all 'results bad.xml | grep "one > adds., .passed"' \
    'results bad.xml | grep "one > takes <away>., .failed"' '[ "$(results bad.xml | wc -l)" -eq 9 ]'
run merge --plan plan.json bad --format json
check "cases: for programs" json "$OUT" 'd["testcases"] == 8 and d["failures"][0]["cases"] == [
    {"case": "takes <away>", "outcome": "failed", "message": "1 != 2"}]'
run merge bad.xml -o again.xml
check "cases: merged without a plan, they are one testcase again" all \
    'answers 1 "FAILED: 8 testcases, 7 passed, 1 failed"' '[ "$(results again.xml | wc -l)" -eq 9 ]'
run merge again.xml bad.xml -o twice.xml
check "cases: and once" cmp again.xml twice.xml
fresh
: >bad/journal.jsonl
merge_bad
check "without any record" incomplete "one: its report is missing" "py 1,3: its report is missing"
rm bad/journal.jsonl
merge_bad
check "without a journal" incomplete "one: its report is missing"
mkdir -p empty
merge_bad empty
check "an empty directory" incomplete "one: its report is missing"

# cut_everywhere: at every byte; no answer but 3, except where only the last newline is missing.
cut_everywhere() {
    fresh
    python3 - "$TPSCHED" good/journal.jsonl bad/journal.jsonl <<'PY'
import subprocess, sys
program, source, target = sys.argv[1:]
whole = open(source, "rb").read()
for size in range(len(whole)):
    with open(target, "wb") as file:
        file.write(whole[:size])
    end = subprocess.run([program, "merge", "--plan", "plan.json", "-o", "bad.xml", "bad"],
                         stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    merged = open("bad.xml", "rb").read()
    stamped = b'value="false"' in merged and merged.endswith(b"</testsuites>\n")
    if end.returncode != 3 or not stamped or b"CRITICAL" in end.stderr:
        sys.exit("cut at byte %d of %d: status %d" % (size, len(whole), end.returncode))
PY
}
check "cut at every byte" cut_everywhere

# Any byte changed: every one is seen.
flip_everywhere() {
    fresh
    python3 - "$TPSCHED" good/journal.jsonl bad/journal.jsonl <<'PY'
import subprocess, sys
program, source, target = sys.argv[1:]
whole = open(source, "rb").read()
for at in range(0, len(whole), 3):
    byte = (b"\0", b"9", b"\"", b"\xff", b"[", b"\n")[at // 3 % 6]
    if whole[at:at + 1] == byte:
        continue
    with open(target, "wb") as file:
        file.write(whole[:at] + byte + whole[at + 1:])
    end = subprocess.run([program, "merge", "--plan", "plan.json", "-o", "bad.xml", "bad"],
                         stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if end.returncode != 3 or b"CRITICAL" in end.stderr:
        sys.exit("byte %d as %r: status %d" % (at, byte, end.returncode))
PY
}
check "with other bytes" flip_everywhere

# Names of files mean nothing; the order of records does not matter; a report counts once.
fresh
mkdir "bad/a name"
mv bad/journal.jsonl "bad/a name"
merge_bad
check "a journal elsewhere" all 'answers 0 PASSED' 'cmp bad.xml good.xml'
mv "bad/a name/journal.jsonl" bad/shard-1.jsonl
merge_bad bad/shard-1.jsonl
check "a journal with another name" all 'answers 0 PASSED' 'cmp bad.xml good.xml'
fresh
edit_journal bad/journal.jsonl 'r = r[1:]; r.reverse()'
merge_bad
check "in another order, and nobody says who wrote" all 'answers 0 PASSED' 'cmp bad.xml good.xml'
fresh
edit_journal bad/journal.jsonl 'r.insert(3, {"record": "weather", "rain": True, "crc32": ""})'
merge_bad
check "what a later version adds" all 'answers 0 PASSED' 'cmp bad.xml good.xml'
edit_journal bad/journal.jsonl 'r[0]["schema"] = "tpsched.journal/2"'
merge_bad
check "a journal of another kind" incomplete "schema 'tpsched.journal/2' is not"
merge_bad good good bad/../good good/journal.jsonl
check "everything twice counts once" all 'answers 0 "8 testcases"' 'cmp bad.xml good.xml'
cp -r good copy
merge_bad good copy
check "a copy counts once" all 'answers 0 "8 testcases"' 'cmp bad.xml good.xml' \
    'out_has "py 2,3: the same report was given more than once"'
fresh
edit_journal bad/journal.jsonl '
a, b = [d for d in r if d["record"] == "end" and d["suite"] == "py" and d["part"][0] < 2]
a["results"], b["results"] = b["results"], a["results"]'
merge_bad
check "the results of another part" incomplete "py 0,3" "py 1,3"

# The same attempt of a part, executed twice: which one is true?
run run --plan plan.json --suite py --part 1,3 --report-dir twice
merge_bad good twice
check "two reports of one attempt" incomplete "py 1,3: two different reports of attempt 1"

# Any order of the inputs gives the same bytes.
orders() {
    local order sums
    for order in 1 2 3 4 5 6; do
        shuf --random-source=<(yes $order) -e split/* | tr '\n' '\0' |
            xargs -0 "$TPSCHED" merge --plan plan.json -o order.xml >/dev/null || return
        sums+=$(sha256sum <order.xml)$'\n'
    done
    sums+=$(sha256sum <good.xml)
    [ "$(sort -u <<<"$sums" | wc -l)" -eq 1 ]
}
mkdir split
(cd split && split -l 1 --additional-suffix=.jsonl ../good/journal.jsonl)
check "the order of the inputs is irrelevant" orders

# Another plan, a damaged plan, no plan.
run merge --plan other.json -o bad.xml good
check "another plan" all 'expect_status 3' 'out_has "py 0,2: its report is missing"' \
    'out_has "it is a report of another plan"'
sed 's/"good"/"hood"/' plan.json >changed.json
run merge --plan changed.json good
check "a plan with changed content" fails 2 changed.json
run merge --plan /nonexistent/plan.json good
check "no such plan" fails 2 /nonexistent/plan.json
run merge good -o loose.xml
check "without a plan nothing is proven" all 'answers 0 "completeness was not checked"' \
    'diff <(results loose.xml) <(results good.xml)'
fresh
sed -i '2,$s/"passed"/"failed"/' bad/journal.jsonl
run merge bad
check "without a plan a damaged part is still seen" all 'expect_status 3' 'out_has "py 1,3"'
fresh
edit_journal bad/journal.jsonl \
    'r = [d for d in r if d["record"] != "end" or d["part"] != [1, 3]]'
run merge bad
check "without a plan a lost part is still seen" all 'expect_status 3' 'out_has "py 1,3"'
run merge
check "nothing to merge" fails 2 "nothing to merge"
run merge empty
check "nothing in it" fails 2 "there is no report"
run merge --plan plan.json
check "a plan and nothing to merge" fails 2 "nothing to merge"
run merge --plan plan.json good/nonexistent
check "no such report" fails 2 good/nonexistent
run merge --plan plan.json good/report.xml -o bad.xml
check "a report that says of no part" all 'incomplete "no journal says which part it is"' \
    '[ "$(grep -c "no journal" "$OUT")" -eq 1 ]'

# What no runner of ours writes: all has passed, and the process was killed.
for end in signaled timeout not-started cancelled lost; do
    fresh
    edit_journal bad/journal.jsonl \
        'for d in r: d.update(end="'"$end"'", code=9) if d["record"] == "end" and d["part"] == [1, 3] else None'
    merge_bad
    check "a green report of a process that ended: $end" incomplete "py 1,3: its process did not end by itself"
    run merge bad
    check "$end, without a plan" answers 3 "its process did not end by itself"
done
fresh
edit_journal bad/journal.jsonl \
    'for d in r: d["results"].append({"id": "nobody", "outcome": "passed", "type": "tpsched.process"}) if d["record"] == "end" else None'
merge_bad
check "a stranger that calls itself a process" answers 3 "it reports what nobody planned: 'nobody'"
fresh
edit_journal bad/journal.jsonl \
    'for d in r: (d.update(removed=d["planned"][:1]), d["results"].pop(0)) if d["record"] == "end" and d["part"] == [1, 3] else None'
run merge --plan plan.json bad
check "what was allowed to be gone is no loss" answers 0 PASSED
run merge bad
check "neither without a plan" answers 0 PASSED

# Shards of tpsched, and beside them one of something else.
mkdir mixed mixed/theirs
cp -r good mixed/ours
echo '<testsuite name="s"><testcase name="a" time="1"><failure/></testcase></testsuite>' >mixed/theirs/junit.xml
run merge mixed
check "a failure beside journals is no pass" answers 1 "1 failed"
run merge mixed mixed/theirs mixed/theirs/junit.xml --format json
cp "$OUT" thrice.json
run merge mixed/ours mixed/theirs --format json
check "found by three paths it counts once" cmp "$OUT" thrice.json
run merge --plan plan.json mixed
check "a plan is proven by journals" answers 0 "every planned testcase"
run merge --plan plan.json mixed mixed/theirs
check "one that was given has no part" answers 3 "no journal says which part it is"

# No report is too deep to be found, and a tree that is, is not searched in part.
deep=deep
for _ in $(seq 250); do deep=$deep/d; done
mkdir -p "$deep/d/d/d/d/d/d/d"
cp mixed/theirs/junit.xml "$deep"
run merge deep
check "a tree that is too deep" fails 2 "more than 256 directories deep"
rm -r "$deep/d"
run merge deep
check "a failure in the 250th directory" answers 1 "1 failed"

# Reports of strangers.
junit() {
    printf '<?xml version="1.0"?>\n%s\n' "$1" >"$2.xml"
}
suite='<testsuite name="s"><testcase classname="c" name="a" time="1"/><testcase classname="c" name="b"/></testsuite>'
junit "$suite" one
junit '<testsuites><testsuite name="t"><testcase name="a"><failure message="why">long</failure></testcase></testsuite></testsuites>' two
junit '<testsuite name="s" tests="9" failures="1"><testcase name="a" result="gave up"/></testsuite>' odd-word
run merge odd-word.xml
check "a header that tells of failures nobody finds" answers 3 "'s': the header tells of 1 failures or errors, and no testcase failed"
junit '<testsuite name="s" tests="9" failures="2"><testcase name="a"><failure/></testcase></testsuite>' miscounted
run merge miscounted.xml
check "a header that counts otherwise" answers 1 "the header says failures=2, but there are 1"
junit '<testsuites errors="1"><testsuite name="s" errors="1"><error>could not start</error></testsuite></testsuites>' init
run merge init.xml
check "what befell the suite itself" all 'answers 1 "could not start"' 'out_lacks incomplete:'
junit '<testsuite name="s" failures="1"><testcase name="a"><failure/><skipped type="todo"/></testcase></testsuite>' todo
run merge todo.xml
check "a failure that its author expects" answers 0 "1 skipped"
junit '<testsuite name="s"><testcase name="a"><skipped type="tpsched.not-run"/></testcase><testcase name="b"/></testsuite>' left-out
run merge left-out.xml
check "left out though nothing failed" answers 3 "1 testcases were not run, and nothing failed"
run merge left-out.xml two.xml
check "left out because something failed" answers 1 "1 testcase was not run"
run merge one.xml two.xml -o strange.xml
check "foreign reports" all 'answers 1 "FAILED: 3 testcases"' 'out_has why' \
    '[ "$(results strange.xml | wc -l)" -eq 3 ]'
run merge two.xml one.xml -o order.xml
check "foreign reports in another order" cmp strange.xml order.xml
run merge one.xml one.xml
check "a foreign report twice counts once" answers 0 "2 testcases"
mkdir copies && cp one.xml copies/a.xml && cp one.xml copies/b.xml
run merge copies
check "a copy of it counts once" answers 0 "2 testcases"
head -c 100 one.xml >half.xml
run merge half.xml
check "half a foreign report" all 'not expect_status 0' 'not expect_status 1' \
    'cat "$OUT" "$ERR" | grep -F half.xml'
: >nothing.xml
run merge nothing.xml
check "an empty file" all 'not expect_status 0' 'not expect_status 1'
echo '{"a": 1}' >json.xml
run merge json.xml
check "JSON is no report" all 'not expect_status 0' 'not expect_status 1'
junit '<html><body/></html>' html
run merge html.xml
check "HTML is no report" all 'not expect_status 0' 'not expect_status 1'
junit '<testsuites/>' none
run merge none.xml
check "a report without testcases is no proof" not expect_status 0
junit '<testsuite name="s" tests="7"/>' hollow
run merge hollow.xml
check "a suite without testcases is no proof" fails 2 "no testcase"
run merge hollow.xml one.xml
check "a suite without testcases beside others" answers 0 "2 testcases"

echo secret-of-mine >secret
junit "<!DOCTYPE x [<!ENTITY e SYSTEM \"file://$TMP/secret\">]>
<testsuite name=\"s\"><testcase name=\"&e;\"/></testsuite>" xxe
run merge xxe.xml --format junit
check "an external entity is refused" all 'not expect_status 0' 'not expect_status 1' \
    'not grep secret-of-mine "$OUT" "$ERR"'
{
    printf '<!DOCTYPE x [<!ENTITY a0 "ha">'
    for n in $(seq 1 30); do
        printf '<!ENTITY a%d "&a%d;&a%d;">' "$n" $((n - 1)) $((n - 1))
    done
    printf ']>\n<testsuite name="s"><testcase name="&a30;"/></testsuite>\n'
} >laughs.xml
run merge laughs.xml
check "a billion laughs are refused" all 'not expect_status 0' 'not expect_status 1'
{
    for _ in $(seq 100000); do printf '<testsuite>'; done
} >deep.xml
run merge deep.xml
check "a hundred thousand levels are refused" all 'not expect_status 0' '[ "$STATUS" -lt 100 ]'
# Names that are there several times, and a failure of which only the repetition is told.
junit '<testsuite name="s"><testcase classname="c" name="a"/><testcase classname="c" name="a"/>
<testcase classname="c" name="b"/><testcase classname="c" name="b"><failure/></testcase></testsuite>' same
run merge same.xml -o same.out
check "passes of one name are two, a failure is one" answers 1 "3 testcases, 2 passed, 1 failed"
run merge same.out same.xml
check "and stay what they are" answers 1 "3 testcases, 2 passed, 1 failed"
junit '<testsuite name="s"><testcase classname="c" name="a"><rerunFailure/></testcase></testsuite>' rerun
run merge rerun.xml
check "a failed repetition is a failure" answers 1 "1 failed"
junit '<testsuite name="s" tests="7"><testcase classname="c" name="a"/></testsuite>' lies
run merge lies.xml
check "a header that lies is told" out_has "tests=7"

# What looks like a part and never ends.
mkdir -p pipe/p
mkfifo pipe/p/journal.jsonl
run merge pipe
check "a pipe is no journal" fails 2 "there is no report"

# Links are not followed out of the directory.
mkdir links
ln -s "$TMP/one.xml" links/one.xml
ln -s .. links/up
run merge links
check "links are not followed" fails 2 "there is no report"
check "no name was executed" [ ! -e x ]
check "no temporary files" no_temporary_files
finish
