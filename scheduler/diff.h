/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/plan.h"

#include <glib.h>

typedef enum {
    TPS_DIFF_ADDED,
    TPS_DIFF_REMOVED,
    TPS_DIFF_CHANGED, /* of a testcase: it is in another part of its suite */
} TpsDiffKind;

const char *tps_diff_kind_name(TpsDiffKind kind);

/* A testcase that is not where it was. */
typedef struct {
    TpsDiffKind kind;
    const char *suite;
    const char *id;
    const TpsTask *from; /* NULL when added   */
    const TpsTask *to;   /* NULL when removed */
} TpsDiffTestcase;

/* A suite that came, went, or has another number of parts or testcases, or other needs. */
typedef struct {
    TpsDiffKind kind;
    const char *name;
    const TpsPlanSuite *from; /* NULL when added   */
    const TpsPlanSuite *to;   /* NULL when removed */
} TpsDiffSuite;

/* What moved between two plans. Borrows everything from them. */
typedef struct {
    const TpsPlan *from;
    const TpsPlan *to;
    GArray *suites;      /* of TpsDiffSuite, by name (bytes)                              */
    GArray *testcases;   /* of TpsDiffTestcase, by suite, then id (bytes)                 */
    guint n_added;       /* testcases                                                     */
    guint n_removed;     /*                                                               */
    guint n_moved;       /* from part to part                                             */
    guint n_stay;        /* in both plans in the same part                                */
    guint n_reworked;    /* of those in both plans: another worker executes them          */
    guint n_parts_other; /* suites in both plans with another number of parts             */
    guint n_unnamed;     /* suites of which a plan counts the testcases and names none:
                            they are in no number above but the last                      */
} TpsPlanDiff;

/*
 * Compare two plans, testcase by testcase. A testcase is known by its suite and id; the part it is
 * in by the M of M,N, so that one which stays in the first part when a suite is cut does not move.
 *
 *   returns  the difference, which must not outlive the plans; caller frees
 *   errors   none (pure); the order does not depend on the order of tasks or testcases in a plan
 *   time     O(n log n) over the testcases of both
 */
TpsPlanDiff *tps_plan_diff(const TpsPlan *from, const TpsPlan *to);
void tps_plan_diff_free(TpsPlanDiff *diff);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsPlanDiff, tps_plan_diff_free)
