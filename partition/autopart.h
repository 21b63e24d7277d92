/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Why a suite got as many parts as it got. */
typedef enum {
    TPS_AUTOPART_FITS, /* the fewest parts whose longest is within the limit             */
    TPS_AUTOPART_SETUP_TOO_LONG, /* setup and teardown alone reach the limit: not split */
    TPS_AUTOPART_ITEM_TOO_LONG,  /* one item alone exceeds the limit; all other parts are within it
                                  */
} TpsAutopartReason;

typedef struct {
    int n_parts;
    TpsAutopartReason reason;
} TpsAutopart;

/*
 * How many parts a suite needs so that none takes longer than the limit.
 *
 *   cost_us     [n]  expected time of each item (unit), microseconds, each >= 0; n >= 1
 *   overhead_us      setup plus teardown; every part pays it
 *   limit_us         how long one part may take, > 0
 *   part        [n]  out: the parts themselves, as by tps_partition_by_time; caller's array
 *   returns          1 <= n_parts <= n. The fewest parts tps_partition_by_time keeps within the
 *                    limit, and at least ceil(sum / (limit - overhead))
 *   errors           none (pure)
 */
TpsAutopart tps_autopart(const int64_t *cost_us, size_t n, int64_t overhead_us, int64_t limit_us,
                         int *part);
