/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Items to deal, and what must hold of their parts. Borrowed from the caller. */
typedef struct {
    const int64_t *cost_us; /* [n] each >= 0                                              */
    size_t n;
    int n_parts;           /* >= 1                                                       */
    const uint64_t *apart; /* [n] or NULL: no two items that share a bit may share a part */
    const int *pin;        /* [n] or NULL: the part an item must be in; -1 = any          */
} TpsConstrained;

typedef enum {
    TPS_DEALT,
    TPS_DEAL_PIN_OUTSIDE,     /* item is pinned to a part that does not exist                  */
    TPS_DEAL_PINNED_TOGETHER, /* item and other must be apart and are pinned to one part       */
    TPS_DEAL_SET_TOO_LARGE,   /* more than n_parts items share the bit `set`                   */
    TPS_DEAL_IMPOSSIBLE,      /* proven; no part is left for item when the others have theirs  */
    TPS_DEAL_GAVE_UP,         /* a bounded search found neither parts nor a proof; item as above */
    TPS_DEAL_TOO_LONG,        /* item alone, or what is pinned beside it, exceeds the limit    */
} TpsDealOutcome;

typedef struct {
    TpsDealOutcome outcome;
    size_t item;
    size_t other;
    int set;      /* 0 .. 63                                       */
    size_t n_set; /* how many items share it                       */
    int n_parts;  /* when TPS_DEALT                                */
} TpsDeal;

/*
 * Deal items to parts under constraints so that the longest part is short.
 *
 * Pinned items first; those with a bit longest first, or, where that fails, the one with the fewest
 * parts left next, with backtracking; the free ones longest first; then the moves and swaps of
 * tps_partition_by_time that keep the constraints.
 *
 *   part     [n]  out when TPS_DEALT: 0 .. n_parts-1; caller's array. No part is empty when
 *                 n >= n_parts, unless pinned items leave none to spare
 *   bound         up to twelve items: the best there is, and never TPS_DEAL_GAVE_UP. Else no
 *                 exchange with the longest part shortens it, or a fixed number of looks was taken
 *   errors        in the outcome; ties by position, the same answer on every machine
 *   source        Brelaz 1979, Comm. ACM 22: 251-256 (fewest parts left first)
 */
TpsDeal tps_partition_constrained(const TpsConstrained *problem, int *part);

/*
 * The fewest parts, at most problem->n_parts, whose longest is within the limit, as far as
 * tps_partition_constrained finds them; up to twelve items exactly. TPS_DEAL_GAVE_UP when none is
 * found.
 */
TpsDeal tps_parts_fewest_constrained(const TpsConstrained *problem, int64_t limit_us, int *part);
