/* SPDX-License-Identifier: MIT */
#include "scheduler/timeouts.h"
#include "tests/unit.h"

#include <glib.h>

#define S INT64_C(1000000)
#define M (60 * S)
#define H (60 * M)

static const struct {
    const char *what;
    TpsTimeLimits limits;
    int64_t now_us;
    int64_t expected_us;
} cases[] = {
    {"the suite's word", {.suite_us = 3 * S, .option_us = 7 * S, .weight_us = H}, 1, 3 * S},
    {"else the option's", {.option_us = 7 * S, .weight_us = H}, 1, 7 * S},
    {"measured and short", {.weight_us = S}, 1, 10 * M},
    {"measured", {.weight_us = 5 * M}, 1, 50 * M},
    {"guessed and short", {.weight_us = 10 * S, .guessed_us = 10 * S}, 1, H},
    {"guessed", {.weight_us = 5 * M, .guessed_us = 5 * M}, 1, 250 * M},
    {"half of it guessed", {.weight_us = 2 * M, .guessed_us = M}, 1, H},
    {"less than half of it", {.weight_us = 3 * M, .guessed_us = M}, 1, 70 * M},
    {"more guessed than it takes: a piece", {.weight_us = 5 * M, .guessed_us = H}, 1, 250 * M},
    {"nothing to do", {.weight_us = 0}, 1, H},
    {"the cap", {.weight_us = 4 * H}, 1, 24 * H},
    {"longer than the cap", {.weight_us = 20 * H}, 1, 60 * H},
    {"for ever", {.weight_us = INT64_MAX, .guessed_us = INT64_MAX}, 1, INT64_MAX},
    {"deadline far away", {.suite_us = 3 * S, .deadline_us = 100 * S}, 1, 3 * S},
    {"deadline near", {.suite_us = 30 * S, .deadline_us = 100 * S}, 90 * S, 10 * S},
    {"deadline passed", {.suite_us = 30 * S, .deadline_us = 100 * S}, 101 * S, 1},
};

START_TEST(test_rule)
{
    int64_t got_us = tps_time_limit(&cases[_i].limits, cases[_i].now_us);

    ck_assert_msg(got_us == cases[_i].expected_us, "%s: %" G_GINT64_FORMAT, cases[_i].what, got_us);
}
END_TEST

/* A task that is expected to take longer never gets less. */
START_TEST(test_monotonic)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(7);

    for (int i = 0; i < 20000; i++) {
        int64_t weight_us = (int64_t)1 << g_rand_int_range(random, 10, 62);
        int64_t guessed_us = g_rand_int_range(random, 0, 3) * (weight_us / 2);
        TpsTimeLimits less = {.weight_us = weight_us, .guessed_us = guessed_us};
        TpsTimeLimits more = {.weight_us = weight_us + weight_us / 2,
                              .guessed_us = guessed_us + guessed_us / 2};

        ck_assert_int_le(tps_time_limit(&less, 1), tps_time_limit(&more, 1));
        ck_assert_int_ge(tps_time_limit(&less, 1), weight_us);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("timeouts");
    TCase *tcase = tcase_create("timeouts");

    tcase_add_loop_test(tcase, test_rule, 0, G_N_ELEMENTS(cases));
    tcase_add_test(tcase, test_monotonic);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
