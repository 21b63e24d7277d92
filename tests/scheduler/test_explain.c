/* SPDX-License-Identifier: MIT */
#include "core/duration.h"
#include "scheduler/explain.h"
#include "scheduler/pool_size.h"
#include "scheduler/scenario.h"
#include "tests/instances.h"
#include "tests/unit.h"

#include <glib.h>
#include <string.h>

#define SECOND TPS_SECOND_US
#define TASKS_MAX 16

/* One suite: the execution of each of its parts, in seconds. */
typedef struct {
    const char *name;
    int execution_s[8]; /* ended by 0 */
    int setup_s;
    int teardown_s;
    guint per_task; /* testcases in each task; 0 = 10 */
    guint n_guessed;
    TpsEvidence evidence;
} SuiteOf;

static void add_suite(TpsPlan *plan, const SuiteOf *of)
{
    TpsPlanSuite *suite = tps_plan_suite_new(of->name);
    int n = 0;

    while (of->execution_s[n])
        n++;
    suite->parts = n;
    suite->evidence = of->evidence;
    suite->n_guessed = of->n_guessed;
    for (int i = 0; i < n; i++) {
        TpsTask *task = tps_task_new(of->name, (TpsPart){.index = i, .count = n});

        task->execution_us = of->execution_s[i] * SECOND;
        task->setup_us = of->setup_s * SECOND;
        task->teardown_us = of->teardown_s * SECOND;
        task->weight_us = task->execution_us + task->setup_us + task->teardown_us;
        task->n_testcases = of->per_task ? of->per_task : 10;
        suite->n_testcases += task->n_testcases;
        g_ptr_array_add(plan->tasks, task);
    }
    g_ptr_array_add(plan->suites, suite);
}

static int compare_tasks(const void *a, const void *b)
{
    return tps_task_compare(*(const TpsTask *const *)a, *(const TpsTask *const *)b);
}

/* Placed as the pool would. */
static void place(TpsPlan *plan, int size)
{
    int64_t weight_us[TASKS_MAX], start_us[TASKS_MAX];
    int worker[TASKS_MAX];

    g_ptr_array_sort(plan->tasks, compare_tasks);
    for (guint i = 0; i < plan->tasks->len; i++)
        weight_us[i] = ((TpsTask *)g_ptr_array_index(plan->tasks, i))->weight_us;
    plan->size = size;
    plan->target_us = plan->limit_us = 1000 * SECOND;
    plan->makespan_us =
        tps_pool_simulate(weight_us, plan->tasks->len, size, NULL, worker, start_us);
    plan->makespan_lower_bound_us = tps_makespan_lower_bound(weight_us, plan->tasks->len, size);
    for (guint i = 0; i < plan->tasks->len; i++) {
        TpsTask *task = g_ptr_array_index(plan->tasks, i);

        task->worker = worker[i];
        task->start_us = start_us[i];
    }
}

static TpsPlan *plan_of(const SuiteOf *suites, int size)
{
    TpsPlan *plan = tps_plan_new();

    for (; suites->name; suites++)
        add_suite(plan, suites);
    place(plan, size);
    return plan;
}

/* "workers 2>3 5", "split a 1>2 5", "setup a 20 5", "measure a 3 30 15" in one line, by "; ". */
static char *advice_told(const GArray *advice)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < advice->len; i++) {
        const TpsAdvice *one = &g_array_index(advice, TpsAdvice, i);

        g_string_append_printf(text, "%s%s", i ? "; " : "", tps_advice_name(one->kind));
        if (one->suite)
            g_string_append_printf(text, " %s", one->suite);
        if (one->kind == TPS_ADVICE_WORKERS || one->kind == TPS_ADVICE_SPLIT)
            g_string_append_printf(text, " %d>%d", one->from, one->to);
        if (one->kind == TPS_ADVICE_SETUP)
            g_string_append_printf(text, " %d", (int)(one->setup_us / SECOND));
        if (one->kind == TPS_ADVICE_MEASURE)
            g_string_append_printf(text, " %u %d", one->n_testcases,
                                   (int)(one->guessed_us / SECOND));
        g_string_append_printf(text, " %d", (int)(one->gain_us / SECOND));
    }
    return g_string_free(text, FALSE);
}

static char *overheads_told(const GArray *overheads)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < overheads->len; i++) {
        const TpsOverhead *one = &g_array_index(overheads, TpsOverhead, i);

        g_string_append_printf(text, "%s%s %d pay %d save %d enough %d", i ? "; " : "", one->suite,
                               one->parts, (int)(one->extra_us / SECOND),
                               (int)(one->saves_us / SECOND), one->enough);
    }
    return g_string_free(text, FALSE);
}

typedef struct {
    const char *name;
    SuiteOf suites[5];
    int size;
    TpsBinding binding;
    int longest_s, mean_s, k_tasks_s, k;
    int cut_gain_s;
    int last_worker;
    const char *overheads;
    const char *advice;
} Case;

static const Case cases[] = {
    {"one task", {{"a", {60}, 0, 0, 0, 0, 0}}, 1, TPS_BINDS_LONGEST, 60, 60, 0, 0, 0, 0, "", ""},
    {"one task on two workers",
     {{"a", {60}, 0, 0, 0, 0, 0}},
     2,
     TPS_BINDS_LONGEST,
     60,
     30,
     0,
     0,
     30,
     0,
     "",
     "split a 1>2 30"},
    {"its setup is paid twice",
     {{"a", {60}, 20, 0, 0, 0, 0}},
     2,
     TPS_BINDS_LONGEST,
     80,
     40,
     0,
     0,
     30,
     0,
     "",
     "split a 1>2 30; setup a 20 10"},
    {"one testcase can't be cut",
     {{"a", {60}, 20, 0, 1, 0, 0}},
     2,
     TPS_BINDS_LONGEST,
     80,
     40,
     0,
     0,
     0,
     0,
     "",
     "setup a 20 10"},
    {"a weight says nothing of parts",
     {{"a", {60}, 0, 0, 0, 0, TPS_EVIDENCE_WEIGHT}},
     2,
     TPS_BINDS_LONGEST,
     60,
     30,
     0,
     0,
     0,
     0,
     "",
     ""},
    {"busy workers",
     {{"a", {30, 30}, 0, 0, 0, 0, 0}, {"b", {30, 30}, 0, 0, 0, 0, 0}},
     2,
     TPS_BINDS_MEAN,
     30,
     60,
     60,
     1,
     0,
     0,
     "",
     "workers 2>4 30"},
    {"three on two",
     {{"a", {40, 40, 40}, 0, 0, 1, 0, 0}},
     2,
     TPS_BINDS_K_TASKS,
     40,
     60,
     80,
     1,
     0,
     0,
     "",
     "workers 2>3 40"},
    {"three on two, to be cut",
     {{"a", {40, 40, 40}, 0, 0, 0, 0, 0}},
     2,
     TPS_BINDS_K_TASKS,
     40,
     60,
     80,
     1,
     20,
     0,
     "",
     "workers 2>3 40; split a 3>4 20"},
    /* Cut in three of 20 + 30: 100 on one worker; whole, 90 beside the 100 of the other. */
    {"pays and gains nothing",
     {{"a", {30, 30, 30}, 20, 0, 0, 0, 0}, {"b", {150}, 0, 0, 1, 0, 0}},
     2,
     TPS_BINDS_LONGEST,
     150,
     150,
     100,
     1,
     0,
     0,
     "a 3 pay 40 save 0 enough 1",
     ""},
    {"pays, and the limit wants it",
     {{"a", {600, 600}, 200, 0, 0, 0, 0}},
     1,
     TPS_BINDS_MEAN,
     800,
     1600,
     1600,
     1,
     0,
     0,
     "a 2 pay 200 save -200 enough 2",
     "workers 1>2 800; setup a 200 200"},
    /* Three parts of 20 end no sooner, four of 15 do. */
    {"twice as many parts",
     {{"a", {30, 30}, 0, 0, 0, 0, 0}, {"b", {50, 20}, 0, 0, 1, 0, 0}},
     2,
     TPS_BINDS_MEAN,
     50,
     65,
     60,
     1,
     0,
     0,
     "",
     "workers 2>3 20; split a 2>4 5"},
    {"guesses",
     {{"a", {40}, 0, 0, 0, 3, TPS_EVIDENCE_SCALED}, {"b", {50}, 0, 0, 5, 5, TPS_EVIDENCE_GUESSED}},
     2,
     TPS_BINDS_LONGEST,
     50,
     45,
     0,
     0,
     0,
     0,
     "",
     "measure b 5 50 25; measure a 3 12 6"},
};

START_TEST(explains)
{
    const Case *c = &cases[_i];
    g_autoptr(TpsPlan) plan = plan_of(c->suites, c->size);
    g_autoptr(TpsExplanation) explanation = tps_explain(plan, NULL);
    g_autofree char *overheads = overheads_told(explanation->overheads);
    g_autofree char *advice = advice_told(explanation->advice);
    const TpsFloor *floor = &explanation->floor;

    ck_assert_msg(floor->binding == c->binding, "%s: %s", c->name,
                  tps_binding_name(floor->binding));
    ck_assert_int_eq(floor->longest_us, c->longest_s * SECOND);
    ck_assert_int_eq(floor->mean_us, c->mean_s * SECOND);
    ck_assert_int_eq(floor->k_tasks_us, c->k_tasks_s * SECOND);
    ck_assert_int_eq(floor->k, c->k);
    ck_assert_msg(floor->cut_gain_us == c->cut_gain_s * SECOND, "%s: %d", c->name,
                  (int)(floor->cut_gain_us / SECOND));
    ck_assert_int_eq(explanation->last_worker, c->last_worker);
    ck_assert_msg(strcmp(overheads, c->overheads) == 0, "%s: %s", c->name, overheads);
    ck_assert_msg(strcmp(advice, c->advice) == 0, "%s: %s", c->name, advice);
}
END_TEST

/* The three bounds together are the planner's. */
START_TEST(the_bounds_are_the_planners)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(9);

    for (int round = 0; round < 2000; round++) {
        g_autoptr(TpsPlan) plan = tps_plan_new();
        int n = g_rand_int_range(rand, 1, 8);
        SuiteOf suite = {.name = "a"};
        int64_t cost_us[8];
        g_autoptr(TpsExplanation) explanation = NULL;
        const TpsFloor *floor;

        instance_draw(rand, cost_us, (size_t)n);
        for (int i = 0; i < MIN(n, 7); i++)
            suite.execution_s[i] = (int)cost_us[i] + 1;
        add_suite(plan, &suite);
        place(plan, g_rand_int_range(rand, 1, 5));
        explanation = tps_explain(plan, NULL);
        floor = &explanation->floor;
        ck_assert_int_eq(MAX(floor->longest_us, MAX(floor->mean_us, floor->k_tasks_us)),
                         plan->makespan_lower_bound_us);
        ck_assert_int_ne(floor->binding, TPS_BINDS_OTHER);
        plan->makespan_lower_bound_us++;
        g_clear_pointer(&explanation, tps_explanation_free);
        explanation = tps_explain(plan, NULL);
        ck_assert_int_eq(explanation->floor.binding, TPS_BINDS_OTHER);
    }
}
END_TEST

START_TEST(the_critical_path_is_one_workers)
{
    const SuiteOf suites[] = {{"a", {40, 30, 20, 15}, 1, 0, 0, 0, 0}, {.name = NULL}};
    g_autoptr(TpsPlan) plan = plan_of(suites, 2);
    g_autoptr(TpsExplanation) explanation = NULL;
    const TpsPathStep *steps;

    /* 41 + 16 and 31 + 21: the first ends last. Let it wait for 3 s, as for a lock. */
    for (guint i = 0; i < plan->tasks->len; i++) {
        TpsTask *task = g_ptr_array_index(plan->tasks, i);

        task->start_us += task->part.index == 3 ? 3 * SECOND : 0;
    }
    explanation = tps_explain(plan, NULL);
    steps = (const TpsPathStep *)(void *)explanation->path->data;
    ck_assert_int_eq(explanation->last_worker, 0);
    ck_assert_uint_eq(explanation->path->len, 2);
    ck_assert_int_eq(steps[0].task->part.index, 0);
    ck_assert_int_eq(steps[0].idle_us, 0);
    ck_assert_int_eq(steps[1].task->part.index, 3);
    ck_assert_int_eq(steps[1].idle_us, 3 * SECOND);
}
END_TEST

/* A plan file may ask for any size: what it asks for is not what it takes to explain it. */
START_TEST(a_huge_pool_costs_nothing)
{
    const SuiteOf suites[] = {{"a", {40, 30}, 0, 0, 0, 0, 0}, {.name = NULL}};
    g_autoptr(TpsPlan) plan = plan_of(suites, 2);
    g_autoptr(TpsExplanation) explanation = NULL;

    plan->size = 1000000000;
    explanation = tps_explain(plan, NULL);
    ck_assert_int_eq(explanation->floor.mean_us, 1);
    ck_assert_int_eq(explanation->floor.binding, TPS_BINDS_LONGEST);
    ck_assert_int_eq(explanation->floor.cut_gain_us, 10 * SECOND);
}
END_TEST

/* Scenarios. */

typedef struct {
    int n_parts;
    int longest_s;
    int makespan_s;
} Parts;

/* "a": 90 s in all, 10 s of setup and teardown; "b": 50 s. Two workers. */
static const Parts parts[] = {
    {1, 0, 100}, {2, 0, 105}, {3, 0, 90}, {9, 0, 120}, {2, 60, 90}, {2, 200, 100},
};

START_TEST(cuts_a_suite)
{
    const SuiteOf suites[] = {
        {"a", {45, 45}, 8, 2, 0, 0, 0}, {"b", {50}, 0, 0, 0, 0, 0}, {.name = NULL}};
    g_autoptr(TpsPlan) plan = plan_of(suites, 2);
    g_autoptr(GArray) sums = tps_suite_sums(plan);
    const TpsSuiteSums *a = &g_array_index(sums, TpsSuiteSums, 0);
    const Parts *c = &parts[_i];

    ck_assert_str_eq(a->name, "a");
    ck_assert_int_eq(a->execution_us, 90 * SECOND);
    ck_assert_int_eq(a->setup_us, 8 * SECOND);
    ck_assert_int_eq(a->teardown_us, 2 * SECOND);
    ck_assert_int_eq(a->heaviest_us, 55 * SECOND);
    ck_assert_int_eq(tps_scenario_parts(plan, a, c->n_parts, c->longest_s * SECOND) / SECOND,
                     c->makespan_s);
}
END_TEST

START_TEST(changes_one_thing)
{
    const SuiteOf suites[] = {
        {"a", {45, 45}, 8, 2, 0, 0, 0}, {"b", {50}, 0, 0, 0, 0, 0}, {.name = NULL}};
    g_autoptr(TpsPlan) plan = plan_of(suites, 2);
    g_autoptr(GArray) sums = tps_suite_sums(plan);
    const TpsTask *longest = g_ptr_array_index(plan->tasks, 0);

    ck_assert_int_eq(tps_scenario_size(plan, 1), 160 * SECOND);
    ck_assert_int_eq(tps_scenario_size(plan, 2), 105 * SECOND);
    ck_assert_int_eq(tps_scenario_size(plan, 3), 55 * SECOND);
    ck_assert_int_eq(tps_scenario_half_setup(plan, &g_array_index(sums, TpsSuiteSums, 0)),
                     101 * SECOND);
    /* 55, 50, 32.5, 32.5 */
    ck_assert_int_eq(tps_scenario_cut(plan, longest, 0), INT64_C(87500000));
    /* 55, 50, 40, 25 */
    ck_assert_int_eq(tps_scenario_cut(plan, longest, 30 * SECOND), 90 * SECOND);
}
END_TEST

/* Cut or not, all of the work is done. */
START_TEST(parts_lose_nothing)
{
    for (int n_parts = 1; n_parts <= 20; n_parts++) {
        for (int longest_s = 0; longest_s <= 110; longest_s += 11) {
            const SuiteOf suites[] = {{"a", {97}, 0, 0, 0, 0, 0}, {.name = NULL}};
            g_autoptr(TpsPlan) plan = plan_of(suites, 1);
            g_autoptr(GArray) sums = tps_suite_sums(plan);

            ck_assert_int_eq(tps_scenario_parts(plan, &g_array_index(sums, TpsSuiteSums, 0),
                                                n_parts, longest_s * SECOND),
                             97 * SECOND);
        }
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("explain");
    TCase *tcase = tcase_create("explain");

    tcase_add_loop_test(tcase, explains, 0, (int)G_N_ELEMENTS(cases));
    tcase_add_test(tcase, the_bounds_are_the_planners);
    tcase_add_test(tcase, the_critical_path_is_one_workers);
    tcase_add_test(tcase, a_huge_pool_costs_nothing);
    tcase_add_loop_test(tcase, cuts_a_suite, 0, (int)G_N_ELEMENTS(parts));
    tcase_add_test(tcase, changes_one_thing);
    tcase_add_test(tcase, parts_lose_nothing);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
