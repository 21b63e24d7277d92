/* SPDX-License-Identifier: MIT */
#include "core/names.h"
#include "runtime/store_internal.h"

#include <string.h>

static const TpsRunKey *run_at(const GArray *runs, guint i)
{
    return &g_array_index(runs, TpsRunKey, i);
}

/* The same run when all but the time is the same: its shards do not begin at the same second. */
static GHashTable *runs_by_hash(const GArray *runs)
{
    GHashTable *known = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 1; i < runs->len; i++)
        g_hash_table_insert(known, (gpointer)(run_at(runs, i)->key + TPS_RUN_KEY_HASH),
                            GUINT_TO_POINTER(i));
    return known;
}

static int compare_runs(const void *a, const void *b)
{
    return strcmp(((const TpsRunKey *)a)->key, ((const TpsRunKey *)b)->key);
}

/* All runs of both, each once, with its earliest time. */
static GArray *unite_runs(const GArray *a, const GArray *b)
{
    g_autoptr(GHashTable) known = runs_by_hash(a);
    GArray *both = g_array_new(FALSE, FALSE, sizeof(TpsRunKey));

    g_array_append_vals(both, a->data, a->len);
    for (guint i = 1; i < b->len; i++) {
        const TpsRunKey *run = run_at(b, i);
        guint same = GPOINTER_TO_UINT(g_hash_table_lookup(known, run->key + TPS_RUN_KEY_HASH));

        if (!same)
            g_array_append_vals(both, run, 1);
        else if (compare_runs(run, run_at(both, same)) < 0)
            g_array_index(both, TpsRunKey, same) = *run;
    }
    g_array_sort(both, compare_runs);
    return both;
}

/* Where each run of `from` is in `to`. */
static uint32_t *map_runs(const GArray *from, const GArray *to)
{
    g_autoptr(GHashTable) known = runs_by_hash(to);
    uint32_t *map = g_new0(uint32_t, from->len);

    for (guint i = 1; i < from->len; i++)
        map[i] =
            GPOINTER_TO_UINT(g_hash_table_lookup(known, run_at(from, i)->key + TPS_RUN_KEY_HASH));
    return map;
}

/* A run that got an earlier time may come before another now: few samples, insertion sort. */
static void sort_samples(TpsSample *samples, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        TpsSample sample = samples[i];
        size_t j = i;

        for (; j > 0 && samples[j - 1].run > sample.run; j--)
            samples[j] = samples[j - 1];
        samples[j] = sample;
    }
}

static void sort_record(TpsTable *table, TpsRecord *record)
{
    TpsSample *samples = &g_array_index(table->samples, TpsSample, record->first);

    if (record->n_samples == 0)
        return;
    sort_samples(samples, record->n_samples);
    record->seen = MAX(record->seen, samples[record->n_samples - 1].run);
}

static void renumber(TpsTable *table, const uint32_t *map)
{
    for (guint i = 0; i < table->samples->len; i++) {
        TpsSample *sample = &g_array_index(table->samples, TpsSample, i);

        sample->run = map[sample->run];
    }
    for (guint i = 0; i < table->records->len; i++) {
        TpsRecord *record = &g_array_index(table->records, TpsRecord, i);

        record->seen = map[record->seen];
        sort_record(table, record);
    }
    for (guint i = 0; i < table->parts->len; i++) {
        TpsRuntimePart *part = &g_array_index(table->parts, TpsRuntimePart, i);

        part->run = map[part->run];
    }
    tps_table_settle(table);
}

static void renumber_all(TpsRuntimeData *data, const GArray *runs)
{
    g_autofree uint32_t *map = map_runs(data->runs, runs);

    if (data->runs->len == 1)
        return;
    renumber(data->unowned, map);
    for (guint i = 0; i < data->tables->len; i++)
        renumber(g_ptr_array_index(data->tables, i), map);
}

/* Takes `from`. */
static TpsTable *unite_tables(TpsTable *into, TpsTable *from)
{
    bool empty = into->records->len == 0 && into->parts->len == 0 && !into->unknown;
    TpsTable *both = empty ? from : tps_table_unite(into, from);

    tps_table_free(into);
    if (!empty)
        tps_table_free(from);
    return both;
}

/* Two lists in the order of names become one; takes the tables of `other`. */
static void unite_suites(TpsRuntimeData *data, TpsRuntimeData *other)
{
    GPtrArray *both = g_ptr_array_new_with_free_func((GDestroyNotify)tps_table_free);
    guint i = 0;
    guint j = 0;

    while (i < data->tables->len || j < other->tables->len) {
        TpsTable **one = i < data->tables->len ? (TpsTable **)&data->tables->pdata[i] : NULL;
        TpsTable **two = j < other->tables->len ? (TpsTable **)&other->tables->pdata[j] : NULL;
        int order = !two ? -1 : !one ? 1 : strcmp((*one)->name, (*two)->name);

        if (order == 0)
            *one = unite_tables(*one, *two);
        g_ptr_array_add(both, order <= 0 ? *one : *two);
        i += order <= 0;
        j += order >= 0;
    }
    g_ptr_array_set_free_func(data->tables, NULL);
    g_ptr_array_unref(data->tables);
    g_ptr_array_set_free_func(other->tables, NULL);
    g_ptr_array_set_size(other->tables, 0);
    data->tables = both;
}

static void settle(TpsRuntimeData *data)
{
    tps_table_settle(data->unowned);
    for (guint i = 0; i < data->tables->len; i++)
        tps_table_settle(g_ptr_array_index(data->tables, i));
}

void tps_runtime_data_merge(TpsRuntimeData *data, TpsRuntimeData *other)
{
    GArray *runs = unite_runs(data->runs, other->runs);

    settle(other);
    renumber_all(data, runs);
    renumber_all(other, runs);
    g_array_unref(data->runs);
    data->runs = runs;
    tps_string_pool_adopt(data->names, other->names);
    data->unowned = unite_tables(data->unowned, other->unowned);
    other->unowned = tps_table_new("");
    unite_suites(data, other);
    if (other->unowned_name && g_strcmp0(other->unowned_name, data->unowned_name) > 0)
        data->unowned_name = other->unowned_name;
    data->unknown =
        tps_unknown_unite(g_steal_pointer(&data->unknown), g_steal_pointer(&other->unknown));
    g_ptr_array_extend_and_steal(data->sources, g_steal_pointer(&other->sources));
    other->sources = g_ptr_array_new_with_free_func(g_free);
    tps_names_sort(data->sources);
}
