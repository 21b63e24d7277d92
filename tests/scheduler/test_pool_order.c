/* SPDX-License-Identifier: MIT */
#include "partition/partition.h"
#include "scheduler/pool_order.h"
#include "scheduler/pool_size.h"
#include "tests/instances.h"
#include "tests/unit.h"

#include <glib.h>

#define N_RANDOM 4000

static void assert_permutation(const size_t *order, size_t n)
{
    g_autofree int *seen = g_new0(int, n);

    for (size_t i = 0; i < n; i++)
        if (order[i] >= n || seen[order[i]]++)
            ck_abort_msg("task %zu is not started once", order[i]);
}

static int64_t end_of(const int64_t *weight_us, const size_t *order, size_t n, int n_workers)
{
    g_autofree int64_t *ordered_us = g_new(int64_t, n);

    for (size_t i = 0; i < n; i++)
        ordered_us[i] = weight_us[order[i]];
    return tps_pool_simulate(ordered_us, n, n_workers, NULL, NULL, NULL);
}

static bool is_heaviest_first(const size_t *order, size_t n)
{
    size_t i = 0;

    while (i < n && order[i] == i)
        i++;
    return i == n;
}

/* Never later than heaviest first, nor than static parts by more than what is not worth it. */
START_TEST(order_ends_with_the_best_schedule)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(2000);
    int n_other = 0;

    for (int round = 0; round < N_RANDOM; round++) {
        size_t n = (size_t)g_rand_int_range(rand, 1, 80), order[80];
        int n_workers = g_rand_int_range(rand, 1, 20), part[80];
        int64_t weight_us[80], end, plain, parts;

        instance_draw(rand, weight_us, n);
        qsort(weight_us, n, sizeof *weight_us, descending);
        end = tps_pool_order(weight_us, n, n_workers, order);
        assert_permutation(order, n);
        ck_assert_int_eq(end, end_of(weight_us, order, n, n_workers));
        plain = tps_pool_simulate(weight_us, n, n_workers, NULL, NULL, NULL);
        tps_partition_by_time(weight_us, n, n_workers, part);
        parts = tps_partition_makespan(weight_us, part, n, n_workers);
        ck_assert_int_le(end, plain);
        ck_assert_int_le(end, MAX(parts, plain - plain / 2000 - 1) + plain / 2000 + 1);
        if (is_heaviest_first(order, n))
            continue;
        ck_assert_int_lt(end, plain - plain / 2000);
        ck_assert_int_le(end, parts);
        n_other++;
    }
    ck_assert_int_gt(n_other, N_RANDOM / 10);
}
END_TEST

START_TEST(six_to_two_need_two_workers)
{
    const int64_t weight[] = {6, 5, 4, 3, 2};
    size_t order[5];
    TpsPoolChoice got = tps_pool_choose(weight, 5, 10, 8, order);

    ck_assert(got.size == 2 && got.lower_bound == 2 && got.proven && got.makespan_us == 10);
    ck_assert_int_eq(end_of(weight, order, 5, 2), 10);
    got = tps_pool_choose(weight, 5, 11, 8, order);
    ck_assert(got.size == 2 && got.makespan_us == 10);
    got = tps_pool_choose(weight, 5, 5, 8, order); /* the heaviest alone is too long */
    ck_assert(got.size == 8 && !got.proven && got.makespan_us == 6);
    got = tps_pool_choose(weight, 5, 7, 2, order); /* three are needed */
    ck_assert(got.size == 2 && got.lower_bound == 3 && !got.proven && got.makespan_us == 10);
    got = tps_pool_choose(weight, 0, 7, 2, order);
    ck_assert(got.size == 1 && got.proven && got.makespan_us == 0);
}
END_TEST

START_TEST(small_pools_are_the_smallest)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(1234);
    int n_saved = 0;

    for (int round = 0; round < N_RANDOM; round++) {
        size_t n = (size_t)g_rand_int_range(rand, 1, 11), order[10];
        int64_t weight_us[10], target, best;
        TpsPoolChoice got;
        int fewest = 1;

        instance_draw(rand, weight_us, n);
        qsort(weight_us, n, sizeof *weight_us, descending);
        target = weight_us[0] + g_rand_int_range(rand, 0, 1500);
        while (brute_makespan(weight_us, n, fewest) > target)
            fewest++;
        best = brute_makespan(weight_us, n, fewest);
        got = tps_pool_choose(weight_us, n, target, 100, order);
        ck_assert_int_eq(got.size, fewest);
        ck_assert(got.proven && got.lower_bound == fewest);
        assert_permutation(order, n);
        ck_assert_int_eq(got.makespan_us, end_of(weight_us, order, n, got.size));
        ck_assert_int_le(got.makespan_us, target);
        ck_assert_int_le(got.makespan_us, best + got.makespan_us / 2000);
        n_saved += fewest < tps_pool_size(weight_us, n, target, 100);
    }
    ck_assert_int_gt(n_saved, N_RANDOM / 400);
}
END_TEST

/* However many there are: within the target if any size is, and never below the bound. */
START_TEST(pools_keep_the_target)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(4321);
    int n_proven = 0;

    for (int round = 0; round < N_RANDOM / 4; round++) {
        size_t n = (size_t)g_rand_int_range(rand, 1, 80), order[80];
        int max_size = g_rand_int_range(rand, 1, 80);
        int64_t weight_us[80], target;
        TpsPoolChoice got;

        instance_draw(rand, weight_us, n);
        qsort(weight_us, n, sizeof *weight_us, descending);
        target = weight_us[0] + g_rand_int_range(rand, 0, 3000);
        got = tps_pool_choose(weight_us, n, target, max_size, order);
        assert_permutation(order, n);
        ck_assert_int_eq(got.makespan_us, end_of(weight_us, order, n, got.size));
        ck_assert_int_le(got.size, tps_pool_size(weight_us, n, target, max_size));
        ck_assert_int_ge(got.lower_bound, tps_pool_size_lower_bound(weight_us, n, target));
        ck_assert(got.makespan_us <= target || got.size == max_size);
        ck_assert(got.makespan_us > target || got.size >= got.lower_bound);
        ck_assert_int_eq(got.proven, got.makespan_us <= target && got.size == got.lower_bound);
        n_proven += got.proven || got.lower_bound > max_size;
    }
    ck_assert_int_gt(n_proven, N_RANDOM / 4 * 95 / 100);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pool_order");
    TCase *tcase = tcase_create("pool_order");

    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, order_ends_with_the_best_schedule);
    tcase_add_test(tcase, six_to_two_need_two_workers);
    tcase_add_test(tcase, small_pools_are_the_smallest);
    tcase_add_test(tcase, pools_keep_the_target);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
