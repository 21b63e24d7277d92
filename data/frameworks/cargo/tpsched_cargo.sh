#!/bin/sh
# SPDX-License-Identifier: MIT
#
# tpsched_cargo.sh list LISTING CACHE CARGO... test [ARG...]
#     build all test binaries, and write one JSON object per test
# tpsched_cargo.sh run JOURNAL CACHE BINARY-ID [NAME...]
#     run one binary, all of it or these tests, and write one JSON object when a test starts and
#     one when it ends
#
# cargo test builds all binaries and hands each to what is set as the runner, in the directory and
# with the variables that the binary gets: these are kept, and used again by run.
set -eu
export LC_ALL=C

escaped() { sed 's/[\\"]/\\&/g'; }

list() {
    listing=$1
    mkdir -p "$2"
    TPSCHED_CACHE=$(cd "$2" && pwd)
    shift 2
    rm -rf "$TPSCHED_CACHE/binary" "$TPSCHED_CACHE/listed"
    mkdir "$TPSCHED_CACHE/binary"
    here=$(cd "$(dirname "$0")" && pwd | escaped)
    export TPSCHED_CACHE
    : >"$TPSCHED_CACHE/listed"
    # --tests: without it, examples in the documentation would be run, too.
    "$@" --tests --no-fail-fast \
        --config "target.'cfg(all())'.runner = [\"sh\", \"$here/tpsched_cargo.sh\", \"keep\"]" >&2
    mv "$TPSCHED_CACHE/listed" "$listing"
}

# binary_id FILE: as cargo-nextest says it, of the binary's root source
binary_id() {
    name=$(basename "$1" | sed 's/-[0-9a-f]*$//')
    root=$(sed -n '1s/^[^:]*: *\([^ ]*\).*/\1/p' "$1.d" 2>/dev/null) || root=
    package=${CARGO_PKG_NAME-$name}
    case /$root in
    */src/lib.rs) echo "$package" ;;
    */src/main.rs | */src/bin/*) echo "$package::bin/$name" ;;
    */examples/*) echo "$package::example/$name" ;;
    *) echo "$package::$name" ;;
    esac
}

# keep BINARY [ARG...]: what cargo runs in place of a test binary
keep() {
    id=$(binary_id "$1")
    into=$TPSCHED_CACHE/binary/$(printf %s "$id" | tr / %)
    mkdir "$into"
    printf '%s\n' "$1" >"$into/file"
    pwd >"$into/directory"
    for name in $(env | sed -n 's/^\(CARGO[A-Za-z0-9_]*\|LD_LIBRARY_PATH\|OUT_DIR\)=.*/\1/p'); do
        eval "value=\$$name"
        # shellcheck disable=SC2154 # eval sets it
        printf "%s='%s' && export %s\n" "$name" \
            "$(printf %s "$value" | sed "s/'/'\\\\''/g")" "$name"
    done >"$into/variables"
    "$@" --list --format terse >"$into/tests"
    sed -n 's/: test$//p' "$into/tests" | escaped |
        sed "s|.*|{\"id\": \"$id\$&\", \"name\": \"&\", \"class\": \"$id\"}|" \
            >>"$TPSCHED_CACHE/listed"
}

run() {
    journal=$1 id=$3
    into=$2/binary/$(printf %s "$id" | tr / %)
    shift 3
    if ! [ -e "$into/file" ]; then
        echo "tpsched: '$id' was not built" >&2
        exit 4
    fi
    file=$(cat "$into/file")
    # shellcheck disable=SC1091 # written by keep
    . "$into/variables"
    cd "$(cat "$into/directory")"
    [ $# -eq 0 ] || set -- --exact "$@"
    test='^.*{ "type": "test", '
    status=$into/status.$$
    # The format and the times are what stable binaries know, too, when they are told to.
    {
        failed=0
        RUSTC_BOOTSTRAP=1 "$file" -Zunstable-options --format json --report-time --test-threads 1 \
            "$@" || failed=$?
        echo "$failed" >"$status"
    } | sed -u -n \
        -e "s|$test\"event\": \"started\", \"name\": \"\(.*\)\" }\$|{\"start\": \"$id\$\1\"}|; t said" \
        -e "/$test\"name\": /!{ /^{ \"type\": \"/!p; d }" \
        -e "s|$test\"name\": \"\([^\"]*\)\", \"event\"|{\"end\": \"$id\$\1\", \"outcome\"|" \
        -e '/"outcome": "timeout"/d' \
        -e 's/"outcome": "ok"/"outcome": "passed"/; s/"outcome": "ignored"/"outcome": "skipped"/' \
        -e 's/, "exec_time": "\{0,1\}\([0-9.e-]*\)s\{0,1\}"\{0,1\}/, "seconds": \1/' \
        -e 's/, "stdout": /, "text": /' \
        -e ": said" -e "w $journal"
    read -r failed <"$status"
    rm -f "$status"
    exit "$failed"
}

"$@"
