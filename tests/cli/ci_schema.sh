#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The pipelines of docs/ci, and those that `plan --format` writes, are what the systems' schemas allow.
here=$(cd "$(dirname "$0")/.." && pwd)
. "$here/cli/lib.sh"
docs=$here/../docs/ci
schemas=${CI_SCHEMAS:?where the schemas are installed}

[ -d "$schemas" ] || skip_all "tests/ci is not installed: script/test does that"
/usr/bin/python3 -c 'import jsonschema, yaml' 2>/dev/null || skip_all "no python3-jsonschema or python3-yaml"

# allowed SYSTEM FILE...
allowed() {
    /usr/bin/python3 "$here/ci/check_schema.py" "$schemas" "$@" >"$OUT" 2>"$ERR"
    ended
    expect_status 0
}

check "GitHub" allowed github "$docs"/github.yml "$docs"/github-groups/*.yml
check "GitLab" allowed gitlab "$docs"/gitlab.yml
check "CircleCI" allowed circleci "$docs"/circleci/*.yml
check "Buildkite" allowed buildkite "$docs"/buildkite.yml
check "Azure" allowed azure "$docs"/azure.yml
check "Bitbucket" allowed bitbucket "$docs"/bitbucket-pipelines.yml
check "each document was looked at" test "$(find "$docs" -name '*.yml' | wc -l)" -eq 9

# The schemas refuse what is wrong: a check that can't fail says nothing.
while IFS='|' read -r system file pattern; do
    sed -E "$pattern" "$docs/$file" >wrong.yml
    check "$system: a key that is none" all "not cmp -s wrong.yml '$docs/$file'" "not allowed $system wrong.yml" 'expect_status 1'
done <<'END'
github|github.yml|s/runs-on:/run-on:/
gitlab|gitlab.yml|s/trigger:/triggers:/
circleci|circleci/test.yml|s/parallelism: .*/parallelism: [1]/
buildkite|buildkite.yml|s/continue_on_failure: true/continue_on_failure: maybe/
azure|azure.yml|s/dependsOn:/dependOn:/
bitbucket|bitbucket-pipelines.yml|s/script:/scripts:/
END

python3 - <<'PY'
import json
json.dump({"s": {"execution_time": 0, "setup_time": 0, "testcases": {"t%03d" % i: 10 for i in range(240)}}},
          open("data.json", "w"))
PY
cat >gitlab.jobs <<'YAML'
image: {name: "registry.example/tests:3", entrypoint: [""]}
tags: [docker, linux]
before_script: ["pip install -r requirements.txt"]
retry: {max: 1, when: runner_system_failure}
cache: {key: pip, paths: [.pip]}
YAML
cat >buildkite.jobs <<'YAML'
agents: {queue: tests}
retry: {automatic: [{exit_status: -1, limit: 2}]}
plugins: [{"docker#v5.12.0": {image: "registry.example/tests:3"}}]
YAML
cat >bitbucket.jobs <<'YAML'
image: {name: "registry.example/tests:3"}
size: 2x
caches: [pip]
YAML
for system in bitbucket buildkite gitlab; do
    for shards in 1 2 7 80; do
        for template in "" "--job-template=$system.jobs"; do
            run plan -d data.json -l 10 --shards "$shards" --format "$system" ${template:+"$template"}
            cp "$OUT" "$system.$shards${template:+.template}.yml"
        done
    done
    if [ "$system" != bitbucket ]; then
        run plan -d data.json --include t001 --exclude t001 --allow-empty --format "$system" -o none.json
        cp "$OUT" "$system.none.yml"
    fi
    check "$system: what is generated" all "allowed $system $system.*.yml" 'not grep -v allowed "$OUT"' \
        "[ \$(grep -c allowed \"\$OUT\") -ge 8 ]"
done
finish
