/* SPDX-License-Identifier: MIT */
#include "scheduler/gate.h"
#include "tests/scheduler/random_needs.h"
#include "tests/unit.h"

#include <stdio.h>
#include <string.h>

#define N_MAX 240
#define N_WORKERS_MAX 8
#define N_ROUNDS 400
#define NOON INT64_C(1000000000)

/* A run without processes, of tasks that take what they take, whatever is expected. */
typedef struct {
    TpsStock *stock;
    TpsTask *task[N_MAX];
    const TpsClaim *claim[N_MAX];
    int64_t expected_us[N_MAX];
    int64_t really_us[N_MAX];
    int n;
    int n_workers;
    int64_t start_us[N_MAX]; /* out, from NOON; -1 = it never started */
    TpsPiece *running[N_WORKERS_MAX];
} World;

static void world_clear(World *world)
{
    for (int i = 0; i < world->n; i++)
        tps_task_free(world->task[i]);
    tps_stock_free(world->stock);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(World, world_clear)

static void add(World *world, const TpsClaim *claim, int64_t expected_us, int64_t really_us)
{
    int i = world->n++;

    world->task[i] = tps_task_new("s", (TpsPart){.index = i, .count = N_MAX});
    world->claim[i] = claim;
    world->expected_us[i] = expected_us;
    world->really_us[i] = really_us;
    world->start_us[i] = -1;
}

static const TpsClaim *claim_of(World *world, int slots, const char *lock)
{
    g_autoptr(TpsNeeds) needs = tps_needs_new();

    needs->slots = slots;
    if (lock)
        tps_needs_set_locks(needs, g_strsplit(lock, " ", -1));
    return tps_stock_claim(world->stock, needs);
}

static TpsQueue *queue_new(const World *world, bool gated)
{
    g_autoptr(GArray) tasks = g_array_new(FALSE, FALSE, sizeof(TpsQueueTask));
    TpsQueueRules rules = {.size = world->n_workers,
                           .max_size = world->n_workers,
                           .limit_us = INT64_MAX / 2,
                           .target_us = INT64_MAX / 2,
                           .stock = gated ? world->stock : NULL};

    for (int i = 0; i < world->n; i++) {
        TpsQueueTask task = {.task = world->task[i],
                             .unit_us = g_memdup2(&world->expected_us[i], sizeof(int64_t)),
                             .n_units = 1,
                             .claim = world->claim[i]};

        g_array_append_val(tasks, task);
    }
    return tps_queue_new(tasks, &rules, NOON);
}

/* Counted anew from what runs, by the names and ids that it was given. */
static void assert_room(const World *world)
{
    int n_taken = 0, n_running = 0, n_exclusive = 0, count[8] = {0};
    int64_t memory = 0;
    g_autoptr(GHashTable) devices = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (int w = 0; w < world->n_workers; w++) {
        const TpsPiece *piece = world->running[w];
        const TpsClaim *claim = piece ? piece->claim : NULL;

        n_running += piece != NULL;
        n_taken += claim ? MIN(claim->slots, world->n_workers) : piece != NULL;
        n_exclusive += claim && claim->exclusive;
        memory += claim ? claim->memory_bytes : 0;
        for (size_t d = 0; claim && d < claim->n_demands; d++)
            count[claim->demands[d].resource] += claim->demands[d].count;
        for (char **variable = piece ? piece->grant.variables : NULL; variable && *variable;
             variable++) {
            g_auto(GStrv) pair = g_strsplit(*variable, "=", 2);
            g_auto(GStrv) ids = g_strsplit(pair[1], ",", -1);

            for (char **id = ids; *id; id++)
                ck_assert(g_hash_table_add(devices, g_strconcat(pair[0], " ", *id, NULL)));
        }
    }
    ck_assert_int_le(n_taken, world->n_workers);
    ck_assert_int_le(memory, NEEDY_MEMORY);
    ck_assert(n_exclusive == 0 || n_running == 1);
    for (size_t r = 0; r < world->stock->names->len; r++)
        ck_assert_int_le(count[r], g_array_index(world->stock->capacity, int, r));
}

static void take_all(World *world, TpsQueue *queue, int64_t now_us, GRand *rand)
{
    int order[N_WORKERS_MAX];

    for (int w = 0; w < world->n_workers; w++)
        order[w] = w;
    for (int w = world->n_workers; rand && w-- > 1;) { /* whoever comes first */
        int other = g_rand_int_range(rand, 0, w + 1), swapped = order[w];

        order[w] = order[other];
        order[other] = swapped;
    }
    for (int w = 0; w < world->n_workers; w++) {
        const int worker = order[w];
        TpsPiece *piece =
            world->running[worker] ? NULL : tps_queue_take(queue, worker, NOON + now_us);

        if (!piece)
            continue;
        world->running[worker] = piece;
        world->start_us[piece->task->part.index] = now_us;
        assert_room(world);
    }
}

static int64_t end_of(const World *world, const TpsPiece *piece)
{
    const int i = piece->task->part.index;

    return world->start_us[i] + world->really_us[i];
}

/* Until all is over; returns how long that took. */
static int64_t run(World *world, bool gated, GRand *rand)
{
    g_autoptr(TpsQueue) queue = queue_new(world, gated);
    int64_t now_us = 0;

    take_all(world, queue, now_us, rand);
    while (!tps_queue_is_over(queue)) {
        int first = -1;

        for (int w = 0; w < world->n_workers; w++)
            if (world->running[w] && (first < 0 || end_of(world, world->running[w]) <
                                                       end_of(world, world->running[first])))
                first = w;
        ck_assert_msg(first >= 0, "something waits, and nothing runs");
        now_us = end_of(world, world->running[first]);
        tps_queue_end(queue, g_steal_pointer(&world->running[first]), NULL, NULL, NOON + now_us);
        take_all(world, queue, now_us, rand);
    }
    for (int i = 0; i < world->n; i++)
        ck_assert_int_ge(world->start_us[i], 0);
    return now_us;
}

/* Expectations that are off by up to a hundred times, both ways. */
START_TEST(all_ends_and_nothing_is_taken_twice)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(41);

    for (int round = 0; round < N_ROUNDS; round++) {
        g_auto(Needy) needy = {0};
        g_auto(World) world = {.n_workers = g_rand_int_range(rand, 1, N_WORKERS_MAX + 1)};

        needy_init(&needy, rand, NEEDY_MAX);
        world.stock = g_steal_pointer(&needy.stock);
        for (size_t i = 0; i < needy.n; i++)
            add(&world, needy.loads[i].claim, needy.loads[i].weight_us,
                g_rand_int_range(rand, 0, 10) ? g_rand_int_range(rand, 0, 2000) : 0);
        run(&world, true, round % 2 ? rand : NULL);
    }
}
END_TEST

/* When everything takes what is expected, the run is the one that was foreseen. */
START_TEST(it_runs_as_it_was_simulated)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(42);

    for (int round = 0; round < N_ROUNDS; round++) {
        g_auto(Needy) needy = {0};
        g_auto(World) world = {.n_workers = g_rand_int_range(rand, 1, N_WORKERS_MAX + 1)};
        int64_t start[NEEDY_MAX], makespan;
        TpsLoads loads;

        needy_init(&needy, rand, NEEDY_MAX);
        for (size_t i = 0; i < needy.n; i++) /* no two end at the same time */
            needy.loads[i].weight_us =
                (needy.loads[i].weight_us + 1) * 1000000 + (1 << (i % 20)) + (int64_t)i * 3;
        loads = needy_loads(&needy);
        makespan = tps_loads_simulate(&loads, world.n_workers, NULL, 0, NULL, start);
        for (size_t i = 0; i < needy.n; i++)
            add(&world, needy.loads[i].claim, needy.loads[i].weight_us, needy.loads[i].weight_us);
        world.stock = g_steal_pointer(&needy.stock);
        ck_assert_int_eq(run(&world, true, NULL), makespan);
        ck_assert_mem_eq(start, world.start_us, needy.n * sizeof *start);
    }
}
END_TEST

START_TEST(without_needs_the_gate_is_open)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(43);

    for (int round = 0; round < N_ROUNDS; round++) {
        g_auto(World) world = {.n_workers = g_rand_int_range(rand, 1, N_WORKERS_MAX + 1),
                               .stock = tps_stock_new(NULL, 0)};
        int64_t start[NEEDY_MAX], took;

        for (int i = 0; i < NEEDY_MAX; i++)
            add(&world, NULL, g_rand_int_range(rand, 0, 100), g_rand_int_range(rand, 0, 100));
        took = run(&world, false, NULL);
        memcpy(start, world.start_us, sizeof start);
        ck_assert_int_eq(run(&world, true, NULL), took);
        ck_assert_mem_eq(start, world.start_us, sizeof start);
    }
}
END_TEST

/*
 * Somebody who wants all workers stands in a stream of short tasks that take up to a hundred times
 * as long as they say: each looks as if it ended before the wide one could start. When the
 * reservation's patience is over none starts any more, so it starts when what ran then has ended.
 */
START_TEST(a_wide_task_is_not_starved)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(44);

    for (int round = 0; round < N_ROUNDS; round++) {
        g_auto(World) world = {.n_workers = g_rand_int_range(rand, 2, N_WORKERS_MAX + 1),
                               .stock = tps_stock_new(NULL, 0)};
        const int wide = g_rand_int_range(rand, 1, 20);
        int64_t reserved_us = INT64_MAX, latest_us = 0;

        for (int i = 0; i < N_MAX; i++) {
            int64_t expected_us = g_rand_int_range(rand, 1, 50);

            add(&world, i == wide ? claim_of(&world, world.n_workers, NULL) : NULL, expected_us,
                expected_us * g_rand_int_range(rand, 1, 100));
        }
        run(&world, true, rand);
        for (int i = 0; i < wide; i++) /* it was first in line when the last before it started */
            reserved_us = i == 0 ? world.start_us[i] : MAX(reserved_us, world.start_us[i]);
        /* The wait that was expected: 50 at most, for what started before then. */
        for (int i = 0; i < N_MAX; i++) {
            if (i == wide || world.start_us[i] > reserved_us + 5000 + TPS_PATIENCE * 50)
                continue;
            latest_us = MAX(latest_us, world.start_us[i] + world.really_us[i]);
        }
        ck_assert_int_le(world.start_us[wide], latest_us);
    }
}
END_TEST

/* Who holds a lock for ever does not keep those from running who don't want it. */
START_TEST(a_lock_does_not_stop_the_others)
{
    g_auto(World) world = {.n_workers = 3, .stock = tps_stock_new(NULL, 0)};
    const TpsClaim *lock = claim_of(&world, 1, "db");

    add(&world, lock, 10, 1000000);
    add(&world, lock, 10, 10);
    for (int i = 2; i < 60; i++)
        add(&world, NULL, 10, 100);
    run(&world, true, NULL);
    ck_assert_int_eq(world.start_us[1], 1000000);
    for (int i = 2; i < 60; i++)
        ck_assert_int_lt(world.start_us[i], 6000);
}
END_TEST

/* EASY: what ends before the first in line can start, and what it leaves, need not wait. */
START_TEST(gaps_are_filled)
{
    g_auto(World) world = {.n_workers = 3, .stock = tps_stock_new(NULL, 0)};

    add(&world, NULL, 100, 100);
    add(&world, claim_of(&world, 3, NULL), 50, 50); /* at 100 */
    add(&world, NULL, 101, 101);                    /* would delay it */
    add(&world, NULL, 60, 60);                      /* now        */
    add(&world, NULL, 40, 40);                      /* now        */
    add(&world, NULL, 60, 60);                      /* at 40      */
    ck_assert_int_eq(run(&world, true, NULL), 251);
    ck_assert_int_eq(world.start_us[1], 100);
    ck_assert_int_eq(world.start_us[2], 150);
    ck_assert_int_eq(world.start_us[3], 0);
    ck_assert_int_eq(world.start_us[4], 0);
    ck_assert_int_eq(world.start_us[5], 40);
}
END_TEST

/* As long as times are believed a short one may pass; then only who leaves all that is wanted. */
START_TEST(patience_ends)
{
    g_auto(World) world = {.n_workers = 4, .stock = tps_stock_new(NULL, 0)};
    const TpsClaim *wide = claim_of(&world, 4, NULL);
    const TpsClaim *lock = claim_of(&world, 2, "db");
    g_auto(TpsUse) use = tps_use_new(world.stock, 4);
    TpsRunning running[] = {{.claim = lock, .end_us = 1100}};
    int64_t until_us = 0;

    tps_use_take(&use, lock);
    for (int64_t now_us = 1000; now_us <= 2000; now_us += 50) {
        g_auto(TpsOvertaking) wants_all = {0};
        g_auto(TpsOvertaking) wants_lock = {0};

        running[0].end_us = now_us + 100;
        wants_all = tps_overtaking_new(&use, wide, running, 1, now_us, &until_us);
        wants_lock = tps_overtaking_new(&use, lock, running, 1, now_us, &until_us);
        ck_assert_int_eq(until_us, 1000 + TPS_PATIENCE * 100);
        ck_assert_int_eq(wants_all.shadow_us, now_us + 100);
        ck_assert_int_eq(tps_overtaking_may(&wants_all, NULL, 100), now_us <= until_us);
        ck_assert(!tps_overtaking_may(&wants_all, NULL, 101));
        ck_assert_int_eq(tps_overtaking_may(&wants_lock, NULL, 101), now_us <= until_us);
    }
    tps_use_give(&use, lock);
}
END_TEST

START_TEST(what_is_cancelled_needs_nothing)
{
    g_auto(World) world = {.n_workers = 2, .stock = tps_stock_new(NULL, 0)};
    const TpsClaim *lock = claim_of(&world, 2, "db");
    g_autoptr(TpsQueue) queue = NULL;
    TpsPiece *first, *second;

    add(&world, lock, 10, 10);
    add(&world, lock, 10, 10);
    queue = queue_new(&world, true);
    first = tps_queue_take(queue, 0, NOON);
    ck_assert_ptr_nonnull(first);
    ck_assert_ptr_null(tps_queue_take(queue, 1, NOON));
    tps_queue_close(queue);
    second = tps_queue_take(queue, 1, NOON);
    ck_assert_ptr_nonnull(second);
    ck_assert_int_eq(second->started_us, 0);
    tps_queue_end(queue, second, NULL, NULL, NOON);
    tps_queue_end(queue, first, NULL, NULL, NOON);
    ck_assert(tps_queue_is_over(queue));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("gate");
    TCase *tcase = tcase_create("gate");

    tcase_set_timeout(tcase, 240);
    tcase_add_test(tcase, all_ends_and_nothing_is_taken_twice);
    tcase_add_test(tcase, it_runs_as_it_was_simulated);
    tcase_add_test(tcase, without_needs_the_gate_is_open);
    tcase_add_test(tcase, a_wide_task_is_not_starved);
    tcase_add_test(tcase, a_lock_does_not_stop_the_others);
    tcase_add_test(tcase, gaps_are_filled);
    tcase_add_test(tcase, patience_ends);
    tcase_add_test(tcase, what_is_cancelled_needs_nothing);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
