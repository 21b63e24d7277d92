/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Why a suite got as many parts as it got. */
typedef enum {
    TPS_AUTOPART_FITS, /* the fewest parts whose longest is within the limit             */
    TPS_AUTOPART_SETUP_TOO_LONG, /* setup and teardown alone reach the limit: not split */
    TPS_AUTOPART_ITEM_TOO_LONG,  /* some items alone exceed the limit; other parts are within it */
} TpsAutopartReason;

typedef struct {
    int n_parts;
    TpsAutopartReason reason;
    int lower_bound; /* no fewer parts are within the limit                  */
    bool proven;     /* lower_bound == n_parts: there is no way to do with fewer */
} TpsAutopart;

/*
 * How many parts a suite needs so that none takes longer than the limit.
 *
 *   cost_us     [n]  expected time of each item (unit), microseconds, each >= 0; n >= 1
 *   overhead_us      setup plus teardown, >= 0; every part pays it
 *   limit_us         how long one part may take, > 0
 *   part        [n]  out: the parts themselves; caller's array. An item that exceeds the limit is
 *                    alone in its part, and these parts come first, longest first; the others are
 *                    dealt to the rest as by tps_parts_fewest
 *   returns          1 <= n_parts <= n, no part empty
 *   errors           none (pure)
 */
TpsAutopart tps_autopart(const int64_t *cost_us, size_t n, int64_t overhead_us, int64_t limit_us,
                         int *part);

typedef struct {
    int n_parts;
    int lower_bound; /* fewer cannot be: n_parts where that is proven */
} TpsFewest;

/*
 * The fewest parts within the limit, as short as they get: from tps_parts_lower_bound on every
 * number is tried, first by tps_partition_by_time, then by filling parts to the limit, then by a
 * search for a way or a proof that there is none. A fixed number of looks ends it; what is not
 * proven then may be more than the fewest. Up to twelve items all is proven.
 *
 *   cost_us  [n]  longest first, each <= limit_us
 *   limit_us      >= 0
 *   part     [n]  out: 0 .. n_parts-1, no part empty; caller's array
 *   returns       0 .. n parts; at least 1 when n > 0
 *   time          O(n log n); a million items take about a second at most
 */
TpsFewest tps_parts_fewest(const int64_t *cost_us, size_t n, int64_t limit_us, int *part);
