/* SPDX-License-Identifier: MIT */
#include "scheduler/run.h"

#include "adapters/executor.h"
#include "formats/files.h"
#include "runtime/learn.h"
#include "scheduler/pool.h"
#include "scheduler/report_dir.h"
#include "scheduler/stop.h"
#include "scheduler/task.h"
#include "scheduler/work.h"

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

/* From the disk, not from memory: what is proven is what others will read. */
static TpsMerge *merge(const TpsRunRequest *request, const TpsReportDir *dir, const GPtrArray *ours,
                       GError **error)
{
    g_autoptr(GPtrArray) reports = tps_report_dir_load(dir, ours, error);
    g_autoptr(GPtrArray) nothing = g_ptr_array_new();

    return tps_merge_plan(request->scope, reports ? reports : nothing);
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

static TpsRun *run_works(const TpsRunRequest *request, const TpsReportDir *dir,
                         const TpsTaskContext *context, const GPtrArray *works)
{
    TpsRun *run = g_new0(TpsRun, 1);
    int64_t started_us = g_get_monotonic_time();
    GError *error = NULL;

    run->reports = execute(request, context, works, &error);
    run->wall_us = g_get_monotonic_time() - started_us;
    run->interrupted = tps_stop_count() > 0;
    take_trouble(run, g_steal_pointer(&error));
    run->merge = merge(request, dir, run->reports, &error);
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
        .run_id = request->run_id,
        .report_dir = request->report_dir,
        .attempt = request->attempt,
        .timeout_us = request->timeout_us,
    };
    TpsReportDir dir = {
        .path = request->report_dir,
        .plan = request->plan,
        .scope = request->scope,
        .run_id = request->run_id,
        .attempt = request->attempt,
    };

    if (!works || !tps_report_dir_prepare(&dir, error))
        return NULL;
    executor = tps_local_executor_new(request->size, error);
    if (!executor)
        return NULL;
    context.executor = executor;
    return run_works(request, &dir, &context, works);
}
