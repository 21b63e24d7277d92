/* SPDX-License-Identifier: MIT */
#pragma once

#include "adapters/readers/record.h"
#include "formats/json.h"
#include "formats/lines.h"

#include <stdbool.h>

/* What stands for a byte or character that can't be kept. */
#define TPS_REPLACEMENT "\xEF\xBF\xBD"

/* A value of any bytes, NULs replaced. The caller owns one reference. */
GRefString *tps_value_new(const char *bytes, size_t length);

/* The names of a pattern's groups, each once: an array of char*, NULL-terminated, for g_strfreev.
 */
char **tps_pattern_groups(const GRegex *pattern);

/*
 * Whether a pattern is found in a line from byte `from` on.
 *
 *   found    out: where it begins, or -1; may be NULL
 *   returns  its groups that took part, as a record with the names of `groups`; NULL when it isn't
 *            found, and when `error` is set: looking took too many steps
 */
GHashTable *tps_pattern_match(const GRegex *pattern, char *const *groups, const TpsLine *line,
                              size_t from, int *found, GError **error);

/*
 * What is legal JSON and no text of ours is made so, in place: "\u0000" and half a surrogate pair
 * become "\ufffd".
 */
void tps_json_mend(char *text, size_t length);

/* Borrows the object. */
typedef void (*TpsJsonLineVisit)(const cJSON *object, void *user);

/*
 * Visit the lines that begin with '{', each an object.
 *
 *   torn     out: the last line is half an object without a line end, and was left out
 *   errors   TPS_ERROR_FRAMEWORK, "LINE:COLUMN: what", for another line that is none
 */
bool tps_json_read_lines(const char *text, size_t length, TpsJsonLineVisit visit, void *user,
                         bool *torn, GError **error);

/* A string, a number, true or false, or an array of these apart by blanks; NULL for the others. */
GRefString *tps_json_value(const cJSON *value);

/* A member by its name, which may hold dots, or else by "a.b": the member b of the object a. */
const cJSON *tps_json_find(const cJSON *object, const char *name);
