/* SPDX-License-Identifier: MIT */
#pragma once

#include "partition/partition_internal.h"

#include <stddef.h>
#include <stdint.h>

typedef enum {
    TPS_FIT_FOUND,      /* here are parts within the limit */
    TPS_FIT_IMPOSSIBLE, /* no such parts exist             */
    TPS_FIT_UNKNOWN,    /* the looks ran out before         */
} TpsFit;

/* Beyond this many items a search in any affordable number of looks proves nothing. */
#define TPS_FIT_ITEMS_MAX 1000

/*
 * Is there a way to deal the items to `n_parts` parts, none longer than the limit? Part after part,
 * each with the longest item left and every set of others that no better set replaces: bin
 * completion.
 *
 *   item        [n]  longest first; n <= TPS_FIT_ITEMS_MAX
 *   n_parts          >= 1
 *   limit_us         >= 0
 *   looks_left       in and out: how many steps the search may still take
 *   part        [n]  out when FOUND, by TpsItem.index; parts may stay empty
 *   source           Martello and Toth 1990, Knapsack Problems, ch. 8 (dominance); Korf 2003, IJCAI
 *                    1252-1258 (bin completion); Schreiber and Korf 2013, IJCAI 651-658
 */
TpsFit tps_fit_search(const TpsItem *item, size_t n, int n_parts, int64_t limit_us,
                      int64_t *looks_left, int *part);

/*
 * Fill part after part with the longest item left and what of the others, among a bounded number of
 * choices, fills it best (minimum bin slack: Gupta and Ho 1999, Prod. Plan. Control 10: 598-603).
 *
 *   item      [n]  longest first, each <= limit_us
 *   n_wished       >= 1; a part is full enough if it leaves no more room than that many parts may
 *   looks_max      for all parts together; with 0 this is first fit decreasing
 *   part      [n]  out, by TpsItem.index; no part longer than the limit, none empty
 *   returns        how many parts
 *   time           O(n log n + looks_max log n)
 */
int tps_fill_parts(const TpsItem *item, size_t n, int n_wished, int64_t limit_us, int64_t looks_max,
                   int *part);

/*
 * Up to TPS_EXACT_ITEMS items the parts become the best there are; with some more, the best that a
 * bounded number of looks finds.
 *
 *   bound_us  what tps_makespan_lower_bound says
 *   part [n]  in and out; the longest part gets shorter, or all stay
 *   returns   a lower bound of the longest part, >= bound_us: the longest part itself where it is
 *             proven to be the best
 */
int64_t tps_partition_exact(const TpsItem *item, size_t n, int n_parts, int64_t bound_us,
                            int *part);

#define TPS_EXACT_ITEMS 12
