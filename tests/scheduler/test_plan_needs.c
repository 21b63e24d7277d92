/* SPDX-License-Identifier: MIT */
#include "core/error.h"
#include "tests/scheduler/project.h"
#include "tests/unit.h"

#include <glib.h>
#include <string.h>

/* A suite of one task of 100 seconds. */
static TpsSuite *needy(const char *name, int slots, bool exclusive, const char *lock, int gpus)
{
    TpsSuite *suite = project_declare(name, 1, NULL, NULL, NULL);

    suite->weight_us = 100 * TPS_SECOND_US;
    suite->needs = tps_needs_new();
    suite->needs->slots = slots;
    suite->needs->exclusive = exclusive;
    if (lock)
        tps_needs_set_locks(suite->needs, g_strsplit(lock, " ", -1));
    if (gpus)
        tps_resources_add(suite->needs->resources, "gpu", gpus);
    return suite;
}

/* Four suites alike, of 100 seconds each: how long, and on how many workers. */
static const struct {
    const char *name;
    int slots;
    bool exclusive;
    const char *lock;
    int gpus;
    int size; /* asked for */
    int64_t target_s;
    int want_size;
    int want_bound; /* of the size */
    int64_t want_s;
    const char *note; /* of the plan, or NULL */
} needs_cases[] = {
    {"nothing", 1, false, NULL, 0, TPS_AUTO, 200, 2, 2, 200, NULL},
    {"a lock on many workers", 1, false, "db", 0, 4, 1000, 4, 1, 400, NULL},
    {"a lock and a target", 1, false, "db", 0, TPS_AUTO, 200, 1, 1, 400, "lock 'db' alone takes"},
    {"exclusive", 1, true, NULL, 0, 4, 1000, 4, 1, 400, NULL},
    {"exclusive and a target", 1, true, NULL, 0, TPS_AUTO, 50, 1, 1, 400,
     "what is exclusive alone"},
    {"two workers each", 2, false, NULL, 0, TPS_AUTO, 200, 4, 4, 200, NULL},
    {"two workers each on three", 2, false, NULL, 0, 3, 1000, 3, 1, 400, NULL},
    {"two workers each on one", 2, false, NULL, 0, 1, 1000, 1, 1, 400, NULL},
    {"a device of two", 1, false, NULL, 1, TPS_AUTO, 200, 2, 2, 200, NULL},
    {"both devices", 1, false, NULL, 2, TPS_AUTO, 200, 1, 1, 400, "resource 'gpu' alone takes"},
    {"a device of two, in a hurry", 1, false, NULL, 1, TPS_AUTO, 100, 2, 2, 200, "is raised to"},
};

static void add_needy(Project *project, size_t i)
{
    static const char *const names[] = {"a", "b", "c", "d"};

    for (size_t s = 0; s < G_N_ELEMENTS(names); s++)
        project_add(project, names[s], "x", TPS_UNIT_TESTCASE,
                    needy(names[s], needs_cases[i].slots, needs_cases[i].exclusive,
                          needs_cases[i].lock, needs_cases[i].gpus));
    project->request.size = needs_cases[i].size;
    project->request.target_us = needs_cases[i].target_s * TPS_SECOND_US;
}

START_TEST(needs_are_planned)
{
    g_auto(Project) project = {0};
    g_autoptr(GArray) resources = tps_resources_new();
    g_autoptr(TpsPlan) plan = NULL;

    tps_resources_add(resources, "gpu", 2);
    project_init(&project, NULL);
    add_needy(&project, (size_t)_i);
    project.request.resources = resources;
    plan = project_plan(&project);
    ck_assert_msg(plan->makespan_us == needs_cases[_i].want_s * TPS_SECOND_US, "%s: %g s",
                  needs_cases[_i].name, (double)plan->makespan_us / 1e6);
    ck_assert_msg(plan->size == needs_cases[_i].want_size, "%s: %d workers", needs_cases[_i].name,
                  plan->size);
    ck_assert_msg(plan->size_lower_bound == needs_cases[_i].want_bound, "%s: %d at least",
                  needs_cases[_i].name, plan->size_lower_bound);
    ck_assert_int_eq(plan->makespan_lower_bound_us, plan->makespan_us);
    if (needs_cases[_i].note)
        ck_assert_msg(project_notes(plan->notes, needs_cases[_i].note), "%s", needs_cases[_i].name);
}
END_TEST

/* On machines of their own nobody waits; on one machine the same tasks do. */
START_TEST(shards_do_not_wait)
{
    g_auto(Project) project = {0};
    g_autoptr(TpsPlan) plan = NULL;

    project_init(&project, NULL);
    add_needy(&project, 1);
    project.request.is_sharded = true;
    plan = project_plan(&project);
    ck_assert_int_eq(plan->makespan_us, 100 * TPS_SECOND_US);
    ck_assert(plan->is_sharded);
    ck_assert(project_notes(plan->notes, "tasks of 4 shards want lock 'db'"));
}
END_TEST

/* Its parts take turns: no more of them than the limit asks for. */
START_TEST(a_suite_with_a_lock_is_cut_by_the_limit_only)
{
    for (int locked = 0; locked < 2; locked++) {
        g_auto(Project) project = {0};
        g_autoptr(TpsPlan) plan = NULL;
        TpsSuite *suite = project_declare("a", TPS_AUTO, NULL, NULL, NULL);

        project_init(&project, "{'a': {'execution_time': 80, 'setup_time': 1, 'testcases': {'w': "
                               "20, 'x': 20, 'y': 20, 'z': 20}}}");
        if (locked) {
            suite->needs = tps_needs_new();
            tps_needs_set_locks(suite->needs, g_strsplit("db", " ", -1));
        }
        project_add(&project, "a", "w x y z", TPS_UNIT_TESTCASE, suite);
        project.request.size = 4;
        project.request.limit_us = 50 * TPS_SECOND_US;
        plan = project_plan(&project);
        ck_assert_uint_eq(plan->tasks->len, locked ? 2 : 4);
        ck_assert_int_eq(plan->makespan_us, (locked ? 82 : 21) * TPS_SECOND_US);
    }
}
END_TEST

START_TEST(what_is_not_there_is_not_planned)
{
    g_auto(Project) project = {0};
    g_autoptr(GError) error = NULL;

    project_init(&project, NULL);
    add_needy(&project, 9);
    ck_assert_ptr_null(tps_plan_make(&project.request, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "suite 'a' wants resource 'gpu'");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("plan_needs");
    TCase *tcase = tcase_create("plan_needs");

    tcase_add_checked_fixture(tcase, scratch_make, scratch_remove);
    tcase_add_loop_test(tcase, needs_are_planned, 0, G_N_ELEMENTS(needs_cases));
    tcase_add_test(tcase, shards_do_not_wait);
    tcase_add_test(tcase, a_suite_with_a_lock_is_cut_by_the_limit_only);
    tcase_add_test(tcase, what_is_not_there_is_not_planned);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
