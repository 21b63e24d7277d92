/* SPDX-License-Identifier: MIT */
#include "adapters/readers/readers.h"
#include "adapters/readers/readers_internal.h"
#include "core/error.h"

#include <string.h>

static GHashTable *match(const TpsLine *line, const GRegex *pattern, char *const *groups,
                         GError **error)
{
    if (line->length > TPS_PATTERN_LINE_BYTES) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK,
                    "a line of %zu bytes is too long for a pattern", line->length);
        return NULL;
    }
    return tps_pattern_match(pattern, groups, line, 0, NULL, error);
}

static void add(GPtrArray *records, GHashTable *record, const TpsLine *line)
{
    tps_record_set_bytes(record, "line", line->start, line->length);
    g_ptr_array_add(records, record);
}

GPtrArray *tps_records_from_lines(const char *text, size_t length, const GRegex *pattern,
                                  GError **error)
{
    g_autoptr(GPtrArray) records = tps_records_new();
    g_auto(GStrv) groups = pattern ? tps_pattern_groups(pattern) : NULL;
    g_autoptr(GError) why = NULL;
    const char *end = text + length;
    TpsLine line = {.next = text};

    for (guint number = 1; tps_line_read(line.next, end, &line); number++) {
        GHashTable *record = pattern ? match(&line, pattern, groups, &why)
                                     : (line.length > 0 ? tps_record_new() : NULL);

        if (record)
            add(records, record, &line);
        if (why) {
            g_propagate_prefixed_error(error, g_steal_pointer(&why), "%u: ", number);
            return NULL;
        }
    }
    return g_steal_pointer(&records);
}
