/* SPDX-License-Identifier: MIT */
#include "partition/autopart.h"
#include "partition/bounds.h"
#include "partition/partition.h"
#include "tests/instances.h"
#include "tests/unit.h"

#include <glib.h>
#include <string.h>

#define N_RANDOM 4000

typedef struct {
    const char *name;
    int64_t cost_us[8];
    size_t n;
    int64_t overhead_us;
    int64_t limit_us;
    int n_parts;
    TpsAutopartReason reason;
} Case;

static const Case cases[] = {
    {"all fits into one", {3, 3, 3}, 3, 1, 10, 1, TPS_AUTOPART_FITS},
    {"every part pays the setup", {3, 3, 3}, 3, 2, 10, 2, TPS_AUTOPART_FITS},
    {"a swap saves a part", {6, 5, 4, 3, 2}, 5, 0, 10, 2, TPS_AUTOPART_FITS},
    {"no time at all", {0, 0, 0}, 3, 5, 10, 1, TPS_AUTOPART_FITS},
    {"the setup is the limit", {1, 1, 1}, 3, 10, 10, 1, TPS_AUTOPART_SETUP_TOO_LONG},
    {"the setup is beyond it", {1, 1, 1}, 3, 99, 10, 1, TPS_AUTOPART_SETUP_TOO_LONG},
    {"an item is the limit", {10, 1}, 2, 0, 10, 2, TPS_AUTOPART_FITS},
    {"one item is beyond it", {1, 11, 1}, 3, 0, 10, 2, TPS_AUTOPART_ITEM_TOO_LONG},
    {"with its setup it is", {9, 1}, 2, 2, 10, 2, TPS_AUTOPART_ITEM_TOO_LONG},
    {"all are beyond it", {11, 12}, 2, 0, 10, 2, TPS_AUTOPART_ITEM_TOO_LONG},
    {"the others stay within", {50, 40, 5, 5, 5, 5}, 6, 0, 10, 4, TPS_AUTOPART_ITEM_TOO_LONG},
};

START_TEST(splits_as_expected)
{
    const Case *c = &cases[_i];
    int part[8];
    TpsAutopart got = tps_autopart(c->cost_us, c->n, c->overhead_us, c->limit_us, part);

    ck_assert_msg(got.n_parts == c->n_parts && got.reason == c->reason, "%s: %d parts, reason %d",
                  c->name, got.n_parts, got.reason);
}
END_TEST

/* No part empty, none over the limit but those that are one item which exceeds it alone. */
static void assert_limit_kept(const int64_t *cost_us, const int *part, size_t n, int n_parts,
                              int64_t room)
{
    g_autofree int64_t *load_us = g_new0(int64_t, n_parts);
    g_autofree int *n_items = g_new0(int, n_parts);

    for (size_t i = 0; i < n; i++) {
        if (part[i] < 0 || part[i] >= n_parts)
            ck_abort_msg("item %zu is in part %d of %d", i, part[i], n_parts);
        load_us[part[i]] += cost_us[i];
        n_items[part[i]]++;
    }
    for (int p = 0; p < n_parts; p++) {
        if (n_items[p] == 0)
            ck_abort_msg("part %d of %d is empty", p, n_parts);
        if (load_us[p] > room && n_items[p] != 1)
            ck_abort_msg("part %d of %d is over the limit", p, n_parts);
    }
}

START_TEST(keeps_the_limit_on_random_suites)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(1800);
    int seen[3] = {0};

    for (int round = 0; round < N_RANDOM; round++) {
        size_t n = (size_t)g_rand_int_range(rand, 1, 100);
        int64_t cost_us[100], overhead = g_rand_int_range(rand, 0, 800);
        int64_t limit = g_rand_int_range(rand, 200, 5000);
        int part[100], again[100];
        TpsAutopart got;

        instance_draw(rand, cost_us, n);
        memset(part, 0xff, sizeof part);
        got = tps_autopart(cost_us, n, overhead, limit, part);
        seen[got.reason]++;
        ck_assert_int_eq(got.reason == TPS_AUTOPART_SETUP_TOO_LONG, overhead >= limit);
        if (overhead < limit)
            assert_limit_kept(cost_us, part, n, got.n_parts, limit - overhead);
        tps_autopart(cost_us, n, overhead, limit, again);
        ck_assert_mem_eq(part, again, n * sizeof *part);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(seen); i++)
        ck_assert_int_gt(seen[i], 50);
}
END_TEST

/* When no item is too long: the parts tps_partition_by_time makes, and no fewer of them do. */
START_TEST(takes_the_fewest_parts_that_fit)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(480);

    for (int round = 0; round < N_RANDOM; round++) {
        size_t n = (size_t)g_rand_int_range(rand, 1, 60);
        int64_t cost_us[60], limit = 0;
        int part[60], expected[60], n_parts = 1;
        TpsAutopart got;

        instance_draw(rand, cost_us, n);
        for (size_t i = 0; i < n; i++)
            limit = MAX(limit, cost_us[i]);
        limit += g_rand_int_range(rand, 1, 2000);
        got = tps_autopart(cost_us, n, 0, limit, part);
        for (;; n_parts++) {
            tps_partition_by_time(cost_us, n, n_parts, expected);
            if (tps_partition_makespan(cost_us, expected, n, n_parts) <= limit)
                break;
        }
        ck_assert_int_eq(got.reason, TPS_AUTOPART_FITS);
        ck_assert_int_eq(got.n_parts, n_parts);
        ck_assert_mem_eq(part, expected, n * sizeof *part);
    }
}
END_TEST

/* Far from the lower bound: triplets that fill a part by volume but hardly ever fit together. */
START_TEST(ends_when_the_lower_bound_is_far)
{
    const size_t n = 20000;
    const int64_t limit = 1000;
    g_autoptr(GRand) rand = g_rand_new_with_seed(3);
    g_autofree int64_t *cost_us = g_new(int64_t, n);
    g_autofree int *part = g_new(int, n);
    TpsAutopart got;

    for (size_t i = 0; i < n; i++)
        cost_us[i] = g_rand_int_range(rand, 251, 500);
    got = tps_autopart(cost_us, n, 0, limit, part);
    assert_limit_kept(cost_us, part, n, got.n_parts, limit);
    tps_partition_by_time(cost_us, n, got.n_parts - 1, part);
    ck_assert_int_gt(tps_partition_makespan(cost_us, part, n, got.n_parts - 1), limit);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("autopart");
    TCase *tcase = tcase_create("autopart");

    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, splits_as_expected, 0, G_N_ELEMENTS(cases));
    tcase_add_test(tcase, keeps_the_limit_on_random_suites);
    tcase_add_test(tcase, takes_the_fewest_parts_that_fit);
    tcase_add_test(tcase, ends_when_the_lower_bound_is_far);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
