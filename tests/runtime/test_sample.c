/* SPDX-License-Identifier: MIT */
#include "core/duration.h"
#include "runtime/sample.h"
#include "tests/unit.h"

#include <glib.h>
#include <string.h>

#define MOST 8

typedef struct {
    const char *name;
    TpsSample samples[MOST];
    size_t n;
    int64_t level;
    int64_t spread;
} Case;

static const Case cases[] = {
    {"one", {{1, 100}}, 1, 100, 0},
    {"one without a date", {{0, 100}}, 1, 100, 0},
    {"the newest weighs seven tenths", {{1, 100}, {2, 200}}, 2, 170, 50},
    {"also when it is shorter", {{1, 200}, {2, 100}}, 2, 130, 50},
    {"the one before 0.21", {{1, 0}, {2, 1000}, {3, 0}}, 3, 210, (210 + 790 + 210) / 3},
    {"all the same", {{1, 7}, {5, 7}, {9, 7}, {11, 7}, {12, 7}}, 5, 7, 0},
    {"without dates, the mean", {{0, 1}, {0, 2}, {0, 6}}, 3, 3, 2},
    {"the mean, rounded half up", {{0, 1}, {0, 2}}, 2, 2, 0},
    {"nothing", {{0, 0}, {0, 0}}, 2, 0, 0},
    {"ten years, and a moment",
     {{1, TPS_DURATION_MAX_US}, {2, 0}},
     2,
     TPS_DURATION_MAX_US / 10 * 3,
     TPS_DURATION_MAX_US / 2},
};

START_TEST(levels)
{
    const Case *c = &cases[_i];

    ck_assert_msg(tps_samples_level(c->samples, c->n) == c->level, "%s: %" G_GINT64_FORMAT, c->name,
                  tps_samples_level(c->samples, c->n));
    ck_assert_msg(tps_samples_spread(c->samples, c->n) == c->spread, "%s: %" G_GINT64_FORMAT,
                  c->name, tps_samples_spread(c->samples, c->n));
}
END_TEST

/* It lies among them, and moves towards a new one, without reaching beyond it. */
START_TEST(a_level_lies_among_its_samples)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed((guint32)_i);
    TpsSample samples[MOST];
    int64_t least = INT64_MAX;
    int64_t most = 0;

    for (size_t n = 1; n <= MOST; n++) {
        int64_t level;

        samples[n - 1] = (TpsSample){(uint32_t)n, g_rand_int_range(rand, 0, 1000000)};
        least = MIN(least, samples[n - 1].us);
        most = MAX(most, samples[n - 1].us);
        level = tps_samples_level(samples, n);
        ck_assert_int_ge(level, least);
        ck_assert_int_le(level, most);
        ck_assert_int_le(tps_samples_spread(samples, n), most - least);
        if (n > 1)
            ck_assert_int_le(ABS(level - samples[n - 1].us),
                             ABS(tps_samples_level(samples, n - 1) - samples[n - 1].us) * 3 / 10 +
                                 1);
    }
}
END_TEST

/* Thirty thousand sums of ten years: the mean stays at the top instead of wrapping. */
START_TEST(an_absurd_mean_does_not_wrap)
{
    const size_t n = 40000;
    g_autofree TpsSample *samples = g_new(TpsSample, n);

    for (size_t i = 0; i < n; i++)
        samples[i] = (TpsSample){0, TPS_DURATION_MAX_US};
    ck_assert_int_gt(tps_samples_level(samples, n), 0);
    ck_assert_int_ge(tps_samples_spread(samples, n), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sample");
    TCase *tcase = tcase_create("sample");

    tcase_add_loop_test(tcase, levels, 0, G_N_ELEMENTS(cases));
    tcase_add_loop_test(tcase, a_level_lies_among_its_samples, 0, 20);
    tcase_add_test(tcase, an_absurd_mean_does_not_wrap);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
