/* SPDX-License-Identifier: MIT */
#include "formats/plan_json.h"
#include "scheduler/executed.h"
#include "tests/scratch.h"
#include "tests/unit.h"

#include <glib.h>
#include <string.h>

#define SECOND INT64_C(1000000)
#define NOON (1000 * SECOND)
#define N_UNITS 4

static void add_suite(TpsPlan *plan, const char *name, int parts)
{
    TpsPlanSuite *suite = tps_plan_suite_new(name);

    suite->parts = parts;
    suite->n_testcases = (guint)parts * N_UNITS;
    g_ptr_array_add(plan->suites, suite);
    for (int part = 0; part < parts; part++)
        g_ptr_array_add(plan->tasks, tps_task_new(name, (TpsPart){.index = part, .count = parts}));
}

static TpsPlan *plan_new(void)
{
    TpsPlan *plan = tps_plan_new();

    plan->name = g_strdup("name");
    plan->id = g_strdup("0123456789abcdef");
    plan->target_us = 3600 * SECOND;
    plan->limit_us = 1800 * SECOND;
    add_suite(plan, "api", 2);
    add_suite(plan, "web", 1);
    return plan;
}

static TpsQueue *queue_new(const TpsPlan *plan, int size)
{
    TpsQueueRules rules = {.size = size,
                           .max_size = size,
                           .splits = true,
                           .limit_us = plan->limit_us,
                           .target_us = plan->target_us};
    g_autoptr(GArray) tasks = g_array_new(FALSE, FALSE, sizeof(TpsQueueTask));

    for (guint i = 0; i < plan->tasks->len; i++) {
        TpsQueueTask task = {.task = g_ptr_array_index(plan->tasks, i),
                             .unit_us = g_new(int64_t, N_UNITS),
                             .n_units = N_UNITS,
                             .divisible = true};

        for (int j = 0; j < N_UNITS; j++)
            task.unit_us[j] = 10 * SECOND;
        g_array_append_val(tasks, task);
    }
    return tps_queue_new(tasks, &rules, NOON);
}

/* What a piece would say: its units by name, a second of setup, so many seconds in all. */
static TpsPartReport *report_new(const TpsPiece *piece, int64_t wall_us)
{
    TpsPartReport *report = tps_part_report_new(piece->task->suite, piece->task->part);

    report->wall_us = wall_us;
    report->setup_us = SECOND;
    for (size_t i = 0; i < piece->n_units; i++)
        g_ptr_array_add(report->planned,
                        g_strdup_printf("%d-%zu", piece->task->part.index, piece->units[i]));
    return report;
}

/* Pieces take three seconds for each unit, in rounds of all workers. */
static void run_all(TpsQueue *queue, int size)
{
    TpsPiece *running[8];
    int64_t now_us = NOON;
    int n;

    do {
        n = 0;
        while (n < size && (running[n] = tps_queue_take(queue, n, now_us)))
            n++;
        for (int i = 0; i < n; i++) {
            int64_t wall_us = (int64_t)running[i]->n_units * 3 * SECOND;

            tps_queue_end(queue, running[i], report_new(running[i], wall_us), NULL,
                          now_us + wall_us);
        }
        now_us += N_UNITS * 3 * SECOND;
    } while (n > 0);
}

static char *describe(const TpsPlan *plan)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < plan->tasks->len; i++) {
        const TpsTask *task = g_ptr_array_index(plan->tasks, i);
        g_autofree char *label = tps_part_label(task->suite, task->part);

        g_string_append_printf(text, "%s:", label);
        for (guint j = 0; j < task->testcases->len; j++)
            g_string_append_printf(text, " %s", (char *)g_ptr_array_index(task->testcases, j));
        g_string_append_printf(text, " @%d+%d\n", task->worker, (int)(task->start_us / SECOND));
    }
    return g_string_free(text, FALSE);
}

/* Two workers take a part of api each; then web is alone and is cut for both. */
START_TEST(pieces_are_parts)
{
    g_auto(GStrv) include = g_strsplit("*", " ", -1);
    g_autoptr(TpsPlan) plan = plan_new();
    g_autoptr(TpsQueue) queue = queue_new(plan, 2);
    g_autoptr(TpsPlan) executed = NULL;
    g_autofree char *text = NULL;

    run_all(queue, 2);
    plan->filter = tps_filter_new(include, NULL, NULL, NULL);
    executed = tps_executed_plan(plan, queue);
    ck_assert_str_eq(executed->filter->include[0], "*");
    text = describe(executed);
    ck_assert_str_eq(text, "api 0,2: 0-0 0-1 0-2 0-3 @0+0\n"
                           "api 1,2: 1-0 1-1 1-2 1-3 @1+0\n"
                           "web 0,2: 0-0 0-2 @0+12\n"
                           "web 1,2: 0-1 0-3 @1+12\n");
    ck_assert_str_eq(executed->executed, "0123456789abcdef");
    ck_assert_int_eq(executed->size, 2);
    ck_assert_int_eq(executed->makespan_us, 18 * SECOND);
    ck_assert_int_eq(tps_plan_find_suite(executed, "web")->parts, 2);
    ck_assert_str_eq(g_ptr_array_index(tps_plan_find_suite(executed, "web")->notes, 0),
                     "web of the plan was executed in 2 pieces, parts 0 to 1");
}
END_TEST

START_TEST(what_was_measured_is_its_weight)
{
    g_autoptr(TpsPlan) plan = plan_new();
    g_autoptr(TpsQueue) queue = queue_new(plan, 1);
    g_autoptr(TpsPlan) executed = NULL;
    const TpsTask *task;

    run_all(queue, 1);
    executed = tps_executed_plan(plan, queue);
    task = g_ptr_array_index(executed->tasks, 0);
    ck_assert_int_eq(task->weight_us, 12 * SECOND);
    ck_assert_int_eq(task->setup_us, SECOND);
    ck_assert_int_eq(task->execution_us, 11 * SECOND);
    ck_assert_int_eq(task->teardown_us, 0);
}
END_TEST

/* It is a plan as any other: sealed, read back, the same again. */
START_TEST(can_be_read_back)
{
    g_autoptr(TpsPlan) plan = plan_new();
    g_autoptr(TpsQueue) queue = queue_new(plan, 3);
    g_autoptr(TpsPlan) executed = NULL;
    g_autoptr(TpsPlan) again = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = NULL;
    g_autofree char *text = NULL;
    g_autofree char *text_again = NULL;

    run_all(queue, 3);
    executed = tps_executed_plan(plan, queue);
    text = tps_plan_text(executed);
    path = scratch_write("executed.json", text, strlen(text));
    again = tps_plan_load(path, &error);
    ck_assert_msg(again != NULL, "%s", error ? error->message : "");
    text_again = tps_plan_text(again);
    ck_assert_str_eq(text_again, text);
}
END_TEST

START_TEST(only_what_ran_is_in_it)
{
    g_autoptr(TpsPlan) plan = plan_new();
    g_autoptr(TpsQueue) queue = queue_new(plan, 1);
    g_autoptr(TpsPlan) executed = tps_executed_plan(plan, queue);
    TpsPiece *piece;

    ck_assert_ptr_null(executed);
    piece = tps_queue_take(queue, 0, NOON);
    tps_queue_end(queue, piece, report_new(piece, SECOND), NULL, NOON + SECOND);
    piece = tps_queue_take(queue, 0, NOON + SECOND);
    tps_queue_end(queue, piece, NULL, NULL, NOON + SECOND); /* the machinery failed */
    tps_queue_close(queue);
    run_all(queue, 1);
    executed = tps_executed_plan(plan, queue);
    ck_assert_uint_eq(executed->tasks->len, 1);
    ck_assert_uint_eq(executed->suites->len, 1);
    ck_assert_str_eq(g_ptr_array_index(executed->notes, 0),
                     "4 of the 12 testcases of the plan were executed");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("executed");
    TCase *tcase = tcase_create("executed");

    tcase_add_checked_fixture(tcase, scratch_make, scratch_remove);
    tcase_add_test(tcase, pieces_are_parts);
    tcase_add_test(tcase, what_was_measured_is_its_weight);
    tcase_add_test(tcase, can_be_read_back);
    tcase_add_test(tcase, only_what_ran_is_in_it);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
