/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * Deal items to parts so that the longest part is short: longest first, each to the part with the
 * least work so far (Graham 1969, SIAM J. Appl. Math. 17(2): 416-429), then moves and swaps that
 * shorten the longest part, until none does, or it is within a millionth of its lower bound, or a
 * fixed amount of work is done, which only suites of more than some ten thousand items reach. Of up
 * to twelve items the longest part is the shortest possible; up to 64 are searched for better parts
 * as far as a fixed number of looks goes (fit_internal.h).
 *
 *   cost_us  [n]  microseconds, each >= 0
 *   n_parts       >= 1
 *   part     [n]  out: 0 .. n_parts-1 for each item; caller's array
 *   errors        none (pure); the same input gives the same parts on every machine. Ties go to the
 *                 earlier item, and to the part with fewer items, then the lower one. No part is
 *                 empty when n >= n_parts
 *   overflow      a part's sum stays at INT64_MAX; the parts are then valid, but not balanced
 *   bound         longest part <= (4/3 - 1/(3 n_parts)) * best possible
 *   time          O(n log n); a million items take less than a second
 */
void tps_partition_by_time(const int64_t *cost_us, size_t n, int n_parts, int *part);

/*
 * Deal items to parts so that they hold the same number of testcases, as near as the items allow;
 * for data that knows no single times.
 *
 *   count  [n]  testcases of each item, each >= 1
 */
void tps_partition_by_count(const int *count, size_t n, int n_parts, int *part);

/* The longest part: max over parts of the sum of its costs, at most INT64_MAX. */
int64_t tps_partition_makespan(const int64_t *cost_us, const int *part, size_t n, int n_parts);
