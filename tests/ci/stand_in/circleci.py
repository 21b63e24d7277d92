# SPDX-License-Identifier: MIT
"""CircleCI: a setup workflow, its continuation, parallelism, workspaces, caches that are written once."""
import json
import os
import re
import shutil

import yaml

from stand_in.world import Node, Unknown, copy, known, matching

TYPES = {"integer": int, "string": str}


def read(world, name, parameters):
    """A configuration in which what stands in << >> is replaced."""
    with open(world.document(name), encoding="utf-8") as file:
        text = file.read()

    def value(match):
        names = {"pipeline.id": world.run, **{f"pipeline.parameters.{k}": v for k, v in parameters.items()}}
        if match.group(1) not in names:
            raise Unknown(f"<< {match.group(1)} >>")
        return str(names[match.group(1)])

    return yaml.safe_load(re.sub(r"<<\s*(.*?)\s*>>", value, text))


def key_of(world, key):
    world.memory["epoch"] = world.memory.get("epoch", 0) + 1
    key = key.replace("{{ epoch }}", f"{world.run}-{world.memory['epoch']}")
    if "{{" in key:
        raise Unknown(f"key {key}")
    return key


class Job:
    def __init__(self, world, name, job, index=0, total=1):
        known(job, "docker steps environment parallelism", name)
        self.world, self.job, self.index = world, job, index
        self.key = name
        self.name = name if total == 1 and "parallelism" not in job else f"{name} {index}"
        self.variables = {
            "CIRCLECI": "true",
            "CIRCLE_NODE_INDEX": str(index),
            "CIRCLE_NODE_TOTAL": str(total),
            "CIRCLE_WORKFLOW_ID": f"{world.run}-{world.attempt}",
            "CIRCLE_WORKFLOW_WORKSPACE_ID": world.run,
            **{key: str(value) for key, value in job.get("environment", {}).items()},
        }
        self.node = None
        self.parameters = None

    def persist(self, given):
        known(given, "root paths", "persist_to_workspace")
        root = os.path.join(self.node.folder, given["root"])
        target = self.world.kept("workspace", self.key, str(self.index))
        for name in [name for path in given["paths"] for name in matching(root, path)]:
            copy(os.path.join(root, name), os.path.join(target, name))

    def attach(self, given):
        """A file that two nodes have stored is an error."""
        known(given, "at", "attach_workspace")
        store, seen = self.world.kept("workspace"), set()
        for path in matching(store, "**"):
            name = path.split("/", 2)[2]
            if name in seen:
                raise Unknown(f"workspace: two nodes have stored {name}")
            seen.add(name)
            copy(os.path.join(store, path), os.path.join(self.node.folder, given["at"], name))

    def step(self, step, good):
        """Is all well still?"""
        if isinstance(step, str):
            step = {step: {}}
        [(kind, given)] = step.items()
        given = {"command": given} if kind == "run" and isinstance(given, str) else given
        always = kind in ("store_test_results", "store_artifacts") or given.get("when") == "always"
        if not (good or always):
            return good
        if kind == "checkout":
            self.node.checkout()
        elif kind == "run":
            return self.node.shell(known(given, "command", "run")["command"], "bash -eo pipefail") == 0
        elif kind == "restore_cache":
            known(given, "keys", kind)
            keys = [key_of(self.world, key) for key in given["keys"]]
            print("cache:", self.world.caches.restore(keys, self.node.folder))
        elif kind == "save_cache":
            known(given, "key paths when", kind)
            self.world.caches.save(key_of(self.world, given["key"]), self.node.folder, given["paths"])
        elif kind == "persist_to_workspace":
            self.persist(given)
        elif kind == "attach_workspace":
            self.attach(given)
        elif kind == "continuation/continue":
            known(given, "configuration_path parameters", kind)
            with open(self.node.file(given["parameters"]), encoding="utf-8") as file:
                self.parameters = json.load(file)
        elif kind not in ("store_test_results", "store_artifacts"):
            raise Unknown(f"step {kind}")
        elif not os.path.exists(self.node.file(given["path"])):
            print(f"no {given['path']}")
        return good

    def play(self):
        shutil.rmtree(self.world.kept("workspace", self.key, str(self.index)))
        if self.world.is_lost(self.name):
            return self.world.done(self.name, "failure")
        self.node = Node(self.world, self.name, self.variables, checkout=False)
        good = True
        for step in self.job["steps"]:
            good = self.step(step, good)
        return self.world.done(self.name, "success" if good else "failure")


def nodes(world, name, job):
    total = job.get("parallelism", 1)
    if not isinstance(total, int) or total < 1:
        raise Unknown(f"parallelism: {total}")
    return [Job(world, name, job, index, total) for index in range(total)]


def declared(document, parameters):
    """A parameter that is not declared, or has another type, is refused there."""
    for name, value in parameters.items():
        if not isinstance(value, TYPES[document["parameters"][name]["type"]]):
            raise Unknown(f"parameter {name}: {value}")
    return {name: parameters.get(name, parameter["default"]) for name, parameter in document["parameters"].items()}


def is_wanted(workflow):
    if "when" not in workflow:
        return True
    left, right = workflow["when"]["not"]["equal"]
    return left != right


def holds(world, jobs, requires):
    """Do the statuses of what is required fit?"""
    for need in requires:
        name, wanted = next(iter(need.items())) if isinstance(need, dict) else (need, ["success"])
        results = [world.outcome(node.name)["result"] for node in jobs[name]]
        result = "failed" if "failure" in results else "success"
        if result not in wanted:
            return False
    return True


def play_workflow(world, document):
    """A job runs again whole when one of its nodes has failed."""
    jobs = {}
    [workflow] = document["workflows"].values()
    if not is_wanted(workflow):
        return print("the workflow has nothing to do")
    for entry in workflow["jobs"]:
        name, more = next(iter(entry.items())) if isinstance(entry, dict) else (entry, {})
        requires = known(more, "requires", name).get("requires", [])
        jobs[name] = nodes(world, name, document["jobs"][name])
        before = [node.name for need in requires for other in need for node in jobs[other]]
        if not holds(world, jobs, requires):
            world.skip(name)
        elif any(world.is_due(node.name, before) for node in jobs[name]):
            for node in jobs[name]:
                node.play()
    return None


def play(world):
    document = read(world, "circleci/config.yml", {})
    known(document, "version setup orbs jobs workflows", "config.yml")
    setup = Job(world, "plan", document["jobs"]["plan"])
    if world.is_due("plan"):
        setup.play()
        world.memory["parameters"] = setup.parameters
    if world.memory["parameters"] is not None:
        declaring = read(world, "circleci/test.yml", {"shards": 1, "plan_id": "", "expected": 0})
        parameters = declared(declaring, world.memory["parameters"])
        play_workflow(world, read(world, "circleci/test.yml", parameters))
