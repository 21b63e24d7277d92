#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Reports that are no JUnit and that no journal owns: recognised, merged, and proven as far as they prove themselves.
SAMPLES=$(cd "$(dirname "$0")/../reports/other" && pwd)
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# comes_to FILE SKIPPED PASSED FLAKY FAILED ERROR PROBLEM
comes_to() {
    local expected=0
    [ $(($5 + $6)) -eq 0 ] || expected=1
    [ -z "$7" ] || expected=3
    expect_status $expected && WANT="$*" json "$OUT" \
        '[d[k] for k in ("skipped", "passed", "flaky", "failed", "error")] == [int(n) for n in __import__("os").environ["WANT"].split(" ")[1:6]] and d["testcases"] == sum(int(n) for n in __import__("os").environ["WANT"].split(" ")[1:6]) and not d["checked"]' &&
        { [ -z "$7" ] || out_has "$7"; }
}
n=0
while read -r file _ skipped passed flaky failed error problem; do
    n=$((n + 1))
    run merge "$SAMPLES/$file" --format json
    case $file in
    testplan-part*) # of another file's parts nothing is here
        check "$file: parts are missing" all 'expect_status 3' 'out_has "no report has this part"'
        continue
        ;;
    esac
    check "$file" comes_to "$file" "$skipped" "$passed" "$flaky" "$failed" "$error" "$problem"
    cp "$SAMPLES/$file" nameless
    run merge --format json nameless
    check "$file is known without its name" all '[ "$STATUS" -ne 2 ]' 'out_has "\"verdict\""'
done < <(grep -v '^#' "$SAMPLES/EXPECTED")
check "there were seventeen" [ "$n" -eq 17 ]

# Together, and in any order.
run merge "$SAMPLES/testplan-part-0.json" "$SAMPLES/testplan-parts-1-2.json" -o parts.xml
check "all parts of a suite are there" answers 1 "FAILED: 6 testcases, 2 passed, 2 skipped, 1 failed, 1 error"
printf '<testsuite name="unit"><testcase classname="unit" name="x" time="1"/></testsuite>' >unit.xml
mkdir tree
cp "$SAMPLES"/*.tap "$SAMPLES"/*.json* unit.xml tree
mapfile -t files < <(ls tree/*)
run merge "${files[@]}" -o together.xml --name all
cp "$OUT" together.out
check "all kinds together" all 'expect_status 3' 'out_has "INCOMPLETE: "' 'out_has "Bail out!  disk full"' '[ -s together.xml ]'
differ=0
for seed in $(seq 12); do
    mapfile -t shuffled < <(printf '%s\n' "${files[@]}" | shuf --random-source=<(yes "$seed"))
    run merge "${shuffled[@]}" "${shuffled[0]}" -o shuffled.xml --name all
    cmp -s together.xml shuffled.xml && cmp -s together.out "$OUT" || differ=$((differ + 1))
done
check "in any order, and one of them twice" [ $differ -eq 0 ]
run merge tree -o tree.xml --name all
check "the same found in a directory" cmp tree.xml together.xml
run merge together.xml -o again.xml --name all
run merge again.xml together.xml -o and-again.xml --name all
check "what was merged merges into itself" cmp again.xml and-again.xml

# TAP says nothing of whose it is: files of the same bytes are no copies of each other.
mkdir alike alike/sub
printf '1..1\nok 1 - works\n' | tee alike/a.tap alike/b.tap alike/sub/a.tap >alike/sub/b.tap
run merge alike
check "two files of the same bytes" answers 0 "PASSED: 2 testcases"

# What else lies in a directory.
mkdir mixed mixed/sub
cp "$SAMPLES/bats.tap" mixed
cp "$SAMPLES/go-count.jsonl" mixed/sub/events.ndjson
printf '{"name": "shop", "version": "1.0"}' >mixed/package.json
printf '<?xml version="1.0"?>\n<coverage lines="7"/>' >mixed/coverage.xml
printf '[{"a": 1}]' >mixed/list.json
printf '{"a": 1}\n{"a": 2}\n' >mixed/log.jsonl
printf 'suites:\n  - {name: a, command: ["true"]}\n' >tpsched.yaml
run plan -o mixed/plan.json
echo 'ok 1' >mixed/notes.txt
run merge mixed
check "what is no report is left out" all 'answers 1 "FAILED: 5 testcases, 3 passed, 1 skipped, 1 failed"' \
    'out_has "mixed/package.json: it looks like JSON of some other kind, and was left out"' \
    "out_has \"mixed/coverage.xml: it looks like XML whose root is 'coverage'\"" 'out_has "list.json: it looks like a JSON array"' \
    'out_has "log.jsonl: it looks like several JSON documents"' 'out_lacks plan.json' 'out_lacks notes.txt'
run merge mixed/package.json mixed/bats.tap
check "but what is named must be one" fails 2 "mixed/package.json' is no report that can be merged: it looks like JSON of some other kind"
run merge mixed/notes.txt
check "whatever its name is" answers 3 "there is no plan"
printf 'nothing of the kind\n' >text.xml
run merge text.xml
check "text is none" fails 2 "it looks like text"
for i in $(seq 15); do echo "[$i]" >"mixed/other-$i.json"; done
run merge mixed
check "many of them are only counted" all 'out_has "more files are no reports and were left out"' \
    '[ "$(grep -c "was left out" "$OUT")" -eq 10 ]'

# What may have been a report is not left out in silence.
lacks_one() { # FILE CONTENT
    rm -rf damaged
    mkdir damaged
    cp "$SAMPLES/go-count.jsonl" damaged
    printf '%s' "$2" >"damaged/$1"
    run merge damaged
    answers 3 INCOMPLETE && out_has "damaged/$1: it is no report"
}
check "an empty file" lacks_one empty.xml ''
check "the beginning of JSON" lacks_one cut.json '{"reportForm'
check "the last words of a program" lacks_one text.tap 'Segmentation fault'
check "damaged JSON" lacks_one damaged.json '{"a": ?}'

# Cut off at every byte it is green nowhere. (A TAP stream may lose a comment behind its last test.)
cut_at_every_byte() {
    local file=$1 length i
    length=$(($(wc -c <"$file") - $2))
    for ((i = 0; i < length; i += $3)); do
        head -c "$i" "$file" >cut-file
        run merge cut-file
        [ "$STATUS" -ge 2 ] || { echo "$file is green or only red with $i bytes"; return 1; }
    done
}
printf '1..2\nok 1 - a\nok 2 - b' >small.tap
printf '{"Action":"run","Test":"A"}\n{"Action":"pass","Test":"A"}\n{"Action":"pass"}' >small.jsonl
printf '{"results":{"tests":[{"name":"a","status":"passed"}]}}' >small.json
check "TAP, cut off" cut_at_every_byte small.tap 4 1
check "go test, cut off" cut_at_every_byte small.jsonl 0 1
check "CTRF, cut off" cut_at_every_byte small.json 0 1
check "Testplan, cut off" cut_at_every_byte "$SAMPLES/testplan.json" 2 1009

# What reports say of a suite is united as sets are.
mkdir said
suite() { # FILE HOST OS NAME OUTPUT
    cat >"$1" <<XML
<testsuites><testsuite name="web" hostname="$2">
<properties><property name="os" value="$3"/><property name="tpsched.complete" value="true"/></properties>
<testcase classname="web" name="$4" time="1"><failure message="no">[[ATTACHMENT|shots/$4.png]]</failure></testcase>
<system-out>$5</system-out></testsuite></testsuites>
XML
}
suite said/1.xml h2 linux one "the first"
suite said/2.xml h1 bsd two "the second"
suite said/3.xml h2 linux three "the first"
run merge said/1.xml said/2.xml -o said/12.xml
run merge said/12.xml said/3.xml -o said/12-3.xml
run merge said/3.xml said/2.xml said/1.xml -o said/321.xml
check "hosts, properties and output are kept, each once" all 'cmp said/12-3.xml said/321.xml' \
    'grep -q "hostname=\"h1, h2\"" said/321.xml' '[ "$(grep -c "name=\"os\"" said/321.xml)" -eq 2 ]' \
    '[ "$(grep -c "the first" said/321.xml)" -eq 1 ]' 'grep -q "the second" said/321.xml' \
    'not grep -q "tpsched.complete" said/321.xml'
check "attachments stay where they are" grep -q 'ATTACHMENT|shots/one.png' said/321.xml
run merge said/1.xml -o elsewhere.xml
check "and are named from where the report is" grep -q 'ATTACHMENT|said/shots/one.png' elsewhere.xml

# A merge that was incomplete stays so, and is merged again into the same bytes.
head -c 300 said/1.xml >cut-a.xml
head -c 280 said/2.xml >cut-b.xml
run merge cut-a.xml -o inc-a.xml
run merge cut-b.xml -o inc-b.xml
run merge inc-a.xml inc-b.xml -o inc.xml
check "incomplete merges, merged" all 'expect_status 3' 'out_has "cut-a.xml"' 'out_has "cut-b.xml"'
run merge inc.xml -o inc-again.xml
check "and again" all 'expect_status 3' 'cmp inc.xml inc-again.xml'
run merge said/1.xml inc.xml
check "nothing makes them whole" expect_status 3
cp said/1.xml ./-x.xml
run merge -- -x.xml
check "a name behind --" all 'expect_status 1' 'out_has "failed web: one"'

# With a plan a report without a journal proves nothing.
run run -p mixed/plan.json -r good
run merge -p mixed/plan.json good small.tap
check "with a plan nobody knows which part it is" all 'expect_status 3' 'out_has "no journal says which part it is"'
cp good/journal.jsonl part-7.jsonl
run merge -p mixed/plan.json part-7.jsonl
check "a journal is known by its content" answers 0 PASSED
mkdir journals
mv part-7.jsonl journals/shard.json
run merge -p mixed/plan.json journals
check "in a directory, too" answers 0 PASSED

# Sizes: the program itself, in 400 MB of address space.
bounded() {
    (ulimit -v 400000 && timeout 60 "$TPSCHED" "$@") >"$OUT" 2>"$ERR" </dev/null
    ended
}
if (ulimit -v 400000 && "$TPSCHED" --version) >/dev/null 2>&1; then
    head -c 10000000 /dev/zero | tr '\0' '[' >deep.json
    { printf '1..1\nok 1 '; head -c 10000000 /dev/zero; } >line.tap
    { printf '{"results":{"tests":[{"name":"'; head -c 10000000 /dev/zero | tr '\0' x; } >name.json
    mkdir zeros
    head -c 1000000000 /dev/zero >zeros/journal.jsonl
    bounded merge deep.json
    check "ten million brackets" fails 2 "a JSON array"
    bounded merge line.tap
    check "an endless line" answers 0 "PASSED: 1 testcase"
    bounded merge name.json
    check "an endless name" answers 3 "it ends too early"
    bounded merge zeros
    check "a journal of a billion zeros" answers 3 "zeros/journal.jsonl:1: it is longer than any record"
    rm -rf zeros
else
    skip "sizes" "address space can't be limited here"
fi
finish
