/* SPDX-License-Identifier: MIT */
#pragma once

#include "scheduler/draft_internal.h"
#include "scheduler/plan_needs.h"

/* Of TpsLoad: the parts of all drafts, heaviest first, or all of a draft that is not split yet.
 * Caller unrefs. */
GArray *tps_draft_loads(const TpsPlanNeeds *needs, const GArray *drafts);

/* How long that many workers take for what the drafts hold, in the order that they will have. */
int64_t tps_needs_makespan(const TpsPlanNeeds *needs, const GArray *drafts, int size);

/*
 * The fewest workers that end within the goal, from `from` to `most`. Where needs keep it from
 * being met by any, the fewest that end soonest.
 */
int tps_needs_size(const TpsPlanNeeds *needs, const GArray *drafts, int64_t goal_us, int from,
                   int most);

/* What the machine has, as far as a suite asks for it. */
void tps_needs_take_machine(TpsPlan *plan, const GArray *drafts, const TpsPlanRequest *request);

/* Is there what the suite wants? TPS_ERROR_INPUT. */
bool tps_needs_check(const TpsDraft *draft, const TpsPlan *plan, GError **error);

/*
 * Parts that need the same take turns: more of them than the limit asks for would only pay setup.
 * Where each worker is a machine of its own they don't.
 */
void tps_needs_hold(const TpsPlan *plan, GArray *drafts);

/* Needs make bounds only greater. */
void tps_needs_bound(TpsPlan *plan);
