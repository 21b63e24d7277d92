/* SPDX-License-Identifier: MIT */
#include "partition/uneven.h"

#include "core/saturate.h"
#include "partition/bin_heap.h"
#include "partition/partition.h"
#include "partition/partition_internal.h"

#include <glib.h>
#include <stdbool.h>

static bool all_alike(const int64_t *room_us, int n_parts, int64_t most_us)
{
    for (int i = 0; i < n_parts; i++)
        if (most_us - room_us[i] > most_us / 1000)
            return false;
    return true;
}

/* A part that has less room than the largest begins with the difference as its load. */
static void deal_onto(const TpsItem *items, size_t n, const int64_t *room_us, int n_parts,
                      int64_t most_us, int *part)
{
    g_autofree TpsBin *bins = g_new0(TpsBin, (gsize)n_parts);

    for (int i = 0; i < n_parts; i++)
        bins[i] = (TpsBin){.id = i, .load_us = most_us - room_us[i]};
    tps_bins_heapify(bins, (size_t)n_parts);
    for (size_t i = 0; i < n; i++) {
        part[items[i].index] = bins[0].id;
        bins[0].load_us = tps_add_sat(bins[0].load_us, items[i].cost_us);
        bins[0].n_items++;
        tps_bins_sink(bins, (size_t)n_parts, 0);
    }
}

void tps_partition_uneven(const int64_t *cost_us, size_t n, const int64_t *room_us, int n_parts,
                          int *part)
{
    g_autofree TpsItem *items = NULL;
    int64_t most_us = 0;

    for (int i = 0; i < n_parts; i++)
        most_us = MAX(most_us, room_us[i]);
    if (all_alike(room_us, n_parts, most_us)) {
        tps_partition_by_time(cost_us, n, n_parts, part);
        return;
    }
    items = tps_items_longest_first(cost_us, n);
    deal_onto(items, n, room_us, n_parts, most_us, part);
}
