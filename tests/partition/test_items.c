/* SPDX-License-Identifier: MIT */
#include "partition/partition_internal.h"
#include "tests/instances.h"
#include "tests/unit.h"

#include <glib.h>

/* Longest first, and the earlier item first where two take as long; each item once. */
static void assert_order(const int64_t *cost_us, size_t n)
{
    g_autofree TpsItem *items = tps_items_longest_first(cost_us, n);

    for (size_t i = 0; i < n; i++) {
        if (items[i].index >= n || items[i].cost_us != cost_us[items[i].index])
            ck_abort_msg("place %zu of %zu holds no item", i, n);
        if (i == 0 || items[i - 1].cost_us > items[i].cost_us)
            continue;
        if (items[i - 1].cost_us < items[i].cost_us || items[i - 1].index >= items[i].index)
            ck_abort_msg("places %zu and %zu of %zu are in the wrong order", i - 1, i, n);
    }
}

START_TEST(random_suites_are_in_order)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(2048);
    int64_t cost_us[1000];

    for (int round = 0; round < 1000; round++) {
        size_t n = (size_t)g_rand_int_range(rand, 0, 1001);

        instance_draw(rand, cost_us, n);
        assert_order(cost_us, n);
    }
}
END_TEST

START_TEST(every_digit_counts)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(63);
    int64_t cost_us[1000];

    for (int bits = 1; bits < 64; bits++) {
        for (size_t i = 0; i < G_N_ELEMENTS(cost_us); i++) {
            uint64_t drawn = (uint64_t)g_rand_int(rand) << 32 | g_rand_int(rand);

            cost_us[i] = (int64_t)(drawn >> (64 - bits));
        }
        cost_us[bits] = INT64_MAX >> (63 - bits);
        assert_order(cost_us, G_N_ELEMENTS(cost_us));
    }
}
END_TEST

START_TEST(what_is_in_order_stays)
{
    int64_t cost_us[1000];

    for (size_t i = 0; i < G_N_ELEMENTS(cost_us); i++)
        cost_us[i] = (int64_t)(1000 - i / 2);
    assert_order(cost_us, G_N_ELEMENTS(cost_us));
    for (size_t i = 0; i < G_N_ELEMENTS(cost_us); i++)
        cost_us[i] = (int64_t)(i / 2);
    assert_order(cost_us, G_N_ELEMENTS(cost_us));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("items");
    TCase *tcase = tcase_create("longest_first");

    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, random_suites_are_in_order);
    tcase_add_test(tcase, every_digit_counts);
    tcase_add_test(tcase, what_is_in_order_stays);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
