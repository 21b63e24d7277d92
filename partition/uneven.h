/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * Deal items to parts of different lengths, so that the worst excess over its length is small:
 * longest first, each to the part with the most room left; parts of one length as by
 * tps_partition_by_time.
 *
 *   cost_us  [n]        each >= 0
 *   room_us  [n_parts]  each >= 0
 *   part     [n]        out: 0 .. n_parts-1 for each item; caller's array. A part may stay empty
 *   errors              none (pure)
 *   time                O(n log n)
 */
void tps_partition_uneven(const int64_t *cost_us, size_t n, const int64_t *room_us, int n_parts,
                          int *part);
