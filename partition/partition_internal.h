/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One item on its way to a part. */
typedef struct {
    int64_t cost_us;
    size_t index; /* where the caller has it */
} TpsItem;

/* The items, longest first, ties by index. Caller frees. Time O(n) from a few hundred items on. */
TpsItem *tps_items_longest_first(const int64_t *cost_us, size_t n);

/*
 * Move one item out of the longest part, or swap it for a shorter one, as long as that makes the
 * longest part shorter.
 *
 *   item     [n]  longest first
 *   n_parts       1 .. n
 *   part     [n]  in and out, by TpsItem.index; no part is empty before, nor after
 *   work          bounded by a fixed number of looks at an item (see improve.c), not by a clock
 */
void tps_partition_improve(const TpsItem *item, size_t n, int n_parts, int *part);
