/* SPDX-License-Identifier: MIT */
#include "scheduler/queue_again.h"
#include "tests/unit.h"

#include <glib.h>
#include <string.h>

#define SECOND INT64_C(1000000)
#define NOON (1000 * SECOND)
#define N_TASKS 6
#define N_UNITS 4
#define N_WORKERS 4
#define N_ROUNDS 2000
#define SEED 20010911

static TpsTask *tasks[N_TASKS];

static void setup(void)
{
    for (int i = 0; i < N_TASKS; i++)
        tasks[i] = tps_task_new("s", (TpsPart){.index = i, .count = N_TASKS});
}

static void teardown(void)
{
    for (int i = 0; i < N_TASKS; i++)
        tps_task_free(tasks[i]);
}

/* Tasks of four units of a second; the first is the heaviest. */
static TpsQueue *queue_new(int n_tasks, int reruns, int repeats, const TpsQueueRules *rules)
{
    g_autoptr(GArray) array = g_array_new(FALSE, FALSE, sizeof(TpsQueueTask));

    for (int i = 0; i < n_tasks; i++) {
        TpsQueueTask task = {.task = tasks[i],
                             .unit_us = g_new0(int64_t, N_UNITS),
                             .n_units = N_UNITS,
                             .divisible = true,
                             .reruns = reruns,
                             .repeats = repeats};

        for (int j = 0; j < N_UNITS; j++)
            task.unit_us[j] = (n_tasks - i) * SECOND;
        g_array_append_val(array, task);
    }
    return tps_queue_new(array, rules, NOON);
}

static TpsQueueRules rules_of(int size)
{
    return (TpsQueueRules){.size = size,
                           .max_size = size,
                           .limit_us = 3600 * SECOND,
                           .target_us = 3600 * SECOND,
                           .rerun_budget = 10};
}

static bool end(TpsQueue *queue, TpsPiece *piece, TpsEnd how)
{
    TpsPartReport *report = tps_part_report_new("s", piece->task->part);

    report->end = how;
    return tps_queue_end(queue, piece, report, NULL, NOON + SECOND);
}

/* So many testcases failed, in the last two units of the task. */
static bool rerun(TpsQueue *queue, const TpsPiece *failed, guint n_failed)
{
    static const size_t units[] = {2, 3};
    g_auto(TpsAgain) again = {.units = g_memdup2(units, sizeof units),
                              .n_units = G_N_ELEMENTS(units),
                              .only = g_hash_table_new(g_str_hash, g_str_equal),
                              .n_failed = n_failed,
                              .avoid = failed->worker};

    return tps_queue_rerun(queue, failed->task, &again);
}

START_TEST(what_failed_goes_to_another_worker)
{
    TpsQueueRules rules = rules_of(2);
    g_autoptr(TpsQueue) queue = queue_new(1, 1, 0, &rules);
    TpsPiece *first = tps_queue_take(queue, 0, NOON);
    TpsPiece *second;

    ck_assert_int_eq(first->attempt, 1);
    ck_assert(end(queue, first, TPS_END_EXITED));
    ck_assert(tps_queue_may_rerun(queue, tasks[0]));
    ck_assert(rerun(queue, first, 2));
    ck_assert(!tps_queue_is_over(queue));
    ck_assert(!tps_queue_may_rerun(queue, tasks[0]));
    ck_assert_ptr_null(tps_queue_take(queue, 0, NOON)); /* the other one idles */
    second = tps_queue_take(queue, 1, NOON);
    ck_assert_ptr_nonnull(second);
    ck_assert_int_eq(second->attempt, 2);
    ck_assert_int_eq(second->number, 1);
    ck_assert_uint_eq(second->n_units, 2);
    ck_assert_uint_eq(second->units[0], 2);
    ck_assert_ptr_nonnull(second->only);
    ck_assert_int_eq(second->expected_us, 2 * SECOND);
    ck_assert(end(queue, second, TPS_END_EXITED));
    ck_assert(!tps_queue_may_rerun(queue, tasks[0]));
    ck_assert(tps_queue_is_over(queue));
}
END_TEST

/* The other worker is busy: what else waits is taken first, and then it is taken all the same. */
START_TEST(nobody_idles_for_another_worker)
{
    TpsQueueRules rules = rules_of(2);
    g_autoptr(TpsQueue) queue = queue_new(3, 1, 0, &rules);
    TpsPiece *failed = tps_queue_take(queue, 0, NOON);

    tps_queue_take(queue, 1, NOON);
    end(queue, failed, TPS_END_EXITED);
    ck_assert(rerun(queue, failed, 1));
    failed = tps_queue_take(queue, 0, NOON);
    ck_assert_ptr_eq(failed->task, tasks[2]);
    end(queue, failed, TPS_END_EXITED);
    failed = tps_queue_take(queue, 0, NOON);
    ck_assert_ptr_nonnull(failed);
    ck_assert_ptr_eq(failed->task, tasks[0]);
    ck_assert_int_eq(failed->attempt, 2);
}
END_TEST

START_TEST(the_only_worker_takes_it)
{
    TpsQueueRules rules = rules_of(1);
    g_autoptr(TpsQueue) queue = queue_new(1, 2, 0, &rules);

    for (int attempt = 1; attempt <= 3; attempt++) {
        TpsPiece *piece = tps_queue_take(queue, 0, NOON);

        ck_assert_int_eq(piece->attempt, attempt);
        ck_assert(end(queue, piece, TPS_END_EXITED));
        ck_assert_int_eq(tps_queue_may_rerun(queue, tasks[0]), attempt < 3);
        if (attempt < 3)
            ck_assert(rerun(queue, piece, 1));
    }
    ck_assert(tps_queue_is_over(queue));
    ck_assert_uint_eq(tps_queue_n_rerun(queue), 2);
}
END_TEST

START_TEST(the_budget_takes_all_of_a_task_or_nothing)
{
    TpsQueueRules rules = rules_of(1);
    g_autoptr(TpsQueue) queue = queue_new(3, 1, 0, &rules);
    static const guint failed[] = {7, 4, 3};

    for (int i = 0; i < 3; i++) {
        TpsPiece *piece = tps_queue_take(queue, 0, NOON);

        if (piece->attempt == 2) {
            end(queue, piece, TPS_END_EXITED);
            piece = tps_queue_take(queue, 0, NOON);
        }
        end(queue, piece, TPS_END_EXITED);
        ck_assert_int_eq(rerun(queue, piece, failed[i]), failed[i] != 4);
    }
    ck_assert_uint_eq(tps_queue_n_rerun(queue), 10);
    ck_assert_uint_eq(tps_queue_n_refused(queue), 4);
}
END_TEST

/* It would pay to cut it, as the first attempt was: nothing else is there, and workers idle. */
START_TEST(a_rerun_is_not_cut)
{
    TpsQueueRules rules = rules_of(4);
    g_autoptr(TpsQueue) queue = NULL;
    TpsPiece *piece[4];

    rules.splits = true;
    queue = queue_new(1, 1, 0, &rules);
    for (int i = 0; i < 4; i++)
        piece[i] = tps_queue_take(queue, i, NOON);
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(end(queue, piece[i], TPS_END_EXITED), i == 3);
    ck_assert(rerun(queue, piece[3], 1));
    ck_assert_uint_eq(tps_queue_take(queue, 1, NOON)->n_units, 2);
    ck_assert_ptr_null(tps_queue_take(queue, 2, NOON));
}
END_TEST

START_TEST(who_killed_a_worker_is_tried_on_another)
{
    TpsQueueRules rules = rules_of(2);
    g_autoptr(TpsQueue) queue = queue_new(1, 0, 0, &rules);
    TpsPiece *first = tps_queue_take(queue, 0, NOON);
    TpsPiece *second;

    ck_assert(!end(queue, first, TPS_END_LOST));
    ck_assert(first->replaced);
    ck_assert_ptr_null(tps_queue_take(queue, 0, NOON));
    second = tps_queue_take(queue, 1, NOON);
    ck_assert_uint_eq(second->n_units, N_UNITS);
    ck_assert_int_eq(second->attempt, 1);
    ck_assert_int_eq(second->deaths, 1);
    ck_assert(end(queue, second, TPS_END_EXITED));
    ck_assert(!second->replaced);
    ck_assert(tps_queue_is_over(queue));
}
END_TEST

START_TEST(who_kills_two_is_given_up)
{
    TpsQueueRules rules = rules_of(2);
    g_autoptr(TpsQueue) queue = queue_new(2, 0, 0, &rules);
    TpsPiece *piece = tps_queue_take(queue, 0, NOON);

    ck_assert(!end(queue, piece, TPS_END_LOST));
    piece = tps_queue_take(queue, 1, NOON);
    ck_assert_ptr_eq(piece->task, tasks[0]);
    ck_assert(end(queue, piece, TPS_END_LOST));
    ck_assert(!piece->replaced);
    piece = tps_queue_take(queue, 1, NOON); /* the rest goes on */
    ck_assert_ptr_eq(piece->task, tasks[1]);
    ck_assert(end(queue, piece, TPS_END_EXITED));
    ck_assert(tps_queue_is_over(queue));
}
END_TEST

START_TEST(nothing_comes_again_when_it_is_closed)
{
    TpsQueueRules rules = rules_of(2);
    g_autoptr(TpsQueue) queue = queue_new(2, 3, 3, &rules);
    TpsPiece *first = tps_queue_take(queue, 0, NOON);
    TpsPiece *second = tps_queue_take(queue, 1, NOON);

    tps_queue_close(queue);
    ck_assert(end(queue, first, TPS_END_LOST));
    ck_assert(!first->replaced);
    ck_assert(end(queue, second, TPS_END_EXITED));
    ck_assert(!tps_queue_may_rerun(queue, tasks[1]));
    ck_assert(!tps_queue_may_repeat(queue, tasks[1]));
    ck_assert(tps_queue_is_over(queue));
}
END_TEST

START_TEST(a_number_of_failures_ends_it)
{
    TpsQueueRules rules = rules_of(1);
    g_autoptr(TpsQueue) queue = NULL;
    TpsPiece *piece;

    rules.fail_fast = 2;
    queue = queue_new(3, 0, 0, &rules);
    end(queue, tps_queue_take(queue, 0, NOON), TPS_END_EXITED);
    ck_assert(!tps_queue_fail(queue));
    ck_assert(!tps_queue_failed_fast(queue));
    end(queue, tps_queue_take(queue, 0, NOON), TPS_END_EXITED);
    ck_assert(tps_queue_fail(queue));
    ck_assert(tps_queue_failed_fast(queue));
    piece = tps_queue_take(queue, 0, NOON);
    ck_assert_int_eq(piece->started_us, 0);
    ck_assert(tps_queue_end(queue, piece, NULL, NULL, NOON));
    ck_assert(!tps_queue_fail(queue)); /* only once */
    ck_assert(tps_queue_is_over(queue));
}
END_TEST

START_TEST(failures_are_borne_unless_asked)
{
    TpsQueueRules rules = rules_of(1);
    g_autoptr(TpsQueue) queue = queue_new(3, 0, 0, &rules);

    for (int i = 0; i < 3; i++) {
        TpsPiece *piece = tps_queue_take(queue, 0, NOON);

        ck_assert_int_ne(piece->started_us, 0);
        end(queue, piece, TPS_END_EXITED);
        ck_assert(!tps_queue_fail(queue));
    }
    ck_assert(!tps_queue_failed_fast(queue));
}
END_TEST

START_TEST(repetitions_take_turns)
{
    TpsQueueRules rules = rules_of(1);
    g_autoptr(TpsQueue) queue = queue_new(2, 0, 3, &rules);
    g_autoptr(GString) log = g_string_new(NULL);
    TpsPiece *piece;

    while ((piece = tps_queue_take(queue, 0, NOON))) {
        g_string_append_printf(log, "%d.%d:%zu ", piece->task->part.index, piece->attempt,
                               piece->n_units);
        ck_assert(end(queue, piece, TPS_END_EXITED));
        if (tps_queue_may_repeat(queue, piece->task))
            tps_queue_repeat(queue, piece->task);
    }
    ck_assert_str_eq(log->str, "0.1:4 1.1:4 0.2:4 1.2:4 0.3:4 1.3:4 ");
    ck_assert(tps_queue_is_over(queue));
}
END_TEST

/* Task 0 for worker 1 at once, task 1 for worker 0 after ten seconds. */
START_TEST(a_replay_waits_for_worker_and_time)
{
    TpsQueueRules rules = rules_of(2);
    g_autoptr(GArray) array = g_array_new(FALSE, FALSE, sizeof(TpsQueueTask));
    g_autoptr(TpsQueue) queue = NULL;
    TpsPiece *piece;

    for (int i = 0; i < 2; i++) {
        TpsQueueTask task = {.task = tasks[i],
                             .unit_us = g_new0(int64_t, 1),
                             .n_units = 1,
                             .bound = true,
                             .worker = 1 - i,
                             .start_us = i * 10 * SECOND};

        g_array_append_val(array, task);
    }
    queue = tps_queue_new(array, &rules, NOON);
    ck_assert_ptr_null(tps_queue_take(queue, 0, NOON));
    ck_assert_int_eq(tps_queue_next_us(queue, 0, NOON), NOON + 10 * SECOND);
    piece = tps_queue_take(queue, 1, NOON);
    ck_assert_ptr_eq(piece->task, tasks[0]);
    ck_assert_int_eq(tps_queue_next_us(queue, 1, NOON), INT64_MAX);
    ck_assert(!end(queue, piece, TPS_END_LOST));
    ck_assert_ptr_null(tps_queue_take(queue, 1, NOON)); /* the other one idles */
    piece = tps_queue_take(queue, 0, NOON);             /* which may have it now */
    ck_assert_ptr_eq(piece->task, tasks[0]);
    ck_assert(end(queue, piece, TPS_END_EXITED));
    ck_assert_ptr_null(tps_queue_take(queue, 0, NOON + 10 * SECOND - 1));
    ck_assert_int_eq(tps_queue_next_us(queue, 0, NOON + 10 * SECOND), INT64_MAX);
    ck_assert_ptr_null(tps_queue_take(queue, 1, NOON + 20 * SECOND));
    piece = tps_queue_take(queue, 0, NOON + 10 * SECOND);
    ck_assert_ptr_eq(piece->task, tasks[1]);
    ck_assert(end(queue, piece, TPS_END_EXITED));
    ck_assert(tps_queue_is_over(queue));
}
END_TEST

static TpsEnd random_end(GRand *rand)
{
    int n = g_rand_int_range(rand, 0, 10);

    return n < 2 ? TPS_END_LOST : n < 4 ? TPS_END_SIGNALED : TPS_END_EXITED;
}

/* Whatever fails and dies: each task ends once, and nothing goes on for ever. */
START_TEST(all_ends)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(SEED);

    for (int round = 0; round < N_ROUNDS; round++) {
        TpsQueueRules rules = rules_of(g_rand_int_range(rand, 1, N_WORKERS + 1));
        int reruns = g_rand_int_range(rand, 0, 4);
        TpsPiece *running[N_WORKERS] = {NULL};
        int n_over[N_TASKS] = {0};
        g_autoptr(TpsQueue) queue = NULL;

        rules.splits = g_rand_boolean(rand);
        rules.rerun_budget = g_rand_int_range(rand, 0, 8);
        queue = queue_new(N_TASKS, reruns, 0, &rules);
        for (int step = 0; !tps_queue_is_over(queue); step++) {
            int worker = g_rand_int_range(rand, 0, rules.size);
            TpsPiece *piece = running[worker];

            ck_assert_int_lt(step, 10000);
            if (!piece) {
                running[worker] = tps_queue_take(queue, worker, NOON);
                continue;
            }
            running[worker] = NULL;
            ck_assert_int_lt(piece->deaths, TPS_DEATHS_MAX);
            ck_assert_int_le(piece->attempt, reruns + 1);
            if (!end(queue, piece, random_end(rand)))
                continue;
            if (tps_queue_may_rerun(queue, piece->task) && g_rand_boolean(rand) &&
                rerun(queue, piece, 1))
                continue;
            n_over[piece->task->part.index]++;
        }
        for (int i = 0; i < N_TASKS; i++)
            ck_assert_int_eq(n_over[i], 1);
        ck_assert_int_le(tps_queue_n_rerun(queue), rules.rerun_budget);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("queue_again");
    TCase *tcase = tcase_create("queue_again");

    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, what_failed_goes_to_another_worker);
    tcase_add_test(tcase, nobody_idles_for_another_worker);
    tcase_add_test(tcase, the_only_worker_takes_it);
    tcase_add_test(tcase, the_budget_takes_all_of_a_task_or_nothing);
    tcase_add_test(tcase, a_rerun_is_not_cut);
    tcase_add_test(tcase, who_killed_a_worker_is_tried_on_another);
    tcase_add_test(tcase, who_kills_two_is_given_up);
    tcase_add_test(tcase, nothing_comes_again_when_it_is_closed);
    tcase_add_test(tcase, a_number_of_failures_ends_it);
    tcase_add_test(tcase, failures_are_borne_unless_asked);
    tcase_add_test(tcase, repetitions_take_turns);
    tcase_add_test(tcase, a_replay_waits_for_worker_and_time);
    tcase_add_test(tcase, all_ends);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
