/* SPDX-License-Identifier: MIT */
#include "core/duration.h"
#include "core/plan.h"
#include "core/saturate.h"
#include "formats/json.h"
#include "formats/json_writer.h"
#include "runtime/sample.h"
#include "runtime/store_internal.h"
#include "runtime/suite_level.h"

#include <string.h>

/* Where it is written, and what. */
typedef struct {
    const TpsRuntimeData *data;
    TpsJsonWriter json;
} Writer;

static void add_known(cJSON *object, const char *key, int64_t us)
{
    if (us != TPS_RUNTIME_UNKNOWN)
        tps_json_add_seconds(object, key, us);
}

static void add_known_number(cJSON *object, const char *key, int64_t value)
{
    if (value != TPS_RUNTIME_UNKNOWN)
        cJSON_AddNumberToObject(object, key, (double)value);
}

static cJSON *part_to_json(const TpsRuntimePart *part)
{
    cJSON *object = cJSON_CreateObject();

    add_known(object, "execution_time", part->execution_us);
    add_known(object, "setup_time", part->setup_us);
    add_known(object, "teardown_time", part->teardown_us);
    add_known_number(object, "testcase_count", part->testcase_count);
    add_known(object, "wall_time", part->wall_us);
    add_known(object, "planned_time", part->planned_us);
    if (part->guessed_us > 0)
        add_known(object, "guessed_time", part->guessed_us);
    add_known(object, "cpu_time", part->cpu_us);
    add_known_number(object, "peak_memory", part->peak_bytes);
    return object;
}

static void add_part(Writer *writer, const TpsRuntimePart *part)
{
    const char *run = tps_runtime_data_run_key(writer->data, part->run);
    g_autofree char *key = part->count > 1
                               ? g_strdup_printf("%s %d,%d", run, part->index, part->count)
                               : g_strdup(run);

    tps_json_writer_value(&writer->json, key, part_to_json(part));
}

/*
 * One undated part is what the sums of the suite say; several are kept one by one. An empty list
 * says that the sums are no measurement.
 */
static void add_parts(Writer *writer, const GArray *parts)
{
    const TpsRuntimePart *part = (const TpsRuntimePart *)(const void *)parts->data;

    if (parts->len == 1 && part->run == 0)
        return;
    if (parts->len > 0 && part->run == 0) {
        cJSON *array = cJSON_CreateArray();

        for (guint i = 0; i < parts->len; i++)
            cJSON_AddItemToArray(array, part_to_json(&part[i]));
        tps_json_writer_value(&writer->json, "undated", array);
        return;
    }
    tps_json_writer_begin(&writer->json, "runs", '{');
    for (guint i = 0; i < parts->len; i++)
        add_part(writer, &part[i]);
    tps_json_writer_end(&writer->json, '}');
}

static void add_samples(const Writer *writer, cJSON *object, const TpsSample *samples, size_t n)
{
    cJSON *list;

    if (samples[0].run == 0 && n == 1)
        return;
    if (n > 1)
        tps_json_add_seconds(object, "spread", tps_samples_spread(samples, n));
    cJSON_AddNumberToObject(object, "count", (double)n);
    list = samples[0].run ? cJSON_AddObjectToObject(object, "last")
                          : cJSON_AddArrayToObject(object, "undated");
    for (size_t i = 0; i < n; i++) {
        if (samples[0].run)
            tps_json_add_seconds(list, tps_runtime_data_run_key(writer->data, samples[i].run),
                                 samples[i].us);
        else
            cJSON_AddItemToArray(list, cJSON_CreateNumber(tps_us_to_seconds(samples[i].us)));
    }
}

static cJSON *testcase_to_json(const Writer *writer, const TpsTable *table, const TpsRecord *record)
{
    const TpsSample *samples = &g_array_index(table->samples, TpsSample, record->first);
    const cJSON *note = table->notes ? g_hash_table_lookup(table->notes, record->id) : NULL;
    const uint32_t newest = record->n_samples ? samples[record->n_samples - 1].run : 0;
    cJSON *object;

    if (!note && record->n_samples == 1 && newest == 0 && record->seen == 0)
        return cJSON_CreateNumber(tps_us_to_seconds(samples[0].us));
    object = cJSON_CreateObject();
    tps_json_add_seconds(object, "mean",
                         record->n_samples ? tps_samples_level(samples, record->n_samples) : 0);
    if (record->n_samples)
        add_samples(writer, object, samples, record->n_samples);
    if (record->skipped)
        cJSON_AddTrueToObject(object, "skipped");
    if (record->seen > newest)
        cJSON_AddStringToObject(object, "seen",
                                tps_runtime_data_run_key(writer->data, record->seen));
    for (const cJSON *member = note ? note->child : NULL; member; member = member->next)
        cJSON_AddItemToObject(object, member->string, cJSON_Duplicate(member, true));
    return object;
}

/* One that was there and neither passed nor was skipped says nothing. */
static bool says_something(const TpsRecord *record)
{
    return record->n_samples > 0 || record->skipped;
}

static int64_t count_known(const TpsTable *table)
{
    int64_t n = 0;

    for (guint i = 0; i < table->records->len; i++)
        n += says_something(&g_array_index(table->records, TpsRecord, i));
    return n;
}

static void add_testcases(Writer *writer, const TpsTable *table)
{
    if (count_known(table) == 0)
        return;
    tps_json_writer_begin(&writer->json, "testcases", '{');
    for (guint i = 0; i < table->records->len; i++) {
        const TpsRecord *record = &g_array_index(table->records, TpsRecord, i);

        if (!says_something(record))
            continue;
        tps_json_writer_value(&writer->json, record->id, testcase_to_json(writer, table, record));
    }
    tps_json_writer_end(&writer->json, '}');
}

static int64_t sum_of_levels(const TpsTable *table)
{
    int64_t sum = 0;

    for (guint i = 0; i < table->records->len; i++) {
        const TpsRecord *record = &g_array_index(table->records, TpsRecord, i);

        if (record->n_samples)
            sum = tps_add_sat(
                sum, tps_samples_level(&g_array_index(table->samples, TpsSample, record->first),
                                       record->n_samples));
    }
    return sum;
}

/* Nobody would read a time of more than ten years again. */
static void add_seconds(Writer *writer, const char *name, int64_t us)
{
    tps_json_writer_value(&writer->json, name,
                          cJSON_CreateNumber(tps_us_to_seconds(CLAMP(us, 0, TPS_DURATION_MAX_US))));
}

/* Then the sums are a measurement, and say what is known. */
static bool has_undated_part(const TpsTable *table)
{
    return table->parts->len > 0 && g_array_index(table->parts, TpsRuntimePart, 0).run == 0;
}

/* What Testplan reads. */
static void add_sums(Writer *writer, const TpsTable *table)
{
    TpsSuiteLevel level;

    tps_suite_level(writer->data, table->name, &level);
    if (level.execution_us == TPS_RUNTIME_UNKNOWN)
        level.execution_us = sum_of_levels(table);
    if (level.testcase_count == TPS_RUNTIME_UNKNOWN && !has_undated_part(table))
        level.testcase_count = count_known(table);
    add_seconds(writer, "execution_time", level.execution_us);
    add_seconds(writer, "setup_time", level.setup_us);
    add_seconds(writer, "teardown_time", level.teardown_us);
    if (level.testcase_count != TPS_RUNTIME_UNKNOWN)
        tps_json_writer_value(&writer->json, "testcase_count",
                              cJSON_CreateNumber((double)level.testcase_count));
}

static void add_unknown(Writer *writer, const cJSON *unknown)
{
    for (const cJSON *member = unknown ? unknown->child : NULL; member; member = member->next)
        tps_json_writer_value(&writer->json, member->string, cJSON_Duplicate(member, true));
}

static void add_suite(Writer *writer, const TpsTable *table)
{
    tps_json_writer_begin(&writer->json, table->name, '{');
    add_sums(writer, table);
    add_unknown(writer, table->unknown);
    add_parts(writer, table->parts);
    add_testcases(writer, table);
    tps_json_writer_end(&writer->json, '}');
}

char *tps_runtime_data_text(const TpsRuntimeData *data)
{
    Writer writer = {.data = data, .json = tps_json_writer_new()};

    tps_json_writer_begin(&writer.json, NULL, '{');
    add_unknown(&writer, data->unknown);
    for (guint i = 0; i < data->tables->len; i++)
        add_suite(&writer, g_ptr_array_index(data->tables, i));
    tps_json_writer_end(&writer.json, '}');
    return tps_json_writer_text(&writer.json);
}
