#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Children that misbehave: each gets the status that it deserves, and nothing is left of any.
. "$(dirname "$0")/lib.sh"
NASTY=${NASTY:?the program that misbehaves}

# suite | how | status | code; a time limit stands where it has to run into one.
cat >expected <<TABLE
deaf|deaf|timeout|0|1s
leaves-daemon|leave-daemon|leak|0|
leaves-and-fails|leave-and-fail|failed|3|
holds-output|hold-output|leak|0|
closes-output|close-output|passed|0|
floods|flood|passed|0|
fork-bomb|fork-bomb|timeout|0|1s
churns|churn|leak|0|2s
dumps-core|dump-core|signaled|6|
late-helper|late-helper|passed|0|
zombies|make-zombies|passed|0|
kills-parent|kill-parent|lost|0|
stops-parent|stop-parent|passed|0|
stops-itself|stop-self|timeout|0|1s
signals-parent|signal-parent|passed|0|
signals-group|signal-group|passed|0|
litters|litter|passed|0|
removes-sandbox|remove-sandbox|passed|0|
prints-bytes|print-bytes|failed|1|
exits-255|exit 255|failed|255|
exits-127|exit 127|failed|127|
TABLE
# What each signal does to a process that leaves it alone: most end it.
for number in $(seq 64); do
    case $number in
    17 | 18 | 23 | 28) echo "signal-$number|signal $number|passed|0|" ;; # CHLD CONT URG WINCH
    19) echo "signal-$number|signal $number|timeout|0|1s" ;;             # STOP
    20 | 21 | 22) echo "signal-$number|signal $number|passed|0|" ;;      # TSTP TTIN TTOU: an orphan
    *) echo "signal-$number|signal $number|signaled|$number|" ;;
    esac
done >>expected

touch not-executable
mkdir directory
printf 'no program' >garbage
chmod +x garbage
cat >>expected <<'TABLE'
starts-nothing|!does/not/exist|not-started|2|
starts-text|!./not-executable|not-started|13|
starts-directory|!./directory|not-started|13|
starts-garbage|!./garbage|not-started|8|
TABLE

{
    echo 'suites:'
    while IFS='|' read -r suite how _ _ timeout; do
        command="'$NASTY'"
        for word in $how; do command="$command, '$word'"; done
        [ "${how#!}" = "$how" ] || command="'${how#!}'"
        echo "  - {name: $suite, command: [$command], weight: 1${timeout:+, timeout: $timeout}}"
    done <expected
} >nasty.yaml

run run -f nasty.yaml --size 4 --report-dir report --output none
check "a run of children that misbehave ends by itself, and is bad" expect_status 4

python3 - >got <<'PY'
import json
for line in open("report/journal.jsonl", encoding="utf-8"):
    record = json.loads(line)
    if record["record"] == "end":
        print(f"{record['suite']}|{record['status']}|{record['code']}")
PY
while IFS='|' read -r suite _ status code _; do
    check "$suite is $status" grep -qxF "$suite|$status|$code" got
done <expected

check "each has one report" [ "$(cut -d '|' -f 1 got | sort -u | wc -l)" -eq "$(wc -l <expected)" ]
check "no process is left" nothing_left
check "no directory is left" no_temporary_files
finish
