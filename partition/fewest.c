/* SPDX-License-Identifier: MIT */
#include "partition/autopart.h"
#include "partition/bounds.h"
#include "partition/fit_internal.h"

#include <glib.h>
#include <limits.h>
#include <string.h>

/*
 * For one suite, all attempts together: a million items get two of them, a thousand some hundred.
 * One look is some ten nanoseconds.
 */
#define LOOKS_ALL (INT64_C(1) << 25)

/* To fill parts to the limit. */
#define LOOKS_FILL (INT64_C(1) << 21)
#define FILLS_MAX 4

/* For each number of parts, to find a way or to prove that there is none. */
#define LOOKS_SEARCH (INT64_C(1) << 18)

/* What dealing one item costs, in looks. */
#define LOOKS_PER_ITEM 4

/* Behind this many steps from the lower bound, or half of all looks, the answer is bisected. */
#define STEPS_MAX 16

typedef struct {
    const TpsItem *item;
    size_t n;
    int64_t limit_us;
    int64_t looks_left;
    int low;    /* fewer are proven impossible          */
    int high;   /* so many are enough: they are in part */
    int *part;  /* [n]                                  */
    int *trial; /* [n]                                 */
} Quest;

static void keep_trial(Quest *quest, int n_parts)
{
    memcpy(quest->part, quest->trial, quest->n * sizeof *quest->part);
    quest->high = n_parts;
}

static void prove_more_than(Quest *quest, int n_parts)
{
    if (n_parts == quest->low)
        quest->low++;
}

static bool by_time_fits(Quest *quest, int n_parts)
{
    int64_t looks = MIN(quest->looks_left, TPS_LOOKS_MAX), before = looks, bound_us;

    bound_us = tps_items_deal(quest->item, quest->n, n_parts, &looks, quest->trial);
    quest->looks_left -= before - looks + LOOKS_PER_ITEM * (int64_t)quest->n;
    if (bound_us > quest->limit_us)
        prove_more_than(quest, n_parts);
    if (tps_items_makespan(quest->item, quest->n, n_parts, quest->trial) > quest->limit_us)
        return false;
    keep_trial(quest, n_parts);
    return true;
}

static bool search_fits(Quest *quest, int n_parts)
{
    int64_t looks = MIN(quest->looks_left, LOOKS_SEARCH), before = looks;
    TpsFit fit;

    if (quest->n > TPS_FIT_ITEMS_MAX || n_parts < quest->low)
        return false;
    fit = tps_fit_search(quest->item, quest->n, n_parts, quest->limit_us, &looks, quest->trial);
    quest->looks_left -= before - looks;
    if (fit == TPS_FIT_IMPOSSIBLE)
        prove_more_than(quest, n_parts);
    if (fit == TPS_FIT_FOUND)
        keep_trial(quest, n_parts);
    return fit == TPS_FIT_FOUND;
}

static bool fill_fits(Quest *quest, int n_wished)
{
    const int n_parts =
        tps_fill_parts(quest->item, quest->n, n_wished, quest->limit_us, LOOKS_FILL, quest->trial);

    quest->looks_left -= LOOKS_PER_ITEM * (int64_t)quest->n;
    if (n_parts >= quest->high)
        return false;
    keep_trial(quest, n_parts);
    return true;
}

/* Parts that are all filled to the brim leave the worst for the end: allow them some room. */
static void fill_again(Quest *quest)
{
    int wished = quest->low;

    for (int round = 0; round < FILLS_MAX && fill_fits(quest, wished); round++)
        wished = quest->low + (quest->high - quest->low) / 2;
}

/* Returns the least number that was not tried. */
static int count_up(Quest *quest)
{
    int n_parts = quest->low;

    if (by_time_fits(quest, n_parts))
        return n_parts;
    fill_again(quest);
    for (int step = 0; step < STEPS_MAX && n_parts < quest->high; step++) {
        if (search_fits(quest, n_parts) || ++n_parts >= quest->high ||
            quest->looks_left < LOOKS_ALL / 2 || by_time_fits(quest, n_parts))
            break;
    }
    return n_parts;
}

static void bisect(Quest *quest, int n_parts)
{
    while (n_parts < quest->high && quest->looks_left > 0) {
        const int middle = n_parts + (quest->high - n_parts) / 2;

        if (!by_time_fits(quest, middle))
            n_parts = middle + 1;
    }
}

/* A part that was filled to the limit is longer than it need be. */
static void shorten(Quest *quest)
{
    const int64_t bound_us = tps_items_lower_bound(quest->item, quest->n, quest->high);
    int64_t looks_left = TPS_LOOKS_MAX;

    tps_partition_fill_empty(quest->item, quest->n, quest->high, quest->part);
    tps_partition_improve(quest->item, quest->n, quest->high, NULL, tps_near_enough(bound_us),
                          &looks_left, quest->part);
    tps_partition_exact(quest->item, quest->n, quest->high, bound_us, quest->part);
}

TpsFewest tps_parts_fewest(const int64_t *cost_us, size_t n, int64_t limit_us, int *part)
{
    g_autofree TpsItem *items = tps_items_longest_first(cost_us, n);
    g_autofree int *trial = g_new(int, n);
    Quest quest = {.item = items,
                   .n = n,
                   .limit_us = limit_us,
                   .looks_left = LOOKS_ALL,
                   .low = tps_parts_lower_bound(cost_us, n, limit_us),
                   .high = (int)MIN(n, INT_MAX),
                   .part = part,
                   .trial = trial};

    for (size_t i = 0; i < n; i++)
        part[i] = (int)i;
    if (n == 0)
        return (TpsFewest){0};
    /* On real suites the lower bound is nearly always right, and else the number after it. */
    bisect(&quest, count_up(&quest));
    shorten(&quest);
    return (TpsFewest){.n_parts = quest.high, .lower_bound = quest.low};
}
