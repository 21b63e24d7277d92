/* SPDX-License-Identifier: MIT */
#include "core/wildcard.h"

#include <stddef.h>
#include <string.h>

static bool is_continuation(char byte)
{
    return ((unsigned char)byte & 0xc0) == 0x80;
}

/* How many bytes the character takes that begins there; 1 where there is none of UTF-8. */
static size_t length_at(const char *text)
{
    const unsigned char first = (unsigned char)*text;
    const size_t n = first < 0xc2 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 1;

    for (size_t i = 1; i < n; i++)
        if (!is_continuation(text[i]))
            return 1;
    return n;
}

/* How far the pattern goes on when its next character takes the text's; 0 when it does not. */
static size_t takes(const char *pattern, const char *text, size_t n)
{
    if (*pattern == '?')
        return 1;
    return *pattern && length_at(pattern) == n && memcmp(pattern, text, n) == 0 ? n : 0;
}

bool tps_wildcard_matches(const char *pattern, const char *text)
{
    const char *star = NULL;   /* what follows the last one  */
    const char *resume = NULL; /* where its match began last */

    while (*text) {
        const size_t n = length_at(text);
        const size_t taken = *pattern == '*' ? 0 : takes(pattern, text, n);

        if (*pattern == '*') {
            star = ++pattern;
            resume = text;
        } else if (taken > 0) {
            pattern += taken;
            text += n;
        } else if (star) {
            resume += length_at(resume);
            text = resume;
            pattern = star;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return !*pattern;
}
