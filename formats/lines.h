/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* One line of a text, without its "\n" or "\r\n". */
typedef struct {
    const char *start;
    size_t length;
    const char *next; /* what comes behind it                    */
    bool ended;       /* by a line feed, not by the text's end   */
} TpsLine;

/* The line at `at`; false at the end of the text. */
bool tps_line_read(const char *at, const char *end, TpsLine *line);

bool tps_line_starts_with(const TpsLine *line, const char *prefix);

/* Of a longer line only so many bytes are kept where a text comes piece by piece. */
#define TPS_LINES_BYTES ((size_t)1024 * 1024)

/* Lines of a text that comes in pieces. */
typedef struct {
    GString *rest;   /* of a line that has no end yet, or NULL */
    size_t n_cut;    /* bytes of it that are not kept          */
    guint64 n_lines; /* so far; the line at hand counts        */
    guint64 n_too_long;
    size_t limit; /* another one than TPS_LINES_BYTES, of lines that begin with `first`; or 0 */
    char first;
} TpsLines;

/* Borrows the line, whose `next` means nothing. False ends the feed, which then says false. */
typedef bool (*TpsLineVisit)(const TpsLine *line, void *user, GError **error);

bool tps_lines_feed(TpsLines *lines, const char *bytes, size_t length, TpsLineVisit visit,
                    void *user, GError **error);

/* No more bytes: a last line without a line feed is visited, and `ended` says so. */
bool tps_lines_finish(TpsLines *lines, TpsLineVisit visit, void *user, GError **error);

void tps_lines_clear(TpsLines *lines);
