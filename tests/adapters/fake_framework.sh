#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# A framework that runs nothing: it notes which names it was told, in the file $RAN, apart by NULs,
# and writes a journal. $NAMES holds all its testcases, $LISTING what it says of them.
#
# usage: fake_framework.sh list
#        fake_framework.sh WAY [what the way of selecting adds]
# shellcheck disable=SC1003,SC2153 # backslashes are meant; capitals are the environment
set -euo pipefail
LC_ALL=C
way=$1
shift

json() {
    local text=${1//\\/\\\\}
    text=${text//\"/\\\"}
    text=${text//$'\n'/\\n}
    text=${text//$'\t'/\\t}
    printf '%s' "${text//$'\x01'/\\u0001}"
}

run() {
    printf '%s\0' "$1" >>"$RAN"
    printf '{"start":"%s"}\n{"end":"%s","outcome":"passed","seconds":0.25}\n' \
        "$(json "$1")" "$(json "$1")" >>"$TPSCHED_JOURNAL"
}

run_all() {
    while IFS= read -r -d '' name; do run "$name"; done <"$NAMES"
}

# Texts apart by a character, in which a backslash stands before each special one.
run_escaped() {
    local text=$1 between=$2 name='' i c
    for ((i = 0; i < ${#text}; i++)); do
        c=${text:i:1}
        if [ "$c" = \\ ]; then
            i=$((i + 1))
            name+=${text:i:1}
        elif [ "$c" = "$between" ]; then
            run "$name"
            name=''
        else
            name+=$c
        fi
    done
    run "$name"
}

# printf takes \xHH: what the framework's own backslashes would be is %5C.
run_percent() {
    local name
    printf -v name '%b' "${1//%/\\x}"
    run "$name"
}

run_xml() {
    local text=$1
    text=${text//&lt;/<}
    text=${text//&gt;/>}
    text=${text//&quot;/\"}
    text=${text//&#10;/$'\n'}
    text=${text//&#9;/$'\t'}
    run "${text//&amp;/"&"}"
}

# The member id is the first, and its escapes are those of printf, but for \".
run_json() {
    local text=${1#'{"id":"'} name
    text=${text%%'","file":'*}
    text=${text//'\\'/$'\x02'}
    text=${text//'\"'/'"'}
    text=${text//$'\x02'/'\\'}
    printf -v name '%b' "$text"
    run "$name"
}

case $way in
list) cat "$LISTING" ;;
arguments)
    if [ $# -eq 0 ]; then run_all; fi
    for name in "${@:2}"; do run "$name"; done
    ;;
always) for name; do run "$name"; done ;;
escaped) if [ $# -eq 0 ]; then run_all; else run_escaped "$1" :; fi ;;
option)
    if [ $# -eq 0 ]; then run_all; fi
    IFS=, read -r -d '' -a names < <(printf '%s\0' "${1#--only=}") || :
    if [ $# -gt 0 ]; then for name in "${names[@]}"; do run_percent "$name"; done; fi
    ;;
lines)
    if [ $# -eq 0 ]; then run_all; else
        while IFS= read -r name; do run_percent "$name"; done <"$1"
    fi
    ;;
xml)
    if [ $# -eq 0 ]; then run_all; else
        while IFS= read -r name; do
            name=${name#<t>}
            run_xml "${name%</t>}"
        done <"$1"
    fi
    ;;
input)
    n=0
    while IFS= read -r name; do
        n=1
        run_percent "$name"
    done
    if [ $n -eq 0 ]; then run_all; fi
    ;;
environment) if [ -z "${ONLY+set}" ]; then run_all; else run_escaped "$ONLY" '|'; fi ;;
json)
    if [ -z "${ONLY+set}" ]; then run_all; else
        while IFS= read -r line; do run_json "$line"; done <"$ONLY"
    fi
    ;;
alone) if [ -z "${ONLY+set}" ]; then run_all; else run "$ONLY"; fi ;;
esac
