/* SPDX-License-Identifier: MIT */
#include "partition/bounds.h"
#include "partition/fit_internal.h"
#include "tests/instances.h"
#include "tests/unit.h"

#include <glib.h>
#include <string.h>

#define N_RANDOM 4000
#define N_MAX 100

/* First fit decreasing, the plain way. */
static int first_fit(const int64_t *sorted_us, size_t n, int64_t limit_us)
{
    int64_t load_us[N_MAX] = {0};
    int n_parts = 0;

    for (size_t i = 0; i < n; i++) {
        int p = 0;

        while (load_us[p] + sorted_us[i] > limit_us)
            p++;
        load_us[p] += sorted_us[i];
        n_parts = MAX(n_parts, p + 1);
    }
    return n_parts;
}

static void assert_filled(const int64_t *cost_us, const int *part, size_t n, int n_parts,
                          int64_t limit_us)
{
    int64_t load_us[N_MAX] = {0};
    int n_items[N_MAX] = {0};

    for (size_t i = 0; i < n; i++) {
        ck_assert(part[i] >= 0 && part[i] < n_parts);
        load_us[part[i]] += cost_us[i];
        n_items[part[i]]++;
    }
    for (int p = 0; p < n_parts; p++)
        ck_assert(load_us[p] <= limit_us && n_items[p] > 0);
}

START_TEST(parts_are_filled_within_the_limit)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(598);
    int n_better = 0, n_worse = 0;

    for (int round = 0; round < N_RANDOM; round++) {
        size_t n = (size_t)g_rand_int_range(rand, 1, N_MAX + 1);
        int part[N_MAX], wished, plain, looked;
        g_autofree TpsItem *items = NULL;
        int64_t cost_us[N_MAX], limit;

        instance_draw(rand, cost_us, n);
        items = tps_items_longest_first(cost_us, n);
        limit = items[0].cost_us + g_rand_int_range(rand, 0, 2000);
        memset(part, 0xff, sizeof part);
        plain = tps_fill_parts(items, n, 1, limit, 0, part);
        assert_filled(cost_us, part, n, plain, limit);
        qsort(cost_us, n, sizeof *cost_us, descending);
        ck_assert_int_eq(plain, first_fit(cost_us, n, limit));
        g_free(items);
        items = tps_items_longest_first(cost_us, n);
        wished = tps_parts_lower_bound(cost_us, n, limit);
        looked = tps_fill_parts(items, n, wished, limit, 100000, part);
        assert_filled(cost_us, part, n, looked, limit);
        ck_assert_int_ge(looked, wished);
        n_better += looked < plain;
        n_worse += looked > plain;
    }
    ck_assert_int_gt(n_better, N_RANDOM / 50);
    ck_assert_int_lt(n_worse, n_better / 4);
}
END_TEST

START_TEST(a_fuller_part_is_found)
{
    static const int64_t cost_us[] = {6, 5, 3, 2, 2, 2};
    g_autofree TpsItem *items = tps_items_longest_first(cost_us, 6);
    int part[6];

    /* 6+3, 5+2+2, 2 by first fit; 6+2+2 and 5+3+2 with a look at what else fits. */
    ck_assert_int_eq(tps_fill_parts(items, 6, 2, 10, 0, part), 3);
    ck_assert_int_eq(tps_fill_parts(items, 6, 2, 10, 1000, part), 2);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("fill");
    TCase *tcase = tcase_create("fill");

    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, parts_are_filled_within_the_limit);
    tcase_add_test(tcase, a_fuller_part_is_found);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
