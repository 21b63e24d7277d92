/* SPDX-License-Identifier: MIT */
#include "scheduler/task.h"

#include "core/error.h"
#include "formats/files.h"
#include "formats/junit.h"
#include "scheduler/attachments.h"
#include "scheduler/join.h"
#include "scheduler/report_dir.h"
#include "scheduler/task_internal.h"

#include <string.h>

void tps_task_copy_ids(GPtrArray *to, const GPtrArray *ids)
{
    for (guint i = 0; i < ids->len; i++)
        g_ptr_array_add(to, g_strdup(g_ptr_array_index(ids, i)));
}

static void copy_testcases(GPtrArray *to, const GPtrArray *testcases)
{
    for (guint i = 0; i < testcases->len; i++)
        g_ptr_array_add(to, g_strdup(((TpsTestcase *)g_ptr_array_index(testcases, i))->id));
}

static TpsPartReport *new_report(const TpsTaskContext *context, const TpsWork *work, int slot)
{
    TpsPartReport *report = tps_part_report_new(work->task->suite, work->task->part);

    report->plan_id = g_strdup(context->plan_id);
    report->run_id = g_strdup(context->run_id);
    report->attempt = context->attempt;
    report->host = g_strdup(g_get_host_name());
    report->worker = slot;
    report->crowded = context->crowded;
    report->started_us = g_get_real_time();
    copy_testcases(report->planned, work->testcases);
    tps_task_copy_ids(report->added, work->added);
    tps_task_copy_ids(report->removed, work->removed);
    return report;
}

char *tps_task_directory(const TpsTaskContext *context, const TpsWork *work)
{
    return tps_report_dir_part(context->report_dir, work->task, context->attempt);
}

/* "api 0,3: what went wrong" */
static void name_task(const TpsWork *work, GError **error)
{
    g_autofree char *label = tps_part_label(work->task->suite, work->task->part);

    g_prefix_error(error, "%s: ", label);
}

TpsPartReport *tps_task_begin(const TpsTaskContext *context, const TpsWork *work, int slot,
                              GError **error)
{
    g_autoptr(TpsPartReport) report = new_report(context, work, slot);

    if (tps_journal_add_report(context->journal, report, error))
        return g_steal_pointer(&report);
    name_task(work, error);
    return NULL;
}

/* The first piece's files are where those of an uncut task are. */
char *tps_task_files(const TpsTaskContext *context, const TpsWork *work, int number)
{
    g_autofree char *directory = tps_task_directory(context, work);
    g_autofree char *name = number == 0 ? g_strdup("files") : g_strdup_printf("files.%d", number);

    return g_build_filename(directory, name, NULL);
}

char *tps_task_request(const TpsTaskContext *context, const TpsWork *work, int number)
{
    g_autofree char *files = tps_task_files(context, work, number);

    return g_build_filename(files, "give-back", NULL);
}

static bool run_batch(TpsLingeringBatch *run, GPtrArray *rest, GError **error)
{
    const TpsFramework *framework = tps_framework_find(run->work->suite->framework);
    const GPtrArray *testcases = run->testcases;
    g_autofree char *files = tps_task_files(run->context, run->work, run->batch.number);
    bool all = run->work->all && testcases->len == run->work->testcases->len;

    if (framework->uses_files && !tps_directory_make(files, error))
        return false;
    if (testcases->len == 0)
        return true;
    run->invocations = tps_framework_select(run->work->suite, testcases, all, files, error);
    return run->invocations && tps_batch_run_all(run, rest, error);
}

static void see(TpsSink *sink, const char *bytes, size_t length)
{
    const TpsLingeringBatch *run = ((TpsOutputSink *)sink)->user;
    const TpsViewer *viewer = run->context->viewer;

    viewer->see(run->work->task, bytes, length, viewer->user);
}

static TpsLingeringBatch *run_new(const TpsTaskContext *context, const TpsWork *work,
                                  const TpsBatch *batch)
{
    TpsLingeringBatch *run = g_new0(TpsLingeringBatch, 1);

    run->context = context;
    run->work = work;
    run->batch = *batch;
    run->testcases = g_ptr_array_ref((GPtrArray *)batch->testcases);
    run->report = tps_part_report_new(work->task->suite, work->task->part);
    run->report->n_processes = 0;
    run->report->worker = batch->slot;
    run->report->started_us = g_get_real_time();
    run->label = tps_part_label(work->task->suite, work->task->part);
    run->path = tps_report_dir_output(work->task, context->attempt, batch->number);
    tps_output_sink_init(&run->sink, context->output, run->label, run->path);
    run->sink.base.see = context->viewer ? see : NULL;
    run->sink.user = run;
    copy_testcases(run->report->planned, run->testcases);
    return run;
}

/* What it left, and what its testcases named. */
static void keep_files(TpsLingeringBatch *run)
{
    const char *report_dir = run->context->report_dir;
    g_autofree char *directory = tps_task_directory(run->context, run->work);
    const char *const roots[] = {run->work->suite->cwd, directory, run->sandbox, NULL};
    const TpsAttachmentPlace place = {
        .roots = roots,
        .report_dir = report_dir,
        .part = directory + strlen(report_dir) + 1,
    };

    tps_attachments_keep(run->report, &place);
    if (run->watch)
        tps_artifact_watch_take(run->watch, run->batch.number, run->report);
}

/* The report, if it is done. */
static TpsPartReport *run_end(TpsLingeringBatch *run, bool done, GPtrArray *rest)
{
    TpsPartReport *report = run->report;

    if (done) {
        tps_batch_check_selection(run);
        tps_batch_drop_begun(report, rest);
        keep_files(run);
        tps_batch_judge(run);
    }
    tps_output_sink_place(&run->sink, report);
    tps_batch_leave(run);
    tps_exit_clear(&run->exit);
    tps_output_sink_clear(&run->sink);
    g_clear_pointer(&run->invocations, g_ptr_array_unref);
    g_clear_pointer(&run->ran, g_hash_table_unref);
    g_clear_pointer(&run->twice, g_ptr_array_unref);
    g_ptr_array_unref(run->testcases);
    g_free(run->label);
    g_free(run->path);
    g_free(run->artifacts);
    tps_artifact_watch_free(run->watch);
    g_free(run);
    if (!done)
        g_clear_pointer(&report, tps_part_report_free);
    return report;
}

TpsPartReport *tps_task_run(const TpsTaskContext *context, const TpsWork *work,
                            const TpsBatch *batch, GPtrArray *rest, TpsLingeringBatch **lingers,
                            GError **error)
{
    TpsLingeringBatch *run = run_new(context, work, batch);
    bool done;

    *lingers = NULL;
    if (context->hooks)
        run->setup = tps_hooks_enter(context->hooks, work->suite);
    if (run->setup.failure)
        tps_batch_fail_setup(run, &run->setup);
    done = run->setup.failure || (tps_batch_enter(run, error) && run_batch(run, rest, error));
    if (run->exit.linger) {
        if (context->sandboxes)
            run->detached = tps_sandbox_detach(context->sandboxes, batch->slot);
        *lingers = run;
        return NULL;
    }
    if (!done)
        name_task(work, error);
    return run_end(run, done, rest);
}

TpsPartReport *tps_task_settle(TpsLingeringBatch *run, bool wait, GPtrArray *rest)
{
    if (!tps_executor_settle(&run->exit, wait))
        return NULL;
    tps_batch_take_process(run, rest);
    return run_end(run, true, rest);
}

void tps_task_join_output(const TpsTaskContext *context, const TpsWork *work, TpsPartReport *report,
                          const GPtrArray *reports)
{
    g_autofree char *label = tps_part_label(work->task->suite, work->task->part);
    g_autofree char *path = tps_report_dir_output(work->task, context->attempt, 0);

    tps_output_join(context->output, label, path, report, reports);
}

void tps_task_ask(const TpsTaskContext *context, const TpsWork *work, int number)
{
    g_autofree char *request = tps_task_request(context, work, number);

    /* Its directory is there, unless the piece has not got that far: then it is asked in vain. */
    g_file_set_contents_full(request, "", 0, G_FILE_SET_CONTENTS_NONE, 0600, NULL);
}

/* For people: what is proven stands in the journal. Only where there is a directory anyway. */
static bool save_junit(const TpsTaskContext *context, const TpsWork *work,
                       const TpsPartReport *report, GError **error)
{
    g_autofree char *directory = tps_task_directory(context, work);
    g_autofree char *path = g_build_filename(directory, TPS_RUN_JUNIT_FILE, NULL);
    TpsJunitOutSuite suite = {
        .name = report->suite,
        .hostname = report->host,
        .started_us = report->started_us,
        .results = report->results,
        .output = report->output,
    };
    g_autoptr(GString) text = tps_junit_format(report->suite, report->wall_us, &suite, 1);
    g_autoptr(GError) why = NULL;

    if (g_file_set_contents_full(path, text->str, (gssize)text->len, G_FILE_SET_CONTENTS_NONE, 0666,
                                 &why))
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "cannot write '%s': %s", path, why->message);
    return false;
}

/* The last task of a suite tells what became of its teardown. */
static void tear_down(const TpsTaskContext *context, const TpsWork *work, TpsPartReport *report)
{
    g_autofree char *failure = context->hooks ? tps_hooks_leave(context->hooks, work->suite) : NULL;
    g_autofree char *id = g_strdup_printf("%s: teardown", work->suite->name);
    TpsResult *result;

    if (!failure)
        return;
    result = tps_result_new(id, TPS_OUTCOME_ERROR, TPS_TIME_UNKNOWN);
    result->type = g_strdup("tpsched.process");
    result->message = g_steal_pointer(&failure);
    g_ptr_array_add(report->results, result);
}

bool tps_task_end(const TpsTaskContext *context, const TpsWork *work, TpsPartReport *report,
                  GError **error)
{
    const TpsFramework *framework = tps_framework_find(work->suite->framework);

    tear_down(context, work, report);

    report->ended_us = g_get_real_time();
    report->done = true;
    tps_output_trim(report);
    if (tps_journal_add_report(context->journal, report, error) &&
        (!framework->uses_files || save_junit(context, work, report, error)))
        return true;
    name_task(work, error);
    return false;
}
