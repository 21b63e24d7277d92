/* SPDX-License-Identifier: MIT */
#include "core/error.h"
#include "core/saturate.h"
#include "scheduler/join.h"
#include "scheduler/task_internal.h"
#include "scheduler/timeouts.h"

#include <string.h>

#define GRACE_US INT64_C(5000000)

/* For all processes of the batch together. */
static int64_t time_limit(const TpsLingeringBatch *run, int64_t now_us)
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
static char **environment_of(const TpsLingeringBatch *run, const TpsInvocation *invocation)
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
TpsJobserver *tps_batch_jobserver(const TpsLingeringBatch *run)
{
    return run->work->suite->jobserver ? run->context->jobserver : NULL;
}

/*
 * Whoever watches sees one task after the other. And the outputs of two processes don't mix: only
 * of the last one something may linger.
 */
static bool may_linger(const TpsLingeringBatch *run)
{
    return run->batch.may_linger && !run->context->viewer && !run->context->interactive &&
           run->invocation == g_ptr_array_index(run->invocations, run->invocations->len - 1);
}

static const char *directory_of(const TpsLingeringBatch *run)
{
    return run->invocation->directory ? run->invocation->directory : run->work->suite->cwd;
}

static bool run_process(TpsLingeringBatch *run, int64_t timeout_us, GError **error)
{
    const TpsInvocation *invocation = run->invocation;
    g_auto(GStrv) argv = argv_of(invocation);
    g_autofree char **env = environment_of(run, invocation);
    const TpsJobserver *server = tps_batch_jobserver(run);
    TpsCommand command = {
        .argv = argv,
        .env = env,
        .clear_env = run->work->suite->env_clear,
        .sandbox = run->sandbox,
        .cwd = directory_of(run),
        .stdin_path = invocation->stdin_path,
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
    tps_task_copy_ids(report->problems, said->problems);
    tps_join_properties(report, said->properties);
    add_time(&report->setup_us, said->setup_us);
    add_time(&report->teardown_us, said->teardown_us);
}

/* The errno alone leaves open whether it was the program or the directory. */
static void say_not_started(const TpsLingeringBatch *run)
{
    g_ptr_array_add(run->report->problems,
                    g_strdup_printf("cannot start '%s' in '%s'",
                                    (const char *)g_ptr_array_index(run->invocation->argv, 0),
                                    directory_of(run)));
}

static void let_give_back(const TpsLingeringBatch *run, const TpsFramework *framework)
{
    g_autofree char *request = tps_task_request(run->context, run->work, run->batch.number);

    if (run->batch.until_us && framework->run.gives_back)
        tps_framework_let_give_back(run->work->suite, run->invocation, request, run->batch.until_us,
                                    run->batch.worth_us);
}

/* Of one of its processes nothing is left. False when no other one follows. */
bool tps_batch_take_process(TpsLingeringBatch *run, GPtrArray *rest)
{
    g_autoptr(TpsFrameworkReport) said =
        tps_framework_read_report(run->work->suite, run->invocation, &run->exit);
    TpsEnd end = run->exit.end;

    run->report->n_processes++;
    take_end(run->report, &run->exit);
    if (end == TPS_END_NOT_STARTED)
        say_not_started(run);
    tps_batch_note_results(run, said->results);
    take_report(run->report, said);
    if (end == TPS_END_EXITED && run->batch.until_us)
        tps_task_copy_ids(rest, said->rest);
    tps_exit_clear(&run->exit);
    return end != TPS_END_TIMEOUT && end != TPS_END_CANCELLED;
}

bool tps_batch_run_all(TpsLingeringBatch *run, GPtrArray *rest, GError **error)
{
    const TpsFramework *framework = tps_framework_find(run->work->suite->framework);
    int64_t now_us = g_get_monotonic_time();
    int64_t deadline_us = tps_add_sat(now_us, time_limit(run, now_us));

    for (guint i = 0; i < run->invocations->len; i++) {
        run->invocation = g_ptr_array_index(run->invocations, i);
        let_give_back(run, framework);
        tps_framework_limit_testcases(run->work->suite, run->invocation);
        if (!run_process(run, MAX(deadline_us - g_get_monotonic_time(), 1), error))
            return false;
        if (run->exit.linger || !tps_batch_take_process(run, rest))
            break;
    }
    return true;
}
