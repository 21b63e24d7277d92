/* SPDX-License-Identifier: MIT */
#include "formats/report/html_text.h"

#include <stdbool.h>
#include <string.h>

/* Controls, characters without a width, and those that change the direction of reading. */
static bool is_unseen(gunichar c)
{
    return g_unichar_iscntrl(c) || g_unichar_type(c) == G_UNICODE_FORMAT ||
           g_unichar_type(c) == G_UNICODE_LINE_SEPARATOR ||
           g_unichar_type(c) == G_UNICODE_PARAGRAPH_SEPARATOR || c == 0x115f || c == 0x1160 ||
           c == 0x3164 || c == 0xffa0;
}

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
        else if (is_unseen(c))
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

static bool is_plain_word(const char *word)
{
    static const char *const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                     "0123456789_-./:,+@%";

    return *word && strspn(word, plain) == strlen(word);
}

static bool has_unseen(const char *word)
{
    if (!g_utf8_validate(word, -1, NULL))
        return true;
    for (const char *at = word; *at; at = g_utf8_next_char(at))
        if (is_unseen(g_utf8_get_char(at)))
            return true;
    return false;
}

/* Octal, always three digits, is what every shell that knows $'...' reads alike. */
static void append_escaped(GString *command, const char *word)
{
    g_string_append(command, "$'");
    for (const char *at = word; *at; at++) {
        guchar byte = (guchar)*at;

        if (byte == '\'' || byte == '\\')
            g_string_append_printf(command, "\\%c", byte);
        else if (byte < 0x20 || byte > 0x7e)
            g_string_append_printf(command, "\\%03o", byte);
        else
            g_string_append_c(command, (char)byte);
    }
    g_string_append_c(command, '\'');
}

void tps_html_append_word(GString *command, const char *word)
{
    g_autofree char *quoted = NULL;

    if (is_plain_word(word)) {
        g_string_append(command, word);
    } else if (has_unseen(word)) {
        append_escaped(command, word);
    } else {
        quoted = g_shell_quote(word);
        g_string_append(command, quoted);
    }
}
