/* SPDX-License-Identifier: MIT */
#include "core/duration.h"
#include "core/plan.h"
#include "formats/json.h"
#include "runtime/sample.h"
#include "runtime/store_internal.h"
#include "runtime/suite_level.h"

#include <string.h>

/* Text that grows by members of nested objects, one on a line. */
typedef struct {
    const TpsRuntimeData *data;
    GString *text;
    bool first; /* the next member is the first of its object */
} Writer;

static void indent(Writer *writer, int depth)
{
    g_string_append(writer->text, writer->first ? "\n" : ",\n");
    for (int i = 0; i < depth; i++)
        g_string_append_c(writer->text, ' ');
    writer->first = false;
}

static void append_json(Writer *writer, cJSON *value)
{
    char *text = cJSON_PrintUnformatted(value);

    g_string_append(writer->text, text);
    cJSON_free(text);
    cJSON_Delete(value);
}

static void begin_member(Writer *writer, int depth, const char *name)
{
    indent(writer, depth);
    append_json(writer, cJSON_CreateStringReference(name));
    g_string_append(writer->text, ": ");
}

static void add_value(Writer *writer, int depth, const char *name, cJSON *value)
{
    begin_member(writer, depth, name);
    append_json(writer, value);
}

static void begin_object(Writer *writer, int depth, const char *name)
{
    begin_member(writer, depth, name);
    g_string_append_c(writer->text, '{');
    writer->first = true;
}

static void end_object(Writer *writer, int depth)
{
    if (!writer->first) {
        g_string_append_c(writer->text, '\n');
        for (int i = 0; i < depth; i++)
            g_string_append_c(writer->text, ' ');
    }
    g_string_append_c(writer->text, '}');
    writer->first = false;
}

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

    add_value(writer, 6, key, part_to_json(part));
}

/* One undated part is what the sums of the suite say; several are kept one by one. */
static void add_parts(Writer *writer, const GArray *parts)
{
    const TpsRuntimePart *part = (const TpsRuntimePart *)(const void *)parts->data;

    if (parts->len == 0 || (parts->len == 1 && part->run == 0))
        return;
    if (part->run == 0) {
        cJSON *array = cJSON_CreateArray();

        for (guint i = 0; i < parts->len; i++)
            cJSON_AddItemToArray(array, part_to_json(&part[i]));
        add_value(writer, 4, "undated", array);
        return;
    }
    begin_object(writer, 4, "runs");
    for (guint i = 0; i < parts->len; i++)
        add_part(writer, &part[i]);
    end_object(writer, 4);
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

static void add_testcases(Writer *writer, const TpsTable *table)
{
    if (table->records->len == 0)
        return;
    begin_object(writer, 4, "testcases");
    for (guint i = 0; i < table->records->len; i++) {
        const TpsRecord *record = &g_array_index(table->records, TpsRecord, i);

        if (!says_something(record))
            continue;
        add_value(writer, 6, record->id, testcase_to_json(writer, table, record));
    }
    end_object(writer, 4);
}

static int64_t sum_of_levels(const TpsTable *table)
{
    int64_t sum = 0;

    for (guint i = 0; i < table->records->len; i++) {
        const TpsRecord *record = &g_array_index(table->records, TpsRecord, i);

        if (record->n_samples)
            sum += tps_samples_level(&g_array_index(table->samples, TpsSample, record->first),
                                     record->n_samples);
    }
    return sum;
}

/* What Testplan reads. */
static void add_sums(Writer *writer, const TpsTable *table)
{
    TpsSuiteLevel level;
    int64_t count;

    tps_suite_level(writer->data, table->name, &level);
    count = level.testcase_count;
    if (table->records->len > 0 && level.execution_us == TPS_RUNTIME_UNKNOWN)
        level.execution_us = sum_of_levels(table);
    if (count == TPS_RUNTIME_UNKNOWN && table->records->len > 0)
        count = table->records->len;
    add_value(writer, 4, "execution_time",
              cJSON_CreateNumber(tps_us_to_seconds(MAX(level.execution_us, 0))));
    add_value(writer, 4, "setup_time",
              cJSON_CreateNumber(tps_us_to_seconds(MAX(level.setup_us, 0))));
    add_value(writer, 4, "teardown_time",
              cJSON_CreateNumber(tps_us_to_seconds(MAX(level.teardown_us, 0))));
    if (count != TPS_RUNTIME_UNKNOWN)
        add_value(writer, 4, "testcase_count", cJSON_CreateNumber((double)count));
}

static int compare_members(const void *a, const void *b)
{
    return strcmp((*(const cJSON *const *)a)->string, (*(const cJSON *const *)b)->string);
}

static void add_unknown(Writer *writer, int depth, const cJSON *unknown)
{
    g_autoptr(GPtrArray) members = g_ptr_array_new();

    for (cJSON *member = unknown ? unknown->child : NULL; member; member = member->next)
        g_ptr_array_add(members, member);
    g_ptr_array_sort(members, compare_members);
    for (guint i = 0; i < members->len; i++) {
        const cJSON *member = g_ptr_array_index(members, i);

        add_value(writer, depth, member->string, cJSON_Duplicate(member, true));
    }
}

static void add_suite(Writer *writer, const TpsTable *table)
{
    begin_object(writer, 2, table->name);
    add_sums(writer, table);
    add_unknown(writer, 4, table->unknown);
    add_parts(writer, table->parts);
    add_testcases(writer, table);
    end_object(writer, 2);
}

char *tps_runtime_data_text(const TpsRuntimeData *data)
{
    Writer writer = {.data = data, .text = g_string_new("{"), .first = true};

    add_unknown(&writer, 2, data->unknown);
    for (guint i = 0; i < data->tables->len; i++)
        add_suite(&writer, g_ptr_array_index(data->tables, i));
    end_object(&writer, 0);
    g_string_append_c(writer.text, '\n');
    return g_string_free(writer.text, FALSE);
}
