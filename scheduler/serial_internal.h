/* SPDX-License-Identifier: MIT */
#pragma once

#include "scheduler/draft_internal.h"

/*
 * No plan is slower than one worker that runs every suite in one piece: what a part costs beyond
 * its testcases (setup, teardown) must come back.
 */

/* What that worker takes. Suites whose weight the plan file gives count as they are. */
int64_t tps_serial_time(const GArray *drafts);

/*
 * Where too few workers miss the goal, parts that are cut for it only add setup: then split the
 * movable drafts as the limit alone asks, and for that many workers; keep what ends sooner.
 *
 *   limit_us  of a part
 *   size      >= 1
 */
void tps_serial_keep(GArray *drafts, int64_t limit_us, int64_t goal_us, int size);

/* How many tasks the drafts have now. */
int tps_serial_tasks(const GArray *drafts);

/* What makes a finished plan slower all the same, a number of parts or the limit, is said. */
void tps_serial_say(TpsPlan *plan, const GArray *drafts);
