/* SPDX-License-Identifier: MIT */
#pragma once

#include "partition/bounds.h" /* tps_makespan_lower_bound: the best any order could do */

#include <stddef.h>
#include <stdint.h>

/*
 * Simulate the pool: workers pull tasks in the given order, each as soon as it is free, ties to the
 * lower worker.
 *
 *   weight_us  [n]     in the order in which the pool starts them
 *   n_workers          >= 1
 *   free_us    [n_workers] or NULL: when each worker is free first; NULL = all at 0
 *   worker     [n] or NULL: out, who takes each task
 *   start_us   [n] or NULL: out, when
 *   returns            the makespan: when the last worker ends, also one that takes no task; at
 *                      most INT64_MAX
 *   time               O(n log n_workers)
 */
int64_t tps_pool_simulate(const int64_t *weight_us, size_t n, int n_workers, const int64_t *free_us,
                          int *worker, int64_t *start_us);

/*
 * The smallest pool that ends within the target, by that simulation.
 *
 *   weight_us  [n]  heaviest first
 *   target_us       >= weight_us[0], or no pool can meet it
 *   max_size        the cap, >= 1; the answer when no smaller one meets the target
 *   returns         1 .. max_size; 1 when n == 0
 */
int tps_pool_size(const int64_t *weight_us, size_t n, int64_t target_us, int max_size);

/*
 * No pool of fewer workers can end within the target, whatever the order: tps_parts_lower_bound,
 * but at least one worker.
 *
 *   weight_us  [n]  heaviest first, each <= target_us
 */
int tps_pool_size_lower_bound(const int64_t *weight_us, size_t n, int64_t target_us);
