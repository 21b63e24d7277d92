/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/plan.h"

#include <cJSON.h>
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(cJSON, cJSON_Delete)

/*
 * Read a whole JSON file. Half-written files, trailing bytes and names that hold a NUL are refused.
 *   errors  TPS_ERROR_INPUT, "cannot read 'FILE': LINE:COLUMN: not JSON"
 *   returns the root, caller frees (g_autoptr(cJSON)); or NULL
 */
cJSON *tps_json_load(const char *path, GError **error);
cJSON *tps_json_parse(const char *text, size_t length, GError **error);

/* Likewise of a text that begins with a document; `end`, out: behind it. */
cJSON *tps_json_parse_start(const char *text, size_t length, const char **end, GError **error);

/* The tree as text, pretty-printed and ended by a newline; tps_file_write of it. */
char *tps_json_text(const cJSON *root);
bool tps_json_save(const char *path, const cJSON *root, GError **error);

/*
 * Typed members of an object. Each fails with TPS_ERROR_INPUT that names `key` when the member is
 * missing or of another type; the `_maybe_` forms accept a missing or null member and then give the
 * fallback.
 */
bool tps_json_get_string(const cJSON *object, const char *key, const char **value, GError **error);
bool tps_json_get_int(const cJSON *object, const char *key, int64_t min, int64_t max,
                      int64_t *value, GError **error);
bool tps_json_get_bool(const cJSON *object, const char *key, bool *value, GError **error);
bool tps_json_get_seconds(const cJSON *object, const char *key, int64_t *us, GError **error);
/* A point in time: seconds since the epoch, up to 1e11. */
bool tps_json_get_instant(const cJSON *object, const char *key, int64_t *us, GError **error);
bool tps_json_get_array(const cJSON *object, const char *key, const cJSON **value, GError **error);
bool tps_json_get_object(const cJSON *object, const char *key, const cJSON **value, GError **error);
bool tps_json_maybe_string(const cJSON *object, const char *key, const char *fallback,
                           const char **value, GError **error);
bool tps_json_maybe_int(const cJSON *object, const char *key, int64_t min, int64_t max,
                        int64_t fallback, int64_t *value, GError **error);
bool tps_json_maybe_seconds(const cJSON *object, const char *key, int64_t fallback_us, int64_t *us,
                            GError **error);

/* An array of strings, appended (copied) to `strings`. A missing member is an empty array. */
bool tps_json_maybe_strings(const cJSON *object, const char *key, GPtrArray *strings,
                            GError **error);

/* A value in seconds: finite, >= 0, at most ten years. The message names no key. */
bool tps_json_seconds(const cJSON *value, int64_t *us, GError **error);

/* [M, N], whole numbers with 0 <= M < N; false, and `part` untouched, for everything else. */
bool tps_json_part(const cJSON *tuple, TpsPart *part);

void tps_json_add_seconds(cJSON *object, const char *key, int64_t us);
void tps_json_add_strings(cJSON *object, const char *key, const GPtrArray *strings);

/* The same of a list that ends with NULL. */
void tps_json_add_strv(cJSON *object, const char *key, char *const *strings);
