#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# bench/history on a repository of three versions, in each of the forms it knows.
HISTORY=$(cd "$(dirname "$0")/../../bench" && pwd)/history
. "$(dirname "$0")/lib.sh"
command -v git >/dev/null || skip_all "there is no git"
command -v python3 >/dev/null || skip_all "there is no python3"
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b.c GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b.c

# shellcheck disable=SC2034 # lib.sh reads it
extract() {
    "$HISTORY" "$@" >"$OUT" 2>"$ERR" </dev/null
    STATUS=$?
}

# version PATH SECONDS TEXT: a commit of that content and time.
version() {
    printf '%s' "$3" >"repo/$1"
    git -C repo add -- "$1" && GIT_AUTHOR_DATE="@$2 +0000" GIT_COMMITTER_DATE="@$2 +0000" \
        git -C repo commit -q --allow-empty -m "durations"
}

git init -q repo
version d.json 1000 '[["t.py::b", 1.00000049], ["t.py::a", 2]]'
version d.json 2000 '{"t.py::a": 2, "t.py::b": 3, "t.py::é": 0.5, "t.py::never": -1, "t.py::text": "1"}'
version other 2500 'not durations'
version d.json 3000 '{"t.py::b": 3, "t.py::'
version d.json 4000 '{"t.py::b": 4, "t.py::é": 0.5}'
version d.json 5000 '{"t.py::é": 0.5, "t.py::b": 4}'
version k.json 6000 '{"spec/a_spec.rb": 1.5}'
extract --name shop --repository https://example.org/shop --licence MIT repo d.json
cp "$OUT" shop.json
check "three versions of six commits" json shop.json \
    '[v["time"] for v in d["versions"]] == [1000, 2000, 4000]'
check "each is what changed" json shop.json \
    '[(v["changed"], v["gone"]) for v in d["versions"]] == [
        ({"t.py::a": 2, "t.py::b": 1}, []), ({"t.py::b": 3, "t.py::é": 0.5}, []),
        ({"t.py::b": 4}, ["t.py::a"])]'
check "ids in the order of their bytes" grep -q '"changed":{"t.py::a":2,"t.py::b":1.0}' shop.json
check "what is said of the project" json shop.json \
    '[d[k] for k in ("schema", "name", "repository", "path", "licence", "level")] == [
        "tpsched.durations-history/1", "shop", "https://example.org/shop", "d.json", "MIT", "testcase"]'
check "commits are named whole" json shop.json 'all(len(v["commit"]) >= 40 for v in d["versions"])'
check "what was left out is said" all 'err_has "entries are no times"' 'err_has "is left out: not JSON"' \
    '[ "$(wc -l <"$ERR")" -eq 2 ]'
extract --newest 1 repo d.json
check "the newest alone has everything" json "$OUT" \
    'len(d["versions"]) == 1 and d["versions"][0]["changed"] == {"t.py::b": 4, "t.py::é": 0.5} and d["name"] == "repo"'
extract repo k.json
check "knapsack's ids are files" json "$OUT" 'd["level"] == "file"'
git clone -q --bare repo bare.git
gzip -9 -n -c shop.json >shop.json.gz
extract --like shop.json.gz bare.git
check "the same again from a bare clone" all 'expect_status 0' 'cmp "$OUT" shop.json'
extract repo other
check "a file without durations" fails 1 "no version of 'other'" "not JSON"
extract repo missing.json
check "a path that never was" fails 1 "no version of 'missing.json'"
extract nowhere d.json
check "no repository" fails 1 "'nowhere' is not a git repository"
extract --like other.gz repo
check "no history to be like" fails 1 "cannot read 'other.gz'"
extract repo
check "wrong usage" fails 2 "give either PATH or --like HISTORY"
finish
