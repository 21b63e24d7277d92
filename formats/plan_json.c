/* SPDX-License-Identifier: MIT */
#include "formats/plan_json.h"

#include "core/duration.h"
#include "core/error.h"
#include "core/saturate.h"
#include "formats/filter_json.h"
#include "formats/json.h"
#include "formats/json_writer.h"
#include "formats/needs_json.h"

#include <string.h>

#define COUNT_MAX 1000000000
#define MEMORY_MAX INT64_C(1000000000000000000)
#define AGE_MAX_S (INT64_C(100) * 366 * 24 * 3600)

static void write_part(TpsJsonWriter *writer, TpsPart part)
{
    if (part.count <= 1) {
        tps_json_writer_value(writer, "part", cJSON_CreateNull());
        return;
    }
    tps_json_writer_begin(writer, "part", '[');
    tps_json_writer_int(writer, NULL, part.index);
    tps_json_writer_int(writer, NULL, part.count);
    tps_json_writer_end(writer, ']');
}

static void write_task(TpsJsonWriter *writer, const TpsTask *task)
{
    tps_json_writer_row_begin(writer);
    tps_json_writer_string(writer, "suite", task->suite);
    write_part(writer, task->part);
    tps_json_writer_seconds(writer, "weight", task->weight_us);
    tps_json_writer_seconds(writer, "setup_time", task->setup_us);
    tps_json_writer_seconds(writer, "execution_time", task->execution_us);
    tps_json_writer_seconds(writer, "teardown_time", task->teardown_us);
    tps_json_writer_seconds(writer, "guessed_time", task->guessed_us);
    tps_json_writer_int(writer, "testcase_count", task->n_testcases);
    if (task->testcases)
        tps_json_writer_row_strings(writer, "testcases", task->testcases);
    tps_json_writer_int(writer, "worker", task->worker);
    tps_json_writer_seconds(writer, "start", task->start_us);
    tps_json_writer_row_end(writer);
}

static void write_suite(TpsJsonWriter *writer, const TpsPlanSuite *suite)
{
    tps_json_writer_row_begin(writer);
    tps_json_writer_string(writer, "name", suite->name);
    tps_json_writer_int(writer, "parts", suite->parts);
    tps_json_writer_string(writer, "evidence", tps_evidence_name(suite->evidence));
    tps_json_writer_int(writer, "testcase_count", suite->n_testcases);
    tps_json_writer_int(writer, "measured", suite->n_measured);
    tps_json_writer_int(writer, "guessed", suite->n_guessed);
    tps_json_writer_seconds(writer, "measured_time", suite->measured_us);
    tps_json_writer_seconds(writer, "guessed_time", suite->guessed_us);
    tps_json_writer_int(writer, "age", suite->age_s);
    if (!tps_needs_are_trivial(suite->needs))
        tps_json_writer_value(writer, "needs", tps_needs_to_json(suite->needs));
    tps_json_writer_strings(writer, "notes", suite->notes);
    tps_json_writer_row_end(writer);
}

static cJSON *evidence_to_json(const TpsPlan *plan)
{
    cJSON *object = cJSON_CreateObject();
    guint n_measured = 0;
    guint n_guessed = 0;
    int64_t measured_us = 0;
    int64_t guessed_us = 0;

    for (guint i = 0; i < plan->suites->len; i++) {
        const TpsPlanSuite *suite = g_ptr_array_index(plan->suites, i);

        n_measured += suite->n_measured;
        n_guessed += suite->n_guessed;
        measured_us = tps_add_sat(measured_us, suite->measured_us);
        guessed_us = tps_add_sat(guessed_us, suite->guessed_us);
    }
    cJSON_AddNumberToObject(object, "measured", n_measured);
    cJSON_AddNumberToObject(object, "guessed", n_guessed);
    tps_json_add_seconds(object, "measured_time", measured_us);
    tps_json_add_seconds(object, "guessed_time", guessed_us);
    tps_json_add_strings(object, "sources", plan->sources);
    return object;
}

static cJSON *pool_to_json(const TpsPlan *plan)
{
    cJSON *pool = cJSON_CreateObject();

    cJSON_AddStringToObject(pool, "type", "local");
    cJSON_AddNumberToObject(pool, "size", plan->size);
    cJSON_AddNumberToObject(pool, "size_lower_bound", plan->size_lower_bound);
    cJSON_AddStringToObject(pool, "size_by", tps_size_reason_name(plan->size_reason));
    if (plan->memory_bytes > 0)
        cJSON_AddNumberToObject(pool, "memory", (double)plan->memory_bytes);
    if (plan->is_sharded)
        cJSON_AddTrueToObject(pool, "sharded");
    return pool;
}

static void add_probability(cJSON *object, const char *key, int ppm)
{
    if (ppm == TPS_PPM_UNKNOWN)
        cJSON_AddNullToObject(object, key);
    else
        cJSON_AddNumberToObject(object, key, ppm / 1e6);
}

static cJSON *makespan_to_json(const TpsPlan *plan)
{
    cJSON *makespan = cJSON_CreateObject();

    tps_json_add_seconds(makespan, "expected", plan->makespan_us);
    tps_json_add_seconds(makespan, "lower_bound", plan->makespan_lower_bound_us);
    add_probability(makespan, "within_target", plan->within_target_ppm);
    add_probability(makespan, "confidence", plan->confidence_ppm);
    return makespan;
}

static void write_seconds(TpsJsonWriter *writer, const char *name, int64_t us)
{
    tps_json_writer_value(writer, name, cJSON_CreateNumber(tps_us_to_seconds(us)));
}

/* The id is that of the content without the id. */
static void write_plan(TpsJsonWriter *writer, const TpsPlan *plan, bool with_id)
{
    tps_json_writer_begin(writer, NULL, '{');
    tps_json_writer_string(writer, "schema", TPS_PLAN_SCHEMA);
    if (with_id)
        tps_json_writer_string(writer, "id", plan->id);
    tps_json_writer_string(writer, "name", plan->name);
    if (plan->executed)
        tps_json_writer_string(writer, "executed", plan->executed);
    if (plan->filter)
        tps_json_writer_value(writer, "filter", tps_filter_to_json(plan->filter));
    write_seconds(writer, "plan_runtime_target", plan->target_us);
    write_seconds(writer, "auto_part_runtime_limit", plan->limit_us);
    tps_json_writer_value(writer, "pool", pool_to_json(plan));
    if (plan->resources->len > 0)
        tps_json_writer_value(writer, "resources", tps_resources_to_json(plan->resources));
    tps_json_writer_value(writer, "makespan", makespan_to_json(plan));
    tps_json_writer_begin(writer, "suites", '[');
    for (guint i = 0; i < plan->suites->len; i++)
        write_suite(writer, g_ptr_array_index(plan->suites, i));
    tps_json_writer_end(writer, ']');
    tps_json_writer_begin(writer, "tasks", '[');
    for (guint i = 0; i < plan->tasks->len; i++)
        write_task(writer, g_ptr_array_index(plan->tasks, i));
    tps_json_writer_end(writer, ']');
    tps_json_writer_value(writer, "evidence", evidence_to_json(plan));
    tps_json_writer_strings(writer, "notes", plan->notes);
    tps_json_writer_end(writer, '}');
}

/* Over the tree without "id", so that keys of later versions are covered too. */
static char *content_digest(const cJSON *root)
{
    char *text = cJSON_PrintUnformatted(root);
    char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);

    cJSON_free(text);
    return digest;
}

void tps_plan_seal(TpsPlan *plan)
{
    TpsJsonWriter writer = tps_json_writer_new_digest();

    write_plan(&writer, plan, false);
    g_free(plan->id);
    plan->id = tps_json_writer_digest(&writer);
}

char *tps_plan_text(const TpsPlan *plan)
{
    TpsJsonWriter writer = tps_json_writer_new();

    write_plan(&writer, plan, true);
    return tps_json_writer_text(&writer);
}

static bool fail(GError **error, const char *what)
{
    g_set_error_literal(error, TPS_ERROR, TPS_ERROR_INPUT, what);
    return false;
}

static bool read_part(const cJSON *object, TpsPart *part, GError **error)
{
    const cJSON *tuple = cJSON_GetObjectItemCaseSensitive(object, "part");

    *part = (TpsPart){.index = 0, .count = 1};
    if (cJSON_IsNull(tuple) || (tps_json_part(tuple, part) && part->count > 1))
        return true;
    return fail(error, "'part' must be null or [M, N] with 0 <= M < N and N > 1");
}

static bool read_testcases(const cJSON *object, TpsTask *task, GError **error)
{
    if (!cJSON_GetObjectItemCaseSensitive(object, "testcases"))
        return true;
    task->testcases = g_ptr_array_new_with_free_func(g_free);
    if (!tps_json_maybe_strings(object, "testcases", task->testcases, error))
        return false;
    if (task->testcases->len != task->n_testcases)
        return fail(error, "'testcase_count' is not the number of 'testcases'");
    return true;
}

static bool fill_task(const cJSON *object, TpsTask *task, GError **error)
{
    int64_t count;
    int64_t worker;

    if (!tps_json_get_seconds(object, "weight", &task->weight_us, error) ||
        !tps_json_get_seconds(object, "setup_time", &task->setup_us, error) ||
        !tps_json_get_seconds(object, "execution_time", &task->execution_us, error) ||
        !tps_json_get_seconds(object, "teardown_time", &task->teardown_us, error) ||
        !tps_json_get_seconds(object, "start", &task->start_us, error) ||
        !tps_json_maybe_seconds(object, "guessed_time", 0, &task->guessed_us, error) ||
        !tps_json_get_int(object, "testcase_count", 0, COUNT_MAX, &count, error) ||
        !tps_json_get_int(object, "worker", 0, COUNT_MAX, &worker, error))
        return false;
    task->n_testcases = (guint)count;
    task->worker = (int)worker;
    return read_testcases(object, task, error);
}

static bool read_task(const cJSON *object, TpsPlan *plan, GError **error)
{
    g_autoptr(TpsTask) task = NULL;
    const char *suite;
    TpsPart part;

    if (!tps_json_get_string(object, "suite", &suite, error) || !read_part(object, &part, error))
        return false;
    task = tps_task_new(suite, part);
    if (!fill_task(object, task, error)) {
        g_autofree char *label = tps_part_label(suite, part);

        g_prefix_error(error, "task %s: ", label);
        return false;
    }
    g_ptr_array_add(plan->tasks, g_steal_pointer(&task));
    return true;
}

static bool fill_suite(const cJSON *object, TpsPlanSuite *suite, GError **error)
{
    const char *evidence;
    int64_t parts;
    int64_t count;
    int64_t measured;
    int64_t guessed;

    if (!tps_json_get_int(object, "parts", 1, COUNT_MAX, &parts, error) ||
        !tps_json_get_string(object, "evidence", &evidence, error) ||
        !tps_json_get_int(object, "testcase_count", 0, COUNT_MAX, &count, error) ||
        !tps_json_get_int(object, "measured", 0, COUNT_MAX, &measured, error) ||
        !tps_json_get_int(object, "guessed", 0, COUNT_MAX, &guessed, error) ||
        !tps_json_maybe_seconds(object, "measured_time", 0, &suite->measured_us, error) ||
        !tps_json_maybe_seconds(object, "guessed_time", 0, &suite->guessed_us, error) ||
        !tps_json_maybe_int(object, "age", 0, AGE_MAX_S, 0, &suite->age_s, error) ||
        !tps_needs_from_json(object, "needs", &suite->needs, error) ||
        !tps_json_maybe_strings(object, "notes", suite->notes, error))
        return false;
    if (!tps_evidence_parse(evidence, &suite->evidence))
        return fail(error, "'evidence' is not a word this version knows");
    suite->parts = (int)parts;
    suite->n_testcases = (guint)count;
    suite->n_measured = (guint)measured;
    suite->n_guessed = (guint)guessed;
    return true;
}

static bool read_suite(const cJSON *object, TpsPlan *plan, GError **error)
{
    g_autoptr(TpsPlanSuite) suite = NULL;
    const char *name;

    if (!tps_json_get_string(object, "name", &name, error))
        return false;
    suite = tps_plan_suite_new(name);
    if (!fill_suite(object, suite, error)) {
        g_prefix_error(error, "suite %s: ", name);
        return false;
    }
    g_ptr_array_add(plan->suites, g_steal_pointer(&suite));
    return true;
}

static bool read_each(const cJSON *root, const char *key,
                      bool (*read)(const cJSON *, TpsPlan *, GError **), TpsPlan *plan,
                      GError **error)
{
    const cJSON *array;
    const cJSON *element;

    if (!tps_json_get_array(root, key, &array, error))
        return false;
    cJSON_ArrayForEach(element, array) if (!read(element, plan, error)) return false;
    return true;
}

/* A number from 0 to 1, or null. */
static bool read_probability(const cJSON *object, const char *key, int *ppm, GError **error)
{
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, key);

    if (!member || cJSON_IsNull(member))
        return true;
    if (!cJSON_IsNumber(member) || !(member->valuedouble >= 0 && member->valuedouble <= 1)) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "'%s' must be a number from 0 to 1, or null",
                    key);
        return false;
    }
    *ppm = (int)(member->valuedouble * 1e6 + 0.5);
    return true;
}

static bool read_size_reason(const cJSON *pool, TpsPlan *plan, GError **error)
{
    const char *name;

    if (!tps_json_maybe_string(pool, "size_by", "target", &name, error))
        return false;
    return tps_size_reason_parse(name, &plan->size_reason) ||
           fail(error, "'size_by' is not a word this version knows");
}

static bool read_sizes(const cJSON *root, TpsPlan *plan, GError **error)
{
    const cJSON *pool;
    const cJSON *makespan;
    const cJSON *sharded;
    int64_t size;
    int64_t bound;

    if (!tps_json_get_object(root, "pool", &pool, error) ||
        !tps_json_get_int(pool, "size", 1, COUNT_MAX, &size, error) ||
        !tps_json_get_int(pool, "size_lower_bound", 0, COUNT_MAX, &bound, error) ||
        !read_size_reason(pool, plan, error) ||
        !tps_json_maybe_int(pool, "memory", 0, MEMORY_MAX, 0, &plan->memory_bytes, error) ||
        !tps_json_get_object(root, "makespan", &makespan, error) ||
        !read_probability(makespan, "within_target", &plan->within_target_ppm, error) ||
        !read_probability(makespan, "confidence", &plan->confidence_ppm, error) ||
        !tps_json_get_seconds(makespan, "expected", &plan->makespan_us, error) ||
        !tps_json_get_seconds(makespan, "lower_bound", &plan->makespan_lower_bound_us, error))
        return false;
    plan->size = (int)size;
    plan->size_lower_bound = (int)bound;
    sharded = cJSON_GetObjectItemCaseSensitive(pool, "sharded");
    return !sharded || tps_json_get_bool(pool, "sharded", &plan->is_sharded, error);
}

static bool read_plan(const cJSON *root, TpsPlan *plan, GError **error)
{
    const cJSON *evidence;
    const char *name;
    const char *executed;

    if (!tps_json_get_string(root, "name", &name, error) ||
        !tps_json_maybe_string(root, "executed", NULL, &executed, error) ||
        !tps_json_get_seconds(root, "plan_runtime_target", &plan->target_us, error) ||
        !tps_json_get_seconds(root, "auto_part_runtime_limit", &plan->limit_us, error) ||
        !tps_filter_from_json(root, "filter", &plan->filter, error) ||
        !read_sizes(root, plan, error) ||
        !tps_resources_from_json(root, "resources", plan->resources, error) ||
        !read_each(root, "suites", read_suite, plan, error) ||
        !read_each(root, "tasks", read_task, plan, error) ||
        !tps_json_get_object(root, "evidence", &evidence, error) ||
        !tps_json_maybe_strings(evidence, "sources", plan->sources, error) ||
        !tps_json_maybe_strings(root, "notes", plan->notes, error))
        return false;
    plan->name = g_strdup(name);
    plan->executed = g_strdup(executed);
    return true;
}

/* One key for two texts: the length keeps "a" + "bc" and "ab" + "c" apart. */
static bool add_once(GHashTable *seen, const char *suite, const char *id)
{
    return g_hash_table_add(seen, g_strdup_printf("%zu:%s%s", strlen(suite), suite, id));
}

static bool add_part_once(GHashTable *seen, const TpsTask *task)
{
    g_autofree char *tuple = g_strdup_printf("%d,%d", task->part.index, task->part.count);

    return add_once(seen, task->suite, tuple);
}

/* tps_plan_find_suite searches by halves. */
static bool check_suite_order(const TpsPlan *plan, GError **error)
{
    for (guint i = 1; i < plan->suites->len; i++) {
        const TpsPlanSuite *before = g_ptr_array_index(plan->suites, i - 1);
        const TpsPlanSuite *suite = g_ptr_array_index(plan->suites, i);

        if (strcmp(before->name, suite->name) >= 0)
            return fail(error, "its suites are not in the order of their names");
    }
    return true;
}

static bool check_needs(const TpsPlan *plan, GError **error)
{
    for (guint i = 0; i < plan->suites->len; i++) {
        const TpsPlanSuite *suite = g_ptr_array_index(plan->suites, i);
        g_autofree char *trouble = tps_needs_trouble(suite->needs, suite->name, plan->resources);

        if (trouble)
            return fail(error, trouble);
    }
    return true;
}

static bool check_task(const TpsPlan *plan, const TpsTask *task, GHashTable *seen, GError **error)
{
    const TpsPlanSuite *suite = tps_plan_find_suite(plan, task->suite);

    if (!suite || suite->parts != task->part.count || task->worker >= plan->size)
        return fail(error, "a task does not fit its suite or pool");
    if (task->n_testcases == 0)
        return fail(error, "a task has no testcases");
    for (guint i = 0; task->testcases && i < task->testcases->len; i++) {
        const char *id = g_ptr_array_index(task->testcases, i);

        if (add_once(seen, task->suite, id))
            continue;
        g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "testcase '%s' of suite '%s' is in it twice",
                    id, task->suite);
        return false;
    }
    return true;
}

/* Each part once: as many tasks as the suites have parts, and no two of the same part. */
static bool check_partition(const TpsPlan *plan, GError **error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) parts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    int64_t n_parts = 0;

    if (plan->tasks->len == 0)
        return fail(error, "there is nothing in it to run");
    for (guint i = 0; i < plan->suites->len; i++)
        n_parts += ((const TpsPlanSuite *)g_ptr_array_index(plan->suites, i))->parts;
    for (guint i = 0; i < plan->tasks->len; i++) {
        const TpsTask *task = g_ptr_array_index(plan->tasks, i);

        if (!check_task(plan, task, seen, error))
            return false;
        if (!add_part_once(parts, task))
            return fail(error, "a part is in it twice");
    }
    return plan->tasks->len == n_parts || fail(error, "a part of a suite is missing in it");
}

static bool check_id(cJSON *root, TpsPlan *plan, GError **error)
{
    const char *schema;
    const char *id;
    g_autofree char *digest = NULL;

    if (!tps_json_get_string(root, "schema", &schema, error))
        return false;
    if (strcmp(schema, TPS_PLAN_SCHEMA) != 0) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT,
                    "schema '%s' is not '" TPS_PLAN_SCHEMA "', which this version reads", schema);
        return false;
    }
    if (!tps_json_get_string(root, "id", &id, error))
        return false;
    plan->id = g_strdup(id);
    cJSON_DeleteItemFromObjectCaseSensitive(root, "id");
    digest = content_digest(root);
    return strcmp(digest, plan->id) == 0 ||
           fail(error, "its content does not fit its id; it was changed after planning");
}

TpsPlan *tps_plan_load(const char *path, GError **error)
{
    g_autoptr(TpsPlan) plan = tps_plan_new();
    g_autoptr(cJSON) root = tps_json_load(path, error);

    if (!root)
        return NULL;
    if (!check_id(root, plan, error) || !read_plan(root, plan, error) ||
        !check_suite_order(plan, error) || !check_needs(plan, error) ||
        !check_partition(plan, error)) {
        g_prefix_error(error, "cannot read '%s': ", path);
        return NULL;
    }
    return g_steal_pointer(&plan);
}
