#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What CI systems take of a plan, and that what is generated runs.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

cat >read.py <<'PY'
"""read.py FORMAT FILE EXPRESSION: true when it holds for the document `d`."""
import json, sys, yaml

def unique(loader, node, deep=False):
    keys = [loader.construct_object(key, deep=True) for key, value in node.value]
    if len(keys) != len(set(keys)):
        sys.exit("a key is there twice: %s" % keys)
    return {key: loader.construct_object(value, deep=True)
            for key, (name, value) in zip(keys, node.value)}

yaml.SafeLoader.add_constructor("tag:yaml.org,2002:map", unique)
form, path, expression = sys.argv[1:]
with open(path, encoding="utf-8", newline="") as file:
    text = file.read()
if form == "github":
    lines = text.split("\n")
    d = dict(line.split("=", 1) for line in lines[:-1])
    if lines[-1] or [line.split("=")[0] for line in lines[:-1]] != [
            "matrix", "count", "shards", "levels", "plan_id", "expected"]:
        sys.exit("not the lines of an output: %r" % lines)
    if len(text.encode("utf-16-le")) > 1000000:
        sys.exit("more than a megabyte")
    d["jobs"] = json.loads(d["matrix"])["include"]
elif form in ("azure", "circleci", "jenkins"):
    if text.count("\n") != 1:
        sys.exit("not one line")
    d = json.loads(text)
else:
    d = yaml.safe_load(text)
if not eval("(" + expression + ")", {"d": d}):
    sys.exit("it does not hold: " + expression)
PY
ALL="azure bitbucket buildkite circleci github gitlab jenkins"
holds() {
    expect_status 0 && python3 read.py "$1" "$OUT" "$2"
}

# Twelve testcases of ten seconds, each a part of its own.
python3 - <<'PY'
import json
json.dump({"s": {"execution_time": 0, "setup_time": 0, "testcases": {"t%02d" % i: 10 for i in range(12)}}},
          open("data.json", "w"))
hostile = "a\nmatrix={}\r\t\x1b[31m ${{ secrets.X }} $(touch pwned) `touch pwned` $HOME \"'\\ \U0001f4a5 : {x} #"
json.dump({hostile: {"execution_time": 60, "setup_time": 0, "testcases": {"t%d" % i: 10 for i in range(6)}}},
          open("hostile.json", "w"))
json.dump({"s": {"execution_time": 300, "setup_time": 0, "testcases": {"t%d" % i: 1 for i in range(300)}}},
          open("many.json", "w"))
PY
data=(plan -d data.json -l 10)

run "${data[@]}" --shards 3 -o plan.json --format github
check "GitHub" holds github '[j["shard"] for j in d["jobs"]] == ["1/3", "2/3", "3/3"]
    and [j["name"] for j in d["jobs"]] == ["tpsched shard %d" % i for i in (1, 2, 3)]
    and all(j["expected"] == 40 and j["testcases"] == 4 for j in d["jobs"])
    and set(sum((j["parts"] for j in d["jobs"]), [])) == {"s %d,12" % i for i in range(12)}
    and d["count"] == d["shards"] == "3" and d["levels"] == "1" and d["expected"] == "40"'
id=$(python3 -c 'import json; print(json.load(open("plan.json"))["id"])')
check "the plan was written, too" out_has "plan_id=$id"
run "${data[@]}" --shards 3 --format azure
check "Azure" holds azure 'list(d) == ["shard_1", "shard_2", "shard_3"] and d["shard_2"]["SHARD"] == "2/3"
    and all(isinstance(v, str) for j in d.values() for v in j.values())'
run "${data[@]}" --shards 3 --format circleci
check "CircleCI" holds circleci 'd["shards"] == 3 and d["expected"] == 40 and len(d["plan_id"]) == 64 and len(d) == 3'
run "${data[@]}" --shards 3 --format jenkins
check "Jenkins" holds jenkins '[j["shard"] for j in d] == ["1/3", "2/3", "3/3"] and d[0]["parts"]'
run "${data[@]}" --shards 3 --format gitlab
check "GitLab" holds gitlab '{k: v["variables"]["TPSCHED_SHARD"] for k, v in d.items() if "shard " in k}
    == {"tpsched shard %d" % i: "%d/3" % i for i in (1, 2, 3)} and d["tpsched merge"]["when"] == "always"
    and d["stages"] == ["shards", "merge"] and d["tpsched shard 1"]["variables"]["TPSCHED_EXPECTED"] == "40.000000"'
run "${data[@]}" --shards 3 --format buildkite
check "Buildkite" holds buildkite 'len(d["steps"]) == 5 and d["steps"][3] == {"wait": None, "continue_on_failure": True}
    and len({s["key"] for s in d["steps"] if "key" in s}) == 4 and len(d["env"]["TPSCHED_PLAN_ID"]) == 64'
sed 's/"$BUILDKITE_BUILD_ID"//g' "$OUT" >dollars
check "what is replaced at the upload is known there" not grep -qE '(^|[^$])(\$\$)*\$([^$]|$)' dollars
run "${data[@]}" --shards 3 --format bitbucket
check "Bitbucket" holds bitbucket 'len(d["pipelines"]["default"]) == 3
    and len(d["pipelines"]["default"][1]["parallel"]) == 3
    and "-d '"'data.json'"'" in d["pipelines"]["default"][0]["step"]["script"][0]'
run "${data[@]}" --shards 1 --format bitbucket
check "Bitbucket has no group of one" holds bitbucket '["step" in s for s in d["pipelines"]["default"]] == [True] * 3
    and "--shard 1/1 " in d["pipelines"]["default"][1]["step"]["script"][0]'

# As many as it takes.
for format in $ALL; do
    run "${data[@]}" -t 40 --startup 15 --format "$format"
    cp "$OUT" first
    check "$format: as many as meet the target" all 'expect_status 0' 'grep -q 6 first' 'not grep -qE "shard 7|7/" first'
    run "${data[@]}" -t 40 --startup 15 --format "$format"
    check "$format: the same twice" cmp first "$OUT"
    run "${data[@]}" -t 40 --startup 15 --shards auto -o same.json
    run plan --plan same.json --format "$format"
    check "$format: the same from the plan" all 'expect_status 0' \
        'diff <(sed "s/same\.json/plan.json/g; s/tpsched plan .* --shards/tpsched plan --shards/" "$OUT") \
              <(sed "s/tpsched plan .* --shards/tpsched plan --shards/" first)'
done
run "${data[@]}" -t 40 --shards auto
check "30 seconds until a node is there, if nobody says" all 'answers 0 "12 workers"' \
    'out_has "with 30.0s until a node is there it takes 40.0s of the target of 40.0s"'
run "${data[@]}" -t 40 --shards auto --startup 10 --slots 2
check "what can't be met is said" answers 0 "it takes 1m10s: the target of 40.0s can't be met"
run "${data[@]}" -t 40 --startup 35 --max-size 5 --format github
check "a cap of one's own" holds github 'd["count"] == "5"'
run "${data[@]}" --shards 15 --format github
check "no job without tests" holds github 'd["count"] == "12" and d["shards"] == "15" and d["jobs"][-1]["shard"] == "12/15"'
run plan -d many.json -l 1 -t 1 --startup 0 --format github
check "no more than one matrix holds, unasked" holds github 'd["count"] == "256" and d["levels"] == "1"'

# Names of jobs stay when their number or their tests change.
names() {
    grep -oE '(tpsched|shard|merge)[ _-](shard )?[0-9a-z]+"' "$1" | sort -u
}
for format in azure bitbucket buildkite github gitlab jenkins; do
    run "${data[@]}" --shards 3 --format "$format"
    names "$OUT" >three
    run plan -d hostile.json -l 10 --shards 4 --format "$format"
    names "$OUT" >four
    check "$format: stable names" all '[ "$(wc -l <three)" -ge 3 ]' '[ -z "$(comm -23 three four)" ]'
done

# More than a matrix.
run plan -d many.json -l 1 --shards 300 --format github
check "300 shards for GitHub are two groups" all 'holds github "d[\"levels\"] == \"2\" and d[\"count\"] == \"300\"
    and len(d[\"jobs\"]) == 2 and d[\"jobs\"][1][\"name\"] == \"tpsched shards 257 to 300\"
    and d[\"jobs\"][1][\"numbers\"] == str(list(range(257, 301))).replace(\" \", \"\")"' 'err_has "levels=2"'
run plan -d many.json -l 1 --shards 300 --format gitlab
check "300 shards for GitLab" holds gitlab 'len([k for k in d if k.startswith("tpsched shard ")]) == 300'
for format in azure:256 bitbucket:98; do
    run plan -d many.json -l 1 --shards 300 --format ${format%:*} -o no.json
    check "300 shards are too many for ${format%:*}" all "fails 2 'at most ${format#*:} shards, not 300' --max-size" \
        '[ ! -e no.json ]'
done
run plan -d many.json -l 1 --shards 300 --format buildkite
check "300 shards for Buildkite" holds buildkite 'len(d["steps"]) == 302'

# A plan from elsewhere, with 65,536 workers and more.
huge() {
    python3 - "$1" <<'PY'
import hashlib, json, sys
d = json.load(open("plan.json"))
n = int(sys.argv[1])
task = d["tasks"][0]
d["tasks"] = [dict(task, part=[i, n], testcases=["t%d" % i], testcase_count=1, worker=i, start=0) for i in range(n)]
d["suites"][0].update(parts=n, testcase_count=n, measured=n)
d["pool"]["size"] = n
d["makespan"]["expected"] = task["weight"]
del d["id"]
text = json.dumps(d, separators=(",", ":"), ensure_ascii=False)
json.dump(dict(d, id=hashlib.sha256(text.encode()).hexdigest()), open("huge.json", "w"))
PY
}
huge 65536
run plan -p huge.json --format github
check "65,536 shards" holds github 'len(d["jobs"]) == 256 and d["shards"] == d["count"] == "65536"'
huge 70000
run plan -p huge.json --format github
check "70,000 shards" fails 2 "github takes at most 65536 shards, not 70000"
run plan -p huge.json --format gitlab
check "70,000 shards for GitLab" fails 2 "more than the megabyte of YAML"
run plan -p huge.json --format circleci
check "70,000 shards for CircleCI" holds circleci 'd["shards"] == 70000'
run plan -d data.json --shards 70000 --format jenkins
check "70,000 shards to be planned" fails 2 "not a number from 1 to 65536"

# Names of suites are data, and stay what they are.
for format in $ALL; do
    run plan -d hostile.json -l 10 --shards 2 --format "$format"
    check "$format: a hostile name" all "holds $format True" 'not grep -q $'"'\\e'"' "$OUT"'
    case $format in
    github | jenkins) check "$format: and it is the same name" holds "$format" \
        '(d["jobs"] if "jobs" in d else d)[0]["parts"][0].startswith("a\nmatrix={}\r\t\x1b[31m ${{ secrets.X }} $(touch pwned) `touch pwned` $HOME \"'"'"'\\ \U0001f4a5 : {x} # ")' ;;
    *) check "$format: it is not there" not grep -qE 'secrets|pwned|HOME' "$OUT" ;;
    esac
done

# Nothing to run.
for format in $ALL; do
    run plan -d data.json --include t01 --exclude t01 --format "$format" -o none.json
    check "$format: nothing to run is an error" all 'fails 2 "no testcase matches all of the filter"'
    run plan -d data.json --include t01 --exclude t01 --allow-empty --format "$format" -o none.json
    case $format in
    azure) what='d == {}' ;;
    bitbucket)
        check "bitbucket: nothing to run can't be said" fails 2 "there is nothing to run, and bitbucket"
        continue
        ;;
    buildkite) what='len(d["steps"]) == 1 and "command" in d["steps"][0]' ;;
    circleci) what='d["shards"] == 0' ;;
    github) what='d["matrix"] == "{\"include\":[]}" and d["count"] == "0"' ;;
    gitlab) what='len(d) == 1 and list(d.values())[0]["script"]' ;;
    jenkins) what='d == []' ;;
    esac
    check "$format: nothing to run, where that may be" all "holds $format '$what'" 'err_has "nothing to run"'
done
check "and no plan of it" not test -e none.json

# What the jobs have beside.
cat >jobs.yaml <<'YAML'
image: python:3.12
tags: [docker, linux]
before_script: ["pip install -r requirements.txt", "echo 'a: b'"]
YAML
run "${data[@]}" --shards 2 --format gitlab --job-template jobs.yaml
check "keys of jobs" holds gitlab 'd[".tpsched-shard"]["image"] == d["tpsched merge"]["image"] == "python:3.12"
    and d["tpsched merge"]["before_script"][1] == "echo '"'a: b'"'" and d[".tpsched-shard"]["tags"] == ["docker", "linux"]'
for format in buildkite bitbucket; do
    run "${data[@]}" --shards 2 --format "$format" --job-template jobs.yaml
    check "keys of jobs: $format" all "holds $format True" '[ "$(grep -c "image: " "$OUT")" -ge 3 ]'
done
echo 'script: "true"' >jobs.yaml
run "${data[@]}" --shards 2 --format gitlab --job-template jobs.yaml
check "keys that are ours" fails 2 "jobs.yaml: 'script' of a job is what tpsched writes"

# What is wrong.
while IFS='|' read -r name text arguments; do
    # shellcheck disable=SC2086 # several arguments
    run plan -d data.json $arguments
    check "$name" fails 2 "$text"
done <<'CASES'
a system that is none|'travis' is not table or json|--format travis
a size is no number of nodes|give --shards, not --size|--format github --size 3
two questions|--what-if answers with a table|--format github --what-if
a template without jobs|--job-template is for|--format github --job-template jobs.yaml
an empty table|--allow-empty is for|--allow-empty
a plan with a name for a shell|its file must be named by letters|--format gitlab -o a$b.json
a plan with a name for an option|its file must be named by letters|--format buildkite -o -x
no template|nowhere.yaml|--format gitlab --job-template nowhere.yaml
a plan that exists, and data|--plan tells of a plan that exists|--plan plan.json --format github
startup of a number that is given|--startup is an option of --what-if and of --shards auto|--shards 3 --startup 3
startup of what|--startup: 'soon'|--shards auto --startup soon
CASES
run plan --plan plan.json -o other.json
check "a plan that exists is not written" fails 2 "--plan makes no plan"
run plan --plan plan.json --format github --shards 2
check "nor has it another number" fails 2 "--plan tells of a plan that exists"
run plan --plan nowhere.json --format github
check "no plan" fails 2 nowhere.json
run plan --plan plan.json --format json
check "its JSON" cmp "$OUT" plan.json
run plan --diff plan.json plan.json --format github
check "no matrix of a difference" fails 2 "--diff answers with"

# The jobs that are generated run as they are: their scripts, each in a checkout of its own, and their
# artifacts carried by hand. What stands in for the systems is small, and none of ours.
mkdir project
cat >project/tpsched.yaml <<'YAML'
name: "shop $(touch pwned)"
suites:
  - {name: "one $(touch pwned)", command: [sh, -c, "exit 0"]}
  - {name: two, command: [sh, -c, "exit ${TWO:-0}"]}
  - {name: three, command: [sh, -c, "exit 0"]}
YAML
mkdir bin
ln -s "$TPSCHED" bin/tpsched
cat >bin/buildkite-agent <<'SH'
#!/bin/sh
# artifact download PATTERN .
[ "$1 $2" = "artifact download" ] || exit 2
[ "$3" != --include-retried-jobs ] || shift
case $3 in
plan.json) cp "$ARTIFACTS/plan.json" . ;;
past/*) exit 1 ;;
*) [ -e "$ARTIFACTS/report" ] && cp -R "$ARTIFACTS/report" . ;;
esac
SH
chmod +x bin/buildkite-agent
cat >play.py <<'PY'
"""play.py FORMAT FILE LOST: run what is generated; the exit status is that of the merge. The
artifacts of the shard with this number are lost."""
import os, shutil, subprocess, sys, yaml
form, path, lost = sys.argv[1], sys.argv[2], int(sys.argv[3])
d = yaml.safe_load(open(path, encoding="utf-8"))
if form == "gitlab":
    shards = [(d[".tpsched-shard"]["script"], v["variables"]) for k, v in d.items() if " shard " in k]
    merge = d["shop-touch-pwned merge"]["script"]
    known = dict(d["variables"], CI_PIPELINE_ID="7")
elif form == "buildkite":
    steps = [s["command"].replace("\"$BUILDKITE_BUILD_ID\"", "7").replace("$$", "$") for s in d["steps"] if "command" in s]
    shards, merge = [([c], {}) for c in steps[:-1]], [steps[-1]]
    known = dict(d["env"], BUILDKITE_RETRY_COUNT="0")
else:
    first, group, last = d["pipelines"]["default"]
    shards = [(s["step"]["script"], {}) for s in group["parallel"]]
    merge = last["step"]["script"]
    known = {"BITBUCKET_PIPELINE_UUID": "{7}"}
bare = {k: v for k, v in os.environ.items() if not k.startswith(("CI_", "TPSCHED_"))}
bare.update(known, PATH=os.path.abspath("bin") + ":" + os.environ["PATH"], ARTIFACTS=os.path.abspath("kept"))
shutil.rmtree("kept", ignore_errors=True)
os.mkdir("kept")
def play(script, variables, carry):
    shutil.rmtree("node", ignore_errors=True)
    shutil.copytree("project", "node")
    for name in carry:
        if os.path.exists("kept/" + name):
            shutil.copytree("kept/" + name, "node/" + name) if os.path.isdir("kept/" + name) else \
                shutil.copy("kept/" + name, "node/" + name)
    for line in script:
        status = subprocess.run(["bash", "-ec", line], cwd="node", env=dict(bare, **variables),
                                stdout=sys.stdout, stderr=subprocess.STDOUT).returncode
        sys.stdout.flush()
        if status:
            return status
    return 0
shutil.copy("project/plan.json", "kept/plan.json")
shutil.move("project/plan.json", "given.json")
statuses = []
for number, (script, variables) in enumerate(shards, 1):
    status = play(script, variables, ["plan.json"])
    statuses.append(status)
    if number != lost and os.path.isdir("node/report"):
        shutil.copytree("node/report", "kept/report", dirs_exist_ok=True)
shutil.move("given.json", "project/plan.json")
with open("statuses", "w") as file:
    print(*statuses, file=file)
status = play(merge, {}, ["plan.json", "report"])
data = "past/runtime-data.json" if form == "bitbucket" else "runtime-data.json"
left = [name for name in ("report.html", data) if not os.path.exists("node/" + name)]
sys.exit("not there: %s" % left if left else status)
PY
play() {
    (cd project && run plan --format "$1" --shards 3 -o plan.json --job-template ../empty.yaml &&
        expect_status 0 && cp "$OUT" ../pipeline.yml) || return
    python3 play.py "$1" pipeline.yml "$2" >"$OUT" 2>&1
    ended
}
echo '{}' >empty.yaml
for format in bitbucket buildkite gitlab; do
    play "$format" 0
    check "$format: what is generated runs, and is complete" all 'answers 0 "3 passed"' 'grep -qx "0 0 0" statuses'
    play "$format" 2
    check "$format: a lost node is missed" all 'expect_status 3' 'out_has "missing"'
    TWO=1 play "$format" 0
    check "$format: a failure is one" all 'expect_status 1' 'out_has "1 failed"'
done
check "nothing of a name was executed" test -z "$(find . -name pwned)"
finish
