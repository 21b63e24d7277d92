/* SPDX-License-Identifier: MIT */
#pragma once

#include "adapters/readers/record.h"

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * What frameworks print and write, as records in the order of the input. Each reader is pure, takes
 * any bytes, and its time and memory are linear in them.
 *
 *   fields   the names that are wanted, NULL-terminated: no others are made
 *   returns  the records (tps_records_new), caller unrefs; or NULL
 *   errors   TPS_ERROR_FRAMEWORK, "LINE: what" or "LINE:COLUMN: what", both from 1
 */

/*
 * A pattern (PCRE) for lines. It sees bytes: '.' is one byte, \w is ASCII. Two groups may have the
 * same name, in alternatives. It may not begin with an option of the kind (*UTF). Looking for it
 * in one line is bounded in steps; more of them are an error, and no hang. Caller unrefs.
 */
GRegex *tps_pattern_compile(const char *pattern, GError **error);

/* The longest line that patterns look at, in bytes. */
#define TPS_PATTERN_LINE_BYTES ((size_t)64 * 1024)

/*
 * Lines, ended by "\n" or "\r\n". Without a pattern each one that isn't empty is a record {line};
 * with one, those it is found in, with its named groups that took part. A longer line than patterns
 * look at is an error then.
 */
GPtrArray *tps_records_from_lines(const char *text, size_t length, const GRegex *pattern,
                                  GError **error);

/*
 * One JSON document.
 *
 *   path     from the root to the records: names of members apart by '/', and '*' for all elements
 *            of an array or all members of an object; "" is the root itself. What is missing before
 *            the first '*' is an error; behind it, and null, is no record
 *   fields   "a" a member; "a.b" a member of the member a; "../a", "../../a" a member of the
 *            enclosing object, of the one around that (arrays don't count); "key" the name that '*'
 *            stood for; "value" the record itself where it is no object. A number is as short as it
 *            can be without becoming another one; an array is its elements apart by blanks; null
 *            and objects are missing
 *
 * Lines before the document that can't begin one are skipped, as are those behind it: tools print
 * banners. A second document, or anything else on its last line, is an error.
 */
GPtrArray *tps_records_from_json(const char *text, size_t length, const char *path,
                                 const char *const *fields, GError **error);

/*
 * Lines that are JSON objects; fields as above. Lines that don't begin with '{' are skipped.
 *
 *   torn   out: the last line is half an object without a line end, and was left out
 */
GPtrArray *tps_records_from_json_lines(const char *text, size_t length, const char *const *fields,
                                       bool *torn, GError **error);

/*
 * XML; what formats/xml.h says of it holds.
 *
 *   element   whose elements are the records; in the order of their start tags
 *   fields    "a" an attribute of the record; "E/a" of the nearest element E around it (or itself),
 *             else of the first E in it that has it; "text" its text, "E/text" that of the first E
 *             in it. What is in a record that is in a record belongs to the inner one only
 *   problem   out: "LINE:COLUMN: what" when it is damaged, caller frees; else NULL. What was
 *             complete before that is returned all the same, so there is never an error
 */
GPtrArray *tps_records_from_xml(const char *text, size_t length, const char *element,
                                const char *const *fields, char **problem);

/*
 * TAP 13 and 14, from what a program prints. Each top-level test point is a record:
 *
 *   number, name      the name without its dash, escapes and directive
 *   outcome           passed, failed or skipped; a TODO that fails is skipped, and else passed
 *   directive         skip or todo; reason: what it says
 *   milliseconds      of "duration_ms:" in its YAML, or of "# time=1.5ms"
 *   text              of a failed one: what came before it since the last one, as subtests do; its
 *                     YAML; the comments behind it
 *
 * A plan of 1..0 is one skipped record without name and number.
 *
 *   problem   out: what is unsound: no plan, two plans, missing, unplanned or repeated numbers, a
 *             bail-out. NULL = all that was planned is here, and nothing else. Caller frees
 */
GPtrArray *tps_records_from_tap(const char *text, size_t length, char **problem);

/*
 * What output says while it is printed. The records are what has ended, each with the groups of
 * `end`, `id`, and `text`: what was printed since the last mark.
 *
 *   start     its group id begins to run; NULL = nothing says so, and every end is a record
 *   end       need not be found at the beginning of a line: a testcase may print no line end.
 *             Without a group id it is the one that began last; with one that isn't running while
 *             others are, it is taken for output
 *   running   out: the id that began last and never ended, caller frees; NULL = none
 *
 * Of longer lines than patterns look at, the last bytes are searched for `end`.
 */
GPtrArray *tps_records_from_progress(const char *text, size_t length, const GRegex *start,
                                     const GRegex *end, char **running, GError **error);

/*
 * The events of `go test -json` and `go tool test2json`, folded to a record for each test and
 * subtest, in the order they began:
 *
 *   package, test     as Go names them; package is missing where Go doesn't tell
 *   parent, case      of test, what is before and behind its first '/'; case is missing without one
 *   outcome           passed, failed, skipped; error when it never ended
 *   seconds           where Go tells
 *   output            what it printed, without the lines that Go marks its progress with
 *   text              of one that never ended: what its package printed beside the tests
 */
GPtrArray *tps_records_from_go(const char *text, size_t length, GError **error);
