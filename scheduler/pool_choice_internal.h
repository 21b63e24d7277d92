/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/plan.h"
#include "scheduler/planner.h"

#include <glib.h>
#include <stdint.h>

/*
 * When the plan has to end, as it is expected, so that it meets its target with the probability
 * that was asked for: earlier, as much as earlier plans were late. Without a promise, the target.
 */
int64_t tps_goal_for_promise(const TpsPlan *plan, const TpsPlanRequest *request);

/*
 * Choose the size of the pool and with it the parts: for the goal, and for what the machine can
 * feed. The drafts are split by the limit before.
 */
void tps_choose_pool(TpsPlan *plan, GArray *drafts, const TpsPlanRequest *request, int64_t goal_us);

/* With which probability the finished plan meets its target. */
void tps_state_promise(TpsPlan *plan, const TpsPlanRequest *request);
