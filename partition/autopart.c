/* SPDX-License-Identifier: MIT */
#include "partition/autopart.h"

#include "partition/bounds.h"
#include "partition/partition.h"
#include "partition/partition_internal.h"

#include <glib.h>
#include <limits.h>

/*
 * Over real suites the lower bound or the number after it is right (of 16 groups of suites it
 * missed by one part in two), so count up from there. Items of a third of the limit and the like
 * can put the answer far away; beyond this many steps it is bisected.
 */
#define STEPS_MAX 16

static bool fits(const int64_t *cost_us, size_t n, int n_parts, int64_t limit_us, int *part)
{
    tps_partition_by_time(cost_us, n, n_parts, part);
    return tps_partition_makespan(cost_us, part, n, n_parts) <= limit_us;
}

/* `cost_us` longest first. */
static int fewest_sorted(const int64_t *cost_us, size_t n, int64_t limit_us, int *part)
{
    int high = (int)MIN(n, INT_MAX);
    int low = tps_parts_lower_bound(cost_us, n, limit_us);

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

TpsAutopart tps_autopart(const int64_t *cost_us, size_t n, int64_t overhead_us, int64_t limit_us,
                         int *part)
{
    g_autofree TpsItem *items = tps_items_longest_first(cost_us, n);
    g_autofree int64_t *sorted_us = g_new(int64_t, n);
    g_autofree int *sorted_part = g_new(int, n);
    const int64_t room_us = limit_us - overhead_us;
    int n_alone = 0, n_rest = 0;

    if (room_us <= 0) {
        for (size_t i = 0; i < n; i++)
            part[i] = 0;
        return (TpsAutopart){.n_parts = 1, .reason = TPS_AUTOPART_SETUP_TOO_LONG};
    }
    for (size_t i = 0; i < n; i++)
        sorted_us[i] = items[i].cost_us;
    for (; (size_t)n_alone < n && sorted_us[n_alone] > room_us; n_alone++)
        part[items[n_alone].index] = n_alone;
    if ((size_t)n_alone < n)
        n_rest = fewest_sorted(sorted_us + n_alone, n - (size_t)n_alone, room_us, sorted_part);
    for (size_t i = (size_t)n_alone; i < n; i++)
        part[items[i].index] = n_alone + sorted_part[i - (size_t)n_alone];
    return (TpsAutopart){.n_parts = n_alone + n_rest,
                         .reason = n_alone ? TPS_AUTOPART_ITEM_TOO_LONG : TPS_AUTOPART_FITS};
}
