# SPDX-License-Identifier: MIT
"""Debian's packages, and its source packages without a change to the system's own lists."""

import os
import re
import subprocess
from pathlib import Path

LISTS = (Path("/etc/apt/sources.list"), Path("/etc/apt/sources.list.d/debian.sources"))


def installed(package):
    show = ["dpkg-query", "-W", "-f", "${db:Status-Abbrev}", package]
    return subprocess.run(show, capture_output=True, text=True).stdout.startswith("ii")


def install(packages):
    """What is missing of them."""
    missing = [package for package in packages if not installed(package)]
    if not missing:
        return
    as_root = [] if os.geteuid() == 0 else ["sudo"]
    command = ["apt-get", "-qq", "install", "--yes", "--no-install-recommends", *missing]
    environment = ["env", "DEBIAN_FRONTEND=noninteractive"]
    subprocess.run([*as_root, *environment, *command], check=True, stdout=subprocess.DEVNULL)


def with_sources(text):
    """The entries of a list of packages, for sources."""
    text = re.sub(r"^Types:.*", "Types: deb-src", text, flags=re.M)
    return re.sub(r"^deb\s", "deb-src ", text, flags=re.M)


def apt_options(work):
    """A copy of Debian's own entries, in a directory of ours, where no rights are needed."""
    apt = work / "apt"
    (apt / "parts").mkdir(parents=True, exist_ok=True)
    (apt / "lists" / "partial").mkdir(parents=True, exist_ok=True)
    for file in LISTS:
        if file.exists():
            name = "main.list" if file.name == "sources.list" else file.name
            (apt / "parts" / name).write_text(with_sources(file.read_text()))
    options = {
        "Dir::Etc::sourcelist": "/dev/null",
        "Dir::Etc::sourceparts": apt / "parts",
        "Dir::State::lists": apt / "lists",
        "Dir::Cache::srcpkgcache": "",
        "Dir::Cache::pkgcache": "",
        "APT::Sandbox::User": "root" if os.geteuid() == 0 else "",
    }
    return [word for key, value in options.items() for word in ("-o", f"{key}={value}")]


def source(work, package, directory):
    """Unpack a source package into a directory, unless it is there."""
    if directory.exists():
        return
    install(["dpkg-dev"])
    options = apt_options(work)
    if not any((work / "apt" / "lists").glob("*Sources*")):
        subprocess.run(["apt-get", "-qq", *options, "update"], check=True)
    into = directory.with_name(directory.name + ".unpack")
    into.mkdir(parents=True, exist_ok=True)
    got = subprocess.run(["apt-get", "-qq", *options, "source", package], cwd=into,
                         capture_output=True, text=True)  # fmt: skip
    if got.returncode:
        raise RuntimeError(f"no source package '{package}':\n{got.stderr[-500:]}")
    (unpacked,) = [entry for entry in into.iterdir() if entry.is_dir()]
    unpacked.rename(directory)
