/* SPDX-License-Identifier: MIT */
#include "core/duration.h"

#include "core/error.h"

#include <math.h>
#include <string.h>

typedef struct {
    const char *name;
    int64_t us;
} Unit;

static const Unit units[] = {
    {"us", 1},
    {"ms", 1000},
    {"s", TPS_SECOND_US},
    {"m", TPS_MINUTE_US},
    {"min", TPS_MINUTE_US},
    {"h", 60 * TPS_MINUTE_US},
    {"d", 24 * 60 * TPS_MINUTE_US},
};

static const Unit *unit_find(const char *name, size_t length)
{
    for (size_t i = 0; i < G_N_ELEMENTS(units); i++)
        if (strlen(units[i].name) == length && strncmp(units[i].name, name, length) == 0)
            return &units[i];
    return NULL;
}

/* One "12.5m" at *text; moves *text behind it. */
static bool parse_term(const char **text, bool bare_allowed, double *us)
{
    char *unit_start;
    size_t unit_length;
    double value;
    const Unit *unit;

    if (!g_ascii_isdigit(**text) && **text != '.')
        return false;
    value = g_ascii_strtod(*text, &unit_start);
    if (unit_start == *text)
        return false;
    unit_length = strspn(unit_start, "abcdefghijklmnopqrstuvwxyz");
    unit = unit_length == 0 && bare_allowed && !*unit_start ? unit_find("s", 1)
                                                            : unit_find(unit_start, unit_length);
    if (!unit)
        return false;
    *us = value * (double)unit->us;
    *text = unit_start + unit_length;
    return true;
}

bool tps_duration_parse(const char *text, int64_t *us, GError **error)
{
    const char *rest = text;
    double sum = 0;
    double term;

    do {
        if (!parse_term(&rest, rest == text, &term)) {
            g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT,
                        "'%s' is not a duration; write seconds or 1m30s, 2h, 250ms", text);
            return false;
        }
        sum += term;
    } while (*rest);
    if (!(sum <= (double)TPS_DURATION_MAX_US)) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "'%s' is longer than ten years", text);
        return false;
    }
    *us = (int64_t)floor(sum + 0.5);
    return true;
}

char *tps_duration_format(int64_t us)
{
    /* Rounded half up without adding: a sum that stays at the top must not wrap round here. */
    int64_t tenths = us / (TPS_SECOND_US / 10) + (us % (TPS_SECOND_US / 10) >= TPS_SECOND_US / 20);
    int64_t seconds = us / TPS_SECOND_US + (us % TPS_SECOND_US >= TPS_SECOND_US / 2);

    if (us < 0)
        return g_strdup("unknown");
    if (us < TPS_SECOND_US)
        return g_strdup_printf("%dms", (int)(us / 1000));
    if (tenths < 600)
        return g_strdup_printf("%d.%ds", (int)(tenths / 10), (int)(tenths % 10));
    if (seconds < 3600)
        return g_strdup_printf("%dm%02ds", (int)(seconds / 60), (int)(seconds % 60));
    return g_strdup_printf("%" G_GINT64_FORMAT "h%02dm", seconds / 3600, (int)(seconds / 60 % 60));
}

bool tps_us_from_seconds(double seconds, int64_t *us)
{
    double value = seconds * (double)TPS_SECOND_US;

    if (!(value >= 0 && value <= (double)TPS_DURATION_MAX_US))
        return false;
    *us = (int64_t)floor(value + 0.5);
    return true;
}

double tps_us_to_seconds(int64_t us)
{
    return (double)us / (double)TPS_SECOND_US;
}

char *tps_seconds_text(int64_t us)
{
    return g_strdup_printf("%" G_GINT64_FORMAT ".%06d", us / TPS_SECOND_US,
                           (int)(us % TPS_SECOND_US));
}
