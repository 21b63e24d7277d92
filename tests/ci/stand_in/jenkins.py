# SPDX-License-Identifier: MIT
"""Jenkins: a Jenkinsfile is a program, so its steps are known one by one, and its `sh` are played."""
import json
import os
import re

from stand_in.world import Node, Unknown, copy, matching

# What stands in it beside `sh`: the flow that is played below.
LINES = """
node {
deleteDir()
checkout scm
copyArtifacts projectName: env.JOB_NAME, selector: lastCompleted(), filter: 'runtime-data.json', optional: true
shards = readJSON file: 'shards.json'
stash name: 'workspace', useDefaultExcludes: false
}
branches = [failFast: false]
for (shard in shards) {
def mine = shard
branches[mine.name] = {
node {
deleteDir()
unstash 'workspace'
try {
withEnv(["TPSCHED_SHARD=${mine.shard}", "NUMBER=${mine.number}"]) {
}
} finally {
stash name: "report-${mine.number}", includes: 'report/**', allowEmpty: true
}
}
}
}
catchError(buildResult: 'FAILURE') {
parallel branches
}
node {
deleteDir()
unstash 'workspace'
for (shard in shards) {
try {
unstash "report-${shard.number}"
} catch (missing) {
echo "no report of ${shard.name}: the merge says so"
}
}
try {
} finally {
junit 'merged.xml'
archiveArtifacts artifacts: 'report.html, runtime-data.json'
}
}
""".split("\n")


def scripts(world):
    """Those of planning, running and merging."""
    with open(world.document("Jenkinsfile"), encoding="utf-8") as file:
        text = file.read()
    pattern = r"\bsh ('''.*?'''|'[^'\n]*')"
    found = [match.strip("'") for match in re.findall(pattern, text, re.S)]
    rest = [line.strip() for line in re.sub(pattern, "", text, flags=re.S).splitlines()]
    rest = [line for line in rest if line and not line.startswith("//")]
    if rest != [line for line in LINES if line] or len(found) != 3:
        wrong = [line for line in rest if line not in LINES]
        raise Unknown(f"the flow is another one: {wrong or found}")
    return found


class Build:
    def __init__(self, world):
        self.world = world
        self.variables = {
            "JENKINS_URL": "http://jenkins.example/",
            "BUILD_TAG": f"jenkins-shop-{world.run}-{world.attempt}",
        }
        self.archive = os.path.join(world.state, "archive")

    def node(self, name, script, stashes, more):
        """The node that was played, and whether it went well."""
        if self.world.is_lost(name):
            self.world.done(name, "failure")
            return None, False
        node = Node(self.world, name, {**self.variables, **more}, checkout=not stashes)
        for stash in stashes:
            copy(self.world.kept("stash", stash), node.folder)
        if name == "plan" and os.path.isdir(self.archive):
            copy(self.archive, node.folder)
        good = node.shell(script, "sh -xe") == 0
        self.world.done(name, "success" if good else "failure")
        return node, good

    def stash(self, node, name, pattern):
        for file in matching(node.folder, pattern):
            copy(node.file(file), os.path.join(self.world.kept("stash", name), file))


def play(world):
    """Run again, a build is a new one."""
    build = Build(world)
    plan, run, merge = scripts(world)
    world.memory["jobs"] = {}
    world.options.what = "all"
    if world.attempt > 1:
        world.memory["run"] += 1
    node, good = build.node("plan", plan, [], {})
    if not good:
        return
    with open(node.file("shards.json"), encoding="utf-8") as file:
        shards = json.load(file)
    build.stash(node, "workspace", "**")
    for shard in shards:
        more = {"TPSCHED_SHARD": shard["shard"], "NUMBER": str(shard["number"])}
        node, good = build.node(shard["name"], run, ["workspace"], more)
        if node:
            build.stash(node, f"report-{shard['number']}", "report/**")
    reports = [f"report-{shard['number']}" for shard in shards]
    node, good = build.node("merge", merge, ["workspace", *reports], {})
    for name in ("report.html", "runtime-data.json"):
        copy(node.file(name), os.path.join(build.archive, name))
