#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A project is looked at; what is written can be listed, planned and run at once.
. "$(dirname "$0")/lib.sh"
samples=${TPSCHED_SAMPLES:?where the samples are}
export XDG_CONFIG_HOME=$TMP/config
PATH=/usr/bin:$PATH

is_yaml() { # FILE SUITE FRAMEWORK: the file has that suite
    grep -qF -e "- name: $2" "$1" && grep -qF "framework: $3" "$1"
}
unchanged() {
    [ "$(cat "$1")" = "$2" ]
}

# Nothing, and what is there already.
mkdir empty
run init --directory empty
check "nothing is found in nothing" all 'fails 2 "no tests were found in '"'empty'"'" pytest googletest' '[ -z "$(ls empty)" ]'
run init --directory empty --force
check "--force makes nothing of it" all 'fails 2 "no tests were found"' '[ -z "$(ls empty)" ]'
run init --directory nowhere
check "a directory that isn't there" fails 2 nowhere
mkdir mine
: >mine/a.bats
echo mine >mine/tpsched.yaml
run init --directory mine
check "what is there is not overwritten" all "fails 2 'is there already; --force overwrites it'" 'unchanged mine/tpsched.yaml mine'
run init --directory mine --print
check "--print prints all the same" all 'answers 0 "framework: bats"' 'unchanged mine/tpsched.yaml mine'
TMPDIR=$TMP/gone run init --directory mine --print
check "no room for its own proof" fails 4 "cannot make a temporary file"
run init --directory mine --force
check "--force overwrites it" all 'answers 0 "mine/tpsched.yaml: 1 suite"' 'is_yaml mine/tpsched.yaml bats bats' \
    'err_has "bats in . (a.bats)"'
run init --directory mine --format xml
check "a wrong format" fails 2 "--format: 'xml' is not text or json"
run init --print --format json
check "--print and JSON" fails 2 "both want standard output"
run init --print -o x
check "--print and --output" fails 2 "--output names one"
run init --directory mine -o full/x.yaml
check "a directory of the file that isn't there" all 'expect_status 4' '[ ! -s "$OUT" ]' 'err_has full/x.yaml'

# Names of any kind.
mkdir -p odd
names=('a b' "it's" 'say "x"' '$(touch x)' $'new\nline' 'ä 数' '- a: #b' '[x]' '*' 'null' '1')
for name in "${names[@]}"; do
    mkdir "odd/$name"
    printf 'suites: []\n' >"odd/$name/pytest.ini"
done
run init --directory odd --format json
cp "$OUT" answer.json
check "directories with odd names" all 'expect_status 0' 'json answer.json "len(d[\"suites\"]) == '"${#names[@]}"'"' \
    'json answer.json "any(s[\"cwd\"] == \"new\\nline\" for s in d[\"suites\"])"' '[ ! -e x ] && [ ! -e odd/x ]'
run init --directory odd --force
check "a name with a newline is one line to read" [ "$(grep -c '^tpsched: pytest in .* (pytest.ini)$' "$ERR")" -eq "${#names[@]}" ]
python3 - "${names[@]}" <<'PY' >cwds
import sys
for name in sorted(sys.argv[1:]):
    print(ascii(name))
PY
mkdir odd/$'\xff'
: >odd/$'\xff'/pytest.ini
run init --directory odd --force
check "a name that is not UTF-8 is left out, and that is said" all 'expect_status 0' 'err_has "not UTF-8"'
if python3 -c 'import yaml' 2>/dev/null; then
    python3 -c 'import yaml; [print(c) for c in sorted(ascii(s["cwd"]) for s in yaml.safe_load(open("odd/tpsched.yaml", encoding="utf-8"))["suites"])]' >got
    sort cwds | diff - got >differences
    check "another reader of YAML sees the same names" [ ! -s differences ]
else
    skip "another reader of YAML" "there is none"
fi

# Elsewhere than beside the project.
mkdir -p top/sub/t
printf 'ok 1\n' >top/sub/t/a.t
run init --directory top/sub -o top/plan.yaml
check "a plan file above the project" all 'expect_status 0' 'grep -qx "    cwd: sub" top/plan.yaml'
mkdir aside
run init --directory top/sub -o aside/plan.yaml
check "a plan file beside it" all 'expect_status 0' 'grep -qF "/top/sub" aside/plan.yaml'

# A framework of the project's own has traces, too.
mkdir -p own/.tpsched/frameworks own/x
cat >own/.tpsched/frameworks/mine.yaml <<'END'
summary: mine
program: [sh, run.sh]
detect: [{file: '*.mine', contains: 'mine[!]'}]
init: {args: [-q], deep: [-r], covers: [bats]}
list: {files: ['*.mine'], id: "{file}"}
run: {command: ["{program}", "{id}"], processes: testcase}
report: {reader: exit}
END
echo 'mine!' >own/x/a.mine
echo 'yours' >own/b.mine
: >own/x/b.bats
: >own/c.bats
run init --directory own
check "it is found by its own traces" all 'expect_status 0' 'is_yaml own/tpsched.yaml x mine' 'out_has "2 suites"' \
    'grep -qx "    args: \[\"-q\"\]" own/tpsched.yaml' 'err_has "mine in x (a.mine)"'
check "what it covers is left to it" grep -qx '    path: c.bats' own/tpsched.yaml
echo 'detect: [{file: a, marks: everything}]' >own/.tpsched/frameworks/mine.yaml
run init --directory own --force
check "a broken one is said, and not looked for" all 'answers 0 "1 suite"' \
    "err_has 'own/.tpsched/frameworks/mine.yaml:1:27: '" "err_has \"'everything' is not one of project\""

# A repository of several projects, at once.
mkdir -p mono/backend mono/py "mono/sh tests" mono/perl/t mono/tools
cp "$samples"/pytest/{pytest.ini,test_names.py} mono/backend/
cp -r "$samples/unittest/suite" mono/py/tests
printf '#!/usr/bin/env bats\n@test "adds up" {\n    true\n}\n' >"mono/sh tests/a.bats"
printf 'print "1..1\\nok 1 - x\\n";\n' >mono/perl/t/a.t
cp "${TPSCHED_SAMPLE_CHECK:?}" mono/tools/check-it
cd mono || exit 99
run init
cp "$ERR" said
check "a repository of several projects" all 'answers 0 "tpsched.yaml: 5 suites; next: tpsched list"' \
    'is_yaml tpsched.yaml backend pytest' 'is_yaml tpsched.yaml py/tests unittest' \
    "is_yaml tpsched.yaml '\"sh tests\"' bats" 'is_yaml tpsched.yaml perl prove' 'is_yaml tpsched.yaml tools/check-it check'
check "it says what it saw, and why" all 'grep -qxF "tpsched: pytest in backend (pytest.ini)" said' \
    'grep -qxF "tpsched: bats in sh tests (a.bats)" said' 'grep -qxF "tpsched: check in tools/check-it (a program)" said'
check "so do the comments" grep -qxF '  # pytest in backend (pytest.ini)' tpsched.yaml
cp tpsched.yaml first
run init --force
check "it is the same again" cmp first tpsched.yaml
if need_pytest && [ -x "$(command -v bats)" ]; then
    run list --suites
    check "it can be listed" all 'expect_status 0' 'out_has "backend (pytest, "' 'out_has "perl (prove, 1 testcase"'
    run plan -s 2 -o plan.json
    check "it can be planned" expect_status 0
    run run -p plan.json -r report
    check "it can be run" all 'expect_status 1' 'out_has "every planned testcase is accounted for exactly once"'
else
    skip "list, plan and run" "pytest or bats is missing"
fi
finish
