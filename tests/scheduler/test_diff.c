/* SPDX-License-Identifier: MIT */
#include "scheduler/diff.h"
#include "tests/unit.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

/*
 * A plan from one line: "suite index,count@worker: id id; suite ..."; a task without ids has "#n":
 * only their number is known.
 */
static void add_task(TpsPlan *plan, const char *text)
{
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    int index, count, worker;
    TpsTask *task;
    TpsPlanSuite *suite = tps_plan_find_suite(plan, words[0]);

    ck_assert_int_eq(sscanf(words[1], "%d,%d@%d", &index, &count, &worker), 3);
    task = tps_task_new(words[0], (TpsPart){.index = index, .count = count});
    task->worker = worker;
    if (words[2] && words[2][0] == '#')
        task->n_testcases = (guint)atoi(words[2] + 1);
    else
        task->testcases = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 2; task->testcases && words[i]; i++, task->n_testcases++)
        g_ptr_array_add(task->testcases, g_strdup(words[i]));
    if (!suite) {
        suite = tps_plan_suite_new(words[0]);
        suite->parts = count;
        g_ptr_array_add(plan->suites, suite);
    }
    suite->n_testcases += task->n_testcases;
    g_ptr_array_add(plan->tasks, task);
}

static TpsPlan *plan_of(const char *text)
{
    TpsPlan *plan = tps_plan_new();
    g_auto(GStrv) tasks = g_strsplit(text, "; ", -1);

    for (guint i = 0; tasks[i]; i++)
        add_task(plan, tasks[i]);
    return plan;
}

/* Testcases as "+suite/id from>to", suites as "*name from>to"; one line each. */
static char *told(const TpsPlanDiff *diff)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < diff->suites->len; i++) {
        const TpsDiffSuite *suite = &g_array_index(diff->suites, TpsDiffSuite, i);

        g_string_append_printf(text, "%s %s %d>%d\n", tps_diff_kind_name(suite->kind), suite->name,
                               suite->from ? suite->from->parts : 0,
                               suite->to ? suite->to->parts : 0);
    }
    for (guint i = 0; i < diff->testcases->len; i++) {
        const TpsDiffTestcase *testcase = &g_array_index(diff->testcases, TpsDiffTestcase, i);

        g_string_append_printf(text, "%s %s/%s %d>%d\n", tps_diff_kind_name(testcase->kind),
                               testcase->suite, testcase->id,
                               testcase->from ? testcase->from->part.index : -1,
                               testcase->to ? testcase->to->part.index : -1);
    }
    return g_string_free(text, FALSE);
}

typedef struct {
    const char *from;
    const char *to;
    const char *told;
    guint added, removed, moved, stay, reworked, parts_other, unnamed;
} Case;

static const Case cases[] = {
    {"a 0,1@0 x y", "a 0,1@0 y x", "", 0, 0, 0, 2, 0, 0, 0},
    {"a 0,1@0 x y", "a 0,1@1 x y", "", 0, 0, 0, 2, 2, 0, 0},
    {"a 0,1@0 x", "a 0,1@0 x y", "changed a 1>1\nadded a/y -1>0\n", 1, 0, 0, 1, 0, 0, 0},
    {"a 0,1@0 x y", "a 0,1@0 y", "changed a 1>1\nremoved a/x 0>-1\n", 0, 1, 0, 1, 0, 0, 0},
    /* Another one with as many: no suite changed. */
    {"a 0,1@0 x", "a 0,1@0 y", "removed a/x 0>-1\nadded a/y -1>0\n", 1, 1, 0, 0, 0, 0, 0},
    {"a 0,2@0 x y; a 1,2@1 z", "a 0,2@0 x; a 1,2@1 y z", "changed a/y 0>1\n", 0, 0, 1, 2, 1, 0, 0},
    /* What was whole is cut: the first part stays. */
    {"a 0,1@0 x y", "a 0,2@0 x; a 1,2@0 y", "changed a 1>2\nchanged a/y 0>1\n", 0, 0, 1, 1, 0, 1,
     0},
    {"a 0,1@0 x", "b 0,1@0 x", "removed a 1>0\nadded b 0>1\nremoved a/x 0>-1\nadded b/x -1>0\n", 1,
     1, 0, 0, 0, 0, 0},
    {"b 0,1@0 x; d 0,1@0 x", "a 0,1@0 x; b 0,1@0 x; c 0,1@0 x",
     "added a 0>1\nadded c 0>1\nremoved d 1>0\nadded a/x -1>0\nadded c/x -1>0\nremoved d/x 0>-1\n",
     2, 1, 0, 1, 0, 0, 0},
    /* "ab" + "c" is not "a" + "bc". */
    {"ab 0,1@0 c", "a 0,1@0 bc",
     "added a 0>1\nremoved ab 1>0\nadded a/bc -1>0\nremoved ab/c 0>-1\n", 1, 1, 0, 0, 0, 0, 0},
    /* Only counted on one side: nothing can be said of single ones. */
    {"a 0,1@0 #3", "a 0,1@0 x y z", "", 0, 0, 0, 0, 0, 0, 1},
    {"a 0,1@0 #3; b 0,1@0 x", "a 0,2@0 #2; a 1,2@0 #2; b 0,1@0 x", "changed a 1>2\n", 0, 0, 0, 1, 0,
     1, 1},
};

START_TEST(tells_what_moved)
{
    const Case *c = &cases[_i];
    g_autoptr(TpsPlan) from = plan_of(c->from);
    g_autoptr(TpsPlan) to = plan_of(c->to);
    g_autoptr(TpsPlanDiff) diff = tps_plan_diff(from, to);
    g_autofree char *text = told(diff);

    ck_assert_str_eq(text, c->told);
    ck_assert_uint_eq(diff->n_added, c->added);
    ck_assert_uint_eq(diff->n_removed, c->removed);
    ck_assert_uint_eq(diff->n_moved, c->moved);
    ck_assert_uint_eq(diff->n_stay, c->stay);
    ck_assert_uint_eq(diff->n_reworked, c->reworked);
    ck_assert_uint_eq(diff->n_parts_other, c->parts_other);
    ck_assert_uint_eq(diff->n_unnamed, c->unnamed);
}
END_TEST

/* A random plan over a few suites; each testcase is in it, or not, in any part. */
static TpsPlan *random_plan(GRand *rand)
{
    TpsPlan *plan = tps_plan_new();

    for (int s = 0; s < 4; s++) {
        int n_parts = g_rand_int_range(rand, 1, 4);
        GString *parts[3];

        for (int p = 0; p < n_parts; p++) {
            parts[p] = g_string_new(NULL);
            g_string_printf(parts[p], "s%d %d,%d@%d", s, p, n_parts, g_rand_int_range(rand, 0, 3));
        }
        for (int t = 0; t < 20; t++)
            if (g_rand_boolean(rand))
                g_string_append_printf(parts[g_rand_int_range(rand, 0, n_parts)], " t%d", t);
        for (int p = 0; p < n_parts; p++) {
            add_task(plan, parts[p]->str);
            g_string_free(parts[p], TRUE);
        }
    }
    return plan;
}

/* The part a plan has a testcase in, or -1: by looking everywhere. */
static int look(const TpsPlan *plan, const char *suite, const char *id)
{
    for (guint i = 0; i < plan->tasks->len; i++) {
        const TpsTask *task = g_ptr_array_index(plan->tasks, i);

        for (guint j = 0; strcmp(task->suite, suite) == 0 && j < task->testcases->len; j++)
            if (strcmp(g_ptr_array_index(task->testcases, j), id) == 0)
                return task->part.index;
    }
    return -1;
}

static void count_by_looking(const TpsPlan *from, const TpsPlan *to, guint count[4])
{
    for (int s = 0; s < 4; s++) {
        for (int t = 0; t < 20; t++) {
            g_autofree char *suite = g_strdup_printf("s%d", s);
            g_autofree char *id = g_strdup_printf("t%d", t);
            int before = look(from, suite, id), after = look(to, suite, id);

            count[0] += before < 0 && after >= 0;
            count[1] += before >= 0 && after < 0;
            count[2] += before >= 0 && after >= 0 && before != after;
            count[3] += before >= 0 && before == after;
        }
    }
}

START_TEST(counts_what_looking_everywhere_counts)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(11);

    for (int round = 0; round < 100; round++) {
        g_autoptr(TpsPlan) from = random_plan(rand);
        g_autoptr(TpsPlan) to = random_plan(rand);
        g_autoptr(TpsPlanDiff) diff = tps_plan_diff(from, to);
        g_autoptr(TpsPlanDiff) back = tps_plan_diff(to, from);
        guint count[4] = {0};

        count_by_looking(from, to, count);
        ck_assert_uint_eq(diff->n_added, count[0]);
        ck_assert_uint_eq(diff->n_removed, count[1]);
        ck_assert_uint_eq(diff->n_moved, count[2]);
        ck_assert_uint_eq(diff->n_stay, count[3]);
        ck_assert_uint_eq(diff->testcases->len, count[0] + count[1] + count[2]);
        ck_assert_uint_eq(back->n_added, diff->n_removed);
        ck_assert_uint_eq(back->n_moved, diff->n_moved);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("diff");
    TCase *tcase = tcase_create("diff");

    tcase_add_loop_test(tcase, tells_what_moved, 0, (int)G_N_ELEMENTS(cases));
    tcase_add_test(tcase, counts_what_looking_everywhere_counts);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
