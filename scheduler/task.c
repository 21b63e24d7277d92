/* SPDX-License-Identifier: MIT */
#include "scheduler/task.h"

#include "adapters/framework.h"
#include "core/error.h"
#include "core/saturate.h"
#include "core/status.h"
#include "formats/files.h"
#include "formats/junit.h"
#include "formats/remove.h"
#include "scheduler/environment.h"
#include "scheduler/join.h"
#include "scheduler/report_dir.h"
#include "scheduler/timeouts.h"

#include <fcntl.h>
#include <string.h>

#define GRACE_US INT64_C(5000000)

/* What runs of a task in one go. */
typedef struct TpsLingeringBatch {
    const TpsTaskContext *context;
    const TpsWork *work;
    TpsBatch batch;
    GPtrArray *testcases;  /* owned: those of the batch */
    TpsPartReport *report; /* what it did */
    char *label;
    char *path;         /* for what it prints */
    TpsOutputSink sink; /* what it printed */
    TpsHooksAnswer setup;
    const char *sandbox;  /* or NULL */
    bool entered;         /* it uses the jobserver, if there is one */
    TpsSandbox *detached; /* or NULL: the same, when the slot goes on without it */
    TpsTaskEnvironment environment;
    GPtrArray *invocations;
    TpsInvocation *invocation; /* of them, the present one */
    TpsExit exit;              /* how it ended             */
} Run;

static void copy_ids(GPtrArray *to, const GPtrArray *ids)
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
    copy_ids(report->added, work->added);
    copy_ids(report->removed, work->removed);
    return report;
}

static char *directory_of(const TpsTaskContext *context, const TpsWork *work)
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

/* For all processes of the batch together. */
static int64_t time_limit(const Run *run, int64_t now_us)
{
    const TpsTimeLimits limits = {
        .suite_us = run->work->suite->timeout_us,
        .option_us = run->context->timeout_us,
        .weight_us = run->batch.weight_us,
        .guessed_us = run->work->task->guessed_us,
        .deadline_us = run->context->deadline_us,
    };

    return tps_time_limit(&limits, now_us);
}

static char **argv_of(const TpsInvocation *invocation)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

    for (guint i = 0; i < invocation->argv->len; i++)
        g_strv_builder_add(builder, g_ptr_array_index(invocation->argv, i));
    return g_strv_builder_end(builder);
}

/* Its devices come last: no plan file takes them away. Caller frees the list. */
static char **environment_of(const Run *run, const TpsInvocation *invocation)
{
    char **devices = run->batch.needs_env;
    char **env = tps_invocation_environment(invocation, run->work->suite, run->environment.before,
                                            run->environment.after);
    guint n = g_strv_length(env);
    guint n_devices = devices ? g_strv_length(devices) : 0;

    env = g_renew(char *, env, n + n_devices + 1);
    for (guint i = 0; i < n_devices; i++)
        env[n + i] = devices[i];
    env[n + n_devices] = NULL;
    return env;
}

/* NULL = its suite wants none. */
static TpsJobserver *jobserver_of(const Run *run)
{
    return run->work->suite->jobserver ? run->context->jobserver : NULL;
}

static void see(TpsSink *sink, const char *bytes, size_t length)
{
    const Run *run = ((TpsOutputSink *)sink)->user;
    const TpsViewer *viewer = run->context->viewer;

    viewer->see(run->work->task, bytes, length, viewer->user);
}

/*
 * Whoever watches sees one task after the other. And the outputs of two processes don't mix: only
 * of the last one something may linger.
 */
static bool may_linger(const Run *run)
{
    return run->batch.may_linger && !run->context->viewer && !run->context->interactive &&
           run->invocation == g_ptr_array_index(run->invocations, run->invocations->len - 1);
}

static bool run_process(Run *run, int64_t timeout_us, GError **error)
{
    const TpsInvocation *invocation = run->invocation;
    g_auto(GStrv) argv = argv_of(invocation);
    g_autofree char **env = environment_of(run, invocation);
    const TpsJobserver *server = jobserver_of(run);
    TpsCommand command = {
        .argv = argv,
        .env = env,
        .clear_env = run->work->suite->env_clear,
        .sandbox = run->sandbox,
        .cwd = run->work->suite->cwd,
        .stdout_path = invocation->stdout_path,
        .jobs = server ? tps_jobserver_file(server) : NULL,
        .sink = &run->sink.base,
        .timeout_us = timeout_us,
        .grace_us = GRACE_US,
        .detach = may_linger(run),
    };

    return tps_executor_run(run->context->executor, run->batch.slot, &command, &run->exit, error);
}

static void take_end(TpsPartReport *report, const TpsExit *exit)
{
    tps_join_end(report, exit->end, exit->code);
    report->wall_us += tps_exit_time(exit);
    report->paused_us += exit->paused_us;
    report->cpu_us += exit->cpu_us;
    report->peak_bytes = MAX(report->peak_bytes, exit->peak_bytes);
    report->max_rss_bytes = MAX(report->max_rss_bytes, exit->max_rss_bytes);
    report->n_leaked += exit->n_leaked;
    report->core_dumped |= exit->core_dumped;
    report->oom_killed |= exit->oom_killed;
    report->held_pipe |= exit->held_pipe;
    tps_join_leaked(report, exit->leaked);
    tps_join_output(report, exit->output);
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
static void say_not_started(const Run *run)
{
    g_ptr_array_add(run->report->problems,
                    g_strdup_printf("cannot start '%s' in '%s'",
                                    (const char *)g_ptr_array_index(run->invocation->argv, 0),
                                    run->work->suite->cwd));
}

/* The first piece's files are where those of an uncut task are. */
static char *files_of(const TpsTaskContext *context, const TpsWork *work, int number)
{
    g_autofree char *directory = directory_of(context, work);
    g_autofree char *name = number == 0 ? g_strdup("files") : g_strdup_printf("files.%d", number);

    return g_build_filename(directory, name, NULL);
}

static char *request_of(const TpsTaskContext *context, const TpsWork *work, int number)
{
    g_autofree char *files = files_of(context, work, number);

    return g_build_filename(files, "give-back", NULL);
}

static void let_give_back(const Run *run, const TpsFramework *framework)
{
    g_autofree char *request = request_of(run->context, run->work, run->batch.number);

    if (run->batch.until_us && framework->give_back)
        framework->give_back(run->work->suite, run->invocation, request, run->batch.until_us,
                             run->batch.worth_us);
}

static void limit_testcases(const Run *run, const TpsFramework *framework)
{
    if (run->work->suite->testcase_timeout_us && framework->limit_testcases)
        framework->limit_testcases(run->work->suite, run->invocation);
}

/* Of one of its processes nothing is left. False when no other one follows. */
static bool take_process(Run *run, GPtrArray *rest)
{
    const TpsFramework *framework = tps_framework_find(run->work->suite->framework);
    g_autoptr(TpsFrameworkReport) said =
        framework->read_report(run->work->suite, run->testcases, run->invocation, &run->exit);
    TpsEnd end = run->exit.end;

    take_end(run->report, &run->exit);
    if (end == TPS_END_NOT_STARTED)
        say_not_started(run);
    take_report(run->report, said);
    if (end == TPS_END_EXITED && run->batch.until_us)
        copy_ids(rest, said->rest);
    tps_exit_clear(&run->exit);
    return end != TPS_END_TIMEOUT && end != TPS_END_CANCELLED;
}

static bool run_all(Run *run, GPtrArray *rest, GError **error)
{
    const TpsFramework *framework = tps_framework_find(run->work->suite->framework);
    int64_t now_us = g_get_monotonic_time();
    int64_t deadline_us = tps_add_sat(now_us, time_limit(run, now_us));

    for (guint i = 0; i < run->invocations->len; i++) {
        run->invocation = g_ptr_array_index(run->invocations, i);
        let_give_back(run, framework);
        limit_testcases(run, framework);
        if (!run_process(run, MAX(deadline_us - g_get_monotonic_time(), 1), error))
            return false;
        if (run->exit.linger || !take_process(run, rest))
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

/* A result of no testcase. Takes the message. */
static void add_process_result(TpsPartReport *report, char *message)
{
    g_autofree char *label = tps_part_label(report->suite, report->part);
    g_autofree char *id = g_strdup_printf("%s: process", label);
    TpsResult *result = tps_result_new(id, TPS_OUTCOME_ERROR, TPS_TIME_UNKNOWN);

    result->type = g_strdup("tpsched.process");
    result->message = message;
    g_ptr_array_add(report->results, result);
}

static bool leak_fails(const Run *run)
{
    TpsLeak leak = run->work->suite->leak;

    return leak == TPS_LEAK_FAILS || (leak == TPS_LEAK_UNSAID && run->context->leak_fails);
}

/*
 * A green report can come from a dead process. When no testcase explains how the process ended, the
 * process itself is what failed. A program whose one testcase is its exit status explains itself.
 */
static void judge(const Run *run)
{
    TpsPartReport *report = run->report;
    g_autofree char *end = NULL;

    if (report->end == TPS_END_CANCELLED || has_bad_result(report))
        return;
    if (tps_status_left_something(report) && leak_fails(run))
        add_process_result(report, tps_status_describe_leak(report));
    if ((report->end == TPS_END_EXITED && report->code == 0) ||
        strcmp(run->work->suite->framework, "command") == 0)
        return;
    end = tps_status_describe_end(report);
    add_process_result(report, g_strdup_printf("%s, and no testcase failed", end));
}

/* What has a result was begun, whatever the framework says. */
static void drop_begun(const TpsPartReport *report, GPtrArray *rest)
{
    g_autoptr(GHashTable) begun = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < report->results->len; i++)
        g_hash_table_add(begun, ((TpsResult *)g_ptr_array_index(report->results, i))->id);
    for (guint i = rest->len; i-- > 0;)
        if (g_hash_table_contains(begun, g_ptr_array_index(rest, i)))
            g_ptr_array_remove_index(rest, i);
}

/* None of its testcases can run: each has failed, but for the user's own wish to stop. */
static void fail_setup(const Run *run, const TpsHooksAnswer *setup)
{
    const GPtrArray *testcases = run->testcases;

    if (setup->cancelled) {
        tps_join_end(run->report, TPS_END_CANCELLED, 0);
        return;
    }
    for (guint i = 0; i < testcases->len; i++) {
        const TpsTestcase *testcase = g_ptr_array_index(testcases, i);
        TpsResult *result = tps_result_new(testcase->id, TPS_OUTCOME_ERROR, TPS_TIME_UNKNOWN);

        result->type = g_strdup("tpsched.setup");
        result->message = g_strdup(setup->failure);
        g_ptr_array_add(run->report->results, result);
    }
    tps_join_output(run->report, setup->output);
}

static bool run_batch(Run *run, GPtrArray *rest, GError **error)
{
    const TpsFramework *framework = tps_framework_find(run->work->suite->framework);
    const GPtrArray *testcases = run->testcases;
    g_autofree char *files = files_of(run->context, run->work, run->batch.number);
    bool all = run->work->all && testcases->len == run->work->testcases->len;

    if (!framework->no_files && !tps_directory_make(files, error))
        return false;
    if (testcases->len == 0)
        return true;
    run->invocations = framework->select(run->work->suite, testcases, all, files, error);
    return run->invocations && run_all(run, rest, error);
}

/* Its private directory and what it is told of itself. */
static bool enter(Run *run, GError **error)
{
    const TpsTaskContext *context = run->context;
    TpsJobserver *server = jobserver_of(run);
    const char *sandbox = NULL;

    if (context->sandboxes) {
        sandbox = tps_sandbox_enter(context->sandboxes, run->batch.slot, error);
        if (!sandbox)
            return false;
    }
    tps_task_environment_init(&run->environment,
                              &(TpsTaskPlace){
                                  .suite = run->work->suite,
                                  .part = run->work->task->part,
                                  .attempt = run->batch.attempt,
                                  .run_attempt = context->attempt,
                                  .slot = run->batch.slot,
                                  .report_dir = context->report_dir,
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
static char *kept_path(const Run *run)
{
    char *path;

    g_autofree char *directory = directory_of(run->context, run->work);
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

static char *keep_as(Run *run, const char *path)
{
    TpsSandbox *detached = g_steal_pointer(&run->detached);

    return detached ? tps_sandbox_keep_detached(run->context->sandboxes, detached, path)
                    : tps_sandbox_keep(run->context->sandboxes, run->batch.slot, path);
}

static void keep(Run *run)
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
    return report->problems->len > 0 || report->end != TPS_END_EXITED || has_bad_result(report);
}

static void leave(Run *run)
{
    bool lingers = run->detached != NULL;

    if (run->entered && jobserver_of(run))
        tps_jobserver_leave(jobserver_of(run));
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

static Run *run_new(const TpsTaskContext *context, const TpsWork *work, const TpsBatch *batch)
{
    Run *run = g_new0(Run, 1);

    run->context = context;
    run->work = work;
    run->batch = *batch;
    run->testcases = g_ptr_array_ref((GPtrArray *)batch->testcases);
    run->report = tps_part_report_new(work->task->suite, work->task->part);
    run->label = tps_part_label(work->task->suite, work->task->part);
    run->path = tps_report_dir_output(work->task, context->attempt, batch->number);
    tps_output_sink_init(&run->sink, context->output, run->label, run->path);
    run->sink.base.see = context->viewer ? see : NULL;
    run->sink.user = run;
    copy_testcases(run->report->planned, run->testcases);
    return run;
}

/* The report, if it is done. */
static TpsPartReport *run_end(Run *run, bool done, GPtrArray *rest)
{
    TpsPartReport *report = run->report;

    if (done) {
        drop_begun(report, rest);
        judge(run);
    }
    tps_output_sink_place(&run->sink, report);
    leave(run);
    tps_exit_clear(&run->exit);
    tps_output_sink_clear(&run->sink);
    g_clear_pointer(&run->invocations, g_ptr_array_unref);
    g_ptr_array_unref(run->testcases);
    g_free(run->label);
    g_free(run->path);
    g_free(run);
    if (!done)
        g_clear_pointer(&report, tps_part_report_free);
    return report;
}

TpsPartReport *tps_task_run(const TpsTaskContext *context, const TpsWork *work,
                            const TpsBatch *batch, GPtrArray *rest, TpsLingeringBatch **lingers,
                            GError **error)
{
    Run *run = run_new(context, work, batch);
    bool done;

    *lingers = NULL;
    if (context->hooks)
        run->setup = tps_hooks_enter(context->hooks, work->suite);
    if (run->setup.failure)
        fail_setup(run, &run->setup);
    done = run->setup.failure || (enter(run, error) && run_batch(run, rest, error));
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
    take_process(run, rest);
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
    g_autofree char *request = request_of(context, work, number);

    /* Its directory is there, unless the piece has not got that far: then it is asked in vain. */
    g_file_set_contents_full(request, "", 0, G_FILE_SET_CONTENTS_NONE, 0600, NULL);
}

/* For people: what is proven stands in the journal. Only where there is a directory anyway. */
static bool save_junit(const TpsTaskContext *context, const TpsWork *work,
                       const TpsPartReport *report, GError **error)
{
    g_autofree char *directory = directory_of(context, work);
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
        (framework->no_files || save_junit(context, work, report, error)))
        return true;
    name_task(work, error);
    return false;
}
