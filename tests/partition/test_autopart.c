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
    g_autofree int64_t *load_us = g_new0(int64_t, (gsize)n_parts);
    g_autofree int *n_items = g_new0(int, (gsize)n_parts);

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

static int64_t random_limit(GRand *rand, const int64_t *cost_us, size_t n)
{
    int64_t longest_us = 0;

    for (size_t i = 0; i < n; i++)
        longest_us = MAX(longest_us, cost_us[i]);
    return longest_us + g_rand_int_range(rand, 1, 2000);
}

/* When no item is too long: never more parts than tps_partition_by_time needs. */
START_TEST(takes_no_more_parts_than_dealing_does)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(480);
    int n_proven = 0, n_fewer = 0;

    for (int round = 0; round < N_RANDOM; round++) {
        size_t n = (size_t)g_rand_int_range(rand, 1, 60);
        int64_t cost_us[60], limit;
        int part[60], dealt[60], n_parts = 1;
        TpsAutopart got;

        instance_draw(rand, cost_us, n);
        limit = random_limit(rand, cost_us, n);
        got = tps_autopart(cost_us, n, 0, limit, part);
        for (;; n_parts++) {
            tps_partition_by_time(cost_us, n, n_parts, dealt);
            if (tps_partition_makespan(cost_us, dealt, n, n_parts) <= limit)
                break;
        }
        ck_assert_int_eq(got.reason, TPS_AUTOPART_FITS);
        ck_assert_int_le(got.n_parts, n_parts);
        ck_assert_int_ge(got.n_parts, got.lower_bound);
        ck_assert_int_eq(got.proven, got.n_parts == got.lower_bound);
        assert_limit_kept(cost_us, part, n, got.n_parts, limit);
        n_proven += got.proven;
        n_fewer += got.n_parts < n_parts;
    }
    ck_assert_int_gt(n_proven, N_RANDOM * 95 / 100);
    ck_assert_int_gt(n_fewer, 0);
}
END_TEST

START_TEST(small_suites_get_the_fewest)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(1212);

    for (int round = 0; round < N_RANDOM; round++) {
        size_t n = (size_t)g_rand_int_range(rand, 1, round % 10 ? 10 : 13);
        int64_t cost_us[12], limit;
        int part[12], fewest = 1;
        TpsAutopart got;

        instance_draw(rand, cost_us, n);
        limit = random_limit(rand, cost_us, n);
        got = tps_autopart(cost_us, n, 0, limit, part);
        while (brute_makespan(cost_us, n, fewest) > limit)
            fewest++;
        ck_assert_int_eq(got.n_parts, fewest);
        ck_assert(got.proven);
        ck_assert_int_eq(tps_partition_makespan(cost_us, part, n, fewest),
                         brute_makespan(cost_us, n, fewest));
    }
}
END_TEST

/*
 * Built from full parts, so that the fewest is known: longest first and swaps do not find them. The
 * limit is exactly full, there is no room for a mistake.
 */
START_TEST(full_parts_are_found_again)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(1903);

    for (int round = 0; round < 200; round++) {
        const int n_parts = g_rand_int_range(rand, 2, 9);
        const int64_t limit = 1000;
        int64_t cost_us[40];
        int part[40];
        size_t n = 0;
        TpsAutopart got;

        for (int p = 0; p < n_parts; p++)
            for (int64_t left = limit; left > 0; n++) {
                const int64_t drawn = g_rand_int_range(rand, 100, 500);

                cost_us[n] = n % 4 == 3 ? left : MIN(left, drawn);
                left -= cost_us[n];
            }
        got = tps_autopart(cost_us, n, 0, limit, part);
        assert_limit_kept(cost_us, part, n, got.n_parts, limit);
        ck_assert_int_eq(got.n_parts, n_parts);
        ck_assert(got.proven);
    }
}
END_TEST

/* Sevens and elevens: 7*7 + 11 fills a part, but not all should be: 2*7 + 4*11 saves one. */
START_TEST(not_every_part_is_filled_to_the_brim)
{
    int64_t cost_us[1000];
    int part[1000];
    TpsAutopart got;

    for (size_t i = 0; i < 1000; i++)
        cost_us[i] = i % 3 ? 7 : 11;
    got = tps_autopart(cost_us, 1000, 0, 60, part);
    assert_limit_kept(cost_us, part, 1000, got.n_parts, 60);
    ck_assert_int_eq(got.n_parts, 142); /* 141.1 parts even if they could be mixed */
}
END_TEST

/* Far from the lower bound: triplets that fill a part by volume but hardly ever fit together. */
START_TEST(ends_when_the_lower_bound_is_far)
{
    const size_t n = 200000;
    const int64_t limit = 1000000;
    g_autoptr(GRand) rand = g_rand_new_with_seed(3);
    g_autofree int64_t *cost_us = g_new(int64_t, n);
    g_autofree int *part = g_new(int, n);
    TpsAutopart got;

    for (size_t i = 0; i < n; i++)
        cost_us[i] = g_rand_int_range(rand, 251000, 500000);
    got = tps_autopart(cost_us, n, 0, limit, part);
    assert_limit_kept(cost_us, part, n, got.n_parts, limit);
    ck_assert_int_le(got.n_parts, (int)n / 2); /* any two fit */
    ck_assert(!got.proven);
}
END_TEST

START_TEST(sums_beyond_int64_stay_valid)
{
    static int64_t cost_us[40000];
    static int part[40000];
    const size_t n = G_N_ELEMENTS(cost_us);
    const int64_t ten_years = INT64_C(315360000000000);

    for (size_t i = 0; i < n; i++)
        cost_us[i] = ten_years - (int64_t)(i % 7);
    ck_assert_int_eq(tps_autopart(cost_us, n, 0, ten_years, part).n_parts, (int)n);
    ck_assert_int_eq(tps_autopart(cost_us, n, 0, 2 * ten_years, part).n_parts, (int)n / 2);
    ck_assert_int_eq(tps_autopart(cost_us, n, 0, ten_years * 20000, part).n_parts, 2);
    for (size_t i = 0; i < 12; i++)
        cost_us[i] = INT64_MAX - (int64_t)i;
    ck_assert_int_eq(tps_autopart(cost_us, 12, 0, INT64_MAX - 1, part).n_parts, 12);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("autopart");
    TCase *tcase = tcase_create("autopart");

    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, splits_as_expected, 0, G_N_ELEMENTS(cases));
    tcase_add_test(tcase, keeps_the_limit_on_random_suites);
    tcase_add_test(tcase, takes_no_more_parts_than_dealing_does);
    tcase_add_test(tcase, small_suites_get_the_fewest);
    tcase_add_test(tcase, full_parts_are_found_again);
    tcase_add_test(tcase, not_every_part_is_filled_to_the_brim);
    tcase_add_test(tcase, sums_beyond_int64_stay_valid);
    tcase_add_test(tcase, ends_when_the_lower_bound_is_far);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
