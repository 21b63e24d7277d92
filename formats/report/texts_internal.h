/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/report.h"

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* What writers have in common: walking over a report, and making hostile texts fit to be shown. */

/* All results of all suites, as tps_report_visit() hands them out. */
bool tps_report_each(const TpsReport *report, TpsResultVisitor visit, void *user, GError **error);

/* Does it count as bad in this report? A flaky one may. */
bool tps_report_is_bad(const TpsReport *report, const TpsResult *result);

/* How many of its points have no result at all: the problems, and one for what was not run. */
guint tps_report_n_problems(const TpsReport *report);
/* The i-th of them, a sentence. Caller frees. */
char *tps_report_problem_text(const TpsReport *report, guint i);
/* The suite that they are told under where a format has none for them. */

/* "FAILED: 12 testcases, 10 passed, 1 skipped, 1 failed". Caller frees. */
char *tps_report_headline(const TpsReport *report);

/*
 * A text of several lines that any reader takes: UTF-8, without terminal sequences, lines ended by
 * LF. A control character other than line end and tab is U+FFFD. Caller frees.
 */
char *tps_text_plain(const char *text);

/*
 * Controls, characters without a width, and those that change the direction of reading. A list of
 * our own, for that of a library grows with its version.
 */
bool tps_text_is_unseen(gunichar character);

/*
 * A name on one line: control characters, line ends and what reorders or hides other characters are
 * shown as escapes ("\n", "\x1b", "\u202e"), bytes that are no UTF-8 as "\xff". Beyond `limit`
 * characters its middle is cut. Caller frees.
 */
char *tps_text_name(const char *name, size_t limit);

/* Valid UTF-8, bad bytes as U+FFFD, nothing else changed. Caller frees. */
char *tps_text_valid(const char *text);

/*
 * Append at most `limit` bytes of a valid text and the line that says what is missing: the first
 * third and the end, both whole characters.
 */
void tps_text_cut(GString *out, const char *text, size_t limit);

/* The length of the longest run of a character. */
size_t tps_text_longest_run(const char *text, char character);
