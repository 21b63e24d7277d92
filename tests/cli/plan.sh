#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runtime data in, plan out.
. "$(dirname "$0")/lib.sh"

# plan_json EXPRESSION: the plan on stdout fits.
plan_json() {
    expect_status 0 && json "$OUT" "$1"
}

# Testplan's own file.
cat >testplan.json <<'JSON'
{ "MTest": { "execution_time": 199.99, "setup_time": 39.99, "teardown_time": 0, "testcase_count": 10 } }
JSON
run plan --runtime-data testplan.json
check "Testplan's data: the table" all 'answers 0 "MTest"' 'out_has "10 testcases measured, 0 guessed"' \
    'out_has "floor 4m00s"' 'out_has "target 30m00s"' 'out_has "1 worker,"' \
    'out_has "it meets its target with a probability of"' 'out_lacks "need 1 worker"' \
    'err_has "testplan.json: Testplan runtime data"'
run plan --runtime-data testplan.json --format json
check "Testplan's data: one task" plan_json 'd["schema"] == "tpsched.plan/1" and len(d["id"]) == 64
    and d["plan_runtime_target"] == 1800 and d["auto_part_runtime_limit"] == 1800
    and d["pool"]["size"] == 1 and d["pool"]["size_lower_bound"] == 1 and len(d["tasks"]) == 1
    and d["tasks"][0]["part"] is None and d["tasks"][0]["weight"] == 239.98
    and d["tasks"][0]["setup_time"] == 39.99 and d["tasks"][0]["worker"] == 0 and d["tasks"][0]["start"] == 0
    and "testcases" not in d["tasks"][0] and d["makespan"]["expected"] == 239.98
    and d["evidence"]["measured"] == 10 and d["evidence"]["guessed"] == 0
    and d["evidence"]["sources"] == ["testplan.json: Testplan runtime data, 1 suites, 0 testcases"]'
run plan -d testplan.json --plan-runtime-target 100 --format json
check "a target splits it" plan_json 'd["pool"]["size"] == 4 == len(d["tasks"])
    and sorted(t["part"] for t in d["tasks"]) == [[m, 4] for m in range(4)]
    and all(t["weight"] <= 100 and abs(t["weight"] - t["setup_time"] - t["execution_time"]) < 1e-6 for t in d["tasks"])
    and abs(sum(t["execution_time"] for t in d["tasks"]) - 199.99) < 1e-6
    and d["makespan"]["expected"] <= 100 and d["makespan"]["lower_bound"] <= d["makespan"]["expected"]'
run plan -d testplan.json --auto-part-runtime-limit 100s --format json
check "a part runtime limit splits it" plan_json 'd["auto_part_runtime_limit"] == 100
    and d["plan_runtime_target"] == 1800 and len(d["tasks"]) == 4 and d["pool"]["size"] == 1'

# Its extension: testcases by name, as numbers or with mean and count; what is unknown is kept out.
cat >extended.json <<'JSON'
{ "api": { "execution_time": 90, "setup_time": 5, "teardown_time": 1, "unknown": [1],
           "testcases": {"S:a": 10, "S:b": {"mean": 20, "count": 3, "stddev": 1}, "S:c": 60} },
  "web": { "execution_time": 30, "setup_time": 0 } }
JSON
run plan -d extended.json -t 70 --format json
check "the extension: testcases by name" plan_json '[sorted(sum((t.get("testcases", []) for t in d["tasks"] if t["suite"] == "api"), []))] == [["S:a", "S:b", "S:c"]]
    and {t["weight"] for t in d["tasks"] if t["suite"] == "api"} == {66, 36}'

# What other tools keep.
echo '{"tests/test_a.py::test_x": 1.5, "tests/test_a.py::test_y": 2, "b.py::z[1]": 3}' >test_durations
echo '[["tests/test_a.py::test_x", 1.5], ["tests/test_a.py::test_y", 2], ["b.py::z[1]", 3]]' >older_durations
echo '{"spec/a_spec.rb": 1.5, "spec/b_spec.rb": 3}' >knapsack.json
run plan -d test_durations --format json
check "pytest-split's durations" plan_json 'd["makespan"]["expected"] == 6.5 and d["evidence"]["measured"] == 3
    and "pytest-split" in d["evidence"]["sources"][0] and "b.py::z[1]" in d["tasks"][0]["testcases"]'
cp "$OUT" split.json
run plan -d older_durations --format json
check "pytest-split's older durations" plan_json 'd["makespan"]["expected"] == 6.5 and d["evidence"]["measured"] == 3'
run plan -d knapsack.json --format json
check "knapsack's report" plan_json 'd["makespan"]["expected"] == 4.5 and "knapsack" in d["evidence"]["sources"][0]'
run plan -d testplan.json -d knapsack.json --format json
check "two files, two suites" plan_json '{t["suite"] for t in d["tasks"]} == {"MTest", "knapsack"}'
cp "$OUT" two.json
run plan -d knapsack.json -d testplan.json --format json
check "two files in another order" cmp "$OUT" two.json
run plan -d testplan.json -d testplan.json --format json
check "the same file twice is averaged, not added" plan_json 'd["makespan"]["expected"] == 239.98'

# A real pool: as the target says, or as told.
python3 - <<'PY'
import json, random
rng = random.Random(1)
suites = {"suite %02d" % n: {"execution_time": round(rng.expovariate(1 / 300), 2), "setup_time": rng.randrange(20),
                             "teardown_time": rng.randrange(3), "testcase_count": rng.randrange(1, 200)}
          for n in range(40)}
with open("pool.json", "w") as file:
    json.dump(suites, file)
names = list(suites)
for n in range(5):
    rng.shuffle(names)
    with open("shuffled.%d" % n, "w") as file:
        json.dump({name: dict(rng.sample(list(suites[name].items()), 4)) for name in names}, file, indent=n)
PY
run plan -d pool.json --format json -o plan.json
cp "$OUT" first.json
check "-o and stdout are the same bytes" cmp first.json plan.json
check "the pool meets the target and could not be smaller" plan_json 'd["makespan"]["expected"] <= 1800
    and d["pool"]["size"] >= d["pool"]["size_lower_bound"] > 1
    and d["makespan"]["lower_bound"] <= d["makespan"]["expected"]
    and abs(max(t["start"] + t["weight"] for t in d["tasks"]) - d["makespan"]["expected"]) < 1e-6
    and {t["worker"] for t in d["tasks"]} == set(range(d["pool"]["size"]))'
check "no worker does two things at once" plan_json 'all(a["start"] + a["weight"] <= b["start"] + 1e-9
    for w in range(d["pool"]["size"])
    for ts in [sorted((t for t in d["tasks"] if t["worker"] == w), key=lambda t: t["start"])] for a, b in zip(ts, ts[1:]))'
check "heavier is started sooner" plan_json '(lambda ts: all(a["weight"] >= b["weight"] for a, b in zip(ts, ts[1:])))(
    sorted(d["tasks"], key=lambda t: (t["start"], -t["weight"])))'
for size in 1 2 5 100; do
    run plan -d pool.json --size $size --format json
    check "--size $size" plan_json "d['pool']['size'] == $size"
    cp "$OUT" sized.json
    run plan -d pool.json --shards $size --format json
    check "--shards $size is the same" cmp "$OUT" sized.json
done
run plan -d pool.json --size 1
check "a pool that is too small is told" answers 0 "miss"
run plan -d pool.json --max-size 2 --format json
check "--max-size" plan_json 'd["pool"]["size"] == 2'
run plan -d pool.json --size auto --format json
check "--size auto" cmp "$OUT" first.json
run plan -d pool.json --shards auto --startup 0 --format json
check "--shards auto, nodes that are there at once" cmp "$OUT" first.json
run plan -d pool.json -t auto --format json
check "target auto" plan_json 'd["plan_runtime_target"] < 1800 and d["makespan"]["expected"] <= d["plan_runtime_target"]'
run plan -d pool.json -l auto --format json
check "limit auto" expect_status 0
run plan -d pool.json -t 30m -l 1800 --format json
check "times in words and in seconds" cmp "$OUT" first.json

# The same input, the same bytes: whatever the order, the place, the language and the hour.
# The name of a file is evidence, so it stays the same.
foreign=C
! locale -a 2>/dev/null | grep -qx 'de_DE.utf8' || foreign=de_DE.UTF-8
for n in 0 1 2 3 4; do
    mkdir -p place.$n
    cp shuffled.$n place.$n/pool.json
    (
        cd place.$n || exit
        LC_ALL=$foreign TZ=Asia/Tokyo LANG=de_DE.UTF-8 "$TPSCHED" plan -d pool.json -o plan.json >/dev/null 2>&1
    )
    check "shuffled $n, in another place, at another hour" cmp place.$n/plan.json plan.json
done
# Members of a plan file are in its order, and that is no matter either.
ordered() {
    printf 'name: order\nsuites:\n'
    printf '  - {name: %s, command: ["true"]}\n' "$@"
}
ordered a b c >tpsched.yaml && run plan --format json && cp "$OUT" abc.json
ordered c a b >tpsched.yaml && run plan --format json
check "suites in another order" cmp "$OUT" abc.json
rm tpsched.yaml

# What the table says.
run plan -d testplan.json -t 10
check "the target is raised, and that is said" all 'expect_status 0' 'out_has "raised to"' \
    'out_has "the target of 10.0s is raised"'
check "setup over the limit is said" all 'out_has "setup and teardown alone take 40.0s"' 'out_has "not split"'
run plan -d testplan.json -t 10 --format json
check "and it is whole, whatever the target is raised to" plan_json 'len(d["tasks"]) == 1 and d["plan_runtime_target"] == d["tasks"][0]["weight"]'
run plan -d extended.json -t 5 --format json
check "below the longest task" plan_json 'd["plan_runtime_target"] >= max(t["weight"] for t in d["tasks"])
    and any("raised" in n for n in d["notes"])'

# With a plan file.
cat >tpsched.yaml <<'YAML'
name: shop
plan_runtime_target: 1m
auto_part_runtime_limit: 50
pool: {type: local, size: 2}
suites:
  - {name: known, command: ["true"]}
  - {name: heavy, command: ["true"], weight: 77}
  - {name: new, command: ["true"]}
YAML
echo '{"known": {"execution_time": 12, "setup_time": 3}, "heavy": {"execution_time": 1, "setup_time": 0}}' >shop.json
run plan -d shop.json
check "guessed suites are named" all 'answers 0 "new"' 'grep -E "^new .*guessed" "$OUT"' \
    'grep -E "^known .*measured" "$OUT"' 'out_has "new: no runtime data fits it"'
run plan -d shop.json --format json
check "weight overrides history" plan_json 'd["name"] == "shop" and d["pool"]["size"] == 2
    and [t["weight"] for t in d["tasks"] if t["suite"] == "heavy"] == [77]
    and [t["weight"] for t in d["tasks"] if t["suite"] == "known"] == [15] and d["tasks"][0]["suite"] == "new"
    and d["plan_runtime_target"] == 77 and d["evidence"]["guessed"] == 1'
run plan -d shop.json --size 3 -t 5m --format json
check "the command line overrides the plan file" plan_json 'd["pool"]["size"] == 3 and d["plan_runtime_target"] == 300'
echo '{"nothing": {"execution_time": 1, "setup_time": 0}}' >unmatched.json
run plan -d unmatched.json
check "data that fits nothing: everything is guessed" answers 0 "0 testcases measured, 2 guessed"
mkdir below && cd below || exit
run plan -f ../tpsched.yaml -d ../shop.json --format json
check "from elsewhere" plan_json 'd["name"] == "shop"'
cd ..
rm tpsched.yaml

# Large: 10,000 testcases with names of 300 bytes.
python3 - <<'PY'
import json
names = {("t%05d" % n).ljust(300, "x"): 0.5 + n % 7 for n in range(10000)}
with open("large.json", "w") as file:
    json.dump({"large": {"execution_time": sum(names.values()), "setup_time": 2, "testcases": names}}, file)
PY
run plan -d large.json --format json -o large-plan.json
check "10,000 long names: each exactly once" plan_json 'len({c for t in d["tasks"] for c in t["testcases"]}) == 10000
    == sum(len(t["testcases"]) for t in d["tasks"]) and d["makespan"]["expected"] <= 1800'
check "10,000 long names: -o and stdout" cmp "$OUT" large-plan.json
check "10,000 long names: the pool is close to the floor" plan_json 'd["pool"]["size"] - d["pool"]["size_lower_bound"] <= 1'

# A pattern that matches nothing is a slip of the hand.
printf 'suites:\n  - {name: one, command: ["true"], group: none, pin: [{match: nobody, part: 0}]}\n' >tpsched.yaml
run plan
check "patterns that match nothing" all 'expect_status 0' "out_has \"no testcase matches 'none' of 'group'\"" \
    "out_has \"no testcase matches 'nobody' of 'pin'\""
rm tpsched.yaml

# Data of another root directory says nothing, and that is said; what moved is listed.
mkdir -p moved && printf '{"src/a.py::test_x": 5, "src/a.py::test_y": 6}' >moved.json
printf 'suites:\n  - {name: a.py, command: ["true"]}\n' >tpsched.yaml
run plan -d moved.json
check "data that fits nothing is warned of" all 'expect_status 0' \
    "err_has \"tpsched: warning: nothing in moved.json fits this plan: it has 'src/a.py::test_x', the plan has 'a.py'\"" \
    'out_has "warning: nothing in moved.json fits this plan"'
rm tpsched.yaml
run plan -d large.json --size 4 -o sticky-old.json
run plan -d large.json --size 4 --sticky sticky-old.json
check "kept to a plan: nothing moved" all 'answers 0 "the parts of the previous plan are kept"' 'out_has " 0 moved"'
run plan -d large.json --sticky-gain 5%
check "a gain for nothing" fails 2 "--sticky-gain needs --sticky"
run plan -d large.json --sticky large.json
check "not a plan" fails 2 "large.json"
check "no temporary files" no_temporary_files
finish
