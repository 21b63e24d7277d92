/* SPDX-License-Identifier: MIT */
#include "scheduler/cut.h"

#include "core/saturate.h"

#include <stdlib.h>

/* Something to be placed: a suite, or a piece of it. */
typedef struct {
    size_t suite;
    int64_t execution_us;
    int64_t length_us; /* with overhead */
    bool whole;        /* it may still be cut further */
} Item;

/* The workers while they are filled. */
typedef struct {
    int64_t *room_us; /* [n_workers] */
    int n_workers;
    int *parts; /* [n] pieces of each suite so far */
    const TpsCutSuite *suites;
    GArray *pieces; /* or NULL */
} Fill;

static int compare_items(const void *a, const void *b)
{
    const Item *one = a, *two = b;

    if (one->length_us != two->length_us)
        return one->length_us > two->length_us ? -1 : 1;
    if (one->suite != two->suite)
        return one->suite < two->suite ? -1 : 1;
    return (one->execution_us < two->execution_us) - (one->execution_us > two->execution_us);
}

static int64_t divide_up(int64_t a, int64_t b)
{
    return a / b + (a % b != 0);
}

/*
 * How much fits into one part: the longest that keeps the limit and of which a whole number fills
 * the goal; where these are more parts than there may be, what the limit allows. 0 = nothing.
 */
static int64_t part_room(const TpsCutSuite *suite, int64_t goal_us)
{
    const int64_t longest_us = MIN(suite->limit_us, goal_us);
    int64_t room_us = goal_us / divide_up(goal_us, longest_us) - suite->overhead_us;

    if (room_us <= 0 || divide_up(suite->execution_us, room_us) > suite->max_parts)
        room_us = longest_us - suite->overhead_us;
    if (room_us <= 0 || divide_up(suite->execution_us, room_us) > suite->max_parts)
        return 0;
    return room_us;
}

static void add_item(GArray *items, const TpsCutSuite *suites, size_t suite, int64_t execution_us)
{
    Item item = {.suite = suite,
                 .execution_us = execution_us,
                 .length_us = tps_add_sat(execution_us, suites[suite].overhead_us),
                 .whole = suites[suite].max_parts > 1};

    g_array_append_val(items, item);
}

/* False: a suite that may not be cut, or not so often, is longer than the goal. */
static bool add_suite(GArray *items, const TpsCutSuite *suites, size_t suite, int64_t goal_us,
                      int n_workers)
{
    const TpsCutSuite *cut = &suites[suite];
    const int64_t whole_us = tps_add_sat(cut->execution_us, cut->overhead_us);
    int64_t room_us;
    int64_t n;

    if (whole_us <= MIN(goal_us, cut->limit_us) || (cut->max_parts == 1 && whole_us <= goal_us)) {
        add_item(items, suites, suite, cut->execution_us);
        return true;
    }
    room_us = part_room(cut, goal_us);
    if (room_us == 0 || cut->execution_us / room_us / n_workers > divide_up(goal_us, cut->limit_us))
        return false;
    for (n = cut->execution_us / room_us; n > 0; n--)
        add_item(items, suites, suite, room_us);
    if (cut->execution_us % room_us > 0)
        add_item(items, suites, suite, cut->execution_us % room_us);
    return true;
}

static void place(Fill *fill, size_t suite, int worker, int64_t execution_us)
{
    TpsCutPiece piece = {.suite = suite, .worker = worker, .execution_us = execution_us};

    fill->room_us[worker] -= execution_us + fill->suites[suite].overhead_us;
    fill->parts[suite]++;
    if (fill->pieces)
        g_array_append_val(fill->pieces, piece);
}

/* The worker with the least room that is enough, or -1. */
static int best_fit(const Fill *fill, int64_t length_us)
{
    int best = -1;

    for (int worker = 0; worker < fill->n_workers; worker++)
        if (fill->room_us[worker] >= length_us &&
            (best < 0 || fill->room_us[worker] < fill->room_us[best]))
            best = worker;
    return best;
}

static int most_room(const Fill *fill)
{
    int most = 0;

    for (int worker = 1; worker < fill->n_workers; worker++)
        if (fill->room_us[worker] > fill->room_us[most])
            most = worker;
    return most;
}

/* Into the largest rooms, one after the other. */
static bool cut_item(Fill *fill, const Item *item)
{
    const TpsCutSuite *suite = &fill->suites[item->suite];
    int64_t rest_us = item->execution_us;

    /* What takes no time still needs room for its setup. */
    do {
        int worker = most_room(fill);
        int64_t room_us = MIN(fill->room_us[worker], suite->limit_us) - suite->overhead_us;

        if (room_us <= 0 || fill->parts[item->suite] >= suite->max_parts)
            return false;
        place(fill, item->suite, worker, MIN(room_us, rest_us));
        rest_us -= MIN(room_us, rest_us);
    } while (rest_us > 0);
    return true;
}

static bool place_all(Fill *fill, const GArray *items)
{
    g_autoptr(GArray) left = g_array_new(FALSE, FALSE, sizeof(Item));

    for (guint i = 0; i < items->len; i++) {
        const Item *item = &g_array_index(items, Item, i);
        int worker = best_fit(fill, item->length_us);

        if (worker >= 0)
            place(fill, item->suite, worker, item->execution_us);
        else if (item->whole)
            g_array_append_vals(left, item, 1);
        else
            return false;
    }
    for (guint i = 0; i < left->len; i++)
        if (!cut_item(fill, &g_array_index(left, Item, i)))
            return false;
    return true;
}

static int compare_pieces(const void *a, const void *b)
{
    const TpsCutPiece *one = a, *two = b;

    if (one->suite != two->suite)
        return one->suite < two->suite ? -1 : 1;
    if (one->execution_us != two->execution_us)
        return one->execution_us > two->execution_us ? -1 : 1;
    return (one->worker > two->worker) - (one->worker < two->worker);
}

bool tps_cut(const TpsCutSuite *suites, size_t n, int n_workers, int64_t goal_us, GArray *pieces)
{
    g_autoptr(GArray) items = g_array_new(FALSE, FALSE, sizeof(Item));
    g_autofree int64_t *room_us = g_new(int64_t, (gsize)n_workers);
    g_autofree int *parts = g_new0(int, n);
    Fill fill = {.room_us = room_us,
                 .n_workers = n_workers,
                 .parts = parts,
                 .suites = suites,
                 .pieces = pieces};

    if (goal_us <= 0)
        return n == 0;
    for (size_t i = 0; i < n; i++)
        if (!add_suite(items, suites, i, goal_us, n_workers))
            return false;
    for (int worker = 0; worker < n_workers; worker++)
        room_us[worker] = goal_us;
    g_array_sort(items, compare_items);
    if (pieces)
        g_array_set_size(pieces, 0);
    if (!place_all(&fill, items))
        return false;
    if (pieces)
        g_array_sort(pieces, compare_pieces);
    return true;
}

int64_t tps_cut_goal(const TpsCutSuite *suites, size_t n, int n_workers, int64_t low_us,
                     int64_t high_us)
{
    if (!tps_cut(suites, n, n_workers, high_us, NULL))
        return INT64_MAX;
    while (low_us < high_us) {
        int64_t middle_us = low_us + (high_us - low_us) / 2;

        if (tps_cut(suites, n, n_workers, middle_us, NULL))
            high_us = middle_us;
        else
            low_us = middle_us + 1;
    }
    return high_us;
}
