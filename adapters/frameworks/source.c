/* SPDX-License-Identifier: MIT */
#include "adapters/frameworks/known_internal.h"
#include "adapters/frameworks/records_internal.h"
#include "core/error.h"
#include "formats/junit.h"

/* Damage is an error where nobody asked what was complete before it. */
static GPtrArray *tell(GPtrArray *records, char *damage, char **problem, GError **error)
{
    if (!damage)
        return records;
    if (problem) {
        *problem = damage;
        return records;
    }
    g_set_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK, "%s", damage);
    g_free(damage);
    g_ptr_array_unref(records);
    return NULL;
}

static GPtrArray *read_json_lines(const TpsSource *source, const char *text, size_t length,
                                  char **problem, GError **error)
{
    bool torn = false;
    GPtrArray *records = tps_records_from_json_lines(
        text, length, (const char *const *)source->fields, &torn, error);

    if (!records)
        return NULL;
    return tell(records, torn ? g_strdup("its last line is torn") : NULL, problem, error);
}

void tps_record_from_junit(GHashTable *record, const TpsJunitSuite *suite,
                           const TpsJunitCase *testcase)
{
    g_autofree char *line = testcase->result->line
                                ? g_strdup_printf("%" G_GINT64_FORMAT, testcase->result->line)
                                : NULL;
    const struct {
        const char *name;
        const char *value;
    } fields[] = {
        {"suite", suite->name},
        {"classname", testcase->classname},
        {"name", testcase->name},
        {"status", testcase->status},
        {"line", line},
        {"file", testcase->result->file},
        {"message", testcase->result->message},
    };

    for (guint i = 0; i < testcase->properties->len; i++) {
        const TpsProperty *property = g_ptr_array_index(testcase->properties, i);

        tps_record_set(record, property->name, property->value);
    }
    if (tps_properties_find(testcase->properties, "tpsched.id"))
        tps_record_set(record, "id", testcase->result->id);
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
        if (fields[i].value)
            tps_record_set(record, fields[i].name, fields[i].value);
}

static void add_suite(GPtrArray *records, const TpsJunitSuite *suite)
{
    for (guint i = 0; i < suite->cases->len; i++) {
        GHashTable *record = tps_record_new();

        tps_record_from_junit(record, suite, g_ptr_array_index(suite->cases, i));
        g_ptr_array_add(records, record);
    }
}

static GPtrArray *read_junit(const char *text, size_t length, char **problem, GError **error)
{
    g_autoptr(TpsJunit) junit = tps_junit_parse(text, length);
    GPtrArray *records = tps_records_new();

    for (guint i = 0; i < junit->suites->len; i++)
        add_suite(records, g_ptr_array_index(junit->suites, i));
    return tell(records, g_strdup(junit->problem), problem, error);
}

GPtrArray *tps_source_read(const TpsSource *source, const char *text, size_t length, char **problem,
                           GError **error)
{
    const char *const *fields = (const char *const *)source->fields;
    GPtrArray *records;
    char *damage = NULL;

    switch (source->reader) {
    case TPS_READER_LINES:
        return tps_records_from_lines(text, length, source->pattern, error);
    case TPS_READER_JSON:
        return tps_records_from_json(text, length, source->records ? source->records : "", fields,
                                     error);
    case TPS_READER_JSON_LINES:
        return read_json_lines(source, text, length, problem, error);
    case TPS_READER_XML:
        records = tps_records_from_xml(text, length, source->records ? source->records : "testcase",
                                       fields, &damage);
        return tell(records, damage, problem, error);
    case TPS_READER_JUNIT:
        return read_junit(text, length, problem, error);
    case TPS_READER_TAP:
        records = tps_records_from_tap(text, length, &damage);
        return tell(records, damage, problem, error);
    case TPS_READER_GO_TEST:
        return tps_records_from_go(text, length, error);
    case TPS_READER_CTEST:
        return tps_records_from_ctest(text, length, error);
    case TPS_READER_CHECK:
        records = tps_records_from_check(text, length, &damage);
        return tell(records, damage, problem, error);
    case TPS_READER_NONE:
    case TPS_READER_EXIT:
    case TPS_READER_JOURNAL:
        break;
    }
    g_assert_not_reached();
}
