/* SPDX-License-Identifier: MIT */
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
    int64_t longest_us = items[0].cost_us, shortest_us = items[0].cost_us;

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
