/* SPDX-License-Identifier: MIT */
#include "partition/autopart.h"

#include "partition/partition_internal.h"

#include <glib.h>
#include <string.h>

/*
 * Each item beyond `room_us` alone, so that it does not end the search for all the others: a part
 * of one item cannot be shortened.
 */
static TpsFewest split(const TpsItem *item, size_t n, size_t n_alone, int64_t room_us, int *part)
{
    const size_t n_rest = n - n_alone;
    g_autofree int64_t *rest_us = g_new(int64_t, n_rest);
    g_autofree int *rest_part = g_new(int, n_rest);
    TpsFewest fewest;

    for (size_t i = 0; i < n_rest; i++)
        rest_us[i] = item[n_alone + i].cost_us;
    fewest = tps_parts_fewest(rest_us, n_rest, room_us, rest_part);
    for (size_t i = 0; i < n_alone; i++)
        part[item[i].index] = (int)i;
    for (size_t i = 0; i < n_rest; i++)
        part[item[n_alone + i].index] = (int)n_alone + rest_part[i];
    return (TpsFewest){.n_parts = (int)n_alone + fewest.n_parts,
                       .lower_bound = (int)n_alone + fewest.lower_bound};
}

TpsAutopart tps_autopart(const int64_t *cost_us, size_t n, int64_t overhead_us, int64_t limit_us,
                         int *part)
{
    const int64_t room_us = limit_us - overhead_us;
    g_autofree TpsItem *items = NULL;
    size_t n_alone = 0;
    TpsFewest fewest;

    if (room_us <= 0) {
        memset(part, 0, n * sizeof *part);
        return (TpsAutopart){
            .n_parts = 1, .reason = TPS_AUTOPART_SETUP_TOO_LONG, .lower_bound = 1, .proven = true};
    }
    items = tps_items_longest_first(cost_us, n);
    while (n_alone < n && items[n_alone].cost_us > room_us)
        n_alone++;
    fewest = split(items, n, n_alone, room_us, part);
    return (TpsAutopart){.n_parts = fewest.n_parts,
                         .reason = n_alone ? TPS_AUTOPART_ITEM_TOO_LONG : TPS_AUTOPART_FITS,
                         .lower_bound = fewest.lower_bound,
                         .proven = fewest.lower_bound == fewest.n_parts};
}
