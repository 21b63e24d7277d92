/* SPDX-License-Identifier: MIT */
#pragma once

#include <cJSON.h>
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * JSON that is appended to a string, on one line and without a tree: for what is written thousands
 * of times. Each of these appends a whole member, `"name":value,` with its comma, or, where `name`
 * is NULL, an element. tps_json_line_close makes of a last comma the bracket that belongs there.
 */
void tps_json_line_open(GString *line, const char *name, char bracket);
void tps_json_line_close(GString *line, char bracket);

void tps_json_line_int(GString *line, const char *name, int64_t value);
void tps_json_line_true(GString *line, const char *name);

/* Microseconds as seconds, all six digits of them as far as they are not 0; us >= 0. */
void tps_json_line_seconds(GString *line, const char *name, int64_t us);

/* Nothing for a time before 0, which is unknown, or the mistake of somebody's clock. */
void tps_json_line_maybe_seconds(GString *line, const char *name, int64_t us);

/*
 * Any bytes but NUL. What is UTF-8 is a string; what is not is {"latin1": a string}, each of whose
 * characters stands for one byte, so that the line is JSON for every reader and no byte is lost.
 */
void tps_json_line_string(GString *line, const char *name, const char *value);
void tps_json_line_maybe_string(GString *line, const char *name, const char *value); /* or NULL */
void tps_json_line_strings(GString *line, const char *name, const GPtrArray *strings);

/* The bytes of such a value; caller frees. NULL when it is none. */
char *tps_json_line_bytes(const cJSON *value);

/* Likewise of a member that may be missing or null: false, and TPS_ERROR_INPUT, for another type.
 */
bool tps_json_line_maybe_bytes(const cJSON *object, const char *key, char **bytes, GError **error);

/* Likewise of one that must be there. */
bool tps_json_line_get_bytes(const cJSON *object, const char *key, char **bytes, GError **error);

/* Likewise of an array of them, appended to `strings`. */
bool tps_json_line_maybe_strings(const cJSON *object, const char *key, GPtrArray *strings,
                                 GError **error);
