# SPDX-License-Identifier: MIT
"""What all systems have: runs, nodes with a checkout of their own, what is stored, and caches."""
import glob
import json
import os
import re
import shutil
import subprocess
import sys


class Unknown(Exception):
    """A pipeline has something that is not played here."""


def known(mapping, keys, where):
    """All keys of a mapping are among those that are played."""
    for key in mapping:
        if key not in keys.split():
            raise Unknown(f"{where}: '{key}'")
    return mapping


def slug(name):
    return re.sub("[^A-Za-z0-9_.-]", "_", name)


def read_yaml(path):
    """`on` is a word, not true."""
    import yaml  # not for the programs that jobs call: it takes its time

    with open(path, encoding="utf-8") as file:
        text = file.read()
    return yaml.safe_load(re.sub("^on:", "'on':", text, flags=re.M))


def copy(source, target):
    """A file, or what is in a folder; folders are made and united."""
    if os.path.isdir(source):
        shutil.copytree(source, target, dirs_exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copy(source, target)


def matching(folder, pattern):
    """The files of a folder, by their paths there, that a pattern with * and ** means, or are below it."""
    found = set()
    for path in glob.glob(os.path.join(glob.escape(folder), pattern), recursive=True):
        for where, _, names in os.walk(path):
            found.update(os.path.join(where, name) for name in names)
        if os.path.isfile(path):
            found.add(path)
    return sorted(os.path.relpath(path, folder) for path in found)


class World:
    """One run of a pipeline, and what past ones left."""

    def __init__(self, options):
        self.options = options
        self.documents = os.path.abspath(options.documents)
        self.project = os.path.abspath(options.project)
        self.state = os.path.abspath(options.state)
        self.foreign = options.foreign.split("=", 1)
        os.makedirs(self.state, exist_ok=True)
        self.path = os.path.join(self.state, "memory.json")
        self.memory = {"run": 0, "attempt": 1, "jobs": {}}
        if os.path.exists(self.path):
            with open(self.path, encoding="utf-8") as file:
                self.memory = json.load(file)
        if options.what == "start":
            self.memory = {"run": self.memory["run"] + 1, "attempt": 1, "jobs": {}}
        else:
            self.memory["attempt"] += 1
        self.played = []
        self.caches = Caches(os.path.join(self.state, "caches"))

    run = property(lambda self: str(self.memory["run"]))
    attempt = property(lambda self: self.memory["attempt"])

    def document(self, name):
        return os.path.join(self.documents, name)

    def kept(self, *names):
        """A folder of this run."""
        path = os.path.join(self.state, "runs", self.run, *map(slug, names))
        os.makedirs(path, exist_ok=True)
        return path

    def outcome(self, name):
        """What became of a job in this run: `result` and more; or None."""
        return self.memory["jobs"].get(name)

    def is_due(self, name, needs=()):
        """Is this job to be played: by its former result, and because another was played anew?"""
        former = self.outcome(name)
        return (
            self.options.what != "failed"
            or not former
            or former["result"] != "success"
            or any(need in self.played for need in needs)
        )

    def done(self, name, result, **more):
        self.played.append(name)
        self.memory["jobs"][name] = {"result": result, **more}

    def skip(self, name):
        self.memory["jobs"][name] = {"result": "skipped"}

    def finish(self):
        with open(self.path, "w", encoding="utf-8") as file:
            json.dump(self.memory, file)
        for name in self.memory["jobs"]:
            print(f"job {name}: {self.memory['jobs'][name]['result']}")
        return int(any(job["result"] == "failure" for job in self.memory["jobs"].values()))

    def is_lost(self, name):
        if name != self.options.lose:
            return False
        print(f"== {name}: its machine dies", flush=True)
        return True


class Node:
    """A machine that runs one job, with nothing but a checkout, if that, and the system's variables."""

    def __init__(self, world, name, variables, checkout=True, below="", retry=None):
        self.world = world
        self.name = name
        self.root = os.path.join(world.state, "nodes", slug(name))
        self.folder = os.path.join(self.root, below)
        self.output = ""
        shutil.rmtree(self.root, ignore_errors=True)
        os.makedirs(self.folder)
        if checkout:
            self.checkout()
        bare = ("PATH", "HOME", "TMPDIR", "TPSCHED_CLI_PROBE", "STAND_IN_BIN")
        self.variables = {key: os.environ[key] for key in bare if key in os.environ}
        self.variables.update(LANG="C.UTF-8", TERM="dumb", CI="true", **variables)
        if "STAND_IN_BIN" in os.environ:
            self.variables["PATH"] = os.environ["STAND_IN_BIN"] + ":" + os.environ["PATH"]
        print(f"== {name}, attempt {world.attempt if retry is None else retry + 1}", flush=True)

    def checkout(self):
        copy(self.world.project, self.folder)

    def file(self, path):
        return os.path.join(self.folder, path)

    def shell(self, script, shell="bash -e", **variables):
        """The exit status of a script, which stands in a file. What it prints is in `output`."""
        name, plan = self.world.foreign
        if name == self.name:
            variables = {**variables, "STAND_IN_PLAN": os.path.abspath(plan)}
            for path in matching(self.root, "**/plan.json"):
                shutil.copy(plan, os.path.join(self.root, path))
        path = os.path.join(self.world.state, "script")
        with open(path, "w", encoding="utf-8") as file:
            file.write(script)
        ended = subprocess.run(
            [*shell.split(), path],
            cwd=self.folder,
            env={**self.variables, **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            errors="replace",
            encoding="utf-8",
        )
        self.output = ended.stdout
        sys.stdout.write(ended.stdout)
        if ended.returncode:
            print(f"== {self.name}: exit status {ended.returncode}", flush=True)
        return ended.returncode


class Caches:
    """Files by keys. A key is written once, as most systems do it."""

    def __init__(self, folder):
        self.folder = folder
        self.index = os.path.join(folder, "index.json")
        self.keys = []
        if os.path.exists(self.index):
            with open(self.index, encoding="utf-8") as file:
                self.keys = json.load(file)

    def has(self, key):
        return key in self.keys

    def save(self, key, root, paths, overwrite=False, empty=False):
        """False when there is one of that key, or nothing to save: no file, or no folder where `empty`."""
        files = [name for path in paths for name in matching(root, path)]
        some = files or (empty and all(os.path.isdir(os.path.join(root, path)) for path in paths))
        if not some or (key in self.keys and not overwrite):
            print(f"no cache is written for '{key}'")
            return False
        target = os.path.join(self.folder, slug(key))
        shutil.rmtree(target, ignore_errors=True)
        os.makedirs(target)
        for name in files:
            copy(os.path.join(root, name), os.path.join(target, name))
        self.keys = [other for other in self.keys if other != key] + [key]
        with open(self.index, "w", encoding="utf-8") as file:
            json.dump(self.keys, file)
        return True

    def restore(self, beginnings, root, exact=()):
        """The key of the first that is there: exactly, else the newest with that beginning."""
        for wanted in [*exact, *beginnings]:
            fits = [key for key in self.keys if key == wanted or (wanted in beginnings and key.startswith(wanted))]
            if fits:
                key = wanted if wanted in fits else fits[-1]
                copy(os.path.join(self.folder, slug(key)), root)
                return key
        return None
