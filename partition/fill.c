/* SPDX-License-Identifier: MIT */
#include "core/saturate.h"
#include "partition/fit_internal.h"

#include <glib.h>

/* Items of one length; `skip` leads over those classes that have no items left. */
typedef struct {
    int64_t cost_us;
    size_t first; /* rank of its first item not dealt */
    size_t left;
    size_t skip;
} Class;

typedef struct {
    size_t kind;
    size_t count;
} Take;

typedef struct {
    Class *class;
    size_t n_classes;
    size_t shortest; /* the last class that has items left           */
    Take *take;      /* [n_takes] the fill being looked at           */
    size_t n_takes;
    Take *best; /* [n_best] the fullest so far                  */
    size_t n_best;
    int64_t room_us;    /* beside `take`                                */
    int64_t best_us;    /* beside `best`                                */
    int64_t looks_left; /* for this part                                */
} Filler;

static void filler_init(Filler *filler, const TpsItem *item, size_t n)
{
    size_t last = 0;

    *filler = (Filler){.class = g_new(Class, n + 1)};
    for (size_t rank = 0; rank < n; rank++) {
        if (rank == 0 || item[rank].cost_us != item[rank - 1].cost_us) {
            last = filler->n_classes++;
            filler->class[last] =
                (Class){.cost_us = item[rank].cost_us, .first = rank, .skip = last};
        }
        filler->class[last].left++;
    }
    filler->class[filler->n_classes] = (Class){.left = 1, .skip = filler->n_classes};
    filler->shortest = last;
    filler->take = g_new(Take, filler->n_classes);
    filler->best = g_new(Take, filler->n_classes);
}

static void filler_clear(Filler *filler)
{
    g_free(filler->class);
    g_free(filler->take);
    g_free(filler->best);
}

/* The first class from `kind` on with items left, n_classes when none; halves the way there. */
static size_t find_left(Filler *filler, size_t kind)
{
    Class *class = filler->class;

    while (class[kind].skip != kind) {
        class[kind].skip = class[class[kind].skip].skip;
        kind = class[kind].skip;
    }
    return kind;
}

/* The first class from `kind` on that takes no longer than the room; doubling steps, then halves.
 */
static size_t find_fitting(const Filler *filler, size_t kind, int64_t room_us)
{
    size_t step = 1, high;

    if (kind >= filler->n_classes || filler->class[kind].cost_us <= room_us)
        return kind;
    while (kind + step < filler->n_classes && filler->class[kind + step].cost_us > room_us) {
        kind += step;
        step *= 2;
    }
    high = MIN(kind + step, filler->n_classes);
    while (kind + 1 < high) {
        size_t middle = kind + (high - kind) / 2;

        if (filler->class[middle].cost_us > room_us)
            kind = middle;
        else
            high = middle;
    }
    return high;
}

/* Always the longest that fits, as many as fit. */
static void descend(Filler *filler, size_t kind)
{
    for (;;) {
        const Class *class;
        size_t count;

        kind = find_left(filler, find_fitting(filler, kind, filler->room_us));
        filler->looks_left--;
        if (kind == filler->n_classes)
            return;
        class = &filler->class[kind];
        count = class->left;
        if (class->cost_us > 0)
            count = MIN(count, (size_t)(filler->room_us / class->cost_us));
        filler->take[filler->n_takes++] = (Take){.kind = kind, .count = count};
        filler->room_us -= class->cost_us * (int64_t)count;
        kind++;
    }
}

/*
 * Leave out the last item for shorter ones, if at least two could take its place. The head,
 * take[0], stays. False when nothing is left to try.
 */
static bool back_up(Filler *filler)
{
    const int64_t shortest_us = filler->class[filler->shortest].cost_us;

    while (filler->n_takes > 1 || filler->take[0].count > 1) {
        Take *last = &filler->take[filler->n_takes - 1];
        const size_t kind = last->kind;

        filler->room_us += filler->class[kind].cost_us;
        if (--last->count == 0)
            filler->n_takes--;
        filler->looks_left--;
        if (filler->room_us / 2 < shortest_us)
            continue;
        descend(filler, kind + 1);
        return true;
    }
    return false;
}

static void keep_best(Filler *filler)
{
    if (filler->room_us >= filler->best_us)
        return;
    for (size_t i = 0; i < filler->n_takes; i++)
        filler->best[i] = filler->take[i];
    filler->n_best = filler->n_takes;
    filler->best_us = filler->room_us;
}

/* The fullest of the fills looked at, or the first that leaves no more than `enough_us`. */
static void find_fill(Filler *filler, int64_t limit_us, int64_t enough_us)
{
    const size_t head = find_left(filler, 0);
    const int64_t cost_us = filler->class[head].cost_us;

    filler->take[0] = (Take){.kind = head, .count = filler->class[head].left};
    if (cost_us > 0)
        filler->take[0].count = MIN(filler->take[0].count, (size_t)(limit_us / cost_us));
    filler->n_takes = 1;
    filler->room_us = limit_us - cost_us * (int64_t)filler->take[0].count;
    filler->best_us = INT64_MAX;
    descend(filler, head + 1);
    keep_best(filler);
    while (filler->best_us > enough_us && filler->looks_left > 0 && back_up(filler))
        keep_best(filler);
}

/* Returns the sum of what was dealt. */
static int64_t deal_best(Filler *filler, const TpsItem *item, int to, int *part)
{
    int64_t sum_us = 0;

    for (size_t i = 0; i < filler->n_best; i++) {
        Class *class = &filler->class[filler->best[i].kind];

        for (size_t k = 0; k < filler->best[i].count; k++)
            part[item[class->first++].index] = to;
        sum_us += class->cost_us * (int64_t)filler->best[i].count;
        class->left -= filler->best[i].count;
        if (class->left == 0)
            class->skip++;
    }
    while (filler->shortest > 0 && filler->class[filler->shortest].left == 0)
        filler->shortest--;
    return sum_us;
}

/* What each of the parts still to come may leave empty, if there shall be n_parts of them. */
static int64_t fair_waste(int64_t limit_us, int n_left, int64_t rest_us)
{
    const int64_t mean_us = n_left > 0 ? rest_us / n_left : limit_us;

    return MAX(limit_us - mean_us, 0);
}

int tps_fill_parts(const TpsItem *item, size_t n, int n_wished, int64_t limit_us, int64_t looks_max,
                   int *part)
{
    int64_t rest_us = 0, dealt_us;
    int n_parts = 0;
    Filler filler;

    filler_init(&filler, item, n);
    for (size_t i = 0; i < n; i++)
        rest_us = tps_add_sat(rest_us, item[i].cost_us);
    while (find_left(&filler, 0) < filler.n_classes) {
        filler.looks_left = looks_max / n_wished;
        find_fill(&filler, limit_us, fair_waste(limit_us, n_wished - n_parts, rest_us));
        dealt_us = deal_best(&filler, item, n_parts++, part);
        if (rest_us < INT64_MAX) /* else it is not the sum of what is left */
            rest_us -= dealt_us;
    }
    filler_clear(&filler);
    return n_parts;
}
