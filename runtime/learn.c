/* SPDX-License-Identifier: MIT */
#include "runtime/learn.h"

#include "core/duration.h"
#include "core/error.h"
#include "core/result.h"
#include "formats/json.h"
#include "runtime/data.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* What one run says of one suite. */
typedef struct {
    GHashTable *times; /* char* (borrowed) -> int64_t*: testcases that passed             */
    GHashTable *skips; /* char* (borrowed), a set: testcases that were skipped            */
    guint n_reported;  /* planned testcases with a result                                 */
    int64_t setup_us;  /* sums over the n_clean parts that ended well                     */
    int64_t teardown_us;
    guint n_clean;
} Lesson;

static Lesson *lesson_new(void)
{
    Lesson *lesson = g_new0(Lesson, 1);

    lesson->times = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    lesson->skips = g_hash_table_new(g_str_hash, g_str_equal);
    return lesson;
}

static void lesson_free(Lesson *lesson)
{
    g_hash_table_unref(lesson->times);
    g_hash_table_unref(lesson->skips);
    g_free(lesson);
}

/* A part whose every testcase has a result: only then is the rest of its time setup and teardown.
 */
static bool is_clean(const TpsPartReport *report)
{
    return report->done && report->end == TPS_END_EXITED && report->problems->len == 0 &&
           report->results->len >= report->planned->len;
}

static int64_t sum_of_times(const TpsPartReport *report)
{
    int64_t sum = 0;

    for (guint i = 0; i < report->results->len; i++) {
        const TpsResult *result = g_ptr_array_index(report->results, i);

        sum += MAX(result->time_us, 0);
    }
    return sum;
}

/* What a part took beyond its testcases. */
typedef struct {
    int64_t setup_us;
    int64_t teardown_us;
    int64_t between_us; /* for each testcase: what the framework spends around it */
} Overhead;

/*
 * Where the framework says when its first testcase began and its last one ended, the rest of the
 * time lies between testcases: it grows with their number and belongs to them. Else all of it is
 * taken for setup.
 */
static Overhead overhead_of(const TpsPartReport *report)
{
    int64_t rest = MAX(report->wall_us - sum_of_times(report), 0);
    Overhead overhead = {.teardown_us = CLAMP(report->teardown_us, 0, rest)};

    rest -= overhead.teardown_us;
    overhead.setup_us = report->setup_us == TPS_TIME_UNKNOWN ? rest : MIN(report->setup_us, rest);
    if (report->results->len > 0)
        overhead.between_us = (rest - overhead.setup_us) / report->results->len;
    return overhead;
}

/*
 * Some frameworks list what other parts run as skipped, and a process that died is a result too:
 * only of what the part had to run it says that it was reported or skipped.
 */
static void learn_part(Lesson *lesson, const TpsPartReport *report)
{
    g_autoptr(GHashTable) planned = g_hash_table_new(g_str_hash, g_str_equal);
    Overhead overhead = is_clean(report) ? overhead_of(report) : (Overhead){0};

    for (guint i = 0; i < report->planned->len; i++)
        g_hash_table_add(planned, g_ptr_array_index(report->planned, i));
    for (guint i = 0; i < report->results->len; i++) {
        const TpsResult *result = g_ptr_array_index(report->results, i);
        bool is_planned = g_hash_table_contains(planned, result->id);

        lesson->n_reported += is_planned;
        if (result->outcome == TPS_OUTCOME_PASSED && result->time_us != TPS_TIME_UNKNOWN) {
            int64_t *us = g_new(int64_t, 1);

            *us = result->time_us + overhead.between_us;
            g_hash_table_insert(lesson->times, result->id, us);
        }
        if (result->outcome == TPS_OUTCOME_SKIPPED && is_planned)
            g_hash_table_add(lesson->skips, result->id);
    }
    if (!is_clean(report))
        return;
    lesson->setup_us += overhead.setup_us;
    lesson->teardown_us += overhead.teardown_us;
    lesson->n_clean++;
}

static bool is_newer(const GPtrArray *reports, const TpsPartReport *report)
{
    for (guint i = 0; i < reports->len; i++) {
        const TpsPartReport *other = g_ptr_array_index(reports, i);

        if (other->attempt > report->attempt && other->part.index == report->part.index &&
            strcmp(other->suite, report->suite) == 0)
            return false;
    }
    return true;
}

static GHashTable *learn_all(const GPtrArray *reports)
{
    GHashTable *lessons =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)lesson_free);

    for (guint i = 0; i < reports->len; i++) {
        const TpsPartReport *report = g_ptr_array_index(reports, i);
        Lesson *lesson = g_hash_table_lookup(lessons, report->suite);

        if (!is_newer(reports, report))
            continue;
        if (!lesson) {
            lesson = lesson_new();
            g_hash_table_insert(lessons, report->suite, lesson);
        }
        learn_part(lesson, report);
    }
    return lessons;
}

static void set_item(cJSON *object, const char *key, cJSON *item)
{
    if (cJSON_GetObjectItemCaseSensitive(object, key))
        cJSON_ReplaceItemInObjectCaseSensitive(object, key, item);
    else
        cJSON_AddItemToObject(object, key, item);
}

static void set_seconds(cJSON *object, const char *key, int64_t us)
{
    set_item(object, key, cJSON_CreateNumber(tps_us_to_seconds(us)));
}

static int compare_members(const void *a, const void *b)
{
    return strcmp((*(cJSON *const *)a)->string, (*(cJSON *const *)b)->string);
}

/* The members of an object in the order of their names (bytes). */
static void sort_members(cJSON *object)
{
    g_autoptr(GPtrArray) members = g_ptr_array_new();

    while (object->child)
        g_ptr_array_add(members, cJSON_DetachItemViaPointer(object, object->child));
    g_ptr_array_sort(members, compare_members);
    for (guint i = 0; i < members->len; i++) {
        cJSON *member = g_ptr_array_index(members, i);

        cJSON_AddItemToArray(object, member); /* keeps the name it has */
    }
}

/* cJSON_ReplaceItemViaPointer keeps the name of the new item, which has none. */
static cJSON *named_number(const char *name, double value)
{
    cJSON *object = cJSON_CreateObject();
    cJSON *number = cJSON_AddNumberToObject(object, name, value);

    cJSON_DetachItemViaPointer(object, number);
    cJSON_Delete(object);
    return number;
}

static bool is_skip(const cJSON *member)
{
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(member, "skipped"));
}

static void set_time(cJSON *testcases, cJSON *member, const char *id, double seconds)
{
    if (!member)
        cJSON_AddNumberToObject(testcases, id, seconds);
    else if (is_skip(member))
        cJSON_ReplaceItemViaPointer(testcases, member, named_number(id, seconds));
    else if (cJSON_IsObject(member))
        set_item(member, "mean", cJSON_CreateNumber(seconds));
    else
        cJSON_SetNumberValue(member, seconds);
}

/*
 * A testcase that was only ever skipped takes no time, and is marked, so that its zero is not taken
 * for a measurement once it runs. One that has a time keeps it.
 */
static void set_skip(cJSON *testcases, const char *id)
{
    cJSON *member = cJSON_AddObjectToObject(testcases, id);

    cJSON_AddNumberToObject(member, "mean", 0);
    cJSON_AddTrueToObject(member, "skipped");
}

/* By a table, for cJSON looks a member up by walking the whole list. */
static GHashTable *members_by_name(const cJSON *object)
{
    GHashTable *known = g_hash_table_new(g_str_hash, g_str_equal);
    cJSON *member;

    cJSON_ArrayForEach(member, object) g_hash_table_insert(known, member->string, member);
    return known;
}

static void set_times(cJSON *testcases, const Lesson *lesson)
{
    g_autoptr(GHashTable) known = members_by_name(testcases);
    GHashTableIter iter;
    gpointer id;
    gpointer us;

    g_hash_table_iter_init(&iter, lesson->times);
    while (g_hash_table_iter_next(&iter, &id, &us))
        set_time(testcases, g_hash_table_lookup(known, id), id,
                 tps_us_to_seconds(*(const int64_t *)us));
    g_hash_table_iter_init(&iter, lesson->skips);
    while (g_hash_table_iter_next(&iter, &id, NULL))
        if (!g_hash_table_contains(lesson->times, id) && !g_hash_table_contains(known, id))
            set_skip(testcases, id);
    sort_members(testcases);
}

static int64_t sum_of_testcases(const cJSON *testcases)
{
    const cJSON *member;
    int64_t sum = 0;

    cJSON_ArrayForEach(member, testcases)
    {
        const cJSON *mean =
            cJSON_IsObject(member) ? cJSON_GetObjectItemCaseSensitive(member, "mean") : member;
        int64_t us;

        if (cJSON_IsNumber(mean) && tps_us_from_seconds(mean->valuedouble, &us))
            sum += us;
    }
    return sum;
}

static cJSON *child_object(cJSON *object, const char *key)
{
    cJSON *child = cJSON_GetObjectItemCaseSensitive(object, key);

    if (cJSON_IsObject(child))
        return child;
    child = cJSON_CreateObject();
    set_item(object, key, child);
    return child;
}

/*
 * The sum and the count are those of the whole suite: they change when the whole suite reported, or
 * when nothing better is known.
 */
static void set_sums(cJSON *entry, const cJSON *testcases, const Lesson *lesson, guint n_planned)
{
    const cJSON *count = cJSON_GetObjectItemCaseSensitive(entry, "testcase_count");
    int n_known = cJSON_GetArraySize(testcases);
    bool whole = lesson->n_reported >= n_planned;
    bool covered = !cJSON_IsNumber(count) || count->valuedouble >= n_known;

    if (!whole && covered && cJSON_GetObjectItemCaseSensitive(entry, "execution_time"))
        return;
    set_seconds(entry, "execution_time", sum_of_testcases(testcases));
    set_item(entry, "testcase_count", cJSON_CreateNumber(whole ? n_planned : (guint)n_known));
}

static void set_suite(cJSON *root, const char *name, const Lesson *lesson, guint n_planned)
{
    cJSON *entry;
    cJSON *testcases;

    if (lesson->n_reported == 0)
        return;
    entry = child_object(root, name);
    testcases = child_object(entry, "testcases");
    set_times(testcases, lesson);
    set_sums(entry, testcases, lesson, n_planned);
    if (lesson->n_clean > 0) {
        set_seconds(entry, "setup_time", lesson->setup_us / lesson->n_clean);
        set_seconds(entry, "teardown_time", lesson->teardown_us / lesson->n_clean);
    } else if (!cJSON_GetObjectItemCaseSensitive(entry, "setup_time")) {
        set_seconds(entry, "setup_time", 0);
    }
}

/* Testplan's form, or an empty object for a file that isn't there yet. */
static cJSON *load_existing(const char *path, GError **error)
{
    g_autoptr(TpsRuntimeData) data = tps_runtime_data_new();
    g_autoptr(GPtrArray) suites = NULL;
    TpsRuntimeSuite suite;

    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return cJSON_CreateObject();
    if (!tps_runtime_data_load(data, path, error)) {
        g_prefix_error(error, "'%s' is there and is not in the form that is written: ", path);
        return NULL;
    }
    suites = tps_runtime_data_suites(data);
    if (suites->len == 0 || tps_runtime_data_find(data, g_ptr_array_index(suites, 0), &suite))
        return tps_json_load(path, error);
    g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT,
                "'%s' is there and is not in the form that is written; name another file", path);
    return NULL;
}

bool tps_learn_check(const char *path, GError **error)
{
    g_autoptr(cJSON) root = load_existing(path, error);
    g_autofree char *directory = g_path_get_dirname(path);

    if (!root)
        return false;
    if (g_access(directory, W_OK) == 0)
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "cannot write '%s': %s", path,
                g_strerror(errno));
    return false;
}

bool tps_learn(const char *path, const TpsPlan *plan, const GPtrArray *reports, GError **error)
{
    g_autoptr(cJSON) root = load_existing(path, error);
    g_autoptr(GHashTable) lessons = NULL;

    if (!root)
        return false;
    lessons = learn_all(reports);
    for (guint i = 0; i < plan->suites->len; i++) {
        const TpsPlanSuite *suite = g_ptr_array_index(plan->suites, i);
        const Lesson *lesson = g_hash_table_lookup(lessons, suite->name);

        if (lesson)
            set_suite(root, suite->name, lesson, suite->n_testcases);
    }
    sort_members(root);
    return tps_json_save(path, root, error);
}
