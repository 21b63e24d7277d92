/* SPDX-License-Identifier: MIT */
#include "core/saturate.h"
#include "partition/bounds.h"
#include "partition/fit_internal.h"

#include <glib.h>

/* For all limits together; a dozen items need some thousand for each
 * (tests/partition/test_exact.c). */
#define LOOKS_MAX (INT64_C(1) << 22)

typedef struct {
    const int64_t *cost_us;
    TpsItem *item;
    size_t n;
    int n_parts;
    int64_t looks_left;
} Proof;

static bool is_impossible(Proof *proof, int64_t limit_us)
{
    g_autofree int *part = NULL;

    if (tps_parts_lower_bound(proof->cost_us, proof->n, limit_us) > proof->n_parts)
        return true;
    if (proof->n > TPS_FIT_ITEMS_MAX || proof->looks_left <= 0)
        return false;
    part = g_new(int, proof->n);
    return tps_fit_search(proof->item, proof->n, proof->n_parts, limit_us, &proof->looks_left,
                          part) == TPS_FIT_IMPOSSIBLE;
}

/* Every limit below `low` is impossible: doubling steps while that holds, then bisection. */
static int64_t raise_bound(Proof *proof, int64_t low, int64_t longest_us)
{
    int64_t high = longest_us, step = 1;

    for (int64_t limit = low; limit < high; limit = tps_add_sat(limit, step), step *= 2) {
        if (!is_impossible(proof, limit)) {
            high = limit;
            break;
        }
        low = limit + 1;
    }
    while (low < high) {
        const int64_t middle = low + (high - low) / 2;

        if (is_impossible(proof, middle))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

int64_t tps_makespan_best_bound(const int64_t *cost_us, size_t n, int n_parts, int64_t longest_us)
{
    const int64_t bound_us = n > 0 ? tps_makespan_lower_bound(cost_us, n, n_parts) : 0;
    g_autofree TpsItem *items = NULL;
    Proof proof;

    if (bound_us >= longest_us || bound_us == INT64_MAX || n == 0)
        return bound_us;
    items = tps_items_longest_first(cost_us, n);
    proof = (Proof){
        .cost_us = cost_us, .item = items, .n = n, .n_parts = n_parts, .looks_left = LOOKS_MAX};
    return raise_bound(&proof, bound_us, longest_us);
}
