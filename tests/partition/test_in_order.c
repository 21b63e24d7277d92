/* SPDX-License-Identifier: MIT */
#include "partition/in_order.h"
#include "partition/partition.h"
#include "tests/instances.h"
#include "tests/unit.h"

#include <glib.h>
#include <string.h>

#define N_RANDOM 4000
#define N_MAX 60

typedef struct {
    const char *name;
    int64_t cost_us[8];
    size_t n;
    int n_parts;
    int64_t longest_us;
    int part[8];
} Case;

static const Case cases[] = {
    {"nothing to cut", {0}, 0, 3, 0, {0}},
    {"one part", {3, 1, 2}, 3, 1, 6, {0, 0, 0}},
    {"fewer items than parts", {3, 1}, 2, 5, 3, {0, 1}},
    {"the first part is not filled up", {1, 2, 3, 4, 5}, 5, 2, 9, {0, 0, 0, 1, 1}},
    {"no part is empty", {9, 0, 0}, 3, 3, 9, {0, 1, 2}},
    {"nor where all is nothing", {0, 0, 0, 0}, 4, 3, 0, {0, 0, 1, 2}},
    {"sums stay at the top", {INT64_MAX, 1, INT64_MAX}, 3, 2, INT64_MAX, {0, 0, 1}},
};

START_TEST(cuts_as_expected)
{
    const Case *c = &cases[_i];
    int part[8];

    ck_assert_msg(tps_partition_in_order(c->cost_us, c->n, c->n_parts, part) == c->longest_us, "%s",
                  c->name);
    for (size_t i = 0; i < c->n; i++)
        ck_assert_msg(part[i] == c->part[i], "%s: item %zu is in part %d", c->name, i, part[i]);
}
END_TEST

/* best[k][i]: the shortest longest part of the first i items in k parts. */
static int64_t best_in_order(const int64_t *cost_us, size_t n, int n_parts)
{
    int64_t best[N_MAX + 1], longer[N_MAX + 1];

    best[0] = 0;
    for (size_t i = 1; i <= n; i++)
        best[i] = best[i - 1] + cost_us[i - 1];
    for (int k = 2; k <= n_parts; k++) {
        memcpy(longer, best, sizeof best);
        for (size_t i = 1; i <= n; i++) {
            int64_t last = 0;

            for (size_t j = i; j-- > 0;) {
                last += cost_us[j];
                best[i] = MIN(best[i], MAX(last, longer[j]));
            }
        }
    }
    return best[n];
}

/* Neighbours stay together, and every part from 0 on has an item. */
static void assert_in_order(const int *part, size_t n, int n_parts)
{
    ck_assert_int_eq(part[0], 0);
    for (size_t i = 1; i < n; i++)
        ck_assert(part[i] == part[i - 1] || part[i] == part[i - 1] + 1);
    ck_assert_int_eq(part[n - 1], n_parts - 1);
}

START_TEST(no_cut_is_better)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(974);

    for (int round = 0; round < N_RANDOM; round++) {
        size_t n = (size_t)g_rand_int_range(rand, 1, N_MAX + 1);
        int n_parts = g_rand_int_range(rand, 1, 20), part[N_MAX];
        int64_t cost_us[N_MAX], longest;

        instance_draw(rand, cost_us, n);
        memset(part, 0xff, sizeof part);
        longest = tps_partition_in_order(cost_us, n, n_parts, part);
        assert_in_order(part, n, MIN(n_parts, (int)n));
        ck_assert_int_eq(longest, best_in_order(cost_us, n, n_parts));
        ck_assert_int_eq(longest, tps_partition_makespan(cost_us, part, n, n_parts));
    }
}
END_TEST

START_TEST(no_fewer_parts_are_enough)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(996);

    ck_assert_int_eq(tps_parts_fewest_in_order(NULL, 0, 5, NULL), 0);
    for (int round = 0; round < N_RANDOM; round++) {
        size_t n = (size_t)g_rand_int_range(rand, 1, N_MAX + 1);
        int part[N_MAX], n_parts;
        int64_t cost_us[N_MAX], limit = 0;

        instance_draw(rand, cost_us, n);
        for (size_t i = 0; i < n; i++)
            limit = MAX(limit, cost_us[i]);
        limit += g_rand_int_range(rand, 0, 1000);
        n_parts = tps_parts_fewest_in_order(cost_us, n, limit, part);
        assert_in_order(part, n, n_parts);
        ck_assert_int_le(tps_partition_makespan(cost_us, part, n, n_parts), limit);
        if (n_parts > 1)
            ck_assert_int_gt(best_in_order(cost_us, n, n_parts - 1), limit);
    }
}
END_TEST

START_TEST(what_is_too_long_is_alone)
{
    const int64_t cost_us[] = {1, 11, 1, 1, 12, 13};
    const int expected[] = {0, 1, 2, 2, 3, 4};
    int part[6];

    ck_assert_int_eq(tps_parts_fewest_in_order(cost_us, 6, 10, part), 5);
    ck_assert_mem_eq(part, expected, sizeof expected);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("in_order");
    TCase *tcase = tcase_create("in_order");

    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, cuts_as_expected, 0, G_N_ELEMENTS(cases));
    tcase_add_test(tcase, no_cut_is_better);
    tcase_add_test(tcase, no_fewer_parts_are_enough);
    tcase_add_test(tcase, what_is_too_long_is_alone);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
