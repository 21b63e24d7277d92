/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/plan.h"
#include "core/property.h"
#include "core/result.h"
#include "core/timeline.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* One suite of a report. */
typedef struct {
    char *name;         /* owned                                                       */
    char *hostname;     /* owned or NULL: the host, when all parts share one           */
    int64_t started_us; /* since the epoch, or TPS_TIME_UNKNOWN                        */
    int64_t ended_us;
    int64_t time_us;       /* the sum of its results' times, as far as they are known     */
    GPtrArray *properties; /* of TpsProperty                                              */
    GPtrArray *results;    /* of TpsResult; plan order, or by id without a plan; NULL where
                              the report has a store                                     */
    GString *output;       /* what bad parts printed                                      */
    guint n_results;       /* of those that count ...                                     */
    guint count[TPS_OUTCOME_ERROR + 1]; /* ... by TpsOutcome                              */
    guint n_odd;    /* results that are not written as one element of their id and outcome:
                       attempts, cases, left out, or an id that is not plain ASCII             */
    gpointer place; /* borrowed: where the store has its results                   */
} TpsReportSuite;

typedef struct TpsReport TpsReport;

/* Told of one result after the other; false with `error` set ends the visit. */
typedef bool (*TpsResultVisitor)(const TpsReportSuite *suite, const TpsResult *result, void *user,
                                 GError **error);

/* Where the results of a report are that memory does not hold. */
typedef struct {
    bool (*visit)(gpointer store, const TpsReportSuite *suite, TpsResultVisitor visit, void *user,
                  GError **error);
    void (*free)(gpointer store);
} TpsResultStore;

/* Many part reports as one: what a run came to, and whether that is proven. */
struct TpsReport {
    char *name;
    char *plan_id;       /* owned or NULL                                                        */
    GPtrArray *suites;   /* of TpsReportSuite, by name (bytes)                              */
    GPtrArray *problems; /* of char*: why it is incomplete, each naming the part; sorted     */
    GPtrArray *notes;    /* of char*: what a person should know, but nothing is lost; sorted */
    bool checked;        /* against a plan                                                  */
    guint n_asked;       /* testcases of the plan that were to be reported ...              */
    guint n_planned;     /* ... and all that the plan has; equal but for a shard or part     */
    guint n_results;
    guint n_not_run;  /* testcases that were not run, because enough had failed; no results */
    bool flaky_fails; /* what passed only on a later attempt counts as bad                  */
    guint count[TPS_OUTCOME_ERROR + 1]; /* by TpsOutcome                                    */
    int64_t started_us;          /* the first start, or TPS_TIME_UNKNOWN                         */
    int64_t ended_us;            /* the last end                                                 */
    int64_t makespan_us;         /* expected by the plan, or TPS_TIME_UNKNOWN ...                */
    int64_t lower_bound_us;      /* ... which no plan could have undercut on its workers         */
    int size;                    /* workers of the plan; 0 = not known                           */
    const TpsResultStore *store; /* or NULL: the suites have their results                  */
    gpointer stored;             /* owned: the store's own                                  */
    TpsTimeline *timeline;       /* owned or NULL: nobody asked, or nobody knows            */
};

TpsReport *tps_report_new(const char *name, bool checked);
void tps_report_free(TpsReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsReport, tps_report_free)

/* A new suite at the end; borrowed from the report. */
TpsReportSuite *tps_report_add_suite(TpsReport *report, const char *name);

/* The time from `started_us` to `ended_us` belongs to the suite; unknown times change nothing. */
void tps_report_suite_extend(TpsReportSuite *suite, int64_t started_us, int64_t ended_us);

/* Count a result; what was left out on purpose counts as not run. */
void tps_report_count(TpsReport *report, TpsReportSuite *suite, const TpsResult *result);

/* Add what stands in no report; takes `result`. A suite that isn't there yet is made. */
void tps_report_add_result(TpsReport *report, const char *suite, TpsResult *result);

void tps_report_add_problem(TpsReport *report, const char *format, ...) G_GNUC_PRINTF(2, 3);
void tps_report_add_note(TpsReport *report, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Count what is in memory, sort what is said, and take the whole's times from the suites. */
void tps_report_finish(TpsReport *report);

/*
 * Be told of all results of a suite, in the report's order. A result is borrowed for the call: it
 * may be gone after it, since not all results have to be in memory at a time.
 *
 *   returns  false when the visitor said so, or when the store can't be read (TPS_ERROR_EXECUTOR)
 */
bool tps_report_visit(const TpsReport *report, const TpsReportSuite *suite, TpsResultVisitor visit,
                      void *user, GError **error);

/* Nothing planned is without a result, unless it is known why, and nothing contradicts. */
bool tps_report_is_complete(const TpsReport *report);
/* How many testcases failed or broke; and were flaky, where that is as bad. */
guint tps_report_n_bad(const TpsReport *report);
/* "PASSED", "FAILED" or "INCOMPLETE". Static. */
const char *tps_report_verdict(const TpsReport *report);
/* How a program ends that has this to tell: 0 passed, 1 failed, 3 incomplete. */
int tps_report_exit_status(const TpsReport *report);

/* The type of a result that says why there is none; skipped where that was on purpose. */
#define TPS_RESULT_NOT_RUN "tpsched.not-run"
bool tps_result_is_left_out(const TpsResult *result);

/* Where formats have no word for a problem, it is a testcase of this suite and this type. */
#define TPS_REPORT_PROBLEMS "tpsched: the report is incomplete"
#define TPS_RESULT_PROBLEM "tpsched.incomplete"
