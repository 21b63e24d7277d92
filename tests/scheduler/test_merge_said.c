/* SPDX-License-Identifier: MIT */
#include "scheduler/merge.h"
#include "tests/reports.h"
#include "tests/unit.h"

#include <string.h>

/* What a merge says of a suite beside its results. The suite: "s" in three parts. */

#define N_PARTS 3

static const char *const planned[N_PARTS] = {"a1 a2", "b1 b2", "c1 c2"};

static TpsPlan *plan_new(void)
{
    TpsPlan *plan = tps_plan_new();

    plan->name = g_strdup("test");
    plan->id = g_strdup("plan");
    for (int i = 0; i < N_PARTS; i++) {
        TpsTask *task = tps_task_new("s", (TpsPart){i, N_PARTS});

        task->testcases = g_ptr_array_new_with_free_func(g_free);
        strings_add(task->testcases, planned[i]);
        task->n_testcases = task->testcases->len;
        g_ptr_array_add(plan->tasks, task);
    }
    return plan;
}

/* The reports of parts that ran these. */
static GPtrArray *reports_of(const char *a, const char *b, const char *c)
{
    const char *const results[N_PARTS] = {a, b, c};
    GPtrArray *reports = reports_new();

    for (int i = 0; i < N_PARTS; i++) {
        TpsPartReport *report =
            report_new("s", (TpsPart){i, N_PARTS}, planned[i], results[i], 1000000);

        report->digest = g_strdup_printf("%d", i);
        g_ptr_array_add(reports, report);
    }
    return reports;
}

static GPtrArray *green(void)
{
    return reports_of("a1:p:1 a2:p:1", "b1:p:1 b2:p:1", "c1:p:1 c2:p:1");
}

static TpsReport *merge_all(const GPtrArray *reports)
{
    g_autoptr(TpsPlan) plan = plan_new();

    return tps_merge_plan(plan, reports);
}

static const TpsReportSuite *only_suite(const TpsReport *merge)
{
    ck_assert_uint_eq(merge->suites->len, 1);
    return g_ptr_array_index(merge->suites, 0);
}

static const TpsResult *find(const TpsReport *merge, const char *id)
{
    const TpsReportSuite *suite = only_suite(merge);

    for (guint i = 0; i < suite->results->len; i++)
        if (strcmp(((TpsResult *)g_ptr_array_index(suite->results, i))->id, id) == 0)
            return g_ptr_array_index(suite->results, i);
    ck_abort_msg("%s has no result", id);
}

static TpsPartReport *part(GPtrArray *reports, guint i)
{
    return g_ptr_array_index(reports, i);
}

static void say(GPtrArray *reports, guint i, const char *name, const char *value)
{
    tps_properties_add(part(reports, i)->properties, name, value);
}

/* All properties but ours, "name=value", a line each. Caller frees. */
static char *properties_of(const TpsReport *merge)
{
    const TpsReportSuite *suite = only_suite(merge);
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < suite->properties->len; i++) {
        const TpsProperty *property = g_ptr_array_index(suite->properties, i);

        if (!g_str_has_prefix(property->name, "tpsched."))
            g_string_append_printf(text, "%s=%s\n", property->name, property->value);
    }
    return g_string_free(text, FALSE);
}

/* R9 */
START_TEST(properties_are_united)
{
    g_autoptr(GPtrArray) reports = green();
    g_autoptr(TpsReport) merge = NULL;
    g_autofree char *said = NULL;

    say(reports, 0, "same", "1");
    say(reports, 1, "same", "1");
    say(reports, 2, "same", "1");
    say(reports, 1, "once", "x");
    say(reports, 0, "seed", "7");
    say(reports, 2, "seed", "9");
    say(reports, 2, "seed", "8");
    say(reports, 2, "seed", "9");
    say(reports, 0, "", "");
    merge = merge_all(reports);
    said = properties_of(merge);
    ck_assert_str_eq(said, "=\nonce=x\nsame=1\nseed@part.0=7\nseed@part.2=8\nseed@part.2=9\n");
}
END_TEST

/* R5: what one would have waited for, and what it cost; that of all attempts. */
START_TEST(times_are_said_by_name)
{
    g_autoptr(GPtrArray) reports = green();
    g_autoptr(TpsReport) merge = NULL;
    TpsPartReport *again = report_new("s", (TpsPart){2, N_PARTS}, planned[2], "c1:p:1 c2:p:1", 5);

    again->attempt = 2;
    again->digest = g_strdup("again");
    again->cpu_us = 4000000;
    g_ptr_array_add(reports, again);
    part(reports, 0)->cpu_us = 1500000;
    part(reports, 1)->started_us -= 500000;
    merge = merge_all(reports);
    ck_assert_str_eq(tps_properties_find(only_suite(merge)->properties, "tpsched.wall"),
                     "1.500000");
    ck_assert_str_eq(tps_properties_find(only_suite(merge)->properties, "tpsched.cpu"), "5.500000");
}
END_TEST

static void add_process(TpsPartReport *report)
{
    TpsResult *result = tps_result_new("s 0,3: process", TPS_OUTCOME_ERROR, TPS_TIME_UNKNOWN);

    result->type = g_strdup("tpsched.process");
    result->message = g_strdup("exit status 3, and no testcase failed");
    g_ptr_array_add(report->results, result);
}

/* R3: at the testcase at which it died, and at the process, stands the last that was printed. */
START_TEST(the_last_output_is_told)
{
    g_autoptr(GPtrArray) reports = reports_of("a1:p:1 a2:p:1", "", "c1:p:1 c2:p:1");
    g_autoptr(TpsReport) merge = NULL;
    g_autofree char *text = g_strnfill(5000, 'x');

    part(reports, 0)->code = 3;
    part(reports, 0)->output = g_strdup("out of luck");
    add_process(part(reports, 0));
    part(reports, 1)->end = TPS_END_SIGNALED;
    part(reports, 1)->code = 11;
    part(reports, 1)->output = g_strconcat("\xc3\xa4", text + 907, "\xc3\xa4", NULL);
    merge = merge_all(reports);
    ck_assert_str_eq(find(merge, "s 0,3: process")->text, "the last it printed:\nout of luck");
    ck_assert_str_eq(find(merge, "b1")->message, "not run: its part ended with: killed by SIGSEGV");
    ck_assert(g_str_has_prefix(find(merge, "b1")->text, "the last it printed:\nxxx"));
    ck_assert(g_str_has_suffix(find(merge, "b1")->text, "x\xc3\xa4"));
    ck_assert_uint_eq(strlen(find(merge, "b1")->text), strlen("the last it printed:\n") + 4095);
    ck_assert_ptr_null(find(merge, "b2")->text);
}
END_TEST

/* R6 */
START_TEST(names_the_parts_that_ran_the_same)
{
    g_autoptr(GPtrArray) reports =
        reports_of("a1:p:1 a2:p:1 c1:p:1 b2:p:1", "b1:p:1 b2:p:1 c1:s:0", "c1:p:1 c2:p:1 a1:p:1");
    g_autoptr(TpsReport) merge = merge_all(reports);
    g_autofree char *problems = lines(merge->problems);

    ck_assert_str_eq(problems, "s 0,3: it ran what another part was to run: 'b2', 'c1'\n"
                               "s 2,3: it ran what another part was to run: 'a1'\n"
                               "s: ran in parts 0 and 1: 'b2'\n"
                               "s: ran in parts 0 and 2: 'a1'\n"
                               "s: ran in parts 0 and 2: 'c1'\n");
    ck_assert_uint_eq(merge->n_results, 6);
}
END_TEST

/* It ran in the wrong part alone: it has not run where it was to. */
START_TEST(ran_elsewhere_is_not_twice)
{
    g_autoptr(GPtrArray) reports = reports_of("a1:p:1 a2:p:1 b1:p:1", "b2:p:1", "c1:p:1 c2:p:1");
    g_autoptr(TpsReport) merge = merge_all(reports);
    g_autofree char *problems = lines(merge->problems);

    ck_assert_str_eq(problems, "s 0,3: it ran what another part was to run: 'b1'\n"
                               "s 1,3: 1 of 2 planned testcases have no result (exit status 0)\n");
}
END_TEST

/* R11 */
START_TEST(outputs_follow_each_other)
{
    g_autoptr(GPtrArray) reports = reports_of("a1:f:1 a2:p:1", "b1:p:1 b2:p:1", "c1:e:1 c2:p:1");
    g_autoptr(TpsReport) merge = NULL;

    part(reports, 0)->output = g_strdup("first");
    part(reports, 1)->output = g_strdup("passed");
    part(reports, 2)->output = g_strdup("last\n");
    merge = merge_all(reports);
    ck_assert_str_eq(only_suite(merge)->output->str, "--- s 0,3 ---\nfirst\n--- s 2,3 ---\nlast\n");
}
END_TEST

START_TEST(outputs_have_an_end)
{
    g_autoptr(GPtrArray) reports = reports_of("a1:f:1 a2:p:1", "b1:f:1 b2:p:1", "c1:f:1 c2:p:1");
    g_autoptr(TpsReport) merge = NULL;
    const GString *output;

    for (guint i = 0; i < N_PARTS; i++)
        part(reports, i)->output = g_strnfill(600000, (char)('0' + i));
    merge = merge_all(reports);
    output = only_suite(merge)->output;
    ck_assert_uint_lt(output->len, 1048576 + 100);
    ck_assert(g_str_has_prefix(output->str, "--- s 0,3 ---\n000"));
    ck_assert(g_str_has_suffix(output->str, "222\n"));
    ck_assert_ptr_nonnull(strstr(output->str, "\n[... 751469 bytes cut ...]\n"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("scheduler/merge_said");
    TCase *tcase = tcase_create("said");

    tcase_add_test(tcase, properties_are_united);
    tcase_add_test(tcase, times_are_said_by_name);
    tcase_add_test(tcase, the_last_output_is_told);
    tcase_add_test(tcase, names_the_parts_that_ran_the_same);
    tcase_add_test(tcase, ran_elsewhere_is_not_twice);
    tcase_add_test(tcase, outputs_follow_each_other);
    tcase_add_test(tcase, outputs_have_an_end);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
