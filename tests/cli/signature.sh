#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Plans and runtime data that are signed.
. "$(dirname "$0")/lib.sh"

cat >tpsched.yaml <<'YAML'
suites:
  - {name: a, command: [sh, -c, 'env >env']}
YAML
printf 'sixteen bytes ok\n' >key
printf 'sixteen bytes ok' >same
printf 'sixteen bytes ok\r\n' >windows
printf 'sixteen bytes no\n' >other
printf 'fifteen bytes o\n' >short

signed() {
    python3 - key "$1" <<'PY'
import hashlib, hmac, sys
key = open(sys.argv[1], "rb").read().rstrip(b"\n")
line = "hmac-sha256 " + hmac.new(key, open(sys.argv[2], "rb").read(), hashlib.sha256).hexdigest() + "\n"
if open(sys.argv[2] + ".hmac").read() != line:
    sys.exit("it is not the signature")
PY
}

run plan -o unsigned.json
check "without a key nothing is signed" all 'expect_status 0' '[ ! -e unsigned.json.hmac ]'
run plan -o plan.json --key key
check "plan signs" all 'expect_status 0' 'signed plan.json'
for same in key same windows; do
    run run -p plan.json -r report --key $same
    check "run checks with '$same'" answers 0 PASSED
done
check "what run leaves is signed" all 'signed report/plan.json' 'signed report/executed.json'
TPSCHED_KEY_FILE=key run run -p plan.json -r report
check "a variable names the key, and no task sees it" all 'answers 0 PASSED' 'not grep -q TPSCHED_KEY_FILE env'
run run -p plan.json -r report --key key --resume
check "resumed" expect_status 0

says_so() {
    fails 2 "$1" && [ ! -e env ]
}
# refused NAME ARG...: exit status 2, the file is named, and nothing is run.
refused() {
    local name=$1
    shift
    rm -rf env no-report
    run "$@"
    check "$name" says_so "$file"
}
file="report/plan.json' is not what was signed"
refused "compare with another key" report --compare report report --key other
file="'unsigned.json' is not signed: there is no signature 'unsigned.json.hmac'"
refused "run without signature" run -p unsigned.json -r no-report --key key
refused "merge without signature" merge --plan unsigned.json report --key key
file="'plan.json' is not what was signed, or with another key: 'plan.json.hmac' does not fit"
refused "run with another key" run -p plan.json -r no-report --key other
refused "merge with another key" merge -p plan.json report --key other
refused "explain with another key" explain -p plan.json --key other
refused "report with another key" report -p plan.json report --key other
refused "kept with another key" plan --attempt 2 -o plan.json --key other
refused "sticky with another key" plan --sticky plan.json --key other
cp plan.json good.json
cp plan.json.hmac good.hmac
for change in 's/a/b/' '$s/$/ /' 's/"size": *1/"size":2/'; do
    sed "$change" good.json >plan.json
    cmp -s plan.json good.json && continue
    refused "a changed plan: $change" run -p plan.json -r no-report --key key
done
cp good.json plan.json
for signature in '' 'hmac-sha256 ' 'x' "$(head -c 75 good.hmac)" "$(cat good.hmac)0" "$(tr a-f A-F <good.hmac)" \
    "$(sed 's/sha256/sha512/' good.hmac)" "$(sed 's/.$/x/' good.hmac)" "$(cat good.hmac good.hmac)"; do
    printf '%s' "$signature" >plan.json.hmac
    refused "a wrong signature: $(printf '%s' "$signature" | head -n 1 | cut -c 1-20)" run -p plan.json -r no-report --key key
done
head -c 3000000 /dev/zero >plan.json.hmac
refused "a large signature" run -p plan.json -r no-report --key key
rm plan.json.hmac
ln -s /dev/zero plan.json.hmac
file="'plan.json' is not signed"
refused "a signature that never ends" run -p plan.json -r no-report --key key
rm plan.json.hmac
printf '%s' "$(cat good.hmac)" >plan.json.hmac
run run -p plan.json -r report --key key
check "a signature without its line end" answers 0 PASSED
printf nonsense >plan.json.hmac
run run -p plan.json -r report
check "without a key nobody looks" answers 0 PASSED
cp good.hmac plan.json.hmac

# Runtime data
run run -r report -w data.json --key key
check "run signs what it learned" all 'answers 0 PASSED' 'signed data.json'
run run -r report -w data.json --key key
check "and goes on with it" all 'answers 0 PASSED' 'signed data.json'
run plan -d data.json --key key
check "plan takes it" expect_status 0
run merge -p report/plan.json report -w data.json --key key
check "merge learns into it" all 'expect_status 0' 'signed data.json'
cp data.json.hmac data.hmac
printf '\n' >>data.json
file="'data.json' is not what was signed"
refused "plan with other data" plan -d data.json --key key
refused "run with other data" run -d data.json -r no-report --key key
refused "run would learn into other data" run -w data.json -r no-report --key key
refused "merge would, too" merge -p report/plan.json report -w data.json --key key
rm data.json.hmac
file="'data.json' is not signed"
refused "plan with data that is not signed" plan -d data.json --key key

# Keys
file="'short' is no key: it has 15 bytes"
refused "a short key" plan -o x.json --key short
check "and nothing is written" test ! -e x.json
file="no-key"
refused "no key" run -r no-report --key no-key
TPSCHED_KEY_FILE=no-key run plan -o x.json
check "nor by the variable" all 'fails 2 no-key' '[ ! -e x.json ]'
: >empty
file="'empty' is no key"
refused "an empty key" merge report --key empty
finish
