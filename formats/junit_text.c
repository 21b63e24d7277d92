/* SPDX-License-Identifier: MIT */
#include "core/duration.h"
#include "formats/junit_internal.h"

#include <stdio.h>
#include <string.h>

/* Earlier is the epoch in some time zone: what googletest says of a test that did not run. */
#define NEVER_US (24 * 60 * TPS_MINUTE_US)

#define SIMPLE_MAX_US (24 * 60 * TPS_MINUTE_US) /* beyond it others decide what is too long */

/* "1,234.567" -> "1234.567". A thousands mark has three digits behind it, or all is doubtful. */
static char *without_thousands(const char *text, char decimal_mark)
{
    GString *plain = g_string_new(NULL);

    for (; *text; text++) {
        bool mark = *text == ',' || *text == '.';

        if (mark && *text != decimal_mark && strspn(text + 1, "0123456789") != 3)
            return g_string_free(g_string_assign(plain, "?"), FALSE);
        if (!mark)
            g_string_append_c(plain, *text);
        else if (*text == decimal_mark)
            g_string_append_c(plain, '.');
    }
    return g_string_free(plain, FALSE);
}

/* "1,234" is a thousand to some and one to others; "0,123" and "12,3456" are clear. */
static bool comma_is_ambiguous(const char *text, const char *comma)
{
    return *text != '0' && comma - text <= 3 && strspn(comma + 1, "0123456789") == 3;
}

/* The number with a decimal point and nothing else, and what is doubtful about it. */
static char *normalise(const char *text, const char **doubt)
{
    const char *comma = strrchr(text, ',');
    const char *point = strrchr(text, '.');

    if (!comma)
        return g_strdup(text);
    if (point)
        return without_thousands(text, comma > point ? ',' : '.');
    if (strchr(text, ',') != comma)
        return without_thousands(text, '.');
    if (comma_is_ambiguous(text, comma))
        *doubt = "its comma was read as a decimal point";
    return without_thousands(text, ',');
}

static bool parse_seconds(const char *number, int64_t *us)
{
    char *rest;
    double seconds = g_ascii_strtod(number, &rest);

    return rest != number && !*rest && tps_us_from_seconds(seconds, us);
}

/* "12.345": at most nine digits, a point and six digits, as nearly all are. */
static bool parse_simple(const char *text, int64_t *us)
{
    int64_t value = 0;
    int64_t unit = TPS_SECOND_US;
    const char *digit = text;

    while (g_ascii_isdigit(*digit) && digit - text < 9)
        value = value * 10 + (*digit++ - '0');
    value *= TPS_SECOND_US;
    if (digit == text || *digit != '.')
        return false;
    for (digit++; g_ascii_isdigit(*digit) && unit > 1; digit++) {
        unit /= 10;
        value += (*digit - '0') * unit;
    }
    if (*digit || value > SIMPLE_MAX_US)
        return false;
    *us = value;
    return true;
}

static const char *parse_any(const char *text, int64_t *us)
{
    const char *doubt = NULL;
    g_autofree char *trimmed = g_strstrip(g_strdup(text));
    g_autofree char *number = normalise(trimmed, &doubt);
    bool plain = number[strspn(number, "+-.0123456789eE")] == '\0';

    /* the C library would take "nan", "inf" and "0x10", too */
    if (plain ? parse_seconds(number, us)
              : !strpbrk(number, "xX") && tps_duration_parse(number, us, NULL))
        return doubt;
    return "it is not a time";
}

const char *tps_junit_time_parse(const char *text, int64_t *us)
{
    return parse_simple(text, us) ? NULL : parse_any(text, us);
}

static int month_from_name(const char *name)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const char *found = strlen(name) == 3 ? strstr(names, name) : NULL;

    return found && (found - names) % 3 == 0 ? (int)(found - names) / 3 + 1 : 0;
}

/* "Fri, 20 Nov 2026 10:00:00 GMT", as mocha's xunit reporter writes it, whatever the locale. */
static GDateTime *parse_rfc1123(const char *text)
{
    const char *rest = strstr(text, ", ");
    char month[4];
    int day;
    int year;
    int hour;
    int minute;
    int second;

    if (!rest || !g_str_has_suffix(text, " GMT") ||
        sscanf(rest + 2, "%2d %3s %4d %2d:%2d:%2d", &day, month, &year, &hour, &minute, &second) !=
            6)
        return NULL;
    return g_date_time_new_utc(year, month_from_name(month), day, hour, minute, second);
}

bool tps_junit_timestamp_parse(const char *text, int64_t *us)
{
    g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
    g_autofree char *trimmed = g_strstrip(g_strdup(text));
    g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(trimmed, utc);
    int64_t value;

    if (!time)
        time = parse_rfc1123(trimmed);
    if (!time)
        return false;
    value = g_date_time_to_unix(time) * TPS_SECOND_US + g_date_time_get_microsecond(time);
    *us = value >= NEVER_US ? value : TPS_TIME_UNKNOWN;
    return true;
}

static void trim_end(GString *line)
{
    while (line->len > 0 && g_ascii_isspace(line->str[line->len - 1]))
        g_string_truncate(line, line->len - 1);
}

char *tps_junit_one_line(const char *text)
{
    GString *line = g_string_new(NULL);

    while (*text) {
        size_t length = strcspn(text, "\r\n");

        g_string_append_len(line, text, (gssize)length);
        text += length;
        if (!*text)
            break;
        trim_end(line);
        text += strspn(text, " \t\r\n");
        if (*text && line->len > 0)
            g_string_append_c(line, ' ');
    }
    return g_string_free(line, FALSE);
}

void tps_junit_text_append(GString **text, const char *more)
{
    if (!more)
        return;
    if (!*text)
        *text = g_string_new(NULL);
    else if ((*text)->len > 0 && (*text)->str[(*text)->len - 1] != '\n')
        g_string_append_c(*text, '\n');
    g_string_append(*text, more);
}

char *tps_junit_text_take(GString **text)
{
    return *text ? g_string_free(g_steal_pointer(text), FALSE) : NULL;
}

void tps_junit_text_clear(GString **text)
{
    g_free(tps_junit_text_take(text));
}

char *tps_junit_id_parse(const char *value)
{
    g_autoptr(GBytes) bytes = g_uri_unescape_bytes(value, -1, NULL, NULL);
    gsize length = 0;
    const char *id = bytes ? g_bytes_get_data(bytes, &length) : NULL;

    if (!bytes || (id && memchr(id, '\0', length)))
        return g_strdup(value);
    return g_strndup(id ? id : "", length);
}

char *tps_junit_id_format(const char *id)
{
    return g_uri_escape_bytes((const guint8 *)id, strlen(id), " !$'()*+,/:;=?@[]");
}
