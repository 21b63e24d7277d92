#!/bin/sh
# SPDX-License-Identifier: MIT
#
# tpsched_go.sh list LISTING CACHE PATTERN GO... test [ARG...]
#     build the test binary of every package into CACHE, and write one JSON object per test
# tpsched_go.sh run CACHE PACKAGE GO... tool test2json [ARG...] [-test.run=PATTERN]
#     run the binary of one package as `go test` would, with events in JSON on stdout
#
# go test builds all packages at once and hands each binary to what -exec names, in the package's
# directory and with the options the binary gets: that is kept, and used again by run.
set -eu
export LC_ALL=C

list() {
    listing=$1 TPSCHED_TOP=$(pwd) pattern=$3
    mkdir -p "$2"
    TPSCHED_CACHE=$(cd "$2" && pwd)
    shift 3
    rm -rf "$TPSCHED_CACHE/listed"
    mkdir "$TPSCHED_CACHE/listed"
    here=$(cd "$(dirname "$0")" && pwd)
    # Asked once for all packages: starting go for each of them takes longer than most tests.
    go list -e -f '{{.Dir}}{{"\t"}}{{.ImportPath}}' "$pattern" >"$TPSCHED_CACHE/packages" 2>/dev/null || :
    TPSCHED_GO=$(go env GOVERSION)
    export TPSCHED_CACHE TPSCHED_TOP TPSCHED_GO
    # GOTMPDIR: a binary that is in the same file system is linked and not copied.
    GOTMPDIR=$TPSCHED_CACHE "$@" -count=1 -exec "sh \"$here/tpsched_go.sh\" keep" "$pattern" >&2
    find "$TPSCHED_CACHE/listed" -type f | sort | while IFS= read -r file; do
        cat "$file"
    done >"$listing"
}

# keep BINARY ARG...: what go test runs in place of a test binary
keep() {
    package=$(awk -F '\t' '$1 == ENVIRON["PWD"] { print $2; exit }' "$TPSCHED_CACHE/packages")
    [ -n "$package" ] || package=$(go list -e -f '{{.ImportPath}}' .)
    into=$TPSCHED_CACHE/package/$package
    mkdir -p "$into" "$TPSCHED_CACHE/listed/$package"
    ln -f "$1" "$into/@binary" 2>/dev/null || cp -f "$1" "$into/@binary"
    pwd >"$into/@directory"
    case $TPSCHED_GO in
    go1.[0-9] | go1.[0-9].* | go1.1[0-9] | go1.1[0-9].*) verbose=-test.v ;;
    *) verbose=-test.v=test2json ;;
    esac
    shift
    tests='.*'
    for option; do
        case $option in
        -test.run=*) tests=${option#*=} tests=${tests%%/*} ;;
        -test.v=* | -test.timeout=* | -test.gocoverdir=* | -test.testlogfile=*) continue ;;
        esac
        printf '%s\n' "$option"
    done >"$into/@options"
    printf '%s\n' "$verbose" -test.timeout=0 >>"$into/@options"
    names=$("$into/@binary" -test.list "$tests")
    describe "$package" "$names" >"$TPSCHED_CACHE/listed/$package/@list"
}

# describe PACKAGE NAMES: one JSON object for each test. A TestMain may have said more.
describe() {
    below=${PWD#"$TPSCHED_TOP"}
    below=${below#/}
    {
        grep -Hn '^func \(Test\|Example\|Fuzz\)' -- *_test.go || :
        printf '=\n%s\n' "$2"
    } | TPSCHED_PACKAGE=$1 TPSCHED_BELOW=${below:+$below/} awk '
        function quoted(text) { gsub(/[\\"]/, "\\\\&", text); return "\"" text "\"" }
        $0 == "=" { is_name = 1; next }
        !is_name {
            match($0, /:[0-9]+:func [^(]*/)
            split(substr($0, RSTART + 1, RLENGTH - 1), found, /:func /)
            line[found[2]] = found[1]
            file[found[2]] = ENVIRON["TPSCHED_BELOW"] substr($0, 1, RSTART - 1)
        }
        is_name && /^(Test|Example|Fuzz)[^ \t]*$/ {
            package = ENVIRON["TPSCHED_PACKAGE"]
            printf "{\"id\": %s, \"name\": %s, \"class\": %s, \"file\": %s, \"line\": %d}\n",
                quoted(package "." $0), quoted($0), quoted(package), quoted(file[$0]), line[$0]
        }'
}

run() {
    cache=$1 package=$2
    shift 2
    into=$cache/package/$package
    if ! [ -e "$into/@binary" ]; then
        echo "tpsched: the tests of '$package' were not built" >&2
        exit 4
    fi
    last=
    for argument; do # those for test2json, the binary and its own
        shift
        case $argument in
        -test.run=*) last=$argument ;;
        *) set -- "$@" "$argument" ;;
        esac
    done
    set -- "$@" -t -p "$package" "$into/@binary"
    while IFS= read -r option; do
        set -- "$@" "$option"
    done <"$into/@options"
    cd "$(cat "$into/@directory")"
    exec "$@" ${last:+"$last"}
}

"$@"
