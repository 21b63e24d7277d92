/* SPDX-License-Identifier: MIT */
#include "scheduler/pool_order.h"

#include "core/saturate.h"
#include "partition/autopart.h"
#include "partition/bounds.h"
#include "partition/partition.h"
#include "scheduler/pool_size.h"

#include <glib.h>
#include <stdlib.h>

/* Sooner by less than one in so many is not worth leaving heaviest first for: 0.05 %. */
#define WORTH_ONE_IN 2000

typedef struct {
    int64_t start_us;
    size_t task;
} Start;

static int compare_starts(const void *a, const void *b)
{
    const Start *one = a, *two = b;

    if (one->start_us != two->start_us)
        return one->start_us < two->start_us ? -1 : 1;
    return one->task < two->task ? -1 : one->task > two->task;
}

/* The tasks by when they start if each worker takes its part, heaviest first. */
static void order_by_start(const int64_t *weight_us, size_t n, int n_parts, const int *part,
                           size_t *order)
{
    g_autofree int64_t *end_us = g_new0(int64_t, (gsize)n_parts);
    g_autofree Start *starts = g_new(Start, n);

    for (size_t i = 0; i < n; i++) {
        starts[i] = (Start){.start_us = end_us[part[i]], .task = i};
        end_us[part[i]] = tps_add_sat(end_us[part[i]], weight_us[i]);
    }
    qsort(starts, n, sizeof *starts, compare_starts);
    for (size_t i = 0; i < n; i++)
        order[i] = starts[i].task;
}

static int64_t simulate_order(const int64_t *weight_us, size_t n, int n_workers,
                              const size_t *order)
{
    g_autofree int64_t *ordered_us = g_new(int64_t, n);

    for (size_t i = 0; i < n; i++)
        ordered_us[i] = weight_us[order[i]];
    return tps_pool_simulate(ordered_us, n, n_workers, NULL, NULL, NULL);
}

/* What is to be beaten to be worth it. */
static int64_t worthwhile(int64_t end_us)
{
    return end_us - end_us / WORTH_ONE_IN;
}

static void heaviest_first(size_t n, size_t *order)
{
    for (size_t i = 0; i < n; i++)
        order[i] = i;
}

int64_t tps_pool_order(const int64_t *weight_us, size_t n, int n_workers, size_t *order)
{
    const int64_t plain_us = tps_pool_simulate(weight_us, n, n_workers, NULL, NULL, NULL);
    const int n_used = (size_t)n_workers < n ? n_workers : MAX((int)n, 1);
    g_autofree int *part = NULL;
    int64_t end_us;

    heaviest_first(n, order);
    if (tps_makespan_lower_bound(weight_us, n, n_used) >= worthwhile(plain_us))
        return plain_us;
    part = g_new(int, n);
    tps_partition_by_time(weight_us, n, n_used, part);
    order_by_start(weight_us, n, n_used, part, order);
    end_us = simulate_order(weight_us, n, n_workers, order);
    if (end_us < worthwhile(plain_us))
        return end_us;
    heaviest_first(n, order);
    return plain_us;
}

/*
 * The number of parts is bounded by what dealing and filling find; on a suite too large to search
 * them, plain pulling may do with fewer.
 */
static TpsFewest find_fewest(const int64_t *weight_us, size_t n, int64_t target_us, int *part)
{
    TpsFewest fewest = tps_parts_fewest(weight_us, n, target_us, part);

    if (fewest.n_parts > fewest.lower_bound &&
        tps_pool_simulate(weight_us, n, fewest.n_parts, NULL, NULL, NULL) <= target_us)
        fewest.n_parts = tps_pool_size(weight_us, n, target_us, fewest.n_parts);
    return fewest;
}

/* Heaviest first or balanced; where only the parts that were found are within the target, these. */
static int64_t order_within(const int64_t *weight_us, size_t n, int64_t target_us, int size,
                            const int *part, size_t *order)
{
    const int64_t end_us = tps_pool_order(weight_us, n, size, order);

    if (end_us <= target_us || !part)
        return end_us;
    order_by_start(weight_us, n, size, part, order);
    return simulate_order(weight_us, n, size, order);
}

TpsPoolChoice tps_pool_choose(const int64_t *weight_us, size_t n, int64_t target_us, int max_size,
                              size_t *order)
{
    TpsPoolChoice choice = {.size = max_size, .lower_bound = max_size};
    g_autofree int *part = g_new(int, n);
    TpsFewest fewest;

    if (n == 0)
        return (TpsPoolChoice){.size = 1, .lower_bound = 1, .proven = true};
    if (weight_us[0] > target_us) {
        choice.makespan_us = tps_pool_order(weight_us, n, max_size, order);
        return choice;
    }
    fewest = find_fewest(weight_us, n, target_us, part);
    choice.size = MIN(fewest.n_parts, max_size);
    choice.lower_bound = fewest.lower_bound;
    choice.makespan_us = order_within(weight_us, n, target_us, choice.size,
                                      fewest.n_parts <= max_size ? part : NULL, order);
    choice.proven = choice.makespan_us <= target_us && choice.size <= choice.lower_bound;
    return choice;
}
