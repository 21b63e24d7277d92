/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * Times are integer microseconds inside and decimal seconds in files, so that no two machines round
 * differently. Ten years is the longest time that is believed.
 */
#define TPS_SECOND_US INT64_C(1000000)
#define TPS_MINUTE_US (60 * TPS_SECOND_US)
#define TPS_DURATION_MAX_US (INT64_C(3650) * 24 * 60 * TPS_MINUTE_US)

/*
 * Read what a person types: "90", "1.5", "1m30s", "2h", "250ms". A bare number is seconds.
 *
 *   us      out: >= 0; untouched on failure
 *   errors  TPS_ERROR_INPUT: empty, unknown unit, negative, or longer than ten years
 */
bool tps_duration_parse(const char *text, int64_t *us, GError **error);

/* For people: "850ms", "4.2s", "1m05s", "2h03m". Caller frees. */
char *tps_duration_format(int64_t us);

/*
 * Seconds of a file to microseconds, rounded half up. False, and `us` untouched, when the value is
 * NaN, infinite, negative or longer than ten years.
 */
bool tps_us_from_seconds(double seconds, int64_t *us);

/* Decimal seconds with all six digits, "12.500000", whatever the locale; us >= 0. Caller frees. */
char *tps_seconds_text(int64_t us);

/* The inverse; exact to the microsecond for every time up to ten years. */
double tps_us_to_seconds(int64_t us);
