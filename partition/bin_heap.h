/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Something that fills up: a part, or a worker. */
typedef struct {
    int64_t load_us;
    unsigned n_items; /* stays 0 where the number of items does not matter */
    int id;
} TpsBin;

/* Less load first, then fewer items, then the lower id: a total order. */
static inline bool tps_bin_before(const TpsBin *a, const TpsBin *b)
{
    if (a->load_us != b->load_us)
        return a->load_us < b->load_us;
    if (a->n_items != b->n_items)
        return a->n_items < b->n_items;
    return a->id < b->id;
}

/* bins[i] became later than it was: sink it, so that bins[0] is the first again (binary heap). */
void tps_bins_sink(TpsBin *bins, size_t n, size_t i);

/* Make a heap of bins in any order. */
void tps_bins_heapify(TpsBin *bins, size_t n);
