/* SPDX-License-Identifier: MIT */
#include "partition/partition.h"

#include "core/saturate.h"
#include "partition/bin_heap.h"
#include "partition/fit_internal.h"
#include "partition/partition_internal.h"

#include <glib.h>

/*
 * An empty part comes before every other in the order of bins, so the first n_parts items go to
 * n_parts parts even when they cost nothing.
 */
static void deal_longest_first(const TpsItem *item, size_t n, int n_parts, int *part)
{
    g_autofree TpsBin *bins = g_new0(TpsBin, (gsize)n_parts);

    for (int i = 0; i < n_parts; i++)
        bins[i].id = i;
    for (size_t i = 0; i < n; i++) {
        part[item[i].index] = bins[0].id;
        bins[0].load_us = tps_add_sat(bins[0].load_us, item[i].cost_us);
        bins[0].n_items++;
        tps_bins_sink(bins, (size_t)n_parts, 0);
    }
}

/*
 * The search ends this near to the lower bound: within 2^-20 of it, a microsecond a second, which
 * no runtime data can tell. Below a second it is exact.
 */
#define NEAR_ENOUGH_SHIFT 20

int64_t tps_near_enough(int64_t bound_us)
{
    return tps_add_sat(bound_us, bound_us >> NEAR_ENOUGH_SHIFT);
}

int64_t tps_items_deal(const TpsItem *item, size_t n, int n_parts, int64_t *looks_left, int *part)
{
    const int64_t bound_us = tps_items_lower_bound(item, n, n_parts);

    deal_longest_first(item, n, n_parts, part);
    tps_partition_improve(item, n, n_parts, NULL, tps_near_enough(bound_us), looks_left, part);
    return tps_partition_exact(item, n, n_parts, bound_us, part);
}

void tps_partition_by_time(const int64_t *cost_us, size_t n, int n_parts, int *part)
{
    g_autofree TpsItem *items = tps_items_longest_first(cost_us, n);
    int64_t looks_left = TPS_LOOKS_MAX;

    if (n > 0)
        tps_items_deal(items, n, (size_t)n_parts < n ? n_parts : (int)n, &looks_left, part);
}

void tps_partition_by_count(const int *count, size_t n, int n_parts, int *part)
{
    g_autofree int64_t *cost = g_new(int64_t, n);

    for (size_t i = 0; i < n; i++)
        cost[i] = count[i];
    tps_partition_by_time(cost, n, n_parts, part);
}

int64_t tps_partition_makespan(const int64_t *cost_us, const int *part, size_t n, int n_parts)
{
    g_autofree int64_t *load_us = g_new0(int64_t, (gsize)n_parts);
    int64_t longest = 0;

    for (size_t i = 0; i < n; i++) {
        load_us[part[i]] = tps_add_sat(load_us[part[i]], cost_us[i]);
        longest = MAX(longest, load_us[part[i]]);
    }
    return longest;
}
