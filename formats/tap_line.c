/* SPDX-License-Identifier: MIT */
#include "formats/tap_internal.h"

#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && is_blank(*at))
        at++;
    return at;
}

static bool begins_with(const char *at, const char *end, const char *word)
{
    size_t length = strlen(word);

    return (size_t)(end - at) >= length && g_ascii_strncasecmp(at, word, length) == 0;
}

/* Digits; false when there are none, or too many for any plan. */
static bool read_number(const char **at, const char *end, int64_t *number)
{
    const char *start = *at;

    *number = 0;
    for (; *at < end && g_ascii_isdigit(**at) && *at - start < TPS_TAP_DIGITS; (*at)++)
        *number = *number * 10 + (**at - '0');
    return *at > start && (*at == end || !g_ascii_isdigit(**at));
}

/* Where " # SKIP", " # TODO" or " # time=" begins, at the '#'; or `end`. */
static const char *find_directive(const char *start, const char *end, TpsTapPoint *point)
{
    for (const char *at = start; at < end; at++) {
        const char *word;

        if (*at == '\\')
            at++;
        if (at >= end || *at != '#' || (at > start && !is_blank(at[-1])))
            continue;
        word = skip_blanks(at + 1, end);
        point->is_skip = begins_with(word, end, "skip");
        point->is_todo = begins_with(word, end, "todo");
        point->is_time = begins_with(word, end, "time=");
        if (point->is_skip || point->is_todo || point->is_time)
            return at;
    }
    return end;
}

/* From its '#' on; the word may be "SKIPPED:". */
static void read_directive(const char *at, const char *end, TpsTapPoint *point)
{
    const char *word;

    if (at >= end)
        return;
    word = skip_blanks(at + 1, end);
    if (point->is_time) {
        point->reason = word + strlen("time=");
    } else {
        while (word < end && !is_blank(*word))
            word++;
        point->reason = skip_blanks(word, end);
    }
    point->reason_length = (size_t)(end - point->reason);
}

static void read_name(const char *at, const char *end, TpsTapPoint *point)
{
    at = skip_blanks(at, end);
    if (at < end && *at == '-' && (at + 1 == end || is_blank(at[1])))
        at = skip_blanks(at + 1, end);
    point->name = at;
    at = find_directive(at, end, point);
    read_directive(at, end, point);
    while (at > point->name && is_blank(at[-1]))
        at--;
    point->name_length = (size_t)(at - point->name);
}

bool tps_tap_read_point(const TpsLine *line, TpsTapPoint *point)
{
    const char *at = line->start;
    const char *end = at + line->length;
    const char *number;

    *point = (TpsTapPoint){.ok = !tps_line_starts_with(line, "not ok")};
    if (point->ok && !tps_line_starts_with(line, "ok"))
        return false;
    at += strlen(point->ok ? "ok" : "not ok");
    if (at < end && !is_blank(*at))
        return false;
    number = at = skip_blanks(at, end);
    point->has_number = read_number(&number, end, &point->number) &&
                        (number == end || is_blank(*number) || *number == '#');
    read_name(point->has_number ? number : at, end, point);
    return true;
}

bool tps_tap_read_plan(const TpsLine *line, TpsTapPlan *plan)
{
    const char *at = line->start + 3;
    const char *end = line->start + line->length;
    TpsTapPoint point = {0};

    if (!tps_line_starts_with(line, "1..") || !read_number(&at, end, &plan->count))
        return false;
    at = skip_blanks(at, end);
    if (at < end && *at != '#')
        return false;
    at = find_directive(at, end, &point);
    read_directive(at, end, &point);
    plan->reason = point.is_skip ? point.reason : NULL;
    plan->reason_length = point.reason_length;
    return true;
}
