/* SPDX-License-Identifier: MIT */
#include "formats/files.h"
#include "formats/remove.h"
#include "scheduler/task_internal.h"

#include <fcntl.h>
#include <string.h>

/* Where what it leaves is kept; it may put it there itself. */
static bool watch_artifacts(TpsLingeringBatch *run, GError **error)
{
    g_autofree char *directory = NULL;

    if (run->work->suite->artifacts->len == 0)
        return true;
    directory = tps_task_directory(run->context, run->work);
    run->artifacts = tps_artifacts_directory(directory, run->batch.number);
    run->watch = tps_artifact_watch_new(run->work->suite, run->artifacts, error);
    return run->watch != NULL;
}

/* Its private directory and what it is told of itself. */
bool tps_batch_enter(TpsLingeringBatch *run, GError **error)
{
    const TpsTaskContext *context = run->context;
    TpsJobserver *server = tps_batch_jobserver(run);
    const char *sandbox = NULL;

    if (context->sandboxes) {
        sandbox = tps_sandbox_enter(context->sandboxes, run->batch.slot, error);
        if (!sandbox)
            return false;
    }
    if (!watch_artifacts(run, error))
        return false;
    tps_task_environment_init(&run->environment,
                              &(TpsTaskPlace){
                                  .suite = run->work->suite,
                                  .part = run->work->task->part,
                                  .attempt = run->batch.attempt,
                                  .run_attempt = context->attempt,
                                  .slot = run->batch.slot,
                                  .report_dir = context->report_dir,
                                  .artifacts = run->artifacts,
                                  .jobs = server ? tps_jobserver_variable(server) : NULL,
                                  .sandbox = sandbox,
                                  .suite_sandbox = run->setup.suite_sandbox,
                                  .plan_sandbox = run->setup.plan_sandbox,
                              });
    if (server)
        tps_jobserver_enter(server);
    run->entered = true;
    run->sandbox = sandbox;
    return true;
}

/* "sandbox" of the report directory's part; of pieces and later attempts with their numbers. */
static char *kept_path(const TpsLingeringBatch *run)
{
    char *path;

    g_autofree char *directory = tps_task_directory(run->context, run->work);
    g_autofree char *name =
        run->batch.number == 0 && run->batch.attempt <= 1
            ? g_strdup("sandbox")
            : g_strdup_printf("sandbox.%d.%d", run->batch.number, run->batch.attempt);

    if (!tps_directory_make(directory, NULL))
        return NULL;
    path = g_build_filename(directory, name, NULL);
    tps_remove(AT_FDCWD, path); /* of an earlier run */
    return path;
}

static char *keep_as(TpsLingeringBatch *run, const char *path)
{
    TpsSandbox *detached = g_steal_pointer(&run->detached);

    return detached ? tps_sandbox_keep_detached(run->context->sandboxes, detached, path)
                    : tps_sandbox_keep(run->context->sandboxes, run->batch.slot, path);
}

static void keep(TpsLingeringBatch *run)
{
    g_autofree char *path = kept_path(run);
    g_autofree char *where = path ? keep_as(run, path) : NULL;
    size_t length = strlen(run->context->report_dir);

    if (!where)
        return;
    g_free(run->report->kept);
    /* The report directory may be moved, and is often looked at elsewhere. */
    run->report->kept = g_strdup(strcmp(where, path) == 0 ? where + length + 1 : where);
}

/* As tps_part_report_is_bad, of a report that is not done. */
static bool is_bad(const TpsPartReport *report)
{
    return report->problems->len > 0 || report->end != TPS_END_EXITED ||
           tps_batch_has_failed(report);
}

void tps_batch_leave(TpsLingeringBatch *run)
{
    bool lingers = run->detached != NULL;

    if (run->entered && tps_batch_jobserver(run))
        tps_jobserver_leave(tps_batch_jobserver(run));
    tps_task_environment_clear(&run->environment);
    if (!run->context->sandboxes)
        return;
    if (run->context->keep && is_bad(run->report))
        keep(run);
    if (run->detached)
        tps_sandbox_leave_detached(run->context->sandboxes, g_steal_pointer(&run->detached));
    else if (!lingers)
        tps_sandbox_leave(run->context->sandboxes, run->batch.slot);
}
