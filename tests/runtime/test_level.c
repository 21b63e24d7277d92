/* SPDX-License-Identifier: MIT */
#include "runtime/level.h"
#include "tests/unit.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#define N 200
#define RUNS 6

/* Testcases with samples in every run, all at hand. */
typedef struct {
    TpsSample sample[N][RUNS];
    TpsPredictCase cases[N];
    const TpsPredictCase *pointer[N];
    TpsLevel level[N];
} Project;

static void levels(Project *project)
{
    for (size_t i = 0; i < N; i++)
        project->pointer[i] = &project->cases[i];
    tps_levels(project->pointer, N, RUNS, project->level);
}

/* Times from 20 ms to 20 s that change by less than a tenth from run to run. */
static Project *project_new(guint32 seed)
{
    Project *project = g_new0(Project, 1);
    GRand *rand = g_rand_new_with_seed(seed);

    for (size_t i = 0; i < N; i++) {
        const double us = 20000 * pow(10, g_rand_double_range(rand, 0, 3));

        for (uint32_t run = 0; run < RUNS; run++)
            project->sample[i][run] =
                (TpsSample){run, (int64_t)(us * g_rand_double_range(rand, 0.95, 1.05))};
        project->cases[i] = (TpsPredictCase){"id", NULL, project->sample[i], RUNS};
    }
    g_rand_free(rand);
    return project;
}

static void scale_run(Project *project, uint32_t run, double factor)
{
    for (size_t i = 0; i < N; i++)
        project->sample[i][run].us = (int64_t)((double)project->sample[i][run].us * factor);
}

#define assert_near(value, truth, share)                                                           \
    ck_assert_double_eq_tol((double)(value), (double)(truth), (double)(truth) * (share))

/* Samples of one testcase, -1 = no more, and the range its level has to be in. */
static const struct {
    int64_t us[6], point_min, point_max, mean_min, mean_max;
} single[] = {
    {{1234567, -1}, 1234567, 1234567, 1234567, 1234567},
    {{0, -1}, 1, 1, 1, 1},
    {{1, -1}, 1, 1, 1, 1},
    {{700, 700, 700, 700, -1}, 700, 700, 700, 700},
    {{1000000, 2000000, -1}, 1500000, 1650000, 1600000, 1700000},
    /* what is absurd is believed when it comes twice */
    {{1000000, 1000000, 1000000000, -1}, 1000000, 1000000, 1000000, 1000000},
    {{1000000, 1000000, 1000000000, 1000000000, -1}, 999000000, 1001000000, 999000000, 1001000000},
    {{1000000, 1000000000, 1000000, -1}, 999000, 1001000, 999000, 1001000},
    {{1000000000, 1000000, 1000000, -1}, 900000, 8000000, 900000, 8000000},
    {{1000000, 1000000, 1000000000, 1000000, -1}, 999900, 1000100, 999900, 1000100},
    /* zeros among times are no times */
    {{1000000, 0, -1}, 999000, 1001000, 999000, 1001000},
    {{0, 1000000, -1}, 999000, 1001000, 999000, 1001000},
    {{1000000, 0, 1000000, -1}, 999000, 1001000, 999000, 1001000},
    {{1000000, 1000000, 0, -1}, 999000, 1001000, 999000, 1001000},
    {{0, 0, 1000000, -1}, 1, 1, 1, 1},
    {{1000000, 0, 0, 0, -1}, 1, 1, 1, 1},
    {{INT64_MAX, INT64_MAX, INT64_MAX, -1}, INT64_MAX / 2, INT64_MAX, INT64_MAX / 2, INT64_MAX},
};

START_TEST(a_single_testcase)
{
    TpsSample sample[6];
    TpsPredictCase testcase = {"id", NULL, sample, 0};
    const TpsPredictCase *cases = &testcase;
    TpsLevel level = {0};

    while (testcase.n_samples < 6 && single[_i].us[testcase.n_samples] >= 0) {
        sample[testcase.n_samples] =
            (TpsSample){testcase.n_samples, single[_i].us[testcase.n_samples]};
        testcase.n_samples++;
    }
    tps_levels(&cases, 1, 6, &level);
    ck_assert_int_ge(level.point_us, single[_i].point_min);
    ck_assert_int_le(level.point_us, single[_i].point_max);
    ck_assert_int_ge(level.mean_us, single[_i].mean_min);
    ck_assert_int_le(level.mean_us, single[_i].mean_max);
    ck_assert_uint_eq(level.run, testcase.n_samples - 1);
}
END_TEST

START_TEST(a_slow_run_is_not_a_slow_testcase)
{
    Project *project = project_new(1), *plain = project_new(1);

    scale_run(project, 2, 2);
    scale_run(project, 3, 0.7);
    levels(project);
    levels(plain);
    for (size_t i = 0; i < N; i++)
        assert_near(project->level[i].point_us, plain->level[i].point_us, 0.12);
    g_free(project);
    g_free(plain);
}
END_TEST

/* A part of the suite, measured on a slow machine, keeps its place among the others. */
START_TEST(a_slow_run_of_some_testcases_moves_all_alike)
{
    Project *project = project_new(2), *plain = project_new(2);

    scale_run(project, RUNS - 1, 2);
    for (size_t i = 0; i < N; i += 2)
        project->cases[i].n_samples = plain->cases[i].n_samples = RUNS - 1;
    levels(project);
    levels(plain);
    for (size_t i = 0; i < N; i++)
        assert_near(project->level[i].point_us, 1.6 * (double)plain->level[i].point_us, 0.1);
    g_free(project);
    g_free(plain);
}
END_TEST

START_TEST(a_new_machine_is_the_ordinary_one_soon)
{
    Project *project = project_new(3), *plain = project_new(3);

    for (uint32_t run = 2; run < RUNS; run++)
        scale_run(project, run, 3);
    levels(project);
    levels(plain);
    for (size_t i = 0; i < N; i++)
        assert_near(project->level[i].point_us, 3 * plain->level[i].point_us, 0.05);
    g_free(project);
    g_free(plain);
}
END_TEST

START_TEST(twice_the_times_are_twice_the_levels)
{
    Project *project = project_new(4), *plain = project_new(4);

    for (uint32_t run = 0; run < RUNS; run++)
        scale_run(project, run, 2);
    levels(project);
    levels(plain);
    for (size_t i = 0; i < N; i++) {
        assert_near(project->level[i].point_us, 2 * plain->level[i].point_us, 0.002);
        assert_near(project->level[i].mean_us, 2 * plain->level[i].mean_us, 0.002);
    }
    g_free(project);
    g_free(plain);
}
END_TEST

START_TEST(spread_is_how_far_samples_are_from_levels)
{
    Project *project = project_new(5);
    int64_t calm = 0;

    for (uint32_t run = 0; run < RUNS; run++)
        project->sample[0][run].us = run % 2 ? 1000000 : 3000000;
    levels(project);
    for (size_t i = 1; i < N; i++)
        calm += project->level[i].spread;
    ck_assert_int_gt(project->level[0].spread, TPS_LOG2_ONE / 2);
    ck_assert_int_lt(project->level[0].spread, 2 * TPS_LOG2_ONE);
    ck_assert_int_gt(calm / (N - 1), TPS_LOG2_ONE / 50);
    ck_assert_int_lt(calm / (N - 1), TPS_LOG2_ONE / 8);
    g_free(project);
}
END_TEST

/* The median by sorting is what the levels' run speeds come from: the same whatever the order. */
START_TEST(the_order_of_the_testcases_changes_nothing)
{
    Project *project = project_new(6);
    g_autoptr(GRand) rand = g_rand_new_with_seed(6);
    TpsLevel plain[N];

    scale_run(project, 4, 1.7);
    levels(project);
    memcpy(plain, project->level, sizeof plain);
    for (int round = 0; round < 20; round++) {
        for (int i = N - 1; i > 0; i--) {
            const int j = g_rand_int_range(rand, 0, i + 1);
            const TpsPredictCase *kept = project->pointer[i];

            project->pointer[i] = project->pointer[j];
            project->pointer[j] = kept;
        }
        tps_levels(project->pointer, N, RUNS, project->level);
        for (size_t i = 0; i < N; i++) {
            const TpsLevel *level = &plain[project->pointer[i] - project->cases];

            ck_assert_int_eq(project->level[i].point_us, level->point_us);
            ck_assert_int_eq(project->level[i].mean_us, level->mean_us);
            ck_assert_int_eq(project->level[i].spread, level->spread);
        }
    }
    g_free(project);
}
END_TEST

START_TEST(without_samples_there_is_no_level)
{
    const TpsPredictCase testcase = {.id = "id"};
    const TpsPredictCase *cases = &testcase;
    TpsLevel level = {.point_us = -7};

    tps_levels(&cases, 1, 0, &level);
    tps_levels(&cases, 1, 5, &level);
    tps_levels(NULL, 0, 0, NULL);
    ck_assert_int_eq(level.point_us, -7);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("level");
    TCase *tcase = tcase_create("level");

    tcase_add_loop_test(tcase, a_single_testcase, 0, (int)G_N_ELEMENTS(single));
    tcase_add_test(tcase, a_slow_run_is_not_a_slow_testcase);
    tcase_add_test(tcase, a_slow_run_of_some_testcases_moves_all_alike);
    tcase_add_test(tcase, a_new_machine_is_the_ordinary_one_soon);
    tcase_add_test(tcase, twice_the_times_are_twice_the_levels);
    tcase_add_test(tcase, spread_is_how_far_samples_are_from_levels);
    tcase_add_test(tcase, the_order_of_the_testcases_changes_nothing);
    tcase_add_test(tcase, without_samples_there_is_no_level);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
