/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/plan.h"
#include "scheduler/loads.h"

#include <glib.h>

/* What the suites of a plan need, in terms of one stock. */
typedef struct {
    const TpsPlan *plan; /* borrowed                                                       */
    TpsStock *stock;
    const TpsClaim **claims; /* [plan->suites->len], NULL where a suite needs nothing      */
} TpsPlanNeeds;

/*
 *   memory_bytes  what there is for those that declare memory; 0 = no limit
 *   returns       caller frees; NULL where no suite needs anything
 */
TpsPlanNeeds *tps_plan_needs_new(const TpsPlan *plan, int64_t memory_bytes);
void tps_plan_needs_free(TpsPlanNeeds *needs);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsPlanNeeds, tps_plan_needs_free)

/* The same for what is foreseen: nothing where each worker is a machine of its own. */
TpsPlanNeeds *tps_plan_needs_foreseen(const TpsPlan *plan);

/* Of a task of that suite; NULL: one worker and nothing else. Of no needs, too. */
const TpsClaim *tps_plan_needs_find(const TpsPlanNeeds *needs, const char *suite);

/* Of TpsLoad: the plan's tasks in its order. Caller unrefs. */
GArray *tps_plan_needs_loads(const TpsPlanNeeds *needs);

/* The loads of an array, which is borrowed. */
TpsLoads tps_loads_of(const TpsPlanNeeds *needs, const GArray *loads);

/* More workers than the tasks could occupy are of no use. */
int tps_loads_most_workers(const TpsLoads *loads);

/* What a person should know of them, in the notes of a plan that is made. */
void tps_plan_needs_say(TpsPlan *plan);
