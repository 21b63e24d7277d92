#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Scenarios, run by themselves.
SCHEMA=$(cd "$(dirname "$0")/../.." && pwd)/data/schema/scenario.schema.json
. "$(dirname "$0")/lib.sh"

mkdir -p s/sub
cat >s/good.scenario.yaml <<'YAML'
name: all that is expected
description: each expectation, and it holds
env: {GREETING: hello}
steps:
  - name: first
    run: |
      echo "$GREETING"; echo error >&2; mkdir -p a/b; echo text >a/f
    expect:
      exit_code: 0
      output_contains: [hello, error]
      output_not_contains: good bye
      output_matches: '^hel+o$'
      files_exist: a/f
      files_not_exist: [f, a/g]
      dirs_exist: [a, a/b]
      file_contains: {a/f: [te, xt]}
      file_not_contains: {a/f: TEXT}
  - name: second
    cwd: a
    run: [sh, -c, 'cat f; exit 4']
    expect: {exit_code: 4, output_matches: '\Atext\n\z', file_contains: {f: text}}
YAML
cat >s/sub/bad.scenario.yaml <<'YAML'
- name: "odd: $(touch x) \"quoted\" [1] *\nand \u00fc"
  steps:
    - run: 'true'
    - name: breaks
      run: echo out; echo err >&2; exit 3
      expect: {output_contains: [out, missing]}
    - run: touch never
    - run: touch never
- name: killed
  steps:
    - {name: dies, run: 'kill -9 $$'}
YAML

run scenario s
check "failures" all 'expect_status 1' '[ ! -s "$ERR" ]' \
    'out_has "s/sub/bad.scenario.yaml:4: step '"'breaks'"': expected exit code 0, got 3"' \
    'out_has "s/sub/bad.scenario.yaml:4: step '"'breaks'"': the output does not contain '"'missing'"'"' \
    'out_has "s/sub/bad.scenario.yaml:11: step '"'dies'"': expected exit code 0, got 137: killed by SIGKILL"' \
    'out_has "steps 3 to 4 were not run"' 'out_has "3 scenarios: 1 passed, 2 failed in "'
check "what it printed stands below" grep -qxF "    err" "$OUT"
check "in the order of the paths" diff <(grep -oE '^(passed|failed) \w+' "$OUT") \
    <(printf 'passed all\nfailed odd\nfailed killed\n')
check "nothing is left" all no_temporary_files nothing_left '[ ! -e x ]' 'not grep -q never "$OUT"'
run scenario s/good.scenario.yaml
check "all is as expected" all 'answers 0 "passed all that is expected ("' 'out_has "1 scenario: 1 passed in "'

# Each of them can fail.
n=0
while IFS='|' read -r expect problem; do
    n=$((n + 1))
    printf 'name: n\nsteps:\n  - run: echo out; echo text >f; mkdir d\n    expect: %s\n' "$expect" >one.yaml
    run scenario one.yaml
    check "$expect" all 'expect_status 1' 'out_has "one.yaml:3: step 1: $problem"' \
        '[ "$(grep -c "one.yaml:3:" "$OUT")" -eq 1 ]'
done <<'CASES'
{exit_code: 1}|expected exit code 1, got 0
{output_contains: [out, ouch]}|the output does not contain 'ouch'
{output_not_contains: [ouch, out]}|the output contains 'out'
{output_matches: ['^o', '^u']}|the output does not match '^u'
{files_exist: [f, g]}|file 'g' is not there
{files_not_exist: [g, f]}|'f' is there
{dirs_exist: [d, f]}|'f' is not a directory
{file_contains: {f: [text, test]}}|file 'f' does not contain 'test'
{file_not_contains: {f: [test, text]}}|file 'f' contains 'text'
CASES
check "there were nine" [ $n -eq 9 ]

# Bad files.
while IFS='|' read -r text problem; do
    printf '%b' "$text" >wrong.yaml
    run scenario wrong.yaml
    check "$problem" fails 2 "wrong.yaml:$problem"
done <<'CASES'
name: x\nsteps:\n  - runs: x\n|3:5: unknown key 'runs'; did you mean 'run'?
name: x\nsteps:\n  - run: x\n    expect: {output_matchs: x}\n|4:14: unknown key 'output_matchs'; did you mean 'output_matches'?
name: x\nsteps: [{run: x, cwd: ../..}]\n|2:23: '../..' is not below the sandbox
name: x\n|1:1: scenario 'x' has no 'steps'
name: [\n|2:1: not YAML
CASES
run scenario nowhere
check "a file that isn't there" fails 2 "cannot read 'nowhere': No such file"
mkdir empty
run scenario empty
check "a directory without any" fails 2 "there is no *.scenario.yaml below 'empty'"
printf 'name: killed\nsteps: [{run: x}]\n' >s/z.scenario.yaml
run scenario s
check "two of a name" fails 2 "s/z.scenario.yaml:1: there is a scenario named 'killed' already, at s/sub/bad.scenario.yaml:9"
rm s/z.scenario.yaml

# The schema knows the same keys as the program.
knows() {
    printf '%b' "$2" >wrong.yaml
    run scenario wrong.yaml
    diff <(sed -n 's/.*; known are //p' "$ERR") <(python3 - "$1" "$SCHEMA" <<'PY'
import json, sys
with open(sys.argv[2], encoding="utf-8") as file:
    print(", ".join(json.load(file)["$defs"][sys.argv[1]]["properties"]))
PY
)
}
check "the schema: a scenario" knows scenario 'qqqqqqqqqq: 1\n'
check "the schema: a step" knows step 'name: x\nsteps: [{qqqqqqqqqq: 1}]\n'
check "the schema: what is expected" knows expect 'name: x\nsteps: [{expect: {qqqqqqqqqqqqqqq: 1}}]\n'

# For a runner.
lines() {
    python3 - "$@" <<'PY'
import json, sys
with open(sys.argv[1], encoding="utf-8") as file:
    r = [json.loads(line) for line in file]
if not eval("(" + sys.argv[2] + ")", {"r": r}):
    sys.exit("it does not hold: " + sys.argv[2])
PY
}
run scenario --list --listing listing s
check "--list" all 'expect_status 0' '[ ! -s "$OUT" ]' 'lines listing "[(d[\"file\"], d[\"line\"]) for d in r] ==
    [(\"s/good.scenario.yaml\", 1), (\"s/sub/bad.scenario.yaml\", 1), (\"s/sub/bad.scenario.yaml\", 9)] and
    r[1][\"id\"] == \"odd: \$(touch x) \\\"quoted\\\" [1] *\\nand \\u00fc\""'
(sed -n 3p listing && sed -n 2p listing) >select
run scenario --select select --journal journal s
check "--select and --journal" all 'expect_status 1' 'out_has "2 scenarios: 0 passed, 2 failed"' \
    'lines journal "[list(d)[0] for d in r] == [\"start\", \"end\"] * 2 and r[3][\"end\"] == \"killed\" and
    r[1][\"outcome\"] == \"failed\" and r[1][\"message\"].startswith(\"s/sub/bad.scenario.yaml:4: step\") and
    r[1][\"text\"].startswith(\"out\\nerr\\ns/sub/bad.scenario.yaml:4: step\") and r[1][\"seconds\"] > 0"'
echo '{"id": "all that is expected"}' >select
TPSCHED_JOURNAL=other run scenario --select select s
check "TPSCHED_JOURNAL" all 'expect_status 0' 'lines other "len(r) == 2 and r[1][\"outcome\"] == \"passed\""'
echo '{"id": "all that is"}' >select
run scenario --select select s
check "a selection that is old" fails 2 "select:1: there is no scenario 'all that is'; did you mean 'all that is expected'?"

# Looking into one.
kept() {
    sed -n 's/^kept: //p' "$OUT"
}
run scenario --name killed --keep s
check "--keep" all 'expect_status 1' '[ -d "$(kept)/sandbox" ]'
rm -rf "$(kept)"
run scenario --step first s/good.scenario.yaml
check "--step" all 'expect_status 0' '[ -f "$(kept)/sandbox/a/f" ]' 'out_has "step 2 was not run"'
rm -rf "$(kept)"
run scenario --step 2 s/good.scenario.yaml
check "--step by its number" all 'expect_status 0' 'out_lacks "not run"'
rm -rf "$(kept)"
run scenario --setup-only s/good.scenario.yaml
check "--setup-only" all 'expect_status 0' \
    '(eval "$(cat "$OUT")" && [ "$PWD" = "$SANDBOX" ] && [ -z "$(ls -A)" ] && [ "$GREETING" = hello ] && [ -d "$TMPDIR" ])' \
    'err_has "the sandbox of"'
rm -rf "$TMPDIR"/tpsched-scenario-*
while IFS='|' read -r options problem; do
    # shellcheck disable=SC2086
    run scenario $options
    check "scenario $options" fails 2 "$problem"
done <<'CASES'
|name a file or a directory
--listing x s|--listing is where --list writes
--list --step 1 s|not several
--step 1 s|--step is for one scenario, and there are 3
--interactive s|--interactive is for one scenario, and there are 3
--step 3 s/good.scenario.yaml|scenario 'all that is expected' has no step '3'; it has 2
--step third s/good.scenario.yaml|has no step 'third'
--name nobody s|--name: there is no scenario 'nobody'
--interactive s/good.scenario.yaml|--interactive: this is no terminal
CASES
check "they left nothing" no_temporary_files

# Somebody answers: a shell, the first step, one that fails twice and is passed over.
cat >ask.yaml <<'YAML'
name: ask
steps:
  - run: echo from-one >f
  - run: cat f; false
  - run: echo from-three
YAML
answer() {
    printf '%b' "$1" | SHELL=/bin/sh script -qec "'$TPSCHED' scenario --interactive ask.yaml" /dev/null >"$OUT" 2>"$ERR"
    ended
}
if script -qec true /dev/null >/dev/null 2>&1 </dev/null; then
    answer 'r\nr\nr\ns\nr\n'
    check "--interactive" all 'expect_status 1' '[ "$(grep -c "ask.yaml:4: step 2: expected exit code 0, got 1" "$OUT")" -eq 2 ]' \
        'out_has "    from-three"'
    answer 's\nq\n'
    check "and away" all 'expect_status 1' 'out_lacks "as expected"' no_temporary_files
    answer 'r\no\nsed s/from/shell-saw/ f\nexit\ns\nr\n'
    check "a shell in the sandbox" all 'expect_status 0' 'out_has shell-saw-one'
    check "they left nothing, either" no_temporary_files
else
    skip "--interactive" "script makes no terminal here"
fi

# A signal: nothing is left, and it is no result.
printf 'name: long\nsteps: [{run: "touch %s/begun; sleep 600 & sleep 600"}]\n' "$TMP" >long.yaml
for signal in INT TERM HUP; do
    rm -f begun journal
    TPSCHED_CLI_PROBE=$TMP env --default-signal=INT "$TPSCHED" scenario --journal journal long.yaml >"$OUT" 2>"$ERR" &
    wait_for 20 [ -e begun ]
    kill -s $signal $!
    wait $!
    ended
    check "SIG$signal" all 'expect_status 130' nothing_left no_temporary_files 'lines journal "len(r) == 1"'
done

# What is started in the background serves the next steps, and no other scenario.
cat >server.yaml <<'YAML'
- name: serves
  steps:
    - run: '(while :; do date >alive; sleep 0.01; done) & echo $! >"$SCENARIO_DIR/pid"'
    - run: for i in 1 2 3 4 5 6 7 8 9; do [ -e alive ] && exit; sleep 1; done; exit 1
- name: is alone
  steps:
    - run: kill -0 "$(cat "$SCENARIO_DIR/pid")"
      expect: {exit_code: 1}
YAML
run scenario server.yaml
check "a server" all 'expect_status 0' nothing_left

# Nothing that a step prints gets at the terminal, and a lot of it is no problem.
printf 'name: loud\nsteps: [{run: "printf %s; yes | head -c 20000000; echo the end; false"}]\n' \
    "'\\\\033[2Jcleared\\\\n\\\\0'" >loud.yaml
run scenario loud.yaml
check "loud" all 'expect_status 1' 'out_has "^[[2Jcleared"' 'out_has "the end"' 'out_has "bytes are left out"' \
    '[ "$(wc -c <"$OUT")" -lt 60000 ]' 'not grep -q $'"'\\e'"' "$OUT"'

# A name is one line, whatever is in it.
printf 'name: "a\\nb"\nsteps: [{name: "s\\nERROR: t", run: "exit 3"}]\n' >lines.yaml
run scenario lines.yaml
check "a line end in names" all 'expect_status 1' 'not grep -q "^ERROR" "$OUT"' \
    "out_has 'lines.yaml:2: step '\\''s\\nERROR: t'\\'': expected exit code 0, got 3'"
finish
