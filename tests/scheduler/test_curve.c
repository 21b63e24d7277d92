/* SPDX-License-Identifier: MIT */
#include "core/duration.h"
#include "core/error.h"
#include "core/saturate.h"
#include "scheduler/curve.h"
#include "tests/instances.h"
#include "tests/scratch.h"
#include "tests/unit.h"

#include <glib.h>
#include <string.h>

#define SECOND TPS_SECOND_US
#define HOUR (60 * TPS_MINUTE_US)
#define UNIT TPS_MONEY_UNIT

/* Money. */

typedef struct {
    int64_t billed_us, price, cost;
} Cost;

static const Cost costs[] = {
    {0, UNIT, 0},
    {HOUR, 0, 0},
    {HOUR, 480000, 480000},
    {30 * TPS_MINUTE_US, 480000, 240000},
    {90 * SECOND, UNIT, 25000},
    {1, TPS_PRICE_MAX, 278}, /* 277.8 */
    {1, 1, 0},
    {HOUR / 2 - 1, 1, 0},
    {HOUR / 2, 1, 1},
    {HOUR - 1, TPS_PRICE_MAX, TPS_PRICE_MAX - 278},
    {1000000 * HOUR, TPS_PRICE_MAX, 1000000 * TPS_PRICE_MAX},
    {INT64_MAX, TPS_PRICE_MAX, INT64_MAX},
};

START_TEST(multiplies_time_and_price)
{
    const Cost *c = &costs[_i];

    ck_assert_int_eq(tps_curve_cost(c->billed_us, c->price), c->cost);
}
END_TEST

/* Against arithmetic that has room for the product. */
START_TEST(costs_are_exact)
{
    __extension__ typedef unsigned __int128 Wide;
    g_autoptr(GRand) rand = g_rand_new_with_seed(3);

    for (int i = 0; i < 100000; i++) {
        int64_t us = (int64_t)g_rand_int(rand) << g_rand_int_range(rand, 0, 16);
        int64_t price =
            ((int64_t)g_rand_int(rand) << g_rand_int_range(rand, 0, 8)) % (TPS_PRICE_MAX + 1);
        Wide exact = ((Wide)us * (Wide)price + HOUR / 2) / HOUR;

        ck_assert_int_eq(tps_curve_cost(us, price), (int64_t)exact);
    }
}
END_TEST

/* Sizes. */

START_TEST(sizes_grow_by_a_third_or_half)
{
    const int wanted[] = {1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96};

    for (size_t i = 0; i + 1 < G_N_ELEMENTS(wanted); i++)
        for (int size = wanted[i]; size < wanted[i + 1]; size++)
            ck_assert_int_eq(tps_curve_next_size(size), wanted[i + 1]);
    ck_assert_int_eq(tps_curve_next_size(65536), 98304);
}
END_TEST

/* One plan: tasks of so many seconds, each on the worker of the same place. */
typedef struct {
    const char *name;
    int weight_s[4];
    int worker[4];
    int n_tasks;
    int size;
    int startup_s, granularity_s, n_slots;
    int64_t price;
    int makespan_s, elapsed_s, work_s, billed_s;
    int64_t cost;
    int idle_ppm;
} Row;

static const Row rows[] = {
    {"one", {10}, {0}, 1, 1, 0, 0, 0, -1, 10, 10, 10, 10, -1, 0},
    {"one idles", {10, 5}, {0, 1}, 2, 2, 0, 0, 0, -1, 10, 10, 15, 15, -1, 250000},
    {"one has nothing", {10}, {1}, 1, 2, 0, 0, 0, -1, 10, 10, 10, 10, -1, 500000},
    {"in a row", {10, 5, 4}, {0, 1, 1}, 3, 2, 0, 0, 0, -1, 10, 10, 19, 19, -1, 50000},
    {"startup is paid", {10, 5}, {0, 1}, 2, 2, 20, 0, 0, 3600000, 10, 30, 15, 55, 55000, 250000},
    {"also for nothing", {10}, {0}, 1, 3, 20, 0, 0, 3600000, 10, 30, 10, 70, 70000, 666666},
    {"started minutes", {61, 60}, {0, 1}, 2, 2, 0, 60, 0, 3600000, 61, 61, 121, 180, 180000, 8196},
    {"startup makes it more",
     {50, 59},
     {0, 1},
     2,
     2,
     2,
     60,
     0,
     3600000,
     59,
     61,
     109,
     180,
     180000,
     76271},
    /* Three workers of 10, 8 and 6 s. */
    {"as many slots", {10, 8, 6}, {0, 1, 2}, 3, 3, 0, 0, 3, -1, 10, 10, 24, 24, -1, 200000},
    {"more slots", {10, 8, 6}, {0, 1, 2}, 3, 3, 0, 0, 9, -1, 10, 10, 24, 24, -1, 200000},
    {"a second wave", {10, 8, 6}, {0, 1, 2}, 3, 3, 0, 0, 2, -1, 10, 14, 24, 24, -1, 200000},
    {"one slot", {10, 8, 6}, {0, 1, 2}, 3, 3, 0, 0, 1, -1, 10, 24, 24, 24, -1, 200000},
    {"each wave starts up", {10, 8, 6}, {0, 1, 2}, 3, 3, 5, 0, 2, 0, 10, 24, 24, 39, 0, 200000},
    {"nothing to do", {0}, {0}, 1, 1, 0, 60, 0, 3600000, 0, 0, 0, 0, 0, 0},
};

static TpsPlan *plan_of(const Row *row)
{
    TpsPlan *plan = tps_plan_new();
    int64_t free_us[4] = {0};

    plan->size = row->size;
    for (int i = 0; i < row->n_tasks; i++) {
        TpsTask *task = tps_task_new("s", (TpsPart){.index = i, .count = row->n_tasks});

        task->weight_us = row->weight_s[i] * SECOND;
        task->worker = row->worker[i];
        task->start_us = free_us[task->worker];
        free_us[task->worker] += task->weight_us;
        plan->makespan_us = MAX(plan->makespan_us, free_us[task->worker]);
        g_ptr_array_add(plan->tasks, task);
    }
    return plan;
}

START_TEST(counts_time_and_money)
{
    const Row *c = &rows[_i];
    g_autoptr(TpsPlan) plan = plan_of(c);
    const TpsCurveTerms terms = {.price = c->price,
                                 .granularity_us = c->granularity_s ? c->granularity_s * SECOND : 1,
                                 .startup_us = c->startup_s * SECOND,
                                 .n_slots = c->n_slots};
    TpsCurveRow row = tps_curve_row(plan, &terms);

    ck_assert_int_eq(row.size, c->size);
    ck_assert_uint_eq(row.n_tasks, (guint)c->n_tasks);
    ck_assert_int_eq(row.makespan_us, c->makespan_s * SECOND);
    ck_assert_int_eq(row.elapsed_us, c->elapsed_s * SECOND);
    ck_assert_int_eq(row.work_us, c->work_s * SECOND);
    ck_assert_int_eq(row.machine_us, c->size * c->makespan_s * SECOND);
    ck_assert_int_eq(row.billed_us, c->billed_s * SECOND);
    ck_assert_int_eq(row.cost, c->cost);
    ck_assert_int_eq(row.idle_ppm, c->idle_ppm);
    ck_assert_int_eq(row.probability_ppm, -1);
}
END_TEST

START_TEST(has_the_probability_of_its_plan)
{
    g_autoptr(TpsPlan) plan = plan_of(&rows[0]);
    const TpsCurveTerms terms = {.price = TPS_MONEY_UNKNOWN, .granularity_us = 1};

    plan->within_target_ppm = 500000;
    ck_assert_int_eq(tps_curve_row(plan, &terms).probability_ppm, 500000);
}
END_TEST

/* Ten years on each of 65536 workers: more microseconds than there are numbers. */
START_TEST(stays_at_the_top)
{
    g_autoptr(TpsPlan) plan = plan_of(&rows[0]);
    const TpsCurveTerms terms = {.price = TPS_PRICE_MAX,
                                 .granularity_us = TPS_DURATION_MAX_US,
                                 .startup_us = TPS_DURATION_MAX_US,
                                 .n_slots = 1};
    TpsTask *task = g_ptr_array_index(plan->tasks, 0);
    TpsCurveRow row;

    plan->size = 65536;
    task->weight_us = plan->makespan_us = TPS_DURATION_MAX_US;
    row = tps_curve_row(plan, &terms);
    ck_assert_int_eq(row.elapsed_us, INT64_MAX);
    ck_assert_int_eq(row.machine_us, INT64_MAX);
    ck_assert_int_eq(row.billed_us, INT64_MAX);
    ck_assert_int_eq(row.cost, INT64_MAX);
    ck_assert_int_ge(row.idle_ppm, 0);
    ck_assert_int_le(row.idle_ppm, TPS_PPM);
}
END_TEST

/* Curves. */

static const TpsCurveTerms free_terms = {.price = TPS_MONEY_UNKNOWN, .granularity_us = 1};

/* A request of one suite whose testcases take these times, at most so many a part. */
typedef struct {
    TpsRuntimeData *data;
    GPtrArray *testcases;
    TpsPlanInput input;
    TpsPlanRequest request;
} Setting;

static void setting_init(Setting *setting, const int64_t *cost_us, size_t n, int64_t limit_us)
{
    GString *text =
        g_string_new("{\"s\": {\"execution_time\": 0, \"setup_time\": 1, \"testcases\": {");
    g_autofree char *path = NULL;

    *setting = (Setting){.data = tps_runtime_data_new(), .testcases = tps_testcases_new()};
    for (size_t i = 0; i < n; i++) {
        g_autofree char *id = g_strdup_printf("t%zu", i);
        g_autofree char *seconds = tps_seconds_text(cost_us[i]);

        g_string_append_printf(text, "%s\"%s\": %s", i ? ", " : "", id, seconds);
        g_ptr_array_add(setting->testcases, tps_testcase_new(id));
    }
    g_string_append(text, "}}}");
    path = scratch_text("data.json", text->str);
    ck_assert(tps_runtime_data_load(setting->data, path, NULL));
    g_string_free(text, TRUE);
    setting->input = (TpsPlanInput){
        .name = "s", .testcases = setting->testcases, .ids_known = true, .unit = TPS_UNIT_TESTCASE};
    setting->request = (TpsPlanRequest){.name = "test",
                                        .data = setting->data,
                                        .suites = &setting->input,
                                        .n_suites = 1,
                                        .target_us = 20 * SECOND,
                                        .limit_us = limit_us,
                                        .size = TPS_AUTO};
}

static void setting_clear(Setting *setting)
{
    g_ptr_array_unref(setting->testcases);
    tps_runtime_data_free(setting->data);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Setting, setting_clear)

static TpsPlan *plan_sized(const Setting *setting, int size)
{
    TpsPlanRequest request = setting->request;
    TpsPlan *plan;

    request.size = size;
    plan = tps_plan_make(&request, NULL);
    ck_assert_ptr_nonnull(plan);
    return plan;
}

/* The first size that is at the floor, and true when none after it is above: by asking for all. */
static bool saturation_by_asking(const Setting *setting, int max_size, int *saturation)
{
    g_autoptr(TpsPlan) most = plan_sized(setting, max_size);
    int64_t enough_us = most->makespan_us + most->makespan_us / 1000;
    bool steady = true;

    *saturation = 0;
    for (int size = 1; size <= max_size; size++) {
        g_autoptr(TpsPlan) plan = plan_sized(setting, size);

        if (plan->makespan_us <= enough_us && *saturation == 0)
            *saturation = size;
        steady &= *saturation == 0 || plan->makespan_us <= enough_us;
    }
    return steady;
}

static void check_rows(const Setting *setting, const TpsCurve *curve)
{
    for (guint i = 0; i < curve->rows->len; i++) {
        const TpsCurveRow *row = &g_array_index(curve->rows, TpsCurveRow, i);
        g_autoptr(TpsPlan) plan = plan_sized(setting, row->size);

        ck_assert_int_eq(row->makespan_us, plan->makespan_us);
        ck_assert(i == 0 || g_array_index(curve->rows, TpsCurveRow, i - 1).size < row->size);
    }
    for (int size = 1; size < curve->saturation; size = tps_curve_next_size(size))
        ck_assert_ptr_nonnull(tps_curve_find(curve, size));
    ck_assert_ptr_nonnull(tps_curve_find(curve, curve->recommended));
    ck_assert_ptr_nonnull(tps_curve_find(curve, curve->saturation));
}

START_TEST(is_what_the_planner_says)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(5);
    int n_steady = 0;

    for (int round = 0; round < 60; round++) {
        size_t n = (size_t)g_rand_int_range(rand, 1, 40);
        int64_t cost_us[40];
        g_auto(Setting) setting;
        g_autoptr(TpsCurve) curve = NULL;
        g_autoptr(TpsPlan) plan = NULL;
        int saturation;

        instance_draw(rand, cost_us, n);
        for (size_t i = 0; i < n; i++)
            cost_us[i] *= 10000; /* 0 .. 10 s */
        setting_init(&setting, cost_us, n, g_rand_int_range(rand, 2, 20) * SECOND);
        curve = tps_curve_make(&setting.request, &free_terms, NULL);
        plan = plan_sized(&setting, TPS_AUTO);
        ck_assert_ptr_nonnull(curve);
        ck_assert_int_eq(curve->recommended, plan->size);
        ck_assert_int_eq(curve->target_us, plan->target_us);
        check_rows(&setting, curve);
        if (!saturation_by_asking(&setting, (int)n, &saturation))
            continue;
        ck_assert_int_eq(curve->saturation, saturation);
        n_steady++;
    }
    ck_assert_int_gt(n_steady, 20);
}
END_TEST

START_TEST(keeps_to_the_cap_and_the_wish)
{
    const int64_t cost_us[] = {9 * SECOND, 8 * SECOND, 7 * SECOND, 6 * SECOND,
                               5 * SECOND, 4 * SECOND, 3 * SECOND, 2 * SECOND};
    g_auto(Setting) setting;
    g_autoptr(TpsCurve) curve = NULL;

    setting_init(&setting, cost_us, G_N_ELEMENTS(cost_us), 10 * SECOND);
    setting.request.max_size = 3;
    setting.request.size = 7;
    curve = tps_curve_make(&setting.request, &free_terms, NULL);
    ck_assert_ptr_nonnull(curve);
    ck_assert_int_eq(curve->max_size, 3);
    ck_assert_int_eq(curve->saturation, 3);
    ck_assert_int_eq(curve->asked, 7);
    ck_assert_uint_eq(curve->rows->len, 4); /* 1, 2, 3 and the wish */
    ck_assert_ptr_nonnull(tps_curve_find(curve, 7));
    check_rows(&setting, curve);
}
END_TEST

START_TEST(says_what_the_planner_says_against_it)
{
    g_auto(Setting) setting;
    g_autoptr(GError) error = NULL;

    setting_init(&setting, NULL, 0, SECOND);
    ck_assert_ptr_null(tps_curve_make(&setting.request, &free_terms, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "has no testcases");
    setting.request.n_suites = 0;
    ck_assert_ptr_null(tps_curve_make(&setting.request, &free_terms, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "nothing to plan");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("curve");
    TCase *tcase = tcase_create("curve");

    tcase_add_checked_fixture(tcase, scratch_make, scratch_remove);
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, multiplies_time_and_price, 0, (int)G_N_ELEMENTS(costs));
    tcase_add_test(tcase, costs_are_exact);
    tcase_add_test(tcase, sizes_grow_by_a_third_or_half);
    tcase_add_loop_test(tcase, counts_time_and_money, 0, (int)G_N_ELEMENTS(rows));
    tcase_add_test(tcase, has_the_probability_of_its_plan);
    tcase_add_test(tcase, stays_at_the_top);
    tcase_add_test(tcase, is_what_the_planner_says);
    tcase_add_test(tcase, keeps_to_the_cap_and_the_wish);
    tcase_add_test(tcase, says_what_the_planner_says_against_it);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
