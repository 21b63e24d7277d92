#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A run that is killed or interrupted at random moments and resumed, over and over: each time
# nothing is left, and when it gets to its end each testcase has its result exactly once.
#   TPSCHED_ROUNDS  how many kills
#   TPSCHED_SEED    what chance begins with
. "$(dirname "$0")/lib.sh"
NASTY=${NASTY:?the program that misbehaves}
ROUNDS=${TPSCHED_ROUNDS:-25}
SEED=${TPSCHED_SEED:-$RANDOM}
RANDOM=$SEED
echo "# TPSCHED_SEED=$SEED"

# Ignores whoever asks it to end, for a moment.
cat >deaf.sh <<'END'
#!/bin/sh
trap '' TERM INT HUP
sleep 0.2 & sleep 0.1
wait
END
cat >print.sh <<'END'
#!/bin/sh
head -c "$1" /dev/zero | tr '\0' x
END
cat >litter.sh <<'END'
#!/bin/sh
mkdir -p "$TPSCHED_SANDBOX/a/b/c" && echo x >"$TMPDIR/a/b/file" && chmod 0 "$TMPDIR/a/b"
sleep 0.05
END
cat >flaky.sh <<'END'
#!/bin/sh
[ "$TPSCHED_ATTEMPT" -gt 1 ]
END
chmod +x ./*.sh
{
    echo "setup: [sh, -c, 'sleep 600 &']"
    echo "teardown: 'true'"
    echo 'suites:'
    for i in $(seq 6); do
        echo "  - {name: deaf$i, command: ./deaf.sh}"
        echo "  - {name: daemon$i, command: ['$NASTY', leave-daemon]}"
        echo "  - {name: holds$i, command: ['$NASTY', hold-output]}"
        echo "  - {name: late$i, command: ['$NASTY', late-helper], setup: 'true', teardown: 'true'}"
        echo "  - {name: prints$i, command: [./print.sh, 5000]}"
        echo "  - {name: floods$i, command: [./print.sh, 3000000]}"
        echo "  - {name: litters$i, command: ./litter.sh}"
        echo "  - {name: deep$i, command: ['$NASTY', litter]}"
        echo "  - {name: locks$i, command: [sleep, 0.02], locks: [one]}"
        echo "  - {name: flaky$i, command: ./flaky.sh, rerun: 1}"
    done
} >kills.yaml
run plan -f kills.yaml --size 4 -o plan.json
check "a plan" expect_status 0

begin() {
    local how=(--plan plan.json)
    [ ! -e report/plan.json ] || [ ! -e report/journal.jsonl ] || how=(--resume)
    TPSCHED_CLI_PROBE=$TMP env --default-signal=INT "$TPSCHED" run -f kills.yaml "${how[@]}" --size 4 \
        -r report --output none >"$OUT" 2>"$ERR" </dev/null &
    PID=$!
}

# moment MS: up to so long.
moment() {
    local ms=$((RANDOM % $1))
    sleep "$((ms / 1000)).$(printf %03d $((ms % 1000)))"
}

end_it() {
    case $1 in
    kill) kill -KILL $PID ;;
    twice) kill -INT $PID && moment 60 && kill -INT $PID ;;
    mixed) kill -TERM $PID && moment 60 && kill -KILL $PID ;;
    esac 2>/dev/null
}

# Of a write that was cut short there may be what it had; the next run removes it.
only_documented() {
    local other
    other=$(names_in report | grep -vxE '(plan|executed)\.json|journal\.jsonl|report\.xml|output\.log|parts|hooks|lock|(plan\.json|executed\.json|report\.xml)\.[A-Z0-9]{6}|journal\.jsonl\.new')
    [ -z "$other" ] || { echo "$other"; return 1; }
}

# A kill in the middle of a teardown leaves it undone. That is said, and is an error, never a pass.
not_torn_down() {
    expect_status 1 && grep -q '^error .* it was not run, as the run was killed$' "$OUT" &&
        ! grep -E '^(error|failed|incomplete)' "$OUT" | grep -qv ' it was not run, as the run was killed$'
}

whole() {
    expect_status 0 && holds_the_plan plan.json report/report.xml && [ ! -e report/lock ] || return
    [ "$(names_in report | grep -cE '\.[A-Z0-9]{6}$|\.new$')" -eq 0 ] || { ls -A report; return 1; }
    run merge --plan plan.json report
    answers 0 "60 testcases" && outputs_are_there || return
    python3 - <<'PY'
import collections, json
ends = collections.Counter(d["suite"] for d in map(json.loads, open("report/journal.jsonl"))
                           if d["record"] == "end")
assert len(ends) == 60 and set(ends.values()) == {1}, ends
PY
}

# What the records say is where it is.
outputs_are_there() {
    python3 - <<'PY'
import json
for d in map(json.loads, open("report/journal.jsonl")):
    if d["record"] == "end" and d["suite"][:6] in ("prints", "floods"):
        size = 5000 if d["suite"].startswith("prints") else 3000000
        with open("report/" + d["output_file"], "rb") as file:
            file.seek(d.get("output_offset", 0))
            assert file.read(size) == b"x" * size and d["output_bytes"] == size, d["suite"]
PY
}

# ends: by itself or by what we did, and soon.
ended() {
    wait_for 30 not kill -0 $PID || { kill -KILL $PID; echo "it hung"; }
    wait $PID 2>/dev/null
    STATUS=$?
    case $STATUS in
    0 | 130 | 137) return ;;
    143) return ;; # it had not yet begun to listen
    esac
    echo "status $STATUS"
    return 1
}

# Between the last process of a run and its own end tpsched alone knows of the sandboxes: killed just
# then, it leaves them to the next run, which removes them. At any other time they are gone.
no_files_but_sandboxes() {
    if [ "$STATUS" -eq 137 ]; then
        names_in "$TMPDIR" | grep -vxE 'tpsched-[A-Za-z0-9]{6}' && return 1
        return 0
    fi
    no_temporary_files
}

ways=(kill twice mixed)
limits=(60 700 700 2500)
n_whole=0
begin
for ((round = 1; round <= ROUNDS; round++)); do
    way=${ways[RANDOM % 3]}
    moment "${limits[RANDOM % 4]}"
    end_it "$way"
    check "round $round, $way" all ended 'wait_for 5 nothing_left' 'wait_for 5 no_files_but_sandboxes' only_documented
    if [ "$STATUS" -eq 0 ]; then
        check "it had come to its end" whole
        n_whole=$((n_whole + 1))
        rm -rf report
    fi
    begin
done
ended
check "undisturbed it comes to its end, after $n_whole before" all 'not_torn_down || whole' nothing_left no_temporary_files
run run -f kills.yaml --size 4 -r last --output none
check "what killed runs had left is removed by the next" no_temporary_files
finish
