#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# framework.sh NAME: the sample suites of a framework, as tests/frameworks/README.md describes them:
# listed, run whole, in parts and one testcase at a time; each time the outcomes are the expected ones.
in_ci=${CI-}
. "$(dirname "$0")/lib.sh"
name=${1:?the name of a framework}
sample=${TPSCHED_SAMPLES:?where the samples are}/$name
export BUILD=${TPSCHED_SAMPLES_BUILD:?where they are built}
PATH=/usr/bin:$PATH
most_alone=25

# expect COMMAND [ARGUMENT...]: what expected.json says.
expect() {
    python3 - "$sample/expected.json" "$@" <<'PY'
import ast, fnmatch, json, os, sys, xml.etree.ElementTree as tree
from urllib.parse import quote, unquote

with open(sys.argv[1], encoding="utf-8") as file:
    expected = json.load(file)
command, *arguments = sys.argv[2:]
suites = expected["suites"]


def outcome(case):
    kinds = {child.tag: child for child in case}
    if "error" in kinds:
        return "missing" if kinds["error"].get("type") == "tpsched.not-run" else "error"
    return "failed" if "failure" in kinds else "skipped" if "skipped" in kinds else "passed"


def elements(path, suite):
    """What is reported of a suite: the id, the inner case or None, the outcome."""
    for element in tree.parse(path).iter("testsuite"):
        for case in element.iter("testcase"):
            if case.get("classname") == suite:
                said = {p.get("name"): p.get("value") for p in case.iter("property")}
                identifier = unquote(said.get("tpsched.id", quote(case.get("name"))))
                inside = said.get("tpsched.case")
                yield identifier, None if inside is None else unquote(inside), outcome(case)


def reported(path, suite):
    """Testcases, each as bad as the worst of its cases."""
    rank = ["skipped", "passed", "failed", "error", "missing"].index
    worst = {}
    for identifier, _, how in elements(path, suite):
        worst[identifier] = max(worst.get(identifier, "skipped"), how, key=rank)
    return worst.items()


def inner(path, suite):
    cases = {}
    for identifier, case, how in elements(path, suite):
        if case is not None:
            cases.setdefault(identifier, []).append((case, how))
    return cases


def listed(path, suite):
    with open(path, encoding="utf-8") as file:
        entry = next(s for s in json.load(file)["suites"] if s["name"] == suite)
    return {case["id"]: case["unit"] for case in entry["testcases"]}


def compare(what, want, got):
    if list(want) != list(got):
        for line in [f"{what}: expected and missing: {x!r}" for x in want if x not in got] + \
                    [f"{what}: not expected: {x!r}" for x in got if x not in want]:
            print(line)
        sys.exit(f"{what}: not the expected ones, or not in their order")


def show(pairs):
    return sorted(ascii(pair) for pair in pairs)


if command == "needs":
    for need in expected.get("needs", []):
        print(need.replace("@BUILD@", os.environ["BUILD"]))
elif command == "suites":
    print("\n".join(suites))
elif command == "status":  # SUITE
    bad = {"failed", "error", "missing"} & set(suites[arguments[0]].values())
    print(1 if bad else 0)
elif command == "listed":  # LIST.json
    for suite in suites:
        compare(suite, suites[suite], listed(arguments[0], suite))
elif command == "reported":  # REPORT.xml SUITE
    path, suite = arguments
    compare(suite, show(suites[suite].items()), show(reported(path, suite)))
    if suite == "sample" and "cases" in expected:
        cases = inner(path, suite)
        for identifier, want in expected["cases"].items():
            compare(identifier, show(want.items()), show(cases.pop(identifier, [])))
        compare("cases of others", [], sorted(cases))
elif command == "alone":  # how many at most
    ids = list(suites["sample"]) if expected.get("alone", True) else []
    step = max(1, -(-len(ids) // int(arguments[0])))
    for identifier in ids[::step]:
        sys.stdout.buffer.write(identifier.encode() + b"\0")
elif command == "one":  # REPORT.xml LIST.json ID: it, and nothing that doesn't share its unit
    path, list_path, identifier = arguments
    got = dict(reported(path, "sample"))
    units = listed(list_path, "sample")
    strangers = [i for i in got if units.get(i) != units[identifier]]
    wrong = {i: o for i, o in got.items() if o != suites["sample"].get(i)}
    if identifier not in got or strangers or wrong:
        sys.exit(f"{identifier!r}: {got!r}; strangers {strangers!r}; wrong {wrong!r}")
elif command == "ignored":  # paths on standard input; what may stay behind is taken out
    for path in sys.stdin:
        if not any(fnmatch.fnmatch(path.strip(), "./" + g) for g in expected.get("ignore", [])):
            print(path, end="")
PY
}

# absent WHY: skipped, but not where everything has to be there.
absent() {
    [ -n "$in_ci" ] || skip_all "$1"
    echo "1..1"
    echo "not ok 1 - $1"
    exit 1
}

while read -r need; do
    bash -c "$need" >/dev/null 2>&1 </dev/null || absent "this does not work here: $need"
done < <(expect needs)

cp -r "$sample" project || exit 99
cd project || exit 99
sed -i "s|@BUILD@|$BUILD|g" tpsched.yaml
if [ -x prepare ]; then
    check "it is prepared" ./prepare
fi

# What is in the directory, without what may stay behind.
content() {
    find . -mindepth 1 | expect ignored | sort
}
content >../before

run list --format json
cp "$OUT" ../list.json
check "list" all 'expect_status 0' 'expect listed ../list.json'

as_expected() {
    expect_status "$(expect status sample)" && expect reported "$1/report.xml" sample
}

for size in 1 2; do
    run run --suite sample --size $size --report-dir ../whole-$size
    check "run whole, size $size" as_expected ../whole-$size
done

for parts in 2 3; do
    sed "s/parts: 1\$/parts: $parts/" tpsched.yaml >../parts.yaml
    cp ../parts.yaml parts-$parts.yaml
    run run -f parts-$parts.yaml --suite sample --size 2 --report-dir ../parts-$parts
    rm parts-$parts.yaml
    check "run in $parts parts" as_expected ../parts-$parts
done

wrong=0
while IFS= read -r -d '' id; do
    rm -rf ../alone
    run run --suite sample --testcase "$id" --report-dir ../alone
    [ "$STATUS" -le 1 ] && expect one ../alone/report.xml ../list.json "$id" >../one.log 2>&1 && continue
    wrong=$((wrong + 1))
    cat ../one.log "$ERR" | comment
done < <(expect alone $most_alone)
check "run each testcase alone" [ "$wrong" -eq 0 ]

for suite in $(expect suites); do
    [ "$suite" != sample ] || continue
    run run --suite "$suite" --size 1 --report-dir "../$suite"
    check "run $suite" all '[ "$STATUS" -eq 1 ] || [ "$STATUS" -eq 3 ]' "expect reported '../$suite/report.xml' '$suite'"
done

check "no environment in the reports" not grep -rq TPSCHED_CLI_PROBE ../whole-1 ../parts-2
check "no name was executed" [ ! -e x ]
check "nothing stays in the project" diff ../before <(content)
check "nothing left" wait_for 30 nothing_left
check "no temporary files" no_temporary_files
finish
