/* SPDX-License-Identifier: MIT */
#include "partition/bounds.h"
#include "partition/partition.h"
#include "tests/instances.h"
#include "tests/unit.h"

#include <glib.h>

#define N_RANDOM 4000

typedef struct {
    const char *name;
    int64_t cost_us[8];
    size_t n;
    int64_t given; /* number of parts, or the limit */
    int64_t bound;
} Case;

static const Case makespans[] = {
    {"nothing to do", {0}, 0, 3, 0},
    {"the longest item", {9, 1, 1}, 3, 3, 9},
    {"the mean, rounded up", {3, 3, 3, 2}, 4, 2, 6},
    {"three items, two parts: two share", {5, 5, 5}, 3, 2, 10},
    {"five items, two parts: three share", {4, 3, 3, 3, 3}, 5, 2, 9},
    {"one part takes the sum", {3, 2, 1}, 3, 1, 6},
    {"more parts than items", {3, 2}, 2, 9, 3},
    {"sums stay at the top", {INT64_MAX, INT64_MAX}, 2, 1, INT64_MAX},
};

static const Case parts[] = {
    {"nothing to do", {0}, 0, 10, 0},
    {"items that cost nothing", {0, 0}, 2, 10, 1},
    {"the volume", {4, 4, 4, 4, 4}, 5, 10, 3},
    {"more than half is alone", {6, 6, 6}, 3, 10, 3},
    {"no room beside the large ones", {8, 8, 3, 3, 3}, 5, 10, 3},
    {"the small ones that fit nowhere", {7, 7, 4, 4, 4}, 5, 10, 4},
    {"half fits beside half", {5, 5, 5, 5}, 4, 10, 2},
    {"more than a third: two share", {34, 34, 34, 34, 34}, 5, 100, 3},
    {"Testplan's greedy takes three", {6, 5, 4, 3, 2}, 5, 10, 2},
    {"no time at all", {0, 0}, 2, 0, 1},
    {"sums stay at the top", {INT64_MAX - 1, INT64_MAX - 1}, 2, INT64_MAX - 1, 2},
};

START_TEST(makespan_is_as_expected)
{
    const Case *c = &makespans[_i];

    ck_assert_msg(tps_makespan_lower_bound(c->cost_us, c->n, (int)c->given) == c->bound, "%s",
                  c->name);
}
END_TEST

START_TEST(parts_are_as_expected)
{
    const Case *c = &parts[_i];

    ck_assert_msg(tps_parts_lower_bound(c->cost_us, c->n, c->given) == c->bound, "%s: %d", c->name,
                  tps_parts_lower_bound(c->cost_us, c->n, c->given));
}
END_TEST

START_TEST(makespan_is_never_above_the_best)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(59);
    int n_tight = 0;

    for (int round = 0; round < N_RANDOM; round++) {
        size_t n = (size_t)g_rand_int_range(rand, 1, 11);
        int n_parts = g_rand_int_range(rand, 1, 6);
        int64_t cost_us[10], best, bound;

        instance_draw(rand, cost_us, n);
        qsort(cost_us, n, sizeof *cost_us, descending);
        best = brute_makespan(cost_us, n, n_parts);
        bound = tps_makespan_lower_bound(cost_us, n, n_parts);
        ck_assert_int_le(bound, best);
        ck_assert_int_le(tps_makespan_lower_bound(cost_us, n, n_parts + 1), bound);
        n_tight += bound == best;
    }
    ck_assert_int_gt(n_tight, N_RANDOM / 2);
}
END_TEST

START_TEST(parts_are_never_above_the_best)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(70);
    int n_tight = 0;

    for (int round = 0; round < N_RANDOM; round++) {
        size_t n = (size_t)g_rand_int_range(rand, 1, 10);
        int64_t cost_us[10], limit;
        int fewest = 1;

        instance_draw(rand, cost_us, n);
        qsort(cost_us, n, sizeof *cost_us, descending);
        limit = cost_us[0] + g_rand_int_range(rand, 0, 1500);
        while (brute_makespan(cost_us, n, fewest) > limit)
            fewest++;
        ck_assert_int_le(tps_parts_lower_bound(cost_us, n, limit), fewest);
        n_tight += tps_parts_lower_bound(cost_us, n, limit) == fewest;
    }
    ck_assert_int_gt(n_tight, N_RANDOM * 9 / 10);
}
END_TEST

START_TEST(the_best_bound_is_the_best_of_few)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(39);
    int n_raised = 0;

    ck_assert_int_eq(tps_makespan_best_bound(NULL, 0, 3, INT64_MAX), 0);
    for (int round = 0; round < N_RANDOM; round++) {
        size_t n = (size_t)g_rand_int_range(rand, 1, 11);
        int n_parts = g_rand_int_range(rand, 1, 6);
        int64_t cost_us[10], best;

        instance_draw(rand, cost_us, n);
        qsort(cost_us, n, sizeof *cost_us, descending);
        best = brute_makespan(cost_us, n, n_parts);
        ck_assert_int_eq(tps_makespan_best_bound(cost_us, n, n_parts, INT64_MAX), best);
        ck_assert_int_eq(tps_makespan_best_bound(cost_us, n, n_parts, best), best);
        n_raised += best > tps_makespan_lower_bound(cost_us, n, n_parts);
    }
    ck_assert_int_gt(n_raised, N_RANDOM / 10);
}
END_TEST

/* Between the simple bound and what dealing achieves, whatever the number of items. */
START_TEST(the_best_bound_is_below_every_way)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(40);
    int n_met = 0, n_raised = 0;

    for (int round = 0; round < N_RANDOM / 4; round++) {
        size_t n = (size_t)g_rand_int_range(rand, 1, 100);
        int n_parts = g_rand_int_range(rand, 1, 30), part[100];
        int64_t cost_us[100], longest, bound, simple;

        instance_draw(rand, cost_us, n);
        qsort(cost_us, n, sizeof *cost_us, descending);
        tps_partition_by_time(cost_us, n, n_parts, part);
        longest = tps_partition_makespan(cost_us, part, n, n_parts);
        simple = tps_makespan_lower_bound(cost_us, n, n_parts);
        bound = tps_makespan_best_bound(cost_us, n, n_parts, longest);
        ck_assert_int_le(bound, longest);
        ck_assert_int_ge(bound, simple);
        n_met += bound == longest;
        n_raised += bound > simple;
    }
    ck_assert_int_gt(n_met, N_RANDOM / 4 * 7 / 10);
    ck_assert_int_gt(n_raised, N_RANDOM / 100);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("bounds");
    TCase *tcase = tcase_create("bounds");

    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, makespan_is_as_expected, 0, G_N_ELEMENTS(makespans));
    tcase_add_loop_test(tcase, parts_are_as_expected, 0, G_N_ELEMENTS(parts));
    tcase_add_test(tcase, makespan_is_never_above_the_best);
    tcase_add_test(tcase, parts_are_never_above_the_best);
    tcase_add_test(tcase, the_best_bound_is_the_best_of_few);
    tcase_add_test(tcase, the_best_bound_is_below_every_way);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
