# SPDX-License-Identifier: MIT
"""proof.py WHAT ARG...: many merges, of which the shell would start too many programs.

Says the first that is wrong, and exits 1; TPSCHED is the program."""
import hashlib
import itertools
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import xml.parsers.expat

PROGRAM = os.environ["TPSCHED"]


def merge(*words):
    """Status and what was said by `tpsched merge WORD...`."""
    end = subprocess.run([PROGRAM, "merge", *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                         stdin=subprocess.DEVNULL)
    if end.returncode not in (0, 1, 2, 3):
        sys.exit("merge %s: status %d" % (" ".join(words), end.returncode))
    return end.returncode, end.stdout.decode("utf-8", "replace")


def records(path):
    """The whole lines of a journal and what they say."""
    with open(path, "rb") as file:
        lines = file.read().splitlines(keepends=True)
    return [(line, json.loads(line)) for line in lines if line.endswith(b"\n")]


def label(record):
    part = record["part"]
    return record["suite"] + (" %d,%d" % tuple(part) if part[1] > 1 else "")


def planned(plan):
    with open(plan, encoding="utf-8") as file:
        tasks = json.load(file)["tasks"]
    return [task["suite"] + (" %d,%d" % tuple(task["part"]) if task["part"] else "") for task in tasks]


def named(said, labels):
    """Which of the parts a line that begins with "incomplete" names."""
    lines = [line for line in said.splitlines() if line.startswith("incomplete: ")]
    return {part for part in labels if any(line.startswith("incomplete: %s: " % part) for line in lines)}


def split(journal, directory):
    """A directory with a journal for each part; by label."""
    shutil.rmtree(directory, ignore_errors=True)
    paths = {}
    for line, record in records(journal):
        if "part" not in record:
            continue
        path = os.path.join(directory, "%d" % (list(paths).index(label(record)) if label(record) in paths
                                               else len(paths)))
        paths[label(record)] = path
        os.makedirs(path, exist_ok=True)
        with open(os.path.join(path, "journal.jsonl"), "ab") as file:
            file.write(line)
    return paths


def subsets(plan, journal):
    """Any parts are missing: those are named and no others."""
    paths = split(journal, "split")
    labels = planned(plan)
    assert sorted(paths) == sorted(labels), (sorted(paths), labels)
    for n in range(len(labels) + 1):
        for some in itertools.combinations(labels, n):
            status, said = merge("--plan", plan, *[paths[part] for part in some], "empty")
            gone = set(labels) - set(some)
            if status != (3 if gone else 0) or named(said, labels) != gone:
                sys.exit("with %s: status %d\n%s" % (some, status, said))
    for part in labels:
        status, said = merge("--plan", plan, *paths.values(), paths[part] + "/journal.jsonl", paths[part])
        if status != 0:
            sys.exit("twice %s: status %d\n%s" % (part, status, said))


def replaced(plan, journal, other, why):
    """A part's journal is another one's: it is named, and why."""
    paths, others = split(journal, "split"), split(other, "others")
    for part in paths:
        words = [others[name] if name == part else path for name, path in paths.items()]
        status, said = merge("--plan", plan, *words)
        if status != 3 or not any(why in line and line.startswith("incomplete: ") for line in said.splitlines()):
            sys.exit("%s of another: status %d\n%s" % (part, status, said))
        if part not in said:
            sys.exit("%s is not named\n%s" % (part, said))


def swapped(plan, journal):
    """Each member of two ends changes places, and they are sealed as if they had been written so."""
    import zlib
    whole = records(journal)
    ends = [i for i, (_, record) in enumerate(whole) if record["record"] == "end"]
    for i, j in itertools.combinations(ends, 2):
        for key in ("plan", "suite", "part", "planned", "results"):
            two = [dict(whole[i][1]), dict(whole[j][1])]
            if key not in two[0] or two[0][key] == two[1][key]:
                continue
            two[0][key], two[1][key] = two[1][key], two[0][key]
            lines = [line for line, _ in whole]
            for place, record in zip((i, j), two):
                del record["crc32"]
                text = json.dumps(record, separators=(",", ":"), ensure_ascii=False).encode()[:-1]
                lines[place] = b'%s,"crc32":"%08x"}\n' % (text, zlib.crc32(text))
            os.makedirs("swapped", exist_ok=True)
            with open("swapped/journal.jsonl", "wb") as file:
                file.writelines(lines)
            status, said = merge("--plan", plan, "swapped")
            # What a part was to run stands in the plan, too, and that counts.
            fine = (0, 3) if key == "planned" else (3,)
            if status not in fine:
                sys.exit("%s of %s and %s: status %d\n%s" %
                         (key, label(whole[i][1]), label(whole[j][1]), status, said))


def killed(plan, rounds, seed):
    """A run is killed at any moment: what has no end is named, and nothing else."""
    chance = random.Random(int(seed))
    labels = planned(plan)
    seen = set()
    for number in range(int(rounds)):
        shutil.rmtree("killed", ignore_errors=True)
        run = subprocess.Popen([PROGRAM, "run", "--plan", plan, "-r", "killed", "--size", "2"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        time.sleep(chance.random() * 0.25)
        run.send_signal(signal.SIGKILL)
        run.wait()
        journal = "killed/journal.jsonl"
        os.makedirs("killed", exist_ok=True)
        ended = ({label(record) for _, record in records(journal) if record["record"] == "end"}
                 if os.path.exists(journal) else set())
        status, said = merge("--plan", plan, "killed")
        gone = set(labels) - ended
        seen.add(len(gone))
        if status != (3 if gone else 0) or named(said, labels) != gone:
            sys.exit("round %d, %d parts without an end: status %d\n%s" % (number, len(gone), status, said))
    print("# parts without an end:", sorted(seen))


def shuffled(rounds, seed, words, paths):
    """Any order of the paths gives the same bytes and says the same."""
    chance = random.Random(int(seed))
    digests = set()
    for number in range(int(rounds)):
        chance.shuffle(paths)
        status, said = merge(*words, "-o", "shuffled.xml", *paths)
        with open("shuffled.xml", "rb") as file:
            digests.add((status, hashlib.sha256(file.read()).hexdigest(), said))
        if len(digests) > 1:
            sys.exit("round %d: %s" % (number, digests))


def documents(text):
    """How many whole XML documents, one behind the other, a text is; -1 = none or half of one."""
    count = 0
    while text.strip():
        parser = xml.parsers.expat.ParserCreate()
        try:
            parser.Parse(text, True)
            return count + 1
        except xml.parsers.expat.ExpatError as error:
            if error.code != 9 or parser.ErrorByteIndex <= 0:  # junk after document element
                return -1
            text = text[parser.ErrorByteIndex:]
            count += 1
    return count if count else -1


def is_whole(path, begin, rest):
    """Nobody can see that something is missing."""
    if not rest.strip():
        return True
    if path.endswith(".tap"):
        return b"\n" not in rest.strip() and not begin.endswith(b"\n")
    return path.endswith(".xml") and documents(begin) > 0


def cut(path, step):
    """A report of a stranger is cut at every byte: never green, unless it is whole documents."""
    with open(path, "rb") as file:
        whole = file.read()
    name = "cut" + os.path.splitext(path)[1]
    before = merge(path)[0]
    for size in range(0, len(whole), int(step)):
        with open(name, "wb") as file:
            file.write(whole[:size])
        status, said = merge(name)
        complete = is_whole(path, whole[:size], whole[size:])
        if (status == 0 or status == 1 and before == 0) and not complete:
            sys.exit("%s cut at %d of %d: status %d\n%s" % (path, size, len(whole), status, said))
        if status > 1 and name not in said:
            sys.exit("%s cut at %d: it is not named\n%s" % (path, size, said))
        if not whole[size:].strip() and status != before:
            sys.exit("%s cut at %d: status %d, not %d\n%s" % (path, size, status, before, said))


OUTCOMES = ("", "", "", "<skipped/>", '<failure message="m">t</failure>', '<error type="e">t</error>')


def cut_all(number, paths):
    """Each of the reports at so many places, at least; the shorter ones at every byte."""
    for path in paths:
        cut(path, max(1, os.path.getsize(path) // int(number)))


def write_random(chance, path):
    """A report of strangers with a few suites and testcases of a few names."""
    out = ["<testsuites>"]
    for suite in chance.sample("stu", chance.randint(1, 3)):
        host = chance.choice(("", "", ' hostname="h%d"' % chance.randint(1, 2)))
        stamp = chance.choice(("", ' timestamp="2026-11-%02dT10:00:0%d"' % (chance.randint(1, 9), chance.randint(0, 9))))
        out.append('<testsuite name="%s" time="%d.5"%s%s>' % (suite, chance.randint(0, 3), host, stamp))
        if chance.random() < 0.4:
            out.append('<properties><property name="p%d" value="%d"/></properties>' %
                       (chance.randint(1, 2), chance.randint(1, 2)))
        for _ in range(chance.randint(0, 5)):
            out.append('<testcase classname="%s" name="n%d%s" time="%s">%s%s</testcase>' % (
                chance.choice(("c", "d", suite)), chance.randint(1, 4), chance.choice(("", " &lt;&amp;", "\u00e4")),
                chance.choice(("0", "1.5", "0.000001", "2")), chance.choice(OUTCOMES),
                chance.choice(("", "", "<system-out>o</system-out>"))))
        if chance.random() < 0.3:
            out.append("<system-out>of the suite</system-out>")
        out.append("</testsuite>")
    out.append("</testsuites>\n")
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(out))


def merged(target, *paths):
    """The bytes that a merge writes; what has no testcase is none."""
    if os.path.exists(target):
        os.remove(target)
    status, said = merge("-o", target, *paths)
    if not os.path.exists(target):
        if status != 2 or "no testcase" not in said:
            sys.exit("%s: status %d\n%s" % (paths, status, said))
        return None
    with open(target, "rb") as file:
        return file.read()


def laws(rounds, seed):
    """merge(merge(a, b), c) == merge(a, b, c) == merge(a, merge(b, c)), merge(merge(x)) == merge(x)."""
    chance = random.Random(int(seed))
    for number in range(int(rounds)):
        for name in "abc":
            write_random(chance, name + ".xml")
        whole = merged("abc.xml", "a.xml", "b.xml", "c.xml")
        if whole is None or merged("ab.xml", "a.xml", "b.xml") is None or merged("bc.xml", "b.xml", "c.xml") is None:
            continue
        ways = {
            "(ab)c": merged("1.xml", "ab.xml", "c.xml"),
            "a(bc)": merged("2.xml", "a.xml", "bc.xml"),
            "(abc)": merged("3.xml", "abc.xml"),
            "cba": merged("4.xml", "c.xml", "b.xml", "a.xml"),
            "(abc)b": merged("5.xml", "abc.xml", "b.xml"),
            "(ab)(bc)": merged("6.xml", "ab.xml", "bc.xml"),
        }
        for way, got in ways.items():
            if got != whole:
                with open("way.xml", "wb") as file:
                    file.write(got)
                difference = subprocess.run(["diff", "abc.xml", "way.xml"], stdout=subprocess.PIPE).stdout
                sys.exit("round %d: %s is another\n%s" % (number, way, difference.decode()))


if __name__ == "__main__":
    what, arguments = sys.argv[1], sys.argv[2:]
    if what == "shuffled":
        end = arguments.index("--")
        shuffled(arguments[0], arguments[1], arguments[2:end], arguments[end + 1:])
    elif what == "cut_all":
        cut_all(arguments[0], arguments[1:])
    else:
        {f.__name__: f for f in (subsets, replaced, swapped, killed, cut, laws)}[what](*arguments)
