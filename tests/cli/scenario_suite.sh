#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Scenarios as a suite: planned, in parts, in parallel, and the same failures in the same order.
. "$(dirname "$0")/lib.sh"

# Each needs the sandbox for itself. Names are odd, and not in the order of their bytes; one in seven
# scenarios fails, in four ways.
make_scenarios() {
    python3 - <<'PY'
import json, pathlib
odd = ["", " $(touch x)", " 'quoted\"", " [a*]", "\nline", " \u00fc", " a/b", "#2"]
failing = ["echo why; exit 3", "kill -TERM $$", "touch g", "echo out of order"]
for file in range(20):
    scenarios = []
    for number in range(file * 10, file * 10 + 10):
        fails = number % 7 == 3
        scenarios.append({"name": f"{number * 37 % 200} is one{odd[number % 8]}", "steps": [
            {"run": f"[ ! -e f ] && echo {number} >f"},
            {"name": "breaks" if fails else "works",
             "run": failing[number // 7 % 4] if fails else "sleep 0.005",
             "expect": {"output_not_contains": "order", "files_not_exist": "g",
                        "file_contains": {"f": str(number)}}}]})
    path = pathlib.Path(f"s/{'abcd'[file % 4]}/{file:02}.scenario.yaml")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join("- " + json.dumps(s) for s in scenarios), encoding="utf-8")
PY
}
make_scenarios
cat >tpsched.yaml <<'YAML'
suites:
  - {name: shop, framework: scenario, path: s, parts: 8, keep_order: true}
YAML
# What failed, where and why, in the order in which it is told: on the screen, and in the report.
told() {
    grep -E '^s/[a-d]/[0-9]+\.scenario\.yaml:[0-9]+: step ' "$1"
}
reported_failures() {
    python3 - "$1" <<'PY'
import sys, xml.etree.ElementTree as tree
for failure in tree.parse(sys.argv[1]).iter("failure"):
    print(failure.get("message"))
PY
}

ids() {
    python3 -c 'import json, sys
for line in open(sys.argv[1], encoding="utf-8"): print(ascii(json.loads(line)["id"]))' "$1"
}
listed() {
    python3 -c 'import json, sys
for case in json.load(open(sys.argv[1], encoding="utf-8"))["suites"][0]["testcases"]: print(ascii(case["id"]))' "$1"
}

run scenario s
cp "$OUT" serial
check "one after the other: 29 fail" all 'expect_status 1' 'out_has "200 scenarios: 171 passed, 29 failed"' \
    '[ "$(told serial | wc -l)" -eq 29 ]'
run scenario --list --listing listing s
run list --format json
check "tpsched list: in the same order" all 'expect_status 0' 'diff <(ids listing) <(listed "$OUT")'
for size in 1 4; do
    run run --size $size --output-order plan --output failed -r report.$size
    cp "$ERR" parallel.$size
    check "size $size: as many failures" all 'expect_status 1' 'out_has "200 testcases, 171 passed, 29 failed"' \
        nothing_left no_temporary_files '[ ! -e x ]'
    check "size $size: the same, in the same order" diff <(told serial) <(told parallel.$size)
    check "size $size: also in the report" diff <(told serial) <(reported_failures report.$size/report.xml)
done
check "the same results at every size" same_results report.1/report.xml report.4/report.xml
finish
