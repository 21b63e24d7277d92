/* SPDX-License-Identifier: MIT */
#include "formats/xml.h"
#include "formats/xml_mend_internal.h"

#include <string.h>

#define BLOCK_BYTES ((size_t)16)

/* The character at the start of `bytes` as XML can hold it, or 0; and how many bytes it takes. */
static gunichar next_char(const char *bytes, size_t length, size_t *taken)
{
    gunichar c = g_utf8_get_char_validated(bytes, (gssize)MIN(length, 4));

    *taken = 1;
    if (c == (gunichar)-1 || c == (gunichar)-2)
        return 0;
    *taken = (size_t)(g_utf8_next_char(bytes) - bytes);
    return tps_xml_is_char(c) ? c : 0;
}

/* What stands for the character, or NULL when it stands for itself. */
static const char *spelling(gunichar c, bool attribute)
{
    switch (c) {
    case 0:
        return "\xEF\xBF\xBD"; /* U+FFFD */
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '\r':
        return "&#13;"; /* a parser makes a line feed of a bare one */
    case '"':
        return attribute ? "&quot;" : NULL;
    case '\t':
        return attribute ? "&#9;" : NULL;
    case '\n':
        return attribute ? "&#10;" : NULL;
    default:
        return NULL;
    }
}

static bool is_plain(char byte)
{
    guchar c = (guchar)byte;

    return c >= 0x20 && c < 0x7F && c != '&' && c != '<' && c != '>' && c != '"';
}

/* Without a branch for each byte, so that a compiler takes them all at a time. */
static bool all_plain(const char *bytes)
{
    guchar odd = 0;

    for (size_t i = 0; i < BLOCK_BYTES; i++) {
        guchar c = (guchar)bytes[i];

        odd |= (guchar)((guchar)(c - 0x20) > 0x5E) | (guchar)(c == '&') | (guchar)(c == '<') |
               (guchar)(c == '>') | (guchar)(c == '"');
    }
    return odd == 0;
}

/* How many bytes at the beginning are ASCII that stands for itself: most of them. */
static size_t plain_bytes(const char *bytes, size_t length)
{
    size_t n = 0;

    while (length - n >= BLOCK_BYTES && all_plain(bytes + n))
        n += BLOCK_BYTES;
    while (n < length && is_plain(bytes[n]))
        n++;
    return n;
}

void tps_xml_escape(GString *out, const char *bytes, size_t length, bool attribute)
{
    size_t taken;

    for (size_t i = 0; i < length; i += taken) {
        size_t plain = plain_bytes(bytes + i, length - i);
        gunichar c;
        const char *instead;

        g_string_append_len(out, bytes + i, (gssize)plain);
        i += plain;
        if (i == length)
            return;
        c = next_char(bytes + i, length - i, &taken);
        instead = spelling(c, attribute);
        if (instead)
            g_string_append(out, instead);
        else
            g_string_append_len(out, bytes + i, (gssize)taken);
    }
}

bool tps_xml_is_faithful(const char *bytes)
{
    size_t length = strlen(bytes);
    size_t taken;

    for (size_t i = plain_bytes(bytes, length); i < length; i += taken)
        if (next_char(bytes + i, length - i, &taken) == 0)
            return false;
    return true;
}
