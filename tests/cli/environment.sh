#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What a task may know of itself, and what it gets of our environment.
. "$(dirname "$0")/lib.sh"

cat >show.sh <<'SH'
#!/bin/sh
env | sort >"$OLDPWD_OF_TEST/$1.env"
echo "TMPDIR=$TMPDIR" >>"$OLDPWD_OF_TEST/$1.env"
[ "$PWD" = "$OLDPWD_OF_TEST" ] && [ -d "$TPSCHED_SANDBOX" ] && [ -z "$(ls -A "$TPSCHED_SANDBOX")" ]
SH
chmod +x show.sh
export OLDPWD_OF_TEST=$TMP SECRET=1 CI_TOKEN=2 CI_JOB=3 LC_TIME=C

cat >tpsched.yaml <<'YAML'
suites:
  - name: open
    command: ./show.sh open
    env: {MINE: yes, SECRET: suite}
  - name: closed
    command: ./show.sh closed
    env: {MINE: yes, TMPDIR: /own}
    env_clear: true
    env_pass: [OLDPWD_OF_TEST, CI_J*]
    home: sandbox
YAML
run run --size 1 --attempt 3 --replan -r report
check "all passed" expect_status 0

has() {
    grep -qxF -e "$2" "$1.env" || { echo "$1 has no '$2'"; cat "$1.env"; return 1; }
}

lacks() {
    ! grep -q -e "^$2=" "$1.env" || { echo "$1 has '$2'"; return 1; }
}

check "who it is" all "has open TPSCHED_TASK=open" "has open TPSCHED_SUITE=open" \
    "has open TPSCHED_PART=0" "has open TPSCHED_PARTS=1"
check "which attempt" all "has open TPSCHED_ATTEMPT=1" "has open TPSCHED_RUN_ATTEMPT=3"
check "where it runs" all "has open TPSCHED_SLOT=0" "has open TPSCHED_REPORT_DIR=$TMP/report"
sandbox=$(sed -n 's/^TPSCHED_SANDBOX=//p' open.env)
check "the sandbox is the temporary directory" has open "TMPDIR=$sandbox"
check "it is below ours" expr "$sandbox" : "$TMPDIR/tpsched-[A-Za-z0-9]*/0\.0"
check "home is inherited" has open "HOME=$HOME"
check "the suite's variables win over ours" all "has open MINE=yes" "has open SECRET=suite" \
    "has closed TMPDIR=/own"
check "all else is inherited" all "has open CI_TOKEN=2" "has open LC_TIME=C"

check "scrubbed: what is not harmless is gone" all "lacks closed SECRET" "lacks closed CI_TOKEN" \
    "lacks closed TPSCHED_CLI_PROBE"
check "scrubbed: what is harmless is there" all "has closed LC_TIME=C" "has closed PATH=$PATH" \
    "has closed TERM=dumb"
check "scrubbed: what is passed is there" has closed CI_JOB=3
check "scrubbed: its own and ours are there" all "has closed MINE=yes" "has closed TPSCHED_TASK=closed"
check "scrubbed: home is the sandbox" \
    has closed "HOME=$(sed -n 's/^TPSCHED_SANDBOX=//p' closed.env)"
check "no sandbox is left" no_temporary_files

# A part says which one it is, and slots are dense.
cat >parts.sh <<'SH'
#!/bin/sh
echo "$TPSCHED_SLOT" >>"$OLDPWD_OF_TEST/slots"
sleep 0.05
SH
chmod +x parts.sh
{
    echo "suites:"
    for i in $(seq 20); do
        echo "  - {name: s$i, command: ./parts.sh}"
    done
} >slots.yaml
run run -f slots.yaml --size 3 -r slots-report
check "slots are 0, 1, 2" eval '[ "$(sort -u slots | xargs)" = "0 1 2" ]'

if need_pytest; then
    mkdir py
    for name in a b; do
        cat >py/test_$name.py <<'PY'
import os
def test_part():
    with open(os.environ["OLDPWD_OF_TEST"] + "/part." + os.environ["TPSCHED_PART"], "w") as f:
        f.write(os.environ["TPSCHED_TASK"] + " of " + os.environ["TPSCHED_PARTS"])
PY
    done
    cat >py.yaml <<'YAML'
suites:
  - {name: api, framework: pytest, path: py, parts: 2, env_clear: true, env_pass: OLDPWD_OF_TEST}
YAML
    run run -f py.yaml -r py-report
    check "parts: pytest runs scrubbed" expect_status 0
    check "parts: each knows which it is" \
        eval '[ "$(cat part.0) $(cat part.1)" = "api 0,2 of 2 api 1,2 of 2" ]'
else
    skip "parts: each knows which it is" "no pytest"
fi

mistake() {
    printf 'suites:\n  - {name: a, command: "true", %s}\n' "$1" >mistake.yaml
    run run -f mistake.yaml -r mistake
    fails 2 "$2"
}

check "env_pass alone is a mistake" mistake "env_pass: [A]" "without 'env_clear' all is passed"
check "env_pass takes names" mistake "env_clear: true, env_pass: ['A=1']" "is not the name of a variable"
check "a star ends a name" mistake "env_clear: true, env_pass: ['*A']" "is not the name of a variable"
check "home has two places" mistake "home: /tmp" "is no home; it is sandbox or inherit"
finish
