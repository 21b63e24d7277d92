# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# For scripts that run tpsched and speak TAP. Source it, then:
#
#   run ARG...        run tpsched; leaves $STATUS, $OUT and $ERR (files)
#   ended             right behind a command that was run otherwise: takes its $STATUS
#   check NAME CMD..  one test: it holds when CMD succeeds
#   skip NAME WHY     one test that can't be made here
#   finish            says how many there were; the last line of a script
#
# Each script has a directory of its own, $TMP, in which it stands; it is removed in the end.

set -u
TPSCHED=${TPSCHED:?the program under test}
TMP=$(mktemp -d "${TMPDIR:-/tmp}/tpsched-cli.XXXXXX") || exit 99
# Everything that tpsched and its children leave in a temporary directory is seen there.
export TMPDIR=$TMP/tmp TERM=dumb
mkdir "$TMPDIR"
unset CI NO_COLOR PYTEST_ADDOPTS
# What a CI system, Bazel or googletest says of this script is nothing that it tests.
unset GITHUB_ACTIONS GITLAB_CI CIRCLECI BUILDKITE TF_BUILD BITBUCKET_BUILD_NUMBER SEMAPHORE JENKINS_URL \
    TEAMCITY_VERSION HEROKU_TEST_RUN_ID CIRRUS_CI AWS_BATCH_JOB_ID CLOUD_RUN_JOB JOB_COMPLETION_INDEX \
    SLURM_JOB_ID CI_NODE_INDEX BAZEL_TEST TEST_TOTAL_SHARDS GTEST_TOTAL_SHARDS \
    TPSCHED_SHARD TPSCHED_PLAN_ID TPSCHED_RUN_ID TPSCHED_KEY_FILE
OUT=$TMP/.out
ERR=$TMP/.err
STATUS=0
N_CHECKS=0
cd "$TMP" || exit 99
trap 'cd /; rm -rf "$TMP"' EXIT

# Its processes are known by a variable of their environment.
run() {
    TPSCHED_CLI_PROBE=$TMP "$TPSCHED" "$@" >"$OUT" 2>"$ERR" </dev/null
    STATUS=$?
}

# For what was not started by `run`: its status is that of the last command.
ended() {
    STATUS=$?
}

# What is in a directory, hidden or not, a line each.
names_in() {
    find "$1" -mindepth 1 -maxdepth 1 -printf '%f\n' 2>/dev/null
}

comment() {
    cut -c 1-300 | sed 's/^/#   /'
}

check() {
    local name=$1
    shift
    N_CHECKS=$((N_CHECKS + 1))
    if "$@" >"$TMP/.check" 2>&1; then
        echo "ok $N_CHECKS - ${name//#/}"
        return
    fi
    echo "not ok $N_CHECKS - ${name//#/}"
    printf '# %s; the status was %s\n' "$*" "$STATUS" | head -n 1 | cut -c 1-300
    tail -n 15 "$TMP/.check" | comment
    [ ! -e "$OUT" ] || tail -n 8 "$OUT" | sed 's/^/out: /' | comment
    [ ! -e "$ERR" ] || tail -n 8 "$ERR" | sed 's/^/err: /' | comment
}

skip() {
    N_CHECKS=$((N_CHECKS + 1))
    echo "ok $N_CHECKS - $1 # SKIP $2"
}

finish() {
    echo "1..$N_CHECKS"
}

skip_all() {
    echo "1..0 # SKIP $1"
    exit 0
}

# What can be said of a run.

expect_status() {
    [ "$STATUS" -eq "$1" ] || { echo "exit status $STATUS, not $1"; return 1; }
}

out_has() {
    grep -qF -e "$1" "$OUT" || { echo "stdout has no '$1'"; return 1; }
}

err_has() {
    grep -qF -e "$1" "$ERR" || { echo "stderr has no '$1'"; return 1; }
}

out_lacks() {
    ! grep -qF -e "$1" "$OUT" || { echo "stdout has '$1'"; return 1; }
}

# fails STATUS TEXT...: nothing on stdout, the texts on stderr, no trace of a crash.
fails() {
    local text
    expect_status "$1" && [ ! -s "$OUT" ] && ! grep -E 'CRITICAL|WARNING' "$ERR" || return
    shift
    for text in "$@"; do
        err_has "$text" || return
    done
}

# answers STATUS TEXT: the text on stdout.
answers() {
    expect_status "$1" && out_has "$2" && ! grep -qE 'CRITICAL|WARNING' "$ERR"
}

not() {
    ! "$@"
}

all() {
    local command
    for command in "$@"; do
        eval "$command" || { echo "failed: $command"; return 1; }
    done
}

# wait_for SECONDS CMD...: until it succeeds.
wait_for() {
    local end=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$end" ] || { echo "in vain: $*"; return 1; }
        sleep 0.05
    done
}

# json FILE EXPRESSION: true when it holds for the document `d`.
json() {
    python3 - "$@" <<'PY'
import json, sys
with open(sys.argv[1], encoding="utf-8") as file:
    d = json.load(file)
if not eval("(" + sys.argv[2] + ")", {"d": d}):
    sys.exit("it does not hold: " + sys.argv[2])
PY
}

# journal FILE EXPRESSION: true when it holds for each task `d` that ended, and there is one.
journal() {
    python3 - "$@" <<'PY'
import json, sys
ends = [d for d in map(json.loads, open(sys.argv[1], encoding="utf-8")) if d["record"] == "end"]
if not ends or not all(eval("(" + sys.argv[2] + ")", {"d": d}) for d in ends):
    sys.exit("it does not hold: " + sys.argv[2])
PY
}

# edit_journal FILE STATEMENTS: change its records, a list of objects `r`, and seal them again.
edit_journal() {
    python3 - "$@" <<'PY'
import json, sys, zlib
path, statements = sys.argv[1:]
with open(path, encoding="utf-8") as file:
    r = [json.loads(line) for line in file]
scope = {"r": r}
exec(statements, scope)
with open(path, "wb") as file:
    for record in scope["r"]:
        del record["crc32"]
        text = json.dumps(record, separators=(",", ":"), ensure_ascii=False).encode()[:-1]
        file.write(b'%s,"crc32":"%08x"}\n' % (text, zlib.crc32(text)))
PY
}

# results FILE: "suite id outcome", sorted, of a JUnit XML that must be well-formed.
results() {
    python3 - "$1" <<'PY'
import sys, xml.etree.ElementTree as tree
lines = []
for suite in tree.parse(sys.argv[1]).iter("testsuite"):
    for case in suite.iter("testcase"):
        kinds = {child.tag for child in case}
        outcome = ("error" if "error" in kinds else "failed" if "failure" in kinds
                   else "skipped" if "skipped" in kinds else "passed")
        lines.append(ascii((suite.get("name"), case.get("name"), outcome)))
print("\n".join(sorted(lines)))
PY
}

# planned FILE: "suite id" of a plan, sorted.
planned() {
    python3 - "$1" <<'PY'
import json, sys
with open(sys.argv[1], encoding="utf-8") as file:
    plan = json.load(file)
print("\n".join(sorted(ascii((t["suite"], c)) for t in plan["tasks"] for c in t["testcases"])))
PY
}

# reported FILE: "suite id" of a JUnit XML, sorted.
reported() {
    results "$1" | sed -E "s/, '[a-z]+'\)\$/)/"
}

# Each planned testcase is in the report exactly once, and nothing else is.
holds_the_plan() {
    diff <(planned "$1") <(reported "$2")
}

same_results() {
    diff <(results "$1") <(results "$2")
}

# again FILE: the commands that a run printed to reproduce its failures.
again() {
    sed -n 's/^    again: tpsched //p' "$1"
}

# reproduce COMMAND: as somebody would who copies it from a terminal.
reproduce() {
    eval "run $1 --report-dir \"\$TMP/again\""
}

# The interpreter that has pytest; 1 when there is none.
need_pytest() {
    python3 -m pytest --version >/dev/null 2>&1 && return
    /usr/bin/python3 -m pytest --version >/dev/null 2>&1 || return 1
    PATH=/usr/bin:$PATH
}

# parts_in_any_order SUITE PARTS: by tuple from the last to the first, and by shard, each is a part
# of plan.json; merged they are what whole/report.xml says.
parts_in_any_order() {
    local part shard size
    rm -rf alone.* shards
    for ((part = $2 - 1; part >= 0; part--)); do
        run run --plan plan.json --suite "$1" --part $part,"$2" --report-dir alone.$part
        [ "$STATUS" -le 1 ] || return
    done
    run merge --plan plan.json -o parts.xml alone.*
    [ "$STATUS" -le 1 ] && holds_the_plan plan.json parts.xml &&
        same_results parts.xml whole/report.xml || return
    size=$(python3 -c 'import json; print(json.load(open("plan.json"))["pool"]["size"])')
    for ((shard = size; shard >= 1; shard--)); do
        run run --plan plan.json --shard $shard/"$size" --report-dir shards
        [ "$STATUS" -le 1 ] || return
    done
    run merge --plan plan.json -o shards.xml shards
    [ "$STATUS" -le 1 ] && cmp parts.xml shards.xml
    run merge --plan plan.json -o some.xml alone.[1-9]*
    expect_status 3 && out_has "$1 0,$2: its report is missing"
}

# each_again FILE: every failure that is told there has a command, and that shows it again.
each_again() {
    local what command n=0
    while IFS=$'\t' read -r what command; do
        reproduce "$command"
        if [ "$STATUS" -eq 0 ] || ! out_has "$what"; then
            echo "$command"
            return 1
        fi
        n=$((n + 1))
    done < <(python3 - "$1" <<'PY'
import re, sys
what = None
for line in open(sys.argv[1], encoding="utf-8"):
    if re.match("(failed|error) ", line):
        what = line.rstrip("\n")[:60]
    if line.startswith("    again: tpsched "):
        print(what + "\t" + line[len("    again: tpsched "):].rstrip("\n"))
        what = None
PY
)
    [ "$n" -gt 0 ] && [ "$n" -eq "$(grep -cE '^(failed|error) ' "$1")" ]
}

# Processes that tpsched started and that are still there.
left_processes() {
    grep -lzxs "TPSCHED_CLI_PROBE=$TMP" /proc/[0-9]*/environ | cut -d / -f 3
}

nothing_left() {
    [ -z "$(left_processes)" ] || { echo "still there:"; ps -o pid,ppid,args -p "$(left_processes | paste -sd,)"; return 1; }
}

no_temporary_files() {
    [ -z "$(ls -A "$TMPDIR")" ] || { ls -lA "$TMPDIR"; return 1; }
}
