/* SPDX-License-Identifier: MIT */
#pragma once

#include "scheduler/scenario.h"
#include "scheduler/times.h"

#include <glib.h>

/* Where a plan has a testcase. Borrows from plan and times. */
typedef struct {
    const TpsPlanSuite *suite;
    const TpsTask *task;
    guint position; /* 0 .. task->n_testcases-1                                  */
    bool timed;     /* `time` and `start_us` are known                           */
    TpsTestcaseTime time;
    int64_t start_us; /* expected, when those before it take their time            */
} TpsPlace;

/*
 * All testcases of that id: one for each suite that has one.
 *
 *   times    or NULL
 *   returns  of TpsPlace, by suite (bytes); empty when there is none. Caller unrefs
 */
GArray *tps_locate_testcase(const TpsPlan *plan, TpsTimes *times, const char *id);

/* Why a suite has as many parts as it has. */
typedef enum {
    TPS_PARTS_FIT,            /* it fits into one part                                     */
    TPS_PARTS_DECLARED,       /* the plan file says how many                               */
    TPS_PARTS_WEIGHT,         /* the plan file says what one task takes: not cut           */
    TPS_PARTS_ONE_UNIT,       /* there is nothing to cut                                   */
    TPS_PARTS_SETUP_TOO_LONG, /* setup and teardown alone reach the limit: not cut         */
    TPS_PARTS_LIMIT,          /* fewer would not keep the limit, even if they were equal   */
    TPS_PARTS_FINER,          /* fewer might keep it: its units don't divide evenly, or a
                                 finer split ends sooner                                   */
    TPS_PARTS_WHOLE,          /* it exceeds the limit and is not cut                       */
} TpsPartsReason;

const char *tps_parts_reason_name(TpsPartsReason reason);

/* A suite of a plan. Borrows from it. */
typedef struct {
    const TpsPlanSuite *suite;
    TpsSuiteSums sums;
    TpsPartsReason reason;
    int needed;       /* the fewest parts that could keep the limit, if all were equal */
    int64_t limit_us; /* part runtime limit or target, the shorter one                 */
    GPtrArray *tasks; /* of TpsTask, by part                                           */
} TpsSuiteView;

/* NULL when the plan has no such suite; `times` or NULL. */
TpsSuiteView *tps_locate_suite(const TpsPlan *plan, TpsTimes *times, const char *name);
void tps_suite_view_free(TpsSuiteView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsSuiteView, tps_suite_view_free)

/*
 * The names of suites and testcases of a plan that are nearest to one that it does not have: at
 * most `max`, as tps_nearest_names. Caller unrefs.
 */
GPtrArray *tps_locate_nearest(const TpsPlan *plan, const char *name, guint max);
