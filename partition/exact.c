/* SPDX-License-Identifier: MIT */
#include "partition/fit_internal.h"

#include <glib.h>
#include <string.h>

/*
 * Twelve items never take more than some thousand looks (tests/partition/test_exact.c); what is
 * beyond lets some dozen items be proven too, within about a millisecond.
 */
#define SEARCH_LOOKS (INT64_C(1) << 17)

/* With more items moves and swaps are as good, and a search hardly ever ends. */
#define SEARCH_ITEMS_MAX 64

/* Shorter by at least a microsecond, again and again. */
int64_t tps_partition_exact(const TpsItem *item, size_t n, int n_parts, int64_t bound_us, int *part)
{
    int64_t longest_us, looks_left = SEARCH_LOOKS;
    g_autofree int *better = NULL;
    TpsFit fit = TPS_FIT_FOUND;

    if (n > SEARCH_ITEMS_MAX)
        return bound_us;
    better = g_new(int, n);
    longest_us = tps_items_makespan(item, n, n_parts, part);
    while (longest_us > bound_us && fit == TPS_FIT_FOUND) {
        fit = tps_fit_search(item, n, n_parts, longest_us - 1, &looks_left, better);
        if (fit != TPS_FIT_FOUND)
            break;
        tps_partition_fill_empty(item, n, n_parts, better);
        tps_partition_improve(item, n, n_parts, NULL, bound_us, &looks_left, better);
        for (size_t i = 0; i < n; i++)
            part[item[i].index] = better[item[i].index];
        longest_us = tps_items_makespan(item, n, n_parts, part);
    }
    return fit == TPS_FIT_IMPOSSIBLE ? longest_us : bound_us;
}
