/* SPDX-License-Identifier: MIT */
#pragma once

#include "scheduler/draft_internal.h"

#include <glib.h>
#include <stdint.h>

/*
 * Choose parts and pool together: the fewest workers that meet the target, then the shortest
 * makespan, then the least work. The drafts are split by the limit before; where other parts serve
 * better, what holds in the draft is replaced.
 *
 *   drafts     of TpsDraft
 *   target_us  at least the longest task
 *   size       >= 1, or TPS_AUTO
 *   max_size   cap for auto, >= 1
 *   returns    the size
 */
int tps_choose(GArray *drafts, int64_t target_us, int size, int max_size);

/* How long that many workers take for what the drafts hold, in the order that they will have. */
int64_t tps_choose_makespan(const GArray *drafts, int64_t target_us, int size);

/* The weights of all tasks that the drafts have now, heaviest first. Of int64_t; caller unrefs. */
GArray *tps_choose_weights(const GArray *drafts);
