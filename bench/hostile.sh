#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# How long reports that mean harm keep a merge busy, and how much memory they make it take.
#
#   bench/hostile.sh TPSCHED [MEGABYTES]
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
tpsched=$(realpath "${1:?the program}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cd "$work"
printf '%-20s %8s %8s %8s\n' report seconds cpu MB
python3 "$here/tests/reports/hostile.py" | while read -r name _; do
    python3 "$here/tests/reports/hostile.py" "$name" "${2:-10}" >report.xml
    python3 - "$tpsched" "$name" <<'PY'
import os, resource, subprocess, sys, time
start = time.monotonic()
subprocess.run([sys.argv[1], "merge", "report.xml"], stdout=subprocess.DEVNULL,
               stderr=subprocess.DEVNULL, check=False)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print("%-20s %8.2f %8.2f %8.1f" % (sys.argv[2], time.monotonic() - start,
                                  used.ru_utime + used.ru_stime, used.ru_maxrss / 1024))
PY
done
