/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * In which order the pool starts the tasks. Heaviest first is what bears surprises best; but where
 * a balanced static schedule ends sooner by more than 0.05 %, tasks are started in the order in
 * which they start there, on each worker heaviest first. Pulled so, no task starts later than in
 * that schedule: when its turn comes, the tasks before it that are not done occupy fewer than all
 * workers.
 *
 *   weight_us  [n]  heaviest first
 *   n_workers       >= 1
 *   order      [n]  out: which task is started first, second ..; caller's array
 *   returns         the makespan, by tps_pool_simulate in that order
 *   time            O(n log n); a million tasks take less than a second
 */
int64_t tps_pool_order(const int64_t *weight_us, size_t n, int n_workers, size_t *order);

typedef struct {
    int size;
    int lower_bound;     /* no fewer workers can end within the target, whatever the order */
    bool proven;         /* the target is met, and size == lower_bound                     */
    int64_t makespan_us; /* of the order                                                   */
} TpsPoolChoice;

/*
 * The fewest workers that end within the target, and the order that lets them: by the parts of
 * tps_parts_fewest where heaviest first needs more. Up to twelve tasks the size is always proven.
 *
 *   weight_us  [n]  heaviest first
 *   target_us       >= weight_us[0], or no pool can meet it
 *   max_size        the cap, >= 1; the size when no smaller one meets the target
 *   order      [n]  out: as by tps_pool_order
 *   returns         size 1 .. max_size; when the target is missed, lower_bound may exceed it
 */
TpsPoolChoice tps_pool_choose(const int64_t *weight_us, size_t n, int64_t target_us, int max_size,
                              size_t *order);
