#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What starts first: the heaviest, or what failed last time.
. "$(dirname "$0")/lib.sh"

cat >tpsched.yaml <<'YAML'
suites:
  - {name: a, command: [sh, -c, "echo a >>ran"], weight: 9}
  - {name: b, command: [sh, -c, "echo b >>ran"], weight: 7}
  - {name: c, command: [sh, -c, "echo c >>ran; exit 1"], weight: 5}
  - {name: d, command: [sh, -c, "echo d >>ran"], weight: 3}
YAML
ran() {
    [ "$(tr -d '\n' <ran)" = "$1" ] || { tr -d '\n' <ran; return 1; }
}

run run --size 1 --order failed-first
check "nothing is known: heaviest first" all 'expect_status 1' 'ran abcd'
rm ran
run run --size 1 --order failed-first
check "what failed last time is first" all 'expect_status 1' 'ran cabd'
rm ran
run run --size 1 --order weight
check "--order weight" ran abcd
rm ran
run run --size 1 --order failed-first --fail-fast
check "with --fail-fast it is known at once" all 'expect_status 1' 'ran c'
rm ran
run run --size 1 --order failed-first
check "and still the next time" all 'expect_status 1' 'ran cabd'

# New: nothing was measured of it.
printf '  - {name: new, command: [sh, -c, "echo new >>ran"]}\n' >>tpsched.yaml
sed -i 's/exit 1/exit 0/' tpsched.yaml
run run --size 1 -r green
rm ran
run run --size 1 --order failed-first -r green
check "new tasks are first" all 'expect_status 0' 'ran newabcd'
for bad in "--order random" "--order weight --shuffle"; do
    # shellcheck disable=SC2086
    run run $bad
    check "$bad" fails 2 --order
done
finish
