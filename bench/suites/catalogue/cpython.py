# SPDX-License-Identifier: MIT
"""Modules of CPython's own tests that pass in any order, as root and not."""

import results
from catalogue import Suite

QUICK = """
    test_argparse test_array test_base64 test_bisect test_calendar test_textwrap
""".split()

MODULES = """
    test_binascii test_bytes test_cmath test_cmd test_collections test_colorsys test_complex
    test_configparser test_contextlib test_copy test_csv test_dataclasses test_difflib test_enum
    test_filecmp test_float test_fnmatch test_format test_fractions test_fstring test_functools
    test_generators test_genericpath test_getopt test_glob test_graphlib test_grammar
    test_hashlib test_heapq test_hmac test_html test_htmlparser test_int test_ipaddress
    test_json test_math test_minidom test_numeric_tower test_opcodes test_operator test_pathlib
    test_plistlib test_pprint test_re test_reprlib test_shelve test_shlex test_sort
    test_stringprep test_strptime test_struct test_unicodedata test_zipapp test_zlib
""".split()

MORE = """
    test_ast test_deque test_dict test_list test_ordered_dict test_pickle test_posixpath
    test_queue test_quopri test_random test_range test_richcmp test_sched test_secrets test_set
    test_slice test_statistics test_string test_tempfile test_timeit test_tokenize test_tuple
    test_types test_typing test_urlparse test_userdict test_userlist test_userstring test_uuid
    test_weakref test_weakset test_xml_etree
""".split()


# unittest knows no resources, and runs what needs them; and what regrtest runs with -v only.
RESOURCES = "all,-network,-urlfetch,-largefile,-gui,-audio"


def suite(work, size):
    more = {"quick": [], "normal": MODULES, "whole": MODULES + MORE}
    modules = sorted(QUICK + more[size])
    directory = work / "cpython"
    own = ["/usr/bin/python3.11", "-m", "test", "-v", "-u", RESOURCES, "--junit-xml", "{report}"]
    return Suite(
        framework="unittest",
        packages=["libpython3.11-testsuite"],
        read=results.of_regrtest,
        directory=directory,
        serial=[*own, *modules],
        parallel={"-j2": [*own, "-j2", *modules]},
        plan=[
            {"framework": "unittest", "command": ["/usr/bin/python3.11"],
             "args": [f"test.{module}" for module in modules]}
        ],  # fmt: skip
        get=lambda log: directory.mkdir(exist_ok=True),
        environment={"PYTHONDONTWRITEBYTECODE": "1"},
    )
