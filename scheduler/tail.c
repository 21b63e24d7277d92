/* SPDX-License-Identifier: MIT */
#include "scheduler/tail.h"

#include "core/saturate.h"
#include "partition/partition.h"

#include <glib.h>

/* A task about to start. */
typedef struct {
    int64_t sum_us;
    int64_t longest_us; /* of its units */
    int64_t overhead_us;
} Shape;

static Shape shape_of(const int64_t *unit_us, size_t n_units, int64_t overhead_us)
{
    Shape shape = {.overhead_us = overhead_us};

    for (size_t i = 0; i < n_units; i++) {
        shape.sum_us = tps_add_sat(shape.sum_us, unit_us[i]);
        shape.longest_us = MAX(shape.longest_us, unit_us[i]);
    }
    return shape;
}

static int64_t divide_up(int64_t a, int64_t b)
{
    return a / b + (a % b != 0);
}

/* When the run ends at best with the task in so many pieces. */
static int64_t end_of_run(const TpsTail *tail, const Shape *shape, int n_pieces)
{
    int64_t longest = MAX(divide_up(shape->sum_us, n_pieces), shape->longest_us);
    int64_t cost = shape->overhead_us <= INT64_MAX / n_pieces ? shape->overhead_us * (n_pieces - 1)
                                                              : INT64_MAX;
    int64_t level = divide_up(tps_add_sat(tail->work_us, cost), tail->n_workers);

    return MAX(MAX(tail->floor_us, level), tps_add_sat(shape->overhead_us, longest));
}

static int choose(const TpsTail *tail, const Shape *shape, int n_max)
{
    int64_t whole = end_of_run(tail, shape, 1);
    int64_t best = whole;
    int n_pieces = 1;

    for (int n = 2; n <= n_max; n++) {
        int64_t end = end_of_run(tail, shape, n);

        if (best - end <= TPS_TAIL_GAIN_MIN_US)
            continue;
        best = end;
        n_pieces = n;
    }
    return whole - best > shape->overhead_us ? n_pieces : 1;
}

int tps_tail_cut(const TpsTail *tail, const int64_t *unit_us, size_t n_units, int64_t overhead_us,
                 int n_max, int *piece)
{
    Shape shape = shape_of(unit_us, n_units, overhead_us);
    int n_pieces;

    n_max = MIN(n_max, tail->n_workers);
    n_pieces = choose(tail, &shape, (int)MIN((size_t)n_max, n_units));
    if (n_pieces > 1)
        tps_partition_by_time(unit_us, n_units, n_pieces, piece);
    return n_pieces;
}
