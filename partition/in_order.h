/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * Cut a sequence into parts of neighbours so that the longest part is the shortest possible.
 *
 *   cost_us  [n]  in the order to keep, microseconds, each >= 0
 *   n_parts       >= 1
 *   part     [n]  out: 0 .. n_parts-1, never falling; no part empty when n >= n_parts, else one
 *                 item in each of the first n; caller's array
 *   returns       the longest part, at most INT64_MAX
 *   errors        none (pure)
 *   time          O(n log(longest item)): the answer is bisected, each try walks the items once
 *   source        the probe and the bounds of Pinar and Aykanat 2004, J. Parallel Distrib. Comput.
 *                 64: 974-996
 */
int64_t tps_partition_in_order(const int64_t *cost_us, size_t n, int n_parts, int *part);

/*
 * The fewest parts of neighbours within the limit: each takes what it can. An item that alone
 * exceeds the limit is alone in its part.
 *
 *   limit_us      >= 0
 *   part     [n]  out: as above
 *   returns       0 .. n; at least 1 when n > 0
 */
int tps_parts_fewest_in_order(const int64_t *cost_us, size_t n, int64_t limit_us, int *part);
