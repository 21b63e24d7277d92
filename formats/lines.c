/* SPDX-License-Identifier: MIT */
#include "formats/lines.h"

#include <string.h>

bool tps_line_read(const char *at, const char *end, TpsLine *line)
{
    const char *feed = at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL;
    const char *stop = feed ? feed : end;

    if (at >= end)
        return false;
    line->ended = feed != NULL;
    line->next = feed ? feed + 1 : end;
    line->start = at;
    line->length = (size_t)(stop - at);
    if (feed && stop > at && stop[-1] == '\r')
        line->length--;
    return true;
}

bool tps_line_starts_with(const TpsLine *line, const char *prefix)
{
    size_t length = strlen(prefix);

    return line->length >= length && memcmp(line->start, prefix, length) == 0;
}

static size_t limit_of(const TpsLines *lines, char first)
{
    return lines->limit > 0 && first == lines->first ? lines->limit : TPS_LINES_BYTES;
}

static void keep(TpsLines *lines, const char *bytes, size_t length)
{
    size_t room;

    if (!lines->rest)
        lines->rest = g_string_new(NULL);
    if (length == 0)
        return;
    room =
        limit_of(lines, lines->rest->len > 0 ? lines->rest->str[0] : bytes[0]) - lines->rest->len;
    g_string_append_len(lines->rest, bytes, (gssize)MIN(length, room));
    lines->n_cut += length - MIN(length, room);
}

/* The line that was kept has its end, or the text has. */
static bool visit_kept(TpsLines *lines, bool ended, TpsLineVisit visit, void *user, GError **error)
{
    TpsLine line = {.start = lines->rest->str, .length = lines->rest->len, .ended = ended};
    bool ok;

    lines->n_lines++;
    lines->n_too_long += lines->n_cut > 0;
    if (ended && lines->n_cut == 0 && line.length > 0 && line.start[line.length - 1] == '\r')
        line.length--;
    ok = visit(&line, user, error);
    g_string_truncate(lines->rest, 0);
    lines->n_cut = 0;
    return ok;
}

static bool has_rest(const TpsLines *lines)
{
    return lines->rest && lines->rest->len > 0;
}

bool tps_lines_feed(TpsLines *lines, const char *bytes, size_t length, TpsLineVisit visit,
                    void *user, GError **error)
{
    const char *end = bytes + length;
    TpsLine line = {.next = bytes};

    while (tps_line_read(line.next, end, &line)) {
        if (!line.ended || has_rest(lines) || line.length > TPS_LINES_BYTES) {
            size_t n = (size_t)(line.next - line.start) - line.ended;

            keep(lines, line.start, n);
            if (line.ended && !visit_kept(lines, true, visit, user, error))
                return false;
        } else {
            lines->n_lines++;
            if (!visit(&line, user, error))
                return false;
        }
    }
    return true;
}

bool tps_lines_finish(TpsLines *lines, TpsLineVisit visit, void *user, GError **error)
{
    return !has_rest(lines) || visit_kept(lines, false, visit, user, error);
}

void tps_lines_clear(TpsLines *lines)
{
    if (lines->rest)
        g_string_free(g_steal_pointer(&lines->rest), TRUE);
}
