#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Reports that mean harm: each is answered, and takes no memory out of proportion.
here=$(cd "$(dirname "$0")/.." && pwd)
. "$here/cli/lib.sh"

# What the program, its libraries and the stack of a second thread take before they do anything.
OWN=40960 # kB
export MALLOC_ARENA_MAX=1 # others reserve 64 MB of address space each, and use none of it

# A limit of address space is the same on every machine. Sanitizers need terabytes of it.
(ulimit -v $((OWN + 65536)) && "$TPSCHED" --version) >/dev/null 2>&1 ||
    skip_all "memory can't be limited here"

merge_within() {
    (
        ulimit -v $((OWN + $1 * 1024))
        exec "$TPSCHED" merge "$2" -o merged.xml
    ) >"$OUT" 2>"$ERR" </dev/null
    ended
}

says() {
    expect_status "$1" && cat "$OUT" "$ERR" | grep -qF -e "$2"
}

while read -r name megabytes status text; do
    python3 "$here/reports/hostile.py" "$name" >report.xml
    merge_within "$megabytes" report.xml
    check "$name: $text" says "$status" "$text"
done < <(python3 "$here/reports/hostile.py")
finish
