/* SPDX-License-Identifier: MIT */
#include "scheduler/loads.h"
#include "scheduler/pool_size.h"
#include "tests/instances.h"
#include "tests/scheduler/random_needs.h"
#include "tests/unit.h"

#include <stdio.h>
#include <string.h>

#define N_RANDOM 2000

START_TEST(without_needs_it_is_the_plain_pool)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(5);
    g_autoptr(TpsStock) stock = tps_stock_new(NULL, 0);

    for (int round = 0; round < N_RANDOM; round++) {
        size_t n = (size_t)g_rand_int_range(rand, 0, NEEDY_MAX);
        int n_workers = g_rand_int_range(rand, 1, 12);
        TpsLoad loads[NEEDY_MAX] = {{0}};
        int64_t weight_us[NEEDY_MAX], start[NEEDY_MAX], expected_start[NEEDY_MAX];
        int64_t free_us[12] = {0};
        TpsRunning busy[12];
        size_t n_busy = round % 2 ? (size_t)g_rand_int_range(rand, 0, n_workers + 1) : 0;
        int worker[NEEDY_MAX], expected_worker[NEEDY_MAX];
        TpsLoads all = {.stock = stock, .loads = loads, .n = n};

        instance_draw(rand, weight_us, n);
        for (size_t i = 0; i < n; i++)
            loads[i].weight_us = weight_us[i];
        for (size_t i = 0; i < n_busy; i++) {
            free_us[i] = g_rand_int_range(rand, 0, 1000);
            busy[i] = (TpsRunning){.end_us = free_us[i], .worker = (int)i};
        }
        ck_assert_int_eq(tps_loads_simulate(&all, n_workers, busy, n_busy, worker, start),
                         tps_pool_simulate(weight_us, n, n_workers, n_busy ? free_us : NULL,
                                           expected_worker, expected_start));
        ck_assert_mem_eq(worker, expected_worker, n * sizeof *worker);
        ck_assert_mem_eq(start, expected_start, n * sizeof *start);
    }
}
END_TEST

/* What runs at the moment when one starts; starts count as after ends. */
static void assert_room(const TpsLoads *loads, int n_workers, const int *worker,
                        const int64_t *start_us, size_t at)
{
    int n_taken = 0, n_running = 0, n_exclusive = 0, count[8] = {0};
    int64_t memory = 0;

    for (size_t i = 0; i < loads->n; i++) {
        const TpsClaim *claim = loads->loads[i].claim;

        if (start_us[i] > start_us[at] || start_us[i] + loads->loads[i].weight_us <= start_us[at])
            continue;
        ck_assert(i == at || worker[i] != worker[at]);
        n_running++;
        n_taken += claim ? MIN(claim->slots, n_workers) : 1;
        n_exclusive += claim && claim->exclusive;
        memory += claim ? claim->memory_bytes : 0;
        for (size_t d = 0; claim && d < claim->n_demands; d++)
            count[claim->demands[d].resource] += claim->demands[d].count;
    }
    ck_assert_int_le(n_taken, n_workers);
    ck_assert_int_le(memory, NEEDY_MEMORY);
    ck_assert(n_exclusive == 0 || n_running <= 1);
    for (size_t r = 0; r < loads->stock->names->len; r++)
        ck_assert_int_le(count[r], g_array_index(loads->stock->capacity, int, r));
}

START_TEST(nothing_is_ever_taken_twice)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(6);

    for (int round = 0; round < N_RANDOM; round++) {
        g_auto(Needy) needy = {0};
        int n_workers = g_rand_int_range(rand, 1, 9);
        g_auto(TpsLoadsBound) bound = {0};
        int worker[NEEDY_MAX];
        int64_t start[NEEDY_MAX], makespan, last = 0;
        TpsLoads loads;

        needy_init(&needy, rand, (size_t)g_rand_int_range(rand, 1, NEEDY_MAX));
        loads = needy_loads(&needy);
        makespan = tps_loads_simulate(&loads, n_workers, NULL, 0, worker, start);
        for (size_t i = 0; i < loads.n; i++) {
            ck_assert_int_lt(worker[i], n_workers);
            last = MAX(last, start[i] + loads.loads[i].weight_us);
            assert_room(&loads, n_workers, worker, start, i);
        }
        ck_assert_int_eq(makespan, last);
        bound = tps_loads_bound(&loads, n_workers);
        ck_assert_int_le(bound.us, makespan);
    }
}
END_TEST

/*
 * The shortest schedule there is, by branch and bound over the order in which tasks are put into
 * the first gap: every active schedule arises so, and one of them is the best.
 */
typedef struct {
    const TpsLoads *loads;
    int n_workers;
    int64_t start_us[8];
    bool placed[8];
    int64_t best_us;
} Brute;

/* Does task i run at `start` for its whole length beside those that are placed? */
static bool has_room(const Brute *brute, size_t i, int64_t start)
{
    const TpsLoads *loads = brute->loads;
    const int64_t end = start + loads->loads[i].weight_us;

    for (size_t at = 0; at <= loads->n; at++) { /* what changes, changes when somebody starts */
        int64_t moment = at < loads->n ? brute->start_us[at] : start;
        g_auto(TpsUse) use = {0};

        if ((at < loads->n && !brute->placed[at]) || moment < start || moment >= end)
            continue;
        use = tps_use_new(loads->stock, brute->n_workers);
        for (size_t j = 0; j < loads->n; j++)
            if (brute->placed[j] && brute->start_us[j] <= moment &&
                moment < brute->start_us[j] + loads->loads[j].weight_us)
                tps_use_take(&use, loads->loads[j].claim);
        if (!tps_use_fits(&use, loads->loads[i].claim))
            return false;
    }
    return true;
}

static int64_t first_gap(const Brute *brute, size_t i)
{
    int64_t first = INT64_MAX;

    if (has_room(brute, i, 0))
        return 0;
    for (size_t j = 0; j < brute->loads->n; j++) {
        int64_t end = brute->start_us[j] + brute->loads->loads[j].weight_us;

        if (brute->placed[j] && end < first && has_room(brute, i, end))
            first = end;
    }
    return first;
}

static void place_rest(Brute *brute, size_t n_placed, int64_t makespan)
{
    if (makespan >= brute->best_us)
        return;
    if (n_placed == brute->loads->n) {
        brute->best_us = makespan;
        return;
    }
    for (size_t i = 0; i < brute->loads->n; i++) {
        if (brute->placed[i])
            continue;
        brute->start_us[i] = first_gap(brute, i);
        brute->placed[i] = true;
        place_rest(brute, n_placed + 1,
                   MAX(makespan, brute->start_us[i] + brute->loads->loads[i].weight_us));
        brute->placed[i] = false;
    }
}

START_TEST(the_best_is_between_bound_and_order)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(7);
    int n_best = 0, n_tight = 0, n_rounds = 250;
    double worst = 1;

    for (int round = 0; round < n_rounds; round++) {
        g_auto(Needy) needy = {0};
        g_auto(TpsLoadsBound) bound = {0};
        size_t order[8];
        int64_t found, plain;
        Brute brute = {.n_workers = g_rand_int_range(rand, 1, 5), .best_us = INT64_MAX};
        TpsLoads loads;

        needy_init(&needy, rand, (size_t)g_rand_int_range(rand, 1, 7));
        loads = needy_loads(&needy);
        brute.loads = &loads;
        place_rest(&brute, 0, 0);
        bound = tps_loads_bound(&loads, brute.n_workers);
        plain = tps_loads_simulate(&loads, brute.n_workers, NULL, 0, NULL, NULL);
        found = tps_loads_order(&loads, brute.n_workers, order);
        ck_assert_int_le(bound.us, brute.best_us);
        ck_assert_int_le(brute.best_us, found);
        ck_assert_int_le(found, plain);
        ck_assert_int_ge(tps_loads_size_bound(&loads, brute.best_us, 1, 99), 1);
        ck_assert_int_le(tps_loads_size_bound(&loads, brute.best_us, 1, 99), brute.n_workers);
        n_best += found == brute.best_us;
        n_tight += bound.us == brute.best_us;
        worst = MAX(worst, (double)found / (double)brute.best_us);
    }
    fprintf(stderr, "# %d of %d orders are the best, worst %.3f; %d bounds are reached\n", n_best,
            n_rounds, worst, n_tight);
    ck_assert_int_gt(n_best, n_rounds * 3 / 4);
    ck_assert_int_gt(n_tight, n_rounds / 2);
}
END_TEST

/* Of short tasks that share a lock the first must start at once, though heavier ones wait. */
START_TEST(a_lock_that_many_want_comes_first)
{
    g_autoptr(TpsStock) stock = tps_stock_new(NULL, 0);
    g_autoptr(TpsNeeds) needs = tps_needs_new();
    TpsLoad loads[15];
    TpsLoads all = {.stock = stock, .loads = loads, .n = G_N_ELEMENTS(loads)};
    size_t order[G_N_ELEMENTS(loads)];
    g_auto(TpsLoadsBound) bound = {0};

    tps_needs_set_locks(needs, g_strsplit("db", " ", -1));
    for (size_t i = 0; i < 4; i++)
        loads[i] = (TpsLoad){.weight_us = 50};
    for (size_t i = 4; i < 15; i++)
        loads[i] = (TpsLoad){.weight_us = 10, .claim = tps_stock_claim(stock, needs)};
    ck_assert_int_eq(tps_loads_simulate(&all, 3, NULL, 0, NULL, NULL), 160);
    ck_assert_int_eq(tps_loads_order(&all, 3, order), 110);
    ck_assert_uint_ge(order[0], 4);
    bound = tps_loads_bound(&all, 3);
    ck_assert_int_eq(bound.us, 110);
    ck_assert_str_eq(bound.what, "lock 'db'");
}
END_TEST

START_TEST(no_times_and_no_tasks)
{
    g_autoptr(TpsStock) stock = tps_stock_new(NULL, 0);
    TpsLoad loads[3] = {{.weight_us = INT64_MAX}, {.weight_us = INT64_MAX}, {.weight_us = 0}};
    TpsLoads all = {.stock = stock, .loads = loads, .n = 3};

    ck_assert_int_eq(tps_loads_simulate(&all, 1, NULL, 0, NULL, NULL), INT64_MAX);
    all.n = 0;
    ck_assert_int_eq(tps_loads_simulate(&all, 1, NULL, 0, NULL, NULL), 0);
    ck_assert_int_eq(tps_loads_bound(&all, 1).us, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("loads");
    TCase *tcase = tcase_create("loads");

    tcase_set_timeout(tcase, 240);
    tcase_add_test(tcase, without_needs_it_is_the_plain_pool);
    tcase_add_test(tcase, nothing_is_ever_taken_twice);
    tcase_add_test(tcase, the_best_is_between_bound_and_order);
    tcase_add_test(tcase, a_lock_that_many_want_comes_first);
    tcase_add_test(tcase, no_times_and_no_tasks);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
