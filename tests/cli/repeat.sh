#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Tasks again and again, and in any order.
. "$(dirname "$0")/lib.sh"

cat >tpsched.yaml <<'YAML'
suites:
  - {name: a, command: [sh, -c, "echo a >>ran"], weight: 9}
  - {name: b, command: [sh, -c, "echo b >>ran"], weight: 8}
  - {name: c, command: [sh, -c, 'echo c >>ran; test "$(grep -c c ran)" -ne 3'], weight: 7}
  - {name: d, command: [sh, -c, "echo d >>ran"], weight: 6}
YAML
ran() {
    [ "$(tr -d '\n' <ran)" = "$1" ] || { tr -d '\n' <ran; return 1; }
}

run run --size 1 --repeat 4 -r four
check "--repeat 4: what ever failed has failed" all 'expect_status 1' 'ran abcdabcdabcdabcd' \
    'out_has "4 testcases, 3 passed, 1 failed"' 'out_has "accounted for exactly once"'
check "the executed plan has each once" json four/executed.json 'len(d["tasks"]) == 4'
rm ran
run run --size 1 --repeat 2 -r two
check "--repeat 2" all 'expect_status 0' 'ran abcdabcd' 'out_has "4 passed"'
rm ran
run run --size 1 --until-failure -r until
check "--until-failure" all 'expect_status 1' 'ran abcdabcdabc' 'out_has "3 passed, 1 failed"' \
    'err_has "enough has failed"' 'out_lacks "not run"'
rm ran
run run --size 1 --until-failure --repeat 2 -r until
check "no failure until then" all 'expect_status 0' 'ran abcdabcd'
rm ran
run run --size 1 --repeat 4 --fail-fast -r fast
check "repetitions fail fast, too" all 'expect_status 1' 'out_has "1 failed"'
for bad in "--repeat 0" "--repeat x" "--repeat 2 --rerun 1" "--until-failure --rerun 1"; do
    # shellcheck disable=SC2086
    run run $bad
    check "$bad" fails 2 --re
done

# Shuffled.
rm ran
run run --size 1 --shuffle=1 -r shuffled
cp ran first
check "--shuffle=1" all 'expect_status 0' 'err_has "--shuffle=1"' '[ "$(sort ran | tr -d "\n")" = abcd ]' \
    'not ran abcd'
rm ran
run run --size 1 --shuffle=1 -r shuffled
check "the same seed, the same order" cmp ran first
for seed in 2 3 4 5 6; do
    rm ran
    run run --size 1 --shuffle $seed -r shuffled
    tr -d '\n' <ran && echo
done >orders
check "other seeds, other orders" [ "$(sort -u orders | wc -l)" -ge 3 ]
rm ran
run run --size 1 --shuffle -r shuffled
cp ran first
seed=$(sed -n 's/^shuffled; .*--shuffle=//p' "$ERR")
rm ran
run run --size 1 --shuffle="$seed" -r shuffled
check "the seed that was printed" all '[ -n "$seed" ]' 'cmp ran first'
run run --shuffle=x
check "--shuffle=x" fails 2 --shuffle
check "no temporary files" no_temporary_files
finish
