/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * How test tools deal items to workers, written from what their documentation says.
 *
 *   us       [n]  what each item is believed to take, in the order of the listing
 *   n_parts       >= 1
 *   part     [n]  out: 0 .. n_parts-1
 */
typedef void PlanDeal(const int64_t *us, size_t n, int n_parts, int *part);

/*
 * Longest first, each to the part with the least work so far: pytest-split's least_duration,
 * gotestsum, knapsack, split_tests, parallel_tests, stestr.
 */
PlanDeal plan_deal_longest_first;

/* In order, the next part from where one has its share: pytest-split's duration_based_chunks. */
PlanDeal plan_deal_chunks;

/* One to each in turn, whatever they take: xdist, nextest's count partitions, Testplan's parts. */
PlanDeal plan_deal_round_robin;

/* In order, to each the same number, as a script does that cuts a list of files. */
PlanDeal plan_deal_equal_chunks;

/* Here: tps_partition_by_time. */
PlanDeal plan_deal_tpsched;
