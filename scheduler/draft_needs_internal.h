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
