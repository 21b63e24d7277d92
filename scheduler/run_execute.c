/* SPDX-License-Identifier: MIT */
#include "scheduler/hooks.h"
#include "scheduler/job.h"
#include "scheduler/journal.h"
#include "scheduler/run_internal.h"
#include "scheduler/stop.h"

/* How often the disk is asked to keep what is new. */
#define SYNC_US INT64_C(1000000)

/* From a task of the pool to the job behind it. */
typedef struct {
    const TpsTaskContext *context;
    GHashTable *jobs; /* const TpsTask* -> TpsJob*, owned; read-only while workers run */
} Runner;

static TpsPartReport *run_piece(const TpsPiece *piece, GArray *rest, void *user, GError **error)
{
    const Runner *runner = user;

    return tps_job_run(g_hash_table_lookup(runner->jobs, piece->task), runner->context, piece, rest,
                       error);
}

static TpsPartReport *settle_piece(const TpsPiece *piece, bool wait, GArray *rest, void *user)
{
    const Runner *runner = user;

    return tps_job_settle(g_hash_table_lookup(runner->jobs, piece->task), piece, wait, rest);
}

static TpsPartReport *join_pieces(const TpsTask *task, const GPtrArray *pieces, void *user,
                                  GError **error)
{
    const Runner *runner = user;

    return tps_job_join(g_hash_table_lookup(runner->jobs, task), runner->context, pieces, error);
}

static void ask_piece(const TpsPiece *piece, void *user)
{
    const Runner *runner = user;

    tps_job_ask(g_hash_table_lookup(runner->jobs, piece->task), runner->context, piece);
}

static bool choose_again(const TpsTask *task, const GPtrArray *pieces, TpsAgain *again, void *user)
{
    const Runner *runner = user;

    return tps_job_again(g_hash_table_lookup(runner->jobs, task), pieces, again);
}

static void cancel_all(void *user)
{
    tps_executor_stop(((const Runner *)user)->context->executor, TPS_STOP_TERM);
}

/* So much is flaky in a bad week; where more fails, something is broken. */
static int64_t rerun_budget(const TpsRunRequest *request)
{
    guint n = 0;

    if (request->policy.rerun_budget != TPS_AUTO)
        return request->policy.rerun_budget;
    for (guint i = 0; i < request->scope->tasks->len; i++)
        n += ((const TpsTask *)g_ptr_array_index(request->scope->tasks, i))->n_testcases;
    return MAX(n / 10, TPS_RERUN_BUDGET_MIN);
}

static GHashTable *jobs_by_task(const GPtrArray *works, const TpsJobPolicy *policy)
{
    GHashTable *jobs =
        g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, (GDestroyNotify)tps_job_free);

    for (guint i = 0; i < works->len; i++) {
        const TpsWork *work = g_ptr_array_index(works, i);

        g_hash_table_insert(jobs, (gpointer)work->task, tps_job_new(work, policy));
    }
    return jobs;
}

/* In starting order. */
static GArray *describe_tasks(const TpsRunRequest *request, const GPtrArray *works,
                              GHashTable *jobs, const TpsPlanNeeds *needs)
{
    const TpsPlan *todo = request->todo;
    GArray *tasks = g_array_new(FALSE, FALSE, sizeof(TpsQueueTask));

    for (guint i = 0; i < works->len; i++) {
        const TpsTask *task = ((const TpsWork *)g_ptr_array_index(works, i))->task;
        TpsQueueTask described = tps_job_describe(g_hash_table_lookup(jobs, task),
                                                  tps_plan_find_suite(todo, task->suite));

        described.claim = tps_plan_needs_find(needs, task->suite);
        described.bound = request->policy.replays;
        described.worker = task->worker;
        described.start_us = request->policy.waits ? task->start_us : 0;
        g_array_append_val(tasks, described);
    }
    return tasks;
}

/* What the run does at a tick, before the listener hears of it. */
typedef struct {
    TpsJournal *journal;
    const TpsListener *listener; /* or NULL */
    const char *supervision;
    int64_t synced_us;
    GError *error; /* the first one */
    TpsHooks *hooks;
} Keeper;

/* Of a loss of power we want to remember all but the last second. */
static void keep(Keeper *keeper, int64_t now_us)
{
    GError *error = NULL;

    if (now_us - keeper->synced_us < SYNC_US)
        return;
    keeper->synced_us = now_us;
    if (tps_journal_sync(keeper->journal, &error))
        return;
    if (keeper->error)
        g_error_free(error);
    else
        keeper->error = error;
}

static void hear(const TpsEvent *event, void *user)
{
    Keeper *keeper = user;
    TpsEvent supervised = *event;

    supervised.supervision = keeper->supervision;
    if (event->kind == TPS_EVENT_TICK)
        keep(keeper, event->now_us);
    if (event->kind == TPS_EVENT_STOPPING)
        tps_hooks_stop(keeper->hooks, event->stops);
    if (event->kind == TPS_EVENT_PAUSED || event->kind == TPS_EVENT_CONTINUED)
        tps_hooks_pause(keeper->hooks, event->kind == TPS_EVENT_PAUSED);
    if (keeper->listener)
        keeper->listener->hear(&supervised, keeper->listener->user);
}

void tps_run_execute(const TpsRunRequest *request, const TpsTaskContext *context,
                     const GPtrArray *works, const TpsPlanNeeds *needs, TpsPoolAnswer *answer,
                     GError **error)
{
    g_autoptr(GHashTable) jobs = jobs_by_task(works, &request->policy.job);
    g_autoptr(GArray) tasks = describe_tasks(request, works, jobs, needs);
    Runner runner = {.context = context, .jobs = jobs};
    Keeper keeper = {.journal = context->journal,
                     .hooks = context->hooks,
                     .listener = request->listener,
                     .supervision = tps_executor_describe(context->executor)};
    TpsListener listener = {.hear = hear, .user = &keeper};
    TpsTaskRunner task_runner = {.run = run_piece,
                                 .settle = settle_piece,
                                 .join = join_pieces,
                                 .again = choose_again,
                                 .cancel = request->policy.cancels ? cancel_all : NULL,
                                 .ask = ask_piece,
                                 .user = &runner};
    TpsPoolRequest pool = {
        .plan = request->todo,
        .tasks = tasks,
        .rules = {.size = request->size,
                  .max_size = request->max_size,
                  .splits = request->splits,
                  .limit_us = request->plan->limit_us,
                  .target_us = request->plan->target_us,
                  .rerun_budget = rerun_budget(request),
                  .fail_fast = request->policy.fail_fast,
                  .stock = needs ? needs->stock : NULL},
        .runner = &task_runner,
        .listener = &listener,
        .deadline_us = context->deadline_us,
        .tick_us = request->tick_us,
        .starts_at_once = request->viewer != NULL,
        .flaky_fails = request->policy.flaky_fails,
        .until_failure = request->policy.until_failure,
    };

    tps_stop_attach(context->executor);
    tps_pool_run(&pool, answer, error);
    tps_stop_attach(NULL);
    keep(&keeper, INT64_MAX);
    if (keeper.error && error && !*error)
        g_propagate_error(error, keeper.error);
    else
        g_clear_error(&keeper.error);
}
