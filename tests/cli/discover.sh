#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Plan fragments that are found in the tree, and suites with parameters.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
export LC_ALL=C

# fragment PATH LINE...: a file with these lines.
fragment() {
    local path=$1
    shift
    mkdir -p "$(dirname "$path")"
    printf '%s\n' "$@" >"$path"
}
project() {
    rm -rf project
    mkdir project
    cd project || exit 99
}
list_json() {
    expect_status 0 && json "$OUT" "$1"
}
names='[s["name"] for s in d["suites"]]'
places='[s["from"] for s in d["suites"]]'

# A monorepo.
project
fragment tpsched.yaml 'name: shop' 'resources: {db: 1}' \
    'discover:' "  - {path: services, pattern: '\\.suite\\.yaml\$'}" \
    "  - {path: libraries, pattern: '(^|/)tests\\.yaml\$'}" \
    "  - {path: plugins, pattern: yaml, optional: true}" \
    'suites:' '  - {name: lint, command: [echo, lint]}'
fragment services/shop/shop.suite.yaml 'suites:' \
    '  - name: shop' '    command: echo "{0}" {1} "{{}}" in' '    args: ["{1} {1}"]' \
    '    parameters:' '      - [1, a b]' '      - {values: [2, $(touch x)], weight: 3m}' \
    '  - name: shop at {db}' "    command: [sh, -c, 'echo \"\$DB in \${{PWD##*/}}\"']" \
    '    cwd: "{db}"' '    env: {DB: "<{db}>"}' \
    '    parameters: [{db: mysql}, {db: post gres, rerun: 1}]'
mkdir services/shop/mysql 'services/shop/post gres'
fragment services/api.suite.yaml 'name: api' "command: [sh, -c, 'pwd; false']" 'resources: {db: 1}'
fragment libraries/b/tests.yaml 'discover: [{path: more, pattern: .}]'
fragment libraries/b/more/c.yaml 'name: c' 'command: echo c'
fragment libraries/b/node_modules/tests.yaml 'nonsense: true'
fragment libraries/other.yaml 'nonsense: true'
ln -s .. libraries/b/up
ln -s loop libraries/b/loop

run list --format json
check "all that is found, in its order" list_json "$names"' == [
    "lint", "api", "shop(1, a b)", "shop(2, $(touch x))", "shop at mysql", "shop at post gres", "c"]'
check "and where it was" list_json "$places"' == ["tpsched.yaml:8", "services/api.suite.yaml:1",
    "services/shop/shop.suite.yaml:6", "services/shop/shop.suite.yaml:7",
    "services/shop/shop.suite.yaml:12", "services/shop/shop.suite.yaml:12",
    "libraries/b/more/c.yaml:1"]'
run list
check "as text" answers 0 "  from services/api.suite.yaml:1"
cp "$OUT" first
run list
check "the same again" all 'expect_status 0' 'cmp first "$OUT"'
run list -f ./tpsched.yaml
check "the same by another name" answers 0 "  from ./tpsched.yaml:8"
cd services || exit 99
run list -f ../tpsched.yaml --format json
check "from below" list_json "$places"'[:2] == ["../tpsched.yaml:8", "api.suite.yaml:1"]'
cd ..
run list -f "$PWD/tpsched.yaml" --format json
check "by its whole name" list_json 'all(p[0] == "/" for p in '"$places"')'

run plan --format json
check "settings are of one suite" list_json \
    '[t["weight"] for t in d["tasks"] if t["suite"].startswith("shop(2")] == [180]'
cp "$OUT" plan.json
run run --report-dir reports
check "a run: what is found runs" all 'expect_status 1' 'out_has "6 passed, 1 failed"'
check "values are one word each" grep -qxF '1 a b {} in a b a b' reports/output.log
check "and nothing is run by a shell" all 'grep -qF "2 \$(touch x) {} in" reports/output.log' \
    'not test -e x' 'not test -e services/shop/x'
check "in their directories" all 'grep -qx "<mysql> in mysql" reports/output.log' \
    'grep -qx "<post gres> in post gres" reports/output.log' \
    'grep -q "/services$" reports/output.log'
run plan --format json
check "reports change nothing" all 'expect_status 0' 'cmp plan.json "$OUT"'
run run --suite 'shop(2, $(touch x))' --report-dir reports
check "a suite by its name" answers 0 "1 passed"
echo 'nonsense: true' >libraries/b/tests.suite.yaml
run list
check "only what matches is read" expect_status 0
cp services/api.suite.yaml services/shop/
run list
check "the same name twice" fails 2 "services/shop/api.suite.yaml:1:1: there are two suites named" \
    "'api'; the other one is at services/api.suite.yaml:1"
echo 'discover: [{path: .., pattern: shop/api}]' >services/shop/api.suite.yaml
run list
check "a cycle" fails 2 "services/shop/api.suite.yaml:1:12: a cycle: services/shop/api.suite.yaml ->"
rm services/shop/api.suite.yaml
echo 'pool: {size: 2}' >>services/api.suite.yaml
run plan
check "what belongs elsewhere" fails 2 "services/api.suite.yaml:4:1: unknown key 'pool'"
cd ..

# What would make an empty run green.
project
fragment tpsched.yaml 'discover: [{pattern: sweet}]'
run run
check "a pattern that finds nothing" fails 2 "tpsched.yaml:1:12: no file below '.' matches 'sweet'"
echo 'discover: [{pattern: sweet, optional: true}]' >tpsched.yaml
run run
check "nothing at all, wherever it may be" fails 2 "tpsched.yaml:1:1: there is no suite in it"
cd ..

# Names.
project
fragment tpsched.yaml "discover: [{pattern: '\\.suite\\.yaml\$'}]"
i=0
for name in 'a b' $'new\nline' 'ä' '$(touch x)' '[x]*?' '-f' "quo'te\"" $'\xff' 'back\slash' \
    "$(printf '%0200d' 0)"; do
    i=$((i + 1))
    fragment "./$name/$name.suite.yaml" "name: 's$i'" 'command: [sh, -c, "exit 0"]'
done
run list --format json
check "odd names of files" list_json "sorted($names) == sorted('s%d' % i for i in range(1, $i + 1))"
run list
check "one line each" test "$(grep -c '^  from ' "$OUT")" = $i
run run --report-dir reports
check "they run in their directories" answers 0 "$i passed"
echo nonsense >'[x]*?/[x]*?.suite.yaml'
run list
check "errors name them" fails 2 '[x]*?/[x]*?.suite.yaml:1:1: a mapping of keys'
cd ..

# Many.
project
fragment tpsched.yaml "discover: [{path: ., pattern: '\\.suite\\.yaml\$'}]"
for i in $(seq 10); do
    mkdir -p "$i"
    for j in $(seq 100); do
        printf 'name: s %d %d\ncommand: [sh, -c, ":"]\n' "$i" "$j" >"$i/$j.suite.yaml"
    done
done
run list --format json
check "1,000 fragments" list_json "len(set($names)) == 1000 and ${names}[:3] == [\"s 1 1\", \"s 1 10\", \"s 1 100\"]"
run run --report-dir reports -s 2
check "1,000 fragments run" answers 0 "1000 passed"
cd ..

# Those who must not look into a directory.
project
fragment tpsched.yaml "discover: [{pattern: suite}]"
fragment a.suite.yaml 'name: a' 'command: x'
mkdir locked
chmod 0 locked
if [ "$(id -u)" -eq 0 ]; then
    skip "a directory that can't be read" "root can read all"
else
    run list
    check "a directory that can't be read" fails 2 "tpsched.yaml:1:12: cannot read directory" locked
fi
chmod 700 locked
cd ..

finish
