/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * No way to deal the items to `n_parts` makes the longest part shorter: max of the longest item,
 * the mean load rounded up, and for every k the k+1 shortest of the k*n_parts+1 longest items, of
 * which some part must take k+1. Never grows with n_parts.
 *
 *   cost_us  [n]  longest first, each >= 0
 *   time          O(n)
 */
int64_t tps_makespan_lower_bound(const int64_t *cost_us, size_t n, int n_parts);

/*
 * No fewer parts keep the longest within the limit: the best of the volume bound, L2 of Martello
 * and Toth (1990, Discrete Appl. Math. 28: 59-70), and the fewest parts whose
 * tps_makespan_lower_bound is within the limit.
 *
 *   cost_us  [n]  longest first, each >= 0 and <= limit_us
 *   returns       0 .. n; at least 1 when n > 0
 *   time          O(n log n)
 */
int tps_parts_lower_bound(const int64_t *cost_us, size_t n, int64_t limit_us);

/*
 * The best bound known of the longest part, for the gap that is printed: tps_makespan_lower_bound,
 * raised as long as no limit below is possible: tps_parts_lower_bound of it is more than n_parts,
 * or a search within a fixed number of looks proves that no parts exist.
 *
 *   cost_us    [n]  longest first, each >= 0
 *   longest_us      the longest part of a way that is known; INT64_MAX = none. Never exceeded
 *   returns         up to twelve items: the longest part of the best way there is
 *   time            O(n log n log(longest_us)); O(n) where longest_us is the simple bound
 */
int64_t tps_makespan_best_bound(const int64_t *cost_us, size_t n, int n_parts, int64_t longest_us);
