/* SPDX-License-Identifier: MIT */
#include "partition/in_order.h"

#include "core/saturate.h"
#include "partition/partition.h"

#include <glib.h>
#include <stdbool.h>

/* Would so many parts do? Each takes what it can. */
static bool suffices(const int64_t *cost_us, size_t n, int n_parts, int64_t limit_us)
{
    int64_t load_us = 0;
    int n_used = 1;

    for (size_t i = 0; i < n && n_used <= n_parts; i++) {
        load_us = tps_add_sat(load_us, cost_us[i]);
        if (load_us > limit_us) {
            n_used++;
            load_us = cost_us[i];
        }
    }
    return n_used <= n_parts;
}

/*
 * Not below the longest item nor the mean; and mean plus longest item is always enough, since every
 * part but the last then takes at least the mean.
 */
static int64_t shortest_limit(const int64_t *cost_us, size_t n, int n_parts)
{
    int64_t sum_us = 0, longest_us = 0, low, high;

    for (size_t i = 0; i < n; i++) {
        sum_us = tps_add_sat(sum_us, cost_us[i]);
        longest_us = MAX(longest_us, cost_us[i]);
    }
    low = MAX(longest_us, sum_us / n_parts + (sum_us % n_parts != 0));
    high = sum_us == INT64_MAX ? sum_us : tps_add_sat(sum_us / n_parts, longest_us);
    while (low < high) {
        const int64_t middle = low + (high - low) / 2;

        if (suffices(cost_us, n, n_parts, middle))
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

int64_t tps_partition_in_order(const int64_t *cost_us, size_t n, int n_parts, int *part)
{
    const int n_used = (size_t)n_parts < n ? n_parts : (int)n;
    int64_t limit_us, load_us = 0;
    int current = 0;

    if (n == 0)
        return 0;
    limit_us = shortest_limit(cost_us, n, n_used);
    for (size_t i = 0; i < n; i++) {
        const bool is_full = tps_add_sat(load_us, cost_us[i]) > limit_us;
        const bool all_needed = n - i == (size_t)(n_used - 1 - current);

        if (i > 0 && (is_full || all_needed)) {
            current++;
            load_us = 0;
        }
        load_us = tps_add_sat(load_us, cost_us[i]);
        part[i] = current;
    }
    return tps_partition_makespan(cost_us, part, n, n_used);
}

int tps_parts_fewest_in_order(const int64_t *cost_us, size_t n, int64_t limit_us, int *part)
{
    int64_t load_us = 0;
    int current = 0;

    for (size_t i = 0; i < n; i++) {
        load_us = tps_add_sat(load_us, cost_us[i]);
        if (i > 0 && load_us > limit_us) {
            current++;
            load_us = cost_us[i];
        }
        part[i] = current;
    }
    return n > 0 ? current + 1 : 0;
}
