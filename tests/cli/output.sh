#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What a run shows: parts that are never mixed, and a live line on a terminal.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# Three suites that print at the same time, and take turns in doing so.
{
    echo 'suites:'
    for name in a b c; do
        echo "  - {name: $name, weight: 2s, command: [sh, -c,"
        echo "     'for i in 1 2 3 4 5 6 7 8 9 10; do echo $name line \$i; sleep 0.05; done']}"
    done
} >tpsched.yaml
run run --size 3
check "all passed" answers 0 PASSED
# The letters in the order of the lines: one block for each suite.
blocks() {
    grep -E '^[abc] line' "$ERR" | cut -c 1 | uniq | wc -l
}
check "each part's output is in one piece" [ "$(blocks)" -eq 3 ]
check "and all of it" [ "$(grep -cE '^[abc] line' "$ERR")" -eq 30 ]
check "no control sequences where nobody looks" not grep -q $'\033' "$OUT" "$ERR"
run run --size 3 --output none
check "or none of it" not grep -qE '^[abc] line' "$ERR"

# The same on a terminal, which a pseudo terminal is.
on_terminal() {
    TERM=xterm "$@" python3 - "$TPSCHED" >"$OUT" <<'PY'
import os, pty, sys

status = pty.spawn([sys.argv[1], "run", "--size", "1", "--output", "none"], lambda fd: os.read(fd, 4096),
                   lambda fd: b"")
sys.exit(os.waitstatus_to_exitcode(status))
PY
    # shellcheck disable=SC2034 # `check` tells it
    STATUS=$?
}
on_terminal env
check "a live line is drawn over and over" [ "$(grep -ao $'\r\033\[K\[0/3\]' "$OUT" | wc -l)" -gt 1 ]
check "with the time left by the plan: three times two seconds" grep -aqE '\[0/3\] [0-9]+ms, [56]\.[0-9]s left' "$OUT"
check "and what is running" grep -aqE 'left, [abc] [0-9.]+m?s of 2\.0s' "$OUT"
check "colour on a terminal" grep -aq $'\033\[32m' "$OUT"
on_terminal env NO_COLOR=1
check "but not with NO_COLOR" not grep -aq $'\033\[32m' "$OUT"
on_terminal env CI=true
check "and plain lines in CI" not grep -aq $'\033\[K' "$OUT"
check "nothing left" wait_for 30 nothing_left
finish
