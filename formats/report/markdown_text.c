/* SPDX-License-Identifier: MIT */
#include "formats/report/markdown_internal.h"
#include "formats/report/texts_internal.h"

#include <stdlib.h>
#include <string.h>

#define RUN_MAX 40 /* backticks */

/* May a character stand for itself? What needs its neighbours to be markup looks at them. */
static bool is_harmless(const char *text, size_t i)
{
    char character = text[i];

    if (g_ascii_isalnum(character) || (unsigned char)character >= 0x80)
        return true;
    if (character == '_') /* no emphasis within a word */
        return i > 0 && g_ascii_isalnum(text[i - 1]) && g_ascii_isalnum(text[i + 1]);
    if (character == '.') /* www.example.org */
        return i == 0 || g_ascii_tolower(text[i - 1]) != 'w';
    if (character == ':') /* http://example.org */
        return text[i + 1] != '/';
    return strchr(" -,/()+=;%?", character) != NULL;
}

void tps_markdown_code(GString *out, const char *name, size_t limit)
{
    g_autofree char *shown = tps_text_name(*name ? name : "(no name)", limit);

    g_string_append(out, "<code>");
    for (size_t i = 0; shown[i]; i++) {
        if (is_harmless(shown, i))
            g_string_append_c(out, shown[i]);
        else
            g_string_append_printf(out, "&#%d;", shown[i]);
    }
    g_string_append(out, "</code>");
}

char *tps_markdown_body(const char *text)
{
    g_autofree char *plain = tps_text_plain(text);
    GString *body = g_string_sized_new(strlen(plain) + 1);
    size_t run = 0;

    for (const char *at = plain; *at; at++) {
        run = *at == '`' ? run + 1 : 0;
        if (run <= RUN_MAX)
            g_string_append_c(body, *at);
    }
    while (body->len > 0 && body->str[body->len - 1] == '\n')
        g_string_truncate(body, body->len - 1);
    return g_string_free(body, FALSE);
}

void tps_markdown_fence(GString *out, const char *body, size_t limit)
{
    size_t run = MAX(tps_text_longest_run(body, '`'), 2) + 1;
    g_autofree char *fence = g_strnfill(run, '`');

    g_string_append_printf(out, "%stext\n", fence);
    tps_text_cut(out, body, limit);
    g_string_append_printf(out, "\n%s\n", fence);
}

static int compare_lengths(const void *a, const void *b)
{
    const guint32 *x = a;
    const guint32 *y = b;

    return (*x > *y) - (*x < *y);
}

size_t tps_markdown_fair_limit(const guint32 *length, guint n, size_t total)
{
    g_autofree guint32 *sorted = g_memdup2(length, n * sizeof *length);

    if (n > 0)
        qsort(sorted, n, sizeof *sorted, compare_lengths);
    for (guint i = 0; i < n; i++) {
        if (sorted[i] > total / (n - i))
            return total / (n - i);
        total -= sorted[i];
    }
    return n > 0 ? sorted[n - 1] : total;
}
