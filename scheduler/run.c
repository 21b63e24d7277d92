/* SPDX-License-Identifier: MIT */
#include "scheduler/run.h"

#include "adapters/executor.h"
#include "core/error.h"
#include "formats/files.h"
#include "formats/json.h"
#include "formats/part_json.h"
#include "formats/plan_json.h"
#include "runtime/learn.h"
#include "scheduler/collect.h"
#include "scheduler/pool.h"
#include "scheduler/stop.h"
#include "scheduler/task.h"
#include "scheduler/work.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

void tps_run_free(TpsRun *run)
{
    if (!run)
        return;
    tps_merge_free(run->merge);
    g_free(run->junit_path);
    g_clear_pointer(&run->reports, g_ptr_array_unref);
    g_clear_error(&run->trouble);
    g_free(run);
}

/* Of several troubles the first is told. */
static void take_trouble(TpsRun *run, GError *error)
{
    if (error && !run->trouble)
        run->trouble = error;
    else
        g_clear_error(&error);
}

static bool save_text(const char *directory, const char *name, const char *text, gsize length,
                      GError **error)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);

    return tps_file_write(path, text, length, error);
}

/* Will what this run writes take the place of that part report? */
static bool is_replaced(const cJSON *part, const TpsRunRequest *request)
{
    const cJSON *tuple = cJSON_GetObjectItemCaseSensitive(part, "part");
    const cJSON *index = cJSON_GetArrayItem(tuple, 0);
    const cJSON *count = cJSON_GetArrayItem(tuple, 1);
    const char *suite;
    int64_t attempt;

    if (!tps_json_get_string(part, "suite", &suite, NULL) ||
        !tps_json_get_int(part, "attempt", 1, G_MAXINT, &attempt, NULL) || !cJSON_IsNumber(index) ||
        !cJSON_IsNumber(count))
        return false;
    return attempt >= request->attempt &&
           tps_plan_find(request->scope, suite,
                         (TpsPart){.index = index->valueint, .count = count->valueint});
}

/*
 * A report directory holds one plan's reports, and of each part no attempt that is newer than the
 * one that runs now: what is left of an earlier run must never be merged into this one.
 */
static bool is_stale(const char *directory, const TpsRunRequest *request)
{
    g_autofree char *path = g_build_filename(directory, TPS_PART_FILE, NULL);
    g_autoptr(cJSON) part = tps_json_load(path, NULL);
    const char *id;

    return part && tps_json_get_string(part, "plan", &id, NULL) &&
           (strcmp(id, request->plan->id) != 0 || is_replaced(part, request));
}

static bool drop_stale(const char *parts, const TpsRunRequest *request, GError **error)
{
    g_autoptr(GDir) dir = g_dir_open(parts, 0, NULL);
    const char *name;

    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(parts, name, NULL);

        if (is_stale(path, request) && !tps_directory_remove(path, error))
            return false;
    }
    return true;
}

/* Of an earlier run: whoever finds it after we were killed would take it for ours. */
static bool drop_merged(const TpsRunRequest *request, GError **error)
{
    g_autofree char *path = g_build_filename(request->report_dir, TPS_RUN_JUNIT_FILE, NULL);

    if (g_unlink(path) == 0 || errno == ENOENT)
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "cannot remove '%s': %s", path,
                g_strerror(errno));
    return false;
}

static bool prepare_directory(const TpsRunRequest *request, GError **error)
{
    g_autofree char *parts = g_build_filename(request->report_dir, "parts", NULL);
    g_autofree char *plan = tps_plan_text(request->plan);

    return tps_directory_make(parts, error) && drop_merged(request, error) &&
           drop_stale(parts, request, error) &&
           save_text(request->report_dir, TPS_RUN_PLAN_FILE, plan, strlen(plan), error);
}

/* From a task of the pool to the work behind it. */
typedef struct {
    const TpsTaskContext *context;
    GHashTable *works; /* const TpsTask* -> TpsWork* */
} Runner;

static TpsPartReport *run_task(const TpsTask *task, int slot, void *user, GError **error)
{
    const Runner *runner = user;

    return tps_task_run(runner->context, g_hash_table_lookup(runner->works, task), slot, error);
}

static GHashTable *works_by_task(const GPtrArray *works)
{
    GHashTable *by_task = g_hash_table_new(g_direct_hash, g_direct_equal);

    for (guint i = 0; i < works->len; i++) {
        TpsWork *work = g_ptr_array_index(works, i);

        g_hash_table_insert(by_task, (gpointer)work->task, work);
    }
    return by_task;
}

static GPtrArray *execute(const TpsRunRequest *request, const TpsTaskContext *context,
                          const GPtrArray *works, GError **error)
{
    g_autoptr(GHashTable) by_task = works_by_task(works);
    Runner runner = {.context = context, .works = by_task};
    TpsTaskRunner task_runner = {.run = run_task, .user = &runner};
    GPtrArray *reports;

    tps_stop_attach(context->executor);
    reports = tps_pool_run(request->scope, request->size, &task_runner, request->listener,
                           request->tick_us, error);
    tps_stop_attach(NULL);
    return reports;
}

/* The directories of all attempts of the scope's tasks, this one and those before it. */
static char **part_paths(const TpsRunRequest *request, const TpsTaskContext *context)
{
    g_autoptr(GStrvBuilder) paths = g_strv_builder_new();

    for (guint i = 0; i < request->scope->tasks->len; i++) {
        for (int attempt = 1; attempt <= request->attempt; attempt++) {
            TpsTaskContext at = *context;
            g_autofree char *path = NULL;

            at.attempt = attempt;
            path = tps_task_directory(&at, g_ptr_array_index(request->scope->tasks, i));
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
static void drop_unasked(const TpsRunRequest *request, TpsPartReport *report)
{
    const TpsTask *whole = tps_plan_find(request->plan, report->suite, report->part);
    const TpsTask *asked = tps_plan_find(request->scope, report->suite, report->part);
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

/* From the disk, not from memory: what is proven is what others will read. */
static TpsMerge *merge(const TpsRunRequest *request, const TpsTaskContext *context,
                       const GPtrArray *ours, GError **error)
{
    g_auto(GStrv) paths = part_paths(request, context);
    g_autoptr(TpsCollection) collection = tps_collect((const char *const *)paths, error);
    g_autoptr(GPtrArray) nothing = g_ptr_array_new();

    if (collection)
        doubt_others(collection->parts, ours, request->attempt);
    for (guint i = 0; collection && i < collection->parts->len; i++)
        drop_unasked(request, g_ptr_array_index(collection->parts, i));
    return tps_merge_plan(request->scope, collection ? collection->parts : nothing);
}

static void write_report(const TpsRunRequest *request, TpsRun *run)
{
    GString *text = tps_merge_format(run->merge);
    GError *error = NULL;

    run->junit_path = g_build_filename(request->report_dir, TPS_RUN_JUNIT_FILE, NULL);
    tps_file_write(run->junit_path, text->str, text->len, &error);
    take_trouble(run, error);
    g_string_free(text, TRUE);
}

/* Last, when the report is out: a full disk must not cost the report. */
static void learn(const TpsRunRequest *request, TpsRun *run)
{
    GError *error = NULL;

    if (!request->learn_path)
        return;
    tps_learn(request->learn_path, request->plan, run->reports, &error);
    take_trouble(run, error);
}

static TpsRun *run_works(const TpsRunRequest *request, TpsTaskContext *context,
                         const GPtrArray *works)
{
    TpsRun *run = g_new0(TpsRun, 1);
    int64_t started_us = g_get_monotonic_time();
    GError *error = NULL;

    run->reports = execute(request, context, works, &error);
    run->wall_us = g_get_monotonic_time() - started_us;
    run->interrupted = tps_stop_count() > 0;
    take_trouble(run, g_steal_pointer(&error));
    run->merge = merge(request, context, run->reports, &error);
    take_trouble(run, g_steal_pointer(&error));
    write_report(request, run);
    learn(request, run);
    return run;
}

TpsRun *tps_run(const TpsRunRequest *request, GError **error)
{
    g_autoptr(TpsExecutor) executor = NULL;
    g_autoptr(GPtrArray) works =
        tps_work_prepare(request->plan, request->scope, request->file, request->listings,
                         request->allow_new, request->allow_missing, error);
    TpsTaskContext context = {
        .plan_id = request->plan->id,
        .report_dir = request->report_dir,
        .attempt = request->attempt,
        .timeout_us = request->timeout_us,
    };

    if (!works || !prepare_directory(request, error))
        return NULL;
    executor = tps_local_executor_new(request->size, error);
    if (!executor)
        return NULL;
    context.executor = executor;
    return run_works(request, &context, works);
}
