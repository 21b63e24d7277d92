/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/plan.h"
#include "core/suite.h"

#include <glib.h>
#include <stdbool.h>

/* What of a former run is to be run again. */
typedef enum {
    TPS_FORMER_FAILED = 1 << 0,  /* what failed, or has no result because its process failed */
    TPS_FORMER_NOT_RUN = 1 << 1, /* what has no result: never started, cut short             */
} TpsFormer;

/*
 * Of a plan's scope the testcases that a former run of that plan left so. A part that is bad as a
 * whole (its process died and no testcase explains it, its report is damaged) counts whole.
 *
 *   report_dir  of the former run
 *   attempt     out: the newest attempt that stands there
 *   returns     a copy of the scope, as tps_plan_restrict gives; maybe without tasks
 *   errors      TPS_ERROR_USAGE: there is no journal; TPS_ERROR_INPUT: it can't be read
 */
TpsPlan *tps_former_scope(const char *report_dir, const TpsPlan *scope, TpsFormer which,
                          int *attempt, GError **error);

/* How many of the scope's tasks were begun there and did not end by themselves. Errors as above. */
bool tps_former_n_unended(const char *report_dir, const TpsPlan *scope, guint *n, GError **error);

/*
 * Add to such a scope what its testcases can only run together with (tps_scope_whole_units).
 *
 *   plan  what the scope is taken from
 */
void tps_former_whole_units(TpsPlan *former, const TpsPlan *plan, const TpsPlanFile *file,
                            GHashTable *listings);
