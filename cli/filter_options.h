/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/filter.h"

#include <glib.h>
#include <stdbool.h>

/* Which testcases are meant, as the command line says it. Zero-initialised is "all". */
typedef struct {
    char **include;
    char **exclude;
    char **tags;
    char **exclude_tags;
} TpsFilterOptions;

void tps_filter_options_clear(TpsFilterOptions *options);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TpsFilterOptions, tps_filter_options_clear)

/* Add them to a verb's options. */
void tps_filter_options_add(TpsFilterOptions *options, GOptionContext *context);

/* Is any given? */
bool tps_filter_options_any(const TpsFilterOptions *options);

/* The filter, owned by the caller; NULL for all testcases. TPS_ERROR_USAGE. */
bool tps_filter_options_understand(const TpsFilterOptions *options, TpsFilter **filter,
                                   GError **error);
