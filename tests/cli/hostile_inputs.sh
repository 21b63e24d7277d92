#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Plans, runtime data and reports of strangers: nothing in them is executed, and nothing is a path.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

mkdir work outside
echo secret >outside/secret
cd work || exit 99
# What must never change, and never be read: all that is outside of work.
untouched() {
    local all
    all=$(find "$TMP" -mindepth 1 -maxdepth 1 ! -name '.*' -printf '%f\n' | sort | paste -sd,)
    find "$TMP" | head -n 20
    [ "$(cat ../outside/secret)" = secret ] && [ "$(names_in ../outside)" = secret ] && [ "$all" = outside,tmp,work ]
}

# seal FILE STATEMENTS: change a plan `d`, and give it the id that fits.
seal() {
    python3 - "$@" <<'PY'
import hashlib, json, sys
path, statements = sys.argv[1:]
d = json.load(open(path, encoding="utf-8"))
exec(statements, {"d": d})
d.pop("id")
text = json.dumps(d, separators=(",", ":"), ensure_ascii=False).encode()
schema = d.pop("schema")
json.dump({"schema": schema, "id": hashlib.sha256(text).hexdigest(), **d}, open(path, "w", encoding="utf-8"), ensure_ascii=False)
PY
}

names=('../../outside/secret' '/etc/passwd' '..' '$(touch executed)' '; touch executed #' '-p' 'a/../../../b' $'x\e]0;t\a'
    '<script>alert(1)</script>' '{program}')
{
    echo 'suites:'
    for name in "${names[@]}"; do
        printf '  - {name: %s, command: [sh, -c, "seq 100000; exit 1"]}\n' \
            "$(python3 -c 'import json, sys; print(json.dumps(sys.argv[1]))' "$name")"
    done
} >tpsched.yaml
run run -r report
check "suites of any name" all 'not expect_status 0' 'not expect_status 2' untouched \
    '[ "$(find report/parts -mindepth 1 -maxdepth 1 | wc -l)" -eq "${#names[@]}" ]' \
    '[ -z "$(find report -name "*..*")" ]'
run merge -p report/plan.json report
check "their reports" all 'expect_status 1' untouched

# A plan that says more than a plan says.
printf 'suites:\n  - {name: a, command: ["true"]}\n  - {name: b, command: ["true"]}\n' >tpsched.yaml
run plan -o good.json
cp good.json plan.json
seal plan.json 'pass'
run run -p plan.json -r sealed
check "the id of a plan can be made by anybody" answers 0 PASSED
id=$(python3 -c 'import json; print(json.load(open("good.json"))["id"])')
for statement in \
    'd["command"] = ["touch", "executed"]; d["tasks"][0]["command"] = ["touch", "executed"]' \
    'd["setup"] = ["touch", "executed"]; d["suites"][0]["env"] = {"LD_PRELOAD": "./evil.so"}' \
    'd["report_dir"] = "../outside"; d["file"] = "../outside/secret"; d["include"] = "../outside/secret"' \
    'd["notes"] = ["$(touch executed)", "\u001b]0;x\u0007", "::error::x"]' \
    'd["name"] = "../../outside/secret"' \
    'd["evidence"]["sources"] = ["/etc/passwd", "../outside/secret"]'; do
    cp good.json plan.json
    seal plan.json "$statement"
    rm -rf report
    run run -p plan.json -r report
    check "a plan with ${statement:0:40}" all '[ "$STATUS" -eq 0 ] || [ "$STATUS" -eq 2 ]' untouched '[ ! -e executed ]' \
        'not grep -q $'\''\e'\'' "$OUT" "$ERR"'
    run run -p plan.json -r report --plan-id "$id"
    check "and it is not the one that was meant" all 'expect_status 2' untouched
done
for statement in 'd["tasks"][0]["suite"] = d["suites"][0]["name"] = "../../outside"' \
    'd["tasks"][0]["testcases"] = ["a; touch executed"]' \
    'd["tasks"][0]["worker"] = 10**9' 'd["pool"]["size"] = 10**18' 'd["tasks"] = d["tasks"] * 2'; do
    cp good.json plan.json
    seal plan.json "$statement"
    rm -rf report
    run run -p plan.json -r report
    check "a plan with ${statement:0:50}" all 'not expect_status 0' '[ "$STATUS" -le 4 ]' untouched
done

# A journal of a stranger.
rm -rf report
printf 'suites:\n  - {name: a, command: [sh, -c, "seq 100000"]}\n' >tpsched.yaml
run run -r report
check "a run with a whole output" all 'answers 0 PASSED' 'journal report/journal.jsonl "d[\"output_file\"]"'
cp -r report theirs
for place in ../../outside/secret ../outside/secret /etc/passwd "$TMP/outside/secret" parts/../../../outside/secret . '' a//b; do
    rm -rf report
    cp -r theirs report
    edit_journal report/journal.jsonl "r[-1]['output_file'] = '$place'"
    run merge -p report/plan.json report
    check "an output in '$place'" all 'expect_status 3' 'out_has "leads out of the report directory"' 'not grep -q "^secret" "$OUT"' untouched
    run run -p report/plan.json -r report --resume
    check "and resumed" all 'expect_status 0' untouched
done
rm -rf report
cp -r theirs report
edit_journal report/journal.jsonl "r[-1].update(kept='$TMP/outside', host='../..', leaked_names='\x1b[2J')"
run merge -p report/plan.json report -o merged.xml
check "a sandbox elsewhere is a text" all 'answers 0 PASSED' untouched 'not grep -q "^secret" merged.xml' 'not grep -q $'\''\e'\'' "$OUT"'
rm report/journal.jsonl
cp theirs/journal.jsonl ../journal
ln -s ../../journal report/journal.jsonl
run merge -p theirs/plan.json report
check "a journal that is a link is not followed" not expect_status 0
rm ../journal

# A report directory of a stranger, with links: not written through, not removed through.
for link in parts output.log journal.jsonl plan.json report.xml executed.json; do
    rm -rf report
    cp -r theirs report
    rm -rf "report/$link"
    if [ $link = parts ]; then ln -s ../../outside report/parts; else ln -s ../../outside/secret "report/$link"; fi
    run run -r report
    check "$link is a link" all 'fails 2 "is a link"' untouched
    run run -p theirs/plan.json -r report --attempt 2
    check "$link is a link, on a later attempt" all 'fails 2 "is a link"' untouched
done
rm -rf report
cp -r theirs report
ln -sf ../../outside/secret report/lock
run run -r report
check "the lock is a link" all 'fails 4 lock' untouched
rm -rf report
cp -r theirs report
rm -rf report/parts/*
for attempt in 1 2; do
    ln -s ../../../outside report/parts/a.0-of-1.attempt-$attempt
done
run run -p theirs/plan.json -r report
check "the directory of a part is a link" all 'answers 0 PASSED' untouched

# Runtime data.
cat >data.json <<'JSON'
{"../../outside/secret": {"execution_time": 1, "setup_time": 0, "teardown_time": 0, "testcases": {"$(touch executed)": {"mean": 1}}},
 "a": {"command": ["touch", "executed"], "include": "../outside/secret", "execution_time": 3, "setup_time": 0, "testcases": {"a": {"mean": 3}}}}
JSON
run plan -d data.json
check "runtime data" all 'expect_status 0' untouched '[ ! -e executed ]'
run run -d data.json -w data.json -r report
check "are learned into" all 'answers 0 PASSED' untouched '[ ! -e executed ]'
cd ..
finish
