/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/plan.h"
#include "core/report.h"
#include "core/result.h"
#include "scheduler/collect.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * Merge the reports of a plan's parts, and prove that they are all there: every planned testcase is
 * in the result exactly once, with its result or with an error that says why there is none.
 *
 *   plan     what should have run; its tasks may be a part of a plan
 *   reports  of TpsPartReport, in any order; their results move into the merge
 *   returns  the merge, whatever the input; caller frees. The same for every order of the reports,
 *            and for reports given twice
 */
TpsReport *tps_merge_plan(const TpsPlan *plan, const GPtrArray *reports);

/*
 * The same of a run that ended early, because enough had failed. What it did not start, and what it
 * stopped, has not run: that is no problem to whoever knows of it, and no pass either.
 *
 *   not_run  of const TpsTask*, a set: tasks of the plan that were never started
 */
TpsReport *tps_merge_plan_cut_short(const TpsPlan *plan, const GPtrArray *reports,
                                    GHashTable *not_run);

/* One report of which nothing is known but what stands in it. */
typedef struct {
    char *suite;        /* owned                                   */
    char *origin;       /* owned: a file, for messages             */
    char *digest;       /* owned: the same report twice counts once */
    int64_t started_us; /* or TPS_TIME_UNKNOWN                     */
    int64_t ended_us;
    GPtrArray *results; /* of TpsResult                            */
} TpsLooseReport;

TpsLooseReport *tps_loose_report_new(const char *suite, const char *origin);
void tps_loose_report_free(TpsLooseReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsLooseReport, tps_loose_report_free)

/*
 * Merge what was found, without a plan: completeness is not checked. A testcase that several
 * reports have counts once: executed beats skipped, then the worse result. Commutative, associative
 * over the written form, idempotent.
 *
 *   directory   of the merged report, which attachments are named relative to
 *   collection  its `loose` reports and its `files`; these are read now, their words are added
 *   returns     the results stand in its store: memory does not grow with their number; caller
 *               frees
 *   errors      as tps_collect_read() and tps_spool_settle()
 */
TpsReport *tps_merge_loose(const char *name, const char *directory, TpsCollection *collection,
                           GError **error);
