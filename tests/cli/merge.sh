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

# label DIR: how the part that is reported there is called.
label() {
    python3 - "$1/part.json" <<'PY'
import json, sys
with open(sys.argv[1]) as file:
    part = json.load(file)
print(part["suite"] + ("" if part["part"] == [0, 1] else " %d,%d" % tuple(part["part"])))
PY
}

for dir in good/parts/*; do
    name=$(basename "$dir")
    label=$(label "$dir")
    fresh
    rm -r "bad/parts/$name"
    merge_bad
    check "without $name" incomplete "$label: its report is missing"
    fresh
    rm "bad/parts/$name/report.xml"
    merge_bad
    check "without the XML of $name" incomplete "$label: its report is missing"
    fresh
    rm "bad/parts/$name/part.json"
    merge_bad
    check "without the part.json of $name" incomplete "$label: its report is missing"
    fresh
    sed -i 's/"state":.*/"state": "running",/' "bad/parts/$name/part.json"
    merge_bad
    check "$name never ended" incomplete "$label: it was started and nobody wrote how it ended"
    fresh
    sed -i 's/<testcase /<testcase  /' "bad/parts/$name/report.xml"
    merge_bad
    check "$name with another content" incomplete "$label: its report is not the one"
    fresh
    sed -i 's/"plan":.*/"plan": "0123456789abcdef",/' "bad/parts/$name/part.json"
    merge_bad
    check "$name of another plan" incomplete "$label: it is a report of another plan"
done
rm -rf bad/parts/*
merge_bad
check "without any part" incomplete "one: its report is missing" "py 1,3: its report is missing"
mkdir -p empty
merge_bad empty
check "an empty directory" incomplete "one: its report is missing"

# cut_everywhere FILE: at every byte; no answer but 3, except where a JSON file is still whole.
cut_everywhere() {
    fresh
    python3 - "$TPSCHED" "$1" "bad/${1#good/}" <<'PY'
import json, subprocess, sys
program, source, target = sys.argv[1:]
whole = open(source, "rb").read()
good = open("good.xml", "rb").read()
def is_whole(text):
    try:
        return json.loads(text) == json.loads(whole)
    except ValueError:
        return False
for size in range(len(whole)):
    with open(target, "wb") as file:
        file.write(whole[:size])
    end = subprocess.run([program, "merge", "--plan", "plan.json", "-o", "bad.xml", "bad"],
                         stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    merged = open("bad.xml", "rb").read()
    stamped = b'value="false"' in merged and merged.endswith(b"</testsuites>\n")
    green = end.returncode == 0 and merged == good and is_whole(whole[:size])
    if not green and not (end.returncode == 3 and stamped) or b"CRITICAL" in end.stderr:
        sys.exit("cut at byte %d of %d: status %d" % (size, len(whole), end.returncode))
PY
}
part=$(dirname "$(grep -l '"suite":.*"one"' good/parts/*/part.json)")
check "report.xml cut at every byte" cut_everywhere "$part/report.xml"
check "part.json cut at every byte" cut_everywhere "$part/part.json"
for bytes in 0 1 2 3 7 50 100 150 200 300 400 600 800; do
    fresh
    truncate -s $bytes bad/parts/py.1-of-3.attempt-1/report.xml
    merge_bad
    check "the XML of py 1,3 cut at $bytes" incomplete "py 1,3: its report is"
done

# Any byte of part.json changed: it may be harmless, it must not hide a testcase or crash.
flip_everywhere() {
    python3 - "$TPSCHED" "$part/part.json" "bad/${part#good/}/part.json" <<'PY'
import re, subprocess, sys
program, source, target = sys.argv[1:]
whole = open(source, "rb").read()
good = open("good.xml", "rb").read()
def body(xml):
    return re.findall(rb"<testcase [^>]*>", xml)
for at in range(0, len(whole), 5):
    for byte in (b"\0", b"9", b"\"", b"\xff", b"["):
        with open(target, "wb") as file:
            file.write(whole[:at] + byte + whole[at + 1:])
        end = subprocess.run([program, "merge", "--plan", "plan.json", "-o", "bad.xml", "bad"],
                             stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        merged = open("bad.xml", "rb").read()
        green = end.returncode == 0 and body(merged) == body(good)
        if not green and end.returncode != 3 or b"CRITICAL" in end.stderr:
            sys.exit("byte %d as %r: status %d" % (at, byte, end.returncode))
PY
}
fresh
check "part.json with other bytes" flip_everywhere

# Names of directories mean nothing; a report counts once.
fresh
mv bad/parts/py.0-of-3.attempt-1 bad/parts/x
mv bad/parts/py.1-of-3.attempt-1 bad/parts/py.0-of-3.attempt-1
mv bad/parts/x bad/parts/py.1-of-3.attempt-1
merge_bad
check "two directories with swapped names" all 'answers 0 PASSED' 'cmp bad.xml good.xml'
fresh
mv bad/parts/py.2-of-3.attempt-1 "bad/a name"
merge_bad
check "a directory elsewhere, with another name" all 'answers 0 PASSED' 'cmp bad.xml good.xml'
fresh
cp -r bad/parts/py.2-of-3.attempt-1 bad/parts/copy
merge_bad
check "a part twice counts once" all 'answers 0 "8 testcases"' 'cmp bad.xml good.xml' \
    'out_has "py 2,3: the same report was given more than once"'
merge_bad good good bad/../good
check "everything twice counts once" all 'answers 0 "8 testcases"' 'cmp bad.xml good.xml'
fresh
mv bad/parts/py.2-of-3.attempt-1/report.xml x.xml
cp bad/parts/py.1-of-3.attempt-1/report.xml bad/parts/py.2-of-3.attempt-1/report.xml
merge_bad
check "the XML of another part" incomplete "py 2,3"
rm -r bad/parts/py.2-of-3.attempt-1
cp -r bad/parts/py.1-of-3.attempt-1 bad/parts/py.2-of-3.attempt-1
merge_bad
check "another part under its name" incomplete "py 2,3: its report is missing"

# The same attempt of a part, executed twice: which one is true?
run run --plan plan.json --suite py --part 1,3 --report-dir twice
merge_bad good twice
check "two reports of one attempt" incomplete "py 1,3: two different reports of attempt 1"

# Any order of the inputs gives the same bytes.
orders() {
    local order sums
    for order in 1 2 3 4 5 6; do
        shuf --random-source=<(yes $order) -e good/parts/* | tr '\n' '\0' |
            xargs -0 "$TPSCHED" merge --plan plan.json -o order.xml >/dev/null || return
        sums+=$(sha256sum <order.xml)$'\n'
    done
    sums+=$(sha256sum <good.xml)
    [ "$(sort -u <<<"$sums" | wc -l)" -eq 1 ]
}
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
rm bad/parts/py.1-of-3.attempt-1/report.xml
run merge bad
check "without a plan a damaged part is still seen" all 'expect_status 3' 'out_has "py 1,3"'
fresh
sed -i 's/"state":.*/"state": "running",/' bad/parts/py.1-of-3.attempt-1/part.json
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
check "a report that says of no part" all 'incomplete "no part.json beside it"' \
    '[ "$(grep -c "no part.json" "$OUT")" -eq 1 ]'

# Reports of strangers.
junit() {
    printf '<?xml version="1.0"?>\n%s\n' "$1" >"$2.xml"
}
suite='<testsuite name="s"><testcase classname="c" name="a" time="1"/><testcase classname="c" name="b"/></testsuite>'
junit "$suite" one
junit '<testsuites><testsuite name="t"><testcase name="a"><failure message="why">long</failure></testcase></testsuite></testsuites>' two
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
fresh
cp xxe.xml bad/parts/py.1-of-3.attempt-1/report.xml
merge_bad
check "an external entity in a part" all 'incomplete "py 1,3: its report is"' \
    'not grep secret-of-mine bad.xml "$OUT"'

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
mkfifo pipe/p/part.json
run merge pipe
check "a pipe is no part" fails 2 "there is no report"

# Links are not followed out of the directory.
mkdir links
ln -s "$TMP/one.xml" links/one.xml
ln -s .. links/up
run merge links
check "links are not followed" fails 2 "there is no report"
check "no name was executed" [ ! -e x ]
check "no temporary files" no_temporary_files
finish
