#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Run a great many tasks and watch what tpsched itself needs: at each tenth of the run its memory,
# its open files and its processes. They must not grow.
#   bench/soak.sh BUILD/cli/tpsched [TASKS [WORKERS]]
set -eu
tpsched=$(realpath "$1")
n=${2:-100000}
workers=${3:-2}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

# Of ten tasks two print, one a lot, one leaves a file, one has a lock, one fails at first.
{
    echo 'suites:'
    seq 0 $((n - 1)) | awk '{
        command = "[\"true\"]"; more = ""
        if ($1 % 10 == 1) command = "[seq, 100]"
        if ($1 % 10 == 2) command = "[seq, 2000]"
        if ($1 % 100 == 3) command = "[seq, 60000]"
        if ($1 % 10 == 4) command = "[sh, -c, \"echo x >$TPSCHED_SANDBOX/x\"]"
        if ($1 % 10 == 5) more = ", locks: [one]"
        if ($1 % 100 == 6) { command = "[sh, -c, \"exit $((2 - TPSCHED_ATTEMPT))\"]"; more = ", rerun: 1" }
        printf "  - {name: s%d, command: %s, weight: 1%s}\n", $1, command, more
    }'
} >tpsched.yaml

"$tpsched" run -f tpsched.yaml --size "$workers" --rerun-budget "$n" --output none -r report >out 2>err &
pid=$!

ended() {
    tail -c 400 err | sed -n 's/^\[\([0-9]*\)\/.*/\1/p' | tail -n 1
}

of_status() {
    awk -v key="$1:" '$1 == key {print $2}' "/proc/$pid/status"
}

printf '%8s %9s %12s %6s %10s\n' ended VmRSS_kB RssAnon_kB files processes
for tenth in 1 2 3 4 5 6 7 8 9 10; do
    goal=$((n * tenth / 10 - (tenth == 10 ? n / 200 : 0)))
    while [ "$(ended || true)" ] || kill -0 $pid 2>/dev/null; do
        now=$(ended)
        if [ "${now:-0}" -ge "$goal" ] || ! kill -0 $pid 2>/dev/null; then
            break
        fi
        sleep 0.1
    done
    kill -0 $pid 2>/dev/null || break
    printf '%8d %9d %12d %6d %10d\n' "$(ended)" "$(of_status VmRSS)" "$(of_status RssAnon)" \
        "$(find "/proc/$pid/fd" -mindepth 1 | wc -l)" "$(pgrep -c -P $pid)"
done
status=0
wait $pid || status=$?
tail -n 3 out
echo "exit status $status, journal $(stat -c %s report/journal.jsonl) bytes"
