/* SPDX-License-Identifier: MIT */
#include "core/error.h"

#include <string.h>

/* Words longer than this are never a mistyped keyword; it also bounds the work. */
#define WORD_MAX 64

/* The formatter would put spaces into the name. */
/* clang-format off */
G_DEFINE_QUARK(tps-error, tps_error)
/* clang-format on */

static size_t edit_distance(const char *a, const char *b)
{
    size_t row[WORD_MAX + 1];
    size_t length = strlen(b);

    for (size_t j = 0; j <= length; j++)
        row[j] = j;
    for (size_t i = 0; a[i]; i++) {
        size_t diagonal = row[0];

        row[0] = i + 1;
        for (size_t j = 0; j < length; j++) {
            size_t replace = diagonal + (a[i] != b[j]);

            diagonal = row[j + 1];
            row[j + 1] = MIN(replace, MIN(row[j], row[j + 1]) + 1);
        }
    }
    return row[length];
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
