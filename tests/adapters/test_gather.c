/* SPDX-License-Identifier: MIT */
#include "adapters/frameworks/gather_internal.h"
#include "adapters/frameworks/journal_internal.h"
#include "tests/scratch.h"
#include "tests/unit.h"

#include <string.h>

static TpsResult *make(const char *id, TpsOutcome outcome, int64_t time_us, const char *text)
{
    TpsResult *result = tps_result_new(id, outcome, time_us);

    result->text = g_strdup(text);
    return result;
}

static TpsResult *passed(const char *id, int64_t time_us)
{
    return make(id, TPS_OUTCOME_PASSED, time_us, NULL);
}

/* "id=outcome/time(case=outcome,...)" of each, apart by blanks; empties the gather. */
static char *end(TpsGather *gather)
{
    g_autoptr(GPtrArray) results = tps_results_new();
    GString *said = g_string_new(NULL);

    tps_gather_end(gather, results);
    for (guint i = 0; i < results->len; i++) {
        const TpsResult *result = g_ptr_array_index(results, i);

        g_string_append_printf(said, "%s%s=%s/%d", i ? " " : "", result->id,
                               tps_outcome_name(result->outcome), (int)result->time_us);
        for (guint j = 0; result->cases && j < result->cases->len; j++) {
            const TpsResult *inner = g_ptr_array_index(result->cases, j);

            g_string_append_printf(said, "(%s=%s)", inner->id, tps_outcome_name(inner->outcome));
        }
    }
    return g_string_free(said, FALSE);
}

START_TEST(keeps_the_order_and_folds_what_is_said_twice)
{
    g_autoptr(TpsGather) gather = tps_gather_new();
    g_autoptr(GPtrArray) results = tps_results_new();
    const TpsResult *a;

    tps_gather_result(gather, make("a", TPS_OUTCOME_FAILED, 3, "in the test"));
    tps_gather_result(gather, passed("b", 1));
    tps_gather_result(gather, make("a", TPS_OUTCOME_ERROR, 4, "in the teardown"));
    tps_gather_end(gather, results);
    ck_assert_uint_eq(results->len, 2);
    a = g_ptr_array_index(results, 0);
    ck_assert_int_eq(a->outcome, TPS_OUTCOME_ERROR);
    ck_assert_int_eq(a->time_us, 7);
    ck_assert_str_eq(a->text, "in the test\nin the teardown");
}
END_TEST

START_TEST(all_texts_of_one_are_kept_once)
{
    static const char *const texts[] = {NULL, "a", NULL, "a", "b", "", "c"};
    g_autoptr(TpsGather) gather = tps_gather_new();
    g_autoptr(TpsGather) all = tps_gather_new();
    g_autoptr(GPtrArray) results = tps_results_new();
    const TpsResult *a;

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        TpsResult *result =
            make("a", i == 3 ? TPS_OUTCOME_FAILED : TPS_OUTCOME_PASSED, 1, texts[i]);

        result->output = g_strdup(texts[G_N_ELEMENTS(texts) - 1 - i]);
        tps_gather_result(gather, result);
    }
    tps_gather_merge(all, gather);
    tps_gather_end(all, results);
    ck_assert_uint_eq(results->len, 1);
    a = g_ptr_array_index(results, 0);
    ck_assert_int_eq(a->outcome, TPS_OUTCOME_FAILED);
    ck_assert_str_eq(a->text, "a\nb\nc");
    ck_assert_str_eq(a->output, "c\nb\na\na");
}
END_TEST

START_TEST(sums_stay_at_the_top)
{
    g_autoptr(TpsGather) gather = tps_gather_new();
    g_autoptr(GPtrArray) results = tps_results_new();

    tps_gather_result(gather, passed("a", INT64_MAX - 1));
    tps_gather_result(gather, passed("a", INT64_MAX - 1));
    tps_gather_case(gather, "b", passed("1", INT64_MAX));
    tps_gather_case(gather, "b", passed("2", INT64_MAX));
    tps_gather_end(gather, results);
    for (guint i = 0; i < 2; i++)
        ck_assert_int_eq(((TpsResult *)g_ptr_array_index(results, i))->time_us, INT64_MAX);
}
END_TEST

START_TEST(a_testcase_is_as_bad_as_its_worst_case)
{
    g_autoptr(TpsGather) gather = tps_gather_new();
    g_autoptr(GPtrArray) results = tps_results_new();
    const TpsResult *result;

    tps_gather_case(gather, "f", passed("a", 1));
    tps_gather_case(gather, "f", make("b > c", TPS_OUTCOME_FAILED, 2, NULL));
    tps_gather_case(gather, "f", make("d", TPS_OUTCOME_SKIPPED, TPS_TIME_UNKNOWN, NULL));
    tps_gather_end(gather, results);
    result = g_ptr_array_index(results, 0);
    ck_assert_int_eq(result->outcome, TPS_OUTCOME_FAILED);
    ck_assert_int_eq(result->time_us, 3);
    ck_assert_str_eq(result->message, "1 of 3 failed: 'b > c'");
}
END_TEST

/* What is said of the testcase itself may come before its cases, behind them, or between. */
START_TEST(cases_and_results_come_in_any_order)
{
    for (int place = 0; place < 3; place++) {
        g_autoptr(TpsGather) gather = tps_gather_new();
        g_autofree char *said = NULL;

        for (int i = 0; i < 3; i++) {
            if (i == place)
                tps_gather_result(gather, passed("f", 9));
            else
                tps_gather_case(gather, "f", make(i ? "y" : "x", TPS_OUTCOME_PASSED, 1, NULL));
        }
        said = end(gather);
        ck_assert_msg(g_str_has_prefix(said, "f=passed/9("), "%s", said);
        ck_assert_uint_eq(strlen(said), strlen("f=passed/9(x=passed)(y=passed)"));
    }
}
END_TEST

START_TEST(a_twice_said_result_keeps_its_cases)
{
    g_autoptr(TpsGather) gather = tps_gather_new();
    TpsResult *one = passed("f", 1);
    TpsResult *two = make("f", TPS_OUTCOME_FAILED, 1, NULL);
    g_autofree char *said = NULL;

    tps_result_add_case(one, passed("a", 1));
    tps_result_add_case(two, passed("b", 1));
    tps_gather_result(gather, one);
    tps_gather_result(gather, two);
    said = end(gather);
    ck_assert_str_eq(said, "f=failed/2(a=passed)");
}
END_TEST

START_TEST(merges_what_is_not_said_yet)
{
    g_autoptr(TpsGather) gather = tps_gather_new();
    g_autoptr(TpsGather) other = tps_gather_new();
    g_autofree char *said = NULL;
    g_autofree char *left = NULL;

    tps_gather_result(gather, passed("a", 1));
    tps_gather_case(gather, "half", passed("x", 1));
    tps_gather_result(other, make("a", TPS_OUTCOME_FAILED, 5, NULL));
    tps_gather_result(other, make("half", TPS_OUTCOME_ERROR, 2, NULL));
    tps_gather_result(other, passed("new", 3));
    ck_assert(!tps_gather_is_said(gather, "half") && tps_gather_has(gather, "half"));
    tps_gather_merge(gather, other);
    ck_assert(tps_gather_is_said(gather, "half"));
    said = end(gather);
    ck_assert_str_eq(said, "a=passed/1 half=error/2 new=passed/3");
    left = end(other);
    ck_assert_str_eq(left, "");
}
END_TEST

/* The journals of helpers. */

static const TpsExit killed = {
    .end = TPS_END_SIGNALED, .code = 11, .started_us = 1000000, .ended_us = 9000000};

#define START(id) "{\"start\":\"" id "\",\"at\":2}\n"
#define END(id, outcome) "{\"end\":\"" id "\",\"outcome\":\"" outcome "\",\"seconds\":1,\"at\":3}\n"

static const struct {
    const char *journal;
    const char *said;
    int rest;
} journals[] = {
    {"", "", 0},
    {START("a") END("a", "passed") START("b"), "a=passed/1000000 b=error/-1", 0},
    {START("a") END("a", "skipped") END("b", "failed"), "a=skipped/1000000 b=failed/1000000", 0},
    {START("a") END("a", "nonsense"), "a=error/1000000", 0},
    {START("a") END("a", "passed") START("a"), "a=error/1000000", 0}, /* died in its second run */
    {START("a") END("a", "passed") END("a", "passed"), "a=passed/1000000", 0},
    {START("a") END("a", "passed") START("b") END("a", "error"), "a=error/1000000 b=error/-1",
     0}, /* what broke after it, while another one ran */
    {START("a") END("a", "passed") START("a") END("a", "passed"), "a=passed/2000000", 0},
    {START("a") "{\"end\":\"a\",\"case\":\"x\",\"outcome\":\"passed\"}\n", "a=error/-1(x=passed)",
     0},
    {START("a") "{\"start\":\"b\",\"case\":\"x\"}\n", "a=error/-1", 0},
    {START("a") END("a", "passed") "{\"start\":\"b", "a=passed/1000000", 0},
    {START("a") "no json\n" END("a", "passed"), "a=error/-1", 0},
    {START("a") "{\"unknown\":1}\n" END("a", "passed"), "a=error/-1", 0},
    {END("a", "passed") "{\"rest\":\"b\"}\n{\"rest\":\"c\"}\n", "a=passed/1000000", 2},
    {START("q\\\"\\n"), "q\"\n=error/-1", 0},
    {START("\\u0000") START("a"), "", 0}, /* no name can have one */
    {"[]\n", "", 0},
    {"{\"end\":\"a\",\"outcome\":\"passed\",\"seconds\":-1}\n", "a=passed/-1", 0},
    {"{\"end\":\"a\",\"outcome\":\"passed\",\"seconds\":1e300}\n", "a=passed/-1", 0},
};

START_TEST(reads_journals)
{
    g_autofree char *path = scratch_text("journal", journals[_i].journal);
    g_autoptr(TpsHelperJournal) journal = tps_helper_journal_read(path);
    g_autoptr(TpsGather) gather = tps_gather_new();
    g_autofree char *said = NULL;

    ck_assert(journal->is_there);
    ck_assert_int_eq((int)journal->rest->len, journals[_i].rest);
    tps_helper_journal_report(journal, gather, &killed);
    said = end(gather);
    ck_assert_str_eq(said, journals[_i].said);
}
END_TEST

START_TEST(blames_the_running_one_unless_its_end_is_said)
{
    g_autofree char *path = scratch_text("journal", START("a"));
    g_autoptr(TpsHelperJournal) journal = tps_helper_journal_read(path);
    g_autoptr(TpsGather) gather = tps_gather_new();
    g_autofree char *said = NULL;

    if (_i == 0)
        tps_gather_result(gather, passed("a", 1));
    else
        tps_gather_case(gather, "a", passed("x", 1));
    tps_helper_journal_report(journal, gather, &killed);
    said = end(gather);
    ck_assert_str_eq(said, _i == 0 ? "a=passed/1" : "a=error/-1");
}
END_TEST

static const struct {
    const char *journal;
    int64_t setup_us;
    int64_t teardown_us;
} times[] = {
    {START("a") END("a", "passed"), 1000000, 6000000},
    {START("a"), 1000000, TPS_TIME_UNKNOWN},
    {"{\"start\":\"a\",\"at\":0.5}\n{\"end\":\"a\",\"outcome\":\"passed\",\"at\":99}\n",
     TPS_TIME_UNKNOWN, TPS_TIME_UNKNOWN}, /* another clock */
    {"{\"start\":\"a\",\"at\":99}\n{\"end\":\"a\",\"outcome\":\"passed\",\"at\":0}\n",
     TPS_TIME_UNKNOWN, TPS_TIME_UNKNOWN},
    {"{\"start\":\"a\"}\n", TPS_TIME_UNKNOWN, TPS_TIME_UNKNOWN},
};

START_TEST(times_what_is_around_testcases)
{
    g_autofree char *path = scratch_text("journal", times[_i].journal);
    g_autoptr(TpsHelperJournal) journal = tps_helper_journal_read(path);
    g_autoptr(TpsFrameworkReport) report = tps_framework_report_new();

    tps_helper_journal_times(journal, report, &killed);
    ck_assert_int_eq(report->setup_us, times[_i].setup_us);
    ck_assert_int_eq(report->teardown_us, times[_i].teardown_us);
}
END_TEST

START_TEST(a_missing_journal_is_empty)
{
    g_autofree char *path = scratch_path("none");
    g_autoptr(TpsHelperJournal) journal = tps_helper_journal_read(_i ? path : NULL);

    ck_assert(!journal->is_there);
    ck_assert_ptr_null(journal->running);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("gather");
    TCase *tcase = tcase_create("gather");

    tcase_add_checked_fixture(tcase, scratch_make, scratch_remove);
    tcase_add_test(tcase, keeps_the_order_and_folds_what_is_said_twice);
    tcase_add_test(tcase, all_texts_of_one_are_kept_once);
    tcase_add_test(tcase, sums_stay_at_the_top);
    tcase_add_test(tcase, a_testcase_is_as_bad_as_its_worst_case);
    tcase_add_test(tcase, cases_and_results_come_in_any_order);
    tcase_add_test(tcase, a_twice_said_result_keeps_its_cases);
    tcase_add_test(tcase, merges_what_is_not_said_yet);
    tcase_add_loop_test(tcase, reads_journals, 0, G_N_ELEMENTS(journals));
    tcase_add_loop_test(tcase, blames_the_running_one_unless_its_end_is_said, 0, 2);
    tcase_add_loop_test(tcase, times_what_is_around_testcases, 0, G_N_ELEMENTS(times));
    tcase_add_loop_test(tcase, a_missing_journal_is_empty, 0, 2);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
