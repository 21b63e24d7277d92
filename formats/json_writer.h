/* SPDX-License-Identifier: MIT */
#pragma once

#include <cJSON.h>
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * JSON that is written member by member, for what is too large for a tree: a million names. One
 * member on a line, so that a difference of two files is one of lines.
 */
typedef struct {
    GString *text;
    GChecksum *digest; /* or NULL: the text goes there instead, without any white space */
    int depth;
    bool row;   /* all goes on one line */
    bool first; /* what comes next is the first of its object or array */
} TpsJsonWriter;

/* Begin an object ('{') or an array ('['); `name` is NULL for an element and for the root. */
void tps_json_writer_begin(TpsJsonWriter *writer, const char *name, char bracket);
void tps_json_writer_end(TpsJsonWriter *writer, char bracket);

/* A member or element on one line. Takes `value`. */
void tps_json_writer_value(TpsJsonWriter *writer, const char *name, cJSON *value);
void tps_json_writer_string(TpsJsonWriter *writer, const char *name, const char *value);
void tps_json_writer_strings(TpsJsonWriter *writer, const char *name, const GPtrArray *strings);

/* |value| < 1e15, as cJSON prints it. */
void tps_json_writer_int(TpsJsonWriter *writer, const char *name, int64_t value);

/* Microseconds as seconds, as tps_json_add_seconds prints them. */
void tps_json_writer_seconds(TpsJsonWriter *writer, const char *name, int64_t us);

/* An object on one line. All between the two stays there, but for the long array of strings. */
void tps_json_writer_row_begin(TpsJsonWriter *writer);
void tps_json_writer_row_strings(TpsJsonWriter *writer, const char *name, const GPtrArray *strings);
void tps_json_writer_row_end(TpsJsonWriter *writer);

/* After the root has ended. Caller frees. */
char *tps_json_writer_text(TpsJsonWriter *writer);
char *tps_json_writer_digest(TpsJsonWriter *writer);

TpsJsonWriter tps_json_writer_new(void);
TpsJsonWriter tps_json_writer_new_digest(void);
