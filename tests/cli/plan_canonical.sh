#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The same input gives the same bytes: whatever the locale, the directory, the time zone, the order
# of the files and of what is in them.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# Names that a locale would sort otherwise than by bytes, in three files.
mkdir -p data shuffled
python3 - <<'PY'
import json, random
draw = random.Random(11)
names = ["api", "API", "\u00e4pi", "z-1", "z_1", "b c"]
for n in range(3):
    data = {}
    for s in names[n * 2:n * 2 + 2] + ["common"]:
        data[s] = {"execution_time": 0, "setup_time": draw.randint(0, 9), "testcases": {
            "%s.py::%s" % (f, t): {"last": {"202611%02dT101500-3f2a9c%02d" % (d, d): draw.randint(1, 900) / 100
                                            for d in range(n + 1, n + 4)}}
            for f in "aB\u00f6_" for t in ["x", "X", "x1", "x_", "\u00fc"]}}
    for d in ["data", "shuffled"]:
        if d == "shuffled":
            data = {s: {k: dict(draw.sample(list(v.items()), len(v))) if k == "testcases" else v
                        for k, v in draw.sample(list(e.items()), len(e))}
                    for s, e in draw.sample(list(data.items()), len(data))}
        json.dump(data, open("%s/%d.json" % (d, n), "w"), ensure_ascii=d == "data", indent=n)
PY
options=(-t 90s -l 60s --confidence 0.8 --format json)
export LC_ALL=C TZ=UTC
run plan -d data/0.json -d data/1.json -d data/2.json "${options[@]}"
check "a plan" all 'expect_status 0' 'json "$OUT" "len(d[\"tasks\"]) > 7"'
cp "$OUT" first.json

for order in "0 2 1" "1 0 2" "1 2 0" "2 0 1" "2 1 0"; do
    files=()
    for n in $order; do files+=(-d "shuffled/$n.json"); done
    run plan "${files[@]}" "${options[@]}"
    check "files in the order $order, shuffled inside" all 'expect_status 0' 'cmp "$OUT" first.json'
done
run plan -d data/1.json -d data/0.json -d shuffled/1.json -d data/2.json -d data/1.json "${options[@]}"
check "files given twice are only named twice" all 'expect_status 0' \
    'json "$OUT" "d[\"tasks\"] == __import__(\"json\").load(open(\"first.json\", encoding=\"utf-8\"))[\"tasks\"]"'
for locale in C.UTF-8 POSIX en_US.UTF-8 de_DE.UTF-8 tr_TR.UTF-8 nonsense; do
    { LC_ALL=$locale run plan -d data/0.json -d data/1.json -d data/2.json "${options[@]}"; } 2>/dev/null
    check "LC_ALL=$locale" all 'expect_status 0' 'cmp "$OUT" first.json'
done
TZ=Asia/Tokyo run plan -d data/0.json -d data/1.json -d data/2.json "${options[@]}"
check "another time zone" cmp "$OUT" first.json

# From other directories: the files keep their names, and only these are in the plan.
mkdir -p elsewhere/deeper
for directory in data elsewhere elsewhere/deeper /; do
    cd "$directory" || exit 99
    run plan -d "$TMP/data/0.json" -d "$TMP/data/1.json" -d "$TMP/data/2.json" "${options[@]}"
    cd "$TMP" || exit 99
    check "from $directory" all 'expect_status 0' 'cmp "$OUT" first.json'
done

# With a plan file: suites in another order, and read from elsewhere.
for order in "1 2 3 4" "4 2 1 3" "3 4 2 1"; do
    mkdir -p "file.$order"
    {
        echo 'suites:'
        for n in $order; do
            printf '  - {name: "s %s", command: ["true", "%s"], weight: %s}\n' "$n" "$n" "$((n % 3 + 1))"
        done
    } >"file.$order/tpsched.yaml"
    run plan -f "file.$order/tpsched.yaml" -t 3 --format json
    cp "$OUT" "file.$order/plan.json"
    check "suites in the order $order" cmp "$OUT" "file.1 2 3 4/plan.json"
    cd "file.$order" || exit 99
    run plan -t 3 --format json
    cd "$TMP" || exit 99
    check "in its directory" all 'expect_status 0' 'cmp "$OUT" "file.1 2 3 4/plan.json"'
done
run plan -d data/0.json -d data/1.json -d data/2.json "${options[@]}" -o written.json
check "what is written is what is printed" all 'cmp written.json first.json'
finish
