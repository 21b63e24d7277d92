/* SPDX-License-Identifier: MIT */
#include "core/error.h"
#include "core/names.h"
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
    return tps_unknown_unite(unknown, NULL);
}

/* One file while it is read. */
typedef struct {
    TpsRuntimeData *data;
    GHashTable *runs; /* key -> number                                          */
    GArray *last_use; /* of guint by run: the last testcase that named it, from 1 */
    guint n_objects;  /* testcases so far that are objects                      */
} Reader;

/* The number of a run of this file: runs are appended as they are met, and sorted by a merge. */
static bool read_run(const Reader *reader, const char *key, uint32_t *run, GError **error)
{
    TpsRunKey entry;
    gpointer number;

    if (!tps_run_key_is(key)) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "'%s' does not name a run", key);
        return false;
    }
    if (!g_hash_table_lookup_extended(reader->runs, key, NULL, &number)) {
        number = GUINT_TO_POINTER(reader->data->runs->len);
        g_strlcpy(entry.key, key, sizeof entry.key);
        g_array_append_val(reader->data->runs, entry);
        g_array_set_size(reader->last_use, reader->data->runs->len);
        g_hash_table_insert(reader->runs, g_strdup(key), number);
    }
    *run = GPOINTER_TO_UINT(number);
    return true;
}

static void append_sample(TpsTable *table, uint32_t run, int64_t us)
{
    TpsSample sample = {.run = run, .us = us};

    g_array_append_val(table->samples, sample);
}

static bool read_last(const Reader *reader, TpsTable *table, const cJSON *last, GError **error)
{
    const cJSON *member;

    cJSON_ArrayForEach(member, last)
    {
        uint32_t run;
        int64_t us;

        if (!read_run(reader, member->string, &run, error) || !tps_json_seconds(member, &us, error))
            return false;
        if (g_array_index(reader->last_use, guint, run) == reader->n_objects)
            return fail_twice(error, member->string);
        g_array_index(reader->last_use, guint, run) = reader->n_objects;
        append_sample(table, run, us);
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

/* A member that must be of that kind when it is there at all; `value` is NULL when it is not. */
static bool maybe_container(const cJSON *object, const char *key, int kind, const cJSON **value,
                            GError **error)
{
    *value = cJSON_GetObjectItemCaseSensitive(object, key);
    if (cJSON_IsNull(*value))
        *value = NULL;
    if (!*value || ((*value)->type & kind))
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "'%s' must be %s", key,
                kind == cJSON_Object ? "an object" : "a list");
    return false;
}

/* Samples where there are some, else the mean is one, unless it stands for a skipped testcase. */
static bool read_samples(const Reader *reader, TpsTable *table, const cJSON *object, bool skipped,
                         GError **error)
{
    const cJSON *last;
    const cJSON *undated;
    int64_t us;

    if (!maybe_container(object, "last", cJSON_Object, &last, error) ||
        !maybe_container(object, "undated", cJSON_Array, &undated, error))
        return false;
    if (last && last->child)
        return read_last(reader, table, last, error);
    if (undated && undated->child)
        return read_undated(table, undated, error);
    if (!tps_json_get_seconds(object, "mean", &us, error))
        return false;
    if (!skipped)
        append_sample(table, 0, us);
    return true;
}

static bool read_object(Reader *reader, TpsTable *table, const char *id, cJSON *object,
                        GError **error)
{
    bool skipped = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(object, "skipped"));
    const char *seen_key;
    uint32_t seen = 0;
    guint before = table->samples->len;
    cJSON *unknown;

    reader->n_objects++;
    if (!read_samples(reader, table, object, skipped, error) ||
        !tps_json_maybe_string(object, "seen", NULL, &seen_key, error) ||
        (seen_key && !read_run(reader, seen_key, &seen, error)))
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
static bool read_testcase(Reader *reader, TpsTable *table, const char *name, cJSON *value,
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

static bool sort(const Reader *reader, TpsTable *table, GError **error)
{
    const char *twice = tps_table_sort(table, reader->data->runs);

    return twice ? fail_twice(error, twice) : true;
}

static bool read_testcases(Reader *reader, const cJSON *object, TpsTable *table, GError **error)
{
    cJSON *member;

    cJSON_ArrayForEach(member, object)
    {
        if (!read_testcase(reader, table, member->string, member, error)) {
            g_prefix_error(error, "'%s': ", member->string);
            return false;
        }
    }
    return sort(reader, table, error);
}

/* Of a run; it may not know everything. */
static bool read_dated(const cJSON *object, TpsRuntimePart *part, GError **error)
{
    const int64_t none = TPS_RUNTIME_UNKNOWN;

    return tps_json_maybe_seconds(object, "execution_time", none, &part->execution_us, error) &&
           tps_json_maybe_seconds(object, "setup_time", none, &part->setup_us, error) &&
           tps_json_maybe_seconds(object, "teardown_time", none, &part->teardown_us, error) &&
           tps_json_maybe_int(object, "testcase_count", 0, COUNT_MAX, none, &part->testcase_count,
                              error) &&
           tps_json_maybe_seconds(object, "wall_time", none, &part->wall_us, error) &&
           tps_json_maybe_seconds(object, "planned_time", none, &part->planned_us, error) &&
           tps_json_maybe_seconds(object, "guessed_time", 0, &part->guessed_us, error) &&
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

    if (space && !tps_part_parse(space + 1, &tuple, NULL))
        return fail(error, "the part of a run is named \"RUN M,N\" with 0 <= M < N");
    part->index = tuple.index;
    part->count = tuple.count;
    return read_run(reader, run_key, &part->run, error);
}

static bool read_run_part(const Reader *reader, const cJSON *member, GHashTable *keys,
                          TpsTable *table, GError **error)
{
    TpsRuntimePart part;

    if (!g_hash_table_add(keys, member->string))
        return fail(error, "it is in it twice");
    if (!cJSON_IsObject(member))
        return fail(error, "must be an object");
    if (!read_part_key(reader, member->string, &part, error) || !read_dated(member, &part, error))
        return false;
    g_array_append_val(table->parts, part);
    return true;
}

static bool read_runs(const Reader *reader, const cJSON *runs, TpsTable *table, GError **error)
{
    g_autoptr(GHashTable) keys = g_hash_table_new(g_str_hash, g_str_equal);
    const cJSON *member;

    cJSON_ArrayForEach(member, runs)
    {
        if (!read_run_part(reader, member, keys, table, error)) {
            g_prefix_error(error, "'%s': ", member->string);
            return false;
        }
    }
    return true;
}

/* Testplan's four numbers, from a time that nobody knows. */
static bool read_sums(const cJSON *object, TpsTable *table, GError **error)
{
    const int64_t none = TPS_RUNTIME_UNKNOWN;
    TpsRuntimePart part = {
        .count = 1, .wall_us = none, .planned_us = none, .cpu_us = none, .peak_bytes = none};

    if (!tps_json_get_seconds(object, "execution_time", &part.execution_us, error) ||
        !tps_json_get_seconds(object, "setup_time", &part.setup_us, error) ||
        !tps_json_maybe_seconds(object, "teardown_time", 0, &part.teardown_us, error) ||
        !tps_json_maybe_int(object, "testcase_count", 0, COUNT_MAX, none, &part.testcase_count,
                            error))
        return false;
    g_array_append_val(table->parts, part);
    return true;
}

static bool read_undated_parts(const cJSON *array, TpsTable *table, GError **error)
{
    const cJSON *element;

    cJSON_ArrayForEach(element, array)
    {
        if (!read_sums(element, table, error))
            return false;
    }
    return true;
}

/* Where single runs are kept, even none, the sums are made from them. */
static bool read_parts(const Reader *reader, const cJSON *object, TpsTable *table, GError **error)
{
    const cJSON *runs;
    const cJSON *undated;

    if (!maybe_container(object, "runs", cJSON_Object, &runs, error) ||
        !maybe_container(object, "undated", cJSON_Array, &undated, error))
        return false;
    if (runs)
        return read_runs(reader, runs, table, error);
    if (undated)
        return read_undated_parts(undated, table, error);
    return read_sums(object, table, error);
}

static bool read_suite(Reader *reader, cJSON *object, TpsTable *table, GError **error)
{
    const cJSON *testcases = cJSON_GetObjectItemCaseSensitive(object, "testcases");

    if (!read_parts(reader, object, table, error))
        return false;
    if (cJSON_IsObject(testcases) && !read_testcases(reader, testcases, table, error))
        return false;
    if (testcases && !cJSON_IsObject(testcases) && !cJSON_IsNull(testcases))
        return fail(error, "'testcases' must be an object of names and times");
    table->unknown = take_unknown(object, suite_keys);
    return true;
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
    return tps_unknown_unite(unknown, NULL);
}

static GPtrArray *members_of(const cJSON *root)
{
    GPtrArray *members = g_ptr_array_new();
    cJSON *member;

    cJSON_ArrayForEach(member, root) g_ptr_array_add(members, member);
    return members;
}

static const char **names_of(const GPtrArray *members)
{
    const char **names = g_new(const char *, members->len);

    for (guint i = 0; i < members->len; i++)
        names[i] = ((const cJSON *)g_ptr_array_index(members, i))->string;
    return names;
}

/* In the order of their names, so that each is added at the end. */
static bool read_testplan(Reader *reader, cJSON *root, GError **error)
{
    g_autoptr(GPtrArray) members = NULL;
    g_autofree const char **names = NULL;
    g_autofree uint32_t *order = NULL;

    reader->data->unknown = take_scalars(root);
    members = members_of(root);
    names = names_of(members);
    order = g_new(uint32_t, members->len);
    tps_names_order(names, members->len, order);
    for (guint i = 0; i < members->len; i++) {
        const char *name = names[order[i]];

        if (i > 0 && strcmp(name, names[order[i - 1]]) == 0)
            return fail_twice(error, name);
        if (!read_suite(reader, g_ptr_array_index(members, order[i]),
                        tps_runtime_data_add_table(reader->data, name), error)) {
            g_prefix_error(error, "'%s': ", name);
            return false;
        }
    }
    return true;
}

/* The form that pytest-split wrote first: a list of pairs. */
static bool read_pairs(Reader *reader, const cJSON *root, TpsTable *table, GError **error)
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
    return sort(reader, table, error);
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

static bool read_root(Reader *reader, cJSON *root, GError **error)
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
    g_autoptr(GArray) last_use = g_array_new(FALSE, TRUE, sizeof(guint));
    Reader reader = {.data = file, .runs = runs, .last_use = last_use};

    if (!root)
        return false;
    if (!read_root(&reader, root, error)) {
        g_prefix_error(error, "cannot read '%s': ", path);
        return false;
    }
    g_ptr_array_add(file->sources, describe(file, path));
    tps_runtime_data_probe(file, path);
    tps_runtime_data_merge(data, file);
    return true;
}
