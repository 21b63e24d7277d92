/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * Deal items to parts as they were dealt before, as far as the longest part allows.
 *
 * New items go longest first to the part with the least work. Then, while the longest part exceeds
 * its lower bound by more than the tolerance, it gives an item to a shorter part or swaps one for a
 * shorter item; of the exchanges that come below that, one that moves a single item.
 *
 *   cost_us        [n]  microseconds, each >= 0
 *   n_parts             >= 1
 *   previous       [n]  the part each item was in; -1 or >= n_parts: it is dealt as a new one
 *   tolerance_ppm       >= 0, millionths of the lower bound; 0 balances as well as exchanges can
 *   part           [n]  out: 0 .. n_parts-1; no part empty when n >= n_parts; caller's array
 *   returns             how many items are not in the part they were in (new ones do not count)
 *   bound               longest part <= (1 + tolerance) * lower bound, or no exchange between it
 * and another part shortens it time                O(n log n), and a fixed number of looks
 */
size_t tps_partition_sticky(const int64_t *cost_us, size_t n, int n_parts, const int *previous,
                            int64_t tolerance_ppm, int *part);
