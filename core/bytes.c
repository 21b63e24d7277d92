/* SPDX-License-Identifier: MIT */
#include "core/bytes.h"

#include <glib.h>
#include <string.h>

static const char suffixes[] = "KMGT";

bool tps_bytes_parse(const char *text, int64_t *bytes)
{
    char *end = NULL;
    double value = g_ascii_strtod(text, &end);
    const char *suffix = *end ? strchr(suffixes, g_ascii_toupper(*end)) : NULL;

    for (const char *s = suffixes; suffix && s <= suffix; s++)
        value *= 1024;
    if (end == text || (*end && (!suffix || end[1])) || !(value >= 1 && value <= 1e18))
        return false;
    *bytes = (int64_t)value;
    return true;
}

char *tps_bytes_format(int64_t bytes)
{
    size_t unit = 0;

    while (unit < strlen(suffixes) && bytes > 0 && bytes % 1024 == 0) {
        bytes /= 1024;
        unit++;
    }
    if (unit == 0)
        return g_strdup_printf("%" G_GINT64_FORMAT " bytes", bytes);
    return g_strdup_printf("%" G_GINT64_FORMAT "%c", bytes, suffixes[unit - 1]);
}
