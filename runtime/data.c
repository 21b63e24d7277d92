/* SPDX-License-Identifier: MIT */
#include "runtime/data.h"

#include "core/error.h"
#include "core/names.h"
#include "formats/json.h"

#include <string.h>

#define COUNT_MAX 1000000000

/* A mean that can be added to in any order. */
typedef struct {
    int64_t sum;
    int64_t n;
} Mean;

typedef struct {
    Mean execution;
    Mean setup;
    Mean teardown;
    Mean count;
    GHashTable *testcases; /* char* -> Mean* */
} Suite;

struct TpsRuntimeData {
    GHashTable *suites;  /* char* -> Suite*                                   */
    GHashTable *unowned; /* char* -> Mean*: testcases or files without a suite */
    const char *unowned_name;
    GPtrArray *sources;
};

static int64_t mean_value(const Mean *mean)
{
    return mean->n ? (mean->sum + mean->n / 2) / mean->n : TPS_RUNTIME_UNKNOWN;
}

static void mean_add(Mean *mean, const Mean *other)
{
    mean->sum += other->sum;
    mean->n += other->n;
}

static GHashTable *means_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

static Suite *suite_new(void)
{
    Suite *suite = g_new0(Suite, 1);

    suite->testcases = means_new();
    return suite;
}

static void suite_free(Suite *suite)
{
    g_hash_table_unref(suite->testcases);
    g_free(suite);
}

TpsRuntimeData *tps_runtime_data_new(void)
{
    TpsRuntimeData *data = g_new0(TpsRuntimeData, 1);

    data->suites =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)suite_free);
    data->unowned = means_new();
    data->sources = g_ptr_array_new_with_free_func(g_free);
    return data;
}

void tps_runtime_data_free(TpsRuntimeData *data)
{
    if (!data)
        return;
    g_hash_table_unref(data->suites);
    g_hash_table_unref(data->unowned);
    g_ptr_array_unref(data->sources);
    g_free(data);
}

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

/* Into a table of one file: the same name twice is an error there, and only there. */
static bool add_time(GHashTable *means, const char *name, int64_t us, GError **error)
{
    Mean *mean;

    if (g_hash_table_contains(means, name))
        return fail_twice(error, name);
    mean = g_new0(Mean, 1);
    *mean = (Mean){.sum = us, .n = 1};
    g_hash_table_insert(means, g_strdup(name), mean);
    return true;
}

/* A testcase's time: seconds, or an object with their mean. */
static bool read_time(const cJSON *value, int64_t *us, GError **error)
{
    if (cJSON_IsObject(value))
        return tps_json_get_seconds(value, "mean", us, error);
    return tps_json_seconds(value, us, error);
}

static bool read_times(const cJSON *object, GHashTable *means, GError **error)
{
    const cJSON *member;

    cJSON_ArrayForEach(member, object)
    {
        int64_t us;

        if (!read_time(member, &us, error)) {
            g_prefix_error(error, "'%s': ", member->string);
            return false;
        }
        if (!add_time(means, member->string, us, error))
            return false;
    }
    return true;
}

static void set_mean(Mean *mean, int64_t value)
{
    if (value != TPS_RUNTIME_UNKNOWN)
        *mean = (Mean){.sum = value, .n = 1};
}

static bool read_suite(const cJSON *object, Suite *suite, GError **error)
{
    const cJSON *testcases = cJSON_GetObjectItemCaseSensitive(object, "testcases");
    int64_t execution_us;
    int64_t setup_us;
    int64_t teardown_us;
    int64_t count;

    if (!tps_json_get_seconds(object, "execution_time", &execution_us, error) ||
        !tps_json_get_seconds(object, "setup_time", &setup_us, error) ||
        !tps_json_maybe_seconds(object, "teardown_time", 0, &teardown_us, error) ||
        !tps_json_maybe_int(object, "testcase_count", 0, COUNT_MAX, TPS_RUNTIME_UNKNOWN, &count,
                            error))
        return false;
    set_mean(&suite->execution, execution_us);
    set_mean(&suite->setup, setup_us);
    set_mean(&suite->teardown, teardown_us);
    set_mean(&suite->count, count);
    if (!testcases || cJSON_IsNull(testcases))
        return true;
    if (!cJSON_IsObject(testcases))
        return fail(error, "'testcases' must be an object of names and times");
    return read_times(testcases, suite->testcases, error);
}

/* Members that are no objects are keys of another version: kept in the file, and ignored. */
static bool read_testplan(const cJSON *root, TpsRuntimeData *data, GError **error)
{
    const cJSON *member;

    cJSON_ArrayForEach(member, root)
    {
        Suite *suite;

        if (!cJSON_IsObject(member))
            continue;
        if (g_hash_table_contains(data->suites, member->string))
            return fail_twice(error, member->string);
        suite = suite_new();
        g_hash_table_insert(data->suites, g_strdup(member->string), suite);
        if (!read_suite(member, suite, error)) {
            g_prefix_error(error, "'%s': ", member->string);
            return false;
        }
    }
    return true;
}

/* The form that pytest-split wrote first: a list of pairs. */
static bool read_pairs(const cJSON *root, GHashTable *means, GError **error)
{
    const cJSON *pair;

    cJSON_ArrayForEach(pair, root)
    {
        const cJSON *name = cJSON_GetArrayItem(pair, 0);
        int64_t us;

        if (cJSON_GetArraySize(pair) != 2 || !cJSON_IsString(name))
            return fail(error, "a list is expected to hold pairs of a name and seconds");
        if (!tps_json_seconds(cJSON_GetArrayItem(pair, 1), &us, error)) {
            g_prefix_error(error, "'%s': ", name->valuestring);
            return false;
        }
        if (!add_time(means, name->valuestring, us, error))
            return false;
    }
    return true;
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

static bool has_node_ids(GHashTable *means)
{
    GHashTableIter iter;
    gpointer name;

    g_hash_table_iter_init(&iter, means);
    while (g_hash_table_iter_next(&iter, &name, NULL))
        if (strstr(name, "::"))
            return true;
    return false;
}

static guint count_testcases(const TpsRuntimeData *data)
{
    GHashTableIter iter;
    gpointer suite;
    guint n = 0;

    g_hash_table_iter_init(&iter, data->suites);
    while (g_hash_table_iter_next(&iter, NULL, &suite))
        n += g_hash_table_size(((Suite *)suite)->testcases);
    return n;
}

/* Only the file's own name goes into a plan: the same data gives the same plan from any directory.
 */
static char *describe(const TpsRuntimeData *data, const char *path)
{
    g_autofree char *name = g_path_get_basename(path);
    guint n_suites = g_hash_table_size(data->suites);
    guint n_unowned = g_hash_table_size(data->unowned);

    if (n_unowned == 0)
        return g_strdup_printf("%s: Testplan runtime data, %u suites, %u testcases", name, n_suites,
                               count_testcases(data));
    if (strcmp(data->unowned_name, "pytest") == 0)
        return g_strdup_printf("%s: pytest-split durations, %u testcases", name, n_unowned);
    return g_strdup_printf("%s: knapsack report, %u files", name, n_unowned);
}

static bool read_root(const cJSON *root, TpsRuntimeData *data, GError **error)
{
    bool flat = cJSON_IsArray(root) || (root->child && !has_object(root));

    if (!flat && !cJSON_IsObject(root))
        return fail(error, "it is neither Testplan's, pytest-split's nor knapsack's data");
    if (!flat)
        return read_testplan(root, data, error);
    if (!(cJSON_IsArray(root) ? read_pairs(root, data->unowned, error)
                              : read_times(root, data->unowned, error)))
        return false;
    if (g_hash_table_size(data->unowned) > 0)
        data->unowned_name = has_node_ids(data->unowned) ? "pytest" : "knapsack";
    return true;
}

static void merge_means(GHashTable *into, GHashTable *from)
{
    GHashTableIter iter;
    gpointer name;
    gpointer mean;

    g_hash_table_iter_init(&iter, from);
    while (g_hash_table_iter_next(&iter, &name, &mean)) {
        Mean *known = g_hash_table_lookup(into, name);

        if (known) {
            mean_add(known, mean);
            continue;
        }
        g_hash_table_insert(into, name, mean);
        g_hash_table_iter_steal(&iter);
    }
}

static void merge_suite(Suite *into, const Suite *from)
{
    mean_add(&into->execution, &from->execution);
    mean_add(&into->setup, &from->setup);
    mean_add(&into->teardown, &from->teardown);
    mean_add(&into->count, &from->count);
    merge_means(into->testcases, from->testcases);
}

static void merge_data(TpsRuntimeData *into, TpsRuntimeData *from)
{
    GHashTableIter iter;
    gpointer name;
    gpointer suite;

    g_hash_table_iter_init(&iter, from->suites);
    while (g_hash_table_iter_next(&iter, &name, &suite)) {
        Suite *known = g_hash_table_lookup(into->suites, name);

        if (!known) {
            known = suite_new();
            g_hash_table_insert(into->suites, g_strdup(name), known);
        }
        merge_suite(known, suite);
    }
    merge_means(into->unowned, from->unowned);
    if (from->unowned_name &&
        (!into->unowned_name || strcmp(from->unowned_name, into->unowned_name) > 0))
        into->unowned_name = from->unowned_name;
}

bool tps_runtime_data_load(TpsRuntimeData *data, const char *path, GError **error)
{
    g_autoptr(TpsRuntimeData) file = tps_runtime_data_new();
    g_autoptr(cJSON) root = tps_json_load(path, error);

    if (!root)
        return false;
    if (!read_root(root, file, error)) {
        g_prefix_error(error, "cannot read '%s': ", path);
        return false;
    }
    g_ptr_array_add(data->sources, describe(file, path));
    tps_names_sort(data->sources);
    merge_data(data, file);
    return true;
}

const GPtrArray *tps_runtime_data_sources(const TpsRuntimeData *data)
{
    return data->sources;
}

static GPtrArray *sorted_keys(GHashTable *table)
{
    GPtrArray *names = g_ptr_array_new();
    GHashTableIter iter;
    gpointer name;

    if (table)
        g_hash_table_iter_init(&iter, table);
    while (table && g_hash_table_iter_next(&iter, &name, NULL))
        g_ptr_array_add(names, name);
    tps_names_sort(names);
    return names;
}

GPtrArray *tps_runtime_data_suites(const TpsRuntimeData *data)
{
    GPtrArray *names = sorted_keys(data->suites);

    if (data->unowned_name && !g_hash_table_contains(data->suites, data->unowned_name)) {
        g_ptr_array_add(names, (gpointer)data->unowned_name);
        tps_names_sort(names);
    }
    return names;
}

bool tps_runtime_data_find(const TpsRuntimeData *data, const char *suite, TpsRuntimeSuite *found)
{
    gpointer name;
    gpointer known;
    const Suite *entry;

    if (!g_hash_table_lookup_extended(data->suites, suite, &name, &known))
        return false;
    entry = known;
    *found = (TpsRuntimeSuite){
        .name = name,
        .execution_us = mean_value(&entry->execution),
        .setup_us = mean_value(&entry->setup),
        .teardown_us = mean_value(&entry->teardown),
        .testcase_count = mean_value(&entry->count),
    };
    return true;
}

GPtrArray *tps_runtime_data_testcases(const TpsRuntimeData *data, const char *suite)
{
    const Suite *entry = g_hash_table_lookup(data->suites, suite);

    if (entry)
        return sorted_keys(entry->testcases);
    return sorted_keys(g_strcmp0(suite, data->unowned_name) == 0 ? data->unowned : NULL);
}

int64_t tps_runtime_data_time(const TpsRuntimeData *data, const char *suite, const char *id)
{
    const Suite *entry = g_hash_table_lookup(data->suites, suite);
    const Mean *mean = entry ? g_hash_table_lookup(entry->testcases, id) : NULL;

    if (!mean)
        mean = g_hash_table_lookup(data->unowned, id);
    return mean ? mean_value(mean) : TPS_RUNTIME_UNKNOWN;
}
