# SPDX-License-Identifier: MIT
"""Bitbucket: steps one behind the other, groups of them, caches that stay as they are for a week."""
import os
import shutil

from stand_in.world import Node, copy, known, matching, read_yaml


def play_step(world, step, caches, more):
    name = step["name"]
    known(step, "name caches script artifacts", name)
    shutil.rmtree(world.kept("artifacts", name))
    if world.is_lost(name):
        return world.done(name, "failure")
    variables = {
        "BITBUCKET_BUILD_NUMBER": world.run,
        "BITBUCKET_PIPELINE_UUID": "{" + world.run + "}",
        "BITBUCKET_STEP_RUN_NUMBER": str(world.attempt),
        **more,
    }
    node = Node(world, name, variables)
    store = world.kept("artifacts")
    for job in sorted(os.listdir(store)):
        copy(os.path.join(store, job), node.folder)
    for cache in step.get("caches", []):
        print("cache:", world.caches.restore([], node.folder, [cache]))
    good = node.shell("\n".join(step["script"])) == 0
    if good:
        for cache in step.get("caches", []):
            world.caches.save(cache, node.folder, [caches[cache]])
        for pattern in step.get("artifacts", []):
            for file in matching(node.folder, pattern):
                copy(node.file(file), os.path.join(world.kept("artifacts", name), file))
    return world.done(name, "success" if good else "failure")


def play(world):
    """What stands behind a step that failed is not run."""
    document = read_yaml(world.document("bitbucket-pipelines.yml"))
    known(document, "definitions pipelines", "pipelines")
    caches = known(document["definitions"], "caches", "definitions")["caches"]
    before, good = [], True
    for entry in known(document["pipelines"], "default", "pipelines")["default"]:
        known(entry, "step parallel", "default")
        steps = [other["step"] for other in entry.get("parallel", [entry])]
        for number, step in enumerate(steps):
            more = {"BITBUCKET_PARALLEL_STEP": str(number), "BITBUCKET_PARALLEL_STEP_COUNT": str(len(steps))}
            if not good:
                world.skip(step["name"])
            elif world.is_due(step["name"], before):
                play_step(world, step, caches, more if "parallel" in entry else {})
        names = [step["name"] for step in steps]
        good = good and all(world.outcome(name)["result"] == "success" for name in names)
        before = before + names
