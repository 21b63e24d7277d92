/* SPDX-License-Identifier: MIT */
#include "core/saturate.h"
#include "tests/scheduler/random_project.h"
#include "tests/unit.h"

/* No plan is slower than one worker that runs each suite in one piece. */

#define ROUNDS 1500
#define SECOND TPS_SECOND_US

/* Each suite pays setup and teardown once: told by the tasks of the plan alone. */
static int64_t serial_time(const TpsPlan *plan)
{
    int64_t sum_us = 0;

    for (guint i = 0; i < plan->tasks->len; i++) {
        const TpsTask *task = g_ptr_array_index(plan->tasks, i);

        sum_us = tps_add_sat(sum_us, task->execution_us);
        if (task->part.index == 0)
            sum_us = tps_add_sat(sum_us, task->setup_us + task->teardown_us);
    }
    return sum_us;
}

/* Setup from nothing to much more than all testcases take; also none that is measured. */
static void draw_suite(GRand *rand, Project *project, GString *text, size_t s)
{
    int n = draw_int(rand, 1, draw_one_in(rand, 3) ? 60 : 8);
    g_autofree char *name = g_strdup_printf("%c", 'A' + (char)s);
    g_autoptr(GString) ids = g_string_new(NULL);
    bool has_setup = !draw_one_in(rand, 3);

    if (has_setup)
        g_string_append_printf(text, "%s'%s':{'execution_time':%d,'setup_time':%d,'testcases':{",
                               text->len > 1 ? "," : "", name, 1,
                               draw_int(rand, 0, draw_one_in(rand, 2) ? 100 : 5));
    for (int i = 0; i < n; i++) {
        g_string_append_printf(ids, "%st%d", i ? " " : "", i);
        if (has_setup)
            g_string_append_printf(text, "%s't%d':%d", i ? "," : "", i, draw_int(rand, 0, 30));
    }
    if (has_setup)
        g_string_append(text, "}}");
    project_add(project, (char *)project_names[s], ids->str, TPS_UNIT_TESTCASE, NULL);
    project->inputs[s].name = g_intern_string(name);
    project->inputs[s].start_up_us = draw_int(rand, 0, 50) * SECOND;
}

static void draw_unlimited(GRand *rand, Project *project)
{
    g_autoptr(GString) text = g_string_new("{");
    size_t n = (size_t)draw_int(rand, 1, 4);

    project_init(project, NULL);
    for (size_t s = 0; s < n; s++)
        draw_suite(rand, project, text, s);
    g_string_append(text, "}");
    project_load(project, text->str);
    project->request.limit_us = INT64_C(1000000) * SECOND;
    project->request.target_us = draw_one_in(rand, 5) ? TPS_AUTO : draw_int(rand, 1, 900) * SECOND;
    project->request.size = draw_one_in(rand, 2) ? TPS_AUTO : draw_int(rand, 1, 6);
    project->request.max_size = draw_one_in(rand, 2) ? 0 : draw_int(rand, 1, 4);
}

START_TEST(no_plan_is_slower_than_serial)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(20261121);
    int n_split = 0;
    int n_missed = 0;

    for (int round = 0; round < ROUNDS; round++) {
        g_auto(Project) project;
        g_autoptr(TpsPlan) plan = NULL;

        draw_unlimited(rand, &project);
        plan = project_plan(&project);
        ck_assert_msg(plan->makespan_us <= serial_time(plan),
                      "round %d: %" G_GINT64_FORMAT " us, serial %" G_GINT64_FORMAT " us", round,
                      plan->makespan_us, serial_time(plan));
        ck_assert(!project_notes(plan->notes, "splitting costs more"));
        n_split += plan->tasks->len > project.request.n_suites;
        n_missed += plan->makespan_us > plan->target_us;
    }
    /* It is no proof where nothing is ever split, or every target met. */
    ck_assert_int_gt(n_split, ROUNDS / 4);
    ck_assert_int_gt(n_missed, ROUNDS / 10);
}
END_TEST

#define LONG_SETUP "{'A':{'execution_time':600,'setup_time':240}}"

/* 14 minutes in one piece. */
static const struct {
    const char *name;
    const char *data;
    int parts; /* or TPS_AUTO */
    int target_s;
    int limit_s;
    int size; /* or TPS_AUTO */
    int max_size;
    int64_t start_up_s;
    int n_parts;
    int64_t makespan_s;
    const char *note; /* of the suite */
    const char *plan_note;
} cases[] = {
    {"one worker, whatever the target", LONG_SETUP, TPS_AUTO, 300, 9999, TPS_AUTO, 1, 0, 1, 840,
     NULL, "misses the target"},
    {"two workers", LONG_SETUP, TPS_AUTO, 300, 9999, 2, 0, 0, 2, 540, NULL, "miss the target"},
    {"enough workers for the target", LONG_SETUP, TPS_AUTO, 300, 9999, TPS_AUTO, 0, 0, 10, 300,
     NULL, NULL},
    {"the limit holds", LONG_SETUP, TPS_AUTO, 9999, 600, 1, 0, 0, 2, 1080,
     "2 parts on one worker only add setup, 4m00s each, but the part runtime limit is 10m00s",
     NULL},
    {"as many parts as asked for, on one worker", LONG_SETUP, 4, 9999, 9999, 1, 0, 0, 4, 1560,
     "4 parts on one worker only add setup: 4m00s each", NULL},
    {"as many parts as asked for, on two", LONG_SETUP, 8, 9999, 9999, 2, 0, 0, 8, 1260, NULL,
     "splitting costs more than it gives: 21m00s as planned, 14m00s on one worker"},
    {"a start-up that nobody measured yet", "{'B':{'execution_time':1,'setup_time':0}}", TPS_AUTO,
     300, 9999, 2, 0, 1000, 1, 1010, NULL, "raised"},
    {"what is measured counts more", LONG_SETUP, TPS_AUTO, 300, 9999, 2, 0, 1000, 2, 540, NULL,
     "miss the target"},
};

START_TEST(splitting_pays)
{
    Project project;
    g_autoptr(TpsPlan) plan = NULL;
    const TpsPlanSuite *suite;

    project_init(&project, cases[_i].data);
    project_add(&project, "A", "t0 t1 t2 t3 t4 t5 t6 t7 t8 t9", TPS_UNIT_TESTCASE,
                project_declare("A", cases[_i].parts, NULL, NULL, NULL));
    project.inputs[0].start_up_us = cases[_i].start_up_s * SECOND;
    project.request.target_us = cases[_i].target_s * SECOND;
    project.request.limit_us = cases[_i].limit_s * SECOND;
    project.request.size = cases[_i].size;
    project.request.max_size = cases[_i].max_size;
    plan = project_plan(&project);
    suite = tps_plan_find_suite(plan, "A");
    ck_assert_msg(suite->parts == cases[_i].n_parts, "%s: %d parts", cases[_i].name, suite->parts);
    ck_assert_msg(plan->makespan_us == cases[_i].makespan_s * SECOND, "%s: %" G_GINT64_FORMAT " us",
                  cases[_i].name, plan->makespan_us);
    ck_assert_msg(cases[_i].note ? project_notes(suite->notes, cases[_i].note)
                                 : !project_notes(suite->notes, "only add setup"),
                  "%s: its notes", cases[_i].name);
    ck_assert_msg(cases[_i].plan_note ? project_notes(plan->notes, cases[_i].plan_note)
                                      : !project_notes(plan->notes, "splitting"),
                  "%s: the notes of the plan", cases[_i].name);
    project_clear(&project);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("serial");
    TCase *tcase = tcase_create("serial");

    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, scratch_make, scratch_remove);
    tcase_add_test(tcase, no_plan_is_slower_than_serial);
    tcase_add_loop_test(tcase, splitting_pays, 0, G_N_ELEMENTS(cases));
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
