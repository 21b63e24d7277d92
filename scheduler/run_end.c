/* SPDX-License-Identifier: MIT */
#include "core/duration.h"
#include "formats/files.h"
#include "formats/plan_json.h"
#include "formats/report/writers.h"
#include "runtime/learn.h"
#include "scheduler/executed.h"
#include "scheduler/hooks.h"
#include "scheduler/run_internal.h"
#include "scheduler/task_index.h"
#include "scheduler/timeline.h"

#include <string.h>

void tps_run_take_trouble(TpsRun *run, GError *error)
{
    if (error && !run->trouble)
        run->trouble = error;
    else
        g_clear_error(&error);
}

/* From the disk, not from memory: what is proven is what others will read. */
static TpsReport *merge(const TpsRunRequest *request, const TpsReportDir *dir, GHashTable *not_run,
                        GError **error)
{
    g_autoptr(GPtrArray) problems = g_ptr_array_new();
    g_autoptr(GPtrArray) notes = g_ptr_array_new();
    g_autoptr(GPtrArray) reports = tps_report_dir_load(dir, problems, notes, error);
    g_autoptr(GPtrArray) nothing = g_ptr_array_new();
    g_autoptr(TpsTimeline) timeline = /* first: the merge takes the results */
        request->timeline && reports ? tps_timeline_of(request->plan, reports) : NULL;
    TpsReport *merge =
        tps_merge_plan_cut_short(request->scope, reports ? reports : nothing, not_run);

    g_ptr_array_extend_and_steal(merge->problems, g_steal_pointer(&problems));
    g_ptr_array_extend_and_steal(merge->notes, g_steal_pointer(&notes));
    merge->flaky_fails = request->policy.flaky_fails;
    merge->timeline = g_steal_pointer(&timeline);
    return merge;
}

/* The tasks that were never started, if that was because enough had failed; NULL otherwise. */
static GHashTable *not_run(const TpsRunRequest *request, const TpsRun *run, const TpsQueue *queue)
{
    g_autoptr(TpsTaskIndex) scope = NULL;
    GHashTable *tasks;

    if (!run->failed_fast || run->interrupted || run->trouble)
        return NULL;
    scope = tps_task_index_new(request->scope);
    tasks = g_hash_table_new(g_direct_hash, g_direct_equal);
    for (guint i = 0; i < request->todo->tasks->len; i++) {
        const TpsTask *task = g_ptr_array_index(request->todo->tasks, i);

        if (!tps_queue_has_started(queue, task))
            g_hash_table_add(tasks, tps_task_index_find(scope, task->suite, task->part));
    }
    return tasks;
}

static void take_counts(TpsRun *run, const TpsPoolAnswer *answer)
{
    run->failed_fast = tps_queue_failed_fast(answer->queue);
    run->n_lost = answer->n_lost;
    run->n_rerun = tps_queue_n_rerun(answer->queue);
    run->n_refused = tps_queue_n_refused(answer->queue);
}

static void write_report(const TpsRunRequest *request, TpsRun *run)
{
    GError *error = NULL;

    run->junit_path = g_build_filename(request->report_dir, TPS_RUN_JUNIT_FILE, NULL);
    tps_report_write_file(run->merge, tps_report_writer_find("junit", NULL), &(TpsReportLook){0},
                          run->junit_path, &error);
    tps_run_take_trouble(run, error);
}

static void add_teardowns(TpsRun *run)
{
    for (guint i = 0; i < run->teardowns->len; i++) {
        const TpsHookFailure *failure = g_ptr_array_index(run->teardowns, i);
        const char *suite = failure->suite ? failure->suite : run->merge->name;
        g_autofree char *id = g_strdup_printf("%s: teardown", suite);
        TpsResult *result = tps_result_new(id, TPS_OUTCOME_ERROR, TPS_TIME_UNKNOWN);

        result->type = g_strdup("tpsched.process");
        result->message = g_strdup(failure->message);
        tps_report_add_result(run->merge, suite, result);
    }
}

/* Each task says what became of it; this is why. */
static void note_deadline(const TpsRunRequest *request, const TpsTaskContext *context, TpsRun *run)
{
    g_autofree char *text = tps_duration_format(request->plan_timeout_us);

    if (context->deadline_us && g_get_monotonic_time() >= context->deadline_us)
        g_ptr_array_add(run->merge->notes, g_strdup_printf("the plan timeout of %s was over: what "
                                                           "ran was ended, the rest was not run",
                                                           text));
}

/* What stays on the disk though it should not: nothing is lost, but somebody has to look. */
static void note_problems(const TpsTaskContext *context, TpsRun *run)
{
    const GPtrArray *problems = tps_sandboxes_problems(context->sandboxes);

    for (guint i = 0; i < problems->len; i++)
        g_ptr_array_add(run->merge->notes, g_strdup(g_ptr_array_index(problems, i)));
}

/* How it really went; nothing when nothing was executed. */
static void write_executed(const TpsRunRequest *request, const TpsQueue *queue, TpsRun *run)
{
    g_autofree char *path = g_build_filename(request->report_dir, TPS_RUN_EXECUTED_FILE, NULL);
    g_autoptr(TpsPlan) executed = tps_executed_plan(request->plan, queue);
    g_autofree char *text = executed ? tps_plan_text(executed) : NULL;
    GError *error = NULL;

    if (text)
        tps_file_write(path, text, strlen(text), &error);
    tps_run_take_trouble(run, error);
}

/* Last, when the report is out: a full disk must not cost the report. */
static void learn(const TpsRunRequest *request, const TpsReportDir *dir, TpsRun *run)
{
    g_autoptr(GPtrArray) reports = NULL;
    GError *error = NULL;

    if (!request->learn_path)
        return;
    reports = tps_report_dir_load_new(dir, &error);
    if (reports)
        tps_learn(request->learn_path, request->plan, reports, &error);
    tps_run_take_trouble(run, error);
}

void tps_run_end(const TpsRunRequest *request, const TpsReportDir *dir,
                 const TpsTaskContext *context, const TpsPoolAnswer *answer, TpsRun *run)
{
    g_autoptr(GHashTable) left_out = NULL;
    GError *error = NULL;

    tps_output_check(context->output, &error);
    tps_run_take_trouble(run, g_steal_pointer(&error));
    tps_hooks_check(context->hooks, &error);
    tps_run_take_trouble(run, g_steal_pointer(&error));
    take_counts(run, answer);
    left_out = not_run(request, run, answer->queue);
    run->merge = merge(request, dir, left_out, &error);
    tps_run_take_trouble(run, g_steal_pointer(&error));
    add_teardowns(run);
    note_deadline(request, context, run);
    note_problems(context, run);
    write_report(request, run);
    write_executed(request, answer->queue, run);
    learn(request, dir, run);
}
