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

/* What exchanges must keep. */
typedef struct {
    const uint64_t *apart; /* [n] or NULL: items that share a bit never share a part */
    const int *pin;        /* [n] or NULL: >= 0 for items that must not move        */
} TpsRules;

/*
 * Move one item out of the longest part, or swap it for a shorter one, as long as that makes the
 * longest part shorter, and it is longer than `enough_us`.
 *
 *   item     [n]  longest first
 *   n_parts       >= 1
 *   rules         NULL: none; else kept by `part` before and after
 *   part     [n]  in and out, by TpsItem.index; a part that is not empty before is not after
 *   looks_left    in and out: how many looks at an item or a part the search may still take
 */
void tps_partition_improve(const TpsItem *item, size_t n, int n_parts, const TpsRules *rules,
                           int64_t enough_us, int64_t *looks_left, int *part);

/*
 * How many looks the parts of one suite may take. Real suites end far below; a million items would
 * otherwise polish microseconds for minutes. A count, not a clock: the same input gives the same
 * parts on a slow machine.
 */
#define TPS_LOOKS_MAX (INT64_C(1) << 22)

/* What tps_partition_by_time does, with items in order. Returns a lower bound of the longest part.
 */
int64_t tps_items_deal(const TpsItem *item, size_t n, int n_parts, int64_t *looks_left, int *part);

/* What the longest part must come down to before nobody could tell it from the bound. */
int64_t tps_near_enough(int64_t bound_us);

/*
 * Give each empty part the shortest item of a part that can spare one.
 *
 *   item  [n]  longest first; n >= n_parts
 */
void tps_partition_fill_empty(const TpsItem *item, size_t n, int n_parts, int *part);

/* tps_makespan_lower_bound and tps_partition_makespan of items. */
int64_t tps_items_lower_bound(const TpsItem *item, size_t n, int n_parts);
int64_t tps_items_makespan(const TpsItem *item, size_t n, int n_parts, const int *part);

/*
 * L2 of Martello and Toth: a lower bound of the number of parts.
 *
 *   cost_us  [n]  longest first, each <= limit_us; their sum fits an int64_t
 */
int64_t tps_parts_l2(const int64_t *cost_us, size_t n, int64_t limit_us);
