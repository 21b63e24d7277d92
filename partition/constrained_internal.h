/* SPDX-License-Identifier: MIT */
#pragma once

#include "partition/constrained.h"
#include "partition/partition_internal.h"

/* Parts as they fill; what an item may join shows in their masks. */
typedef struct {
    int64_t load_us;
    uint64_t mask; /* all bits of its items */
} TpsSlot;

/*
 * Find a part for each of `items`, beside what is in the slots; the one with the fewest parts left
 * is placed next.
 *
 *   item  [n]         with bits, not pinned
 *   slot  [n_parts]   in and out
 *   part              out, by TpsItem.index
 *   stuck             out unless TPS_DEALT: an item no part was left for
 *   returns           TPS_DEALT, TPS_DEAL_IMPOSSIBLE or TPS_DEAL_GAVE_UP
 */
TpsDealOutcome tps_colour(const TpsItem *item, size_t n, const uint64_t *apart, TpsSlot *slot,
                          int n_parts, int *part, size_t *stuck);

/*
 * The best parts there are, by trying all that could be better: for a dozen items.
 *
 *   item     [n]  all items, longest first
 *   best_us       parts at least as long as that are not looked for
 *   part     [n]  out when true
 */
bool tps_constrained_search(const TpsItem *item, size_t n, int n_parts, const TpsRules *rules,
                            int64_t best_us, int *part);
