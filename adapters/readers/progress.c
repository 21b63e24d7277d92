/* SPDX-License-Identifier: MIT */
#include "adapters/readers/readers.h"
#include "adapters/readers/readers_internal.h"

#include <string.h>

typedef struct {
    const GRegex *start; /* or NULL */
    const GRegex *end;
    char **start_groups;
    char **end_groups;
    GHashTable *open; /* ids that run; owns them                                   */
    GPtrArray *began; /* all ids in the order they began; owns them; may be closed */
    const char *mark; /* what was printed since the last mark begins here           */
    GPtrArray *records;
} Progress;

static void progress_clear(Progress *progress)
{
    g_strfreev(progress->start_groups);
    g_strfreev(progress->end_groups);
    g_hash_table_unref(progress->open);
    g_ptr_array_unref(progress->began);
    g_ptr_array_unref(progress->records);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Progress, progress_clear)

/* The id that began last and has not ended, or NULL. */
static const char *latest(Progress *progress)
{
    GPtrArray *began = progress->began;

    while (began->len > 0) {
        const char *id = g_ptr_array_index(began, began->len - 1);

        if (g_hash_table_contains(progress->open, id))
            return id;
        g_ptr_array_set_size(began, (int)began->len - 1);
    }
    return NULL;
}

static bool read_start(Progress *progress, const TpsLine *line, GError **error)
{
    g_autoptr(GHashTable) groups = NULL;
    const char *id;

    if (!progress->start || line->length > TPS_PATTERN_LINE_BYTES)
        return false;
    groups = tps_pattern_match(progress->start, progress->start_groups, line, 0, NULL, error);
    id = groups ? tps_record_get(groups, "id") : NULL;
    if (!id)
        return false;
    g_hash_table_add(progress->open, g_strdup(id));
    g_ptr_array_add(progress->began, g_strdup(id));
    progress->mark = line->next;
    return true;
}

/* Whose end this is; NULL when it is none. */
static const char *whose(Progress *progress, GHashTable *groups)
{
    const char *id = tps_record_get(groups, "id");
    const char *last = latest(progress);

    if (!id)
        return last;
    if (last && !g_hash_table_contains(progress->open, id))
        return NULL;
    return id;
}

static void read_end(Progress *progress, const TpsLine *line, GError **error)
{
    size_t from = line->length > TPS_PATTERN_LINE_BYTES ? line->length - TPS_PATTERN_LINE_BYTES : 0;
    int found;
    g_autoptr(GHashTable) groups =
        tps_pattern_match(progress->end, progress->end_groups, line, from, &found, error);
    g_autofree char *id = groups ? g_strdup(whose(progress, groups)) : NULL;

    if (!id)
        return;
    tps_record_set(groups, "id", id);
    tps_record_set_bytes(groups, "text", progress->mark,
                         (size_t)(line->start + found - progress->mark));
    g_hash_table_remove(progress->open, id);
    g_ptr_array_add(progress->records, g_steal_pointer(&groups));
    progress->mark = line->next;
}

static bool read_lines(Progress *progress, const char *text, size_t length, GError **error)
{
    g_autoptr(GError) why = NULL;
    TpsLine line = {.next = text};

    for (guint number = 1; tps_line_read(line.next, text + length, &line); number++) {
        if (!read_start(progress, &line, &why) && !why)
            read_end(progress, &line, &why);
        if (why) {
            g_propagate_prefixed_error(error, g_steal_pointer(&why), "%u: ", number);
            return false;
        }
    }
    return true;
}

GPtrArray *tps_records_from_progress(const char *text, size_t length, const GRegex *start,
                                     const GRegex *end, char **running, GError **error)
{
    g_auto(Progress) progress = {
        .start = start,
        .end = end,
        .start_groups = start ? tps_pattern_groups(start) : NULL,
        .end_groups = tps_pattern_groups(end),
        .open = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
        .began = g_ptr_array_new_with_free_func(g_free),
        .mark = text,
        .records = tps_records_new(),
    };

    if (!read_lines(&progress, text, length, error))
        return NULL;
    *running = g_strdup(latest(&progress));
    return g_ptr_array_ref(progress.records);
}
