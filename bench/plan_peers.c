/* SPDX-License-Identifier: MIT */
#include "bench/plan_peers.h"

#include "partition/bin_heap.h"
#include "partition/partition.h"
#include "partition/partition_internal.h"

#include <glib.h>

void plan_deal_longest_first(const int64_t *us, size_t n, int n_parts, int *part)
{
    g_autofree TpsItem *items = tps_items_longest_first(us, n);
    g_autofree TpsBin *bins = g_new0(TpsBin, n_parts);

    for (int i = 0; i < n_parts; i++)
        bins[i].id = i;
    for (size_t i = 0; i < n; i++) {
        part[items[i].index] = bins[0].id;
        bins[0].load_us += items[i].cost_us;
        tps_bins_sink(bins, (size_t)n_parts, 0);
    }
}

void plan_deal_chunks(const int64_t *us, size_t n, int n_parts, int *part)
{
    int64_t sum_us = 0, load_us = 0;
    int now = 0;

    for (size_t i = 0; i < n; i++)
        sum_us += us[i];
    for (size_t i = 0; i < n; i++) {
        if (load_us >= sum_us / n_parts && now + 1 < n_parts) {
            now++;
            load_us = 0;
        }
        load_us += us[i];
        part[i] = now;
    }
}

void plan_deal_round_robin(const int64_t *us, size_t n, int n_parts, int *part)
{
    (void)us;
    for (size_t i = 0; i < n; i++)
        part[i] = (int)(i % (size_t)n_parts);
}

void plan_deal_equal_chunks(const int64_t *us, size_t n, int n_parts, int *part)
{
    (void)us;
    for (size_t i = 0; i < n; i++)
        part[i] = (int)(i * (size_t)n_parts / n);
}

void plan_deal_tpsched(const int64_t *us, size_t n, int n_parts, int *part)
{
    tps_partition_by_time(us, n, n_parts, part);
}
