/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/plan.h"
#include "core/report.h"
#include "scheduler/collect.h"

#include <glib.h>
#include <stdbool.h>

/*
 * Read what is there and make one report of it.
 *
 *   plan      what should have run, against which completeness is proven; NULL: it is not checked
 *   name      of a report without a plan; NULL = "tpsched"
 *   paths     NULL-terminated, as in tps_collect()
 *   timeline  whether the report is to say who executed what, and when
 *   returns   caller frees; what is missing or damaged is a problem of the report
 *   errors    TPS_ERROR_INPUT: a path can't be read, or nothing is there to be merged
 */
typedef struct {
    const TpsPlan *plan;
    const char *name;
    const char *const *paths;
    bool timeline;
} TpsReportWish;

TpsReport *tps_report_of(const TpsReportWish *wish, GError **error);

/*
 * The plan that lies beside a run's journal: DIR/plan.json. NULL without an error when `paths` has
 * no such directory; of several the first one's.
 */
char *tps_report_find_plan(const char *const *paths);
