#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What each size of pool would give.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
export LC_ALL=C

curve_json() {
    expect_status 0 && json "$OUT" "$1"
}
narrow() {
    [ "$(LC_ALL=C.UTF-8 wc -L <"$OUT")" -le 80 ] || { LC_ALL=C.UTF-8 grep -E '.{81}' "$OUT"; return 1; }
}
ascii() {
    not grep -qP '[^\x00-\x7f]' "$OUT"
}

# Twelve testcases of ten seconds, each a part of its own: sizes divide them or don't.
python3 - <<'PY'
import json
json.dump({"s": {"execution_time": 0, "setup_time": 0, "testcases": {"t%02d" % i: 10 for i in range(12)}}},
          open("data.json", "w"))
PY
plan=(plan -d data.json -l 10 -t 40 --what-if)
run "${plan[@]}"
check "a table" all 'answers 0 "makespan"' 'out_has "* 3 workers: recommended, the fewest that meet the target of 40.0s"' \
    'out_has "= 12 workers: more do not help, 10.0s is the floor"' narrow ascii 'grep -q "######" "$OUT"' \
    'out_lacks cost' 'out_lacks elapsed' 'out_has chance'
cp "$OUT" first
run "${plan[@]}"
check "the same twice" cmp "$OUT" first
LC_ALL=C.UTF-8 run "${plan[@]}"
check "blocks where the locale has them" all narrow 'not ascii' 'out_lacks "###"'
LC_ALL=C run "${plan[@]}"
check "none where it hasn't" all narrow ascii
run "${plan[@]}" --format json
check "JSON" curve_json 'd["schema"] == "tpsched.curve/1" and d["recommended"] == 3 and d["saturation"] == 12
    and d["floor"] == 10 and d["plan_runtime_target"] == 40 and d["asked"] is None and d["slots"] is None
    and d["price_per_hour"] is None and d["max_size"] is None
    and [s["size"] for s in d["sizes"]] == [1, 2, 3, 4, 6, 8, 12]
    and [s["makespan"] for s in d["sizes"]] == [120, 60, 40, 30, 20, 20, 10]
    and all(s["elapsed"] == s["makespan"] and s["work"] == 120 and s["billed_time"] == 120 for s in d["sizes"])
    and all(s["machine_time"] == s["size"] * s["makespan"] for s in d["sizes"])
    and [s["idle"] for s in d["sizes"]] == [0, 0, 0, 0, 0, 0.25, 0]
    and all(s["cost"] is None and 0 < s["probability"] < 1 for s in d["sizes"])'
run "${plan[@]}" --format json --price 3.6 --billing-granularity 1m --startup 15
check "price, granularity and startup" curve_json '[s["elapsed"] for s in d["sizes"]] == [135, 75, 55, 45, 35, 35, 25]
    and [s["billed_time"] for s in d["sizes"]] == [180, 240, 180, 240, 360, 480, 720]
    and [s["cost"] for s in d["sizes"]] == [0.18, 0.24, 0.18, 0.24, 0.36, 0.48, 0.72]
    and d["startup"] == 15 and d["billing_granularity"] == 60 and d["price_per_hour"] == 3.6'
run "${plan[@]}" --format json --slots 4
check "slots and waves" curve_json '[s["elapsed"] for s in d["sizes"]] == [120, 60, 40, 30, 40, 30, 30] and d["slots"] == 4'
run "${plan[@]}" --price 0.48 --billing-granularity 60 --startup 30 --slots 2
check "all columns fit" all 'answers 0 "elapsed"' 'out_has "cost"' narrow \
    'out_has "recommended; 2m20s with startup and waves, target 40.0s"'
run "${plan[@]}" --price 0
check "free" answers 0 "0.0000"
run "${plan[@]}" --size 5 --format json
check "a size of one's own is a row" curve_json 'd["asked"] == 5 and 5 in [s["size"] for s in d["sizes"]] and d["recommended"] == 3'
run "${plan[@]}" --size 5
check "and has a mark" all 'answers 0 "> 5 workers: as asked"' 'grep -q "^>      5" "$OUT"'
run "${plan[@]}" --max-size 2
check "a cap" all 'answers 0 "misses the target of 40.0s"' 'out_has "is the floor of at most 2"' 'not grep -qE "^.  *3 " "$OUT"'

# One row is what plan --size says.
for size in 1 6 12; do
    run plan -d data.json -l 10 -t 40 --size $size --format json
    makespan=$(python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))["makespan"]["expected"])' "$OUT")
    run "${plan[@]}" --format json
    check "as plan --size $size" curve_json "[s['makespan'] for s in d['sizes'] if s['size'] == $size] == [$makespan]"
done

# The picture.
run "${plan[@]}" -o curve.svg
check "the table, too" all 'expect_status 0' 'cmp "$OUT" first'
well_formed() {
    python3 -c 'import sys, xml.etree.ElementTree as t; r = t.parse(sys.argv[1]).getroot(); sys.exit(not r.tag.endswith("svg"))' "$1"
}
check "a picture that is XML" all 'well_formed curve.svg' 'grep -q prefers-color-scheme curve.svg' \
    'grep -q "recommended: 3 workers" curve.svg' 'not grep -qE "href|url\(|<script" curve.svg'
cp curve.svg one.svg
run "${plan[@]}" -o curve.svg
check "the same picture twice" cmp curve.svg one.svg
printf 'name: "</svg> & \\e[31m\\n"\nsuites: [{name: a, command: "true"}]\n' >tpsched.yaml
run plan --what-if -o odd.svg
check "an odd name" all 'expect_status 0' 'well_formed odd.svg' 'not grep -q $'"'\\e'"' odd.svg "$OUT"'
rm tpsched.yaml

# What is wrong.
while IFS='|' read -r name text arguments; do
    # shellcheck disable=SC2086 # several arguments
    run plan -d data.json $arguments
    check "$name" fails 2 "$text"
done <<'CASES'
a price that is none|--price: 'cheap' is not|--what-if --price cheap
a price below zero|--price: '-1' is not|--what-if --price=-1
a price with an exponent|is not a price|--what-if --price 1e3
a price with seven digits|is not a price|--what-if --price 0.1234567
a price without digits|is not a price|--what-if --price .
a price that ends early|is not a price|--what-if --price 3.
a price beyond all|is not a price|--what-if --price 1000000.000001
a price with two points|is not a price|--what-if --price 1.2.3
an empty price|is not a price|--what-if --price=
a price with a sign behind the point|is not a price|--what-if --price 1.+2
granularity zero|--billing-granularity: it must be longer|--what-if --billing-granularity 0
granularity of what|--billing-granularity: 'x'|--what-if --billing-granularity x
startup of what|--startup: 'soon'|--what-if --startup soon
startup of eleven years|longer than ten years|--what-if --startup 4015d
no slots|--slots: '0' is not a number|--what-if --slots 0
slots without end|--slots|--what-if --slots 65537
a price without the question|--price is an option of --what-if|--price 1
granularity without the question|--billing-granularity is an option|--billing-granularity 1
startup without the question|--startup is an option|--startup 1
slots without the question|--slots is an option|--slots 1
a plan for a picture|name it .svg|--what-if -o plan.json
two questions|two questions|--what-if --diff a b
CASES
check "nothing was written" not test -e plan.json
run plan --what-if -d data.json -o nowhere/curve.svg
check "no place for the picture" all 'expect_status 4' '[ ! -s "$OUT" ]'
run plan --what-if -d nowhere.json
check "no data" fails 2 "nowhere.json"
finish
