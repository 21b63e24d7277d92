#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Files that outputs name as attachments go where the report goes.
. "$(dirname "$0")/lib.sh"

mkdir -p shots && echo one >shots/a.png && mkdir more && echo two >more/a.png && echo secret >secret
mkdir project && mv shots more project && cp project/shots/a.png "project/odd \$(touch x) .png"
ln -s ../secret project/link.png
cat >project/show.sh <<'END'
#!/bin/sh
echo "[[ATTACHMENT|shots/a.png]] and [[ATTACHMENT|$PWD/more/a.png]]"
echo "[[ATTACHMENT|./shots/../more/a.png]][[ATTACHMENT|odd \$(touch x) .png]]"
echo own >"$TPSCHED_SANDBOX/trace.zip"
echo "[[ATTACHMENT|$TPSCHED_SANDBOX/trace.zip]]"
echo "[[ATTACHMENT|link.png]] [[ATTACHMENT|../secret]] [[ATTACHMENT|/etc/passwd]] [[ATTACHMENT|gone.png]]"
echo "[[ATTACHMENT|shots]] [[ATTACHMENT|]] [[ATTACHMENT|never ends"
exit 1
END
chmod +x project/show.sh
printf 'suites:\n  - {name: s, command: ./show.sh, cwd: project}\n' >tpsched.yaml
run plan -o plan.json
run run --plan plan.json -r good
kept=good/parts/s.0-of-1.attempt-1/attachments

# paths FILE: what a report names, a line each.
paths() {
    python3 - "$1" <<'PY'
import re, sys, xml.etree.ElementTree as tree
text = max((e.text or "" for e in tree.parse(sys.argv[1]).iter("system-out")
            if "ATTACHMENT" in (e.text or "")), key=len)
print("\n".join(re.findall(r"\[\[ATTACHMENT\|(.*?)\]\]", text)))
PY
}
check "each file once" diff - <(names_in $kept | sed 's/^[0-9a-f]\{12\}-//' | LC_ALL=C sort) <<'END'
a.png
a.png
odd___touch_x__.png
trace.zip
END
check "with its bytes" all 'grep -qx one $kept/2c8b08da5ce6-a.png' 'grep -qx own $kept/*-trace.zip'
check "nothing from outside" not grep -rq 'secret\|root:' $kept

# there FILE: the five that are kept are where it says, the other six are named as they were.
there() {
    local path n=0
    while read -r path; do
        [ -f "$(dirname "$1")/$path" ] && n=$((n + 1))
    done < <(paths "$1" | head -n 5)
    [ $n -eq 5 ] && diff - <(paths "$1" | tail -n +6) <<'END'
link.png
../secret
/etc/passwd
gone.png
shots

END
}
check "the report of the run" there good/report.xml
mkdir -p out/deep
run merge --plan plan.json good -o out/deep/merged.xml
check "merged elsewhere" all 'expect_status 1' 'there out/deep/merged.xml' \
    "out_has \"s: the attachment 'gone.png' is missing\""
run merge good -o out/loose.xml
check "merged without a plan" all 'expect_status 1' 'there out/loose.xml'
cp -r good copy
run merge --plan plan.json copy good -o out/one.xml
run merge --plan plan.json good copy -o out/two.xml
check "the order of copies is irrelevant" all 'cmp out/one.xml out/two.xml' 'there out/one.xml'
rm copy/parts/*/attachments/*trace.zip
run merge --plan plan.json copy -o out/less.xml
check "a lost one is a note" all 'expect_status 1' 'out_has "trace.zip"'
edit_journal copy/journal.jsonl 'for d in r:
    for t in d.get("results", []):
        t["output"] = "[[ATTACHMENT|parts/../../secret]] [[ATTACHMENT|../secret]]"'
run merge --plan plan.json copy -o out/bad.xml
check "a path that leads out is no attachment" all 'expect_status 1' \
    "out_has \"s: the attachment 'parts/../../secret' is missing\"" 'paths out/bad.xml | grep -qx ../secret'
finish
