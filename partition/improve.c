/* SPDX-License-Identifier: MIT */
#include "core/saturate.h"
#include "partition/partition_internal.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

#define NONE SIZE_MAX

/* A look is a miss of the cache; the same time moves this many numbers of parts along. */
#define PARTS_PER_LOOK 64

/* The parts as lists of ranks, a rank being a place in the longest-first order. */
typedef struct {
    const TpsItem *item;
    int n_parts;
    size_t *first;         /* [n_parts] longest item of each part               */
    size_t *next;          /* [n] next shorter item of the same part, or NONE    */
    int64_t *load_us;      /* [n_parts]                                         */
    int *by_load;          /* [n_parts] the parts, shortest first, ties by part  */
    int64_t enough_us;     /* no exchange needs to come below that            */
    uint64_t *mask;        /* [n_parts] the bits of its items */
    const TpsRules *rules; /* or NULL */
    int64_t *looks_left;
} Search;

/* Give `out` and take `in` (NONE: nothing) in exchange; the difference is what moves. */
typedef struct {
    size_t out;
    size_t in;
    int64_t longest_us; /* the longer of the two parts afterwards, or enough_us */
} Exchange;

static bool shorter(const Search *search, int a, int b)
{
    if (search->load_us[a] != search->load_us[b])
        return search->load_us[a] < search->load_us[b];
    return a < b;
}

static int compare_parts(gconstpointer a, gconstpointer b, gpointer search)
{
    const int one = *(const int *)a, two = *(const int *)b;

    return one == two ? 0 : shorter(search, one, two) ? -1 : 1;
}

static uint64_t bits_of(const Search *search, size_t rank)
{
    if (rank == NONE || !search->rules || !search->rules->apart)
        return 0;
    return search->rules->apart[search->item[rank].index];
}

static bool is_pinned(const Search *search, size_t rank)
{
    return rank != NONE && search->rules && search->rules->pin &&
           search->rules->pin[search->item[rank].index] >= 0;
}

static void search_init(Search *search, const TpsItem *item, size_t n, int n_parts,
                        const TpsRules *rules, const int *part)
{
    *search = (Search){
        .item = item,
        .n_parts = n_parts,
        .first = g_new(size_t, (gsize)n_parts),
        .next = g_new(size_t, n),
        .load_us = g_new0(int64_t, (gsize)n_parts),
        .by_load = g_new(int, (gsize)n_parts),
        .mask = g_new0(uint64_t, (gsize)n_parts),
        .rules = rules,
    };
    for (int i = 0; i < n_parts; i++) {
        search->first[i] = NONE;
        search->by_load[i] = i;
    }
    for (size_t rank = n; rank-- > 0;) {
        int home = part[item[rank].index];

        search->next[rank] = search->first[home];
        search->first[home] = rank;
        search->load_us[home] = tps_add_sat(search->load_us[home], item[rank].cost_us);
        search->mask[home] |= bits_of(search, rank);
    }
    g_qsort_with_data(search->by_load, n_parts, sizeof(int), compare_parts, search);
}

static void search_clear(Search *search)
{
    g_free(search->first);
    g_free(search->next);
    g_free(search->load_us);
    g_free(search->by_load);
    g_free(search->mask);
}

static void consider(const Search *search, int from, int to, size_t out, size_t in, Exchange *best)
{
    const int64_t less = in == NONE ? 0 : search->item[in].cost_us;
    const int64_t moved = search->item[out].cost_us - less;
    int64_t longest;

    if (moved <= 0)
        return;
    longest = MAX(search->load_us[from] - moved, search->load_us[to] + moved);
    if (longest >= search->load_us[from])
        return;
    longest = MAX(longest, search->enough_us);
    if (longest < best->longest_us ||
        (longest == best->longest_us && in == NONE && best->in != NONE))
        *best = (Exchange){.out = out, .in = in, .longest_us = longest};
}

/*
 * The best exchange moves half the gap; of those that are good enough, one that moves a single
 * item. Walk both lists at once: for each item of the longer part the right partner is between the
 * last that moves less than half and the first that moves more, and both only get shorter as the
 * item does.
 */
static Exchange find_exchange(Search *search, int from, int to)
{
    const int64_t gap = search->load_us[from] - search->load_us[to];
    Exchange best = {.out = NONE, .in = NONE, .longest_us = INT64_MAX};
    size_t in = search->first[to], above = NONE;

    for (size_t out = search->first[from]; out != NONE; out = search->next[out]) {
        const int64_t cost = search->item[out].cost_us;

        while (in != NONE && cost - search->item[in].cost_us < gap / 2) {
            above = in;
            in = search->next[in];
            --*search->looks_left;
        }
        if (above != NONE)
            consider(search, from, to, out, above, &best);
        consider(search, from, to, out, in, &best);
        consider(search, from, to, out, NONE, &best);
        --*search->looks_left;
    }
    return best;
}

static bool is_allowed(const Search *search, int from, int to, size_t out, size_t in)
{
    const uint64_t gives = bits_of(search, out), takes = bits_of(search, in);

    return !is_pinned(search, out) && !is_pinned(search, in) &&
           (gives & (search->mask[to] & ~takes)) == 0 &&
           (takes & (search->mask[from] & ~gives)) == 0;
}

/* With rules the right partner may be any: all that move less than the gap are looked at. */
static Exchange find_allowed_exchange(Search *search, int from, int to)
{
    const int64_t gap = search->load_us[from] - search->load_us[to];
    Exchange best = {.out = NONE, .in = NONE, .longest_us = INT64_MAX};

    for (size_t out = search->first[from]; out != NONE; out = search->next[out]) {
        const int64_t cost = search->item[out].cost_us;

        if (is_allowed(search, from, to, out, NONE))
            consider(search, from, to, out, NONE, &best);
        for (size_t in = search->first[to];
             in != NONE && cost - search->item[in].cost_us<gap && * search->looks_left> 0;
             in = search->next[in]) {
            if (is_allowed(search, from, to, out, in))
                consider(search, from, to, out, in, &best);
            --*search->looks_left;
        }
    }
    return best;
}

static void list_remove(Search *search, int from, size_t rank)
{
    size_t *link = &search->first[from];

    for (; *link != rank; link = &search->next[*link])
        --*search->looks_left;
    *link = search->next[rank];
}

static void list_insert(Search *search, int into, size_t rank)
{
    size_t *link = &search->first[into];

    for (; *link < rank; link = &search->next[*link])
        --*search->looks_left;
    search->next[rank] = *link;
    *link = rank;
}

static void exchange_bits(Search *search, const Exchange *exchange, int from, int to)
{
    const uint64_t gives = bits_of(search, exchange->out), takes = bits_of(search, exchange->in);

    search->mask[from] = (search->mask[from] & ~gives) | takes;
    search->mask[to] = (search->mask[to] & ~takes) | gives;
}

static void move_item(Search *search, size_t rank, int from, int to, int *part)
{
    list_remove(search, from, rank);
    list_insert(search, to, rank);
    search->load_us[from] -= search->item[rank].cost_us;
    search->load_us[to] += search->item[rank].cost_us;
    part[search->item[rank].index] = to;
}

/* Where `part` belongs among by_load[low .. high-1], which is in order. */
static int place_for(const Search *search, int part, int low, int high)
{
    while (low < high) {
        int middle = low + (high - low) / 2;

        if (shorter(search, search->by_load[middle], part))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* by_load[from] goes to `to`; those between move up by one. */
static void reorder(Search *search, int from, int to)
{
    int *by_load = search->by_load;
    const int part = by_load[from];
    const int n_between = ABS(to - from);

    if (to > from)
        memmove(&by_load[from], &by_load[from + 1], (size_t)n_between * sizeof *by_load);
    else
        memmove(&by_load[to + 1], &by_load[to], (size_t)n_between * sizeof *by_load);
    by_load[to] = part;
    *search->looks_left -= n_between / PARTS_PER_LOOK;
}

/*
 * The longest part exchanges with the shortest part it can. It never gives its only item away: no
 * part is shorter than empty.
 */
static bool shorten_longest(Search *search, int *part)
{
    const int last = search->n_parts - 1;
    const int longest = search->by_load[last];

    for (int place = 0; *search->looks_left > 0 && place < last; place++) {
        const int other = search->by_load[place];
        const Exchange exchange = search->rules ? find_allowed_exchange(search, longest, other)
                                                : find_exchange(search, longest, other);

        --*search->looks_left;
        if (exchange.out == NONE)
            continue;
        exchange_bits(search, &exchange, longest, other);
        if (exchange.in != NONE)
            move_item(search, exchange.in, other, longest, part);
        move_item(search, exchange.out, longest, other, part);
        reorder(search, place, place_for(search, other, place + 1, last) - 1);
        reorder(search, last, place_for(search, longest, 0, last));
        return true;
    }
    return false;
}

static bool good_enough(const Search *search)
{
    const int64_t longest_us = search->load_us[search->by_load[search->n_parts - 1]];

    /* A load at INT64_MAX is not the sum of its items: nothing can be taken from it. */
    return longest_us == INT64_MAX || longest_us <= search->enough_us;
}

void tps_partition_improve(const TpsItem *item, size_t n, int n_parts, const TpsRules *rules,
                           int64_t enough_us, int64_t *looks_left, int *part)
{
    Search search;

    if (tps_items_makespan(item, n, n_parts, part) <= enough_us)
        return;
    search_init(&search, item, n, n_parts, rules, part);
    search.enough_us = enough_us;
    search.looks_left = looks_left;
    while (!good_enough(&search) && shorten_longest(&search, part))
        ;
    search_clear(&search);
}
