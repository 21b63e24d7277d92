#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Run the shell blocks of a document that an HTML comment marks, one after the other in one
# directory: <!-- test --> must end with 0, <!-- test 3 --> with 3. A block of any kind behind
# <!-- file NAME --> is written to that file. Output is TAP.
#
# usage: readme.sh TPSCHED DOCUMENT
set -euo pipefail

tpsched=$1
readme=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
PATH=$(dirname "$tpsched"):/usr/bin:$PATH
export PATH
unset CI
mkdir "$work/blocks" "$work/project"

# Each block becomes a file, NUMBER.STATUS.LINE.
awk -v dir="$work/blocks" '
    /^<!-- test( [0-9]+)? -->$/ { wanted = 1; status = $3 ~ /^[0-9]+$/ ? $3 : 0; next }
    /^<!-- file [^ ]+ -->$/ { name = $3; next }
    /^```[a-z]+$/ && name { file = sprintf("%s/%03d.0.%d", dir, ++n, NR + 1); kept = file
        printf "mkdir -p $(dirname %s)\ncat >%s <<\"END OF FILE\"\n", name, name > file
        name = ""; next }
    /^```$/ && kept { print "END OF FILE" > kept; kept = "" }
    /^```sh$/ && wanted { file = sprintf("%s/%03d.%d.%d", dir, ++n, status, NR + 1); wanted = 0
                          next }
    /^```$/ { file = "" }
    file { print > file }
    name && NF { print "Bail out! line " NR ": no block follows the file"; exit 1 }
    wanted && NF { print "Bail out! line " NR ": no ```sh follows the mark"; exit 1 }
' "$readme"

blocks=("$work/blocks"/*)
[ -e "${blocks[0]}" ] || { echo "Bail out! no marked block in $readme"; exit 1; }
echo "1..${#blocks[@]}"
failed=0
for block in "${blocks[@]}"; do
    IFS=. read -r number expected line <<<"$(basename "$block")"
    status=0
    (cd "$work/project" && bash -euo pipefail "$block") >"$work/log" 2>&1 </dev/null || status=$?
    sed 's/^/# /' "$work/log"
    if [ "$status" -eq "$expected" ]; then
        echo "ok $((10#$number)) $(basename "$readme"):$line"
    else
        echo "not ok $((10#$number)) $(basename "$readme"):$line"
        echo "# exit status $status, not $expected"
        failed=1
    fi
done
exit $failed
