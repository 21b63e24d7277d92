/* SPDX-License-Identifier: MIT */
#include "cli/sanitise.h"

#include <string.h>

#define ESCAPE '\033'
#define RESET "\033[0m"
#define REPLACEMENT_CHARACTER "\xEF\xBF\xBD"

/* What stands at the beginning of some bytes. */
typedef enum {
    WHOLE,      /* a character, a line end or a colour that may pass: `length` bytes       */
    CONTROL,    /* a control character: one byte, or two of UTF-8                          */
    BROKEN,     /* a byte that belongs to no character                                     */
    INCOMPLETE, /* it depends on what follows                                              */
} Kind;

typedef struct {
    Kind kind;
    size_t length;
} Item;

/* ESC [ digits ; : m, and not longer than anybody writes it. */
static Item look_at_escape(const char *bytes, size_t length)
{
    const size_t max = sizeof((TpsSanitiser *)0)->held;

    if (length == 1)
        return (Item){INCOMPLETE, 1};
    if (bytes[1] != '[')
        return (Item){CONTROL, 1};
    for (size_t i = 2; i < MIN(length, max); i++) {
        if (bytes[i] == 'm')
            return (Item){WHOLE, i + 1};
        if (!g_ascii_isdigit(bytes[i]) && bytes[i] != ';' && bytes[i] != ':')
            return (Item){CONTROL, 1};
    }
    return length < max ? (Item){INCOMPLETE, length} : (Item){CONTROL, 1};
}

static Item look_at_return(const char *bytes, size_t length)
{
    if (length == 1)
        return (Item){INCOMPLETE, 1};
    return bytes[1] == '\n' ? (Item){WHOLE, 2} : (Item){CONTROL, 1};
}

static Item look_at_character(const char *bytes, size_t length)
{
    gunichar c = g_utf8_get_char_validated(bytes, (gssize)length);

    if (c == (gunichar)-2)
        return (Item){INCOMPLETE, length};
    if (c == (gunichar)-1 || c == 0)
        return (Item){BROKEN, 1};
    return (Item){c >= 0x80 && c < 0xA0 ? CONTROL : WHOLE, (size_t)g_unichar_to_utf8(c, NULL)};
}

static Item look_at(const char *bytes, size_t length)
{
    guchar c = (guchar)*bytes;

    if (c == ESCAPE)
        return look_at_escape(bytes, length);
    if (c == '\r')
        return look_at_return(bytes, length);
    if (c == '\n' || c == '\t')
        return (Item){WHOLE, 1};
    if (c < 0x20 || c == 0x7F)
        return (Item){CONTROL, 1};
    return c < 0x80 ? (Item){WHOLE, 1} : look_at_character(bytes, length);
}

/* As cat -v shows it. */
static void append_control(GString *out, const char *bytes, size_t length)
{
    guchar c = (guchar)bytes[length - 1];

    if (length == 2) /* U+0080 to U+009F: the second byte of UTF-8 is the character's own */
        g_string_append(out, "M-");
    g_string_append_c(out, '^');
    g_string_append_c(out, (char)((c & 0x7F) ^ 0x40));
}

static void append_item(TpsSanitiser *state, Item item, const char *bytes, GString *out)
{
    if (item.kind == BROKEN || item.kind == INCOMPLETE)
        g_string_append(out, REPLACEMENT_CHARACTER);
    else if (item.kind == CONTROL)
        append_control(out, bytes, item.length);
    else if (*bytes == '\r')
        g_string_append_c(out, '\n');
    else
        g_string_append_len(out, bytes, (gssize)item.length);
    if (item.kind == WHOLE && *bytes == ESCAPE)
        state->coloured = item.length != strlen(RESET) || memcmp(bytes, RESET, item.length) != 0;
    else
        state->last = out->str[out->len - 1];
}

/* Most of most outputs. */
static size_t count_plain(const char *bytes, size_t length)
{
    size_t n = 0;

    while (n < length && ((guchar)bytes[n] < 0x7F) &&
           ((guchar)bytes[n] >= 0x20 || bytes[n] == '\n'))
        n++;
    return n;
}

/* How many bytes of it were dealt with; less than all when the end is incomplete. */
static size_t append_complete(TpsSanitiser *state, const char *bytes, size_t length, GString *out)
{
    size_t at = 0;

    while (at < length) {
        size_t plain = count_plain(bytes + at, length - at);
        Item item;

        if (plain > 0) {
            g_string_append_len(out, bytes + at, (gssize)plain);
            state->last = bytes[at + plain - 1];
            at += plain;
            continue;
        }
        item = look_at(bytes + at, length - at);
        if (item.kind == INCOMPLETE)
            break;
        append_item(state, item, bytes + at, out);
        at += item.length;
    }
    return at;
}

void tps_sanitise(TpsSanitiser *state, const char *bytes, size_t length, GString *out)
{
    size_t done;

    while (state->n_held > 0 && length > 0) { /* byte by byte, until it is complete */
        state->held[state->n_held++] = *bytes++;
        length--;
        done = append_complete(state, state->held, state->n_held, out);
        state->n_held -= done;
        memmove(state->held, state->held + done, state->n_held);
    }
    done = append_complete(state, bytes, length, out);
    if (length > done) {
        memcpy(state->held, bytes + done, length - done);
        state->n_held = length - done;
    }
}

void tps_sanitise_end(TpsSanitiser *state, GString *out)
{
    for (size_t i = 0; i < state->n_held; i++) {
        guchar c = (guchar)state->held[i];
        Item item = {c < 0x20 ? CONTROL : c < 0x80 ? WHOLE : BROKEN, 1};

        if (c == '\r')
            continue; /* somebody ended a line */
        append_item(state, item, state->held + i, out);
    }
    if (state->coloured)
        g_string_append(out, RESET);
    if (state->last && state->last != '\n')
        g_string_append_c(out, '\n');
    *state = (TpsSanitiser){0};
}

char *tps_sanitise_text(const char *text)
{
    TpsSanitiser state = {.n_held = 0};
    GString *shown = g_string_new(NULL);

    tps_sanitise(&state, text, strlen(text), shown);
    tps_sanitise_end(&state, shown);
    return g_string_free(shown, FALSE);
}
