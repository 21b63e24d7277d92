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

static bool has_run(const TpsSample *samples, size_t n, uint32_t run, const GArray *runs)
{
    for (size_t i = 0; i < n; i++)
        if (tps_runs_are_same(runs, samples[i].run, run))
            return true;
    return false;
}

/*
 * The newest ones. Of one run the last measurement counts, of one shard the longest; of undated
 * ones each value once, and these only as long as nothing is dated.
 */
static size_t unite_samples(TpsSample *samples, size_t n, const GArray *runs)
{
    TpsSample kept[TPS_SAMPLES_MAX];
    size_t n_kept = 0;
    bool dated;

    qsort(samples, n, sizeof *samples, compare_samples);
    dated = samples[n - 1].run > 0;
    for (size_t i = n; i > 0 && n_kept < TPS_SAMPLES_MAX; i--) {
        const TpsSample *sample = &samples[i - 1];

        if (dated ? sample->run > 0 && !has_run(kept, n_kept, sample->run, runs)
                  : n_kept == 0 || sample->us != kept[n_kept - 1].us)
            kept[n_kept++] = *sample;
        else if (dated && sample->run == 0)
            break;
    }
    for (size_t i = 0; i < n_kept; i++)
        samples[i] = kept[n_kept - 1 - i];
    return n_kept;
}

/* What was measured was not only ever skipped. */
static void settle_record(TpsTable *table, TpsRecord *record, const GArray *runs)
{
    TpsSample *samples = &g_array_index(table->samples, TpsSample, record->first);

    if (record->n_samples == 0)
        return;
    if (record->n_samples > 1)
        record->n_samples = (uint32_t)unite_samples(samples, record->n_samples, runs);
    record->seen = MAX(record->seen, samples[record->n_samples - 1].run);
    record->skipped = false;
}

static const TpsSample *samples_of(const TpsTable *table, const TpsRecord *record)
{
    return &g_array_index(table->samples, TpsSample, record->first);
}

/* `record` of `from` becomes one of `into`, or is united with its last one if that has this id. */
static bool append(TpsTable *into, const TpsTable *from, const TpsRecord *record,
                   const GArray *runs)
{
    guint last = into->records->len;
    TpsRecord *same = last ? &g_array_index(into->records, TpsRecord, last - 1) : NULL;

    if (same && strcmp(same->id, record->id) != 0)
        same = NULL;
    g_array_append_vals(into->samples, samples_of(from, record), record->n_samples);
    if (!same) {
        tps_table_add(into, record->id, record->n_samples, record->seen, record->skipped);
        return false;
    }
    same->n_samples += record->n_samples;
    same->seen = MAX(same->seen, record->seen);
    same->skipped = same->skipped && record->skipped;
    settle_record(into, same, runs);
    g_array_set_size(into->samples, same->first + same->n_samples);
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

const char *tps_table_sort(TpsTable *table, const GArray *runs)
{
    const guint n = table->records->len;
    const char *twice = NULL;
    g_autofree const char **ids = NULL;
    g_autofree uint32_t *order = NULL;
    TpsTable *sorted;

    if (is_ascending(table))
        return NULL;
    ids = ids_of(table);
    order = g_new(uint32_t, n);
    tps_names_order(ids, n, order);
    sorted = tps_table_new(NULL);
    for (guint i = 0; i < n; i++)
        if (append(sorted, table, &g_array_index(table->records, TpsRecord, order[i]), runs))
            twice = ids[order[i]];
    take_records(table, sorted);
    tps_table_free(sorted);
    return twice;
}

void tps_table_settle(TpsTable *table, const GArray *runs)
{
    tps_table_sort(table, runs);
    for (guint i = 0; i < table->records->len; i++)
        settle_record(table, &g_array_index(table->records, TpsRecord, i), runs);
    tps_parts_settle(table->parts, runs);
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
        gpointer known = NULL;

        g_hash_table_iter_steal(&iter);
        g_hash_table_steal_extended(into->notes, id, NULL, &known);
        g_hash_table_insert(into->notes, id, tps_unknown_unite(known, note));
    }
}

static void unite_records(TpsTable *both, const TpsTable *a, const TpsTable *b, const GArray *runs)
{
    guint i = 0;
    guint j = 0;

    while (i < a->records->len || j < b->records->len) {
        const TpsRecord *one =
            i < a->records->len ? &g_array_index(a->records, TpsRecord, i) : NULL;
        const TpsRecord *two =
            j < b->records->len ? &g_array_index(b->records, TpsRecord, j) : NULL;
        bool first = !two || (one && strcmp(one->id, two->id) <= 0);

        append(both, first ? a : b, first ? one : two, runs);
        i += first;
        j += !first;
    }
}

TpsTable *tps_table_unite(TpsTable *a, TpsTable *b, const GArray *runs)
{
    TpsTable *both = tps_table_new(a->name);

    unite_records(both, a, b, runs);
    g_array_append_vals(both->parts, a->parts->data, a->parts->len);
    g_array_append_vals(both->parts, b->parts->data, b->parts->len);
    tps_parts_settle(both->parts, runs);
    both->unknown = tps_unknown_unite(g_steal_pointer(&a->unknown), g_steal_pointer(&b->unknown));
    both->notes = g_steal_pointer(&a->notes);
    unite_notes(both, b);
    return both;
}
