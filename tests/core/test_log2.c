/* SPDX-License-Identifier: MIT */
#include "core/log2.h"
#include "tests/unit.h"

#include <glib.h>
#include <math.h>
#include <stdint.h>

START_TEST(powers_of_two_are_exact)
{
    for (int i = 0; i < 63; i++)
        ck_assert_int_eq(tps_log2(INT64_C(1) << i), i * TPS_LOG2_ONE);
    for (int i = 0; i < 62; i++)
        ck_assert_int_eq(tps_times_exp2(1, i * TPS_LOG2_ONE), INT64_C(1) << i);
}
END_TEST

START_TEST(log2_is_near_the_truth_and_never_falls)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(1);

    for (int i = 0; i < 200000; i++) {
        const int bits = g_rand_int_range(rand, 1, 64);
        const uint64_t drawn = (uint64_t)g_rand_int(rand) << 32 | g_rand_int(rand);
        const int64_t value = (int64_t)MAX(drawn >> 1 >> (63 - bits), 1);

        ck_assert_double_eq_tol(tps_log2(value) / 65536.0, log2((double)value), 2.0 / 65536);
        if (value < INT64_MAX)
            ck_assert_int_le(tps_log2(value), tps_log2(value + 1));
    }
    for (int64_t value = 1; value < 100000; value++)
        ck_assert_int_le(tps_log2(value), tps_log2(value + 1));
    ck_assert_int_eq(tps_log2(INT64_MAX), 63 * TPS_LOG2_ONE);
}
END_TEST

START_TEST(exp2_undoes_log2)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(2);

    for (int i = 0; i < 200000; i++) {
        const int64_t value = g_rand_int_range(rand, 1, G_MAXINT32);
        const int64_t exponent = g_rand_int_range(rand, -20 * 65536, 30 * 65536);
        const double truth = (double)value * exp2((double)exponent / 65536);

        ck_assert_double_eq_tol((double)tps_times_exp2(value, exponent), truth,
                                0.51 + truth * 2 / 65536);
        ck_assert_double_eq_tol((double)tps_times_exp2(1, tps_log2(value)), (double)value,
                                0.51 + (double)value * 4 / 65536);
    }
}
END_TEST

START_TEST(what_is_too_large_stays_at_the_top)
{
    ck_assert_int_eq(tps_times_exp2(INT64_MAX, 0), INT64_MAX);
    ck_assert_int_eq(tps_times_exp2(INT64_MAX, 1), INT64_MAX);
    ck_assert_int_eq(tps_times_exp2(INT64_MAX, 62 * TPS_LOG2_ONE), INT64_MAX);
    ck_assert_int_eq(tps_times_exp2(1, 63 * TPS_LOG2_ONE), INT64_MAX);
    ck_assert_int_eq(tps_times_exp2(1, INT64_C(1) << 40), INT64_MAX);
    ck_assert_int_eq(tps_times_exp2(0, INT64_C(1) << 40), 0);
    ck_assert_int_eq(tps_times_exp2(INT64_MAX, -(INT64_C(1) << 40)), 0);
    ck_assert_int_eq(tps_times_exp2(INT64_MAX, -63 * TPS_LOG2_ONE), 1);
    ck_assert_int_eq(tps_times_exp2(5, -TPS_LOG2_ONE), 3);
    ck_assert_int_eq(tps_times_exp2(5, -3 * TPS_LOG2_ONE), 1);
    ck_assert_int_eq(tps_times_exp2(3, -3 * TPS_LOG2_ONE), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("log2");
    TCase *tcase = tcase_create("log2");

    tcase_add_test(tcase, powers_of_two_are_exact);
    tcase_add_test(tcase, log2_is_near_the_truth_and_never_falls);
    tcase_add_test(tcase, exp2_undoes_log2);
    tcase_add_test(tcase, what_is_too_large_stays_at_the_top);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
