/* SPDX-License-Identifier: MIT */
#include "core/names.h"
#include "runtime/store_internal.h"

#include <string.h>

static const TpsRunKey *run_at(const GArray *runs, guint i)
{
    return &g_array_index(runs, TpsRunKey, i);
}

static int compare_runs(const void *a, const void *b)
{
    return strcmp(((const TpsRunKey *)a)->key, ((const TpsRunKey *)b)->key);
}

/* All of both, each once; what is undated comes first. */
static GArray *unite_runs(const GArray *a, const GArray *b)
{
    GArray *both = g_array_new(FALSE, FALSE, sizeof(TpsRunKey));
    guint kept = 1;

    g_array_append_vals(both, a->data, a->len);
    g_array_append_vals(both, b->data, b->len);
    g_array_sort(both, compare_runs);
    for (guint i = 1; i < both->len; i++)
        if (compare_runs(run_at(both, i), run_at(both, kept - 1)) != 0)
            g_array_index(both, TpsRunKey, kept++) = *run_at(both, i);
    g_array_set_size(both, kept);
    return both;
}

/* Where each run of `from` is in `to`. */
static uint32_t *map_runs(const GArray *from, const GArray *to)
{
    uint32_t *map = g_new0(uint32_t, from->len);

    for (guint i = 0; i < from->len; i++)
        g_array_binary_search((GArray *)to, run_at(from, i), compare_runs, &map[i]);
    return map;
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
    }
    for (guint i = 0; i < table->parts->len; i++) {
        TpsRuntimePart *part = &g_array_index(table->parts, TpsRuntimePart, i);

        part->run = map[part->run];
    }
}

/* In its normal form, its runs numbered as they are in `runs`. */
static void settle(TpsRuntimeData *data, const GArray *runs)
{
    g_autofree uint32_t *map = map_runs(data->runs, runs);

    for (guint i = 0; i <= data->tables->len; i++) {
        TpsTable *table =
            i < data->tables->len ? g_ptr_array_index(data->tables, i) : data->unowned;

        if (data->runs->len > 1)
            renumber(table, map);
        tps_table_settle(table, runs);
    }
}

/* Takes `from`. */
static TpsTable *unite_tables(TpsTable *into, TpsTable *from, const GArray *runs)
{
    bool empty = into->records->len == 0 && into->parts->len == 0 && !into->unknown;
    TpsTable *both = empty ? from : tps_table_unite(into, from, runs);

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
            *one = unite_tables(*one, *two, data->runs);
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

static int compare_probes(const void *a, const void *b)
{
    return strcmp((*(const TpsRuntimeSource *const *)a)->file,
                  (*(const TpsRuntimeSource *const *)b)->file);
}

void tps_runtime_data_merge(TpsRuntimeData *data, TpsRuntimeData *other)
{
    GArray *runs = unite_runs(data->runs, other->runs);

    settle(data, runs);
    settle(other, runs);
    g_array_unref(data->runs);
    data->runs = runs;
    tps_string_pool_adopt(data->names, other->names);
    data->unowned = unite_tables(data->unowned, other->unowned, runs);
    other->unowned = tps_table_new("");
    unite_suites(data, other);
    if (other->unowned_name && g_strcmp0(other->unowned_name, data->unowned_name) > 0)
        data->unowned_name = other->unowned_name;
    data->unknown =
        tps_unknown_unite(g_steal_pointer(&data->unknown), g_steal_pointer(&other->unknown));
    g_ptr_array_extend_and_steal(data->probes, g_steal_pointer(&other->probes));
    other->probes = g_ptr_array_new();
    g_ptr_array_sort(data->probes, compare_probes);
    g_ptr_array_extend_and_steal(data->sources, g_steal_pointer(&other->sources));
    other->sources = g_ptr_array_new_with_free_func(g_free);
    tps_names_sort(data->sources);
}

void tps_runtime_data_claim(TpsRuntimeData *data, const char *suite)
{
    g_autoptr(TpsRuntimeData) claimed = NULL;
    TpsTable *table;

    if (data->unowned->records->len == 0)
        return;
    claimed = tps_runtime_data_new();
    g_array_set_size(claimed->runs, 0);
    g_array_append_vals(claimed->runs, data->runs->data, data->runs->len);
    tps_string_pool_unref(claimed->names); /* two that keep each other would stay for ever */
    claimed->names = tps_string_pool_ref(data->names);
    table = data->unowned;
    table->name = tps_string_pool_add(claimed->names, suite);
    g_ptr_array_add(claimed->tables, table);
    data->unowned = tps_table_new("");
    data->unowned_name = NULL;
    tps_runtime_data_merge(data, claimed);
}
