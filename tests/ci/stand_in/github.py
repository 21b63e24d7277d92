# SPDX-License-Identifier: MIT
"""GitHub Actions: matrices, reusable workflows, artifacts that are written once, caches by prefix."""
import json
import os
import re

from stand_in.expressions import Open, evaluate
from stand_in.world import Node, Unknown, copy, known, matching, read_yaml, slug

JOB = "name needs if runs-on outputs strategy env steps uses with"
STEP = "name id if uses with run env continue-on-error"


class Context:
    """What expressions of one job can name."""

    def __init__(self, world, names, good=True):
        self.names = {"github": {"run_id": world.run, "run_attempt": str(world.attempt)}, **names}
        self.good = good
        self.asked = False

    def state(self, value):
        self.asked = True
        return value

    def evaluate(self, text):
        return evaluate(
            text,
            self.names,
            {
                "fromJSON": json.loads,
                "always": lambda: self.state(True),
                "success": lambda: self.state(self.good),
                "failure": lambda: self.state(not self.good),
            },
        )

    def holds(self, condition):
        """A condition that asks for no status has success() before it."""
        self.asked = False
        value = self.evaluate(str(condition).strip())
        return bool(value) and (self.asked or self.good)

    def fill(self, value):
        if not isinstance(value, str):
            return value
        whole = re.fullmatch(r"\$\{\{((?:(?!\}\}).)*)\}\}", value, re.S)
        if whole:
            return self.evaluate(whole.group(1))
        return re.sub(r"\$\{\{(.*?)\}\}", lambda match: str(self.evaluate(match.group(1))), value)


def checkout(world, node, given):
    known(given, "", "checkout")
    node.checkout()
    return True


def restore(world, node, given):
    known(given, "path key restore-keys", "cache/restore")
    beginnings = str(given.get("restore-keys", "")).split()
    print("cache:", world.caches.restore([given["key"], *beginnings], node.folder))
    return True


def save(world, node, given):
    known(given, "path key", "cache/save")
    world.caches.save(given["key"], node.folder, [given["path"]])
    return True


def upload(world, node, given):
    """A name is written once in a run, in whichever attempt; hidden files stay behind."""
    known(given, "name path overwrite include-hidden-files", "upload-artifact")
    paths = given["path"].split()
    files = [name for path in paths for name in matching(node.folder, path)]
    root = paths[0] if len(paths) == 1 and os.path.isdir(node.file(paths[0])) else "."
    if not given.get("include-hidden-files"):
        files = [name for name in files if not any(part.startswith(".") for part in name.split("/"))]
    target = os.path.join(world.kept("artifacts"), slug(given["name"]))
    if not files:
        print(f"no files for the artifact {given['name']}")
        return True
    if os.path.exists(target) and not given.get("overwrite"):
        print(f"an artifact {given['name']} already exists")
        return False
    for name in files:
        copy(node.file(name), os.path.join(target, os.path.relpath(name, root)))
    return True


def download(world, node, given):
    known(given, "name pattern path merge-multiple", "download-artifact")
    store, path = world.kept("artifacts"), given.get("path", ".")
    if "name" in given:
        if not os.path.isdir(os.path.join(store, slug(given["name"]))):
            print(f"there is no artifact {given['name']}")
            return False
        copy(os.path.join(store, slug(given["name"])), node.file(path))
        return True
    for name in sorted({file.split("/")[0] for file in matching(store, given["pattern"] + "/**")}):
        copy(os.path.join(store, name), node.file(path if given.get("merge-multiple") else os.path.join(path, name)))
    return True


ACTIONS = {
    "actions/checkout@v4": checkout,
    "actions/cache/restore@v4": restore,
    "actions/cache/save@v4": save,
    "actions/upload-artifact@v4": upload,
    "actions/download-artifact@v4": download,
}


def read_outputs(path):
    outputs = Open()
    with open(path, encoding="utf-8") as file:
        for line in file.read().splitlines():
            name, equals, value = line.partition("=")
            if not equals or "<<" in name:
                raise Unknown(f"output '{line[:60]}'")
            outputs[name] = value
    return outputs


def play_step(world, node, step, context, variables):
    """Did it succeed? Its outputs are in the context."""
    known(step, STEP, "step")
    if "uses" in step:
        if step["uses"] not in ACTIONS:
            raise Unknown(f"uses: {step['uses']}")
        given = {key: context.fill(value) for key, value in step.get("with", {}).items()}
        return ACTIONS[step["uses"]](world, node, given)
    output = os.path.join(world.state, "output")
    open(output, "w", encoding="utf-8").close()
    own = {key: str(context.fill(value)) for key, value in step.get("env", {}).items()}
    status = node.shell(context.fill(step["run"]), **{**variables, **own, "GITHUB_OUTPUT": output})
    if "id" in step:
        context.names["steps"][step["id"]] = {"outputs": read_outputs(output)}
    return status == 0


def play_job(world, name, job, context):
    """One job, or one of a matrix."""
    if world.is_lost(name):
        return world.done(name, "failure", outputs={})
    variables = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_RUN_ID": world.run,
        "GITHUB_RUN_ATTEMPT": str(world.attempt),
        "GITHUB_STEP_SUMMARY": os.path.join(world.state, "summary.md"),
    }
    variables.update({key: str(context.fill(value)) for key, value in job.get("env", {}).items()})
    node = Node(world, name, {}, checkout=False)
    context.good = True
    context.names["steps"] = Open()
    for step in job["steps"]:
        if context.holds(step.get("if", "success()")):
            good = play_step(world, node, step, context, variables)
            context.good = context.good and (good or bool(step.get("continue-on-error")))
    outputs = {key: context.fill(value) for key, value in job.get("outputs", {}).items()}
    return world.done(name, "success" if context.good else "failure", outputs=outputs)


def entries(matrix):
    if list(matrix) == ["include"]:
        result = matrix["include"]
    elif len(matrix) == 1:
        result = [{key: value} for key, values in matrix.items() for value in values]
    else:
        raise Unknown(f"matrix of {list(matrix)}")
    if not result or len(result) > 256:
        raise Unknown(f"a matrix of {len(result)} jobs is an error")
    return result


def play_matrix(world, key, job, names, played):
    """All jobs of one key; the names of those that there are."""
    known(job, JOB, key)
    context = Context(world, names)
    all_of_it = [{}]
    if "strategy" in job:
        known(job["strategy"], "fail-fast matrix", "strategy")
        matrix = context.fill(job["strategy"]["matrix"])
        all_of_it = entries({name: context.fill(value) for name, value in matrix.items()})
    found = []
    for entry in all_of_it:
        context = Context(world, {**names, "matrix": entry})
        name = str(context.fill(job.get("name", key)))
        if "uses" in job:
            given = {key: context.fill(value) for key, value in job["with"].items()}
            document = world.document("github-groups/" + os.path.basename(job["uses"]))
            found += play_workflow(world, document, {"inputs": given}, name + " / ")
            continue
        found.append(name)
        if world.is_due(name, played):
            play_job(world, name, job, context)
    return found


def needed(world, jobs, needs):
    """What `needs` is for expressions: the worst result of each."""
    results = {}
    for need in needs:
        outcomes = [world.outcome(name) for name in jobs[need]]
        words = [outcome["result"] for outcome in outcomes]
        worst = next((word for word in ("failure", "skipped") if word in words), "success")
        results[need] = {"result": worst, "outputs": Open(outcomes[0].get("outputs", {}))}
    return results


def play_workflow(world, path, names, prefix=""):
    document = read_yaml(path)
    known(document, "name on jobs", path)
    jobs = {}
    for key, job in document["jobs"].items():
        needs = job.get("needs", [])
        needs = [needs] if isinstance(needs, str) else needs
        given = needed(world, jobs, needs)
        good = all(need["result"] == "success" for need in given.values())
        if Context(world, {**names, "needs": given}, good).holds(job.get("if", "success()")):
            before = [name for need in needs for name in jobs[need]]
            label = {"name": prefix + job.get("name", key)}
            jobs[key] = play_matrix(world, key, {**job, **label}, {**names, "needs": given}, before)
        else:
            jobs[key] = [prefix + key]
            world.skip(prefix + key)
    return [name for found in jobs.values() for name in found]


def play(world):
    groups = os.environ.get("STAND_IN_GROUPS")
    play_workflow(world, world.document("github-groups/tests.yml" if groups else "github.yml"), {})
