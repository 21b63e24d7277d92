/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/filter.h"
#include "core/suite.h"

#include <glib.h>
#include <stdbool.h>

/* What the suites of a plan file hold, and what of it is meant. */
typedef struct {
    GHashTable *listings; /* owned: suite name -> GPtrArray of TpsTestcase, all of them */
    GArray *inputs;       /* owned: of TpsPlanInput, in the order of the plan file, what is meant */
    GPtrArray *lists;     /* owned: what those are borrowed from                         */
} TpsListed;

void tps_listed_clear(TpsListed *listed);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TpsListed, tps_listed_clear)

/*
 * List the suites and filter what they hold; suites that are excluded as such are not asked. What
 * is to be said of it goes to stderr.
 *
 *   filter  NULL = all
 *   errors  those of tps_list_suites and tps_filtering_inputs
 */
bool tps_listed_make(TpsListed *listed, const TpsPlanFile *file, const TpsFilter *filter,
                     GError **error);

/* tps_filtering_inputs; what is to be said of it goes to stderr. */
bool tps_listed_filter(const TpsFilter *filter, GArray *inputs, GPtrArray *lists, GError **error);
