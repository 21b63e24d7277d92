#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A disk that is full at each call that needs space, one after the other: never green by mistake,
# no crash, no hang, nothing left, and the message says where.
. "$(dirname "$0")/lib.sh"
FULL_DISK=${FULL_DISK:?the library that makes a disk full}
! ldd "$TPSCHED" | grep -qE 'lib[at]san' || skip_all "a sanitizer must be the first library"

printf '#!/bin/sh\nhead -c "$1" /dev/zero | tr "\\0" x\n' >print.sh
chmod +x print.sh
cat >small.yaml <<'END'
setup: ./print.sh 10
suites:
  - {name: quiet, command: 'true'}
  - {name: prints, command: [./print.sh, 1000]}
  - {name: floods, command: [./print.sh, 300000], teardown: ./print.sh 10}
END
export FULL_DISK_BELOW=$TMP/report:$TMPDIR:$TMP/learned FULL_DISK_HIT=$TMP/hit

run_with_full_disk() {
    rm -rf report hit learned
    mkdir learned
    TPSCHED_CLI_PROBE=$TMP timeout 60 env LD_PRELOAD="$FULL_DISK" "$TPSCHED" run -f small.yaml \
        --size 2 -r report -w "$TMP/learned/times.json" --output none >"$OUT" 2>"$ERR" </dev/null
    STATUS=$?
}

whole() {
    json report/plan.json 'len(d["tasks"]) == 3' && journal report/journal.jsonl 'd["status"] == "passed"' &&
        holds_the_plan report/plan.json report/report.xml && json learned/times.json 'len(d) == 3'
}

# The message names the file, not what it is called while it is written; of what has no name yet,
# the directory. When the disk stays full it may be the next one.
says_where() {
    local path
    if [ "$stays" -eq 1 ]; then
        grep -F "No space left" "$ERR" | grep -qF -e "'$TMP/report" -e "'$TMPDIR" -e "'$TMP/learned/"
        return
    fi
    read -r _ path <hit
    grep -qF -e "'${path%.??????}" -e "'${path%/tpsched-??????}'" "$ERR" ||
        { echo "nobody speaks of $path"; return 1; }
}

survived() {
    nothing_left && no_temporary_files && ! grep -E 'CRITICAL|WARNING|rror: ld.so' "$ERR" || return
    [ ! -e report ] || ! find report -mindepth 1 -maxdepth 1 -printf '%f\n' | grep -qvE '^(plan.json|journal.jsonl|report.xml|executed.json|output.log|parts|hooks)$' ||
        { ls report; return 1; }
    [ ! -e learned/times.json ] || json learned/times.json 'type(d) is dict' || return
    if [ "$STATUS" -eq 0 ]; then
        whole || return
        run merge --plan report/plan.json report
        expect_status 0
    else
        expect_status 4 && says_where
    fi
}

for stays in 0 1; do
    for ((at = 1; at < 200; at++)); do
        FULL_DISK_AT=$at FULL_DISK_STAYS=$stays run_with_full_disk
        [ -e hit ] || break
        check "full at $at, stays $stays: $(sed "s|$TMP/||" hit)" survived
    done
    check "stays $stays: a disk that is not full" all 'expect_status 0' whole '[ "$at" -gt 20 ]'
done
finish
