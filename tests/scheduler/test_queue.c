/* SPDX-License-Identifier: MIT */
#include "scheduler/queue.h"
#include "tests/unit.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

#define SECOND INT64_C(1000000)
#define N_WORKERS 8
#define N_TASKS 12
#define N_UNITS 9
#define N_ROUNDS 1500
#define SEED 19940521
#define NOON (1000 * SECOND) /* when every run begins */

/* Tasks, and what their units really take. */
typedef struct {
    TpsTask *task[N_TASKS];
    int64_t unit_us[N_TASKS][N_UNITS];
    int64_t really_us[N_TASKS][N_UNITS];
    size_t n_units[N_TASKS];
    int64_t overhead_us[N_TASKS];
    bool divisible[N_TASKS];
    bool gives_back[N_TASKS];
    bool is_first[N_TASKS];
    int n;
} World;

static void world_clear(World *world)
{
    for (int i = 0; i < world->n; i++)
        tps_task_free(world->task[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(World, world_clear)

/* A task of so many units of so many seconds each. */
static void add_task(World *world, size_t n_units, int64_t unit_s, int64_t overhead_s)
{
    int i = world->n++;

    world->task[i] = tps_task_new("s", (TpsPart){.index = i, .count = N_TASKS});
    world->n_units[i] = n_units;
    world->overhead_us[i] = overhead_s * SECOND;
    world->divisible[i] = world->gives_back[i] = true;
    for (size_t j = 0; j < n_units; j++)
        world->unit_us[i][j] = world->really_us[i][j] = unit_s * SECOND;
}

static TpsQueue *queue_new(const World *world, const TpsQueueRules *rules)
{
    g_autoptr(GArray) tasks = g_array_new(FALSE, FALSE, sizeof(TpsQueueTask));

    for (int i = 0; i < world->n; i++) {
        TpsQueueTask task = {.task = world->task[i],
                             .unit_us = g_memdup2(world->unit_us[i], sizeof world->unit_us[i]),
                             .n_units = world->n_units[i],
                             .divisible = world->divisible[i],
                             .gives_back = world->gives_back[i],
                             .is_first = world->is_first[i],
                             .overhead_us = world->overhead_us[i]};

        g_array_append_val(tasks, task);
    }
    return tps_queue_new(tasks, rules, NOON);
}

/* A run without processes: workers take a piece, and it ends when its units really would. */
typedef struct {
    const World *world;
    TpsQueue *queue;
    TpsPiece *running[N_WORKERS];
    int64_t ends_us[N_WORKERS];
    size_t n_done[N_WORKERS]; /* units that will have been run */
    int64_t now_us;
    int n_run[N_TASKS][N_UNITS];
    int n_over[N_TASKS];
    GString *log; /* "0.1:2 " for two units of piece 1 of task 0, as they start */
} Run;

static void start(Run *run, int worker, TpsPiece *piece)
{
    int task = piece->task->part.index;
    int64_t end = run->now_us + run->world->overhead_us[task];
    size_t done = 0;

    for (; done < piece->n_units; done++) {
        int64_t unit_us = run->world->really_us[task][piece->units[done]];

        if (done > 0 && piece->until_us && end + unit_us > piece->until_us)
            break;
        end += unit_us;
    }
    g_string_append_printf(run->log, "%d.%d:%zu ", task, piece->number, piece->n_units);
    run->running[worker] = piece;
    run->ends_us[worker] = end;
    run->n_done[worker] = done;
}

static void end(Run *run, int worker)
{
    TpsPiece *piece = run->running[worker];
    int task = piece->task->part.index;
    g_autoptr(GArray) rest = g_array_new(FALSE, FALSE, sizeof(size_t));

    run->running[worker] = NULL;
    for (size_t i = 0; i < run->n_done[worker]; i++)
        run->n_run[task][piece->units[i]]++;
    for (size_t i = run->n_done[worker]; i < piece->n_units; i++)
        g_array_append_val(rest, piece->units[i]);
    run->n_over[task] += tps_queue_end(
        run->queue, piece, tps_part_report_new("s", piece->task->part), rest, run->now_us);
}

static void take_all(Run *run)
{
    for (int worker = 0; worker < tps_queue_size(run->queue); worker++) {
        TpsPiece *piece =
            run->running[worker] ? NULL : tps_queue_take(run->queue, worker, run->now_us);

        if (piece)
            start(run, worker, piece);
    }
}

static int next_to_end(const Run *run)
{
    int next = -1;

    for (int i = 0; i < N_WORKERS; i++)
        if (run->running[i] && (next < 0 || run->ends_us[i] < run->ends_us[next]))
            next = i;
    return next;
}

/* Until all is over; returns how long that took. */
static int64_t run_all(Run *run, bool grows)
{
    int worker;

    take_all(run);
    while ((worker = next_to_end(run)) >= 0) {
        run->now_us = run->ends_us[worker];
        end(run, worker);
        while (grows && tps_queue_grow(run->queue, run->now_us))
            ;
        take_all(run);
    }
    ck_assert(tps_queue_is_over(run->queue));
    return run->now_us - NOON;
}

static int64_t run_world(const World *world, const TpsQueueRules *rules, bool grows, char **log)
{
    g_autoptr(TpsQueue) queue = queue_new(world, rules);
    Run run = {.world = world, .queue = queue, .now_us = NOON, .log = g_string_new(NULL)};
    int64_t took = run_all(&run, grows);

    for (int i = 0; i < world->n; i++) {
        ck_assert_int_eq(run.n_over[i], 1);
        ck_assert_uint_le(tps_queue_pieces(queue, world->task[i])->len, TPS_PIECES_MAX);
        if (!world->divisible[i] || !rules->splits)
            ck_assert_uint_eq(tps_queue_pieces(queue, world->task[i])->len, 1);
        for (size_t j = 0; j < world->n_units[i]; j++)
            ck_assert_int_eq(run.n_run[i][j], 1);
    }
    *log = g_string_free(run.log, FALSE);
    return took;
}

static TpsQueueRules rules_of(int size, bool splits)
{
    return (TpsQueueRules){.size = size,
                           .max_size = size,
                           .splits = splits,
                           .limit_us = 3600 * SECOND,
                           .target_us = 3600 * SECOND};
}

START_TEST(starts_in_order)
{
    g_auto(World) world = {0};
    TpsQueueRules rules = rules_of(1, true);
    g_autofree char *log = NULL;

    for (int i = 0; i < 4; i++)
        add_task(&world, 2, 4 - i, 0);
    world.is_first[2] = true;
    ck_assert_int_eq(run_world(&world, &rules, false, &log), 20 * SECOND);
    ck_assert_str_eq(log, "2.0:2 0.0:2 1.0:2 3.0:2 ");
}
END_TEST

START_TEST(a_lonely_task_is_cut)
{
    g_auto(World) world = {0};
    TpsQueueRules rules = rules_of(4, true);
    g_autofree char *log = NULL;

    add_task(&world, 8, 10, 2);
    ck_assert_int_eq(run_world(&world, &rules, false, &log), 22 * SECOND);
    ck_assert_str_eq(log, "0.0:2 0.1:2 0.2:2 0.3:2 ");
}
END_TEST

START_TEST(nothing_is_cut_unless_it_pays)
{
    g_auto(World) world = {0};
    TpsQueueRules rules = rules_of(2, true);
    g_autofree char *log = NULL;

    add_task(&world, 4, 10, 50); /* 90 seconds; two pieces would take 70 each, and gain 20 */
    ck_assert_int_eq(run_world(&world, &rules, false, &log), 90 * SECOND);
    ck_assert_str_eq(log, "0.0:4 ");
}
END_TEST

START_TEST(the_last_task_is_cut_and_the_others_are_not)
{
    g_auto(World) world = {0};
    TpsQueueRules rules = rules_of(2, true);
    g_autofree char *log = NULL;

    for (int i = 0; i < 3; i++)
        add_task(&world, 4, 10, 0);
    ck_assert_int_eq(run_world(&world, &rules, false, &log), 60 * SECOND);
    ck_assert_str_eq(log, "0.0:4 1.0:4 2.0:2 2.1:2 ");
}
END_TEST

START_TEST(without_splitting_nothing_is_cut)
{
    g_auto(World) world = {0};
    TpsQueueRules rules = rules_of(4, false);
    g_autofree char *log = NULL;

    add_task(&world, 8, 10, 0);
    ck_assert_int_eq(run_world(&world, &rules, false, &log), 80 * SECOND);
    ck_assert_str_eq(log, "0.0:8 ");
}
END_TEST

/* Ten times slower than planned: what is left after the limit is dealt to who is free. */
START_TEST(an_overrun_is_given_back)
{
    g_auto(World) world = {0};
    TpsQueueRules rules = rules_of(2, true);
    g_autofree char *log = NULL;

    rules.limit_us = 40 * SECOND;
    add_task(&world, 4, 10, 0);
    add_task(&world, 4, 10, 0);
    for (int i = 0; i < 4; i++)
        world.really_us[0][i] = 20 * SECOND;
    ck_assert_int_eq(run_world(&world, &rules, false, &log), 60 * SECOND);
    ck_assert_str_eq(log, "0.0:4 1.0:4 0.1:1 0.2:1 ");
}
END_TEST

/* Nobody else could take it; or the plan knows it to be longer; or its framework can't. */
START_TEST(no_limit_where_giving_back_is_in_vain)
{
    g_auto(World) world = {0};
    TpsQueueRules rules = rules_of(2, true);

    rules.limit_us = 40 * SECOND;
    add_task(&world, 4, 10, 0);
    add_task(&world, 5, 10, 0);
    add_task(&world, 4, 10, 0);
    add_task(&world, 1, 10, 0);
    world.gives_back[2] = false;
    world.divisible[1] = false;
    for (int size = 1; size <= 2; size++) {
        g_autoptr(TpsQueue) queue = NULL;

        rules.size = rules.max_size = size;
        queue = queue_new(&world, &rules);
        for (int i = 0; i < 4; i++) {
            TpsPiece *piece = tps_queue_take(queue, 0, NOON);

            ck_assert_int_eq(piece->until_us != 0 && piece->until_us != INT64_MAX,
                             size == 2 && i == 0);
            tps_queue_end(queue, piece, NULL, NULL, NOON + SECOND);
        }
    }
}
END_TEST

START_TEST(an_elastic_pool_grows_as_needed)
{
    g_auto(World) world = {0};
    TpsQueueRules rules = rules_of(2, false);
    g_autofree char *log = NULL;
    g_autofree char *again = NULL;

    for (int i = 0; i < 10; i++)
        add_task(&world, 1, 10, 0);
    rules.max_size = 6;
    rules.target_us = 50 * SECOND;
    ck_assert_int_eq(run_world(&world, &rules, true, &log), 50 * SECOND);
    for (int i = 0; i < 10; i++)
        world.really_us[i][0] = 20 * SECOND;
    ck_assert_int_lt(run_world(&world, &rules, true, &again), 100 * SECOND);
}
END_TEST

START_TEST(never_more_workers_than_allowed)
{
    g_auto(World) world = {0};
    TpsQueueRules rules = rules_of(1, true);
    g_autoptr(TpsQueue) queue = NULL;
    int n = 0;

    for (int i = 0; i < 10; i++)
        add_task(&world, 1, 10, 0);
    rules.max_size = 3;
    rules.target_us = 1;
    queue = queue_new(&world, &rules);
    while (tps_queue_grow(queue, NOON))
        n++;
    ck_assert_int_eq(n, 2);
    ck_assert_int_eq(tps_queue_size(queue), 3);
}
END_TEST

/* The one with the longest rest, as many as idle, and nobody twice. */
START_TEST(who_idles_asks)
{
    g_auto(World) world = {0};
    TpsQueueRules rules = rules_of(4, true);
    g_autoptr(TpsQueue) queue = NULL;
    TpsPiece *piece[3];

    for (int i = 0; i < 3; i++)
        add_task(&world, i == 1 ? 9 : 8, 5, i == 2 ? 100 : 1);
    for (int i = 0; i < 3; i++)
        world.divisible[i] = i < 2;
    queue = queue_new(&world, &rules);
    for (int i = 0; i < 3; i++)
        piece[i] = tps_queue_take(queue, i, NOON);
    ck_assert_ptr_null(tps_queue_ask(queue, NOON));
    ck_assert_ptr_null(tps_queue_ask(queue, NOON + SECOND));
    ck_assert_ptr_eq(tps_queue_ask(queue, NOON + 2 * SECOND), piece[1]);
    ck_assert_ptr_null(tps_queue_ask(queue, NOON + 3 * SECOND));
    tps_queue_end(queue, piece[2], NULL, NULL, NOON + 4 * SECOND);
    ck_assert_ptr_eq(tps_queue_ask(queue, NOON + 5 * SECOND), piece[0]);
    ck_assert_ptr_null(tps_queue_ask(queue, NOON + 6 * SECOND));
}
END_TEST

START_TEST(nobody_is_asked_while_something_waits)
{
    g_auto(World) world = {0};
    TpsQueueRules rules = rules_of(3, true);
    g_autoptr(TpsQueue) queue = NULL;

    for (int i = 0; i < 3; i++)
        add_task(&world, 8, 10, 1);
    queue = queue_new(&world, &rules);
    tps_queue_take(queue, 0, NOON);
    tps_queue_take(queue, 1, NOON);
    ck_assert_ptr_null(tps_queue_ask(queue, NOON + 10 * SECOND));
}
END_TEST

START_TEST(closed_nothing_starts_and_all_is_answered_for)
{
    g_auto(World) world = {0};
    TpsQueueRules rules = rules_of(2, true);
    g_autoptr(TpsQueue) queue = NULL;
    TpsPiece *first;
    TpsPiece *piece;

    add_task(&world, 4, 10, 0);
    add_task(&world, 4, 10, 0);
    queue = queue_new(&world, &rules);
    first = tps_queue_take(queue, 0, NOON);
    tps_queue_close(queue);
    piece = tps_queue_take(queue, 1, NOON);
    ck_assert_ptr_nonnull(piece);
    ck_assert_int_eq(piece->started_us, 0);
    ck_assert(tps_queue_end(queue, piece, NULL, NULL, NOON));
    ck_assert_ptr_null(tps_queue_take(queue, 1, NOON));
    ck_assert(!tps_queue_is_over(queue));
    ck_assert(tps_queue_end(queue, first, NULL, NULL, NOON));
    ck_assert(tps_queue_is_over(queue));
    ck_assert_uint_eq(tps_queue_started(queue)->len, 1);
}
END_TEST

static void random_world(World *world, GRand *rand)
{
    int n = g_rand_int_range(rand, 1, N_TASKS + 1);

    for (int i = 0; i < n; i++) {
        add_task(world, (size_t)g_rand_int_range(rand, 1, N_UNITS + 1),
                 g_rand_int_range(rand, 0, 20), g_rand_int_range(rand, 0, 5));
        world->divisible[i] = g_rand_int_range(rand, 0, 4) > 0;
        world->gives_back[i] = g_rand_boolean(rand);
        world->is_first[i] = g_rand_int_range(rand, 0, 6) == 0;
        for (size_t j = 0; j < world->n_units[i]; j++)
            world->really_us[i][j] = g_rand_int_range(rand, 0, 60) * SECOND;
    }
}

/* Whatever was expected and whatever comes: each unit once, each task over once (in run_world). */
START_TEST(nothing_is_lost_or_doubled)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(SEED);
    int n_cut = 0;

    for (int round = 0; round < N_ROUNDS; round++) {
        g_auto(World) world = {0};
        TpsQueueRules rules = rules_of(g_rand_int_range(rand, 1, N_WORKERS + 1), true);
        g_autofree char *log = NULL;
        g_autofree char *again = NULL;
        int64_t took;

        random_world(&world, rand);
        rules.max_size = g_rand_int_range(rand, rules.size, N_WORKERS + 1);
        rules.limit_us = g_rand_int_range(rand, 1, 100) * SECOND;
        rules.target_us = g_rand_int_range(rand, 1, 100) * SECOND;
        took = run_world(&world, &rules, true, &log);
        n_cut += strstr(log, ".1:") != NULL;
        ck_assert_int_eq(run_world(&world, &rules, true, &again), took);
        ck_assert_str_eq(log, again);
    }
    ck_assert_int_gt(n_cut, N_ROUNDS / 4);
}
END_TEST

/* Where all goes as expected, cutting loses at most what it costs on the last task. */
START_TEST(cutting_never_hurts_when_times_are_known)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(SEED + 1);
    int64_t whole_sum = 0;
    int64_t cut_sum = 0;

    for (int round = 0; round < N_ROUNDS; round++) {
        g_auto(World) world = {0};
        int size = g_rand_int_range(rand, 1, N_WORKERS + 1);
        TpsQueueRules whole = rules_of(size, false);
        TpsQueueRules cut = rules_of(size, true);
        g_autofree char *log = NULL;
        g_autofree char *again = NULL;

        random_world(&world, rand);
        memcpy(world.really_us, world.unit_us, sizeof world.unit_us);
        whole_sum += run_world(&world, &whole, false, &log);
        cut_sum += run_world(&world, &cut, false, &again);
    }
    ck_assert_int_lt(cut_sum, whole_sum - whole_sum / 20);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("queue");
    TCase *tcase = tcase_create("queue");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, starts_in_order);
    tcase_add_test(tcase, a_lonely_task_is_cut);
    tcase_add_test(tcase, nothing_is_cut_unless_it_pays);
    tcase_add_test(tcase, the_last_task_is_cut_and_the_others_are_not);
    tcase_add_test(tcase, without_splitting_nothing_is_cut);
    tcase_add_test(tcase, an_overrun_is_given_back);
    tcase_add_test(tcase, no_limit_where_giving_back_is_in_vain);
    tcase_add_test(tcase, an_elastic_pool_grows_as_needed);
    tcase_add_test(tcase, never_more_workers_than_allowed);
    tcase_add_test(tcase, who_idles_asks);
    tcase_add_test(tcase, nobody_is_asked_while_something_waits);
    tcase_add_test(tcase, closed_nothing_starts_and_all_is_answered_for);
    tcase_add_test(tcase, nothing_is_lost_or_doubled);
    tcase_add_test(tcase, cutting_never_hurts_when_times_are_known);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
