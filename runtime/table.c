/* SPDX-License-Identifier: MIT */
#include "core/names.h"
#include "runtime/store_internal.h"

#include <string.h>

TpsTable *tps_table_new(const char *name)
{
    TpsTable *table = g_new0(TpsTable, 1);

    table->name = name;
    table->records = g_array_new(FALSE, FALSE, sizeof(TpsRecord));
    table->samples = g_array_new(FALSE, FALSE, sizeof(TpsSample));
    table->parts = g_array_new(FALSE, FALSE, sizeof(TpsRuntimePart));
    return table;
}

void tps_table_free(TpsTable *table)
{
    if (!table)
        return;
    g_array_unref(table->records);
    g_array_unref(table->samples);
    g_array_unref(table->parts);
    g_clear_pointer(&table->notes, g_hash_table_unref);
    cJSON_Delete(table->unknown);
    g_free(table);
}

void tps_table_add(TpsTable *table, const char *id, uint32_t n_samples, uint32_t seen, bool skipped)
{
    TpsRecord record = {.id = id,
                        .first = table->samples->len - n_samples,
                        .n_samples = n_samples,
                        .skipped = skipped,
                        .seen = seen};

    g_array_append_val(table->records, record);
}

static int compare_samples(const void *a, const void *b)
{
    const TpsSample *one = a, *two = b;

    if (one->run != two->run)
        return one->run < two->run ? -1 : 1;
    return (one->us > two->us) - (one->us < two->us);
}

/*
 * Of one run the longest measurement counts, of undated ones each value once; and these count only
 * as long as nothing is dated.
 */
static size_t unite_samples(TpsSample *samples, size_t n)
{
    bool dated;
    size_t kept = 0;

    if (n < 2)
        return n;
    qsort(samples, n, sizeof *samples, compare_samples);
    dated = samples[n - 1].run > 0;
    for (size_t i = 0; i < n; i++) {
        bool last_of_run = i + 1 == n || samples[i + 1].run != samples[i].run;
        bool last_of_value = last_of_run || samples[i + 1].us != samples[i].us;

        if (dated ? samples[i].run > 0 && last_of_run : last_of_value)
            samples[kept++] = samples[i];
    }
    if (kept > TPS_SAMPLES_MAX)
        memmove(samples, samples + (kept - TPS_SAMPLES_MAX), TPS_SAMPLES_MAX * sizeof *samples);
    return MIN(kept, TPS_SAMPLES_MAX);
}

static const TpsSample *samples_of(const TpsTable *table, const TpsRecord *record)
{
    return &g_array_index(table->samples, TpsSample, record->first);
}

/* `record` of `from` becomes one of `into`, or is united with its last one if that has this id. */
static bool append(TpsTable *into, const TpsTable *from, const TpsRecord *record)
{
    guint last = into->records->len;
    TpsRecord *same = last ? &g_array_index(into->records, TpsRecord, last - 1) : NULL;
    size_t n;

    if (same && strcmp(same->id, record->id) != 0)
        same = NULL;
    g_array_append_vals(into->samples, samples_of(from, record), record->n_samples);
    if (!same) {
        tps_table_add(into, record->id, record->n_samples, record->seen, record->skipped);
        return false;
    }
    n = unite_samples(&g_array_index(into->samples, TpsSample, same->first),
                      (size_t)same->n_samples + record->n_samples);
    g_array_set_size(into->samples, same->first + (guint)n);
    same->n_samples = (uint32_t)n;
    same->seen = MAX(same->seen, record->seen);
    same->skipped = same->skipped && record->skipped;
    return true;
}

static const char **ids_of(const TpsTable *table)
{
    const char **ids = g_new(const char *, table->records->len);

    for (guint i = 0; i < table->records->len; i++)
        ids[i] = g_array_index(table->records, TpsRecord, i).id;
    return ids;
}

static bool is_ascending(const TpsTable *table)
{
    for (guint i = 1; i < table->records->len; i++)
        if (strcmp(g_array_index(table->records, TpsRecord, i - 1).id,
                   g_array_index(table->records, TpsRecord, i).id) >= 0)
            return false;
    return true;
}

static void take_records(TpsTable *table, TpsTable *from)
{
    GArray *records = table->records;
    GArray *samples = table->samples;

    table->records = from->records;
    table->samples = from->samples;
    from->records = records;
    from->samples = samples;
}

/* In a few runs' worth of parts, insertion sort. */
static int compare_parts(const void *a, const void *b)
{
    const TpsRuntimePart *one = a, *two = b;

    if (one->run != two->run)
        return one->run < two->run ? -1 : 1;
    if (one->count != two->count)
        return one->count < two->count ? -1 : 1;
    if (one->index != two->index)
        return one->index < two->index ? -1 : 1;
    return memcmp(&one->execution_us, &two->execution_us,
                  sizeof *one - offsetof(TpsRuntimePart, execution_us));
}

/* Of a dated part given twice the first in that order counts; undated ones are a set of values. */
static bool is_same_part(const TpsRuntimePart *a, const TpsRuntimePart *b)
{
    if (a->run == 0 || b->run == 0)
        return compare_parts(a, b) == 0;
    return a->run == b->run && a->count == b->count && a->index == b->index;
}

static void drop_old_runs(GArray *parts)
{
    guint n_runs = 0;
    guint i;

    for (i = parts->len; i > 0; i--) {
        bool first_of_run = i == parts->len || g_array_index(parts, TpsRuntimePart, i - 1).run !=
                                                   g_array_index(parts, TpsRuntimePart, i).run;

        n_runs += first_of_run;
        if (n_runs > TPS_RUNS_MAX)
            break;
    }
    if (i > 0)
        g_array_remove_range(parts, 0, i);
}

static void settle_parts(GArray *parts)
{
    guint kept = 0;
    bool dated;

    if (parts->len < 2)
        return;
    g_array_sort(parts, compare_parts);
    dated = g_array_index(parts, TpsRuntimePart, parts->len - 1).run > 0;
    for (guint i = 0; i < parts->len; i++) {
        const TpsRuntimePart *part = &g_array_index(parts, TpsRuntimePart, i);

        if (dated && part->run == 0)
            continue;
        if (kept && is_same_part(&g_array_index(parts, TpsRuntimePart, kept - 1), part))
            continue;
        g_array_index(parts, TpsRuntimePart, kept++) = *part;
    }
    g_array_set_size(parts, kept);
}

const char *tps_table_settle(TpsTable *table)
{
    const guint n = table->records->len;
    const char *twice = NULL;
    g_autofree const char **ids = NULL;
    g_autofree uint32_t *order = NULL;
    TpsTable *sorted;

    settle_parts(table->parts);
    if (is_ascending(table))
        return NULL;
    ids = ids_of(table);
    order = g_new(uint32_t, n);
    tps_names_order(ids, n, order);
    sorted = tps_table_new(NULL);
    for (guint i = 0; i < n; i++)
        if (append(sorted, table, &g_array_index(table->records, TpsRecord, order[i])))
            twice = ids[order[i]];
    take_records(table, sorted);
    tps_table_free(sorted);
    return twice;
}

/* Which of two unknown values of one key is kept: the one whose text comes first. */
static void unite_member(cJSON *into, cJSON *member)
{
    cJSON *known = cJSON_GetObjectItemCaseSensitive(into, member->string);
    g_autofree char *mine = NULL;
    g_autofree char *other = NULL;

    if (!known) {
        cJSON_AddItemToArray(into, member);
        return;
    }
    mine = cJSON_PrintUnformatted(known);
    other = cJSON_PrintUnformatted(member);
    if (strcmp(other, mine) < 0)
        cJSON_ReplaceItemViaPointer(into, known, member);
    else
        cJSON_Delete(member);
}

cJSON *tps_unknown_unite(cJSON *a, cJSON *b)
{
    if (!a || !b)
        return a ? a : b;
    while (b->child)
        unite_member(a, cJSON_DetachItemViaPointer(b, b->child));
    cJSON_Delete(b);
    return a;
}

static void unite_notes(TpsTable *into, TpsTable *from)
{
    GHashTableIter iter;
    gpointer id;
    gpointer note;

    if (!into->notes || !from->notes) {
        if (!into->notes)
            into->notes = g_steal_pointer(&from->notes);
        return;
    }
    g_hash_table_iter_init(&iter, from->notes);
    while (g_hash_table_iter_next(&iter, &id, &note)) {
        gpointer known_id = id;
        gpointer known = NULL;

        g_hash_table_iter_steal(&iter);
        g_hash_table_steal_extended(into->notes, id, &known_id, &known);
        g_hash_table_insert(into->notes, known_id, tps_unknown_unite(known, note));
    }
}

TpsTable *tps_table_unite(TpsTable *a, TpsTable *b)
{
    TpsTable *both = tps_table_new(a->name);
    guint i = 0;
    guint j = 0;

    while (i < a->records->len || j < b->records->len) {
        const TpsRecord *one =
            i < a->records->len ? &g_array_index(a->records, TpsRecord, i) : NULL;
        const TpsRecord *two =
            j < b->records->len ? &g_array_index(b->records, TpsRecord, j) : NULL;
        bool first = !two || (one && strcmp(one->id, two->id) <= 0);

        append(both, first ? a : b, first ? one : two);
        i += first;
        j += !first;
    }
    g_array_append_vals(both->parts, a->parts->data, a->parts->len);
    g_array_append_vals(both->parts, b->parts->data, b->parts->len);
    settle_parts(both->parts);
    drop_old_runs(both->parts);
    both->unknown = tps_unknown_unite(g_steal_pointer(&a->unknown), g_steal_pointer(&b->unknown));
    both->notes = g_steal_pointer(&a->notes);
    unite_notes(both, b);
    return both;
}
