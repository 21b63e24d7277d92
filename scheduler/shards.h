/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/plan.h"
#include "core/shard.h"
#include "scheduler/planner.h"

#include <glib.h>

/* What a node of a CI system takes to be there, where nobody says: a guess for hosted ones. */
#define TPS_SHARD_STARTUP_US (30 * INT64_C(1000000))

/* How nodes come. */
typedef struct {
    int64_t startup_us; /* from asking for a node to its first task, >= 0                      */
    int n_slots;        /* so many at a time; 0 = any number                                   */
    int max_shards;     /* what the CI system takes; 0 = any number                            */
} TpsShardTerms;

/*
 * A plan for nodes of a CI system. Where the request leaves the size open, it is the fewest nodes
 * that end within the target when each needs its startup first. More than there are slots are never
 * asked for: who waits for a slot pays one more startup and ends no sooner. The target that the
 * plan holds is what startup leaves of it, and a note says so.
 *
 *   request  as tps_plan_make takes it; its `is_sharded` is set
 *   errors   as tps_plan_make
 */
TpsPlan *tps_shards_plan(const TpsPlanRequest *request, const TpsShardTerms *terms, GError **error);

/* What each node executes. Caller frees. */
TpsShards *tps_shards_of(const TpsPlan *plan);
