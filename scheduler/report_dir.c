/* SPDX-License-Identifier: MIT */
#include "scheduler/report_dir.h"

#include "core/error.h"
#include "formats/files.h"
#include "formats/json.h"
#include "formats/part_json.h"
#include "formats/plan_json.h"
#include "scheduler/collect.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#define PARTS "parts"
#define SLUG_MAX 40

/* A name as a file name: what is harmless stays, and a digest tells apart what got alike. */
static char *slug(const char *name)
{
    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, name, -1);
    g_autofree char *plain = g_strndup(name, SLUG_MAX);

    g_strcanon(plain, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_-", '_');
    return strcmp(plain, name) == 0 ? g_steal_pointer(&plain)
                                    : g_strdup_printf("%s-%.8s", plain, digest);
}

char *tps_report_dir_part(const char *path, const TpsTask *task, int attempt)
{
    g_autofree char *suite = slug(task->suite);
    g_autofree char *name = g_strdup_printf("%s.%d-of-%d.attempt-%d", suite, task->part.index,
                                            task->part.count, attempt);

    return g_build_filename(path, PARTS, name, NULL);
}

char *tps_report_dir_output(const TpsTask *task, int attempt, int number)
{
    g_autofree char *part = tps_report_dir_part("", task, attempt);
    g_autofree char *name =
        number == 0 ? g_strdup(TPS_RUN_OUTPUT_FILE) : g_strdup_printf("output.%d.log", number);

    return g_build_filename(part, name, NULL);
}

/* Will what this run writes take the place of that part report? */
static bool is_replaced(const cJSON *part, const TpsReportDir *dir)
{
    const char *suite;
    int64_t attempt;
    TpsPart tuple;

    if (!tps_json_get_string(part, "suite", &suite, NULL) ||
        !tps_json_get_int(part, "attempt", 1, G_MAXINT, &attempt, NULL) ||
        !tps_json_part(cJSON_GetObjectItemCaseSensitive(part, "part"), &tuple))
        return false;
    return attempt >= dir->attempt && tps_plan_find(dir->scope, suite, tuple);
}

/*
 * A report directory holds the reports of one plan and run, and of each part no attempt that is
 * newer than the one that runs now: what is left of an earlier run must never be merged into this
 * one.
 */
static bool is_stale(const char *directory, const TpsReportDir *dir)
{
    g_autofree char *path = g_build_filename(directory, TPS_PART_FILE, NULL);
    g_autoptr(cJSON) part = tps_json_load(path, NULL);
    const char *plan_id;
    const char *run_id;

    if (!part || !tps_json_get_string(part, "plan", &plan_id, NULL) ||
        !tps_json_maybe_string(part, "run", NULL, &run_id, NULL))
        return false;
    return strcmp(plan_id, dir->plan->id) != 0 || g_strcmp0(run_id, dir->run_id) != 0 ||
           is_replaced(part, dir);
}

static bool drop_stale(const char *parts, const TpsReportDir *dir, GError **error)
{
    g_autoptr(GDir) entries = g_dir_open(parts, 0, NULL);
    const char *name;

    while (entries && (name = g_dir_read_name(entries))) {
        g_autofree char *path = g_build_filename(parts, name, NULL);

        if (is_stale(path, dir) && !tps_directory_remove(path, error))
            return false;
    }
    return true;
}

/* Of an earlier run: whoever finds it after we were killed would take it for ours. */
static bool drop_answer(const TpsReportDir *dir, const char *name, GError **error)
{
    g_autofree char *path = g_build_filename(dir->path, name, NULL);

    if (g_unlink(path) == 0 || errno == ENOENT)
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "cannot remove '%s': %s", path,
                g_strerror(errno));
    return false;
}

static bool has(const char *path, const char *name)
{
    g_autofree char *file = g_build_filename(path, name, NULL);

    return g_file_test(file, G_FILE_TEST_EXISTS);
}

/* A plan.json, report.xml or executed.json that stands without part reports is somebody else's. */
static bool check_ours(const char *path, GError **error)
{
    static const char *const names[] = {TPS_RUN_PLAN_FILE, TPS_RUN_JUNIT_FILE,
                                        TPS_RUN_EXECUTED_FILE};
    const char *name = NULL;

    for (size_t i = 0; i < G_N_ELEMENTS(names) && !name; i++)
        name = has(path, names[i]) ? names[i] : NULL;
    if (has(path, PARTS) || !name)
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE,
                "'%s' is no report directory, but has a %s that would be lost", path, name);
    return false;
}

static bool save_plan(const TpsReportDir *dir, GError **error)
{
    g_autofree char *path = g_build_filename(dir->path, TPS_RUN_PLAN_FILE, NULL);
    g_autofree char *plan = tps_plan_text(dir->plan);

    return tps_file_write(path, plan, strlen(plan), error);
}

static bool is_empty(const char *path)
{
    g_autoptr(GDir) entries = g_dir_open(path, 0, NULL);

    return !entries || !g_dir_read_name(entries);
}

/* It only grows; but when no report is left, nobody refers to it. */
static bool drop_output(const char *parts, const TpsReportDir *dir, GError **error)
{
    return !is_empty(parts) || drop_answer(dir, TPS_RUN_OUTPUT_FILE, error);
}

bool tps_report_dir_prepare(const TpsReportDir *dir, GError **error)
{
    g_autofree char *parts = g_build_filename(dir->path, PARTS, NULL);

    return check_ours(dir->path, error) && tps_directory_make(parts, error) &&
           drop_answer(dir, TPS_RUN_JUNIT_FILE, error) &&
           drop_answer(dir, TPS_RUN_EXECUTED_FILE, error) && drop_stale(parts, dir, error) &&
           drop_output(parts, dir, error) && save_plan(dir, error);
}

/* The directories of all attempts of the scope's tasks, this one and those before it. */
static char **part_paths(const TpsReportDir *dir)
{
    g_autoptr(GStrvBuilder) paths = g_strv_builder_new();

    for (guint i = 0; i < dir->scope->tasks->len; i++) {
        for (int attempt = 1; attempt <= dir->attempt; attempt++) {
            g_autofree char *path =
                tps_report_dir_part(dir->path, g_ptr_array_index(dir->scope->tasks, i), attempt);

            if (g_file_test(path, G_FILE_TEST_IS_DIR))
                g_strv_builder_add(paths, path);
        }
    }
    return g_strv_builder_end(paths);
}

static bool is_ours(const TpsPartReport *report, const GPtrArray *ours)
{
    for (guint i = 0; i < ours->len; i++) {
        const TpsPartReport *known = g_ptr_array_index(ours, i);

        if (known->started_us == report->started_us && known->part.index == report->part.index &&
            strcmp(known->suite, report->suite) == 0)
            return true;
    }
    return false;
}

/* Two runs in one report directory: what the other one wrote proves nothing of this one. */
static void doubt_others(const GPtrArray *reports, const GPtrArray *ours, int attempt)
{
    for (guint i = 0; i < reports->len; i++) {
        TpsPartReport *report = g_ptr_array_index(reports, i);

        if (report->done && report->attempt == attempt && !is_ours(report, ours))
            g_ptr_array_add(report->problems, g_strdup("another run wrote its report meanwhile"));
    }
}

/* The testcases that are planned for a task and not asked for. Borrowed. */
static GHashTable *unasked_of(const TpsTask *whole, const TpsTask *asked)
{
    GHashTable *ids = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < whole->testcases->len; i++)
        g_hash_table_add(ids, g_ptr_array_index(whole->testcases, i));
    for (guint i = 0; i < asked->testcases->len; i++)
        g_hash_table_remove(ids, g_ptr_array_index(asked->testcases, i));
    return ids;
}

/*
 * Where single testcases were asked for, others of their part may have results, too: of an earlier
 * attempt, or because the framework can't select them apart.
 */
static void drop_unasked(const TpsReportDir *dir, TpsPartReport *report)
{
    const TpsTask *whole = tps_plan_find(dir->plan, report->suite, report->part);
    const TpsTask *asked = tps_plan_find(dir->scope, report->suite, report->part);
    g_autoptr(GHashTable) unasked = NULL;

    if (!whole || !asked || !whole->testcases || !asked->testcases)
        return;
    unasked = unasked_of(whole, asked);
    for (guint i = report->results->len; i-- > 0;) {
        const TpsResult *result = g_ptr_array_index(report->results, i);

        if (g_hash_table_contains(unasked, result->id))
            g_ptr_array_remove_index(report->results, i);
    }
}

GPtrArray *tps_report_dir_load(const TpsReportDir *dir, const GPtrArray *ours, GError **error)
{
    g_auto(GStrv) paths = part_paths(dir);
    g_autoptr(TpsCollection) collection = tps_collect((const char *const *)paths, error);

    if (!collection)
        return NULL;
    doubt_others(collection->parts, ours, dir->attempt);
    for (guint i = 0; i < collection->parts->len; i++)
        drop_unasked(dir, g_ptr_array_index(collection->parts, i));
    return g_ptr_array_ref(collection->parts);
}
