/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/plan.h"
#include "core/suite.h"

#include <glib.h>
#include <stdbool.h>

/* A task with everything that is needed to run it here and now. */
typedef struct {
    const TpsTask *task;      /* borrowed                                                         */
    const TpsSuite *suite;    /* borrowed                                                         */
    GPtrArray *testcases;     /* of TpsTestcase, borrowed from the listing, in its order          */
    bool all;                 /* they are all the suite has                                       */
    const GPtrArray *listing; /* of TpsTestcase, borrowed: all the suite has */
    GPtrArray *added;         /* of char*, borrowed: in the listing, not in the plan, and allowed */
    GPtrArray *removed;       /* of char*, borrowed: in the plan, not in the listing, and allowed */
} TpsWork;

void tps_work_free(TpsWork *work);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsWork, tps_work_free)

/*
 * Match a plan with what its filter leaves of what the suites hold now. A re-run never re-plans: a
 * difference is an error that names what was added and removed, unless it is allowed. New testcases
 * go to the lightest task of their suite (ties: the first part), wherever that is executed.
 *
 *   plan      the whole plan
 *   scope     what of it is run here
 *   file      what declares the suites
 *   listings  suite name -> GPtrArray of TpsTestcase
 *   returns   one TpsWork for each task of scope, in its order; caller unrefs
 *   errors    TPS_ERROR_INPUT: the plan file lacks a suite; TPS_ERROR_INCOMPLETE: a difference
 */
GPtrArray *tps_work_prepare(const TpsPlan *plan, const TpsPlan *scope, const TpsPlanFile *file,
                            GHashTable *listings, bool allow_new, bool allow_missing,
                            GError **error);
