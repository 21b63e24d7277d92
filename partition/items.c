/* SPDX-License-Identifier: MIT */
#include "core/saturate.h"
#include "partition/bounds.h"
#include "partition/partition_internal.h"

#include <glib.h>
#include <stdlib.h>

/* Eleven bits a digit: the counts of one digit stay in the first-level cache. */
#define DIGIT_BITS 11
#define N_DIGITS (1 << DIGIT_BITS)

/* Below this, counting digits costs more than comparing items. */
#define RADIX_MIN 256

static int compare_items(const void *a, const void *b)
{
    const TpsItem *one = a, *two = b;

    if (one->cost_us != two->cost_us)
        return one->cost_us > two->cost_us ? -1 : 1;
    return one->index < two->index ? -1 : one->index > two->index;
}

/* From the longest item down, so that the greatest comes first. */
static size_t digit_of(const TpsItem *item, int64_t longest_us, int shift)
{
    return (size_t)((longest_us - item->cost_us) >> shift) & (N_DIGITS - 1);
}

/* One stable pass: items of the same digit keep their order. */
static void sort_digit(const TpsItem *from, TpsItem *to, size_t n, int64_t longest_us, int shift)
{
    size_t place[N_DIGITS] = {0};
    size_t next = 0;

    for (size_t i = 0; i < n; i++)
        place[digit_of(&from[i], longest_us, shift)]++;
    for (size_t digit = 0; digit < N_DIGITS; digit++) {
        const size_t count = place[digit];

        place[digit] = next;
        next += count;
    }
    for (size_t i = 0; i < n; i++)
        to[place[digit_of(&from[i], longest_us, shift)]++] = from[i];
}

/* Least significant digit first; as many digits as the costs differ in. Frees or returns `items`.
 */
static TpsItem *radix_sort(TpsItem *items, size_t n)
{
    TpsItem *other = g_new(TpsItem, n), *swap;
    int64_t longest_us = items[0].cost_us;
    int64_t shortest_us = longest_us;

    for (size_t i = 1; i < n; i++) {
        longest_us = MAX(longest_us, items[i].cost_us);
        shortest_us = MIN(shortest_us, items[i].cost_us);
    }
    for (int shift = 0; shift < 63 && (longest_us - shortest_us) >> shift; shift += DIGIT_BITS) {
        sort_digit(items, other, n, longest_us, shift);
        swap = items;
        items = other;
        other = swap;
    }
    g_free(other);
    return items;
}

static bool is_sorted(const TpsItem *items, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (items[i].cost_us > items[i - 1].cost_us)
            return false;
    return true;
}

TpsItem *tps_items_longest_first(const int64_t *cost_us, size_t n)
{
    TpsItem *items = g_new(TpsItem, n);

    for (size_t i = 0; i < n; i++)
        items[i] = (TpsItem){.cost_us = cost_us[i], .index = i};
    if (is_sorted(items, n))
        return items;
    if (n >= RADIX_MIN)
        return radix_sort(items, n);
    qsort(items, n, sizeof *items, compare_items);
    return items;
}

int64_t tps_items_lower_bound(const TpsItem *item, size_t n, int n_parts)
{
    g_autofree int64_t *cost_us = g_new(int64_t, n);

    for (size_t i = 0; i < n; i++)
        cost_us[i] = item[i].cost_us;
    return tps_makespan_lower_bound(cost_us, n, n_parts);
}

int64_t tps_items_makespan(const TpsItem *item, size_t n, int n_parts, const int *part)
{
    g_autofree int64_t *load_us = g_new0(int64_t, (gsize)n_parts);
    int64_t longest = 0;

    for (size_t i = 0; i < n; i++) {
        int64_t *load = &load_us[part[item[i].index]];

        *load = tps_add_sat(*load, item[i].cost_us);
        longest = MAX(longest, *load);
    }
    return longest;
}

void tps_partition_fill_empty(const TpsItem *item, size_t n, int n_parts, int *part)
{
    g_autofree size_t *n_items = g_new0(size_t, (gsize)n_parts);
    size_t rank = n;

    for (size_t i = 0; i < n; i++)
        n_items[part[item[i].index]]++;
    for (int empty = 0; empty < n_parts; empty++) {
        if (n_items[empty] > 0)
            continue;
        while (n_items[part[item[--rank].index]] < 2)
            ;
        n_items[part[item[rank].index]]--;
        n_items[empty]++;
        part[item[rank].index] = empty;
    }
}
