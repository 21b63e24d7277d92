# SPDX-License-Identifier: MIT
"""The suites: how to get each, how its own runner runs it, and how tpsched does."""

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from fetch import source
import results

CPYTHON = """
    test_argparse test_array test_ast test_base64 test_binascii test_bisect test_bytes test_calendar
    test_cmath test_cmd test_codecs test_collections test_colorsys test_complex test_configparser
    test_contextlib test_copy test_csv test_dataclasses test_datetime test_deque test_dict
    test_difflib test_dis test_enum test_exceptions test_filecmp test_float test_fnmatch
    test_format test_fractions test_fstring test_functools test_generators test_genericpath
    test_getopt test_glob test_graphlib test_grammar test_gzip test_hashlib test_heapq test_hmac
    test_html test_htmlparser test_inspect test_int test_ipaddress test_itertools test_json
    test_list test_locale test_math test_mimetypes test_minidom test_numeric_tower test_opcodes
    test_operator test_ordered_dict test_pathlib test_pickle test_pkgutil test_plistlib
    test_posixpath test_pprint test_queue test_quopri test_random test_range test_re test_reprlib
    test_richcmp test_sched test_secrets test_set test_shelve test_shlex test_slice test_sort
    test_statistics test_string test_stringprep test_strptime test_struct test_tempfile
    test_textwrap test_time test_timeit test_tokenize test_traceback test_tuple test_types
    test_typing test_unicodedata test_urlparse test_userdict test_userlist test_userstring
    test_uuid test_weakref test_weakset test_xml_etree test_zipapp test_zlib
""".split()

GO = """
    archive/tar archive/zip bufio bytes compress/bzip2 compress/flate container/heap container/list
    container/ring encoding/base64 encoding/binary encoding/csv encoding/gob encoding/hex
    encoding/json encoding/xml errors expvar flag fmt go/ast go/format go/parser go/printer
    go/scanner hash/crc32 html html/template image image/color image/gif image/jpeg image/png
    index/suffixarray io log math math/big math/bits math/cmplx math/rand mime net/mail net/netip
    net/url path path/filepath reflect regexp regexp/syntax sort strconv strings sync/atomic
    text/scanner text/tabwriter text/template unicode unicode/utf16 unicode/utf8
""".split()


@dataclass
class Suite:
    """Commands start in `directory`; {report} is a file for what they report, {n} a number."""

    name: str
    runner: str  # its own one, as people know it
    packages: list
    read: object  # of results.py: the log and the report of its own runner
    directory: Path = None
    serial: list = None
    parallel: list = None  # with {n} at once; None where the runner has no such mode
    plan: list = field(default_factory=list)  # the suites in tpsched.yaml
    environment: dict = field(default_factory=dict)
    get: object = None


def shell(command, directory, log):
    """A step of building; what it says is kept."""
    with open(log, "ab") as out:
        subprocess.run(command, shell=True, cwd=directory, stdout=out, stderr=out, check=True)


def networkx(work, small):
    directory = Path("/usr/lib/python3/dist-packages")
    path = "networkx/classes/tests" if small else "networkx"
    pytest = ["/usr/bin/python3", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o",
              "junit_family=xunit1", "--junitxml={report}", path]  # fmt: skip
    return Suite(
        name="networkx",
        runner="pytest, pytest-xdist -n",
        packages=["python3-networkx", "python3-numpy", "python3-pytest", "python3-pytest-xdist"],
        read=results.of_pytest,
        directory=directory,
        serial=[*pytest, "-p", "no:xdist"],
        parallel=[*pytest, "-n", "{n}"],
        plan=[{"framework": "pytest", "path": path, "command": ["/usr/bin/python3", "-m", "pytest"]}],
        environment={"PYTHONDONTWRITEBYTECODE": "1"},
    )


def go_standard_library(work, small):
    packages = GO[:4] if small else GO
    root = Path("/usr/lib/go/src").resolve()
    test = ["go", "test", "-json", "-short", "-count=1"]
    return Suite(
        name="go-std",
        runner="go test -p",
        packages=["golang-go", "golang-src"],
        read=results.of_go,
        directory=root,
        serial=[*test, "-p", "1", *packages],
        parallel=[*test, "-p", "{n}", *packages],
        plan=[
            {"name": package, "framework": "go", "args": ["-short"], "path": package}
            for package in packages
        ],
        # At most one test of a package at once, as in a task of tpsched.
        environment={"GOFLAGS": "", "GOPROXY": "off", "GOMAXPROCS": "1"},
    )


def cpython(work, small):
    modules = ["test." + name for name in (CPYTHON[:6] if small else CPYTHON)]
    return Suite(
        name="cpython",
        runner="unittest, regrtest -j",
        packages=["libpython3.11-testsuite"],
        read=results.of_unittest,
        directory=work / "cpython",
        serial=["/usr/bin/python3.11", "-m", "unittest", "-v", *modules],
        parallel=["/usr/bin/python3.11", "-m", "test", "-j{n}", *[m[5:] for m in modules]],
        plan=[{"framework": "unittest", "command": ["/usr/bin/python3.11"], "args": modules}],
        get=lambda log: (work / "cpython").mkdir(exist_ok=True),
    )


def git(work, small):
    top = work / "git"

    def get(log):
        source(work, "git", top)
        if not (top / "git").exists():
            shell(f"make -j{os.cpu_count()} NO_GETTEXT=1 NO_TCLTK=1 all", top, log)

    pattern = "t00[01]*-*.sh" if small else "t0*-*.sh"
    files = sorted(file.name for file in (top / "t").glob(pattern))
    return Suite(
        name="git",
        runner="prove -j",
        packages=["make", "gcc", "libcurl4-openssl-dev", "libexpat1-dev", "libssl-dev",
                  "zlib1g-dev", "perl"],
        read=results.of_prove,
        directory=top / "t",
        serial=["prove", "--timer", "--exec", "sh", *files],
        parallel=["prove", "--timer", "--exec", "sh", "-j{n}", *files],
        plan=[{"framework": "prove", "args": ["--exec", "sh", *files]}],
        get=get,
    )  # fmt: skip


def bats(work, small):
    top = work / "bats"
    pattern = "bats.bats" if small else "*.bats"
    files = sorted("test/" + file.name for file in (top / "test").glob(pattern))
    return Suite(
        name="bats",
        runner="bats -j",
        packages=["bats", "parallel"],
        read=results.of_bats,
        directory=top,
        serial=["bin/bats", "--tap", *files],
        parallel=["bin/bats", "--tap", "-j", "{n}", *files],
        plan=[{"framework": "bats", "command": ["bin/bats"], "path": "test"}],
        get=lambda log: source(work, "bats", top),
    )


def cmake_project(work, name, package, options, small):
    top = work / name

    def get(log):
        source(work, package, top)
        if not (top / "build" / "built").exists():
            shell(f"cmake -S . -B build -DCMAKE_BUILD_TYPE=Release {options}", top, log)
            shell(f"cmake --build build -j{os.cpu_count()}", top, log)
            (top / "build" / "built").touch()

    ctest = ["ctest", "--output-junit", "{report}"]
    return Suite(
        name=name,
        runner="ctest -j",
        packages=["cmake", "g++", "make"],
        read=results.of_ctest,
        directory=top / "build",
        serial=ctest,
        parallel=[*ctest, "-j", "{n}"],
        plan=[{"framework": "ctest", "path": "."}],
        get=get,
    )


def cjson(work, small):
    return cmake_project(work, "cjson", "cjson", "-DENABLE_CJSON_TEST=On", small)


def fmt(work, small):
    return cmake_project(work, "fmt", "fmtlib", "-DFMT_TEST=On -DFMT_DOC=Off", small)


def catch2(work, small):
    top = work / "catch2"
    program = "build/projects/SelfTest"

    def get(log):
        source(work, "catch2", top)
        if not (top / program).exists():
            options = "-DCATCH_BUILD_TESTING=On -DCATCH_ENABLE_WERROR=Off"
            shell(f"cmake -S . -B build -DCMAKE_BUILD_TYPE=Debug {options}", top, log)
            shell(f"cmake --build build -j{os.cpu_count()} --target SelfTest", top, log)

    selection = ["~*a*"] if small else []
    return Suite(
        name="catch2",
        runner="Catch2 2 (none)",
        packages=["cmake", "g++", "make", "python3"],
        read=results.of_catch2,
        directory=top,
        serial=[program, "-r", "xml", "-d", "yes", "-o", "{report}", *selection],
        plan=[{"framework": "catch2", "command": [program], "args": selection}],
        get=get,
    )


SUITES = {
    "networkx": networkx,
    "go-std": go_standard_library,
    "cpython": cpython,
    "git": git,
    "bats": bats,
    "cjson": cjson,
    "fmt": fmt,
    "catch2": catch2,
}
