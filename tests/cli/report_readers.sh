#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What the report writers write is read by readers that are not ours, and comes to the same totals.
TOOLS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
: "${WRITE_REPORT:?the program that writes samples}"
MODULES=${FORMATS_JS:?where readers are installed}/node_modules

# wrote SAMPLE FORMAT WHETHER-TIMED: into "report", and what it must come to into "expected"
wrote() {
    "$WRITE_REPORT" "$1" counts >expected && "$WRITE_REPORT" "$1" "$2" "$3" >report
}

# read_by_python READER SAMPLE FORMAT WHETHER-TIMED
read_by_python() {
    wrote "$2" "$3" "$4" && python3 "$TOOLS/read_report.py" "$1" report expected
}

same_elsewhere() {
    wrote "$1" "$2" timed &&
        LC_ALL=de_DE.UTF-8 TZ=Asia/Tokyo "$WRITE_REPORT" "$1" "$2" timed | cmp - report
}

valid_ctrf() {
    wrote "$1" ctrf "$2" || return
    NODE_PATH=$MODULES node -e '
        const { validate } = require("ctrf");
        const said = validate(JSON.parse(require("fs").readFileSync("report", "utf8")));
        if (!said.valid) {
            console.log(JSON.stringify(said.errors.slice(0, 5)));
            process.exit(1);
        }'
}

# As prove counts it, to the last point and without a complaint.
proven() {
    wrote "$1" tap untimed || return
    perl -MTAP::Parser -e '
        my $tap = TAP::Parser->new({exec => ["cat", "report"]});
        1 while $tap->next;
        open(my $file, "<", "expected") or die;
        my %n = map { chomp; split /=/, $_, 2 } <$file>;
        my $problems = $n{problems} + ($n{not_run} > 0);
        my $bad = $n{failed} + $n{error} + ($n{flaky_fails} ? $n{flaky} : 0) + $problems;
        my @found = (scalar $tap->parse_errors, $tap->tests_run, scalar $tap->failed, scalar $tap->skipped,
                     scalar $tap->todo);
        my @wanted = (0, $n{testcases} + $n{not_run} + $problems, $bad, $n{skipped} + $n{not_run}, 0);
        print "@found, not @wanted\n", join("\n", $tap->parse_errors);
        exit("@found" ne "@wanted");'
}

# As a page that takes HTML shows it.
rendered() {
    wrote "$1" markdown "$2" || return
    [ "$(wc -c <report)" -le 900000 ] || return
    NODE_PATH=$MODULES node -e '
        const { readFileSync, writeFileSync } = require("fs");
        const page = require("markdown-it")({ html: true });
        writeFileSync("page", page.render(readFileSync("report", "utf8")));' || return
    python3 "$TOOLS/read_report.py" markdown page expected
}

mapfile -t samples < <("$WRITE_REPORT")
for sample in "${samples[@]}"; do
    for timed in untimed timed; do
        for format in ctrf testplan; do
            check "$format: $sample, $timed" read_by_python "$format" "$sample" "$format" "$timed"
        done
        if [ -d "$MODULES/markdown-it" ]; then
            check "markdown: $sample, $timed" rendered "$sample" "$timed"
        else
            skip "markdown: $sample, $timed" "markdown-it is not installed"
        fi
        if [ -d "$MODULES/ctrf" ]; then
            check "ctrf by its schema: $sample, $timed" valid_ctrf "$sample" "$timed"
        else
            skip "ctrf by its schema: $sample, $timed" "ctrf is not installed"
        fi
    done
done
for sample in "${samples[@]}"; do
    check "trace: $sample" read_by_python trace "$sample" trace timed
    check "tap: $sample" read_by_python tap "$sample" tap untimed
    if perl -MTAP::Parser -e 1 2>/dev/null; then
        check "tap as prove reads it: $sample" proven "$sample"
    else
        skip "tap as prove reads it: $sample" "there is no TAP::Parser"
    fi
done
for format in ctrf tap testplan trace markdown; do
    check "$format: no locale and no zone" same_elsewhere nasty "$format"
done

# And a run that really was, with its own timeline.
cat >tpsched.yaml <<'YAML'
name: really <b>
suites:
  - {name: good, command: "true"}
  - {name: bad, command: ["sh", "-c", "echo '::error::x'; printf 'Bail out!\\n\\033[31m1..9\\n'; exit 3"]}
  - {name: killed, command: ["sh", "-c", "kill -9 $$"]}
YAML
run run --size 2
cat >expected <<'END'
skipped=0
passed=1
flaky=0
failed=1
error=1
testcases=3
not_run=0
problems=0
flaky_fails=0
verdict=FAILED
END
read_from_run() {
    run report tpsched-report --format "$1"
    [ "$STATUS" -eq 1 ] || return
    cp "$OUT" report
    python3 "$TOOLS/read_report.py" "$1" report expected
}
for format in ctrf tap testplan trace; do
    check "$format of a run" read_from_run "$format"
done
finish
