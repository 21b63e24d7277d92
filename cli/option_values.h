/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * What the value of an option means. NULL, for an option that is not given, leaves the result as it
 * is. TPS_ERROR_USAGE names the option.
 */

/* "text" or "json": is it one of them? */
bool tps_option_format(const char *text, GError **error);

/* A number from 1, or "auto" where that is allowed: TPS_AUTO. */
bool tps_option_count(const char *option, const char *text, bool auto_allowed, int *value,
                      GError **error);

/* A duration longer than zero; "auto" is TPS_AUTO. */
bool tps_option_time(const char *option, const char *text, int64_t *us, GError **error);

/* "0.9" or "90%"; nothing is certain, and what is never kept needs no promise. */
bool tps_option_probability(const char *option, const char *text, int *ppm, GError **error);

/* "5%" or "0.05"; 0 and 1 are gains, too. */
bool tps_option_gain(const char *option, const char *text, int64_t *ppm, GError **error);

/* "2", "0.5": processors; 0 for "any", which is no limit. */
bool tps_option_cores(const char *option, const char *text, int64_t *cpu_ppm, GError **error);

/* "512M", "16G" (powers of 1024), or bytes; 0 for "any". */
bool tps_option_memory(const char *option, const char *text, int64_t *bytes, GError **error);
