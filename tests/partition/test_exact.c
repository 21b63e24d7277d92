/* SPDX-License-Identifier: MIT */
#include "partition/fit_internal.h"
#include "partition/partition.h"
#include "tests/instances.h"
#include "tests/unit.h"

#include <glib.h>

#define N_MAX TPS_EXACT_ITEMS

/* The best longest part for every number of parts and every set of items, by every subset. */
static int64_t best_of[N_MAX + 1][1 << N_MAX];

static void fill_oracle(const int64_t *cost_us, size_t n)
{
    const unsigned all = 1U << n;

    for (unsigned set = 1; set < all; set++) {
        const unsigned low = (unsigned)__builtin_ctz(set);

        best_of[1][set] = best_of[1][set & (set - 1)] + cost_us[low];
    }
    for (size_t parts = 2; parts <= n; parts++)
        for (unsigned set = 1; set < all; set++) {
            best_of[parts][set] = best_of[parts - 1][set];
            for (unsigned one = set; one; one = (one - 1) & set)
                best_of[parts][set] =
                    MIN(best_of[parts][set], MAX(best_of[1][one], best_of[parts - 1][set ^ one]));
        }
}

/* What instance_draw lacks: lengths on which longest-first and swaps are known to fail. */
static void draw(GRand *rand, int64_t *cost_us, size_t n)
{
    const int shape = g_rand_int_range(rand, 0, 4);
    const int64_t unit = g_rand_int_range(rand, 1, 1000);

    if (shape == 0) {
        instance_draw(rand, cost_us, n);
        return;
    }
    for (size_t i = 0; i < n; i++)
        if (shape == 1)
            cost_us[i] = (int64_t)(2 * n - i) * unit;
        else if (shape == 2)
            cost_us[i] = INT64_C(1) << g_rand_int_range(rand, 0, 40);
        else
            cost_us[i] = g_rand_int_range(rand, 250000, 500000);
}

static void assert_best(const int64_t *cost_us, size_t n)
{
    int part[N_MAX];

    fill_oracle(cost_us, n);
    for (int n_parts = 1; n_parts <= (int)n; n_parts++) {
        tps_partition_by_time(cost_us, n, n_parts, part);
        ck_assert_int_eq(tps_partition_makespan(cost_us, part, n, n_parts),
                         best_of[n_parts][(1U << n) - 1]);
    }
}

START_TEST(small_suites_are_dealt_best)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(12);
    int64_t cost_us[N_MAX];

    for (int round = 0; round < 1000; round++) {
        size_t n = (size_t)g_rand_int_range(rand, 1, 10);

        draw(rand, cost_us, n);
        assert_best(cost_us, n);
    }
    for (int round = 0; round < 40; round++) {
        draw(rand, cost_us, N_MAX);
        assert_best(cost_us, N_MAX);
    }
}
END_TEST

/* An answer other than the true one, also with hardly any looks, would be a proof of nothing. */
START_TEST(the_search_is_never_wrong)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(1990);
    int seen[3] = {0};

    for (int round = 0; round < 4000; round++) {
        size_t n = (size_t)g_rand_int_range(rand, 1, 9);
        int n_parts = g_rand_int_range(rand, 1, (int)n + 1);
        int64_t cost_us[N_MAX], best, limit, looks = round % 2 ? 30 : 100000;
        g_autofree TpsItem *items = NULL;
        int part[N_MAX];
        TpsFit fit;

        draw(rand, cost_us, n);
        fill_oracle(cost_us, n);
        best = best_of[n_parts][(1U << n) - 1];
        limit = MAX(0, best + g_rand_int_range(rand, -3, 3));
        items = tps_items_longest_first(cost_us, n);
        fit = tps_fit_search(items, n, n_parts, limit, &looks, part);
        seen[fit]++;
        ck_assert(fit != TPS_FIT_FOUND || best <= limit);
        ck_assert(fit != TPS_FIT_IMPOSSIBLE || best > limit);
        if (fit == TPS_FIT_FOUND)
            ck_assert_int_le(tps_partition_makespan(cost_us, part, n, n_parts), limit);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(seen); i++)
        ck_assert_int_gt(seen[i], 100);
}
END_TEST

/* The bound that comes back is below the best, and is the best up to twelve items. */
START_TEST(the_bound_is_proven)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(2013);

    for (int round = 0; round < 1000; round++) {
        size_t n = (size_t)g_rand_int_range(rand, 1, 10);
        int64_t cost_us[N_MAX], looks = TPS_LOOKS_MAX;
        g_autofree TpsItem *items = NULL;
        int part[N_MAX];

        draw(rand, cost_us, n);
        fill_oracle(cost_us, n);
        items = tps_items_longest_first(cost_us, n);
        for (int n_parts = 1; n_parts <= (int)n; n_parts++)
            ck_assert_int_eq(tps_items_deal(items, n, n_parts, &looks, part),
                             best_of[n_parts][(1U << n) - 1]);
    }
}
END_TEST

/* Twelve items need far fewer looks than there are, whatever their lengths. */
START_TEST(twelve_items_are_few)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(144);

    for (int round = 0; round < 4000; round++) {
        int n_parts = g_rand_int_range(rand, 2, N_MAX);
        int64_t cost_us[N_MAX], looks = INT64_C(1) << 15, limit;
        g_autofree TpsItem *items = NULL;
        int part[N_MAX];

        draw(rand, cost_us, N_MAX);
        tps_partition_by_time(cost_us, N_MAX, n_parts, part);
        limit = tps_partition_makespan(cost_us, part, N_MAX, n_parts);
        items = tps_items_longest_first(cost_us, N_MAX);
        ck_assert_int_eq(tps_fit_search(items, N_MAX, n_parts, limit, &looks, part), TPS_FIT_FOUND);
        if (limit > 0)
            ck_assert_int_eq(tps_fit_search(items, N_MAX, n_parts, limit - 1, &looks, part),
                             TPS_FIT_IMPOSSIBLE);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("exact");
    TCase *tcase = tcase_create("exact");

    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, small_suites_are_dealt_best);
    tcase_add_test(tcase, the_search_is_never_wrong);
    tcase_add_test(tcase, the_bound_is_proven);
    tcase_add_test(tcase, twelve_items_are_few);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
