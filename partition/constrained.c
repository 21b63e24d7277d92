/* SPDX-License-Identifier: MIT */
#include "partition/constrained.h"

#include "core/saturate.h"
#include "partition/bin_heap.h"
#include "partition/bounds.h"
#include "partition/constrained_internal.h"
#include "partition/partition.h"

#include <glib.h>
#include <limits.h>

/* Up to so many items every way that could be better is tried. */
#define SEARCH_ITEMS_MAX 12

#define N_SETS 64

/*
 * To look for the fewest parts, all numbers together: so many looks with exchanges, then as many
 * again by dealing alone; and what dealing one item counts.
 */
#define LOOKS_ALL (INT64_C(1) << 25)
#define LOOKS_PER_ITEM 4

static uint64_t bits_of(const TpsConstrained *problem, size_t i)
{
    return problem->apart ? problem->apart[i] : 0;
}

static bool is_pinned(const TpsConstrained *problem, size_t i)
{
    return problem->pin && problem->pin[i] >= 0;
}

static size_t first_conflict(const TpsConstrained *problem, size_t item)
{
    size_t i = 0;

    while (!is_pinned(problem, i) || problem->pin[i] != problem->pin[item] ||
           (bits_of(problem, i) & bits_of(problem, item)) == 0)
        i++;
    return i;
}

/* Pinned items go where they must, if they can. */
static TpsDeal place_pinned(const TpsConstrained *problem, TpsSlot *slot, int *part)
{
    for (size_t i = 0; i < problem->n; i++) {
        TpsSlot *home;

        if (!is_pinned(problem, i))
            continue;
        if (problem->pin[i] >= problem->n_parts)
            return (TpsDeal){.outcome = TPS_DEAL_PIN_OUTSIDE, .item = i};
        home = &slot[problem->pin[i]];
        if ((home->mask & bits_of(problem, i)) != 0)
            return (TpsDeal){.outcome = TPS_DEAL_PINNED_TOGETHER,
                             .item = first_conflict(problem, i),
                             .other = i};
        home->mask |= bits_of(problem, i);
        home->load_us = tps_add_sat(home->load_us, problem->cost_us[i]);
        part[i] = problem->pin[i];
    }
    return (TpsDeal){.outcome = TPS_DEALT};
}

/* The largest set, and how many items it has; ties to the lower bit. */
static TpsDeal largest_set(const TpsConstrained *problem)
{
    size_t n_items[N_SETS] = {0};
    TpsDeal largest = {.outcome = TPS_DEALT};

    for (size_t i = 0; i < problem->n; i++)
        for (uint64_t bits = bits_of(problem, i); bits; bits &= bits - 1)
            n_items[__builtin_ctzll(bits)]++;
    for (int set = 0; set < N_SETS; set++)
        if (n_items[set] > largest.n_set) {
            largest.set = set;
            largest.n_set = n_items[set];
        }
    if (largest.n_set > (size_t)problem->n_parts)
        largest.outcome = TPS_DEAL_SET_TOO_LARGE;
    return largest;
}

/* The part with the least work that has none of the bits; -1 when none. */
static int least_open(const TpsSlot *slot, int n_parts, uint64_t bits)
{
    int best = -1;

    for (int p = 0; p < n_parts; p++)
        if ((slot[p].mask & bits) == 0 && (best < 0 || slot[p].load_us < slot[best].load_us))
            best = p;
    return best;
}

static bool place_longest_first(const TpsConstrained *problem, const TpsItem *item, size_t n,
                                TpsSlot *slot, int *part)
{
    for (size_t rank = 0; rank < n; rank++) {
        const uint64_t bits = bits_of(problem, item[rank].index);
        const int p = least_open(slot, problem->n_parts, bits);

        if (p < 0)
            return false;
        slot[p].mask |= bits;
        slot[p].load_us = tps_add_sat(slot[p].load_us, item[rank].cost_us);
        part[item[rank].index] = p;
    }
    return true;
}

/* Those items that have bits and are not pinned, longest first. Caller frees. */
static TpsItem *constrained_items(const TpsConstrained *problem, const TpsItem *item, size_t *n)
{
    TpsItem *chosen = g_new(TpsItem, problem->n);

    *n = 0;
    for (size_t rank = 0; rank < problem->n; rank++)
        if (bits_of(problem, item[rank].index) != 0 && !is_pinned(problem, item[rank].index))
            chosen[(*n)++] = item[rank];
    return chosen;
}

static TpsDeal place_constrained(const TpsConstrained *problem, const TpsItem *item, TpsSlot *slot,
                                 int *part)
{
    size_t n;
    g_autofree TpsItem *chosen = constrained_items(problem, item, &n);
    g_autofree TpsSlot *before = g_memdup2(slot, (size_t)problem->n_parts * sizeof *slot);
    TpsDeal deal = {.outcome = TPS_DEALT};

    if (place_longest_first(problem, chosen, n, slot, part))
        return deal;
    for (int p = 0; p < problem->n_parts; p++)
        slot[p] = before[p];
    deal.outcome = tps_colour(chosen, n, problem->apart, slot, problem->n_parts, part, &deal.item);
    return deal;
}

static void place_free(const TpsConstrained *problem, const TpsItem *item, const TpsSlot *slot,
                       int *part)
{
    g_autofree TpsBin *bins = g_new0(TpsBin, (gsize)problem->n_parts);

    for (int p = 0; p < problem->n_parts; p++)
        bins[p] = (TpsBin){.id = p, .load_us = slot[p].load_us};
    tps_bins_heapify(bins, (size_t)problem->n_parts);
    for (size_t rank = 0; rank < problem->n; rank++) {
        const size_t i = item[rank].index;

        if (bits_of(problem, i) != 0 || is_pinned(problem, i))
            continue;
        part[i] = bins[0].id;
        bins[0].load_us = tps_add_sat(bins[0].load_us, item[rank].cost_us);
        tps_bins_sink(bins, (size_t)problem->n_parts, 0);
    }
}

/* An empty part takes the shortest item that is not pinned from a part that can spare one. */
static void fill_empty(const TpsConstrained *problem, const TpsItem *item, int *part)
{
    g_autofree size_t *n_items = g_new0(size_t, (gsize)problem->n_parts);
    size_t rank = problem->n;

    for (size_t i = 0; i < problem->n; i++)
        n_items[part[i]]++;
    for (int empty = 0; empty < problem->n_parts; empty++) {
        if (n_items[empty] > 0)
            continue;
        while (rank > 0 && (n_items[part[item[rank - 1].index]] < 2 ||
                            is_pinned(problem, item[rank - 1].index)))
            rank--;
        if (rank == 0)
            return;
        n_items[part[item[rank - 1].index]]--;
        n_items[empty]++;
        part[item[rank - 1].index] = empty;
    }
}

static void shorten(const TpsConstrained *problem, const TpsItem *item, int64_t *looks_left,
                    int *part)
{
    const TpsRules rules = {.apart = problem->apart, .pin = problem->pin};
    const int64_t bound_us = tps_items_lower_bound(item, problem->n, problem->n_parts);

    fill_empty(problem, item, part);
    tps_partition_improve(item, problem->n, problem->n_parts, &rules, tps_near_enough(bound_us),
                          looks_left, part);
    if (problem->n > SEARCH_ITEMS_MAX)
        return;
    if (tps_constrained_search(item, problem->n, problem->n_parts, &rules,
                               tps_items_makespan(item, problem->n, problem->n_parts, part), part))
        fill_empty(problem, item, part);
}

static TpsDeal deal(const TpsConstrained *problem, const TpsItem *item, int64_t *looks_left,
                    int *part)
{
    g_autofree TpsSlot *slot = g_new0(TpsSlot, (gsize)problem->n_parts);
    TpsDeal answer = place_pinned(problem, slot, part);

    if (answer.outcome == TPS_DEALT)
        answer = largest_set(problem);
    if (answer.outcome == TPS_DEALT)
        answer = place_constrained(problem, item, slot, part);
    if (answer.outcome != TPS_DEALT)
        return answer;
    place_free(problem, item, slot, part);
    shorten(problem, item, looks_left, part);
    answer.n_parts = problem->n_parts;
    return answer;
}

TpsDeal tps_partition_constrained(const TpsConstrained *problem, int *part)
{
    g_autofree TpsItem *items = tps_items_longest_first(problem->cost_us, problem->n);
    int64_t looks_left = TPS_LOOKS_MAX;

    return deal(problem, items, &looks_left, part);
}

/* No fewer parts can do: items that are too long for the limit are not in. */
static int fewest_possible(const TpsConstrained *problem, const TpsItem *item, int64_t limit_us)
{
    g_autofree int64_t *sorted_us = g_new(int64_t, problem->n);
    int low;

    for (size_t rank = 0; rank < problem->n; rank++)
        sorted_us[rank] = item[rank].cost_us;
    low = MAX(1, tps_parts_lower_bound(sorted_us, problem->n, limit_us));
    low = MAX(low, (int)MIN(largest_set(problem).n_set, (size_t)problem->n_parts));
    for (size_t i = 0; i < problem->n; i++)
        if (is_pinned(problem, i))
            low = MAX(low, problem->pin[i] + 1);
    return MIN(low, problem->n_parts);
}

/* The item that makes it hopeless: the longest of a part whose pinned items exceed the limit. */
static TpsDeal check_limit(const TpsConstrained *problem, const TpsItem *item, int64_t limit_us)
{
    g_autofree int64_t *pinned_us = g_new0(int64_t, (gsize)problem->n_parts);

    for (size_t rank = 0; rank < problem->n; rank++) {
        const size_t i = item[rank].index;
        int64_t *load = is_pinned(problem, i) && problem->pin[i] < problem->n_parts
                            ? &pinned_us[problem->pin[i]]
                            : NULL;

        if (load)
            *load = tps_add_sat(*load, item[rank].cost_us);
        if (item[rank].cost_us > limit_us || (load && *load > limit_us))
            return (TpsDeal){.outcome = TPS_DEAL_TOO_LONG, .item = i};
    }
    return (TpsDeal){.outcome = TPS_DEALT};
}

/* The parts for one limit, so far. */
typedef struct {
    const TpsConstrained *problem;
    const TpsItem *item;
    int64_t limit_us;
    int64_t looks_left;
    int *trial; /* [n] */
    int *part;  /* [n] the caller's */
} Quest;

/* Into the caller's parts if they are within the limit. */
static TpsDeal deal_within(Quest *quest, int n_parts)
{
    const TpsConstrained *problem = quest->problem;
    TpsConstrained fewer = *problem;
    TpsDeal answer;

    fewer.n_parts = n_parts;
    answer = deal(&fewer, quest->item, &quest->looks_left, quest->trial);
    quest->looks_left -= LOOKS_PER_ITEM * (int64_t)problem->n;
    if (answer.outcome != TPS_DEALT)
        return answer;
    if (tps_partition_makespan(problem->cost_us, quest->trial, problem->n, n_parts) >
        quest->limit_us)
        return (TpsDeal){.outcome = TPS_DEAL_GAVE_UP, .item = quest->item[0].index};
    for (size_t i = 0; i < problem->n; i++)
        quest->part[i] = quest->trial[i];
    return answer;
}

/* `high` parts are enough, `low` may be: bisect as long as there are looks. */
static TpsDeal bisect(Quest *quest, int low, int high, TpsDeal best)
{
    while (low < high && quest->looks_left > -LOOKS_ALL) {
        const int middle = low + (high - low) / 2;
        const TpsDeal answer = deal_within(quest, middle);

        if (answer.outcome == TPS_DEALT) {
            high = middle;
            best = answer;
        } else {
            low = middle + 1;
        }
    }
    return best;
}

/* Doubling steps, longer ones when the looks are used up, to the first number that does. */
static TpsDeal climb(Quest *quest, int low)
{
    const int most = quest->problem->n_parts;
    int high = low, step = 1;

    for (;;) {
        const TpsDeal answer = deal_within(quest, high);

        if (answer.outcome == TPS_DEALT)
            return bisect(quest, low, high, answer);
        if (high == most)
            return answer;
        low = high + 1;
        high = high > most - step ? most : high + step;
        step = MIN(step, INT_MAX / 4) * (quest->looks_left > 0 ? 2 : 4);
    }
}

TpsDeal tps_parts_fewest_constrained(const TpsConstrained *problem, int64_t limit_us, int *part)
{
    g_autofree TpsItem *items = tps_items_longest_first(problem->cost_us, problem->n);
    g_autofree int *trial = g_new(int, problem->n);
    const TpsDeal answer = check_limit(problem, items, limit_us);
    Quest quest = {.problem = problem,
                   .item = items,
                   .limit_us = limit_us,
                   .looks_left = LOOKS_ALL,
                   .trial = trial,
                   .part = part};

    if (answer.outcome != TPS_DEALT)
        return answer;
    return climb(&quest, fewest_possible(problem, items, limit_us));
}
