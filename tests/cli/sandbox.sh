#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The private directory of a task: its own, empty, and gone in the end.
. "$(dirname "$0")/lib.sh"

cat >fill.sh <<'SH'
#!/bin/sh
# As a test does that is not nice: a link to outside, directories without permissions.
set -e
[ -z "$(ls -A "$TPSCHED_SANDBOX")" ]
cd "$TPSCHED_SANDBOX"
echo "$1" >file
ln -s "$OUTSIDE" link
mkdir -p a/b/c
echo x >a/b/c/file
chmod 0 a/b
chmod 500 a
exit "$2"
SH
chmod +x fill.sh
mkdir outside
echo kept >outside/file
export OUTSIDE=$TMP/outside

{
    echo "suites:"
    for i in $(seq 12); do
        echo "  - {name: s$i, command: ./fill.sh s$i $((i % 3 == 0))}"
    done
} >tpsched.yaml

run run --size 3 -r report
check "each found an empty one" all "expect_status 1" "out_has '8 passed, 4 failed'"
check "nothing of them is left" no_temporary_files
check "what is outside is there" [ -e outside/file ]
check "nothing is kept unasked" [ -z "$(find report -name 'sandbox*')" ]

run run --size 3 -r kept --keep
check "--keep: only of those that failed" eval '[ "$(find kept -path "*/sandbox/file" | wc -l)" -eq 4 ]'
check "--keep: with all they left" eval \
    '[ "$(cat kept/parts/s3.0-of-1.attempt-1/sandbox/file)" = s3 ] &&
     [ -L kept/parts/s3.0-of-1.attempt-1/sandbox/link ]'
check "--keep: the others are gone" no_temporary_files
chmod -R u+rwx kept

# On another file system it stays where it is, and no later run takes it for left over.
if [ -d /dev/shm ] && [ "$(stat -c %d /dev/shm)" != "$(stat -c %d .)" ] &&
    shm=$(mktemp -d /dev/shm/tpsched-cli.XXXXXX); then
    printf 'suites:\n  - {name: s3, command: ./fill.sh s3 1}\n' >one.yaml
    TMPDIR=$shm run run -f one.yaml -r shm --keep
    check "other file system: it stays" eval '[ "$(cat "$shm"/tpsched-*/0.0/file)" = s3 ]'
    TMPDIR=$shm run run -f one.yaml -r shm
    check "other file system: and goes on to stay" eval '[ "$(ls "$shm" | wc -l)" -eq 1 ]'
    chmod -R u+rwx "$shm"
    rm -rf "$shm"
else
    skip "other file system: it stays" "there is none"
fi

# What a run left that was killed with all its processes.
mkdir -m 700 "$TMPDIR/tpsched-abcdef"
mkdir -p "$TMPDIR/tpsched-abcdef/0.7/x"
mkdir -m 700 "$TMPDIR/tpsched-report"
touch "$TMPDIR/tpsched-report/plan.json"
run run --size 1 -r report
check "left-over bases are removed" [ ! -e "$TMPDIR/tpsched-abcdef" ]
check "what only looks like one is not" [ -e "$TMPDIR/tpsched-report/plan.json" ]
rm -r "$TMPDIR/tpsched-report"

# Interrupts.
cat >stay.sh <<'SH'
#!/bin/sh
trap '' TERM
mkdir -p "$TMPDIR/deep/er"
touch "$TMPDIR/deep/er/file" "$OUTSIDE/$1.started"
sleep 600
sleep 600
SH
chmod +x stay.sh
printf 'suites:\n  - {name: a, command: ./stay.sh a}\n  - {name: b, command: ./stay.sh b}\n' >stay.yaml

# A background job ignores SIGINT, and what is ignored stays ignored.
start() {
    rm -f outside/*.started
    TPSCHED_CLI_PROBE=$TMP "$TPSCHED" run -f stay.yaml -r stay --size 2 >"$OUT" 2>"$ERR" </dev/null &
    PID=$!
    wait_for 30 eval '[ -e outside/a.started ] && [ -e outside/b.started ]'
}

start
kill -TERM "$PID"
sleep 0.1
kill -TERM "$PID"
wait "$PID"
ended
check "twice: at once" expect_status 130
check "twice: no sandbox is left" no_temporary_files
check "twice: no process is left" nothing_left

start
kill -KILL "$PID"
wait "$PID" 2>/dev/null
check "SIGKILL: no process is left" wait_for 30 nothing_left
check "SIGKILL: no sandbox is left" wait_for 5 no_temporary_files

# At any moment, also before anything has run.
{
    echo "setup: [sh, -c, 'sleep 100 &']"
    echo "suites:"
    for i in $(seq 30); do
        echo "  - {name: s$i, command: ./fill.sh s$i 0, teardown: 'true'}"
    done
} >many.yaml
for i in $(seq 10); do
    TPSCHED_CLI_PROBE=$TMP "$TPSCHED" run -f many.yaml -r many --size 4 >"$OUT" 2>"$ERR" </dev/null &
    PID=$!
    sleep "0.$(printf %03d $((i * 37)))"
    kill -KILL "$PID"
    wait "$PID" 2>/dev/null
    wait_for 10 no_temporary_files || break
done
check "SIGKILL at any moment: no directory is left" all no_temporary_files "wait_for 10 nothing_left"

# While it starts: the directory is only made when there is somebody to remove it.
for i in $(seq 30); do
    TPSCHED_CLI_PROBE=$TMP "$TPSCHED" run -f stay.yaml -r early --size 2 >"$OUT" 2>"$ERR" </dev/null &
    PID=$!
    sleep "0.$(printf %03d $((i * 2)))"
    kill -KILL "$PID"
    wait "$PID" 2>/dev/null
    wait_for 10 no_temporary_files || break
done
check "SIGKILL right after the start: no directory is left" all no_temporary_files "wait_for 10 nothing_left"

# Where none can be made.
TMPDIR=$TMP/no-place run run -r nowhere
check "no place for one is an error" expect_status 4
check "it says where" err_has "$TMP/no-place"
finish
