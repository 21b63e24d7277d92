/* SPDX-License-Identifier: MIT */
#include "formats/report/html_text.h"

#include "formats/report/texts_internal.h"

#include <stdbool.h>
#include <string.h>

static void append_character(GString *html, gunichar c)
{
    switch (c) {
    case '&':
        g_string_append(html, "&amp;");
        break;
    case '<':
        g_string_append(html, "&lt;");
        break;
    case '>':
        g_string_append(html, "&gt;");
        break;
    case '"':
        g_string_append(html, "&quot;");
        break;
    case '\'':
        g_string_append(html, "&#39;");
        break;
    default:
        g_string_append_unichar(html, c);
    }
}

void tps_html_append(GString *html, const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);

    for (const char *at = valid; *at; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);

        if (c == '\n')
            g_string_append(html, "\xe2\x8f\x8e");
        else if (tps_text_is_unseen(c))
            g_string_append_printf(html, "\xe2\x9f\xa8U+%04X\xe2\x9f\xa9", c);
        else
            append_character(html, c);
    }
}

static bool is_inside(char byte)
{
    return ((guchar)byte & 0xc0) == 0x80;
}

char *tps_html_cut(const char *text, gsize head, gsize tail)
{
    g_autofree char *front = NULL;
    g_autofree char *back = NULL;
    gsize length;
    gsize from;

    if (!text)
        return NULL;
    length = strlen(text);
    if (length <= head + tail + 64)
        return g_utf8_make_valid(text, (gssize)length);
    from = length - tail;
    for (int i = 0; i < 3 && head > 0 && is_inside(text[head]); i++)
        head--;
    for (int i = 0; i < 3 && from < length && is_inside(text[from]); i++)
        from++;
    front = g_utf8_make_valid(text, (gssize)head);
    back = g_utf8_make_valid(text + from, (gssize)(length - from));
    return g_strdup_printf("%s\n[... %" G_GSIZE_FORMAT " bytes cut ...]\n%s", front, from - head,
                           back);
}
