#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What `merge` makes of a report of any framework, others count as we do.
here=$(cd "$(dirname "$0")/.." && pwd)
. "$here/cli/lib.sh"
samples=$here/reports/samples

# as_wanted NAME: merged, it ends as its outcomes say, and is merged again into the same bytes.
as_wanted() {
    local bad
    cp "$OUT" "out/$1.json"
    bad=$(sed -n 's/^counts [0-9]* [0-9]* [0-9]* \([0-9]* [0-9]*\)$/\1/p' "$samples/$1.expected")
    if grep -q '^problem ' "$samples/$1.expected"; then
        expect_status 3
    elif [ "$bad" = "0 0" ]; then
        expect_status 0
    else
        expect_status 1
    fi || return
    xmllint --noout "out/$1.xml" || return
    grep -q '^problem ' "$samples/$1.expected" && return
    run merge "out/$1.xml" -o out/again # beside it: attachments are named from there
    cmp "out/$1.xml" out/again && rm out/again
}

mkdir out
n=1 # with all in one
for sample in "$samples"/*.xml; do
    name=$(basename "$sample" .xml)
    run merge "$sample" -o "out/$name.xml" --format json
    if grep -q '^elements 0$' "$samples/$name.expected"; then
        check "$name: nothing is no success" fails 2 "there is no testcase in what was given"
        continue
    fi
    check "$name: merged" as_wanted "$name"
    n=$((n + 1))
done
run merge "$samples"/*.xml -o out/all.xml --format json
cp "$OUT" out/all.json
python3 "$here/reports/consumers.py" out >"$OUT" 2>"$ERR"
ended
check "all consumers count alike" answers 0 "counted: $n reports by 4 consumers"
finish
