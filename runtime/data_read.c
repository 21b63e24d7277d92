/* SPDX-License-Identifier: MIT */
#include "core/error.h"
#include "formats/json.h"
#include "runtime/run_key.h"
#include "runtime/store_internal.h"

#include <string.h>

#define COUNT_MAX 1000000000
#define BYTES_MAX (INT64_C(1) << 52)

/* The keys of a suite and of a testcase that we know; all others are kept and ignored. */
static const char *const suite_keys[] = {"execution_time", "setup_time", "teardown_time",
                                         "testcase_count", "testcases",  "runs",
                                         "undated",        NULL};
static const char *const testcase_keys[] = {"mean", "spread",  "count",   "last",
                                            "seen", "undated", "skipped", NULL};

static bool fail(GError **error, const char *what)
{
    g_set_error_literal(error, TPS_ERROR, TPS_ERROR_INPUT, what);
    return false;
}

static bool fail_twice(GError **error, const char *name)
{
    g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "'%s' is in it twice", name);
    return false;
}

/* What of an object nobody here knows, taken out of it; NULL when there is nothing. */
static cJSON *take_unknown(cJSON *object, const char *const *keys)
{
    cJSON *unknown = NULL;
    cJSON *next;

    for (cJSON *member = object->child; member; member = next) {
        next = member->next;
        if (g_strv_contains(keys, member->string))
            continue;
        if (!unknown)
            unknown = cJSON_CreateObject();
        cJSON_AddItemToArray(unknown, cJSON_DetachItemViaPointer(object, member));
    }
    return unknown;
}

/* The number of a run of this file: runs are appended as they are met, and sorted by a merge. */
static bool read_run(TpsRuntimeData *data, GHashTable *runs, const char *key, uint32_t *run,
                     GError **error)
{
    TpsRunKey entry;
    gpointer number;

    if (!tps_run_key_is(key)) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "'%s' does not name a run", key);
        return false;
    }
    if (!g_hash_table_lookup_extended(runs, key, NULL, &number)) {
        number = GUINT_TO_POINTER(data->runs->len);
        g_strlcpy(entry.key, key, sizeof entry.key);
        g_array_append_val(data->runs, entry);
        g_hash_table_insert(runs, g_strdup(key), number);
    }
    *run = GPOINTER_TO_UINT(number);
    return true;
}

/* One file while it is read. */
typedef struct {
    TpsRuntimeData *data;
    GHashTable *runs; /* key -> number */
} Reader;

static void append_sample(TpsTable *table, uint32_t run, int64_t us)
{
    TpsSample sample = {.run = run, .us = us};

    g_array_append_val(table->samples, sample);
}

static bool read_last(const Reader *reader, TpsTable *table, const cJSON *last, uint32_t *seen,
                      GError **error)
{
    const cJSON *member;

    cJSON_ArrayForEach(member, last)
    {
        uint32_t run;
        int64_t us;

        if (!read_run(reader->data, reader->runs, member->string, &run, error) ||
            !tps_json_seconds(member, &us, error))
            return false;
        append_sample(table, run, us);
        *seen = run;
    }
    return true;
}

static bool read_undated(TpsTable *table, const cJSON *undated, GError **error)
{
    const cJSON *value;

    cJSON_ArrayForEach(value, undated)
    {
        int64_t us;

        if (!tps_json_seconds(value, &us, error))
            return false;
        append_sample(table, 0, us);
    }
    return true;
}

/* Samples where there are some, else the mean is one, unless it stands for a skipped testcase. */
static bool read_samples(const Reader *reader, TpsTable *table, const cJSON *object, bool skipped,
                         uint32_t *seen, GError **error)
{
    const cJSON *last = cJSON_GetObjectItemCaseSensitive(object, "last");
    const cJSON *undated = cJSON_GetObjectItemCaseSensitive(object, "undated");
    int64_t us;

    if (cJSON_IsObject(last))
        return read_last(reader, table, last, seen, error);
    if (cJSON_IsArray(undated))
        return read_undated(table, undated, error);
    if (!tps_json_get_seconds(object, "mean", &us, error))
        return false;
    if (!skipped)
        append_sample(table, 0, us);
    return true;
}

static bool read_object(const Reader *reader, TpsTable *table, const char *id, cJSON *object,
                        GError **error)
{
    bool skipped = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(object, "skipped"));
    const char *seen_key;
    uint32_t seen = 0;
    guint before = table->samples->len;
    cJSON *unknown;

    if (!read_samples(reader, table, object, skipped, &seen, error) ||
        !tps_json_maybe_string(object, "seen", NULL, &seen_key, error) ||
        (seen_key && !read_run(reader->data, reader->runs, seen_key, &seen, error)))
        return false;
    tps_table_add(table, id, table->samples->len - before, seen, skipped);
    unknown = take_unknown(object, testcase_keys);
    if (unknown && !table->notes)
        table->notes =
            g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)cJSON_Delete);
    if (unknown)
        g_hash_table_insert(table->notes, (gpointer)id, unknown);
    return true;
}

/* Seconds, or an object. */
static bool read_testcase(const Reader *reader, TpsTable *table, const char *name, cJSON *value,
                          GError **error)
{
    const char *id = tps_string_pool_add(reader->data->names, name);
    int64_t us;

    if (cJSON_IsObject(value))
        return read_object(reader, table, id, value, error);
    if (!tps_json_seconds(value, &us, error))
        return false;
    append_sample(table, 0, us);
    tps_table_add(table, id, 1, 0, false);
    return true;
}

static bool settle(TpsTable *table, GError **error)
{
    const char *twice = tps_table_settle(table);

    return twice ? fail_twice(error, twice) : true;
}

static bool read_testcases(const Reader *reader, const cJSON *object, TpsTable *table,
                           GError **error)
{
    cJSON *member;

    cJSON_ArrayForEach(member, object)
    {
        if (!read_testcase(reader, table, member->string, member, error)) {
            g_prefix_error(error, "'%s': ", member->string);
            return false;
        }
    }
    return settle(table, error);
}

static bool read_part(const cJSON *object, bool dated, TpsRuntimePart *part, GError **error)
{
    const int64_t none = TPS_RUNTIME_UNKNOWN;

    return tps_json_get_seconds(object, "execution_time", &part->execution_us, error) &&
           tps_json_get_seconds(object, "setup_time", &part->setup_us, error) &&
           tps_json_maybe_seconds(object, "teardown_time", dated ? none : 0, &part->teardown_us,
                                  error) &&
           tps_json_maybe_int(object, "testcase_count", 0, COUNT_MAX, none, &part->testcase_count,
                              error) &&
           tps_json_maybe_seconds(object, "wall_time", none, &part->wall_us, error) &&
           tps_json_maybe_seconds(object, "planned_time", none, &part->planned_us, error) &&
           tps_json_maybe_seconds(object, "guessed_time", none, &part->guessed_us, error) &&
           tps_json_maybe_seconds(object, "cpu_time", none, &part->cpu_us, error) &&
           tps_json_maybe_int(object, "peak_memory", 0, BYTES_MAX, none, &part->peak_bytes, error);
}

/* "20261121T113243-3f2a9c1b", or with a part tuple behind it. */
static bool read_part_key(const Reader *reader, const char *key, TpsRuntimePart *part,
                          GError **error)
{
    const char *space = strchr(key, ' ');
    g_autofree char *run_key = space ? g_strndup(key, (gsize)(space - key)) : g_strdup(key);
    TpsPart tuple = {.index = 0, .count = 1};

    if (space && !tps_part_parse(space + 1, &tuple, error))
        return false;
    part->index = tuple.index;
    part->count = tuple.count;
    return read_run(reader->data, reader->runs, run_key, &part->run, error);
}

static bool read_runs(const Reader *reader, const cJSON *runs, TpsTable *table, GError **error)
{
    const cJSON *member;

    cJSON_ArrayForEach(member, runs)
    {
        TpsRuntimePart part;

        if (!read_part_key(reader, member->string, &part, error) ||
            !read_part(member, true, &part, error)) {
            g_prefix_error(error, "'%s': ", member->string);
            return false;
        }
        g_array_append_val(table->parts, part);
    }
    return true;
}

static bool read_undated_part(const cJSON *object, TpsTable *table, GError **error)
{
    TpsRuntimePart part = {.run = 0, .index = 0, .count = 1};

    if (!read_part(object, false, &part, error))
        return false;
    g_array_append_val(table->parts, part);
    return true;
}

static bool read_undated_parts(const cJSON *array, TpsTable *table, GError **error)
{
    const cJSON *element;

    cJSON_ArrayForEach(element, array)
    {
        if (!read_undated_part(element, table, error))
            return false;
    }
    return true;
}

/* Where single runs are kept, the sums are made from them. */
static bool read_parts(const Reader *reader, const cJSON *object, TpsTable *table, GError **error)
{
    const cJSON *runs = cJSON_GetObjectItemCaseSensitive(object, "runs");
    const cJSON *undated = cJSON_GetObjectItemCaseSensitive(object, "undated");

    if (cJSON_IsObject(runs))
        return read_runs(reader, runs, table, error);
    if (cJSON_IsArray(undated))
        return read_undated_parts(undated, table, error);
    return read_undated_part(object, table, error);
}

static bool read_suite(const Reader *reader, cJSON *object, TpsTable *table, GError **error)
{
    const cJSON *testcases = cJSON_GetObjectItemCaseSensitive(object, "testcases");

    if (!read_parts(reader, object, table, error))
        return false;
    if (cJSON_IsObject(testcases) && !read_testcases(reader, testcases, table, error))
        return false;
    if (testcases && !cJSON_IsObject(testcases) && !cJSON_IsNull(testcases))
        return fail(error, "'testcases' must be an object of names and times");
    table->unknown = take_unknown(object, suite_keys);
    return testcases ? true : settle(table, error);
}

/* Members that are no objects are keys of another version: kept, and ignored. */
static cJSON *take_scalars(cJSON *root)
{
    cJSON *unknown = NULL;
    cJSON *next;

    for (cJSON *member = root->child; member; member = next) {
        next = member->next;
        if (cJSON_IsObject(member))
            continue;
        if (!unknown)
            unknown = cJSON_CreateObject();
        cJSON_AddItemToArray(unknown, cJSON_DetachItemViaPointer(root, member));
    }
    return unknown;
}

static bool read_testplan(const Reader *reader, cJSON *root, GError **error)
{
    cJSON *member;

    reader->data->unknown = take_scalars(root);
    cJSON_ArrayForEach(member, root)
    {
        guint n_tables = reader->data->tables->len;
        TpsTable *table = tps_runtime_data_add_table(reader->data, member->string);

        if (reader->data->tables->len == n_tables)
            return fail_twice(error, member->string);
        if (!read_suite(reader, member, table, error)) {
            g_prefix_error(error, "'%s': ", member->string);
            return false;
        }
    }
    return true;
}

/* The form that pytest-split wrote first: a list of pairs. */
static bool read_pairs(const Reader *reader, const cJSON *root, TpsTable *table, GError **error)
{
    const cJSON *pair;

    cJSON_ArrayForEach(pair, root)
    {
        const cJSON *name = cJSON_GetArrayItem(pair, 0);

        if (cJSON_GetArraySize(pair) != 2 || !cJSON_IsString(name))
            return fail(error, "a list is expected to hold pairs of a name and seconds");
        if (!read_testcase(reader, table, name->valuestring, cJSON_GetArrayItem(pair, 1), error)) {
            g_prefix_error(error, "'%s': ", name->valuestring);
            return false;
        }
    }
    return settle(table, error);
}

static bool has_object(const cJSON *root)
{
    const cJSON *member;

    cJSON_ArrayForEach(member, root)
    {
        if (cJSON_IsObject(member))
            return true;
    }
    return false;
}

static bool has_node_ids(const TpsTable *table)
{
    for (guint i = 0; i < table->records->len; i++)
        if (strstr(g_array_index(table->records, TpsRecord, i).id, "::"))
            return true;
    return false;
}

static bool read_root(const Reader *reader, cJSON *root, GError **error)
{
    bool flat = cJSON_IsArray(root) || (root->child && !has_object(root));
    TpsTable *unowned = reader->data->unowned;

    if (!flat && !cJSON_IsObject(root))
        return fail(error, "it is neither Testplan's, pytest-split's nor knapsack's data");
    if (!flat)
        return read_testplan(reader, root, error);
    if (!(cJSON_IsArray(root) ? read_pairs(reader, root, unowned, error)
                              : read_testcases(reader, root, unowned, error)))
        return false;
    if (unowned->records->len > 0)
        reader->data->unowned_name = has_node_ids(unowned) ? "pytest" : "knapsack";
    return true;
}

static guint count_testcases(const TpsRuntimeData *data)
{
    guint n = 0;

    for (guint i = 0; i < data->tables->len; i++)
        n += ((const TpsTable *)g_ptr_array_index(data->tables, i))->records->len;
    return n;
}

/* Only the file's own name goes into a plan: the same data gives the same plan from any directory.
 */
static char *describe(const TpsRuntimeData *data, const char *path)
{
    g_autofree char *name = g_path_get_basename(path);
    guint n_unowned = data->unowned->records->len;

    if (n_unowned == 0)
        return g_strdup_printf("%s: Testplan runtime data, %u suites, %u testcases", name,
                               data->tables->len, count_testcases(data));
    if (strcmp(data->unowned_name, "pytest") == 0)
        return g_strdup_printf("%s: pytest-split durations, %u testcases", name, n_unowned);
    return g_strdup_printf("%s: knapsack report, %u files", name, n_unowned);
}

bool tps_runtime_data_load(TpsRuntimeData *data, const char *path, GError **error)
{
    g_autoptr(TpsRuntimeData) file = tps_runtime_data_new();
    g_autoptr(GHashTable) runs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(cJSON) root = tps_json_load(path, error);
    Reader reader = {.data = file, .runs = runs};

    if (!root)
        return false;
    if (!read_root(&reader, root, error)) {
        g_prefix_error(error, "cannot read '%s': ", path);
        return false;
    }
    g_ptr_array_add(file->sources, describe(file, path));
    tps_runtime_data_merge(data, file);
    return true;
}
