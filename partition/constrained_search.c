/* SPDX-License-Identifier: MIT */
#include "core/saturate.h"
#include "partition/constrained_internal.h"

#include <glib.h>

typedef struct {
    const TpsItem *item; /* pinned ones first */
    size_t n;
    int n_parts;
    const TpsRules *rules;
    TpsSlot *slot;
    int *current; /* [n] by TpsItem.index */
    int *best;    /* [n]                  */
    int64_t bound_us;
    int64_t best_us;
    bool found;
} Search;

static uint64_t bits_of(const TpsRules *rules, size_t i)
{
    return rules->apart ? rules->apart[i] : 0;
}

static int pin_of(const TpsRules *rules, size_t i)
{
    return rules->pin ? rules->pin[i] : -1;
}

/* Once the pinned items are in, a part with the load and the mask of an earlier one is its twin. */
static bool has_twin(const Search *search, int p)
{
    for (int q = 0; q < p; q++)
        if (search->slot[q].load_us == search->slot[p].load_us &&
            search->slot[q].mask == search->slot[p].mask)
            return true;
    return false;
}

static void deal_from(Search *search, size_t next, int64_t longest_us);

static void try_part(Search *search, size_t next, int64_t longest_us, int p)
{
    const TpsItem *item = &search->item[next];
    const uint64_t bits = bits_of(search->rules, item->index);
    const TpsSlot before = search->slot[p];
    const int64_t load_us = tps_add_sat(before.load_us, item->cost_us);

    if ((before.mask & bits) != 0 || load_us >= search->best_us)
        return;
    search->slot[p] = (TpsSlot){.load_us = load_us, .mask = before.mask | bits};
    search->current[item->index] = p;
    deal_from(search, next + 1, MAX(longest_us, load_us));
    search->slot[p] = before;
}

static void deal_from(Search *search, size_t next, int64_t longest_us)
{
    int pin;

    if (next == search->n) {
        for (size_t i = 0; i < search->n; i++)
            search->best[i] = search->current[i];
        search->best_us = longest_us;
        search->found = true;
        return;
    }
    pin = pin_of(search->rules, search->item[next].index);
    if (pin >= 0) {
        try_part(search, next, longest_us, pin);
        return;
    }
    for (int p = 0; p < search->n_parts && search->best_us > search->bound_us; p++)
        if (!has_twin(search, p))
            try_part(search, next, longest_us, p);
}

bool tps_constrained_search(const TpsItem *item, size_t n, int n_parts, const TpsRules *rules,
                            int64_t best_us, int *part)
{
    g_autofree TpsItem *pinned_first = g_new(TpsItem, n);
    g_autofree TpsSlot *slot = g_new0(TpsSlot, (gsize)n_parts);
    g_autofree int *current = g_new(int, n);
    size_t k = 0;
    Search search = {.item = pinned_first,
                     .n = n,
                     .n_parts = n_parts,
                     .rules = rules,
                     .slot = slot,
                     .current = current,
                     .best = part,
                     .bound_us = tps_items_lower_bound(item, n, n_parts),
                     .best_us = best_us};

    for (int pinned = 1; pinned >= 0; pinned--)
        for (size_t i = 0; i < n; i++)
            if ((pin_of(rules, item[i].index) >= 0) == (bool)pinned)
                pinned_first[k++] = item[i];
    deal_from(&search, 0, 0);
    return search.found;
}
