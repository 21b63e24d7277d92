/* SPDX-License-Identifier: MIT */
#include "scheduler/shuffle.h"
#include "tests/unit.h"

#include <glib.h>
#include <string.h>

#define N 8
#define N_ORDERS 6
#define N_ROUNDS 6000

START_TEST(each_is_in_it_once)
{
    for (size_t n = 0; n <= N; n++) {
        for (uint32_t seed = 0; seed < 100; seed++) {
            size_t order[N];
            unsigned seen = 0;

            tps_shuffle(seed, order, n);
            for (size_t i = 0; i < n; i++)
                seen |= 1U << order[i];
            ck_assert_uint_eq(seen, (1U << n) - 1);
        }
    }
}
END_TEST

/* What was printed once must be had again, by any later version. */
START_TEST(the_seed_decides)
{
    static const size_t expected[N] = {3, 1, 6, 2, 4, 0, 7, 5};
    size_t order[N];
    size_t other[N];

    tps_shuffle(42, order, N);
    tps_shuffle(43, other, N);
    ck_assert_mem_ne(order, other, sizeof order);
    for (size_t i = 0; i < N; i++)
        ck_assert_msg(order[i] == expected[i], "%zu %zu %zu %zu %zu %zu %zu %zu", order[0],
                      order[1], order[2], order[3], order[4], order[5], order[6], order[7]);
}
END_TEST

/* Each of the six orders of three about as often: within a tenth. */
START_TEST(no_order_is_preferred)
{
    int count[N_ORDERS] = {0};

    for (uint32_t seed = 0; seed < N_ROUNDS; seed++) {
        size_t order[3];

        tps_shuffle(seed, order, 3);
        count[order[0] * 2 + (order[1] > order[2])]++;
    }
    for (int i = 0; i < N_ORDERS; i++) {
        ck_assert_int_gt(count[i], N_ROUNDS / N_ORDERS * 9 / 10);
        ck_assert_int_lt(count[i], N_ROUNDS / N_ORDERS * 11 / 10);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("shuffle");
    TCase *tcase = tcase_create("shuffle");

    tcase_add_test(tcase, each_is_in_it_once);
    tcase_add_test(tcase, the_seed_decides);
    tcase_add_test(tcase, no_order_is_preferred);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
