/* SPDX-License-Identifier: MIT */
#include "partition/bin_heap.h"

void tps_bins_sink(TpsBin *bins, size_t n, size_t i)
{
    const TpsBin bin = bins[i];
    size_t child;

    while ((child = 2 * i + 1) < n) {
        if (child + 1 < n && tps_bin_before(&bins[child + 1], &bins[child]))
            child++;
        if (!tps_bin_before(&bins[child], &bin))
            break;
        bins[i] = bins[child];
        i = child;
    }
    bins[i] = bin;
}

void tps_bins_heapify(TpsBin *bins, size_t n)
{
    for (size_t i = n / 2; i-- > 0;)
        tps_bins_sink(bins, n, i);
}
