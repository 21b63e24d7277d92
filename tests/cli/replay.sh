#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The harness that replays histories; TPSCHED is that program here.
. "$(dirname "$0")/lib.sh"

# A history of 30 testcases. In the 2nd version one of them takes twice as long and a new one comes
# in, 2 s; in the 3rd 25 are executed anew, 1.1 s, one vanishes, and the new one moves.
history() { # NAME LEVEL
    local i first='' third=''

    for i in $(seq -w 30); do
        first+="${first:+, }\"a.py::t$i\": 1"
        [ "${i#0}" -gt 25 ] || third+="\"a.py::t$i\": 1.1, "
    done
    cat <<JSON
{"schema": "tpsched.durations-history/1", "name": "$1", "level": "$2", "versions": [
 {"commit": "a", "time": 1, "changed": {$first}, "gone": []},
 {"commit": "b", "time": 2, "changed": {"a.py::t01": 2, "a.py::new": 2}, "gone": []},
 {"commit": "c", "time": 3, "changed": {$third"b.py::new": 2}, "gone": ["a.py::t30", "a.py::new"]}]}
JSON
}
mkdir histories
history one testcase >histories/one.json
history two file | gzip >histories/two.json.gz

value() { # KEY, in the line that PATTERN finds
    grep -- "$2" "$OUT" | grep -o "\"$1\": [^,}]*" | cut -d ' ' -f 2-
}
is() {
    [ "$(value "$1" "$2")" = "$3" ] || { echo "'$(value "$1" "$2")', not '$3'"; return 1; }
}

run show --json histories
check "histories are found, packed or not" expect_status 0
check "all versions are there" is versions '"one"' 3
check "61 listed in two versions, 28 executed" is measured '"one"' 0.4590
check "2 of 61 are new" is new '"one"' 0.0328
check "the packed one says the same" is measured '"two"' 0.4590

run predict --json histories/one.json
check "what the last values miss: 1 of 2, 0.9 and 24 times 0.1 of 27.5" \
    is wmape '"one".*"last value"' 0.1458
check "and their sum: 27 for 29.5" is bias '"one".*"last value"' 0.9153
check "few items make no row" not grep -q '"of": "new"' "$OUT"

run dispatch --json histories/one.json
check "the truth meets the bound: 7 of 1.1" is '4' '"one".*"executed".*by the truth' 1.0000
check "by name the new one begins last, at 3.3: 5.3 over 4 of 1.1" is 8 '"one".*"listing".*by name' 1.2045
check "only one version executed enough" is n '"one".*"listing".*by name' 1

# Eleven testcases of 10 s, which then take 14 s
ids=$(printf '"s.py::t%s": 10, ' 01 02 03 04 05 06 07 08 09 10 11)
ids=${ids%, }
cat >slow.json <<JSON
{"schema": "tpsched.durations-history/1", "name": "slow", "level": "testcase", "versions": [
 {"commit": "a", "time": 1, "changed": {$ids}, "gone": []},
 {"commit": "b", "time": 2, "changed": {${ids//: 10/: 14}}, "gone": []}]}
JSON
run pool --json slow.json
check "40 % more than predicted is within no margin" is kept '"times": "testcases".*x 1.25' 0.0000
check "but within what is promised at 95 %" is kept '"times": "testcases".*promised 95' 1.0000
check "4 workers for 30 s, 2 for 60 s, where 6 and 3 are needed" \
    is over_clairvoyant '"testcases".*"prediction"' 0.6667
check "and it is missed" is kept '"pools": "testcases".*"prediction"' 0.0000
check "files are units too: one" is runs '"pools": "files".*"prediction"' 0

parts='"files", "setup_s": 5, "limit_s": 60, "rule":'
run parts --json slow.json
check "two parts for 110 s, over by half" all \
    "is parts '$parts \"Testplan\"' 2" "is avoidable '$parts \"Testplan\"' 2"
check "three parts, of 4, 4 and 3: 61 s" all \
    "is parts '$parts \"100 %\"' 3" "is avoidable '$parts \"100 %\"' 2"
check "each gives its fourth back" all \
    "is parts '$parts \"100 % back\"' 5" "is avoidable '$parts \"100 % back\"' 0"

run show --json --level file histories
check "one level" all 'out_has two' 'not grep -q one "$OUT"'
run show --json --half tune histories
check "each level takes turns of its own" all 'out_has one' 'out_has two'
printf '| `one` | reporting | testcase |\n' >histories/README.md
run show --json --half tune histories
check "the table beside the histories decides" all 'out_has two' 'not grep -q one "$OUT"'
run show --json --half report histories
check "the other half" all 'out_has one' 'not grep -q two "$OUT"'

run show
check "no history is wrong usage" expect_status 1
run show --half both histories
check "no such half" all 'expect_status 1' 'err_has "no such half"'
run what histories
check "no such command" all 'expect_status 1' 'err_has "wrong usage"'
echo '{"name": "x", "level": "file", "versions": [{"changed": {"a": -1}}]}' >bad.json
run show bad.json
check "a bad history is named" all 'expect_status 1' 'err_has "bad.json: version 0: '"'a'"'"'
finish
