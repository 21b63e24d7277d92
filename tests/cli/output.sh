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
cat >on_a_terminal.py <<'PY'
import fcntl, os, pty, struct, sys, termios

rows, columns = int(sys.argv[1]), int(sys.argv[2])
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(2, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    os.execvp(sys.argv[3], sys.argv[3:])
while True:
    try:
        bytes = os.read(terminal, 65536)
    except OSError:
        break
    if not bytes:
        break
    sys.stdout.buffer.write(bytes)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
PY
# on_terminal ROWS COLUMNS ENV... -- ARG...
on_terminal() {
    local rows=$1 columns=$2 variables=()
    shift 2
    while [ "$1" != -- ]; do
        variables+=("$1")
        shift
    done
    shift
    TERM=xterm TPSCHED_CLI_PROBE=$TMP env "${variables[@]}" \
        python3 on_a_terminal.py "$rows" "$columns" "$TPSCHED" "$@" >"$OUT" 2>"$ERR" </dev/null
    # shellcheck disable=SC2034 # `check` tells it
    ended
}
# What is left on a terminal of so many columns when all is over.
on_screen() {
    python3 - "$1" "$OUT" <<'PY'
import re, sys

columns, lines, row, column, wraps = int(sys.argv[1]), [""], 0, 0, True
for item in re.findall(r"\x1b\[[0-9?;]*[a-zA-Z]|.|\n", open(sys.argv[2], newline="").read(), re.S):
    if item in ("\x1b[?7l", "\x1b[?7h"):
        wraps = item[-1] == "h"
    elif item == "\r":
        column = 0
    elif item == "\n":
        row += 1
        lines += [""] * (row + 1 - len(lines))
    elif re.fullmatch(r"\x1b\[\d*A", item):
        row -= int(item[2:-1] or 1)
        assert row >= 0, "above the top"
    elif item in ("\x1b[J", "\x1b[0J"):
        lines[row] = lines[row][:column]
        del lines[row + 1:]
    elif not item.startswith("\x1b"):
        assert wraps or column < columns, "wider than the terminal: " + lines[row]
        lines[row] = lines[row][:column].ljust(column) + item + lines[row][column + 1:]
        column += 1
print("\n".join(lines))
PY
}
on_terminal 24 80 -- run --size 1 --output none
check "a live region is drawn over and over" [ "$(grep -ac '\[0/3\]' "$OUT")" -gt 2 ]
check "with the time left by the plan: three times two seconds" \
    grep -aqE '\[0/3\] [0-9]+ms, [56]\.[0-9]s left' "$OUT"
check "and what is running" grep -aqE '[abc] [0-9.]+m?s of 2\.0s' "$OUT"
check "colour on a terminal" grep -aq $'\033\[32m' "$OUT"
check "nothing of the region is left" not grep -qE 'left$| of 2\.0s' <(on_screen 80)
check "and every line of the answer is" [ "$(on_screen 80 | grep -cE '^\[[123]/3\] ok [abc]: 1 ok')" -eq 3 ]
on_terminal 24 80 -- run --size 3 --output none
check "a line for each worker" grep -aqE '([abc] [0-9.]+m?s of 2\.0s#+){3}\[0/3\]' <(tr '\r\n' '##' <"$OUT")
on_terminal 6 80 -- run --size 3 --output none
check "but not more than a third of the terminal" grep -aqE '\.\.\. and 2 more' "$OUT"
on_terminal 2 30 -- run --size 3 --output none
check "on a tiny one a single line" grep -aqE '\[0/3\] ' "$OUT"
check "that is no wider than it" on_screen 30
on_terminal 24 80 NO_COLOR=1 -- run --size 1 --output none
check "but no colour with NO_COLOR" not grep -aq $'\033\[32m' "$OUT"
for variable in CI=true TERM=dumb; do
    on_terminal 24 80 $variable -- run --size 1 --output none
    check "and plain lines with $variable" not grep -aq $'\033\[[0-9]*[AJ]' "$OUT"
done

# What a test prints must not do anything to the terminal.
cat >wild.yaml <<'YAML'
suites:
  - {name: "wild\e[2J", command: [printf, 'x\033[2Jy\033]0;title\007z\033[31mred\n\200\033'], weight: 1}
YAML
on_terminal 24 80 -- run -f wild.yaml --size 1
check "escapes of a test are shown, not obeyed" \
    grep -aqF $'x^[[2Jy^[]0;title^Gz\033[31mred' "$OUT"
check "those of a name neither" not grep -aqF $'wild\033' "$OUT"
run run -f wild.yaml --size 1
check "where nobody looks bytes are what they were" \
    grep -aqF $'x\033[2Jy\033]0;title\007z\033[31mred' "$ERR"

# The whole output is kept, whatever it is.
cat >whole.yaml <<'YAML'
suites:
  - {name: short, command: [printf, 'a\000b\377\001\n']}
  - {name: long, command: [sh, -c, 'seq 1 200000']}
  - {name: bad, command: [sh, -c, 'seq 1 200000; exit 1']}
  - {name: silent, command: ["true"]}
YAML
run run -f whole.yaml --size 2 -r whole --output all
check "a run that prints a lot" expect_status 1
printf 'a\000b\377\001\n' >short
seq 1 200000 >long
check "a short output is byte for byte in the common file" cmp -s short whole/output.log
check "a long one in a file of its own" cmp -s long whole/parts/long.0-of-1.attempt-1/output.log
check "and so is that of a test that failed" cmp -s long whole/parts/bad.0-of-1.attempt-1/output.log
check "who prints nothing has nothing" [ ! -e whole/parts/silent.0-of-1.attempt-1/output.log ]
check "all of it is shown" [ "$(grep -cx '[0-9]*' "$ERR")" -eq 400000 ]
check "the report of one that passed has a little, of one that failed more" \
    [ "$(python3 - <<'PY'
import json
ends = [json.loads(line) for line in open("whole/journal.jsonl", encoding="utf-8")]
print(sorted((r["suite"], len(r["output"]) // 1024) for r in ends if r["record"] == "end" and "output" in r
             and r["suite"] in ("long", "bad")))
PY
)" = "[('bad', 64), ('long', 4)]" ]
run run -f whole.yaml --size 2 -r whole --output none
check "a new run begins a new file" cmp -s short whole/output.log

# Disk full: the run goes on, and says so.
if unshare -rm true 2>/dev/null; then
    mkdir small
    # shellcheck disable=SC2016 # the inner shell expands it
    TPSCHED_CLI_PROBE=$TMP unshare -rm sh -c 'mount -t tmpfs -o size=600k none small && mkdir small/r &&
        "$0" run -f whole.yaml --size 1 -r small/r --output failed; status=$?; cp small/r/report.xml .; exit $status' \
        "$TPSCHED" >"$OUT" 2>"$ERR" </dev/null
    ended
    check "a full disk does not stop the run" all 'expect_status 4' 'out_has "4 testcases, 3 passed, 1 failed"'
    check "and is told" err_has "cannot keep all of its output"
    check "the report has head and tail all the same" grep -q 'bytes cut and not kept' report.xml
else
    skip "a full disk" "no mount namespaces here"
fi

# In plan order nothing differs from run to run.
{
    echo 'suites:'
    for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
        echo "  - {name: s$i, weight: $((40 - i)), command: [sh, -c, 'sleep 0.0\$(shuf -i 0-9 -n 1);"
        echo "     echo s$i; [ $i != 3 ] || seq 1 70000; [ $i != 7 ]']}"
    done
} >random.yaml
ordered() {
    local i
    for i in $(seq 20); do
        run run -f random.yaml --size 4 -r random --output-order plan
        expect_status 1 || return
        cat "$OUT" "$ERR" >"random.$i"
        cmp "random.$i" random.1 || return
    done
}
check "twenty runs in plan order print the same bytes" ordered
check "in the order of the plan" [ "$(grep -xE 's[0-9]+' random.1 | paste -sd ' ')" = \
    "s1 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 s12" ]
check "each of them" [ "$(grep -cE '^(ok|FAIL) s' random.1)" -eq 12 ]
check "with all that they printed" [ "$(grep -cx '[0-9]*' random.1)" -eq 70000 ]
run run -f random.yaml --size 1 -r random --output-order plan
check "one worker shows the same" diff <(grep -v workers random.1) <(cat "$OUT" "$ERR" | grep -v "1 worker,")

# Immediate: as they come, one task after the other.
cat >slow.yaml <<'YAML'
suites:
  - {name: first, weight: 2, command: [sh, -c, 'printf "one "; sleep 0.3; touch printed; while [ ! -e seen ]; do sleep 0.05; done; echo two']}
  - {name: second, weight: 1, command: [echo, three]}
YAML
see_it_come() {
    wait_for 30 [ -e printed ] && wait_for 30 grep -q '^one ' "$ERR" && ! grep -q two "$ERR"
    local seen=$?
    touch seen
    return $seen
}
TPSCHED_CLI_PROBE=$TMP "$TPSCHED" run -f slow.yaml --size 1 --output immediate >"$OUT" 2>"$ERR" </dev/null &
pid=$!
check "immediate output is there before the task ends" see_it_come
wait $pid
ended
check "and it passes" answers 0 PASSED
check "each task is followed by its end" diff <(grep -nE '^(---|one|three|\[)' "$ERR" | sed 's/^[0-9]*://; s/ in .*//') - <<'TEXT'
--- first ---
one two
[1/2] ok first: 1 ok
--- second ---
three
[2/2] ok second: 1 ok
TEXT
run run -f slow.yaml --size 2 --output immediate
check "not with more than one worker" fails 2 "--output immediate needs --size 1"
run run -f slow.yaml --output sometimes
check "words that are none" fails 2 "--output: it is all, failed, none or immediate"
run run -f slow.yaml --output-order any
check "neither here" fails 2 "--output-order: it is completion or plan"

# What became of tasks.
cat >ends.yaml <<'YAML'
suites:
  - {name: segv, command: [sh, -c, 'ulimit -c 0; kill -SEGV $$']}
  - {name: skip, command: [sh, -c, 'exit 77']}
  - {name: leak, command: [sh, -c, 'setsid sleep 600 </dev/null >/dev/null 2>&1 &']}
  - {name: slow, command: [sleep, '600'], timeout: 300ms}
  - {name: none, command: [./there-is-no-such-program]}
  - {name: good, command: ["true"]}
YAML
run run -f ends.yaml --size 2
check "each end has its word" all 'err_has "SIGSEGV segv: "' 'err_has "SKIP skip: "' 'err_has "LEAK leak: "' \
    'err_has "TIMEOUT slow: "' 'err_has "NOT-STARTED none: "' 'err_has "ok good: "'
check "and is explained" all 'err_has "killed by SIGSEGV"' 'err_has "left 1 process behind"' \
    'err_has "timed out after"' 'err_has "could not start: No such file"'
check "and counted" \
    out_has "tasks: 1 passed, 1 skipped, 1 leaked, 1 timed out, 1 killed by a signal, 1 could not start"
run run -f ends.yaml --size 2 --format json
check "also for programs" json "$OUT" 'd["tasks"] == {"passed": 1, "skipped": 1, "leak": 1, "timeout": 1,
    "signaled": 1, "not-started": 1}'
# Interactive: the task has our terminal.
cat >ask.yaml <<'YAML'
suites:
  - {name: ask, command: [sh, -c, 'test -t 0 && test -t 1 && : </dev/tty && read word && echo "you said $word"']}
YAML
cat >typing.py <<'PY'
import os, pty, sys
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
os.write(terminal, os.environb[b"KEYS"].decode("unicode_escape").encode())
while True:
    try:
        data = os.read(terminal, 65536)
    except OSError:
        break
    if not data:
        break
    sys.stdout.buffer.write(data)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
PY
KEYS='hello\n' TERM=xterm TPSCHED_CLI_PROBE=$TMP timeout 60 python3 typing.py "$TPSCHED" run -f ask.yaml --size 1 \
    --interactive -r asked >"$OUT" 2>"$ERR" </dev/null
ended
check "an interactive task reads from the terminal" answers 0 "you said hello"
check "and nothing is captured" [ ! -e asked/output.log ]
run run -f whole.yaml --size 2 --interactive
check "one terminal is for one worker" fails 2 "--interactive needs --size 1"

# A leak can be a failure.
cat >leak.yaml <<'YAML'
suites:
  - {name: leak, command: [sh, -c, 'setsid sleep 600 </dev/null >/dev/null 2>&1 &']}
  - {name: may, leak: pass, command: [sh, -c, 'setsid sleep 600 </dev/null >/dev/null 2>&1 &']}
YAML
run run -f leak.yaml --size 2
check "a leak is told and passes" all 'answers 0 "PASSED: 2 testcases"' 'out_has "tasks: 2 leaked"'
run run -f leak.yaml --size 2 --leak fail -r leaky
check "with --leak fail it does not, unless its suite says so" all 'expect_status 1' 'err_has "FAIL leak: "' \
    'err_has "LEAK may: "' 'out_has "leak: process: left 1 process behind: sleep"'
check "and is an error in the report" grep -q 'error message="left 1 process behind: sleep' leaky/report.xml
sed -i 's/leak: pass/leak: fail/' leak.yaml
run run -f leak.yaml --size 2
check "a suite can ask for that" all 'expect_status 1' 'err_has "LEAK leak: "' 'err_has "FAIL may: "'
sed -i 's/leak: fail/leak: maybe/' leak.yaml
run run -f leak.yaml
check "and for nothing else" fails 2 "'leak' is pass or fail"
run run -f ends.yaml --leak sometimes
check "neither can the command line" fails 2 "--leak: it is pass or fail"
run run -f ends.yaml --size 2 -r ended
check "the report names the signal" grep -q 'message="killed by SIGSEGV' ended/report.xml

check "nothing left" wait_for 30 nothing_left
finish
