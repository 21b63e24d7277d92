/* SPDX-License-Identifier: MIT */
#include "core/saturate.h"
#include "partition/bounds.h"
#include "partition/fit_internal.h"

#include <glib.h>
#include <stdlib.h>

/* Items of one length are one class: which of them goes where makes no difference. */
typedef struct {
    int64_t cost_us;
    size_t first; /* rank of its first item    */
    size_t left;  /* how many are still to deal */
} Class;

typedef struct {
    size_t kind; /* which class */
    size_t count;
} Take;

/* One way to fill a part: takes[first] .. takes[first + n - 1]. */
typedef struct {
    size_t first;
    size_t n;
    int64_t room_us; /* what stays empty */
} Fill;

typedef struct {
    Class *class;
    size_t n_classes;
    int n_parts;
    int64_t limit_us;
    int64_t *looks_left;
    GArray *takes;    /* Take                                         */
    GArray *fills;    /* Fill                                         */
    Take *chosen;     /* [n_classes + 1] of the part being filled     */
    int64_t waste_us; /* what may stay empty in the part being filled */
    Fill *solution;   /* [n_parts]                                    */
    int64_t *rest_us; /* [n] the items left, for the bound            */
} Search;

/* What has been decided of the part being filled. */
typedef struct {
    size_t n_chosen;
    int64_t room_us;
    int64_t rest_us;    /* all items of the classes not yet looked at            */
    int64_t skipped_us; /* the shortest item passed over so far                  */
    int64_t better_us;  /* with this much room at the end, a better fill exists  */
} Filling;

static size_t count_classes(const TpsItem *item, size_t n)
{
    size_t n_classes = n > 0;

    for (size_t i = 1; i < n; i++)
        n_classes += item[i].cost_us != item[i - 1].cost_us;
    return n_classes;
}

static void make_classes(Search *search, const TpsItem *item, size_t n)
{
    Class *class = search->class - 1;

    for (size_t rank = 0; rank < n; rank++) {
        if (rank == 0 || item[rank].cost_us != item[rank - 1].cost_us) {
            class ++;
            *class = (Class){.cost_us = item[rank].cost_us, .first = rank};
        }
        class->left++;
    }
}

static void search_init(Search *search, const TpsItem *item, size_t n, int n_parts,
                        int64_t limit_us)
{
    const size_t n_classes = count_classes(item, n);

    *search = (Search){
        .class = g_new0(Class, n_classes),
        .n_classes = n_classes,
        .n_parts = n_parts,
        .limit_us = limit_us,
        .takes = g_array_new(FALSE, FALSE, sizeof(Take)),
        .fills = g_array_new(FALSE, FALSE, sizeof(Fill)),
        .chosen = g_new(Take, n_classes + 1),
        .solution = g_new0(Fill, (gsize)n_parts),
        .rest_us = g_new(int64_t, n),
    };
    make_classes(search, item, n);
}

static void search_clear(Search *search)
{
    g_free(search->class);
    g_array_free(search->takes, TRUE);
    g_array_free(search->fills, TRUE);
    g_free(search->chosen);
    g_free(search->solution);
    g_free(search->rest_us);
}

/* The first class from `kind` on that has items left. */
static size_t skip_empty(Search *search, size_t kind)
{
    while (kind < search->n_classes && search->class[kind].left == 0) {
        kind++;
        --*search->looks_left;
    }
    return kind;
}

static void record(Search *search, const Filling *filling)
{
    const Fill fill = {
        .first = search->takes->len, .n = filling->n_chosen, .room_us = filling->room_us};

    g_array_append_vals(search->takes, search->chosen, (guint)filling->n_chosen);
    g_array_append_val(search->fills, fill);
    *search->looks_left -= (int64_t)filling->n_chosen;
}

/*
 * Take `count` of the class. An item passed over that is longer than one taken could have taken its
 * place if the difference is still free at the end; one not taken at all, if it still fits. Such
 * fills leave the other parts nothing they would not have anyway.
 */
static Filling take(Search *search, Filling filling, size_t kind, size_t count)
{
    const Class *class = &search->class[kind];

    if (count > 0) {
        search->chosen[filling.n_chosen++] = (Take){.kind = kind, .count = count};
        filling.room_us -= class->cost_us * (int64_t)count;
        if (filling.skipped_us < INT64_MAX)
            filling.better_us = MIN(filling.better_us, filling.skipped_us - class->cost_us);
    }
    if (count < class->left) {
        filling.skipped_us = class->cost_us;
        filling.better_us = MIN(filling.better_us, class->cost_us);
    }
    filling.rest_us -= class->cost_us * (int64_t) class->left;
    return filling;
}

/* The first class from `kind` on that fits; those before it are passed over. */
static size_t skip_longer(Search *search, size_t kind, Filling *filling)
{
    for (kind = skip_empty(search, kind); kind < search->n_classes;
         kind = skip_empty(search, kind + 1)) {
        const Class *class = &search->class[kind];

        --*search->looks_left;
        if (class->cost_us <= filling->room_us)
            break;
        filling->skipped_us = class->cost_us;
        filling->rest_us -= class->cost_us * (int64_t) class->left;
    }
    return kind;
}

static size_t most_that_fit(const Class *class, int64_t room_us)
{
    return class->cost_us > 0 ? MIN(class->left, (size_t)(room_us / class->cost_us)) : class->left;
}

/* Every fill from this class on that is worth trying, those with the longest items first. */
static void extend(Search *search, size_t kind, Filling filling)
{
    const Class *class;

    kind = skip_longer(search, kind, &filling);
    if (*search->looks_left < 0 || filling.room_us - filling.rest_us > search->waste_us)
        return;
    if (kind == search->n_classes) {
        if (filling.room_us < filling.better_us)
            record(search, &filling);
        return;
    }
    class = &search->class[kind];
    for (size_t count = most_that_fit(class, filling.room_us) + 1; count-- > 0;) {
        extend(search, kind + 1, take(search, filling, kind, count));
        if (class->cost_us == 0)
            break;
    }
}

static int compare_fills(const void *a, const void *b)
{
    const Fill *one = a, *two = b;

    if (one->room_us != two->room_us)
        return one->room_us < two->room_us ? -1 : 1;
    return one->first < two->first ? -1 : one->first > two->first;
}

/* Append the fills of the next part; the fullest first. */
static void find_fills(Search *search, size_t kind, int64_t rest_us)
{
    const guint first = search->fills->len;
    Class *head = &search->class[kind];
    Filling filling = {.n_chosen = 1,
                       .room_us = search->limit_us - head->cost_us,
                       .rest_us = rest_us - head->cost_us,
                       .skipped_us = INT64_MAX,
                       .better_us = INT64_MAX};

    search->chosen[0] = (Take){.kind = kind, .count = 1};
    head->left--;
    extend(search, kind, filling);
    head->left++;
    if (search->fills->len > first)
        qsort(&g_array_index(search->fills, Fill, first), search->fills->len - first, sizeof(Fill),
              compare_fills);
}

/* Put the items of a fill in (sign -1) or out again (+1). Returns their sum. */
static int64_t apply(Search *search, const Fill *fill, int sign)
{
    int64_t sum = 0;

    for (size_t i = 0; i < fill->n; i++) {
        const Take *one = &g_array_index(search->takes, Take, fill->first + i);

        if (sign < 0)
            search->class[one->kind].left -= one->count;
        else
            search->class[one->kind].left += one->count;
        sum += search->class[one->kind].cost_us * (int64_t)one->count;
    }
    return sum;
}

static bool bound_fails(Search *search, size_t kind, int n_left)
{
    size_t n = 0;

    for (; kind < search->n_classes; kind++)
        for (size_t i = 0; i < search->class[kind].left; i++)
            search->rest_us[n++] = search->class[kind].cost_us;
    *search->looks_left -= (int64_t)n / 4;
    return tps_parts_l2(search->rest_us, n, search->limit_us) > n_left;
}

static int64_t capacity_of(const Search *search, int n_parts)
{
    int64_t capacity;

    return __builtin_mul_overflow(search->limit_us, n_parts, &capacity) ? INT64_MAX : capacity;
}

/* Parts `next` .. n_parts-1 from what is left; rest_us is its sum. */
static TpsFit search_from(Search *search, int next, int64_t rest_us)
{
    const guint first_fill = search->fills->len, first_take = search->takes->len;
    const size_t kind = skip_empty(search, 0);
    const int n_left = search->n_parts - next;
    TpsFit answer = TPS_FIT_IMPOSSIBLE;

    if (kind == search->n_classes)
        return TPS_FIT_FOUND;
    if (rest_us > capacity_of(search, n_left) || bound_fails(search, kind, n_left))
        return TPS_FIT_IMPOSSIBLE;
    search->waste_us = capacity_of(search, n_left) - rest_us;
    find_fills(search, kind, rest_us);
    for (guint i = first_fill; i < search->fills->len && answer == TPS_FIT_IMPOSSIBLE; i++) {
        const Fill fill = g_array_index(search->fills, Fill, i);
        const guint n_fills = search->fills->len;

        search->solution[next] = fill;
        answer = search_from(search, next + 1, rest_us - apply(search, &fill, -1));
        apply(search, &fill, 1);
        if (answer != TPS_FIT_FOUND)
            g_array_set_size(search->fills, n_fills);
    }
    if (answer == TPS_FIT_FOUND)
        return answer;
    g_array_set_size(search->fills, first_fill);
    g_array_set_size(search->takes, first_take);
    return *search->looks_left < 0 ? TPS_FIT_UNKNOWN : answer;
}

static void write_parts(const Search *search, const TpsItem *item, size_t n, int *part)
{
    g_autofree size_t *used = g_new0(size_t, search->n_classes);
    size_t n_dealt = 0;

    for (int p = 0; n_dealt < n; p++)
        for (size_t i = 0; i < search->solution[p].n; i++) {
            const Take *one = &g_array_index(search->takes, Take, search->solution[p].first + i);

            for (size_t k = 0; k < one->count; k++, n_dealt++)
                part[item[search->class[one->kind].first + used[one->kind]++].index] = p;
        }
}

TpsFit tps_fit_search(const TpsItem *item, size_t n, int n_parts, int64_t limit_us,
                      int64_t *looks_left, int *part)
{
    int64_t sum_us = 0;
    Search search;
    TpsFit answer;

    if (n > 0 && item[0].cost_us > limit_us)
        return TPS_FIT_IMPOSSIBLE;
    for (size_t i = 0; i < n; i++)
        sum_us = tps_add_sat(sum_us, item[i].cost_us);
    if (sum_us == INT64_MAX)
        return TPS_FIT_UNKNOWN;
    search_init(&search, item, n, n_parts, limit_us);
    search.looks_left = looks_left;
    answer = search_from(&search, 0, sum_us);
    if (answer == TPS_FIT_FOUND)
        write_parts(&search, item, n, part);
    search_clear(&search);
    return answer;
}
