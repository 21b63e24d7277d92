# SPDX-License-Identifier: MIT
"""GitLab: stages, a child pipeline from an artifact, caches that are overwritten, no attempts."""
import os
import re
import shutil

from stand_in.world import Node, Unknown, copy, known, matching, read_yaml

JOB = "stage cache script artifacts variables trigger needs extends when"


def store(world, pipeline, name, path, paths):
    """A job's artifacts; those of its former run are gone."""
    target = world.kept("artifacts", pipeline, name)
    shutil.rmtree(target)
    for pattern in paths:
        found = matching(path, pattern)
        if not found:
            print(f"{pattern}: no matching files")
        for file in found:
            copy(os.path.join(path, file), os.path.join(target, file))


class Pipeline:
    def __init__(self, world, number, document, variables):
        self.world, self.number = world, number
        jobs = dict(document)
        self.stages = jobs.pop("stages", ["test"])
        self.variables = {**jobs.pop("variables", {}), **variables}
        self.jobs = {name: self.whole(jobs, job) for name, job in jobs.items() if not name.startswith(".")}

    @staticmethod
    def whole(jobs, job):
        """A job with what it extends."""
        base = dict(jobs[job["extends"]]) if "extends" in job else {}
        variables = {**base.get("variables", {}), **job.get("variables", {})}
        return known({**base, **job, "variables": variables}, JOB, "job")

    def environment(self, job):
        known_here = {"CI_PIPELINE_ID": self.number, **self.variables}
        filled = {
            key: re.sub(r"\$(\w+)", lambda match: str(known_here[match.group(1)]), str(value))
            for key, value in job["variables"].items()
        }
        return {**known_here, **filled, "GITLAB_CI": "true", "CI_NODE_TOTAL": "1"}

    def before(self, stage):
        earlier = self.stages[: self.stages.index(stage)]
        return [name for name, job in self.jobs.items() if job.get("stage", "test") in earlier]

    def fetch(self, name, job, folder, environment):
        """What it needs, or all that earlier stages have stored."""
        sources = [(self.number, other) for other in self.before(job.get("stage", "test"))]
        if "needs" in job:
            sources = []
            for need in job["needs"]:
                known(need, "pipeline job", "needs")
                if not need["pipeline"].startswith("$"):
                    raise Unknown(f"needs: pipeline {need['pipeline']}")
                sources.append((environment[need["pipeline"][1:]], need["job"]))
        for pipeline, other in sources:
            copy(self.world.kept("artifacts", pipeline, other), folder)

    def script(self, name, job):
        world, environment = self.world, self.environment(job)
        cache = known(job.get("cache", {}), "key paths policy when", "cache")
        artifacts = known(job.get("artifacts", {}), "paths when reports", "artifacts")
        if world.is_lost(name):
            shutil.rmtree(world.kept("artifacts", self.number, name))
            return False
        node = Node(world, name, environment)
        if cache:
            print("cache:", world.caches.restore([], node.folder, [cache["key"]]))
        self.fetch(name, job, node.folder, environment)
        good = node.shell("\n".join(job["script"]), "bash -eo pipefail") == 0
        if cache and cache.get("policy") != "pull" and (good or cache.get("when") == "always"):
            world.caches.save(cache["key"], node.folder, cache["paths"], overwrite=True)
        if good or artifacts.get("when") == "always":
            store(world, self.number, name, node.folder, artifacts.get("paths", []))
        return good

    def trigger(self, name, job):
        """The child goes on where it was, unless all of it is played again."""
        world = self.world
        known(job["trigger"], "include strategy", "trigger")
        [include] = job["trigger"]["include"]
        known(include, "artifact job", "include")
        path = os.path.join(world.kept("artifacts", self.number, include["job"]), include["artifact"])
        former = world.outcome(name) or {}
        number = former.get("child", f"{self.number}{world.attempt}")
        variables = self.environment(job)
        child = Pipeline(world, number, read_yaml(path), {key: variables[key] for key in job["variables"]})
        good = child.play()
        world.done(name, "success" if good else "failure", child=number)
        return good

    def play(self):
        """Did all of it succeed?"""
        good = True
        for stage in self.stages:
            before, now = self.before(stage), True
            for name, job in self.jobs.items():
                if job.get("stage", "test") != stage:
                    continue
                if not good and job.get("when") != "always":
                    self.world.skip(name)
                elif "trigger" in job:
                    now = self.trigger(name, job) and now
                elif self.world.is_due(name, before):
                    result = self.script(name, job)
                    self.world.done(name, "success" if result else "failure")
                    now = result and now
            good = good and now
        return good


def play(world):
    if world.options.what == "all":
        world.memory["jobs"] = {}
    Pipeline(world, f"{world.run}0", read_yaml(world.document("gitlab.yml")), {}).play()
