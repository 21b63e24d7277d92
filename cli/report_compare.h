/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

/*
 * Say on standard output what is new in the second of two runs.
 *
 *   paths    [2] and NULL: report directories or reports, the earlier one first
 *   format   NULL or "text", "json"
 *   key      NULL, or what the plans that lie beside the runs must be signed by
 *   returns  an exit status: 1 when something fails that did not fail before, 3 when the second
 *            run is incomplete
 */
int tps_report_compare(const char *const *paths, const char *format, const char *key,
                       GError **error);
