/* SPDX-License-Identifier: MIT */
#include "scheduler/run.h"

#include "adapters/executor.h"
#include "adapters/machine.h"
#include "core/saturate.h"
#include "scheduler/hooks.h"
#include "scheduler/journal.h"
#include "scheduler/run_internal.h"
#include "scheduler/stop.h"
#include "scheduler/work.h"

#include <unistd.h>

void tps_run_free(TpsRun *run)
{
    if (!run)
        return;
    tps_report_free(run->merge);
    g_free(run->junit_path);
    g_clear_pointer(&run->teardowns, g_ptr_array_unref);
    g_clear_error(&run->trouble);
    g_free(run);
}

/* What no task could tell any more: of a suite whose last task did not run, and of the plan. */
static void tear_down(const TpsTaskContext *context, TpsRun *run)
{
    g_autoptr(GPtrArray) failures = tps_hooks_end(context->hooks);

    run->teardowns = g_steal_pointer(&failures);
}

static TpsRun *run_works(const TpsRunRequest *request, const TpsReportDir *dir,
                         const TpsTaskContext *context, const GPtrArray *works)
{
    TpsRun *run = g_new0(TpsRun, 1);
    g_autoptr(TpsPlanNeeds) needs = tps_plan_needs_new(request->scope, request->memory_bytes);
    g_auto(TpsPoolAnswer) answer = {0};
    int64_t started_us = g_get_monotonic_time();
    GError *error = NULL;

    tps_hooks_begin(context->hooks);
    tps_run_execute(request, context, works, needs, &answer, &error);
    tear_down(context, run);
    run->serial_us = answer.serial_us;
    run->wall_us = g_get_monotonic_time() - started_us;
    run->interrupted = tps_stop_count() > 0;
    tps_run_take_trouble(run, error);
    tps_run_end(request, dir, context, &answer, run);
    return run;
}

static bool say_run(const TpsRunRequest *request, const TpsTaskContext *context, GError **error)
{
    TpsRunRecord run = {
        .plan_id = request->plan->id,
        .run_id = (char *)request->run_id,
        .host = (char *)g_get_host_name(),
        .pid = getpid(),
        .attempt = request->attempt,
        .size = request->size,
        .supervision = (char *)tps_executor_describe(context->executor),
        .started_us = g_get_real_time(),
    };

    return tps_journal_add_run(context->journal, &run,
                               request->todo == request->scope ? TPS_RECORD_RUN : TPS_RECORD_RESUME,
                               error);
}

static TpsHooks *make_hooks(const TpsRunRequest *request, const GPtrArray *works,
                            TpsSandboxes *sandboxes, GError **error)
{
    g_autoptr(GPtrArray) suites = g_ptr_array_new();

    for (guint i = 0; i < works->len; i++)
        g_ptr_array_add(suites, (gpointer)((const TpsWork *)g_ptr_array_index(works, i))->suite);
    return tps_hooks_new(&(TpsHooksRequest){.file = request->file,
                                            .suites = suites,
                                            .report_dir = request->report_dir,
                                            .sandboxes = sandboxes,
                                            .first_slot = request->max_size},
                         error);
}

/* Processors that no worker has are for what the tasks of such a suite build. */
static bool open_jobserver(const TpsRunRequest *request, const GPtrArray *works,
                           TpsJobserver **jobserver, GError **error)
{
    TpsMachine machine = tps_machine_here("");
    int n_processors = (int)(machine.cpu_ppm / 1000000);

    for (guint i = 0; i < works->len && !*jobserver; i++) {
        const TpsWork *work = g_ptr_array_index(works, i);

        if (!work->suite->jobserver)
            continue;
        *jobserver = tps_jobserver_new(MAX(n_processors - request->max_size, 0), error);
        if (!*jobserver)
            return false;
    }
    return true;
}

/* What stands while a run works. */
typedef struct {
    TpsReportLock *lock;
    TpsJournal *journal;
    TpsSandboxes *sandboxes;
    TpsHooks *hooks;
    TpsExecutor *executor;
    TpsOutput *output;
    TpsJobserver *jobserver;
} Site;

/* Directories last: when no process is left that could use them. */
static void site_close(Site *site)
{
    g_clear_pointer(&site->journal, tps_journal_close);
    g_clear_pointer(&site->lock, tps_report_unlock);
    g_clear_pointer(&site->output, tps_output_free);
    g_clear_pointer(&site->executor, tps_executor_free);
    g_clear_pointer(&site->hooks, tps_hooks_free);
    g_clear_pointer(&site->sandboxes, tps_sandboxes_free);
    g_clear_pointer(&site->jobserver, tps_jobserver_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Site, site_close)

/* All processes that we need are there before the first directory is made: they remove it. */
static bool site_open(Site *site, const TpsRunRequest *request, const TpsReportDir *dir,
                      const GPtrArray *works, GError **error)
{
    site->lock = tps_report_dir_take(request->report_dir, error);
    site->journal = site->lock ? tps_report_dir_prepare(dir, error) : NULL;
    if (!site->journal)
        return false;
    site->sandboxes = tps_sandboxes_new(request->max_size + tps_hooks_count(request->file), error);
    site->hooks = site->sandboxes ? make_hooks(request, works, site->sandboxes, error) : NULL;
    if (!site->hooks)
        return false;
    site->executor = request->interactive
                         ? tps_local_executor_new_interactive(request->isolation, error)
                         : tps_local_executor_new(request->max_size, request->isolation, error);
    site->output = tps_output_new(request->report_dir);
    return site->executor && tps_sandboxes_make(site->sandboxes, error) &&
           open_jobserver(request, works, &site->jobserver, error);
}

static TpsTaskContext context_of(const TpsRunRequest *request, const Site *site)
{
    return (TpsTaskContext){
        .plan_id = request->plan->id,
        .run_id = request->run_id,
        .report_dir = request->report_dir,
        .attempt = request->attempt,
        .viewer = request->viewer,
        .interactive = request->interactive,
        .leak_fails = request->leak_fails,
        .timeout_us = request->timeout_us,
        .deadline_us = request->plan_timeout_us
                           ? tps_add_sat(g_get_monotonic_time(), request->plan_timeout_us)
                           : 0,
        .crowded = request->max_size > (int)g_get_num_processors(),
        .keep = request->keep,
        .jobserver = site->jobserver,
        .journal = site->journal,
        .executor = site->executor,
        .sandboxes = site->sandboxes,
        .hooks = site->hooks,
        .output = site->output,
    };
}

TpsRun *tps_run(const TpsRunRequest *request, GError **error)
{
    g_auto(Site) site = {0};
    g_autoptr(GPtrArray) works =
        tps_work_prepare(request->plan, request->todo, request->file, request->listings,
                         request->allow_new, request->allow_missing, error);
    TpsReportDir dir = {
        .path = request->report_dir,
        .plan = request->plan,
        .scope = request->scope,
        .todo = request->todo,
        .run_id = request->run_id,
        .attempt = request->attempt,
    };
    TpsTaskContext context;

    if (!works)
        return NULL;
    tps_run_bring_into_order(request, works);
    if (!site_open(&site, request, &dir, works, error))
        return NULL;
    context = context_of(request, &site);
    return say_run(request, &context, error) ? run_works(request, &dir, &context, works) : NULL;
}
