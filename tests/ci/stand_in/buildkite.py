# SPDX-License-Identifier: MIT
"""Buildkite: steps that are uploaded, an agent's program for artifacts, attempts of single jobs."""
import os
import re

import yaml

from stand_in.world import Node, Unknown, known

STEP = "label key command artifact_paths plugins wait continue_on_failure"


def uploaded(text, variables):
    """What one dollar stands before is replaced when a pipeline is uploaded; two are one."""

    def value(match):
        if match.group() == "$$":
            return "$"
        if match.group(1) not in variables:
            raise Unknown(f"a variable at the upload: {match.group()}")
        return variables[match.group(1)]

    return yaml.safe_load(re.sub(r"\$\$|\$(\w+)", value, text))


class Build:
    def __init__(self, world):
        self.world = world
        self.variables = {"BUILDKITE": "true", "BUILDKITE_BUILD_ID": world.run}
        self.store = world.kept("artifacts")
        self.steps_file = os.path.join(world.kept("steps"), "steps.yml")
        self.failed = False

    def cache(self, node, plugins, before):
        for plugin in plugins:
            [(name, given)] = plugin.items()
            if not name.startswith("cache#"):
                raise Unknown(f"plugin {name}")
            known(given, "path restore save force", name)
            if before and "restore" in given:
                print("cache:", self.world.caches.restore([], node.folder, [given["restore"]]))
            if not before and "save" in given:
                self.world.caches.save(given["save"], node.folder, [given["path"]], bool(given.get("force")))

    def command(self, step, name):
        world = self.world
        former = world.outcome(name)
        retry = former["retry"] + 1 if former and "retry" in former else 0
        if world.is_lost(name):
            self.failed = True
            return world.done(name, "failure", retry=retry)
        own = {"BUILDKITE_RETRY_COUNT": str(retry), "STAND_IN_JOB": name}
        more = {"STAND_IN_ARTIFACTS": self.store, "STAND_IN_STEPS": self.steps_file}
        node = Node(world, name, {**self.variables, **own, **more}, retry=retry)
        self.cache(node, step.get("plugins", []), before=True)
        good = node.shell(step["command"]) == 0
        if "artifact_paths" in step:
            node.shell(f"buildkite-agent artifact upload '{step['artifact_paths']}'")
        if good:
            self.cache(node, step.get("plugins", []), before=False)
        self.failed = self.failed or not good
        return world.done(name, "success" if good else "failure", retry=retry)

    def play(self, steps):
        """A step behind one that waits is not run when one before it failed, unless it goes on then."""
        waits, before = False, []
        for step in steps:
            known(step, STEP, "step")
            if "wait" in step:
                waits = not step.get("continue_on_failure", False)
                before = list(self.world.played)
                continue
            name = step["label"]
            if waits and self.failed:
                self.world.skip(name)
            elif self.world.is_due(name, before):
                self.command(step, name)
            elif self.world.outcome(name)["result"] == "failure":
                self.failed = True
            if name == "plan" and os.path.exists(self.steps_file):
                self.play_uploaded()

    def play_uploaded(self):
        if self.world.options.what == "all":
            return
        with open(self.steps_file, encoding="utf-8") as file:
            document = uploaded(file.read(), self.variables)
        known(document, "env steps", "steps.yml")
        variables, self.variables = self.variables, {**self.variables, **document.get("env", {})}
        self.play(document["steps"])
        self.variables = variables


def play(world):
    """Of a whole build only the step that plans can be run again alone: a build is never played anew."""
    build = Build(world)
    with open(world.document("buildkite.yml"), encoding="utf-8") as file:
        document = uploaded(file.read(), build.variables)
    build.play(known(document, "steps", "pipeline.yml")["steps"])
