/* SPDX-License-Identifier: MIT */
#include "partition/autopart.h"

#include "partition/bounds.h"
#include "partition/partition.h"
#include "partition/partition_internal.h"

#include <glib.h>
#include <limits.h>
#include <string.h>

/*
 * On real suites the lower bound is nearly always right, and else the number after it: count up
 * from there. Items of about a third of the limit and the like can put the answer far away; behind
 * this many steps it is bisected.
 */
#define STEPS_MAX 16

static bool fits(const int64_t *cost_us, size_t n, int n_parts, int64_t limit_us, int *part)
{
    tps_partition_by_time(cost_us, n, n_parts, part);
    return tps_partition_makespan(cost_us, part, n, n_parts) <= limit_us;
}

int tps_parts_fewest(const int64_t *cost_us, size_t n, int64_t limit_us, int *part)
{
    int low = tps_parts_lower_bound(cost_us, n, limit_us);
    int high = (int)MIN(n, INT_MAX);

    for (int step = 0; step < STEPS_MAX && low < high; step++, low++)
        if (fits(cost_us, n, low, limit_us, part))
            return low;
    while (low < high) {
        int middle = low + (high - low) / 2;

        if (fits(cost_us, n, middle, limit_us, part))
            high = middle;
        else
            low = middle + 1;
    }
    tps_partition_by_time(cost_us, n, high, part);
    return high;
}

/*
 * Each item beyond `room_us` alone, so that it does not end the search for all the others: a part
 * of one item cannot be shortened. Returns the number of parts.
 */
static int split(const TpsItem *item, size_t n, size_t n_alone, int64_t room_us, int *part)
{
    const size_t n_rest = n - n_alone;
    g_autofree int64_t *rest_us = g_new(int64_t, n_rest);
    g_autofree int *rest_part = g_new(int, n_rest);
    int n_parts = (int)n_alone;

    for (size_t i = 0; i < n_rest; i++)
        rest_us[i] = item[n_alone + i].cost_us;
    n_parts += tps_parts_fewest(rest_us, n_rest, room_us, rest_part);
    for (size_t i = 0; i < n_alone; i++)
        part[item[i].index] = (int)i;
    for (size_t i = 0; i < n_rest; i++)
        part[item[n_alone + i].index] = (int)n_alone + rest_part[i];
    return n_parts;
}

TpsAutopart tps_autopart(const int64_t *cost_us, size_t n, int64_t overhead_us, int64_t limit_us,
                         int *part)
{
    const int64_t room_us = limit_us - overhead_us;
    g_autofree TpsItem *items = NULL;
    size_t n_alone = 0;

    if (room_us <= 0) {
        memset(part, 0, n * sizeof *part);
        return (TpsAutopart){.n_parts = 1, .reason = TPS_AUTOPART_SETUP_TOO_LONG};
    }
    items = tps_items_longest_first(cost_us, n);
    while (n_alone < n && items[n_alone].cost_us > room_us)
        n_alone++;
    return (TpsAutopart){.n_parts = split(items, n, n_alone, room_us, part),
                         .reason = n_alone ? TPS_AUTOPART_ITEM_TOO_LONG : TPS_AUTOPART_FITS};
}
