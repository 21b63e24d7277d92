/* SPDX-License-Identifier: MIT */
#include "core/error.h"
#include "scheduler/pool.h"
#include "tests/unit.h"

#include <glib.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#define N_SLOTS 4
#define N_TASKS 300
#define TICK_US 1000
#define SECOND INT64_C(1000000)

/* A runner without processes, and what it saw. */
typedef struct {
    atomic_int in_use[N_SLOTS];
    atomic_int n_started;
    atomic_int n_shared;   /* slots that two tasks had at a time      */
    atomic_int n_parallel; /* tasks that run now                      */
    atomic_int n_most;     /* most of them at a time                  */
    atomic_int wrong_slot;
    int fail_at; /* the task with this many started before fails; -1 = none */
    atomic_int started[N_TASKS];
    int order[N_TASKS]; /* with one worker: part indices as started */
    pthread_mutex_t mutex;
    pthread_cond_t met;
    int n_met;
    int meet;       /* so many tasks wait for each other; 0 = nobody waits */
    bool give_back; /* each piece runs one unit of its own only */
    atomic_int n_units;
    bool waits_for_ask; /* pieces of several units */
    atomic_int n_asked;
    atomic_llong clock; /* 0 = the system's */
    atomic_int n_joined;
    atomic_int n_pieces;
    int passes_at; /* tasks fail until they are run for that time; 0 = none fails */
    int reruns;
    int repeats;
    bool until_failure;
    atomic_int n_cancelled;
    atomic_int n_by[N_SLOTS]; /* attempts after the first, by slot */
    bool lingers;             /* every piece does, until it is waited for */
    atomic_int n_looked;
} Fake;

static void wait_for_the_others(Fake *fake)
{
    pthread_mutex_lock(&fake->mutex);
    if (++fake->n_met >= fake->meet)
        pthread_cond_broadcast(&fake->met);
    while (fake->n_met < fake->meet)
        pthread_cond_wait(&fake->met, &fake->mutex);
    pthread_mutex_unlock(&fake->mutex);
}

static void wait_for_ask(Fake *fake)
{
    pthread_mutex_lock(&fake->mutex);
    while (atomic_load(&fake->n_asked) == 0)
        pthread_cond_wait(&fake->met, &fake->mutex);
    pthread_mutex_unlock(&fake->mutex);
}

static bool fake_fails(const Fake *fake, const TpsPiece *piece);

static TpsPartReport *fake_run(const TpsPiece *piece, GArray *rest, void *user, GError **error)
{
    const TpsTask *task = piece->task;
    int slot = piece->worker;
    Fake *fake = user;
    int n = atomic_fetch_add(&fake->n_started, 1);
    int parallel = atomic_fetch_add(&fake->n_parallel, 1) + 1;
    TpsPartReport *report = NULL;

    for (size_t i = 0; i < piece->n_units; i++)
        atomic_fetch_add(&fake->n_units, 1);
    if (fake->give_back && piece->n_units > 1)
        g_array_append_vals(rest, piece->units + 1, (guint)piece->n_units - 1);
    if (slot < 0 || slot >= N_SLOTS) {
        atomic_store(&fake->wrong_slot, 1);
        return NULL;
    }
    if (atomic_exchange(&fake->in_use[slot], 1))
        atomic_fetch_add(&fake->n_shared, 1);
    if (parallel > atomic_load(&fake->n_most))
        atomic_store(&fake->n_most, parallel);
    atomic_fetch_add(&fake->started[task->part.index], 1);
    fake->order[n] = task->part.index;
    if (fake->waits_for_ask && piece->n_units > 1)
        wait_for_ask(fake);
    if (fake->meet)
        wait_for_the_others(fake);
    if (n == fake->fail_at)
        g_set_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "the disk is full");
    else
        report = tps_part_report_new(task->suite, task->part);
    if (report && fake_fails(fake, piece))
        g_ptr_array_add(report->results, tps_result_new("a", TPS_OUTCOME_FAILED, 0));
    if (piece->attempt > 1)
        atomic_fetch_add(&fake->n_by[slot], 1);
    atomic_fetch_sub(&fake->n_parallel, 1);
    atomic_store(&fake->in_use[slot], 0);
    if (fake->lingers && piece->may_linger)
        g_clear_pointer(&report, tps_part_report_free);
    return report;
}

static TpsPartReport *fake_settle(const TpsPiece *piece, bool wait, GArray *rest, void *user)
{
    Fake *fake = user;
    TpsPartReport *report;

    (void)rest;
    atomic_fetch_add(&fake->n_looked, 1);
    if (!wait)
        return NULL;
    report = tps_part_report_new(piece->task->suite, piece->task->part);
    if (fake_fails(fake, piece))
        g_ptr_array_add(report->results, tps_result_new("a", TPS_OUTCOME_FAILED, 0));
    return report;
}

static void fake_ask(const TpsPiece *piece, void *user)
{
    Fake *fake = user;

    (void)piece;
    pthread_mutex_lock(&fake->mutex);
    atomic_fetch_add(&fake->n_asked, 1);
    pthread_cond_broadcast(&fake->met);
    pthread_mutex_unlock(&fake->mutex);
}

/* A second later each time somebody looks. */
static int64_t fake_now(void *user)
{
    return atomic_fetch_add(&((Fake *)user)->clock, SECOND) + SECOND;
}

static bool fake_fails(const Fake *fake, const TpsPiece *piece)
{
    return piece->attempt < fake->passes_at;
}

static TpsPartReport *fake_join(const TpsTask *task, const GPtrArray *pieces, void *user,
                                GError **error)
{
    Fake *fake = user;
    TpsPartReport *report = tps_part_report_new(task->suite, task->part);

    (void)error;
    atomic_fetch_add(&fake->n_joined, 1);
    atomic_fetch_add(&fake->n_pieces, (int)pieces->len);
    report->done = true;
    if (fake_fails(fake, g_ptr_array_index(pieces, pieces->len - 1)))
        g_ptr_array_add(report->results, tps_result_new("a", TPS_OUTCOME_FAILED, 0));
    return report;
}

static bool fake_again(const TpsTask *task, const GPtrArray *pieces, TpsAgain *again, void *user)
{
    const TpsPiece *piece = g_ptr_array_index(pieces, pieces->len - 1);

    (void)task;
    if (!fake_fails(user, piece))
        return false;
    again->units = g_new0(size_t, 1);
    again->n_units = 1;
    again->n_failed = 1;
    again->avoid = piece->worker;
    return true;
}

static void fake_cancel(void *user)
{
    atomic_fetch_add(&((Fake *)user)->n_cancelled, 1);
}

/* What the listener heard. All on the main thread, so nothing is atomic. */
typedef struct {
    GThread *thread;
    int n[TPS_EVENT_RUN_ENDED + 1];
    int n_open;
    int n_reports;
    GPtrArray *reports; /* of TpsPartReport: whose they were */
    GString *said;      /* of tasks, in their order: "S0 L0 E0 ", if it is wanted */
    bool in_order;      /* RUN_STARTED first, RUN_ENDED last, started before ended */
} Heard;

/* The pool frees what it told of. */
static TpsPartReport *copy_report(const TpsPartReport *report)
{
    TpsPartReport *copy = tps_part_report_new(report->suite, report->part);

    copy->done = report->done;
    copy->end = report->end;
    copy->code = report->code;
    for (guint i = 0; i < report->results->len; i++) {
        const TpsResult *result = g_ptr_array_index(report->results, i);

        g_ptr_array_add(copy->results,
                        tps_result_new(result->id, result->outcome, result->time_us));
    }
    return copy;
}

static void note(Heard *heard, const TpsEvent *event)
{
    static const char letters[] = {
        [TPS_EVENT_TASK_STARTED] = 'S',
        [TPS_EVENT_TASK_LINGERS] = 'L',
        [TPS_EVENT_TASK_ENDED] = 'E',
    };

    if (heard->said && event->task)
        g_string_append_printf(heard->said, "%c%d ", letters[event->kind], event->task->part.index);
}

static void hear(const TpsEvent *event, void *user)
{
    Heard *heard = user;

    heard->in_order &= g_thread_self() == heard->thread;
    heard->in_order &=
        (heard->n[TPS_EVENT_RUN_STARTED] == 0) == (event->kind == TPS_EVENT_RUN_STARTED);
    heard->in_order &= heard->n[TPS_EVENT_RUN_ENDED] == 0;
    heard->n[event->kind]++;
    note(heard, event);
    if (event->kind == TPS_EVENT_TASK_STARTED)
        heard->n_open++;
    if (event->kind == TPS_EVENT_TASK_ENDED && event->report) {
        heard->n_reports++;
        g_ptr_array_add(heard->reports, copy_report(event->report));
    }
    if ((event->kind == TPS_EVENT_TASK_LINGERS ||
         (event->kind == TPS_EVENT_TASK_ENDED && !event->lingers)) &&
        heard->n_open > 0)
        heard->n_open--; /* what never started ends, too, when nothing runs any more */
    heard->in_order &= heard->n_open <= N_SLOTS;
}

static TpsPlan *plan_new(int n_tasks)
{
    TpsPlan *plan = tps_plan_new();

    for (int i = 0; i < n_tasks; i++) {
        TpsTask *task = tps_task_new("s", (TpsPart){.index = i, .count = n_tasks});

        task->weight_us = n_tasks - i;
        g_ptr_array_add(plan->tasks, task);
    }
    return plan;
}

static GArray *tasks_new(const TpsPlan *plan, const Fake *fake, size_t n_units)
{
    GArray *tasks = g_array_new(FALSE, FALSE, sizeof(TpsQueueTask));

    for (guint i = 0; i < plan->tasks->len; i++) {
        TpsQueueTask task = {.task = g_ptr_array_index(plan->tasks, i),
                             .unit_us = g_new(int64_t, n_units),
                             .n_units = n_units,
                             .divisible = true,
                             .gives_back = true,
                             .reruns = fake->reruns,
                             .repeats = fake->repeats};

        for (size_t j = 0; j < n_units; j++)
            task.unit_us[j] = task.task->weight_us * SECOND;
        g_array_append_val(tasks, task);
    }
    return tasks;
}

static GPtrArray *run_by(const TpsQueueRules *rules, Fake *fake, Heard *heard, int n_tasks,
                         size_t n_units, GError **error)
{
    g_autoptr(TpsPlan) plan = plan_new(n_tasks);
    g_autoptr(GArray) tasks = tasks_new(plan, fake, n_units);
    TpsTaskRunner runner = {.run = fake_run,
                            .settle = fake->lingers ? fake_settle : NULL,
                            .join = fake_join,
                            .again = fake_again,
                            .cancel = fake_cancel,
                            .user = fake};

    TpsListener listener = {hear, heard};
    TpsPoolRequest request = {.plan = plan,
                              .tasks = tasks,
                              .rules = *rules,
                              .runner = &runner,
                              .listener = &listener,
                              .tick_us = TICK_US,
                              .until_failure = fake->until_failure};
    g_auto(TpsPoolAnswer) answer = {0};

    if (fake->waits_for_ask) {
        runner.ask = fake_ask;
        runner.now = fake_now;
    }
    *heard = (Heard){
        .thread = g_thread_self(),
        .in_order = true,
        .said = heard->said,
        .reports = g_ptr_array_new_with_free_func((GDestroyNotify)tps_part_report_free),
    };
    ck_assert_int_eq(tps_pool_run(&request, &answer, error), !error || !*error);
    ck_assert(tps_queue_is_over(answer.queue));
    return heard->reports;
}

static GPtrArray *run(Fake *fake, Heard *heard, int n_tasks, int size, GError **error)
{
    TpsQueueRules rules = {.size = size, .max_size = size};

    return run_by(&rules, fake, heard, n_tasks, 1, error);
}

START_TEST(every_task_runs_once)
{
    Fake fake = {.fail_at = -1};
    Heard heard = {0};
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) reports = run(&fake, &heard, N_TASKS, N_SLOTS, &error);

    ck_assert_ptr_null(error);
    ck_assert_uint_eq(reports->len, N_TASKS);
    for (int i = 0; i < N_TASKS; i++)
        ck_assert_int_eq(fake.started[i], 1);
    ck_assert_int_eq(fake.n_shared, 0);
    ck_assert_int_eq(fake.wrong_slot, 0);
    ck_assert_int_le(fake.n_most, N_SLOTS);
    ck_assert_int_eq(heard.n[TPS_EVENT_TASK_STARTED], N_TASKS);
    ck_assert_int_eq(heard.n[TPS_EVENT_TASK_ENDED], N_TASKS);
    ck_assert_int_eq(heard.n[TPS_EVENT_RUN_ENDED], 1);
    ck_assert_int_eq(heard.n_reports, N_TASKS);
    ck_assert(heard.in_order);
}
END_TEST

START_TEST(one_worker_takes_the_heaviest_first)
{
    Fake fake = {.fail_at = -1};
    Heard heard = {0};
    g_autoptr(GPtrArray) reports = run(&fake, &heard, 50, 1, NULL);

    ck_assert_uint_eq(reports->len, 50);
    for (int i = 0; i < 50; i++) {
        ck_assert_int_eq(fake.order[i], i);
        ck_assert_int_eq(((TpsPartReport *)g_ptr_array_index(reports, i))->part.index, i);
    }
}
END_TEST

/* As many tasks as there are workers wait for each other: this ends only if all run at a time. */
START_TEST(all_workers_work)
{
    Fake fake = {.fail_at = -1, .meet = N_SLOTS};
    Heard heard = {0};
    g_autoptr(GPtrArray) reports = run(&fake, &heard, N_SLOTS, N_SLOTS, NULL);

    ck_assert_uint_eq(reports->len, N_SLOTS);
    ck_assert_int_eq(fake.n_shared, 0);
    ck_assert_int_eq(fake.wrong_slot, 0);
}
END_TEST

START_TEST(more_workers_than_tasks)
{
    Fake fake = {.fail_at = -1};
    Heard heard = {0};
    g_autoptr(GPtrArray) reports = run(&fake, &heard, 2, N_SLOTS, NULL);

    ck_assert_uint_eq(reports->len, 2);
}
END_TEST

START_TEST(no_tasks_end_at_once)
{
    Fake fake = {.fail_at = -1};
    Heard heard = {0};
    g_autoptr(GPtrArray) reports = run(&fake, &heard, 0, 2, NULL);

    ck_assert_uint_eq(reports->len, 0);
    ck_assert_int_eq(heard.n[TPS_EVENT_RUN_STARTED], 1);
    ck_assert_int_eq(heard.n[TPS_EVENT_RUN_ENDED], 1);
}
END_TEST

START_TEST(an_error_ends_the_run)
{
    Fake fake = {.fail_at = 5};
    Heard heard = {0};
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) reports = run(&fake, &heard, 100, 1, &error);

    assert_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "the disk is full");
    ck_assert_int_eq(fake.n_started, 6);
    ck_assert_uint_eq(reports->len, 5);
    ck_assert_int_eq(heard.n[TPS_EVENT_TASK_STARTED], 6);
    ck_assert_int_eq(heard.n[TPS_EVENT_TASK_ENDED], 100);
    ck_assert(heard.in_order);
}
END_TEST

/* What ran meanwhile is finished, and nothing follows. */
START_TEST(an_error_among_many_loses_no_report)
{
    for (int round = 0; round < 20; round++) {
        Fake fake = {.fail_at = round};
        Heard heard = {0};
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) reports = run(&fake, &heard, N_TASKS, N_SLOTS, &error);

        assert_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "the disk is full");
        ck_assert_uint_eq(reports->len, (guint)fake.n_started - 1);
    }
}
END_TEST

/* One task of four units: they meet only if it is cut into four. */
START_TEST(a_task_is_cut_for_idle_workers)
{
    Fake fake = {.fail_at = -1, .meet = N_SLOTS};
    TpsQueueRules rules = {.size = N_SLOTS, .max_size = N_SLOTS, .splits = true};
    Heard heard = {0};
    g_autoptr(GPtrArray) reports = run_by(&rules, &fake, &heard, 1, N_SLOTS, NULL);

    ck_assert_uint_eq(reports->len, 1);
    ck_assert_int_eq(heard.n_reports, 1);
    ck_assert_int_eq(heard.n[TPS_EVENT_TASK_STARTED], N_SLOTS);
    ck_assert_int_eq(fake.n_joined, 1);
    ck_assert_int_eq(fake.n_pieces, N_SLOTS);
    ck_assert_int_eq(fake.n_units, N_SLOTS);
}
END_TEST

/* Each process runs one unit and gives back the rest: every task ends once, with all its pieces. */
START_TEST(what_is_given_back_is_run)
{
    for (int size = 1; size <= N_SLOTS; size++) {
        Fake fake = {.fail_at = -1, .give_back = true};
        TpsQueueRules rules = {.size = size, .max_size = size};
        Heard heard = {0};
        g_autoptr(GPtrArray) reports = run_by(&rules, &fake, &heard, 50, 5, NULL);

        ck_assert_uint_eq(reports->len, 50);
        ck_assert_int_eq(fake.n_joined, 50);
        ck_assert_int_eq(fake.n_pieces, 250);
        ck_assert_int_eq(fake.n_units, 50 * (5 + 4 + 3 + 2 + 1));
    }
}
END_TEST

/* The piece ends only when it is asked, and then gives back; the other worker idles until then. */
START_TEST(who_idles_asks)
{
    Fake fake = {.fail_at = -1, .give_back = true, .waits_for_ask = true};
    TpsQueueRules rules = {.size = 2, .max_size = 2, .splits = true, .limit_us = INT64_MAX};
    Heard heard = {0};
    g_autoptr(GPtrArray) reports = run_by(&rules, &fake, &heard, 1, 3, NULL);

    ck_assert_uint_eq(reports->len, 1);
    ck_assert_int_ge(fake.n_asked, 1);
    ck_assert_int_ge(fake.n_pieces, 3);
}
END_TEST

/* Of a task one of whose pieces failed there is no report. */
START_TEST(a_piece_that_fails_leaves_no_report)
{
    Fake fake = {.fail_at = 2, .meet = N_SLOTS};
    TpsQueueRules rules = {.size = N_SLOTS, .max_size = N_SLOTS, .splits = true};
    Heard heard = {0};
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) reports = run_by(&rules, &fake, &heard, 1, N_SLOTS, &error);

    assert_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "the disk is full");
    ck_assert_uint_eq(reports->len, 0);
    ck_assert_int_eq(fake.n_joined, 0);
}
END_TEST

/* Four tasks meet, and the pool begins with one worker: it ends only if it grows. */
START_TEST(an_elastic_pool_grows)
{
    Fake fake = {.fail_at = -1, .meet = N_SLOTS};
    TpsQueueRules rules = {.size = 1, .max_size = N_SLOTS, .target_us = 1};
    Heard heard = {0};
    g_autoptr(GPtrArray) reports = run_by(&rules, &fake, &heard, 20, 1, NULL);

    ck_assert_uint_eq(reports->len, 20);
    ck_assert_int_eq(heard.n[TPS_EVENT_POOL_GROWN], N_SLOTS - 1);
    ck_assert_int_eq(fake.n_shared, 0);
    ck_assert_int_eq(fake.wrong_slot, 0);
}
END_TEST

/* Each fails twice, and is joined once. */
START_TEST(what_failed_is_run_again)
{
    for (int size = 1; size <= N_SLOTS; size++) {
        Fake fake = {.fail_at = -1, .passes_at = 3, .reruns = 2};
        TpsQueueRules rules = {.size = size, .max_size = size, .rerun_budget = 100};
        Heard heard = {0};
        g_autoptr(GPtrArray) reports = run_by(&rules, &fake, &heard, 50, 1, NULL);

        ck_assert_uint_eq(reports->len, 50);
        ck_assert_int_eq(fake.n_joined, 50);
        ck_assert_int_eq(fake.n_pieces, 150);
        ck_assert_int_eq(heard.n_reports, 50);
        ck_assert_int_eq(heard.n[TPS_EVENT_TASK_STARTED], 150);
        for (guint i = 0; i < reports->len; i++)
            ck_assert(!tps_part_report_is_bad(g_ptr_array_index(reports, i)));
    }
}
END_TEST

/* One task, two workers: who had it leaves it to the other. */
START_TEST(attempts_change_workers)
{
    Fake fake = {.fail_at = -1, .passes_at = 5, .reruns = 4};
    TpsQueueRules rules = {.size = 2, .max_size = 2, .rerun_budget = 100};
    Heard heard = {0};
    g_autoptr(GPtrArray) reports = run_by(&rules, &fake, &heard, 1, 1, NULL);

    ck_assert_uint_eq(reports->len, 1);
    ck_assert_int_eq(fake.n_by[0], 2);
    ck_assert_int_eq(fake.n_by[1], 2);
}
END_TEST

START_TEST(enough_failures_end_the_run)
{
    Fake fake = {.fail_at = -1, .passes_at = 2};
    TpsQueueRules rules = {.size = 1, .max_size = 1, .fail_fast = 3};
    Heard heard = {0};
    g_autoptr(GPtrArray) reports = run_by(&rules, &fake, &heard, 50, 1, NULL);

    ck_assert_uint_eq(reports->len, 3);
    ck_assert_int_eq(fake.n_started, 3);
    ck_assert_int_eq(fake.n_cancelled, 1);
    ck_assert_int_eq(heard.n[TPS_EVENT_FAILED_FAST], 1);
    ck_assert_int_eq(heard.n[TPS_EVENT_TASK_ENDED], 50);
}
END_TEST

START_TEST(failures_that_pass_later_are_none)
{
    Fake fake = {.fail_at = -1, .passes_at = 2, .reruns = 1};
    TpsQueueRules rules = {.size = 1, .max_size = 1, .fail_fast = 1, .rerun_budget = 100};
    Heard heard = {0};
    g_autoptr(GPtrArray) reports = run_by(&rules, &fake, &heard, 50, 1, NULL);

    ck_assert_uint_eq(reports->len, 50);
    ck_assert_int_eq(heard.n[TPS_EVENT_FAILED_FAST], 0);
}
END_TEST

START_TEST(all_tasks_are_repeated)
{
    Fake fake = {.fail_at = -1, .repeats = 4};
    TpsQueueRules rules = {.size = 3, .max_size = 3};
    Heard heard = {0};
    g_autoptr(GPtrArray) reports = run_by(&rules, &fake, &heard, 20, 1, NULL);

    ck_assert_uint_eq(reports->len, 20);
    ck_assert_int_eq(fake.n_started, 80);
    ck_assert_int_eq(fake.n_joined, 20);
}
END_TEST

/* The first repetition fails: neither task gets to a second one. */
START_TEST(repetitions_end_with_a_failure)
{
    Fake fake = {.fail_at = -1, .passes_at = 2, .repeats = 100, .until_failure = true};
    TpsQueueRules rules = {.size = 1, .max_size = 1, .fail_fast = 1};
    Heard heard = {0};
    g_autoptr(GPtrArray) reports = run_by(&rules, &fake, &heard, 2, 1, NULL);

    ck_assert_uint_eq(reports->len, 1);
    ck_assert_int_eq(fake.n_started, 1);
    ck_assert_int_eq(heard.n[TPS_EVENT_FAILED_FAST], 1);
}

/* Ends only when its start was heard, as a task does that prints more than a pipe holds. */
static TpsPartReport *run_when_heard(const TpsPiece *piece, GArray *rest, void *user,
                                     GError **error)
{
    atomic_bool *is_heard = user;

    (void)rest;
    (void)error;
    while (!atomic_load(is_heard))
        g_usleep(100);
    return tps_part_report_new(piece->task->suite, piece->task->part);
}

static TpsPartReport *join_one(const TpsTask *task, const GPtrArray *pieces, void *user,
                               GError **error)
{
    (void)pieces;
    (void)user;
    (void)error;
    return tps_part_report_new(task->suite, task->part);
}

static void hear_start(const TpsEvent *event, void *user)
{
    if (event->kind == TPS_EVENT_TASK_STARTED)
        atomic_store((atomic_bool *)user, true);
}

/* It does not wait for the tick, which is in an hour. */
START_TEST(a_start_is_told_at_once)
{
    g_autoptr(TpsPlan) plan = plan_new(1);
    Fake fake = {.fail_at = -1};
    g_autoptr(GArray) tasks = tasks_new(plan, &fake, 1);
    atomic_bool is_heard = false;
    TpsTaskRunner runner = {.run = run_when_heard, .join = join_one, .user = &is_heard};
    TpsListener listener = {hear_start, &is_heard};
    TpsPoolRequest request = {.plan = plan,
                              .tasks = tasks,
                              .rules = {.size = 1, .max_size = 1},
                              .runner = &runner,
                              .listener = &listener,
                              .tick_us = 3600 * SECOND,
                              .starts_at_once = true};
    g_auto(TpsPoolAnswer) answer = {0};

    ck_assert(tps_pool_run(&request, &answer, NULL));
    ck_assert(is_heard);
}
END_TEST

static void assert_said(Fake *fake, TpsQueueRules rules, const char *expected)
{
    Heard heard = {.said = g_string_new(NULL)};
    g_autoptr(GPtrArray) reports = run_by(&rules, fake, &heard, 3, 1, NULL);

    ck_assert_ptr_nonnull(reports);
    ck_assert(heard.in_order);
    ck_assert_str_eq(heard.said->str, expected);
    g_string_free(heard.said, TRUE);
}

START_TEST(a_worker_goes_on_while_tasks_linger)
{
    Fake fake = {.fail_at = -1, .lingers = true};

    assert_said(&fake, (TpsQueueRules){.size = 1, .max_size = 1}, "S0 L0 S1 L1 S2 L2 E0 E1 E2 ");
    ck_assert_int_eq(fake.n_joined, 3);
}
END_TEST

/* The verdict comes late, and what failed is run again all the same. */
START_TEST(what_lingered_is_run_again)
{
    Fake fake = {.fail_at = -1, .lingers = true, .passes_at = 2, .reruns = 1};

    assert_said(&fake, (TpsQueueRules){.size = 1, .max_size = 1, .rerun_budget = 100},
                "S0 L0 S1 L1 S2 L2 E0 S0 L0 E1 S1 L1 E2 S2 L2 E0 E1 E2 ");
    ck_assert_int_eq(fake.n_joined, 3);
}
END_TEST

/* Nothing may start before it is known whether one more has failed. */
START_TEST(none_lingers_where_failures_end_the_run)
{
    Fake fake = {.fail_at = -1, .lingers = true};

    assert_said(&fake, (TpsQueueRules){.size = 1, .max_size = 1, .fail_fast = 1},
                "S0 E0 S1 E1 S2 E2 ");
    ck_assert_int_eq(fake.n_looked, 0);
}
END_TEST

START_TEST(workers_go_on_side_by_side)
{
    Fake fake = {.fail_at = -1, .lingers = true};
    Heard heard = {0};
    g_autoptr(GPtrArray) reports = run(&fake, &heard, N_TASKS, N_SLOTS, NULL);

    ck_assert_uint_eq(reports->len, N_TASKS);
    ck_assert_int_eq(fake.n_joined, N_TASKS);
    ck_assert_int_eq(fake.n_shared, 0);
    ck_assert_int_eq(heard.n[TPS_EVENT_TASK_LINGERS], N_TASKS);
    ck_assert(heard.in_order);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pool");
    TCase *tcase = tcase_create("pool");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, every_task_runs_once);
    tcase_add_test(tcase, one_worker_takes_the_heaviest_first);
    tcase_add_test(tcase, all_workers_work);
    tcase_add_test(tcase, more_workers_than_tasks);
    tcase_add_test(tcase, no_tasks_end_at_once);
    tcase_add_test(tcase, an_error_ends_the_run);
    tcase_add_test(tcase, an_error_among_many_loses_no_report);
    tcase_add_test(tcase, a_task_is_cut_for_idle_workers);
    tcase_add_test(tcase, what_is_given_back_is_run);
    tcase_add_test(tcase, who_idles_asks);
    tcase_add_test(tcase, a_piece_that_fails_leaves_no_report);
    tcase_add_test(tcase, an_elastic_pool_grows);
    tcase_add_test(tcase, a_start_is_told_at_once);
    tcase_add_test(tcase, what_failed_is_run_again);
    tcase_add_test(tcase, attempts_change_workers);
    tcase_add_test(tcase, enough_failures_end_the_run);
    tcase_add_test(tcase, failures_that_pass_later_are_none);
    tcase_add_test(tcase, all_tasks_are_repeated);
    tcase_add_test(tcase, repetitions_end_with_a_failure);
    tcase_add_test(tcase, a_worker_goes_on_while_tasks_linger);
    tcase_add_test(tcase, what_lingered_is_run_again);
    tcase_add_test(tcase, none_lingers_where_failures_end_the_run);
    tcase_add_test(tcase, workers_go_on_side_by_side);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
