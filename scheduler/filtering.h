/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/filter.h"
#include "scheduler/planner.h"

#include <glib.h>
#include <stdbool.h>

/*
 * What a filter leaves of a suite: a testcase it takes, and, where the framework can only select
 * whole classes or files, what shares one with it.
 *
 *   filter   NULL = all of them
 *   listing  of TpsTestcase
 *   n_along  out, or NULL: how many are only taken along
 *   returns  of TpsTestcase, borrowed, in the order of the listing; caller unrefs
 */
GPtrArray *tps_filtering_listing(const TpsFilter *filter, const TpsSuite *suite,
                                 const GPtrArray *listing, guint *n_along);

/*
 * The same for all that is to be planned; suites of which nothing is left go. Suites whose
 * testcases have no names are taken by their own.
 *
 *   inputs   of TpsPlanInput; those that tps_filter_drops need not have testcases
 *   lists    what the inputs' testcases are borrowed from then, a list of GPtrArray
 *   notes    of char*, added: a pattern or tag that matches nothing, what is taken along
 *   errors   TPS_ERROR_EMPTY: nothing is left; it names what is near
 */
bool tps_filtering_inputs(const TpsFilter *filter, GArray *inputs, GPtrArray *lists,
                          GPtrArray *notes, GError **error);
