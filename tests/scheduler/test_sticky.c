/* SPDX-License-Identifier: MIT */
#include "core/duration.h"
#include "scheduler/diff.h"
#include "scheduler/planner.h"
#include "tests/scratch.h"
#include "tests/unit.h"

#include <glib.h>
#include <string.h>

#define N_TESTCASES 120

/* A suite "A" of testcases with these times, planned for so many workers. */
typedef struct {
    TpsRuntimeData *data;
    GPtrArray *testcases;
    TpsPlanInput input;
    TpsPlanRequest request;
} Setting;

static void setting_init(Setting *setting, const double *seconds, int first, int n, int size)
{
    GString *text =
        g_string_new("{\"A\": {\"execution_time\": 1, \"setup_time\": 0, \"testcases\": {");
    g_autofree char *path = NULL;

    *setting = (Setting){.data = tps_runtime_data_new(), .testcases = tps_testcases_new()};
    for (int i = first; i < first + n; i++) {
        g_autofree char *id = g_strdup_printf("t%03d", i);
        char number[G_ASCII_DTOSTR_BUF_SIZE];

        g_string_append_printf(text, "%s\"%s\": %s", i > first ? ", " : "", id,
                               g_ascii_dtostr(number, sizeof number, seconds[i]));
        g_ptr_array_add(setting->testcases, tps_testcase_new(id));
    }
    g_string_append(text, "}}}");
    path = scratch_text("data.json", text->str);
    ck_assert(tps_runtime_data_load(setting->data, path, NULL));
    g_string_free(text, TRUE);
    setting->input = (TpsPlanInput){
        .name = "A", .testcases = setting->testcases, .ids_known = true, .unit = TPS_UNIT_TESTCASE};
    setting->request = (TpsPlanRequest){.name = "test",
                                        .data = setting->data,
                                        .suites = &setting->input,
                                        .n_suites = 1,
                                        .target_us = TPS_DEFAULT_TARGET_US,
                                        .limit_us = TPS_DEFAULT_LIMIT_US,
                                        .size = size};
}

static void setting_clear(Setting *setting)
{
    tps_runtime_data_free(setting->data);
    g_ptr_array_unref(setting->testcases);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Setting, setting_clear)

static TpsPlan *plan_with(const double *seconds, int first, int n, int size,
                          const TpsPlan *previous, int64_t tolerance_ppm)
{
    g_auto(Setting) setting = {0};
    TpsPlan *plan;

    setting_init(&setting, seconds, first, n, size);
    setting.request.previous = previous;
    setting.request.tolerance_ppm = tolerance_ppm;
    plan = tps_plan_make(&setting.request, NULL);
    ck_assert_ptr_nonnull(plan);
    return plan;
}

static void draw(double *seconds, GRand *rand)
{
    for (int i = 0; i < N_TESTCASES; i++)
        seconds[i] = g_rand_double_range(rand, 0.1, 20);
}

static guint count_moved(const TpsPlan *from, const TpsPlan *to)
{
    g_autoptr(TpsPlanDiff) diff = tps_plan_diff(from, to);

    return diff->n_moved;
}

/* Times that wander move few testcases, and cost no more than was allowed. */
START_TEST(keeps_what_costs_little)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(77);

    for (int round = 0; round < 40; round++) {
        const int size = g_rand_int_range(rand, 2, 7);
        double seconds[N_TESTCASES];
        g_autoptr(TpsPlan) before = NULL;
        g_autoptr(TpsPlan) fresh = NULL;
        g_autoptr(TpsPlan) kept = NULL;

        draw(seconds, rand);
        before = plan_with(seconds, 0, N_TESTCASES - 5, size, NULL, 0);
        for (int i = 0; i < N_TESTCASES; i++)
            seconds[i] *= g_rand_double_range(rand, 0.8, 1.25);
        fresh = plan_with(seconds, 5, N_TESTCASES - 5, size, NULL, 0);
        kept = plan_with(seconds, 5, N_TESTCASES - 5, size, before, 50000);
        ck_assert_int_eq(kept->size, fresh->size);
        ck_assert_int_le(kept->makespan_us, fresh->makespan_us + fresh->makespan_us / 20 + 1);
        ck_assert_uint_le(count_moved(before, kept), count_moved(before, fresh) / 2);
    }
}
END_TEST

START_TEST(the_same_times_move_nothing)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(78);
    double seconds[N_TESTCASES];
    g_autoptr(TpsPlan) before = NULL;
    g_autoptr(TpsPlan) kept = NULL;

    draw(seconds, rand);
    before = plan_with(seconds, 0, N_TESTCASES, 4, NULL, 0);
    kept = plan_with(seconds, 0, N_TESTCASES, 4, before, 50000);
    ck_assert_uint_eq(count_moved(before, kept), 0);
    ck_assert_int_eq(kept->makespan_us, before->makespan_us);
}
END_TEST

/* Parts that differ in length to fill the workers are kept as they are. */
START_TEST(uneven_parts_move_nothing)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(79);

    for (int size = 1; size < 12; size++) {
        double seconds[N_TESTCASES];
        g_autoptr(TpsPlan) before = NULL;
        g_autoptr(TpsPlan) kept = NULL;

        draw(seconds, rand);
        before = plan_with(seconds, 0, N_TESTCASES, size, NULL, 0);
        kept = plan_with(seconds, 0, N_TESTCASES, size, before, 0);
        ck_assert_uint_eq(count_moved(before, kept), 0);
        ck_assert_int_eq(kept->makespan_us, before->makespan_us);
        ck_assert_ptr_null(strstr(g_ptr_array_index(kept->notes, 0), "planned afresh"));
    }
}
END_TEST

/* What was one testcase of the shortest part grew beyond all others: too dear to keep. */
START_TEST(starts_afresh_where_that_pays)
{
    double seconds[N_TESTCASES];
    g_autoptr(TpsPlan) before = NULL;
    g_autoptr(TpsPlan) kept = NULL;

    for (int i = 0; i < N_TESTCASES; i++)
        seconds[i] = 1;
    before = plan_with(seconds, 0, N_TESTCASES, 2, NULL, 0);
    kept = plan_with(seconds, 0, N_TESTCASES, 6, before, 50000);
    ck_assert_uint_eq(kept->tasks->len, 6);
    ck_assert_int_eq(kept->makespan_us, N_TESTCASES / 6 * TPS_SECOND_US);
    ck_assert_ptr_nonnull(strstr(g_ptr_array_index(kept->notes, 0), "planned afresh"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sticky");
    TCase *tcase = tcase_create("sticky");

    tcase_add_checked_fixture(tcase, scratch_make, scratch_remove);
    tcase_add_test(tcase, keeps_what_costs_little);
    tcase_add_test(tcase, the_same_times_move_nothing);
    tcase_add_test(tcase, uneven_parts_move_nothing);
    tcase_add_test(tcase, starts_afresh_where_that_pays);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
