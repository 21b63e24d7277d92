/* SPDX-License-Identifier: MIT */
#include "core/saturate.h"
#include "partition/constrained_internal.h"

#include <glib.h>

/* Some hundred items that hardly fit are tried this long, a fraction of a second. */
#define LOOKS_MAX (INT64_C(1) << 24)

/* One call deep for each item. */
#define DEPTH_MAX 4096

typedef struct {
    const TpsItem *item;
    size_t n;
    const uint64_t *apart;
    TpsSlot *slot;
    int n_parts;
    int *part;         /* by TpsItem.index; -1 = not placed */
    size_t stuck;      /* of those no part was left for, the one most were placed before */
    size_t stuck_left; /* so many were not placed then                                    */
    int64_t looks_left;
} Colouring;

static int count_open(Colouring *c, uint64_t bits, int enough)
{
    int n_open = 0;

    for (int p = 0; p < c->n_parts && n_open < enough; p++) {
        n_open += (c->slot[p].mask & bits) == 0;
        c->looks_left--;
    }
    return n_open;
}

/* The item with the fewest parts left; the longest of those. */
static size_t most_constrained(Colouring *c)
{
    size_t best = c->n;
    int fewest = c->n_parts + 1;

    for (size_t rank = 0; rank < c->n && fewest > 0; rank++) {
        const size_t i = c->item[rank].index;
        int n_open;

        if (c->part[i] >= 0)
            continue;
        n_open = count_open(c, c->apart[i], fewest);
        if (n_open < fewest) {
            best = rank;
            fewest = n_open;
        }
    }
    return best;
}

/* Was a part with this mask tried before? What fits beside it is the same. */
static bool is_tried(const GArray *tried, uint64_t mask)
{
    for (guint i = 0; i < tried->len; i++)
        if (g_array_index(tried, uint64_t, i) == mask)
            return true;
    return false;
}

/* The open part with the least work whose mask was not tried; -1 when none. */
static int next_part(Colouring *c, uint64_t bits, const GArray *tried)
{
    int best = -1;

    for (int p = 0; p < c->n_parts; p++) {
        c->looks_left--;
        if ((c->slot[p].mask & bits) != 0 || is_tried(tried, c->slot[p].mask))
            continue;
        if (best < 0 || c->slot[p].load_us < c->slot[best].load_us)
            best = p;
    }
    return best;
}

static void note_stuck(Colouring *c, size_t item, size_t n_left)
{
    if (n_left >= c->stuck_left)
        return;
    c->stuck = item;
    c->stuck_left = n_left;
}

static TpsDealOutcome place_rest(Colouring *c, size_t n_left)
{
    g_autoptr(GArray) tried = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    const size_t rank = n_left > 0 ? most_constrained(c) : 0;
    const TpsItem *item = &c->item[rank];
    int p;

    if (n_left == 0)
        return TPS_DEALT;
    while (c->looks_left > 0 && (p = next_part(c, c->apart[item->index], tried)) >= 0) {
        const TpsSlot before = c->slot[p];
        TpsDealOutcome outcome;

        c->part[item->index] = p;
        c->slot[p].mask |= c->apart[item->index];
        c->slot[p].load_us = tps_add_sat(before.load_us, item->cost_us);
        outcome = place_rest(c, n_left - 1);
        if (outcome != TPS_DEAL_IMPOSSIBLE)
            return outcome;
        c->part[item->index] = -1;
        c->slot[p] = before;
        g_array_append_val(tried, before.mask);
    }
    if (tried->len == 0)
        note_stuck(c, item->index, n_left);
    return c->looks_left > 0 ? TPS_DEAL_IMPOSSIBLE : TPS_DEAL_GAVE_UP;
}

TpsDealOutcome tps_colour(const TpsItem *item, size_t n, const uint64_t *apart, TpsSlot *slot,
                          int n_parts, int *part, size_t *stuck)
{
    Colouring c = {.item = item,
                   .n = n,
                   .apart = apart,
                   .slot = slot,
                   .n_parts = n_parts,
                   .part = part,
                   .stuck_left = SIZE_MAX,
                   .looks_left = LOOKS_MAX};
    TpsDealOutcome outcome;

    *stuck = n > 0 ? item[0].index : 0;
    if (n > DEPTH_MAX)
        return TPS_DEAL_GAVE_UP;
    for (size_t rank = 0; rank < n; rank++)
        part[item[rank].index] = -1;
    outcome = place_rest(&c, n);
    if (outcome != TPS_DEALT)
        *stuck = c.stuck;
    return outcome;
}
