/* SPDX-License-Identifier: MIT */
#include "core/error.h"

#include <string.h>

/* Words longer than this are never a mistyped keyword; it also bounds the work. */
#define WORD_MAX 64

/* The formatter would put spaces into the name. */
/* clang-format off */
G_DEFINE_QUARK(tps-error, tps_error)
/* clang-format on */

/* Replaced, left out, added, or swapped with its neighbour: each is one slip. */
static size_t edit_distance(const char *a, const char *b)
{
    size_t distance[WORD_MAX + 1][WORD_MAX + 1];
    size_t n = strlen(a);
    size_t m = strlen(b);

    for (size_t i = 0; i <= n; i++)
        distance[i][0] = i;
    for (size_t j = 0; j <= m; j++)
        distance[0][j] = j;
    for (size_t i = 1; i <= n; i++) {
        for (size_t j = 1; j <= m; j++) {
            size_t least = distance[i - 1][j - 1] + (a[i - 1] != b[j - 1]);

            least = MIN(least, MIN(distance[i - 1][j], distance[i][j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                least = MIN(least, distance[i - 2][j - 2] + 1);
            distance[i][j] = least;
        }
    }
    return distance[n][m];
}

const char *tps_nearest_word(const char *word, const char *const *known)
{
    const char *nearest = NULL;
    size_t length = strlen(word);
    size_t best;

    if (length > WORD_MAX)
        return NULL;
    best = MAX(length / 3, 1) + 1;
    for (; *known; known++) {
        size_t distance = strlen(*known) > WORD_MAX ? best : edit_distance(word, *known);

        if (distance < best) {
            best = distance;
            nearest = *known;
        }
    }
    return nearest;
}
