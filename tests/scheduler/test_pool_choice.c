/* SPDX-License-Identifier: MIT */
#include "tests/scheduler/project.h"
#include "tests/unit.h"

#define PPM 1000000
#define RUN "20261120T101500-3f2a9c20"

/* Suite "s": six testcases of a minute, in tasks that took so much longer in ten runs. */
static char *data_with(const char *late)
{
    g_auto(GStrv) ratios = g_strsplit(late, " ", -1);
    GString *text = g_string_new("{'s':{'execution_time':360,'setup_time':0,'runs':{");

    for (int i = 0; ratios[i] && *ratios[i]; i++)
        g_string_append_printf(text,
                               "%s'202611%02dT101500-3f2a9c%02d':{'execution_time':360,"
                               "'testcase_count':6,'wall_time':%s,'planned_time':100}",
                               i ? "," : "", i + 1, i + 1, ratios[i]);
    g_string_append(text, "},'testcases':{");
    for (int i = 0; i < 6; i++)
        g_string_append_printf(text, "%s't%d':{'last':{'" RUN "':60}}", i ? "," : "", i);
    g_string_append(text, "}}}");
    return g_string_free(text, FALSE);
}

#define NONE ""
#define PUNCTUAL "100 100 100 100 100 100 100 100 100 100 100 100 100 100 100 100 100 100 100 100"
#define LATE "130 130 130 130 130 130 130 130 130 130 130 130 130 130 130 130 130 130 130 130"
#define EARLY "50 50 50 50 50 50 50 50 50 50 50 50 50 50 50 50 50 50 50 50"

typedef struct {
    const char *name;
    const char *late;
    int confidence_ppm;
    int target_s;
    int max_size;
    int size;
    const char *note; /* NULL = none of a probability */
} Case;

static const Case cases[] = {
    {"no promise", NONE, 0, 180, 0, 2, NULL},
    {"no promise, always late", LATE, 0, 180, 0, 2, NULL},
    {"half of the time, punctual so far", PUNCTUAL, 500000, 181, 0, 2, NULL},
    {"half of the time, late so far", LATE, 500000, 181, 0, 3, NULL},
    {"half of the time, in half of the time", EARLY, 500000, 181, 0, 1, NULL},
    {"nearly always, nothing known", NONE, 950000, 240, 0, 3, NULL},
    {"nearly always, but for the cap", NONE, 950000, 180, 2, 2,
     "the target is met with a probability of"},
    {"nearly always, but for the longest", NONE, 999000, 60, 0, 6, "%, not 100 %"},
};

START_TEST(keeps_promises)
{
    const Case *c = &cases[_i];
    g_autofree char *data = data_with(c->late);
    g_auto(Project) project;
    g_autoptr(TpsPlan) plan = NULL;
    bool noted;

    project_init(&project, data);
    project_add(&project, "s", "t0 t1 t2 t3 t4 t5", TPS_UNIT_TESTCASE, NULL);
    project.request.target_us = c->target_s * TPS_SECOND_US;
    project.request.confidence_ppm = c->confidence_ppm;
    project.request.max_size = c->max_size;
    plan = project_plan(&project);
    noted = project_notes(plan->notes, c->note ? c->note : "probability");
    ck_assert_msg(plan->size == c->size, "%s: %d workers, %d", c->name, plan->size,
                  plan->within_target_ppm);
    ck_assert_msg(noted == (c->note != NULL), "%s: %d", c->name, plan->within_target_ppm);
    ck_assert_msg(c->note || plan->within_target_ppm >= c->confidence_ppm, "%s: %d", c->name,
                  plan->within_target_ppm);
    ck_assert_int_eq(plan->confidence_ppm, c->confidence_ppm ? c->confidence_ppm : TPS_PPM_UNKNOWN);
}
END_TEST

/* More is promised, so no fewer workers; and what was promised is kept or is said not to be. */
START_TEST(more_confidence_needs_no_fewer_workers)
{
    g_autofree char *data = data_with("100 120 90 105 99 140 101 97 110 103");
    g_auto(Project) project;
    int before = 0;

    project_init(&project, data);
    project_add(&project, "s", "t0 t1 t2 t3 t4 t5", TPS_UNIT_TESTCASE, NULL);
    project.request.target_us = 190 * TPS_SECOND_US;
    for (int percent = 1; percent < 100; percent++) {
        g_autoptr(TpsPlan) plan = NULL;

        project.request.confidence_ppm = percent * (PPM / 100);
        plan = project_plan(&project);
        ck_assert_int_ge(plan->size, before);
        ck_assert((plan->within_target_ppm < percent * (PPM / 100)) ==
                  project_notes(plan->notes, "is met with a probability of"));
        before = plan->size;
    }
    ck_assert_int_gt(before, 2);
}
END_TEST

static void draw_machine_project(GRand *rand, Project *project, int *peak_mib)
{
    g_autoptr(GString) text = g_string_new("{");

    for (int s = 0; s < 3; s++) {
        peak_mib[s] = g_rand_int_range(rand, 1, 100);
        g_string_append_printf(text,
                               "%s's%d':{'execution_time':0,'setup_time':0,'runs':{'" RUN
                               "':{'setup_time':%d,'wall_time':10,'cpu_time':5,'peak_memory':%d}},"
                               "'testcases':{",
                               s ? "," : "", s, g_rand_int_range(rand, 0, 5), peak_mib[s] << 20);
        for (int i = 0; i < 8; i++)
            g_string_append_printf(text, "%s't%d':%d", i ? "," : "", i,
                                   g_rand_int_range(rand, 1, 20));
        g_string_append(text, "}}");
    }
    g_string_append(text, "}");
    project_init(project, text->str);
    for (int s = 0; s < 3; s++) {
        static const char *const names[] = {"s0", "s1", "s2"};

        project_add(project, names[s], "t0 t1 t2 t3 t4 t5 t6 t7", TPS_UNIT_TESTCASE, NULL);
    }
    project->request.target_us = g_rand_int_range(rand, 30, 200) * TPS_SECOND_US;
    project->request.capacity.memory_bytes = (int64_t)g_rand_int_range(rand, 50, 400) << 20;
}

static int compare_descending(const void *a, const void *b)
{
    return *(const int *)b - *(const int *)a;
}

/* Whichever tasks run at the same time, they fit; or there is one worker. */
static bool fits(const TpsPlan *plan, const int *peak_mib, int64_t memory_bytes)
{
    g_autofree int *peaks = g_new(int, plan->tasks->len);
    int sum = 0;

    for (guint i = 0; i < plan->tasks->len; i++)
        peaks[i] = peak_mib[((TpsTask *)g_ptr_array_index(plan->tasks, i))->suite[1] - '0'];
    qsort(peaks, plan->tasks->len, sizeof *peaks, compare_descending);
    for (int i = 0; i < plan->size && i < (int)plan->tasks->len; i++)
        sum += peaks[i];
    return plan->size == 1 || sum <= memory_bytes >> 20;
}

START_TEST(tasks_fit_into_memory)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(8300);
    int n_bound = 0;

    for (int round = 0; round < 500; round++) {
        g_auto(Project) project;
        g_autoptr(TpsPlan) plan = NULL;
        int peak_mib[3];

        draw_machine_project(rand, &project, peak_mib);
        plan = project_plan(&project);
        ck_assert(fits(plan, peak_mib, project.request.capacity.memory_bytes));
        ck_assert((plan->makespan_us <= plan->target_us) == (plan->size_reason == TPS_SIZE_TARGET));
        ck_assert(project_notes(plan->notes, "they might not fit into memory") ==
                  (plan->size_reason == TPS_SIZE_MEMORY));
        n_bound += plan->size_reason == TPS_SIZE_MEMORY;
    }
    ck_assert_int_gt(n_bound, 30);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pool_choice");
    TCase *tcase = tcase_create("pool_choice");

    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, scratch_make, scratch_remove);
    tcase_add_loop_test(tcase, keeps_promises, 0, G_N_ELEMENTS(cases));
    tcase_add_test(tcase, more_confidence_needs_no_fewer_workers);
    tcase_add_test(tcase, tasks_fit_into_memory);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
