/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/plan.h"
#include "core/suite.h"

#include <glib.h>

/* What of a plan is to be run. */
typedef struct {
    int shard;           /* 1 .. plan->size, or 0: all workers             */
    const char *suite;   /* or NULL                                        */
    const TpsPart *part; /* or NULL; only with `suite`                     */
    char **testcases;    /* or NULL: only these                            */
} TpsScope;

/*
 * Named testcases, and those that their framework can only run together with them: Check runs whole
 * test cases, ctest whole fixture groups.
 *
 *   testcases  NULL-terminated, or NULL
 *   listings   suite name -> GPtrArray of TpsTestcase
 *   returns    a list to be freed with g_strfreev; NULL for NULL
 */
char **tps_scope_whole_units(char **testcases, const TpsPlanFile *file, GHashTable *listings);

/*
 * The part of a plan that is in scope: a copy with the same id and fewer tasks or testcases.
 *   errors  TPS_ERROR_USAGE: there is no such shard, suite, part or testcase, or not together
 */
TpsPlan *tps_plan_restrict(const TpsPlan *plan, const TpsScope *scope, GError **error);
