#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# tpsched_bats.sh list LISTING BATS... -- [ARG... PATH...]
#     write one JSON object per test
# tpsched_bats.sh run JOURNAL BATS... -- [ARG... PATH...] [--tpsched-select=FILE]
#     run all tests, or those whose "LINE FILE" is a line of FILE, and write one JSON object when
#     a test starts and one when it ends
#
# bats tells a test by its number among those it runs, and by its name after bash has evaluated
# it: "$HOME" is another name then. So ids are made of the name as it is written, and results are
# told by their number.
set -u

marks='^[[:blank:]]*@test[[:blank:]]|#[[:blank:]]*@test[[:blank:]]*'$'\r?$'
marks+='|^[[:blank:]]*#[[:blank:]]*bats[[:blank:]]+(file|test)_tags='
at_test='^[[:blank:]]*@test[[:blank:]]+(.*[^[:blank:]])[[:blank:]]+\{'
function_test='[[:blank:]]*([^[:blank:]()]+)[[:blank:]]*\(?\)?[[:blank:]]+\{[[:blank:]]+#[[:blank:]]*@test[[:blank:]]*$'

program=() options=() files=() selection=''

# read_command BATS... -- [ARG... PATH...]: as bats reads it; what changes its output is dropped
read_command() {
    local is_recursive='' paths=() path
    while [ "$1" != -- ]; do
        program+=("$1") && shift
    done
    shift
    while [ $# -gt 0 ]; do
        case $1 in
        --tpsched-select=*) selection=${1#*=} ;;
        -r | --recursive) is_recursive=1 ;;
        -T | --timing | -t | --tap | -p | --pretty) ;;
        -F | --formatter | --report-formatter | -j | --jobs) shift ;;
        -f | --filter | --filter-status | --filter-tags | -o | --output | --setup-suite-file | \
            --gather-test-outputs-in) options+=("$1" "${2-}") && shift ;;
        -?*) options+=("$1") ;;
        *) paths+=("$1") ;;
        esac
        shift
    done
    for path in "${paths[@]}"; do
        if ! [ -d "$path" ]; then
            files+=("$path")
        elif [ -n "$is_recursive" ]; then
            mapfile -d '' -O ${#files[@]} files < <(find -L "$path" -type f -name '*.bats' -print0 |
                LC_ALL=C sort -z)
        else
            shopt -s nullglob
            files+=("$path"/*.bats)
        fi
    done
}

# json TEXT: into $quoted
json() {
    quoted=${1//\\/\\\\}
    quoted=${quoted//\"/\\\"}
    quoted=${quoted//$'\t'/\\t}
    quoted=${quoted//$'\n'/\\n}
    [[ $quoted != *[[:cntrl:]]* ]] || quoted=${quoted//[[:cntrl:]]/\\ufffd}
    quoted=\"$quoted\"
}

# scan FILE: its tests, as bats finds them, are appended to names, lines and tags
scan() {
    local number line file_tags='' test_tags=''
    while IFS= read -r line; do
        number=${line%%:*}
        line=${line#*:}
        line=${line//$'\r'/}
        if [[ $line =~ $at_test || $line =~ $function_test ]]; then
            line=${BASH_REMATCH[1]#[\'\"]}
            names+=("${line%[\'\"]}")
            lines+=("$number")
            tags+=("$file_tags $test_tags")
            test_tags=''
        elif [[ $line =~ (file|test)_tags=(.*) ]]; then
            printf -v "${BASH_REMATCH[1]}_tags" %s "${BASH_REMATCH[2]//,/ }"
        fi
    done < <(grep -nE -- "$marks" <"$1")
}

list() {
    local listing=$1 file place id
    shift
    read_command "$@"
    for file in "${files[@]}"; do
        local names=() lines=() tags=()
        scan "$file"
        for place in "${!names[@]}"; do
            json "$file: ${names[place]}" && id=$quoted
            json "${tags[place]}" && tags[place]=$quoted
            json "$file"
            printf '{"id": %s, "file": %s, "line": %s, "tags": %s}\n' \
                "$id" "$quoted" "${lines[place]}" "${tags[place]}"
        done
    done >"$listing"
}

# started N, ended N OUTCOME SECONDS MESSAGE TEXT: said in the journal. What is said of a test later
# is added to it, and so are times.
started() { printf '{"start": %s}\n' "${ids[$1]}" >&3; }
ended() {
    local message
    json "$4" && message=$quoted
    json "${5-}"
    printf '{"end": %s, "outcome": "%s", "seconds": %s, "message": %s, "text": %s}\n' \
        "${ids[$1]}" "$2" "$3" "$message" "$quoted" >&3
}

# point N LINE: how test N ended; the line has its name, as it was when it began
point() {
    local rest=${2#*"$1 $running"} outcome=passed
    seconds=0
    if [[ $rest =~ ^\ in\ ([0-9]+)(ms|s|sec) ]]; then
        seconds=${BASH_REMATCH[1]}
        [ "${BASH_REMATCH[2]}" != ms ] ||
            printf -v seconds '%d.%03d' $((seconds / 1000)) $((seconds % 1000))
        rest=${rest#"${BASH_REMATCH[0]}"}
    fi
    if [[ $2 == 'not ok '* ]]; then
        outcome=failed
    elif [[ $rest == ' # skip'* ]]; then
        outcome=skipped
    fi
    rest=${rest# \# }
    ended "$1" "$outcome" "$seconds" "${rest#skip }"
    done_of[$1]=$outcome
    last=$1
    failed=
    [ $outcome != failed ] || failed=$1
}

# around LINE: setup_file or teardown_file failed, or the file can't be read
around() {
    local number
    if [[ $1 == *teardown_file* ]]; then
        [ -z "$last" ] || ended "$last" error 0 "$1"
        return
    fi
    for number in "${!ids[@]}"; do
        [ "${file_of[number]}" -ne "$file" ] || [ -n "${done_of[number]-}" ] ||
            ended "$number" error 0 "$1"
    done
}

# died N: nothing more was said of the test
died() {
    [ -z "$1" ] || ended "$1" error 0 'the process of the test died'
}

# follow: the extended TAP of bats on stdin into the journal, and on to stdout as TAP
follow() {
    local line running='' number='' file=-1 last='' failed='' text='' seconds=0 done_of=()
    while IFS= read -r line; do
        if [ -n "$failed" ] && [[ $line == '#'* ]]; then
            text+=${line#\#}$'\n'
        elif [ -n "$failed" ]; then
            ended "$failed" failed 0 '' "${text:0:16384}"
            failed='' text=''
        fi
        if [[ $line == 'suite '* ]]; then
            died "$number"
            file=$((file + 1)) last='' number=''
            continue
        elif [[ $line =~ ^begin\ ([0-9]+)\ (.*)$ ]]; then
            died "$number"
            running=${BASH_REMATCH[2]} number=${BASH_REMATCH[1]}
            started "$number"
            continue
        elif [[ $line =~ ^(not\ )?ok\ ([0-9]+)\  ]]; then
            if [ "${BASH_REMATCH[2]}" = "$number" ]; then
                point "$number" "$line"
            else
                around "$line"
            fi
            number=''
        fi
        printf '%s\n' "$line"
    done
    [ -z "$failed" ] || ended "$failed" failed 0 '' "${text:0:16384}"
    died "$number"
}

# run_bats FILTER FILE...: one run; ids and file_of tell what its tests are
run_bats() {
    local only=()
    [ -z "$1" ] || only=(-f "$1")
    shift
    "${program[@]}" "${options[@]}" "${only[@]}" -T -F cat "$@" | follow
    [ "${PIPESTATUS[0]}" -eq 0 ] || status=1
}

# run_whole FILE...: their tests are numbered through
run_whole() {
    local file place number=0
    local ids=() file_of=()
    for place in $(seq 1 $#); do
        local names=() lines=() tags=() name
        file=${!place}
        scan "$file"
        for name in "${names[@]}"; do
            number=$((number + 1))
            json "$file: $name"
            ids[number]=$quoted
            file_of[number]=$((place - 1))
        done
    done
    run_bats '' "$@"
}

# run_some FILE PLACE...: only some of a file's tests, whose names are in names
run_some() {
    local file=$1 place number=0 filter=''
    local ids=() file_of=()
    shift
    for place; do
        number=$((number + 1))
        json "$file: ${names[place]}"
        ids[number]=$quoted
        file_of[number]=0
        filter+="|$(printf %s "${names[place]}" | sed 's/[][\\.(){}*+?|^$]/\\&/g')"
    done
    run_bats "^(${filter#|})\$" "$file"
}

run() {
    local file line place whole=()
    declare -A wanted=() is_needed=()
    exec 3>"$1"
    shift
    read_command "$@"
    status=0
    if [ -z "$selection" ]; then
        run_whole "${files[@]}"
        return "$status"
    fi
    while IFS= read -r line; do
        wanted[$line]=1
        is_needed[${line#* }]=1
    done <"$selection"
    for file in "${files[@]}"; do
        [ -n "${is_needed[$file]-}" ] || continue
        local names=() lines=() tags=() places=()
        scan "$file"
        for place in "${!names[@]}"; do
            [ -z "${wanted[${lines[place]} $file]-}" ] || places+=("$place")
        done
        if [ ${#places[@]} -eq ${#names[@]} ]; then
            whole+=("$file")
            continue
        fi
        # Filters of bats name tests, in all files alike; so this file has a run of its own, and
        # what comes before it its own before that.
        [ ${#whole[@]} -eq 0 ] || run_whole "${whole[@]}"
        whole=()
        run_some "$file" "${places[@]}"
    done
    [ ${#whole[@]} -eq 0 ] || run_whole "${whole[@]}"
    return "$status"
}

"$@"
