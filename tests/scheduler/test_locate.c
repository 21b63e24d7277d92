/* SPDX-License-Identifier: MIT */
#include "core/duration.h"
#include "scheduler/locate.h"
#include "tests/scratch.h"
#include "tests/unit.h"

#include <glib.h>
#include <string.h>

#define SECOND TPS_SECOND_US

/* One suite "A" of testcases "t0" .. "tN", of which so many share a file, and its plan. */
typedef struct {
    TpsRuntimeData *data;
    GPtrArray *testcases;
    TpsSuite *declared;
    TpsPlanInput input;
    TpsPlanRequest request;
    TpsPlan *plan;
    TpsTimes *times;
} Setting;

typedef struct {
    const char *name;
    const char *data; /* ' for " */
    int n;
    int per_file;
    int declared_parts; /* 0 = not declared, -1 = auto */
    int weight_s;       /* 0 = none */
    int limit_s;
} Project;

static void make_testcases(Setting *setting, const Project *project)
{
    setting->testcases = tps_testcases_new();
    for (int i = 0; i < project->n; i++) {
        g_autofree char *id = g_strdup_printf("t%d", i);
        TpsTestcase *testcase = tps_testcase_new(id);

        testcase->file = g_strdup_printf("f%d", i / project->per_file);
        g_ptr_array_add(setting->testcases, testcase);
    }
}

static void declare(Setting *setting, const Project *project)
{
    if (project->declared_parts == 0)
        return;
    setting->declared = tps_suite_new("A", "pytest");
    setting->declared->parts = project->declared_parts > 0 ? project->declared_parts : TPS_AUTO;
    if (project->weight_s)
        setting->declared->weight_us = project->weight_s * SECOND;
}

static void setting_init(Setting *setting, const Project *project)
{
    g_autofree char *text = g_strdelimit(g_strdup(project->data), "'", '"');
    g_autofree char *path = scratch_text("data.json", text);

    *setting = (Setting){.data = tps_runtime_data_new()};
    ck_assert(tps_runtime_data_load(setting->data, path, NULL));
    make_testcases(setting, project);
    declare(setting, project);
    setting->input =
        (TpsPlanInput){.name = "A",
                       .declared = setting->declared,
                       .testcases = setting->testcases,
                       .ids_known = true,
                       .unit = project->per_file > 1 ? TPS_UNIT_FILE : TPS_UNIT_TESTCASE};
    setting->request = (TpsPlanRequest){.name = "test",
                                        .data = setting->data,
                                        .suites = &setting->input,
                                        .n_suites = 1,
                                        .target_us = 1800 * SECOND,
                                        .limit_us = project->limit_s * SECOND,
                                        .size = TPS_AUTO};
    setting->plan = tps_plan_make(&setting->request, NULL);
    ck_assert_ptr_nonnull(setting->plan);
    setting->times = tps_times_new(&setting->request, setting->plan);
}

static void setting_clear(Setting *setting)
{
    tps_times_free(setting->times);
    tps_plan_free(setting->plan);
    tps_suite_free(setting->declared);
    g_ptr_array_unref(setting->testcases);
    tps_runtime_data_free(setting->data);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Setting, setting_clear)

/* Times. */

#define KNOWN "{'A':{'execution_time':0,'setup_time':2,'testcases':{'t0':4,'t1':6}}}"
#define SUM "{'A':{'execution_time':12,'setup_time':2}}"

typedef struct {
    Project project;
    const char *id;
    const char *source;
    int expected_ms;
    guint unit_size;
    int unit_ms;
} Time;

static const Time times[] = {
    {{"its own", KNOWN, 2, 1, 0, 0, 1000}, "t1", "measured", 6000, 1, 6000},
    {{"with its file", KNOWN, 2, 2, 0, 0, 1000}, "t0", "measured", 4000, 2, 10000},
    {{"new beside known ones", KNOWN, 3, 1, 0, 0, 1000}, "t2", "like all others", 5000, 1, 5000},
    {{"only the sum", SUM, 4, 2, 0, 0, 1000}, "t3", "a share of its suite's time", 3000, 2, 6000},
    {{"its file", "{'f0':8,'f1':9}", 6, 4, 0, 0, 1000}, "t1", "measured", 2000, 4, 8000},
    {{"nothing", "{}", 4, 1, 0, 0, 1000}, "t0", "guessed", 1000, 1, 1000},
    {{"a weight", KNOWN, 4, 1, 1, 40, 1000},
     "t3",
     "a share of the weight of its task",
     10000,
     1,
     10000},
};

START_TEST(knows_its_time)
{
    const Time *c = &times[_i];
    g_auto(Setting) setting;
    TpsTestcaseTime found;

    setting_init(&setting, &c->project);
    ck_assert_msg(tps_times_find(setting.times, "A", c->id, &found), "%s", c->project.name);
    ck_assert_msg(strcmp(found.source, c->source) == 0, "%s: %s", c->project.name, found.source);
    ck_assert_int_eq(found.expected_us, c->expected_ms * 1000);
    ck_assert_int_eq(tps_times_expected(setting.times, "A", c->id), found.expected_us);
    ck_assert_uint_eq(found.unit_size, c->unit_size);
    ck_assert_int_eq(found.unit_us, c->unit_ms * 1000);
    ck_assert_uint_eq(found.n_mates, MIN(c->unit_size - 1, G_N_ELEMENTS(found.mates)));
    for (guint i = 0; i < found.n_mates; i++)
        ck_assert_str_ne(found.mates[i], c->id);
    ck_assert(!tps_times_find(setting.times, "A", "t99", &found));
    ck_assert(!tps_times_find(setting.times, "B", "t0", &found));
    ck_assert_int_eq(tps_times_expected(setting.times, "B", "t0"), 0);
}
END_TEST

/* What the times say of a task is what the plan says of it. */
START_TEST(times_add_up_to_the_plan)
{
    for (size_t i = 0; i < G_N_ELEMENTS(times); i++) {
        g_auto(Setting) setting;

        setting_init(&setting, &times[i].project);
        for (guint j = 0; j < setting.plan->tasks->len; j++) {
            const TpsTask *task = g_ptr_array_index(setting.plan->tasks, j);
            int64_t sum = 0;

            for (guint k = 0; k < task->testcases->len; k++)
                sum +=
                    tps_times_expected(setting.times, "A", g_ptr_array_index(task->testcases, k));
            ck_assert_int_eq(sum, task->execution_us);
        }
    }
}
END_TEST

START_TEST(counts_units)
{
    const Project project = {"units", KNOWN, 5, 2, 0, 0, 1000};
    g_auto(Setting) setting;
    int64_t longest_us;

    setting_init(&setting, &project);
    ck_assert_uint_eq(tps_times_units(setting.times, "A", &longest_us), 3);
    ck_assert_int_eq(longest_us, 10 * SECOND); /* 4 + 6, the others 5 each */
    ck_assert_uint_eq(tps_times_units(setting.times, "B", &longest_us), 0);
    ck_assert_int_eq(longest_us, 0);
    ck_assert_uint_eq(tps_times_units(NULL, "A", &longest_us), 0);
}
END_TEST

/* Suites. */

typedef struct {
    Project project;
    TpsPartsReason reason;
    int parts;
    int needed;
} Why;

#define LONG_SETUP "{'A':{'execution_time':100,'setup_time':60}}"
#define HUNDRED "{'A':{'execution_time':100,'setup_time':10}}"
#define UNEVEN "{'A':{'execution_time':0,'setup_time':0,'testcases':{'t0':6,'t1':6,'t2':6}}}"

static const Why whys[] = {
    {{"fits", HUNDRED, 10, 1, 0, 0, 110}, TPS_PARTS_FIT, 1, 1},
    {{"does not fit", HUNDRED, 10, 1, 0, 0, 60}, TPS_PARTS_LIMIT, 2, 2},
    {{"uneven", UNEVEN, 3, 1, 0, 0, 10}, TPS_PARTS_FINER, 3, 2},
    {{"declared", HUNDRED, 10, 1, 4, 0, 60}, TPS_PARTS_DECLARED, 4, 2},
    {{"setup", LONG_SETUP, 10, 1, 0, 0, 50}, TPS_PARTS_SETUP_TOO_LONG, 1, 1},
    {{"one testcase", HUNDRED, 1, 1, 0, 0, 50}, TPS_PARTS_ONE_UNIT, 1, 3},
    {{"one file", HUNDRED, 10, 10, 0, 0, 50}, TPS_PARTS_ONE_UNIT, 1, 3},
    {{"weight", HUNDRED, 10, 1, -1, 400, 50}, TPS_PARTS_WEIGHT, 1, 8},
};

START_TEST(knows_why_so_many)
{
    const Why *c = &whys[_i];
    g_auto(Setting) setting;
    g_autoptr(TpsSuiteView) view = NULL;

    setting_init(&setting, &c->project);
    view = tps_locate_suite(setting.plan, setting.times, "A");
    ck_assert_ptr_nonnull(view);
    ck_assert_msg(view->reason == c->reason, "%s: %s", c->project.name,
                  tps_parts_reason_name(view->reason));
    ck_assert_int_eq(view->suite->parts, c->parts);
    ck_assert_int_eq(view->needed, c->needed);
    ck_assert_uint_eq(view->tasks->len, (guint)c->parts);
    for (guint i = 0; i < view->tasks->len; i++)
        ck_assert_int_eq(((TpsTask *)g_ptr_array_index(view->tasks, i))->part.index, (int)i);
    ck_assert_ptr_null(tps_locate_suite(setting.plan, setting.times, "B"));
}
END_TEST

/* Testcases. */

START_TEST(finds_each_testcase)
{
    const Project project = {"parts", KNOWN, 9, 1, 3, 0, 1000};
    g_auto(Setting) setting;

    setting_init(&setting, &project);
    for (int i = 0; i < project.n; i++) {
        g_autofree char *id = g_strdup_printf("t%d", i);
        g_autoptr(GArray) places = tps_locate_testcase(setting.plan, setting.times, id);
        g_autoptr(GArray) untimed = tps_locate_testcase(setting.plan, NULL, id);
        const TpsPlace *place = &g_array_index(places, TpsPlace, 0);
        int64_t start_us = place->task->start_us + 2 * SECOND;

        ck_assert_uint_eq(places->len, 1);
        ck_assert_str_eq(g_ptr_array_index(place->task->testcases, place->position), id);
        ck_assert(place->timed);
        for (guint j = 0; j < place->position; j++)
            start_us += tps_times_expected(setting.times, "A",
                                           g_ptr_array_index(place->task->testcases, j));
        ck_assert_int_eq(place->start_us, start_us);
        ck_assert(!g_array_index(untimed, TpsPlace, 0).timed);
    }
}
END_TEST

START_TEST(finds_none_and_names_the_nearest)
{
    const Project project = {"parts", KNOWN, 9, 1, 3, 0, 1000};
    g_auto(Setting) setting;
    g_autoptr(GArray) places = NULL;
    g_autoptr(GPtrArray) nearest = NULL;

    setting_init(&setting, &project);
    places = tps_locate_testcase(setting.plan, setting.times, "t9");
    nearest = tps_locate_nearest(setting.plan, "t9", 3);
    ck_assert_uint_eq(places->len, 0);
    ck_assert_uint_eq(nearest->len, 1);
    ck_assert_str_eq(g_ptr_array_index(nearest, 0), "t0");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("locate");
    TCase *tcase = tcase_create("locate");

    tcase_add_checked_fixture(tcase, scratch_make, scratch_remove);
    tcase_add_loop_test(tcase, knows_its_time, 0, (int)G_N_ELEMENTS(times));
    tcase_add_test(tcase, times_add_up_to_the_plan);
    tcase_add_test(tcase, counts_units);
    tcase_add_loop_test(tcase, knows_why_so_many, 0, (int)G_N_ELEMENTS(whys));
    tcase_add_test(tcase, finds_each_testcase);
    tcase_add_test(tcase, finds_none_and_names_the_nearest);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
