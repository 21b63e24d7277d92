/* SPDX-License-Identifier: MIT */
#include "partition/sticky.h"

#include "core/saturate.h"
#include "partition/bin_heap.h"
#include "partition/partition_internal.h"

#include <glib.h>
#include <stdbool.h>

static bool stays(const int *previous, size_t i, int n_parts)
{
    return previous[i] >= 0 && previous[i] < n_parts;
}

static TpsBin *bins_of_old(const int64_t *cost_us, size_t n, int n_parts, const int *previous)
{
    TpsBin *bins = g_new0(TpsBin, (gsize)n_parts);

    for (int p = 0; p < n_parts; p++)
        bins[p].id = p;
    for (size_t i = 0; i < n; i++) {
        TpsBin *bin;

        if (!stays(previous, i, n_parts))
            continue;
        bin = &bins[previous[i]];
        bin->load_us = tps_add_sat(bin->load_us, cost_us[i]);
        bin->n_items++;
    }
    tps_bins_heapify(bins, (size_t)n_parts);
    return bins;
}

static void deal_new(const TpsItem *item, const int64_t *cost_us, size_t n, int n_parts,
                     const int *previous, int *part)
{
    g_autofree TpsBin *bins = bins_of_old(cost_us, n, n_parts, previous);

    for (size_t rank = 0; rank < n; rank++) {
        const size_t i = item[rank].index;

        if (stays(previous, i, n_parts)) {
            part[i] = previous[i];
            continue;
        }
        part[i] = bins[0].id;
        bins[0].load_us = tps_add_sat(bins[0].load_us, cost_us[i]);
        bins[0].n_items++;
        tps_bins_sink(bins, (size_t)n_parts, 0);
    }
}

/* bound * (1 + ppm / 1e6), rounded down; the quotient and the rest apart, so that both fit. */
static int64_t allowed(int64_t bound_us, int64_t ppm)
{
    int64_t more, rest;

    if (__builtin_mul_overflow(bound_us / 1000000, ppm, &more) ||
        __builtin_mul_overflow(bound_us % 1000000, ppm, &rest))
        return INT64_MAX;
    return tps_add_sat(bound_us, tps_add_sat(more, rest / 1000000));
}

size_t tps_partition_sticky(const int64_t *cost_us, size_t n, int n_parts, const int *previous,
                            int64_t tolerance_ppm, int *part)
{
    g_autofree TpsItem *items = tps_items_longest_first(cost_us, n);
    int64_t looks_left = TPS_LOOKS_MAX;
    size_t n_moved = 0;

    deal_new(items, cost_us, n, n_parts, previous, part);
    if (n >= (size_t)n_parts)
        tps_partition_fill_empty(items, n, n_parts, part);
    tps_partition_improve(items, n, n_parts, NULL,
                          allowed(tps_items_lower_bound(items, n, n_parts), tolerance_ppm),
                          &looks_left, part);
    for (size_t i = 0; i < n; i++)
        n_moved += stays(previous, i, n_parts) && part[i] != previous[i];
    return n_moved;
}
