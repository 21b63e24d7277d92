#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Frameworks that users define, as data: in the project, in their home, instead of a built-in one.
. "$(dirname "$0")/lib.sh"
export XDG_CONFIG_HOME=$TMP/config

narrow() {
    [ "$(LC_ALL=C.UTF-8 wc -L <"$OUT")" -le 80 ] || { LC_ALL=C.UTF-8 grep -E '.{81}' "$OUT"; return 1; }
}

# A framework of three functions; what is named on its command line is run.
mkdir -p project/.tpsched/frameworks "$XDG_CONFIG_HOME/tpsched/frameworks"
cat >project/mini.sh <<'END'
verb=$1
shift
[ "$verb" = list ] && exec printf '%s\n' 'adds up' 'fails; $(touch x)' 'is skipped'
bad=0
for name; do
    case $name in
    fails*) echo "not ok: $name"; bad=1 ;;
    is*) echo "skip: $name" ;;
    *) echo "ok: $name" ;;
    esac
done
exit $bad
END
cat >mini.yaml <<'END'
summary: a framework of a few lines
program: [sh, mini.sh]
finest_unit: testcase
list:
  command: ["{program}", list]
  reader: lines
  records: '^(?<id>.+)$'
  id: "{id}"
run:
  command: ["{program}", run]
  select: {into: arguments, always: true, arguments: ["{selection}"]}
report:
  from: stdout
  reader: lines
  records: '^(?<outcome>ok|not ok|skip): (?<id>.*)$'
  id: "{id}"
  outcome: "{outcome}"
  words: {passed: ok, failed: not ok, skipped: skip}
exit: {passed: 0, failed: 1}
END
cp mini.yaml project/.tpsched/frameworks/
printf 'suites:\n  - {name: mini, framework: mini, parts: 3}\n' >project/tpsched.yaml

run list -f project/tpsched.yaml
check "its testcases are listed" all 'answers 0 "mini (mini, 3 testcases, unit testcase)"' 'out_has "adds up"'
run run -f project/tpsched.yaml -r report
results report/report.xml >got
check "they are run, each once" all 'expect_status 1' 'diff - got' <<'END'
('mini', 'adds up', 'passed')
('mini', 'fails; $(touch x)', 'failed')
('mini', 'is skipped', 'skipped')
END
check "in three parts" [ "$(python3 -c 'import json; print(len(json.load(open("report/plan.json"))["tasks"]))')" -eq 3 ]
check "no shell was in between" [ ! -e project/x ]
cd project || exit 99
run list
check "it is found from its own directory" answers 0 "mini (mini, 3 testcases"
run list --frameworks
check "it is shown with its path" all 'answers 0 .tpsched/frameworks/mini.yaml' \
    'out_has "a framework of a few lines"' narrow
check "whatever nobody tried is unverified" grep -qE '^mini +testcase +unverified' "$OUT"
check "the others are built in" grep -qE '^pytest +file +.* built in$' "$OUT"
run list --frameworks --format json
cp "$OUT" all.json
check "as JSON" json all.json 'next(f for f in d["frameworks"] if f["name"] == "mini") == {
    "name": "mini", "summary": "a framework of a few lines", "verified": False, "built_in": False,
    "path": ".tpsched/frameworks/mini.yaml", "unit": "testcase", "finest_unit": "testcase",
    "units": ["testcase", "class", "file"]}'
check "what a built-in one costs stands there" json all.json \
    'next(f for f in d["frameworks"] if f["name"] == "googletest")["start_up"] == 0.002'
run run -p ../report/plan.json -r ../again
check "a pinned plan finds it, too" all 'expect_status 1' 'same_results ../report/report.xml ../again/report.xml'
cd .. || exit 99
run list --frameworks
check "elsewhere it is not known" not grep -q '^mini ' "$OUT"
run list --frameworks -f project/tpsched.yaml
check "beside the plan file it is" out_has "project/.tpsched/frameworks/mini.yaml"

# In the user's home: for all projects, behind the project's own.
mkdir other
printf 'suites: [{name: a, framework: mini, cwd: ../project}]\n' >other/tpsched.yaml
run list -f other/tpsched.yaml
check "a project without it" fails 2 "unknown framework 'mini'"
sed 's/of a few lines/of mine/' mini.yaml >"$XDG_CONFIG_HOME/tpsched/frameworks/mini.yaml"
run list -f other/tpsched.yaml
check "one in the home serves it" answers 0 "a (mini, 3 testcases"
run list --frameworks
check "it is shown" out_has "a framework of mine"
run list --frameworks -f project/tpsched.yaml
check "the project's own goes first" all 'out_has "of a few lines"' 'out_lacks "of mine"'

# By the name of a built-in one.
sed 's/^summary.*/summary: not what it was/' mini.yaml >project/.tpsched/frameworks/ctest.yaml
printf 'suites: [{name: a, framework: ctest}]\n' >project/tpsched.yaml
run list -f project/tpsched.yaml
check "a built-in one is replaced" all 'answers 0 "a (ctest, 3 testcases"' 'out_has "adds up"'
run list --frameworks -f project/tpsched.yaml
check "that is shown" all 'out_has "not what it was"' 'out_has project/.tpsched/frameworks/ctest.yaml'

# Broken ones are in nobody's way until they are used.
printf 'summary: x\nprogramm: [a]\n' >project/.tpsched/frameworks/broken.yaml
run list -f project/tpsched.yaml
check "one that is broken and not used" expect_status 0
printf 'suites: [{name: a, framework: broken}]\n' >project/tpsched.yaml
for verb in list plan run; do
    run $verb -f project/tpsched.yaml
    check "$verb says where it is broken" fails 2 \
        "project/.tpsched/frameworks/broken.yaml:2:1: unknown key 'programm'; did you mean 'program'?"
done
run list --frameworks -f project/tpsched.yaml
check "the list shows it and all others" all 'answers 2 "project/.tpsched/frameworks/broken.yaml:2:1: unknown key"' \
    'out_has pytest' 'err_has "can'"'"'t be read"'
run list --frameworks --format json -f project/tpsched.yaml
cp "$OUT" all.json
check "as JSON" all 'expect_status 2' "json all.json 'any(f[\"name\"] == \"broken\" and \":2:1:\" in f[\"error\"] for f in d[\"frameworks\"])'"
: >project/.tpsched/frameworks/broken.yaml
run list -f project/tpsched.yaml
check "one that is empty" fails 2 "broken.yaml:1:1: there is nothing in it"

# One that takes upper and lower case for the same: what it can't tell apart runs together, always.
cat >project/loose.sh <<'END'
[ "$1" = list ] && exec printf '%s\n' Same SAME other
shift
bad=0
for name in Same SAME other; do
    case "${*,,}" in
    *"${name,,}"*) [ "$name" = SAME ] && echo "not ok: $name" && bad=1 || echo "ok: $name" ;;
    esac
done
exit $bad
END
sed -e 's/sh, mini.sh/bash, loose.sh/' -e 's/^  id: "{id}"$/&\n  collide: casefold/;t' mini.yaml |
    awk '/^report:/ { is_report = 1 } !(is_report && /collide/)' >project/.tpsched/frameworks/loose.yaml
printf 'suites: [{name: a, framework: loose, parts: auto}]\n' >project/tpsched.yaml
run list -f project/tpsched.yaml
check "they are shown as one unit" diff - <(sed 1,2d "$OUT") <<'END'
  Same
    Same
    SAME
  other
END
printf 'suites: [{name: a, framework: loose, parts: auto, group: "^[So]"}]\n' >project/grouped.yaml
run list -f project/grouped.yaml --format json
check "so are those of a group" json "$OUT" \
    '[t["unit"] for t in d["suites"][0]["testcases"]] == ["Same", "Same", "Same"]'
both() { all 'expect_status 1' "out_has $1" 'out_lacks "not selected"'; }
run run -f project/tpsched.yaml -r loose --rerun 1
check "what failed of two runs again with the other" both "every planned testcase"
run run -f project/tpsched.yaml -p loose/plan.json -r loose2 --failed loose
check "so it does in a run of what failed" both "'all 2 of 3 planned testcases'"
run run -f project/tpsched.yaml -p loose/plan.json -r loose3 --testcase SAME
check "and where one is asked for" both "'all 2 of 3 planned testcases'"
run list -f project/tpsched.yaml --include SAME
check "and where one is chosen" all 'expect_status 0' 'out_has Same' 'out_lacks other' \
    "err_has \"1 testcase more than chosen: loose can't select less\""

# A listing without end.
sed "s/command: .*, list\\]/command: [sh, -c, 'yes | head -n 4000001']/" mini.yaml \
    >project/.tpsched/frameworks/wild.yaml
printf 'suites: [{name: a, framework: wild}]\n' >project/tpsched.yaml
run list -f project/tpsched.yaml
check "a listing gone wild is refused before it fills the memory" \
    fails 2 "it has more than 4000000 lines"

run list --frameworks --tags
check "two questions" fails 2 "ask one"
run list --frameworks --include a
check "nothing to choose from" fails 2 "--frameworks lists no testcases"
finish
