/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/plan.h"
#include "core/report.h"
#include "scheduler/collect.h"

#include <glib.h>
#include <stdbool.h>

/*
 * Make one report of what was found.
 *
 *   plan      what should have run, against which completeness is proven; NULL: it is not checked
 *   name      of a report without a plan; NULL = "tpsched"
 *   directory where the report is to be, which attachments are named relative to; NULL = here
 *   timeline  whether the report is to say who executed what, and when
 *   returns   caller frees; what is missing or damaged is a problem of the report
 *   errors    TPS_ERROR_INPUT: nothing is there to be merged
 */
typedef struct {
    const TpsPlan *plan;
    const char *name;
    const char *directory;
    bool timeline;
} TpsReportWish;

/* The results of the collection are taken; the rest of it stays. */
TpsReport *tps_report_of(const TpsReportWish *wish, TpsCollection *collection, GError **error);

/*
 * The plan that lies beside a run's journal: DIR/plan.json, caller frees. NULL when `paths`,
 * NULL-terminated, has no such directory; of several the first one's.
 */
char *tps_report_find_plan(const char *const *paths);
