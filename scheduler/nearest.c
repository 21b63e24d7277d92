/* SPDX-License-Identifier: MIT */
#include "scheduler/nearest.h"

#include <stdlib.h>
#include <string.h>

/* More slips than these in a long name are another name. */
#define SLIPS_MAX 8
/* A shorter common end tells nothing: "()", "[1]", "test". */
#define TAIL_MIN 6
#define FAR G_MAXUINT

enum {
    SCORE_ENDS = 0,
    SCORE_HOLDS = 1,
    SCORE_SLIP = 2, /* for each */
    SCORE_TAIL = SCORE_SLIP * (SLIPS_MAX + 1),
};

typedef struct {
    const char *name;
    guint score; /* less is nearer */
} Candidate;

static guint slips_allowed(size_t length)
{
    return (guint)MIN(length / 3 + 1, SLIPS_MAX);
}

/*
 * The edit distance of a and b, or more than `most` where it is more: only the diagonals that can
 * lead to so few edits are looked at (Ukkonen 1985). `row` has room for m + 1.
 */
static guint distance_within(const char *a, size_t n, const char *b, size_t m, guint most,
                             guint *row)
{
    for (size_t j = 0; j <= m; j++)
        row[j] = j <= most ? (guint)j : most + 1;
    for (size_t i = 1; i <= n; i++) {
        size_t first = i > most ? i - most : 1, last = MIN(m, i + most);
        guint diagonal = row[first - 1];
        guint least = most + 1;

        row[first - 1] = first == 1 && i <= most ? (guint)i : most + 1;
        for (size_t j = first; j <= last; j++) {
            guint best = diagonal + (a[i - 1] != b[j - 1]);

            diagonal = row[j];
            best = MIN(best, MIN(row[j - 1], diagonal) + 1);
            row[j] = MIN(best, most + 1);
            least = MIN(least, row[j]);
        }
        if (least > most && row[first - 1] > most)
            return most + 1;
    }
    return row[m];
}

static size_t common_tail(const char *a, size_t n, const char *b, size_t m)
{
    size_t length = 0;

    while (length < n && length < m && a[n - 1 - length] == b[m - 1 - length])
        length++;
    return length;
}

static guint score_of(const char *word, size_t n, const char *name, guint *row)
{
    size_t m = strlen(name);
    guint most = slips_allowed(n);
    guint slips = most + 1;
    size_t tail;

    if (n > 0 && strstr(name, word))
        return g_str_has_suffix(name, word) ? SCORE_ENDS : SCORE_HOLDS;
    if (MAX(n, m) - MIN(n, m) <= most)
        slips = distance_within(word, n, name, m, most, row);
    if (slips <= most)
        return SCORE_SLIP * slips;
    tail = common_tail(word, n, name, m);
    return tail >= TAIL_MIN && 2 * tail >= MIN(n, m) ? SCORE_TAIL + (guint)(n - tail) : FAR;
}

static int compare(const void *a, const void *b)
{
    const Candidate *one = a, *two = b;

    if (one->score != two->score)
        return one->score < two->score ? -1 : 1;
    return strcmp(one->name, two->name);
}

GPtrArray *tps_nearest_names(const char *word, const GPtrArray *names, guint max)
{
    GPtrArray *nearest = g_ptr_array_new();
    g_autoptr(GArray) candidates = g_array_new(FALSE, FALSE, sizeof(Candidate));
    size_t n = strlen(word);
    g_autofree guint *row = g_new(guint, n + SLIPS_MAX + 2);

    for (guint i = 0; i < names->len; i++) {
        Candidate candidate = {.name = g_ptr_array_index(names, i)};

        candidate.score = score_of(word, n, candidate.name, row);
        if (candidate.score != FAR)
            g_array_append_val(candidates, candidate);
    }
    g_array_sort(candidates, compare);
    for (guint i = 0; i < candidates->len && nearest->len < max; i++) {
        const char *name = g_array_index(candidates, Candidate, i).name;

        if (i == 0 || strcmp(name, g_array_index(candidates, Candidate, i - 1).name) != 0)
            g_ptr_array_add(nearest, (char *)name);
    }
    return nearest;
}
