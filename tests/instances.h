/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* Random costs of several shapes, and the best any program could do with them. */

static inline int descending(const void *a, const void *b)
{
    const int64_t one = *(const int64_t *)a, two = *(const int64_t *)b;

    return one < two ? 1 : one > two ? -1 : 0;
}

/*
 * Fill `cost_us` from the shape of a suite drawn at random: all equal, many zeros, small whole
 * numbers (many ties), near a half or a third of 1000, a few giants, or spread evenly.
 */
static inline void instance_draw(GRand *rand, int64_t *cost_us, size_t n)
{
    const int shape = g_rand_int_range(rand, 0, 7);
    const int64_t same = g_rand_int_range(rand, 0, 1000);

    for (size_t i = 0; i < n; i++) {
        int64_t even = g_rand_int_range(rand, 0, 1001);

        switch (shape) {
        case 0:
            cost_us[i] = same;
            break;
        case 1:
            cost_us[i] = even % 3 ? 0 : even;
            break;
        case 2:
            cost_us[i] = even % 10;
            break;
        case 3:
            cost_us[i] = 460 + even % 80;
            break;
        case 4:
            cost_us[i] = 300 + even % 60;
            break;
        case 5:
            cost_us[i] = even < 50 ? even * 1000 : even;
            break;
        default:
            cost_us[i] = even;
            break;
        }
    }
}

static inline void best_from(const int64_t *cost_us, size_t n, size_t i, int n_parts, int n_open,
                             int64_t *load_us, int64_t longest, int64_t *best)
{
    if (longest >= *best)
        return;
    if (i == n) {
        *best = longest;
        return;
    }
    for (int part = 0; part < n_parts && part <= n_open; part++) {
        load_us[part] += cost_us[i];
        best_from(cost_us, n, i + 1, n_parts, MAX(n_open, part + 1), load_us,
                  MAX(longest, load_us[part]), best);
        load_us[part] -= cost_us[i];
    }
}

/* The shortest longest part there is, by trying everything; n <= 10 or so. */
static inline int64_t brute_makespan(const int64_t *cost_us, size_t n, int n_parts)
{
    g_autofree int64_t *load_us = g_new0(int64_t, (gsize)n_parts);
    int64_t best = INT64_MAX;

    best_from(cost_us, n, 0, n_parts, 0, load_us, 0, &best);
    return best;
}

/* Does a move or a swap exist that makes both parts shorter than the longest? The slow way. */
static inline bool improvable(const int64_t *cost_us, const int *part, size_t n, int n_parts)
{
    g_autofree int64_t *load_us = g_new0(int64_t, (gsize)n_parts);
    int longest = 0;

    for (size_t i = 0; i < n; i++)
        load_us[part[i]] += cost_us[i];
    for (int p = 0; p < n_parts; p++)
        if (load_us[p] > load_us[longest])
            longest = p;
    for (int p = 0; p < n_parts; p++)
        if (p != longest && load_us[p] == load_us[longest])
            return false; /* two longest parts: the search is done with one of them, not both */
    for (size_t a = 0; a < n; a++) {
        if (part[a] != longest)
            continue;
        for (int p = 0; p < n_parts; p++)
            if (cost_us[a] > 0 && load_us[p] + cost_us[a] < load_us[longest])
                return true;
        for (size_t b = 0; b < n; b++)
            if (part[b] != longest && cost_us[a] > cost_us[b] &&
                load_us[part[b]] + cost_us[a] - cost_us[b] < load_us[longest])
                return true;
    }
    return false;
}
