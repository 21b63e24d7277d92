/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stddef.h>

/* Readers of what only one tool writes; as those of adapters/readers/readers.h. */

/*
 * The XML of Check: id "Suite:TCase:test", "[i]" behind a later iteration; suite, tcase, outcome,
 * seconds, message, file, line.
 *
 *   problem  out: why reading stopped early, owned; what was complete is returned. Not touched else
 */
GPtrArray *tps_records_from_check(const char *text, size_t length, char **problem);

/*
 * The listing of ctest (--show-only=json-v1): name, tags (its labels), and class, the name of the
 * first test that it can't be parted from. ctest pulls fixtures into every process that needs them
 * and honours locks and dependencies only inside one, so tests that share any of these belong
 * together.
 */
GPtrArray *tps_records_from_ctest(const char *text, size_t length, GError **error);
