/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stddef.h>

/*
 * A record is what a framework says of one testcase, as it says it: names to values, both strings
 * of any bytes but NUL, both owned by the table. What it means is for a definition to say.
 *
 * Values are shared where many records have the same one, so a record is filled by these functions
 * only. A NUL byte of a value becomes U+FFFD, as it does in what a process prints.
 */
GHashTable *tps_record_new(void);

/* Both are copied; the last value of a name counts. */
void tps_record_set(GHashTable *record, const char *name, const char *value);
void tps_record_set_bytes(GHashTable *record, const char *name, const char *bytes, size_t length);

/* `value` gains a reference, and is not copied. */
void tps_record_share(GHashTable *record, const char *name, GRefString *value);

/* Borrowed from the record; NULL = it has none. */
const char *tps_record_get(GHashTable *record, const char *name);

/* A list that owns its records. */
GPtrArray *tps_records_new(void);
