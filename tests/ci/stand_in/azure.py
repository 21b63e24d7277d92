# SPDX-License-Identifier: MIT
"""Azure Pipelines: commands in the output, matrices from a variable, artifacts that are written once."""
import json
import os
import re

from stand_in.expressions import Open, evaluate
from stand_in.world import Node, Unknown, copy, known, matching, read_yaml, slug

JOB = "job workspace steps dependsOn condition strategy variables"
STEP = "checkout task inputs bash name publish artifact download patterns condition continueOnError"


class Job:
    def __init__(self, world, job, name, variables, dependencies):
        self.world, self.job, self.name = world, known(job, JOB, job["job"]), name
        self.dependencies = dependencies
        self.outputs, self.good, self.to_save = {}, True, []
        self.folder = os.path.join(world.state, "nodes", slug(name))
        self.variables = Open(
            {
                "Build.BuildId": world.run,
                "Pipeline.Workspace": self.folder,
                "System.JobAttempt": str(world.attempt),
                "System.StageAttempt": str(world.attempt),
                **variables,
            }
        )
        for key, value in job.get("variables", {}).items():
            self.variables[key] = self.fill(value)

    def evaluate(self, text):
        names = {"variables": self.variables, "dependencies": self.dependencies}
        calls = {
            "and": lambda *values: all(values),
            "or": lambda *values: any(values),
            "eq": lambda left, right: left == right,
            "ne": lambda left, right: left != right,
            "lt": lambda left, right: left < type(left)(right),
            "always": lambda: True,
            "succeeded": lambda: self.good,
        }
        return evaluate(text, names, calls)

    def fill(self, text):
        """What is no variable stays, and is the shell's."""
        return re.sub(
            r"\$\(([A-Za-z0-9_.]+)\)",
            lambda match: self.variables.get(match.group(1), match.group()),
            str(text),
        )

    def artifact(self, name):
        return os.path.join(self.world.kept("artifacts"), slug(name))

    def publish(self, node, step):
        target, path = self.artifact(self.fill(step["artifact"])), node.file(self.fill(step["publish"]))
        if os.path.exists(target) or not os.path.exists(path):
            print(f"artifact {target}: it exists, or {path} does not")
            return False
        copy(path, os.path.join(target, os.path.basename(path)) if os.path.isfile(path) else target)
        return True

    def download(self, step):
        if step["download"] != "current":
            raise Unknown(f"download: {step['download']}")
        names = [self.fill(step["artifact"])] if "artifact" in step else os.listdir(self.world.kept("artifacts"))
        for name in names:
            if not os.path.isdir(self.artifact(name)):
                print(f"there is no artifact {name}")
                return False
            copy(self.artifact(name), os.path.join(self.folder, slug(name)))
        return True

    def cache(self, node, given):
        """Written when the job has ended well, unless there is one of that very key."""
        known(given, "key restoreKeys path", "Cache@2")
        key = self.fill(given["key"]).replace(" ", "")
        found = self.world.caches.restore([given["restoreKeys"]], node.folder, [key])
        print("cache:", found)
        if found != key:
            self.to_save.append((key, given["path"]))
        return True

    def bash(self, node, step):
        """Without -e, as it is there; the commands in its output are done."""
        more = {key.upper().replace(".", "_"): value for key, value in self.variables.items()}
        status = node.shell(self.fill(step["bash"]), "bash --noprofile --norc", TF_BUILD="True", **more)
        for name, more, value in re.findall(
            r"^##vso\[task\.setvariable variable=(\w+)(;isOutput=true)?\](.*)$", node.output, re.M
        ):
            if more:
                self.outputs[f"{step['name']}.{name}"] = value
            else:
                self.variables[name] = value
        if node.output.count("##vso[") != len(re.findall(r"^##vso\[task\.setvariable ", node.output, re.M)):
            raise Unknown("a command in the output")
        return status == 0

    def step(self, node, step):
        known(step, STEP, "step")
        if not self.evaluate(step.get("condition", "succeeded()")):
            return True
        if "checkout" in step:
            if step["checkout"] == "self":
                node.checkout()
            return True
        if "bash" in step:
            return self.bash(node, step)
        if "publish" in step:
            return self.publish(node, step)
        if "download" in step:
            return self.download(step)
        if step["task"] == "Cache@2":
            return self.cache(node, step["inputs"])
        if step["task"] == "PublishTestResults@2":
            return bool(matching(node.folder, step["inputs"]["testResultsFiles"]))
        raise Unknown(f"task {step['task']}")

    def play(self):
        if self.world.is_lost(self.name):
            return self.world.done(self.name, "failure", outputs={})
        if self.job.get("workspace") != {"clean": "all"}:
            raise Unknown("a machine of one's own, on which a former run's artifacts may be")
        node = Node(self.world, self.name, {}, checkout=False, below="s")
        for step in self.job["steps"]:
            good = self.step(node, step) or step.get("continueOnError", False)
            self.good = self.good and good
        for key, path in self.to_save if self.good else []:
            self.world.caches.save(key, node.folder, [path], empty=True)
        return self.world.done(self.name, "success" if self.good else "failure", outputs=self.outputs)


def entries(job):
    """The jobs of a matrix, by the names of its entries."""
    if "strategy" not in job.job:
        return {"": {}}
    text = known(job.job["strategy"], "matrix", "strategy")["matrix"]
    matrix = json.loads(job.evaluate(re.fullmatch(r"\$\[(.*)\]", text).group(1)))
    for name in matrix:
        if not re.fullmatch("[A-Za-z][A-Za-z0-9_]{0,99}", name):
            raise Unknown(f"a name in a matrix: {name}")
    if not matrix:
        raise Unknown("an empty matrix")
    return matrix


def play(world):
    document = known(read_yaml(world.document("azure.yml")), "pool jobs", "pipeline")
    jobs = {}
    for job in document["jobs"]:
        needs = job.get("dependsOn", [])
        needs = [needs] if isinstance(needs, str) else needs
        before = [name for need in needs for name in jobs[need]]
        outputs = {need: {"outputs": Open(world.outcome(jobs[need][0]).get("outputs", {}))} for need in needs}
        one = Job(world, job, job["job"], {}, outputs)
        one.good = all(world.outcome(name)["result"] == "success" for name in before)
        if not one.evaluate(job.get("condition", "succeeded()")):
            jobs[job["job"]] = [job["job"]]
            world.skip(job["job"])
            continue
        jobs[job["job"]] = []
        for entry, variables in entries(one).items():
            name = f"{job['job']} {entry}".strip()
            jobs[job["job"]].append(name)
            if world.is_due(name, before):
                Job(world, job, name, variables, outputs).play()
