/* SPDX-License-Identifier: MIT */
#pragma once

#include "adapters/detect.h"

#include <cJSON.h>

/*
 * The suites of a plan file to be: names for what was detected, as char*, one each, unique. A suite
 * is called by its place, or by its framework at the root. Caller unrefs.
 */
GPtrArray *tps_init_names(const GPtrArray *detected);

/* "pytest in backend (pyproject.toml, 12 test files)": what was seen, and why. Caller frees. */
char *tps_init_reason(const TpsDetected *detected);

/*
 * A plan file with comments.
 *
 *   project   its name
 *   base      from where the plan file is to what was looked at; "" = the same directory
 *   detected  [n]  of TpsDetected, all in UTF-8
 *   names     [n]  of char*
 *   notes     of char*
 */
char *tps_init_text(const char *project, const char *base, const GPtrArray *detected,
                    const GPtrArray *names, const GPtrArray *notes);

/* The same as an object, for machines. */
cJSON *tps_init_json(const char *file, const GPtrArray *detected, const GPtrArray *names,
                     const GPtrArray *notes);
