/* SPDX-License-Identifier: MIT */
#pragma once

#include "scheduler/overtake.h"

#include <stddef.h>
#include <stdint.h>

/* Tasks that need more than a worker, for the planner: as the pool will start them. */
typedef struct {
    int64_t weight_us;
    const TpsClaim *claim; /* borrowed, of the stock */
} TpsLoad;

typedef struct {
    const TpsStock *stock; /* borrowed                                                    */
    const TpsLoad *loads;  /* [n] borrowed, in the order in which the pool starts them    */
    size_t n;
} TpsLoads;

/*
 * Simulate the pool, as tps_pool_simulate does for tasks without needs, of which it gives the same:
 * by the very decisions of a run (scheduler/overtake.h), when each task takes its weight.
 *
 *   busy      [n_busy] what runs already at 0, each on a worker of its own; NULL = nothing
 *   worker    [n] or NULL: out, who takes each task
 *   start_us  [n] or NULL: out, when
 *   returns   the makespan, at most INT64_MAX
 *   time      O(n * (n + n_workers)) at worst; O(n * n_workers) where little waits
 */
int64_t tps_loads_simulate(const TpsLoads *loads, int n_workers, const TpsRunning *busy,
                           size_t n_busy, int *worker, int64_t *start_us);

/*
 * In which order to start them: heaviest first, or those first on which most depends, where that
 * ends sooner. What hangs on a task is the time that a lock (or a resource, or memory) is still
 * needed for, from it on, if each takes it heaviest first: as on a critical path. Exclusive tasks
 * come before all others then, when nothing has to end for them.
 *
 *   loads    heaviest first
 *   order    [n] out: which is started first, second ..
 *   returns  the makespan in that order
 */
int64_t tps_loads_order(const TpsLoads *loads, int n_workers, size_t *order);

/* Why no order ends sooner. */
typedef struct {
    int64_t us;
    char *what; /* owned: "lock 'db'"; NULL = one task, or work for all workers */
} TpsLoadsBound;

void tps_loads_bound_clear(TpsLoadsBound *bound);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TpsLoadsBound, tps_loads_bound_clear)

/*
 * No order of them ends sooner: exclusive tasks one after the other, and beside them the longest
 * task, or all that is wanted of the workers, of a resource or of memory divided by what there is,
 * or tasks of which no two fit together.
 *
 *   n_workers  0 = as many as could be of use
 */
TpsLoadsBound tps_loads_bound(const TpsLoads *loads, int n_workers);

/* The same of needs alone: it holds however the tasks are cut, if their sums stay what they are. */
TpsLoadsBound tps_loads_chain(const TpsLoads *loads);

/* No fewer workers end within the target, whatever the order; at least `from`, at most `max`. */
int tps_loads_size_bound(const TpsLoads *loads, int64_t target_us, int from, int max);
