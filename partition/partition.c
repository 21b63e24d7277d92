/* SPDX-License-Identifier: MIT */
#include "partition/partition.h"

#include "core/saturate.h"
#include "partition/bin_heap.h"
#include "partition/partition_internal.h"

#include <glib.h>

/*
 * An empty part comes before every other in the order of bins, so the first n_parts items go to
 * n_parts parts even when they cost nothing.
 */
static void deal_longest_first(const TpsItem *item, size_t n, int n_parts, int *part)
{
    g_autofree TpsBin *bins = g_new0(TpsBin, n_parts);

    for (int i = 0; i < n_parts; i++)
        bins[i].id = i;
    for (size_t i = 0; i < n; i++) {
        part[item[i].index] = bins[0].id;
        bins[0].load_us = tps_add_sat(bins[0].load_us, item[i].cost_us);
        bins[0].n_items++;
        tps_bins_sink(bins, (size_t)n_parts, 0);
    }
}

void tps_partition_by_time(const int64_t *cost_us, size_t n, int n_parts, int *part)
{
    g_autofree TpsItem *items = tps_items_longest_first(cost_us, n);
    const int n_used = (size_t)n_parts < n ? n_parts : (int)n;

    if (n == 0)
        return;
    deal_longest_first(items, n, n_used, part);
    tps_partition_improve(items, n, n_used, part);
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
    g_autofree int64_t *load_us = g_new0(int64_t, n_parts);
    int64_t longest = 0;

    for (size_t i = 0; i < n; i++) {
        load_us[part[i]] = tps_add_sat(load_us[part[i]], cost_us[i]);
        longest = MAX(longest, load_us[part[i]]);
    }
    return longest;
}
