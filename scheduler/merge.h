/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/plan.h"
#include "core/result.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* One suite of the merged report. */
typedef struct {
    char *name;         /* owned                                              */
    char *hostname;     /* owned or NULL: the host, when all parts share one  */
    int64_t started_us; /* since the epoch, or TPS_TIME_UNKNOWN               */
    int64_t ended_us;
    GPtrArray *properties; /* of TpsJunitProperty                                */
    GPtrArray *results;    /* of TpsResult; plan order, or by id without a plan  */
    GString *output;       /* what bad parts printed                             */
} TpsMergedSuite;

/* Many part reports as one. */
typedef struct {
    char *name;
    GPtrArray *suites;   /* of TpsMergedSuite, by name (bytes)                              */
    GPtrArray *problems; /* of char*: why it is incomplete, each naming the part; sorted     */
    GPtrArray *notes;    /* of char*: what a person should know, but nothing is lost; sorted */
    bool checked;        /* against a plan                                                  */
    guint n_asked;       /* testcases of the plan that were to be merged ...                */
    guint n_planned;     /* ... and all that the plan has; equal but for a shard or part     */
    guint n_results;
    guint n_not_run;  /* testcases that were not run, because enough had failed; no results */
    bool flaky_fails; /* what passed only on a later attempt counts as bad                  */
    guint count[TPS_OUTCOME_ERROR + 1]; /* by TpsOutcome                                    */
    int64_t started_us; /* the first start, or TPS_TIME_UNKNOWN                            */
    int64_t ended_us;   /* the last end                                                    */
} TpsMerge;

void tps_merge_free(TpsMerge *merge);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsMerge, tps_merge_free)

/*
 * Merge the reports of a plan's parts, and prove that they are all there: every planned testcase is
 * in the result exactly once, with its result or with an error that says why there is none.
 *
 *   plan     what should have run; its tasks may be a part of a plan
 *   reports  of TpsPartReport, in any order; their results move into the merge
 *   returns  the merge, whatever the input; caller frees. The same for every order of the reports,
 *            and for reports given twice
 */
TpsMerge *tps_merge_plan(const TpsPlan *plan, const GPtrArray *reports);

/*
 * The same of a run that ended early, because enough had failed. What it did not start, and what it
 * stopped, has not run: that is no problem to whoever knows of it, and no pass either.
 *
 *   not_run  of const TpsTask*, a set: tasks of the plan that were never started
 */
TpsMerge *tps_merge_plan_cut_short(const TpsPlan *plan, const GPtrArray *reports,
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
 * Merge what is given, without a plan: completeness is not checked. A testcase that several reports
 * have counts once: executed beats skipped, then the worse result. Commutative, associative over
 * the written form, idempotent.
 */
TpsMerge *tps_merge_loose(const char *name, const GPtrArray *reports);

/* Add what stands in no report; takes `result`. A suite that isn't there yet is made. */
void tps_merge_add_result(TpsMerge *merge, const char *suite, TpsResult *result);

/* The merged report as JUnit XML; caller frees with g_string_free. */
GString *tps_merge_format(const TpsMerge *merge);

/* Nothing planned is without a result, unless it is known why, and nothing contradicts. */
bool tps_merge_is_complete(const TpsMerge *merge);
/* How many testcases failed or broke; and were flaky, where that is as bad. */
guint tps_merge_n_bad(const TpsMerge *merge);
