/* SPDX-License-Identifier: MIT */
#include "scheduler/task.h"

#include "adapters/framework.h"
#include "core/error.h"
#include "formats/files.h"
#include "formats/part_json.h"
#include "scheduler/report_dir.h"

#include <string.h>

#define GRACE_US INT64_C(5000000)
/* A part of many processes keeps this much of what they printed. */
#define OUTPUT_MAX (1024 * 1024)

/*
 * Empty, whatever an earlier run left there: a raw report of that run must never be taken for one
 * of this run.
 */
static bool make_fresh(const char *directory, const char *files, GError **error)
{
    return tps_directory_remove(directory, error) && tps_directory_make(files, error);
}

static void copy_ids(GPtrArray *to, const GPtrArray *ids)
{
    for (guint i = 0; i < ids->len; i++)
        g_ptr_array_add(to, g_strdup(g_ptr_array_index(ids, i)));
}

static TpsPartReport *begin(const TpsTaskContext *context, const TpsWork *work, int slot)
{
    TpsPartReport *report = tps_part_report_new(work->task->suite, work->task->part);

    report->plan_id = g_strdup(context->plan_id);
    report->run_id = g_strdup(context->run_id);
    report->attempt = context->attempt;
    report->host = g_strdup(g_get_host_name());
    report->worker = slot;
    report->started_us = g_get_real_time();
    for (guint i = 0; i < work->testcases->len; i++)
        g_ptr_array_add(report->planned,
                        g_strdup(((TpsTestcase *)g_ptr_array_index(work->testcases, i))->id));
    copy_ids(report->added, work->added);
    copy_ids(report->removed, work->removed);
    return report;
}

static int64_t time_limit(const TpsTaskContext *context, const TpsWork *work)
{
    if (work->suite->timeout_us)
        return work->suite->timeout_us;
    if (context->timeout_us)
        return context->timeout_us;
    return MAX(TPS_TIMEOUT_MIN_US, TPS_TIMEOUT_WEIGHTS * work->task->weight_us);
}

static char **argv_of(const TpsInvocation *invocation)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

    for (guint i = 0; i < invocation->argv->len; i++)
        g_strv_builder_add(builder, g_ptr_array_index(invocation->argv, i));
    return g_strv_builder_end(builder);
}

static bool run_process(const TpsTaskContext *context, const TpsWork *work, int slot,
                        const TpsInvocation *invocation, int64_t timeout_us, TpsExit *exit,
                        GError **error)
{
    g_auto(GStrv) argv = argv_of(invocation);
    g_autofree char **env = tps_invocation_environment(invocation, work->suite);
    TpsCommand command = {
        .argv = argv,
        .env = env,
        .cwd = work->suite->cwd,
        .stdout_path = invocation->stdout_path,
        .timeout_us = timeout_us,
        .grace_us = GRACE_US,
    };

    return tps_executor_run(context->executor, slot, &command, exit, error);
}

static void append_output(TpsPartReport *report, const char *output)
{
    char *joined;

    if (!output || !*output || (report->output && strlen(report->output) > OUTPUT_MAX))
        return;
    joined = g_strconcat(report->output ? report->output : "", output, NULL);
    g_free(report->output);
    report->output = joined;
}

/* The first process that did not end with 0 says how the part ended. */
static void take_end(TpsPartReport *report, const TpsExit *exit)
{
    bool clean = report->end == TPS_END_EXITED && report->code == 0;

    if (clean) {
        report->end = exit->end;
        report->code = exit->code;
    }
    report->wall_us += exit->ended_us - exit->started_us;
    report->cpu_us += exit->cpu_us;
    report->max_rss_bytes = MAX(report->max_rss_bytes, exit->max_rss_bytes);
    report->n_leaked += exit->n_leaked;
    append_output(report, exit->output);
    if (exit->n_survivors > 0)
        g_ptr_array_add(report->problems, g_strdup_printf("%d of its processes could not be killed",
                                                          exit->n_survivors));
}

static void add_time(int64_t *sum_us, int64_t us)
{
    if (us != TPS_TIME_UNKNOWN)
        *sum_us = MAX(*sum_us, 0) + us;
}

static void take_report(TpsPartReport *report, TpsFrameworkReport *said)
{
    for (guint i = 0; i < said->results->len; i++)
        g_ptr_array_add(report->results, g_steal_pointer(&said->results->pdata[i]));
    g_ptr_array_set_size(said->results, 0);
    copy_ids(report->problems, said->problems);
    add_time(&report->setup_us, said->setup_us);
    add_time(&report->teardown_us, said->teardown_us);
}

/* The errno alone leaves open whether it was the program or the directory. */
static void say_not_started(TpsPartReport *report, const TpsInvocation *invocation,
                            const TpsSuite *suite)
{
    g_ptr_array_add(report->problems,
                    g_strdup_printf("cannot start '%s' in '%s'",
                                    (const char *)g_ptr_array_index(invocation->argv, 0),
                                    suite->cwd));
}

static bool run_all(const TpsTaskContext *context, const TpsWork *work, int slot,
                    const GPtrArray *invocations, TpsPartReport *report, GError **error)
{
    const TpsFramework *framework = tps_framework_find(work->suite->framework);
    int64_t deadline_us = g_get_monotonic_time() + time_limit(context, work);

    for (guint i = 0; i < invocations->len; i++) {
        const TpsInvocation *invocation = g_ptr_array_index(invocations, i);
        int64_t left_us = MAX(deadline_us - g_get_monotonic_time(), 1);
        g_auto(TpsExit) exit = {0};
        g_autoptr(TpsFrameworkReport) said = NULL;

        if (!run_process(context, work, slot, invocation, left_us, &exit, error))
            return false;
        said = framework->read_report(work->suite, work->testcases, invocation, &exit);
        take_end(report, &exit);
        if (exit.end == TPS_END_NOT_STARTED)
            say_not_started(report, invocation, work->suite);
        take_report(report, said);
        if (exit.end == TPS_END_TIMEOUT || exit.end == TPS_END_CANCELLED)
            break;
    }
    return true;
}

static bool has_bad_result(const TpsPartReport *report)
{
    for (guint i = 0; i < report->results->len; i++)
        if (tps_outcome_is_bad(((const TpsResult *)g_ptr_array_index(report->results, i))->outcome))
            return true;
    return false;
}

/*
 * A green report can come from a dead process. When no testcase explains how the process ended, the
 * process itself is what failed. A program whose one testcase is its exit status explains itself.
 */
static void judge(const TpsWork *work, TpsPartReport *report)
{
    g_autofree char *end = NULL;
    g_autofree char *label = NULL;
    g_autofree char *id = NULL;
    TpsResult *result;

    if (report->end == TPS_END_CANCELLED || has_bad_result(report) ||
        (report->end == TPS_END_EXITED && report->code == 0) ||
        strcmp(work->suite->framework, "command") == 0)
        return;
    label = tps_part_label(report->suite, report->part);
    id = g_strdup_printf("%s: process", label);
    end = tps_end_describe(report->end, report->code, report->wall_us);
    result = tps_result_new(id, TPS_OUTCOME_ERROR, TPS_TIME_UNKNOWN);
    result->type = g_strdup("tpsched.process");
    result->message = g_strdup_printf("%s, and no testcase failed", end);
    g_ptr_array_add(report->results, result);
}

static bool execute(const TpsTaskContext *context, const TpsWork *work, int slot,
                    const char *directory, TpsPartReport *report, GError **error)
{
    const TpsFramework *framework = tps_framework_find(work->suite->framework);
    g_autofree char *files = g_build_filename(directory, "files", NULL);
    g_autoptr(GPtrArray) invocations = NULL;

    if (!make_fresh(directory, files, error) || !tps_part_report_save(report, directory, error))
        return false;
    if (work->testcases->len > 0) {
        invocations = framework->select(work->suite, work->testcases, work->all, files, error);
        if (!invocations || !run_all(context, work, slot, invocations, report, error))
            return false;
    }
    judge(work, report);
    report->ended_us = g_get_real_time();
    report->done = true;
    return tps_part_report_save(report, directory, error);
}

TpsPartReport *tps_task_run(const TpsTaskContext *context, const TpsWork *work, int slot,
                            GError **error)
{
    g_autofree char *directory =
        tps_report_dir_part(context->report_dir, work->task, context->attempt);
    g_autoptr(TpsPartReport) report = begin(context, work, slot);

    if (!execute(context, work, slot, directory, report, error)) {
        g_autofree char *label = tps_part_label(work->task->suite, work->task->part);

        g_prefix_error(error, "%s: ", label);
        return NULL;
    }
    return g_steal_pointer(&report);
}
