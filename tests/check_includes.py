#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Who may include whom: check the #include lines of all C files against the table.

usage: check_includes.py [ROOT]

The same table stands in docs/architecture.md; that it does is checked here, too.
"""

import re
import sys
from pathlib import Path

# folder: the folders it may include, besides itself
MAY_INCLUDE = {
    "core": [],
    "formats": ["core"],
    "partition": ["core"],
    "adapters": ["core", "formats"],
    "runtime": ["core", "formats"],
    "scheduler": ["core", "formats", "partition", "adapters", "runtime"],
    "scenario": ["core", "formats"],
    "cli": ["core", "formats", "partition", "adapters", "runtime", "scheduler", "scenario"],
    "tests": [
        "core", "formats", "partition", "adapters", "runtime", "scheduler", "scenario", "cli",
    ],
    "fuzz": ["core", "formats", "partition", "adapters", "runtime", "scheduler"],
    "bench": ["core", "formats", "partition", "adapters", "runtime", "scheduler"],
}

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]')
# Code made up for tests of the frameworks: other people's programs.
FOREIGN = ("tests/frameworks/",)
# Made in the build directory.
GENERATED = {"report-viewer.h", "tpsched-resources.h"}


def check_file(root, path):
    """The complaints about one file, as lines."""
    own = path.relative_to(root).parts[0]
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        kind, name = match.groups()
        place = f"{path.relative_to(root)}:{number}"
        folder = name.split("/")[0] if "/" in name else None
        if kind == "<":
            if folder in MAY_INCLUDE and (root / name).exists():
                yield f'{place}: <{name}> is our own; write "{name}"'
            continue
        if name in GENERATED:
            continue
        if folder not in MAY_INCLUDE:
            yield f'{place}: "{name}": write the path from the root'
        elif not (root / name).exists():
            yield f'{place}: "{name}": there is no such file'
        elif folder != own and folder not in MAY_INCLUDE[own]:
            yield f"{place}: {own}/ may not include {folder}/ ({name})"
        elif (name.endswith("_internal.h") and folder not in (own, "tests")
              and own not in ("tests", "fuzz")):
            yield f'{place}: "{name}" is for {folder}/ only'


def check_table(root):
    """The table of docs/architecture.md says the same as ours."""
    path = root / "docs/architecture.md"
    rows = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        match = re.match(r"^\| `(\w+)/` \|([^|]*)\|", line)
        if match:
            rows[match.group(1)] = re.findall(r"`(\w+)/`", match.group(2))
    for folder, allowed in MAY_INCLUDE.items():
        if rows.get(folder) != allowed:
            yield f"docs/architecture.md: the row of {folder}/ says {rows.get(folder)}, not {allowed}"


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    files = [
        path
        for folder in MAY_INCLUDE
        for path in sorted((root / folder).rglob("*.[ch]"))
        if not str(path.relative_to(root)).startswith(FOREIGN)
    ]
    complaints = [line for path in files for line in check_file(root, path)]
    complaints += check_table(root)
    for line in complaints:
        print(line)
    if not files:
        sys.exit("no C file found")
    if complaints:
        sys.exit(1)
    print(f"{len(files)} files include only what they may")


if __name__ == "__main__":
    main()
