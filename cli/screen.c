/* SPDX-License-Identifier: MIT */
#include "cli/screen.h"

#include "cli/sanitise.h"
#include "cli/terminal.h"

#include <stdarg.h>
#include <string.h>

#define FRAME_US INT64_C(100000)

/* More than this does not wait for a frame. */
#define WAITING_MAX ((size_t)64 * 1024)

/* A line that is too wide by our count, or for a terminal that just shrank, must not take two. */
#define WRAP_OFF "\033[?7l"
#define WRAP_ON "\033[?7h"

/* Of a terminal's height, for what runs. */
#define REGION_SHARE 3

struct TpsScreen {
    FILE *stream;
    bool live;
    bool held;         /* text waits, on whatever it is written                */
    bool terminal;     /* somebody looks at it: tests' output is made harmless */
    GString *waiting;  /* text for the next frame                              */
    GString *region;   /* as it stands on the terminal                         */
    guint n_rows;      /* of it; 0 = there is none                             */
    int64_t drawn_us;  /* when                                                 */
    TpsSanitiser show; /* of the output that is being shown                    */
    char last;         /* byte of it, where it is written as it is             */
};

TpsScreen *tps_screen_new(FILE *stream, bool live)
{
    TpsScreen *screen = g_new0(TpsScreen, 1);

    screen->stream = stream;
    screen->live = live && tps_is_live(stream);
    screen->terminal = tps_is_terminal(stream);
    screen->waiting = g_string_new(NULL);
    screen->region = g_string_new(NULL);
    return screen;
}

void tps_screen_free(TpsScreen *screen)
{
    if (!screen)
        return;
    tps_screen_erase(screen);
    g_string_free(screen->waiting, TRUE);
    g_string_free(screen->region, TRUE);
    g_free(screen);
}

bool tps_screen_is_live(const TpsScreen *screen)
{
    return screen->live;
}

int tps_screen_rows(const TpsScreen *screen, int wanted)
{
    return screen->live ? MIN(wanted, tps_terminal_height(screen->stream) / REGION_SHARE) : 0;
}

static void append_erasure(const TpsScreen *screen, GString *frame)
{
    if (screen->n_rows == 0)
        return;
    g_string_append_c(frame, '\r');
    if (screen->n_rows > 1)
        g_string_append_printf(frame, "\033[%uA", screen->n_rows - 1);
    g_string_append(frame, "\033[J");
}

static void write_out(TpsScreen *screen, const GString *text)
{
    fwrite(text->str, 1, text->len, screen->stream);
    fflush(screen->stream);
}

void tps_screen_erase(TpsScreen *screen)
{
    g_autoptr(GString) frame = NULL;

    if (screen->n_rows == 0 && screen->waiting->len == 0)
        return;
    frame = g_string_new(NULL);
    append_erasure(screen, frame);
    g_string_append_len(frame, screen->waiting->str, (gssize)screen->waiting->len);
    write_out(screen, frame);
    g_string_truncate(screen->waiting, 0);
    screen->n_rows = 0;
}

static void heed_waiting(TpsScreen *screen)
{
    if ((!screen->live && !screen->held) || screen->waiting->len > WAITING_MAX)
        tps_screen_erase(screen);
}

void tps_screen_hold(TpsScreen *screen, bool held)
{
    screen->held = held;
    heed_waiting(screen);
}

void tps_screen_print(TpsScreen *screen, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_string_append_vprintf(screen->waiting, format, arguments);
    va_end(arguments);
    heed_waiting(screen);
}

void tps_screen_show(TpsScreen *screen, const char *bytes, size_t length)
{
    if (length == 0)
        return;
    if (screen->terminal)
        tps_sanitise(&screen->show, bytes, length, screen->waiting);
    else
        g_string_append_len(screen->waiting, bytes, (gssize)length);
    screen->last = bytes[length - 1];
    heed_waiting(screen);
}

void tps_screen_show_end(TpsScreen *screen)
{
    if (screen->terminal)
        tps_sanitise_end(&screen->show, screen->waiting);
    else if (screen->last && screen->last != '\n')
        g_string_append_c(screen->waiting, '\n');
    screen->last = '\0';
    heed_waiting(screen);
}

bool tps_screen_is_due(const TpsScreen *screen, int64_t now_us)
{
    return screen->live && now_us - screen->drawn_us >= FRAME_US;
}

static GString *format_region(const TpsScreen *screen, const GPtrArray *rows)
{
    GString *region = g_string_new(WRAP_OFF);
    int width = tps_terminal_width(screen->stream) - 1;

    for (guint i = 0; i < rows->len; i++) {
        g_autofree char *row = tps_printable(g_ptr_array_index(rows, i), width);

        g_string_append_printf(region, "%s%s", i > 0 ? "\r\n" : "", row);
    }
    g_string_append(region, WRAP_ON);
    return region;
}

void tps_screen_draw(TpsScreen *screen, const GPtrArray *rows, int64_t now_us)
{
    g_autoptr(GString) region = NULL;
    g_autoptr(GString) frame = NULL;

    if (!screen->live)
        return;
    region = format_region(screen, rows);
    screen->drawn_us = now_us;
    if (screen->n_rows == rows->len && screen->waiting->len == 0 &&
        strcmp(region->str, screen->region->str) == 0)
        return;
    frame = g_string_new(NULL);
    append_erasure(screen, frame);
    g_string_append_len(frame, screen->waiting->str, (gssize)screen->waiting->len);
    g_string_append(frame, region->str);
    write_out(screen, frame);
    g_string_truncate(screen->waiting, 0);
    g_string_assign(screen->region, region->str);
    screen->n_rows = rows->len;
}
