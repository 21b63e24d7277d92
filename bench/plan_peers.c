/* SPDX-License-Identifier: MIT */
#include "bench/plan_peers.h"

#include "partition/bin_heap.h"
#include "partition/partition.h"

#include <glib.h>
#include <stdlib.h>

/* An item on its way to a part, as the other tools have it: sorted by whatever sorts. */
typedef struct {
    int64_t us;
    size_t index;
} Item;

static int compare_items(const void *a, const void *b)
{
    const Item *one = a, *two = b;

    if (one->us != two->us)
        return one->us > two->us ? -1 : 1;
    return one->index < two->index ? -1 : one->index > two->index;
}

void plan_deal_longest_first(const int64_t *us, size_t n, int n_parts, int *part)
{
    g_autofree Item *items = g_new(Item, n);
    g_autofree TpsBin *bins = g_new0(TpsBin, (gsize)n_parts);

    for (size_t i = 0; i < n; i++)
        items[i] = (Item){.us = us[i], .index = i};
    qsort(items, n, sizeof *items, compare_items);
    for (int i = 0; i < n_parts; i++)
        bins[i].id = i;
    for (size_t i = 0; i < n; i++) {
        part[items[i].index] = bins[0].id;
        bins[0].load_us += items[i].us;
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
