/* SPDX-License-Identifier: MIT */
#include "scheduler/pool_size.h"
#include "tests/instances.h"
#include "tests/unit.h"

#include <glib.h>
#include <limits.h>
#include <string.h>

#define N_RANDOM 4000

typedef struct {
    const char *name;
    int64_t weight_us[8];
    size_t n;
    int64_t target_us;
    int max_size;
    int size;
} Case;

static const Case cases[] = {
    {"no tasks", {0}, 0, 10, 8, 1},
    {"one worker is enough", {4, 3, 3}, 3, 10, 8, 1},
    {"one more microsecond", {4, 4, 3}, 3, 10, 8, 2},
    {"each alone", {10, 10, 10}, 3, 10, 8, 3},
    {"the cap", {10, 10, 10}, 3, 10, 2, 2},
    {"no size is enough", {11, 1}, 2, 10, 8, 8},
    {"tasks that take no time", {0, 0, 0}, 3, 0, 8, 1},
    {"no cap to speak of", {6, 6, 6}, 3, 10, INT_MAX, 3},
    /* Pulled heaviest first two workers end at 11: 6+3+2 and 5+4. */
    {"heaviest first needs three", {6, 5, 4, 3, 2}, 5, 10, 8, 3},
};

START_TEST(size_is_as_expected)
{
    const Case *c = &cases[_i];

    ck_assert_msg(tps_pool_size(c->weight_us, c->n, c->target_us, c->max_size) == c->size, "%s: %d",
                  c->name, tps_pool_size(c->weight_us, c->n, c->target_us, c->max_size));
}
END_TEST

START_TEST(workers_pull_in_order)
{
    const int64_t weight[] = {6, 5, 4, 3, 2};
    const int expected[] = {0, 1, 1, 0, 0};
    const int64_t starts[] = {0, 0, 5, 6, 9};
    int worker[5];
    int64_t start[5];

    ck_assert_int_eq(tps_pool_simulate(weight, 5, 2, NULL, worker, start), 11);
    ck_assert_mem_eq(worker, expected, sizeof expected);
    ck_assert_mem_eq(start, starts, sizeof starts);
}
END_TEST

START_TEST(busy_workers_join_when_free)
{
    const int64_t weight[] = {5, 5, 5};
    const int64_t free_us[] = {100, 3, 3, 8};
    const int expected[] = {1, 2, 1};
    int worker[3];
    int64_t start[3];

    ck_assert_int_eq(tps_pool_simulate(weight, 3, 4, free_us, worker, start), 100);
    ck_assert_mem_eq(worker, expected, sizeof expected);
    ck_assert_int_eq(start[2], 8);
    ck_assert_int_eq(tps_pool_simulate(NULL, 0, 4, free_us, NULL, NULL), 100);
    ck_assert_int_eq(tps_pool_simulate(NULL, 0, 4, NULL, NULL, NULL), 0);
}
END_TEST

/* The same pool without a heap. */
static int64_t naive_simulate(const int64_t *weight_us, size_t n, int n_workers,
                              const int64_t *free_us, int *worker, int64_t *start_us)
{
    g_autofree int64_t *end_us = g_new0(int64_t, (gsize)n_workers);
    int64_t makespan = 0;

    for (int w = 0; free_us && w < n_workers; w++)
        end_us[w] = free_us[w];
    for (size_t i = 0; i < n; i++) {
        int first = 0;

        for (int w = 1; w < n_workers; w++)
            if (end_us[w] < end_us[first])
                first = w;
        worker[i] = first;
        start_us[i] = end_us[first];
        end_us[first] += weight_us[i];
    }
    for (int w = 0; w < n_workers; w++)
        makespan = MAX(makespan, end_us[w]);
    return makespan;
}

START_TEST(simulation_is_the_naive_one)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(11);

    for (int round = 0; round < N_RANDOM; round++) {
        size_t n = (size_t)g_rand_int_range(rand, 1, 100);
        int n_workers = g_rand_int_range(rand, 1, 30);
        int64_t weight_us[100], free_us[30], start[100], expected_start[100];
        int worker[100], expected_worker[100];
        const int64_t *busy = round % 2 ? free_us : NULL;

        instance_draw(rand, weight_us, n);
        instance_draw(rand, free_us, (size_t)n_workers);
        ck_assert_int_eq(
            tps_pool_simulate(weight_us, n, n_workers, busy, worker, start),
            naive_simulate(weight_us, n, n_workers, busy, expected_worker, expected_start));
        ck_assert_mem_eq(worker, expected_worker, n * sizeof *worker);
        ck_assert_mem_eq(start, expected_start, n * sizeof *start);
    }
}
END_TEST

/* Every size below is too small: tried one by one, not bisected. */
START_TEST(size_is_the_smallest)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(600);
    int worker[60];
    int64_t start[60];

    for (int round = 0; round < N_RANDOM; round++) {
        size_t n = (size_t)g_rand_int_range(rand, 1, 60);
        int max_size = g_rand_int_range(rand, 1, 60), size = 1;
        int64_t weight_us[60], target;

        instance_draw(rand, weight_us, n);
        qsort(weight_us, n, sizeof *weight_us, descending);
        target = weight_us[0] + g_rand_int_range(rand, 0, 3000);
        while (size < max_size && naive_simulate(weight_us, n, size, NULL, worker, start) > target)
            size++;
        ck_assert_int_eq(tps_pool_size(weight_us, n, target, max_size), size);
    }
}
END_TEST

START_TEST(no_smaller_pool_exists_than_the_bound)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(28);

    ck_assert_int_eq(tps_pool_size_lower_bound(NULL, 0, 10), 1);
    for (int round = 0; round < N_RANDOM; round++) {
        size_t n = (size_t)g_rand_int_range(rand, 1, 10);
        int64_t weight_us[10], target;
        int bound;

        instance_draw(rand, weight_us, n);
        qsort(weight_us, n, sizeof *weight_us, descending);
        target = weight_us[0] + g_rand_int_range(rand, 0, 1500);
        bound = tps_pool_size_lower_bound(weight_us, n, target);
        ck_assert_int_ge(bound, 1);
        if (bound > 1)
            ck_assert_int_gt(brute_makespan(weight_us, n, bound - 1), target);
        ck_assert_int_le(bound, tps_pool_size(weight_us, n, target, 100));
    }
}
END_TEST

START_TEST(times_beyond_int64_stay_at_the_top)
{
    const int64_t weight[] = {INT64_MAX, INT64_MAX, INT64_MAX};

    ck_assert_int_eq(tps_pool_simulate(weight, 3, 2, NULL, NULL, NULL), INT64_MAX);
    ck_assert_int_eq(tps_pool_size(weight, 3, INT64_MAX - 1, 7), 7);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pool_size");
    TCase *tcase = tcase_create("pool_size");

    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, size_is_as_expected, 0, G_N_ELEMENTS(cases));
    tcase_add_test(tcase, workers_pull_in_order);
    tcase_add_test(tcase, busy_workers_join_when_free);
    tcase_add_test(tcase, simulation_is_the_naive_one);
    tcase_add_test(tcase, size_is_the_smallest);
    tcase_add_test(tcase, no_smaller_pool_exists_than_the_bound);
    tcase_add_test(tcase, times_beyond_int64_stay_at_the_top);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
