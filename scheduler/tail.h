/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* A split that ends the run sooner by less than this is not worth its noise. */
#define TPS_TAIL_GAIN_MIN_US INT64_C(100000)

/* What is still to be done at the moment a worker takes a task. All times count from now. */
typedef struct {
    int n_workers;    /* >= 1, with the one that takes it                                  */
    int64_t work_us;  /* the rest of all that runs and waits, with this task whole         */
    int64_t floor_us; /* when the last of what can't be cut any more ends, without this one */
} TpsTail;

/*
 * Into how many pieces to cut a task that is about to start, so that no worker idles while it runs
 * alone. Uncut it ends the run after
 *
 *     max(floor, work / n_workers, overhead + sum of its units)
 *
 * and in k pieces after
 *
 *     max(floor, (work + (k - 1) * overhead) / n_workers, overhead + the longest piece),
 *
 * where other tasks that can be cut are taken for a fluid: their turn comes when they are taken.
 * The fewest pieces are chosen beyond which another one gains no TPS_TAIL_GAIN_MIN_US, and the task
 * stays whole unless the gain exceeds both that and the overhead.
 *
 *   unit_us  [n_units]  expected time of each unit, >= 0
 *   overhead_us         setup plus teardown, which every piece pays, >= 0
 *   n_max               at most so many pieces, >= 1
 *   piece    [n_units]  out: 0 .. n-1 for each unit, no piece empty; untouched when it stays whole
 *   returns             1 .. min(n_max, n_workers, n_units): how many pieces
 *   errors              none (pure)
 *   time                O(n_units + n_workers); where it is cut, that of tps_partition_by_time
 *   source              the bound of Graham 1969, SIAM J. Appl. Math. 17(2): 416-429: with a list
 *                       schedule the last task to start decides how long workers idle
 */
int tps_tail_cut(const TpsTail *tail, const int64_t *unit_us, size_t n_units, int64_t overhead_us,
                 int n_max, int *piece);
