#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# report.html in a headless Chromium. Speaks TAP; skipped where there is no browser.
#   html.sh MAKE-HTML MODULES
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
make_html=$1
modules=$2

absent() {
    echo "1..0 # SKIP $1"
    [ -z "${CI-}" ]
    exit
}

browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) ||
    absent "there is no chromium: script/bootstrap --browser"
command -v node >/dev/null || absent "there is no node: script/bootstrap --browser"
[ -d "$modules/node_modules/playwright-core" ] ||
    absent "there is no playwright-core: tests/frameworks/js/install BUILD/tests/report tests/report"

TMP=$(mktemp -d "${TMPDIR:-/tmp}/tpsched-html.XXXXXX") || exit 99
trap 'cd /; rm -rf "$TMP"' EXIT
# Whatever the browser leaves is left there.
export TMPDIR=$TMP HOME=$TMP
NODE_PATH=$modules/node_modules node "$here/html.js" "$make_html" "$browser" "$TMP"
