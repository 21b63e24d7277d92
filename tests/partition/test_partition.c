/* SPDX-License-Identifier: MIT */
#include "partition/bounds.h"
#include "partition/partition.h"
#include "tests/instances.h"
#include "tests/unit.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

#define N_RANDOM 4000

typedef struct {
    const char *name;
    int64_t cost_us[12];
    size_t n;
    int n_parts;
    int part[12];
} Case;

static const Case cases[] = {
    {"one part takes all", {5, 0, 3}, 3, 1, {0, 0, 0}},
    {"longest first, ties to the lower part", {1, 4, 2, 3}, 4, 2, {0, 0, 1, 1}},
    {"equal items go round", {7, 7, 7, 7, 7}, 5, 2, {0, 1, 0, 1, 0}},
    {"zeros go round too", {0, 0, 0, 0}, 4, 3, {0, 1, 2, 0}},
    {"zeros fill parts before they join a long one", {9, 0, 0}, 3, 3, {0, 1, 2}},
    {"at equal load to the part with fewer items", {4, 2, 2, 0}, 4, 2, {0, 1, 1, 0}},
    {"fewer items than parts", {2, 3}, 2, 5, {1, 0}},
    {"no items", {0}, 0, 3, {0}},
    /* Dealt longest first: 6+3+2 and 5+4. One swap of 6 and 5 makes it 10 and 10. */
    {"a swap", {6, 5, 4, 3, 2}, 5, 2, {1, 0, 1, 0, 0}},
    /* Dealt longest first: 3+2+2 and 3+2. No swap of 3 and 2 helps twice: 6 is the best. */
    {"Graham's worst case for two parts", {3, 3, 2, 2, 2}, 5, 2, {1, 1, 0, 0, 0}},
};

START_TEST(deals_as_expected)
{
    const Case *c = &cases[_i];
    int part[12];

    tps_partition_by_time(c->cost_us, c->n, c->n_parts, part);
    for (size_t i = 0; i < c->n; i++)
        ck_assert_msg(part[i] == c->part[i], "%s: item %zu is in part %d, not %d", c->name, i,
                      part[i], c->part[i]);
}
END_TEST

/* Every item in one part that exists, and no part empty that need not be. */
static void assert_parts(const int *part, size_t n, int n_parts)
{
    g_autofree size_t *n_items = g_new0(size_t, (gsize)n_parts);

    for (size_t i = 0; i < n; i++) {
        if (part[i] < 0 || part[i] >= n_parts) /* each ck_assert is a write: not for a million */
            ck_abort_msg("item %zu is in part %d of %d", i, part[i], n_parts);
        n_items[part[i]]++;
    }
    for (int p = 0; p < n_parts; p++)
        if (n_items[p] == 0 && n >= (size_t)n_parts)
            ck_abort_msg("part %d of %d is empty", p, n_parts);
}

START_TEST(keeps_every_promise_on_random_suites)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(1969);

    for (int round = 0; round < N_RANDOM; round++) {
        size_t n = (size_t)g_rand_int_range(rand, 1, 200);
        int n_parts = g_rand_int_range(rand, 1, 40);
        int64_t cost_us[200], longest;
        int part[200], again[200];

        instance_draw(rand, cost_us, n);
        memset(part, 0xff, sizeof part);
        memset(again, 0x7f, sizeof again);
        tps_partition_by_time(cost_us, n, n_parts, part);
        assert_parts(part, n, n_parts);
        tps_partition_by_time(cost_us, n, n_parts, again);
        ck_assert_mem_eq(part, again, n * sizeof *part);

        longest = tps_partition_makespan(cost_us, part, n, n_parts);
        qsort(cost_us, n, sizeof *cost_us, descending);
        ck_assert_int_ge(longest, tps_makespan_lower_bound(cost_us, n, n_parts));
    }
}
END_TEST

/* Longest first, the plain way: what the search starts from and must never make worse. */
static int64_t plain_lpt(const int64_t *sorted_us, size_t n, int n_parts)
{
    g_autofree int64_t *load_us = g_new0(int64_t, (gsize)n_parts);
    int64_t longest = 0;

    for (size_t i = 0; i < n; i++) {
        int shortest = 0;

        for (int p = 1; p < n_parts; p++)
            if (load_us[p] < load_us[shortest])
                shortest = p;
        load_us[shortest] += sorted_us[i];
        longest = MAX(longest, load_us[shortest]);
    }
    return longest;
}

START_TEST(no_exchange_is_left_that_helps)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(17);
    int n_better = 0;

    for (int round = 0; round < N_RANDOM; round++) {
        size_t n = (size_t)g_rand_int_range(rand, 1, 60);
        int n_parts = g_rand_int_range(rand, 1, 12);
        int64_t cost_us[60], longest, plain;
        int part[60];

        instance_draw(rand, cost_us, n);
        qsort(cost_us, n, sizeof *cost_us, descending);
        tps_partition_by_time(cost_us, n, n_parts, part);
        ck_assert(!improvable(cost_us, part, n, n_parts));
        longest = tps_partition_makespan(cost_us, part, n, n_parts);
        plain = plain_lpt(cost_us, n, n_parts);
        ck_assert_int_le(longest, plain);
        n_better += longest < plain;
    }
    ck_assert_int_gt(n_better, N_RANDOM / 10);
}
END_TEST

START_TEST(keeps_grahams_bound)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(416);
    int n_best = 0;

    for (int round = 0; round < N_RANDOM; round++) {
        size_t n = (size_t)g_rand_int_range(rand, 1, 11);
        int n_parts = g_rand_int_range(rand, 1, 5);
        int64_t cost_us[10], best, longest;
        int part[10];

        instance_draw(rand, cost_us, n);
        tps_partition_by_time(cost_us, n, n_parts, part);
        longest = tps_partition_makespan(cost_us, part, n, n_parts);
        best = brute_makespan(cost_us, n, n_parts);
        ck_assert_int_ge(longest, best);
        ck_assert_int_le(longest * 3 * n_parts, best * (4 * n_parts - 1));
        n_best += longest == best;
    }
    ck_assert_int_ge(n_best, N_RANDOM * 9 / 10);
}
END_TEST

START_TEST(permuted_input_keeps_the_longest_part)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(5);

    for (int round = 0; round < N_RANDOM; round++) {
        size_t n = (size_t)g_rand_int_range(rand, 2, 50);
        int n_parts = g_rand_int_range(rand, 1, 10);
        int64_t cost_us[50], longest;
        int part[50];

        instance_draw(rand, cost_us, n);
        tps_partition_by_time(cost_us, n, n_parts, part);
        longest = tps_partition_makespan(cost_us, part, n, n_parts);
        qsort(cost_us, n, sizeof *cost_us, descending);
        tps_partition_by_time(cost_us, n, n_parts, part);
        ck_assert_int_eq(tps_partition_makespan(cost_us, part, n, n_parts), longest);
    }
}
END_TEST

START_TEST(single_testcases_are_dealt_evenly)
{
    int count[100], part[100], n_items[7] = {0};

    for (int i = 0; i < 100; i++)
        count[i] = 1;
    tps_partition_by_count(count, 100, 7, part);
    for (int i = 0; i < 100; i++)
        n_items[part[i]]++;
    for (int p = 0; p < 7; p++)
        ck_assert(n_items[p] == 14 || n_items[p] == 15);
}
END_TEST

START_TEST(units_are_dealt_by_their_testcases)
{
    const int count[] = {1, 10, 1, 4, 4, 2};
    int part[6], sum[2] = {0};

    tps_partition_by_count(count, 6, 2, part);
    for (int i = 0; i < 6; i++)
        sum[part[i]] += count[i];
    ck_assert_int_eq(sum[0], 11);
    ck_assert_int_eq(sum[1], 11);
}
END_TEST

START_TEST(sums_beyond_int64_stay_at_the_top)
{
    const size_t n = 100000;
    g_autofree int64_t *cost_us = g_new(int64_t, n);
    g_autofree int *part = g_new(int, n);

    for (size_t i = 0; i < n; i++)
        cost_us[i] = INT64_C(315360000000000);
    tps_partition_by_time(cost_us, n, 2, part);
    assert_parts(part, n, 2);
    ck_assert_int_eq(tps_partition_makespan(cost_us, part, n, 2), INT64_MAX);
    tps_partition_by_time(cost_us, n, 5000, part);
    ck_assert_int_eq(tps_partition_makespan(cost_us, part, n, 5000), 20 * cost_us[0]);
}
END_TEST

/* Not a benchmark: minutes would mean the search lost its bound. */
START_TEST(a_million_items)
{
    static const int n_parts[] = {2, 64, 3000, 100000};
    const size_t n = 1000000;
    g_autoptr(GRand) rand = g_rand_new_with_seed(1000000);
    g_autofree int64_t *cost_us = g_new(int64_t, n);
    g_autofree int *part = g_new(int, n);

    for (size_t i = 0; i < n; i++)
        cost_us[i] = g_rand_int_range(rand, 0, 100000000);
    for (size_t i = 0; i < G_N_ELEMENTS(n_parts); i++) {
        tps_partition_by_time(cost_us, n, n_parts[i], part);
        assert_parts(part, n, n_parts[i]);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("partition");
    TCase *tcase = tcase_create("deal");

    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, deals_as_expected, 0, G_N_ELEMENTS(cases));
    tcase_add_test(tcase, keeps_every_promise_on_random_suites);
    tcase_add_test(tcase, no_exchange_is_left_that_helps);
    tcase_add_test(tcase, keeps_grahams_bound);
    tcase_add_test(tcase, permuted_input_keeps_the_longest_part);
    tcase_add_test(tcase, single_testcases_are_dealt_evenly);
    tcase_add_test(tcase, units_are_dealt_by_their_testcases);
    tcase_add_test(tcase, sums_beyond_int64_stay_at_the_top);
    tcase_add_test(tcase, a_million_items);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
