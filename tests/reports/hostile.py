# SPDX-License-Identifier: MIT
"""Reports that mean harm, made where they are needed: none of them is worth a file of megabytes.

  hostile.py                  a line for each: NAME, how many MB it may take to merge 10 MB of it,
                              exit status of the merge, what that has to say
  hostile.py NAME [MEGABYTES] the report itself on stdout
"""

import sys

CASE = b"<testcase classname='c' name='n' time='1'/>"
WANTED = b"<testsuite name='s'><testcase classname='c' name='n' time='1'>"
END = b"</testcase></testsuite>"


def entities(body, value=b""):
    return (b"<?xml version='1.0'?>\n<!DOCTYPE testsuite [" + body + b"]>\n<testsuite name='s'>"
            b"<testcase classname='c' name='" + (value or b"n") + b"' time='1'/></testsuite>")


def laughs(_):
    lines = [b"<!ENTITY l0 'lol'>"]
    for i in range(1, 10):
        lines.append(b"<!ENTITY l%d '%s'>" % (i, b"&l%d;" % (i - 1) * 10))
    return entities(b"".join(lines), b"&l9;")


def quadratic(_):
    return entities(b"<!ENTITY a '" + b"a" * 80000 + b"'>", b"&a;" * 25000)


def around(before, after, fill=b"0123456789abcde\n"):
    """`fill` again and again, up to the size wanted."""
    return lambda size: before + fill * ((size - len(before) - len(after)) // len(fill)) + after


def half(before, after, fill=b"0123456789abcde\n"):
    """A tag may not have 8 MiB."""
    return lambda size: around(before, after, fill)(size // 2)


def numbered(before, after, each):
    """`each` with a number in it, up to the size wanted."""
    def make(size):
        out, n, length = [before], 0, 0
        while length < size - len(before) - len(after):
            out.append(each % n)
            length += len(out[-1])
            n += 1
        out.append(after)
        return b"".join(out)
    return make


def fixed(text):
    return lambda _: text


SUITE = b"<testsuite name='s'>" + CASE + b"</testsuite>"

# name: exit status of `tpsched merge`, what it says, how it is made
HOSTILE = {
    "laughs": (3, "DOCTYPE is refused", laughs),
    "quadratic": (3, "DOCTYPE is refused", quadratic),
    "file-entity": (3, "DOCTYPE is refused",
                    fixed(entities(b"<!ENTITY x SYSTEM 'file:///etc/passwd'>", b"&x;"))),
    "http-dtd": (3, "DOCTYPE is refused",
                 fixed(b"<!DOCTYPE t SYSTEM 'http://localhost:1/x.dtd'>" + SUITE)),
    "parameter-entity": (3, "DOCTYPE is refused",
                         fixed(entities(b"<!ENTITY % p SYSTEM 'file:///dev/zero'> %p;"))),
    "attribute": (3, "a tag of more than 8 MiB",
                  around(b"<testsuite name='s'>" + CASE + b"<testsuite x='", b"'/></testsuite>")),
    "name": (0, "1 passed", half(b"<testsuite name='s'><testcase classname='c' name='",
                                 b"' time='1'/></testsuite>")),
    "suite-name": (3, "names of suites are too long", half(b"<testsuite name='", b"'>" + CASE * 100000 + b"</testsuite>")),
    "names": (0, " passed", numbered(b"<testsuite name='s'>", b"</testsuite>",
                                     b"<testcase name='%d'/>")),
    "suites": (0, "1 passed", numbered(b"<testsuites>" + SUITE, b"</testsuites>",
                                       b"<testsuite name='%d'/>")),
    "same-name": (0, " passed", around(b"<testsuite name='s'>", b"</testsuite>",
                                       b"<testcase name=''/>")),
    "same-failure": (1, " failed",
                     numbered(b"<testsuite name='s'>", b"</testsuite>",
                              b"<testcase name='a'><properties><property name='p' value='%d'/>"
                              b"</properties><failure/></testcase>")),
    "message": (1, "1 failed", half(WANTED + b"<failure message='", b"'/>" + END)),
    "messages": (3, "more than 10000 failures", around(WANTED, END, b"<failure message='m'/>")),
    "attempts": (3, "more than 10000 failures", around(WANTED, END, b"<flakyFailure message='m'/>")),
    "properties": (3, "more than 10000 failures", around(WANTED, END, b"<property name='a' value='b'/>")),
    "cdata": (0, "1 passed", around(WANTED + b"<x><![CDATA[", b"]]></x>" + END)),
    "output": (0, "1 passed", around(WANTED + b"<system-out><![CDATA[", b"]]></system-out>" + END)),
    "text": (0, "1 passed", around(b"<testsuite name='s'>" + CASE, b"</testsuite>")),
    "comment": (0, "1 passed", around(b"<testsuite name='s'><!--", b"-->" + CASE + b"</testsuite>")),
    "instruction": (0, "1 passed", around(b"<testsuite name='s'><?x ", b"?>" + CASE + b"</testsuite>")),
    "open-tag": (3, "a tag of more than 8 MiB", around(b"<testsuite name='s'>" + CASE + b"<testcase x='", b"")),
    "attributes": (3, "more than 256 attributes",
                   numbered(b"<testsuite name='s'>" + CASE + b"<testcase", b"/></testsuite>",
                            b" a%d='1'")),
    "deep": (3, "more than 64 elements",
             around(b"<testsuite name='s'>" + CASE, b"", b"<testsuite name='a'>")),
    "elements": (3, "more than 4096 different names",
                 numbered(b"<testsuite name='s'>" + CASE, b"</testsuite>", b"<x%d/>")),
    "references": (0, "1 passed", around(WANTED + b"<x>", b"</x>" + END, b"&#65;")),
    "ampersands": (0, "1 passed", around(WANTED + b"<x>", b"</x>" + END, b"&")),
    "escapes": (0, "1 passed", around(WANTED + b"<x>", b"</x>" + END, b"\x1b[1")),
    "bad-bytes": (0, "1 passed", around(WANTED + b"<x>", b"</x>" + END, b"\xff\x00\x1b")),
    "documents": (3, "more than 10000 documents", around(SUITE, b"", b"<testsuite/>")),
    "numbers": (0, "1 passed", half(b"<testsuite name='s' tests='", b"'>" + CASE + b"</testsuite>",
                                    b"9")),
    "no-end": (3, "ends too early", around(b"<testsuite name='s'>" + CASE, b"")),
    "junk": (2, "it looks like text", around(b"warning: a line before\n", SUITE)),
    "blanks": (2, "it looks like text", around(b"", SUITE, b" \n")),
    "empty": (3, "it looks like an empty file", fixed(b"")),
    "nul": (0, "1 passed", fixed(b"<testsuite name='s'><testcase name='a\x00' time='1'/></testsuite>")),
    "utf-16-half": (3, "ends too early", fixed(SUITE.decode().encode("utf-16")[:-1])),
    "unknown-encoding": (3, "is not supported", fixed(b"<?xml version='1.0' encoding='UTF-7'?>" + SUITE)),
}


# A suite of its own every few bytes takes more than the 64 MB of the others.
MEGABYTES = {"suites": 256}


def main():
    if len(sys.argv) == 1:
        for name, (status, says, _) in HOSTILE.items():
            print(name, MEGABYTES.get(name, 64), status, says)
        return
    megabytes = int(sys.argv[2]) if len(sys.argv) > 2 else 10
    sys.stdout.buffer.write(HOSTILE[sys.argv[1]][2](megabytes << 20))


if __name__ == "__main__":
    main()
