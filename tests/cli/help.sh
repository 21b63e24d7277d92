#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What the program says of itself.
. "$(dirname "$0")/lib.sh"

helps() {
    expect_status 0 && [ -s "$OUT" ] && [ ! -s "$ERR" ] && out_has "$1" && narrow "$OUT"
}
narrow() {
    [ "$(LC_ALL=C.UTF-8 wc -L <"$1")" -le 80 ] || { LC_ALL=C.UTF-8 grep -E '.{81}' "$1"; return 1; }
}
plain() {
    not grep -q $'\e' "$OUT" "$ERR"
}

for option in --help -h help; do
    run $option
    check "tpsched $option" all 'helps "usage: tpsched COMMAND"' plain
done
for command in init list plan run replay merge report explain scenario; do
    check "the help has '$command'" grep -q "^  $command " "$OUT"
done
check "the help has the exit status" out_has "130 interrupted"
for command in init list plan run replay merge report explain scenario; do
    for option in --help -h; do
        run $command $option
        check "tpsched $command $option" all "helps 'tpsched $command'" plain
    done
    check "tpsched $command --help is ASCII" not grep -qP '[^\x00-\x7f]' "$OUT"
    cp "$OUT" help
    LC_ALL=C.UTF-8 run $command --help
    check "tpsched $command --help is the same in any locale" cmp "$OUT" help
    run $command --no-such-option
    check "tpsched $command --no-such-option" all 'fails 2 --no-such-option' 'err_has "--help"' \
        '[ "$(wc -l <"$ERR")" -eq 1 ]'
done
while read -r option; do
    run plan --help
    check "plan has $option" out_has "$option"
done <<'OPTIONS'
--runtime-data
--plan-runtime-target
--auto-part-runtime-limit
--size
--max-size
--shards
--format
--output
--diff
--what-if
--price
--billing-granularity
--startup
--slots
--plan
--job-template
--allow-empty
OPTIONS
while read -r option; do
    run run --help
    check "run has $option" out_has "$option"
done <<'OPTIONS'
--plan
--rerun
--rerun-budget
--flaky
--fail-fast
--fail-fast-now
--repeat
--until-failure
--order
--shuffle
--shard
--suite
--part
--report-dir
--timeout
OPTIONS
run report --help
for format in text json junit ctrf tap testplan trace markdown annotations gitlab html; do
    check "report has $format" grep -q "^  $format " "$OUT"
done
run --version
check "--version" all 'expect_status 0' 'grep -qxE "tpsched [0-9]+\.[0-9]+\.[0-9]+" "$OUT"' '[ ! -s "$ERR" ]'
run --no-such-option
check "an unknown option" fails 2 --no-such-option
run
check "nothing at all" all 'fails 2 "usage: tpsched COMMAND"' 'narrow "$ERR"'

# Colour is for terminals, and not for those who don't want it.
echo '{"a": {"execution_time": 1, "setup_time": 0}}' >data.json
in_terminal() {
    env TERM=xterm "$@" script -qec "'$TPSCHED' plan -d data.json" /dev/null >"$OUT" 2>"$ERR" </dev/null
}
run plan -d data.json
check "no colour in a file" plain
if script -qec true /dev/null >/dev/null 2>&1 </dev/null; then
    in_terminal
    check "colour in a terminal" not plain
    in_terminal NO_COLOR=1
    check "NO_COLOR" plain
    in_terminal TERM=dumb
    check "TERM=dumb" plain
else
    skip "colour" "script makes no terminal here"
fi
finish
