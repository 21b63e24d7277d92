#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# --confidence, --cores, --memory and --unit: what they take, and what they do.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
export LC_ALL=C

# Two files of three testcases, 60 s each; tasks compute all the time and take 1 GiB.
python3 - <<'PY'
import json
cases = {"%s.py::%s::t%d" % (f, c, i): 60 for f, c, i in
         [("a", "C", 0), ("a", "C", 1), ("a", "D", 2), ("b", "C", 3), ("b", "C", 4), ("b", "C", 5)]}
runs = {"202611%02dT101500-3f2a9c%02d" % (day, day): {"execution_time": 360, "setup_time": 0, "testcase_count": 6,
        "wall_time": 360 + late, "planned_time": 360, "cpu_time": 360 + late, "peak_memory": 1 << 30}
        for day, late in enumerate([0, 90, 36, 18, 0, 72, 36, 0, 54, 27], start=1)}
json.dump({"s": {"execution_time": 360, "setup_time": 0, "runs": runs,
                 "testcases": {k: {"last": {r: v for r in list(runs)[-5:]}} for k, v in cases.items()}}},
          open("data.json", "w"))
PY
plan=(plan -d data.json -t 2m --format json)

run "${plan[@]}"
check "none of them" json "$OUT" 'd["pool"]["size"] == 3 and d["pool"]["size_by"] == "target"
    and d["makespan"]["confidence"] is None'
cp "$OUT" plain.json

# What they refuse.
refuse() {
    local option=$1 text=$2 value
    shift 2
    for value; do
        run "${plan[@]}" "$option=$value"
        check "$option $value" fails 2 "$option: '$value' is not $text"
    done
}
refuse --confidence "a probability between 0 and 1, as 0.9 or 90%" 0 1 0% 100% 1.5 -0.5 90 101% '90 %' \
    '90%%' nan inf '' x 0.9x '0,9' 0.0000001 0.9999999
refuse --cores "a number of processors, or 'any'" 0 -1 x 2x '' nan inf 1e9 '2 ' auto
refuse --memory "a size, as 512M or 16G, or 'any'" 0 -1 x M 5X 5MB 5MM '' nan inf 1e30 '5 M' auto
refuse --unit "testcase, class or file" '' x Class files

# What they take.
take() {
    local option=$1 condition=$2 value
    shift 2
    for value; do
        run "${plan[@]}" "$option=$value"
        check "$option $value" all 'expect_status 0' "json \"\$OUT\" '$condition'"
    done
}
take --confidence 'd["makespan"]["confidence"] == 0.9 and d["makespan"]["within_target"] >= 0.9
    and d["pool"]["size"] > 3' 0.9 90% .9 9e-1 90.0%
take --confidence 'd["makespan"]["confidence"] == 1e-06' 0.000001 0.0001%
take --confidence 'd["makespan"]["confidence"] == 0.999999 and d["makespan"]["within_target"] < 0.999999
    and any("is met with a probability of" in n for n in d["notes"])' 0.999999
take --cores 'd["pool"]["size"] == 2 and d["pool"]["size_by"] == "cpu"
    and any(n == "2 workers, not more: they would share processors" for n in d["notes"])' 2 2.0 2e0 1.7
take --cores 'd["pool"]["size"] == 1 and d["pool"]["size_by"] == "cpu"' 1 0.5 0.001
take --cores 'd["pool"]["size"] == 3 and d["pool"]["size_by"] == "target"' any 3 64 65536
take --memory 'd["pool"]["size"] == 2 and d["pool"]["size_by"] == "memory"
    and any(n == "2 workers, not more: they might not fit into memory" for n in d["notes"])' 2G 2g 2048M \
    2097152K 2147483648 2.5G
take --memory 'd["pool"]["size"] == 1 and d["pool"]["size_by"] == "memory"' 1 1M
take --memory 'd["pool"]["size"] == 3' any 3G 1T
run "${plan[@]}" --memory any --cores any --unit testcase
check "no limit and the usual unit change nothing" cmp "$OUT" plain.json
run "${plan[@]}" --size 5 --cores 1 --memory 1M
check "who names a size gets it" json "$OUT" 'd["pool"]["size"] == 5 and d["pool"]["size_by"] == "given"'
run "${plan[@]}" --max-size 2 --cores 8
check "the cap binds" json "$OUT" 'd["pool"]["size"] == 2 and d["pool"]["size_by"] == "max_size"'

together() {
    expect_status 0 && python3 - "$OUT" "$1" <<'PY'
import json, sys
n = int(sys.argv[2])
home = {}
for task in json.load(open(sys.argv[1]))["tasks"]:
    for case in task["testcases"]:
        key = "::".join(case.split("::")[:n])
        if home.setdefault(key, task["part"]) != task["part"]:
            sys.exit(key + " is in two parts")
if len(set(map(str, home.values()))) < 2:
    sys.exit("all is in one part")
PY
}
run "${plan[@]}" --unit file
check "--unit file" together 1
run "${plan[@]}" --unit class -l 2m
check "--unit class" together 2
check "a class is less than a file" not together 1
run "${plan[@]}" --unit testcase
check "--unit testcase" together 3

# What a comparison of two plans has no use for.
for option in --confidence=0.9 --cores=2 --memory=1G --unit=file; do
    run plan --diff plain.json plain.json "$option"
    check "--diff ${option%=*}" fails 2 "--diff compares two plans and makes none; name only them"
done
finish
