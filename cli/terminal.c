/* SPDX-License-Identifier: MIT */
#include "cli/terminal.h"

#include <glib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define ELLIPSIS "..."

/* In the middle, for the ends of a test's name tell more than its middle. */
static char *cut(const char *text, glong length, int width)
{
    glong keep = width - (glong)strlen(ELLIPSIS);
    glong tail = keep / 2;
    g_autofree char *head = g_utf8_substring(text, 0, keep - tail);
    g_autofree char *rest = g_utf8_substring(text, length - tail, length);

    return g_strconcat(head, ELLIPSIS, rest, NULL);
}

char *tps_printable(const char *text, int width)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    g_autofree char *shown = NULL;
    GString *clean = g_string_new(NULL);
    glong length;

    for (const char *p = valid; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);

        if (c == '\n')
            g_string_append(clean, "\\n");
        else
            g_string_append_unichar(clean, g_unichar_isprint(c) ? c : 0xFFFD);
    }
    shown = g_string_free(clean, FALSE);
    length = g_utf8_strlen(shown, -1);
    if (width <= (int)strlen(ELLIPSIS) || length <= width)
        return g_steal_pointer(&shown);
    return cut(shown, length, width);
}

bool tps_is_terminal(FILE *stream)
{
    return isatty(fileno(stream)) == 1;
}

static bool is_smart(FILE *stream)
{
    const char *term = g_getenv("TERM");

    return tps_is_terminal(stream) && term && strcmp(term, "dumb") != 0;
}

static bool wants_colour(FILE *stream)
{
    const char *no_colour = g_getenv("NO_COLOR");

    return is_smart(stream) && !(no_colour && *no_colour);
}

/* Asked for several times a line; it stays what it is. */
bool tps_has_colour(FILE *stream)
{
    static enum { UNKNOWN, PLAIN, COLOURED } known[STDERR_FILENO + 1];
    const int fd = fileno(stream);

    if (fd < 0 || fd > STDERR_FILENO)
        return wants_colour(stream);
    if (known[fd] == UNKNOWN)
        known[fd] = wants_colour(stream) ? COLOURED : PLAIN;
    return known[fd] == COLOURED;
}

bool tps_is_live(FILE *stream)
{
    return is_smart(stream) && !g_getenv("CI");
}

int tps_terminal_width(FILE *stream)
{
    struct winsize size;

    if (ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 80;
}

int tps_terminal_height(FILE *stream)
{
    struct winsize size;

    if (ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_row > 0)
        return size.ws_row;
    return 24;
}

const char *tps_bold(FILE *stream)
{
    return tps_has_colour(stream) ? "\033[1m" : "";
}

const char *tps_red(FILE *stream)
{
    return tps_has_colour(stream) ? "\033[31m" : "";
}

const char *tps_green(FILE *stream)
{
    return tps_has_colour(stream) ? "\033[32m" : "";
}

const char *tps_yellow(FILE *stream)
{
    return tps_has_colour(stream) ? "\033[33m" : "";
}

const char *tps_plain(FILE *stream)
{
    return tps_has_colour(stream) ? "\033[0m" : "";
}
