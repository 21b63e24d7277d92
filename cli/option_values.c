/* SPDX-License-Identifier: MIT */
#include "cli/option_values.h"

#include "core/bytes.h"
#include "core/duration.h"
#include "core/error.h"
#include "core/suite.h"

#include <string.h>

#define COUNT_MAX 65536

bool tps_option_format(const char *text, GError **error)
{
    if (!text || strcmp(text, "text") == 0 || strcmp(text, "json") == 0)
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "--format: '%s' is not text or json", text);
    return false;
}

bool tps_option_count(const char *option, const char *text, bool auto_allowed, int *value,
                      GError **error)
{
    guint64 number;

    if (!text)
        return true;
    if (auto_allowed && strcmp(text, "auto") == 0) {
        *value = TPS_AUTO;
        return true;
    }
    if (!g_ascii_string_to_unsigned(text, 10, 1, COUNT_MAX, &number, NULL)) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "%s: '%s' is not a number from 1 to %d%s",
                    option, text, COUNT_MAX, auto_allowed ? " or 'auto'" : "");
        return false;
    }
    *value = (int)number;
    return true;
}

bool tps_option_time(const char *option, const char *text, int64_t *us, GError **error)
{
    g_autoptr(GError) why = NULL;

    if (!text)
        return true;
    if (strcmp(text, "auto") == 0) {
        *us = TPS_AUTO;
        return true;
    }
    if (tps_duration_parse(text, us, &why) && *us > 0)
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "%s: %s", option,
                why ? why->message : "it must be longer than zero");
    return false;
}

/* "0.05" or "5%"; -1 for what is neither. */
static double parse_share(const char *text)
{
    char *end = NULL;
    double value = g_ascii_strtod(text, &end);

    if (end == text)
        return -1;
    if (strcmp(end, "%") == 0)
        return value / 100;
    return *end ? -1 : value;
}

bool tps_option_probability(const char *option, const char *text, int *ppm, GError **error)
{
    double value = text ? parse_share(text) : 0;

    if (!text)
        return true;
    if (!(value >= 0.000001 && value <= 0.999999)) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE,
                    "%s: '%s' is not a probability between 0 and 1, as 0.9 or 90%%", option, text);
        return false;
    }
    *ppm = (int)(value * 1e6 + 0.5);
    return true;
}

bool tps_option_gain(const char *option, const char *text, int64_t *ppm, GError **error)
{
    double value = text ? parse_share(text) : 0;

    if (!text)
        return true;
    if (!(value >= 0 && value <= 1)) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE,
                    "%s: '%s' is not a share from 0 to 1, as 0.05 or 5%%", option, text);
        return false;
    }
    *ppm = (int64_t)(value * 1e6 + 0.5);
    return true;
}

bool tps_option_cores(const char *option, const char *text, int64_t *cpu_ppm, GError **error)
{
    char *end = NULL;
    double cores;

    if (!text)
        return true;
    if (strcmp(text, "any") == 0) {
        *cpu_ppm = 0;
        return true;
    }
    cores = g_ascii_strtod(text, &end);
    if (end == text || *end || !(cores >= 0.001 && cores <= COUNT_MAX)) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE,
                    "%s: '%s' is not a number of processors, or 'any'", option, text);
        return false;
    }
    *cpu_ppm = (int64_t)(cores * 1e6);
    return true;
}

bool tps_option_memory(const char *option, const char *text, int64_t *bytes, GError **error)
{
    if (!text)
        return true;
    if (strcmp(text, "any") == 0) {
        *bytes = 0;
        return true;
    }
    if (tps_bytes_parse(text, bytes))
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE,
                "%s: '%s' is not a size, as 512M or 16G, or 'any'", option, text);
    return false;
}
