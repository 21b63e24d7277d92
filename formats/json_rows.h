/* SPDX-License-Identifier: MIT */
#pragma once

#include "formats/json_line.h"
#include "formats/sink.h"

#include <glib.h>
#include <stdbool.h>

/*
 * A JSON text that is never held: members are put together in `line` by tps_json_line_*, and each
 * call of tps_json_rows_put() writes what stands there as one line of the file. A list begins where
 * a line ends with its bracket, and its elements are lines of their own.
 */
typedef struct {
    TpsSink *sink; /* borrowed                                  */
    GString *line; /* owned                                     */
    bool first;    /* what comes next is the first of its list  */
} TpsJsonRows;

TpsJsonRows tps_json_rows_new(TpsSink *sink);
void tps_json_rows_clear(TpsJsonRows *rows);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TpsJsonRows, tps_json_rows_clear)

/* Write the line as an element, or as members, without its last comma; separated as needed. */
void tps_json_rows_put(TpsJsonRows *rows);

/* Write the line, then `"name":` and the bracket of a list (or object) whose elements follow. */
void tps_json_rows_begin(TpsJsonRows *rows, const char *name, char bracket);

/*
 * The list ends; whatever stands in the line are members behind it, which end with the object that
 * holds the list when `closing` has its bracket, as in "]}".
 */
void tps_json_rows_end(TpsJsonRows *rows, const char *closing);
