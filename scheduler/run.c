/* SPDX-License-Identifier: MIT */
#include "scheduler/run.h"

#include "adapters/executor.h"
#include "adapters/machine.h"
#include "core/duration.h"
#include "core/saturate.h"
#include "formats/files.h"
#include "formats/plan_json.h"
#include "runtime/learn.h"
#include "scheduler/executed.h"
#include "scheduler/forward.h"
#include "scheduler/hooks.h"
#include "scheduler/job.h"
#include "scheduler/journal.h"
#include "scheduler/plan_needs.h"
#include "scheduler/pool.h"
#include "scheduler/report_dir.h"
#include "scheduler/shuffle.h"
#include "scheduler/stop.h"
#include "scheduler/task.h"
#include "scheduler/task_index.h"
#include "scheduler/work.h"

#include <string.h>
#include <unistd.h>

/* How often the disk is asked to keep what is new. */
#define SYNC_US INT64_C(1000000)

void tps_run_free(TpsRun *run)
{
    if (!run)
        return;
    tps_merge_free(run->merge);
    g_free(run->junit_path);
    g_clear_pointer(&run->teardowns, g_ptr_array_unref);
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

/*
 * What is wanted soon is asked of the run that stands in the report directory, before that makes
 * room. Where tasks wait for what others hold, the plan's order is kept: that it is not lengthened
 * could not be said. Caller frees.
 */
static size_t *failed_first(const TpsRunRequest *request)
{
    const GPtrArray *tasks = request->todo->tasks;
    g_autoptr(TpsPlanNeeds) needs = tps_plan_needs_new(request->scope, request->memory_bytes);
    g_autofree bool *wanted = tps_forward_wanted(request->todo, request->report_dir);
    g_autofree int64_t *weight_us = g_new0(int64_t, MAX(tasks->len, 1));
    size_t *order = g_new(size_t, MAX(tasks->len, 1));
    bool any_needs = false;

    for (guint i = 0; i < tasks->len; i++) {
        const TpsTask *task = g_ptr_array_index(tasks, i);

        weight_us[i] = task->weight_us;
        any_needs |= tps_plan_needs_find(needs, task->suite) != NULL;
    }
    for (guint i = 0; i < tasks->len; i++)
        wanted[i] &= !any_needs;
    tps_forward_order(weight_us, wanted, tasks->len, request->size, order);
    return order;
}

/* As the plan starts them, or shuffled. Caller frees. */
static size_t *starting_order(const TpsRunRequest *request)
{
    size_t n = request->todo->tasks->len;
    size_t *order;

    if (request->policy.failed_first)
        return failed_first(request);
    order = g_new(size_t, MAX(n, 1));

    if (request->policy.shuffles) {
        tps_shuffle(request->policy.seed, order, n);
        return order;
    }
    for (size_t i = 0; i < n; i++)
        order[i] = i;
    return order;
}

static void bring_into_order(const TpsRunRequest *request, GPtrArray *works)
{
    g_autofree size_t *order = starting_order(request);
    g_autofree void **planned = g_memdup2(works->pdata, works->len * sizeof *works->pdata);

    for (guint i = 0; i < works->len; i++)
        works->pdata[i] = planned[order[i]];
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

static void execute(const TpsRunRequest *request, const TpsTaskContext *context,
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

/* From the disk, not from memory: what is proven is what others will read. */
static TpsMerge *merge(const TpsRunRequest *request, const TpsReportDir *dir, GHashTable *not_run,
                       GError **error)
{
    g_autoptr(GPtrArray) problems = g_ptr_array_new();
    g_autoptr(GPtrArray) notes = g_ptr_array_new();
    g_autoptr(GPtrArray) reports = tps_report_dir_load(dir, problems, notes, error);
    g_autoptr(GPtrArray) nothing = g_ptr_array_new();
    TpsMerge *merge =
        tps_merge_plan_cut_short(request->scope, reports ? reports : nothing, not_run);

    g_ptr_array_extend_and_steal(merge->problems, g_steal_pointer(&problems));
    g_ptr_array_extend_and_steal(merge->notes, g_steal_pointer(&notes));
    merge->flaky_fails = request->policy.flaky_fails;
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
    GString *text = tps_merge_format(run->merge);
    GError *error = NULL;

    run->junit_path = g_build_filename(request->report_dir, TPS_RUN_JUNIT_FILE, NULL);
    tps_file_write(run->junit_path, text->str, text->len, &error);
    take_trouble(run, error);
    g_string_free(text, TRUE);
}

/* What no task could tell any more: of a suite whose last task did not run, and of the plan. */
static void tear_down(const TpsTaskContext *context, TpsRun *run)
{
    g_autoptr(GPtrArray) failures = tps_hooks_end(context->hooks);

    run->teardowns = g_steal_pointer(&failures);
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
        tps_merge_add_result(run->merge, suite, result);
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
    take_trouble(run, error);
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
    take_trouble(run, error);
}

static TpsRun *run_works(const TpsRunRequest *request, const TpsReportDir *dir,
                         const TpsTaskContext *context, const GPtrArray *works)
{
    TpsRun *run = g_new0(TpsRun, 1);
    g_autoptr(TpsPlanNeeds) needs = tps_plan_needs_new(request->scope, request->memory_bytes);
    g_auto(TpsPoolAnswer) answer = {0};
    g_autoptr(GHashTable) left_out = NULL;
    int64_t started_us = g_get_monotonic_time();
    GError *error = NULL;

    tps_hooks_begin(context->hooks);
    execute(request, context, works, needs, &answer, &error);
    tear_down(context, run);
    run->serial_us = answer.serial_us;
    run->wall_us = g_get_monotonic_time() - started_us;
    run->interrupted = tps_stop_count() > 0;
    take_trouble(run, g_steal_pointer(&error));
    tps_output_check(context->output, &error);
    take_trouble(run, g_steal_pointer(&error));
    tps_hooks_check(context->hooks, &error);
    take_trouble(run, g_steal_pointer(&error));
    take_counts(run, &answer);
    left_out = not_run(request, run, answer.queue);
    run->merge = merge(request, dir, left_out, &error);
    take_trouble(run, g_steal_pointer(&error));
    add_teardowns(run);
    note_deadline(request, context, run);
    note_problems(context, run);
    write_report(request, run);
    write_executed(request, answer.queue, run);
    learn(request, dir, run);
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

TpsRun *tps_run(const TpsRunRequest *request, GError **error)
{
    g_autoptr(TpsJobserver) jobserver = NULL;
    g_autoptr(TpsSandboxes) sandboxes = NULL; /* freed last: when no process is left */
    g_autoptr(TpsHooks) hooks = NULL;
    g_autoptr(TpsExecutor) executor = NULL;
    g_autoptr(TpsOutput) output = NULL;
    g_autoptr(TpsReportLock) lock = NULL;
    g_autoptr(TpsJournal) journal = NULL;
    g_autoptr(GPtrArray) works =
        tps_work_prepare(request->plan, request->todo, request->file, request->listings,
                         request->allow_new, request->allow_missing, error);
    TpsTaskContext context = {
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
    };
    TpsReportDir dir = {
        .path = request->report_dir,
        .plan = request->plan,
        .scope = request->scope,
        .todo = request->todo,
        .run_id = request->run_id,
        .attempt = request->attempt,
    };

    if (works)
        bring_into_order(request, works);
    lock = works ? tps_report_dir_take(request->report_dir, error) : NULL;
    journal = lock ? tps_report_dir_prepare(&dir, error) : NULL;
    if (!journal)
        return NULL;
    sandboxes = tps_sandboxes_new(request->max_size + tps_hooks_count(request->file), error);
    if (!sandboxes)
        return NULL;
    hooks = make_hooks(request, works, sandboxes, error);
    if (!hooks)
        return NULL;
    executor = request->interactive
                   ? tps_local_executor_new_interactive(request->isolation, error)
                   : tps_local_executor_new(request->max_size, request->isolation, error);
    if (!executor)
        return NULL;
    if (!tps_sandboxes_make(sandboxes, error) || !open_jobserver(request, works, &jobserver, error))
        return NULL;
    context.jobserver = jobserver;
    context.journal = journal;
    context.executor = executor;
    context.sandboxes = sandboxes;
    context.hooks = hooks;
    context.output = output = tps_output_new(request->report_dir);
    return say_run(request, &context, error) ? run_works(request, &dir, &context, works) : NULL;
}
