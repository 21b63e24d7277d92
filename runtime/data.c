/* SPDX-License-Identifier: MIT */
#include "runtime/data.h"

#include "core/duration.h"
#include "core/names.h"
#include "runtime/store_internal.h"

#include <string.h>

static void source_free(void *data)
{
    TpsRuntimeSource *source = data;

    g_free(source->file);
    g_ptr_array_unref(source->names);
    g_free(source);
}

TpsRuntimeData *tps_runtime_data_new(void)
{
    TpsRuntimeData *data = g_new0(TpsRuntimeData, 1);
    TpsRunKey undated = {.key = ""};

    data->names = tps_string_pool_new();
    data->tables = g_ptr_array_new_with_free_func((GDestroyNotify)tps_table_free);
    data->unowned = tps_table_new("");
    data->runs = g_array_new(FALSE, FALSE, sizeof(TpsRunKey));
    g_array_append_val(data->runs, undated);
    data->sources = g_ptr_array_new_with_free_func(g_free);
    data->probes = g_ptr_array_new_with_free_func(source_free);
    return data;
}

TpsRuntimeData *tps_runtime_data_new_run(const char *key)
{
    TpsRuntimeData *data = tps_runtime_data_new();
    TpsRunKey run;

    g_strlcpy(run.key, key, sizeof run.key);
    g_array_append_val(data->runs, run);
    return data;
}

void tps_runtime_data_free(TpsRuntimeData *data)
{
    if (!data)
        return;
    g_ptr_array_unref(data->tables);
    tps_table_free(data->unowned);
    g_array_unref(data->runs);
    g_ptr_array_unref(data->sources);
    g_ptr_array_unref(data->probes);
    tps_string_pool_unref(data->names);
    cJSON_Delete(data->unknown);
    g_free(data);
}

/* Where the table of that name is, or where it would be. */
static guint find_table(const TpsRuntimeData *data, const char *suite, bool *there)
{
    guint low = 0;
    guint high = data->tables->len;

    *there = false;
    while (low < high && !*there) {
        guint middle = low + (high - low) / 2;
        int order =
            strcmp(suite, ((const TpsTable *)g_ptr_array_index(data->tables, middle))->name);

        if (order == 0) {
            *there = true;
            low = middle;
        } else if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

TpsTable *tps_runtime_data_table(const TpsRuntimeData *data, const char *suite)
{
    bool there;
    guint place = find_table(data, suite, &there);

    return there ? g_ptr_array_index(data->tables, place) : NULL;
}

TpsTable *tps_runtime_data_add_table(TpsRuntimeData *data, const char *suite)
{
    bool there;
    guint place = find_table(data, suite, &there);

    if (!there)
        g_ptr_array_insert(data->tables, (gint)place,
                           tps_table_new(tps_string_pool_add(data->names, suite)));
    return g_ptr_array_index(data->tables, place);
}

/* Nobody would believe a longer time when it is read again. */
static int64_t believable(int64_t us)
{
    return MIN(us, TPS_DURATION_MAX_US);
}

void tps_runtime_data_add_testcase(TpsRuntimeData *data, const char *suite, const char *id,
                                   int64_t us, bool skipped)
{
    TpsTable *table = tps_runtime_data_add_table(data, suite);
    TpsSample sample = {.run = data->runs->len - 1, .us = believable(us)};
    bool measured = us != TPS_RUNTIME_UNKNOWN;

    if (measured)
        g_array_append_val(table->samples, sample);
    tps_table_add(table, tps_string_pool_add(data->names, id), measured, sample.run, skipped);
}

void tps_runtime_data_add_part(TpsRuntimeData *data, const char *suite, const TpsRuntimePart *part)
{
    TpsTable *table = tps_runtime_data_add_table(data, suite);
    TpsRuntimePart copy = *part;

    copy.run = data->runs->len - 1;
    copy.execution_us = believable(part->execution_us);
    copy.setup_us = believable(part->setup_us);
    copy.teardown_us = believable(part->teardown_us);
    copy.wall_us = believable(part->wall_us);
    copy.planned_us = believable(part->planned_us);
    copy.cpu_us = believable(part->cpu_us);
    g_array_append_val(table->parts, copy);
}

const GPtrArray *tps_runtime_data_sources(const TpsRuntimeData *data)
{
    return data->sources;
}

const GPtrArray *tps_runtime_data_probes(const TpsRuntimeData *data)
{
    return data->probes;
}

static void probe_table(GPtrArray *names, const TpsTable *table)
{
    guint n = table->records->len;
    guint step = MAX(n / TPS_PROBES, 1);

    if (*table->name)
        g_ptr_array_add(names, (gpointer)table->name);
    for (guint i = 0; i < n; i += step)
        g_ptr_array_add(names, (gpointer)g_array_index(table->records, TpsRecord, i).id);
}

void tps_runtime_data_probe(TpsRuntimeData *data, const char *path)
{
    TpsRuntimeSource *source = g_new(TpsRuntimeSource, 1);

    *source = (TpsRuntimeSource){.file = g_path_get_basename(path), .names = g_ptr_array_new()};
    probe_table(source->names, data->unowned);
    for (guint i = 0; i < data->tables->len; i++)
        probe_table(source->names, g_ptr_array_index(data->tables, i));
    g_ptr_array_add(data->probes, source);
}

GPtrArray *tps_runtime_data_suites(const TpsRuntimeData *data)
{
    GPtrArray *names = g_ptr_array_new();

    for (guint i = 0; i < data->tables->len; i++)
        g_ptr_array_add(names, (gpointer)((TpsTable *)g_ptr_array_index(data->tables, i))->name);
    if (data->unowned_name && !tps_runtime_data_table(data, data->unowned_name)) {
        g_ptr_array_add(names, (gpointer)data->unowned_name);
        tps_names_sort(names);
    }
    return names;
}

bool tps_runtime_data_has(const TpsRuntimeData *data, const char *suite)
{
    return tps_runtime_data_table(data, suite) != NULL;
}

/* The suite's own table, or that of the unowned ones when it is asked for by their name. */
static const TpsTable *table_for(const TpsRuntimeData *data, const char *suite)
{
    const TpsTable *table = tps_runtime_data_table(data, suite);

    if (!table && g_strcmp0(suite, data->unowned_name) == 0)
        table = data->unowned;
    return table;
}

static TpsRuntimeTestcase testcase_of(const TpsTable *table, guint i)
{
    const TpsRecord *record = &g_array_index(table->records, TpsRecord, i);

    return (TpsRuntimeTestcase){
        .id = record->id,
        .samples = &g_array_index(table->samples, TpsSample, record->first),
        .n_samples = record->n_samples,
        .seen = record->seen,
        .skipped = record->skipped,
    };
}

size_t tps_runtime_data_n_testcases(const TpsRuntimeData *data, const char *suite)
{
    const TpsTable *table = table_for(data, suite);

    return table ? table->records->len : 0;
}

TpsRuntimeTestcase tps_runtime_data_testcase(const TpsRuntimeData *data, const char *suite,
                                             size_t i)
{
    return testcase_of(table_for(data, suite), (guint)i);
}

/* Who plans what the data names asks for all of it, by the very same strings. */
static bool is_whole_table(const TpsTable *table, const char *const *ids, size_t n)
{
    if (n != table->records->len)
        return false;
    for (guint i = 0; i < n; i++)
        if (ids[i] != g_array_index(table->records, TpsRecord, i).id)
            return false;
    return true;
}

static void match_whole_table(const TpsTable *table, TpsRuntimeTestcase *found)
{
    for (guint i = 0; i < table->records->len; i++)
        found[i] = testcase_of(table, i);
}

/* Walk the names and the table at once, both in the order of their bytes. */
static void match_table(const TpsTable *table, const char *const *ids, const uint32_t *order,
                        size_t n, TpsRuntimeTestcase *found)
{
    guint record = 0;

    for (size_t i = 0; i < n; i++) {
        const char *id = ids[order[i]];
        int compared = -1;

        while (record < table->records->len &&
               (compared = strcmp(g_array_index(table->records, TpsRecord, record).id, id)) < 0)
            record++;
        if (compared == 0 && !found[order[i]].id)
            found[order[i]] = testcase_of(table, record);
    }
}

void tps_runtime_data_match(const TpsRuntimeData *data, const char *suite, const char *const *ids,
                            size_t n, TpsRuntimeTestcase *found)
{
    const TpsTable *table = tps_runtime_data_table(data, suite);
    const TpsTable *home = table_for(data, suite);
    g_autofree uint32_t *order = NULL;

    if (home && is_whole_table(home, ids, n)) {
        match_whole_table(home, found);
        return;
    }
    order = g_new(uint32_t, n);
    memset(found, 0, n * sizeof *found);
    tps_names_order(ids, n, order);
    if (table)
        match_table(table, ids, order, n, found);
    match_table(data->unowned, ids, order, n, found);
}

TpsStringPool *tps_runtime_data_names(const TpsRuntimeData *data)
{
    return data->names;
}

const TpsRuntimePart *tps_runtime_data_parts(const TpsRuntimeData *data, const char *suite,
                                             size_t *n)
{
    const TpsTable *table = tps_runtime_data_table(data, suite);

    *n = table ? table->parts->len : 0;
    return *n ? &g_array_index(table->parts, TpsRuntimePart, 0) : NULL;
}

uint32_t tps_runtime_data_n_runs(const TpsRuntimeData *data)
{
    return data->runs->len;
}

const char *tps_runtime_data_run_key(const TpsRuntimeData *data, uint32_t run)
{
    return g_array_index(data->runs, TpsRunKey, run).key;
}
