/* SPDX-License-Identifier: MIT */
#include "scheduler/compare.h"
#include "tests/unit.h"

#define MS INT64_C(1000)

static const TpsSlowness slowness = {.ratio_ppm = 500000, .least_us = 100 * MS};

/* -1: it is not there. */
typedef struct {
    int outcome;
    int64_t time_us;
} Side;

static const struct {
    const char *what;
    Side before;
    Side after;
    TpsChangeKind kind; /* TPS_CHANGE_LAST: nothing to tell */
} cases[] = {
    {"passes", {TPS_OUTCOME_PASSED, 1000 * MS}, {TPS_OUTCOME_PASSED, 1000 * MS}, TPS_CHANGE_LAST},
    {"breaks", {TPS_OUTCOME_PASSED, 0}, {TPS_OUTCOME_FAILED, 0}, TPS_CHANGE_NEW_FAILURE},
    {"breaks otherwise", {TPS_OUTCOME_SKIPPED, 0}, {TPS_OUTCOME_ERROR, 0}, TPS_CHANGE_NEW_FAILURE},
    {"new and bad", {-1, 0}, {TPS_OUTCOME_ERROR, 0}, TPS_CHANGE_NEW_FAILURE},
    {"stays bad", {TPS_OUTCOME_ERROR, 0}, {TPS_OUTCOME_FAILED, 0}, TPS_CHANGE_STILL_FAILING},
    {"fixed", {TPS_OUTCOME_FAILED, 0}, {TPS_OUTCOME_PASSED, 0}, TPS_CHANGE_FIXED},
    {"skipped is not fixed", {TPS_OUTCOME_FAILED, 0}, {TPS_OUTCOME_SKIPPED, 0}, TPS_CHANGE_LAST},
    {"flaky", {TPS_OUTCOME_PASSED, 0}, {TPS_OUTCOME_FLAKY, 0}, TPS_CHANGE_FLAKY},
    {"half again",
     {TPS_OUTCOME_PASSED, 200 * MS},
     {TPS_OUTCOME_PASSED, 300 * MS},
     TPS_CHANGE_SLOWER},
    {"less than half",
     {TPS_OUTCOME_PASSED, 1000 * MS},
     {TPS_OUTCOME_PASSED, 1499 * MS},
     TPS_CHANGE_LAST},
    {"twice, and short",
     {TPS_OUTCOME_PASSED, 50 * MS},
     {TPS_OUTCOME_PASSED, 149 * MS},
     TPS_CHANGE_LAST},
    {"faster", {TPS_OUTCOME_PASSED, 900 * MS}, {TPS_OUTCOME_PASSED, 10 * MS}, TPS_CHANGE_FASTER},
    {"no time is no change",
     {TPS_OUTCOME_PASSED, TPS_TIME_UNKNOWN},
     {TPS_OUTCOME_PASSED, 900 * MS},
     TPS_CHANGE_LAST},
    {"longest of all", {TPS_OUTCOME_PASSED, 0}, {TPS_OUTCOME_PASSED, INT64_MAX}, TPS_CHANGE_SLOWER},
    {"added", {-1, 0}, {TPS_OUTCOME_PASSED, 0}, TPS_CHANGE_ADDED},
    {"removed", {TPS_OUTCOME_FAILED, 0}, {-1, 0}, TPS_CHANGE_REMOVED},
};

static TpsReport *report_of(const Side *side)
{
    TpsReport *report = tps_report_new("r", false);

    if (side->outcome >= 0)
        tps_report_add_result(report, "s",
                              tps_result_new("t", (TpsOutcome)side->outcome, side->time_us));
    return report;
}

START_TEST(each_change_is_told_once)
{
    g_autoptr(TpsReport) before = report_of(&cases[_i].before);
    g_autoptr(TpsReport) after = report_of(&cases[_i].after);
    g_autoptr(TpsComparison) comparison = tps_compare(before, after, &slowness, NULL);

    for (int kind = 0; kind < TPS_CHANGE_LAST; kind++)
        ck_assert_msg(comparison->changes[kind]->len == (kind == (int)cases[_i].kind), "%s: %u %s",
                      cases[_i].what, comparison->changes[kind]->len,
                      tps_change_name((TpsChangeKind)kind));
}
END_TEST

/* "a" + "b:c" is not "a:b" + "c", whatever is put between them. */
START_TEST(a_suite_and_a_name_are_two_words)
{
    g_autoptr(TpsReport) before = tps_report_new("r", false);
    g_autoptr(TpsReport) after = tps_report_new("r", false);
    g_autoptr(TpsComparison) comparison = NULL;

    tps_report_add_result(before, "a", tps_result_new("b:c", TPS_OUTCOME_PASSED, 0));
    tps_report_add_result(after, "a:b", tps_result_new("c", TPS_OUTCOME_PASSED, 0));
    comparison = tps_compare(before, after, &slowness, NULL);
    ck_assert_uint_eq(comparison->changes[TPS_CHANGE_ADDED]->len, 1);
    ck_assert_uint_eq(comparison->changes[TPS_CHANGE_REMOVED]->len, 1);
}
END_TEST

START_TEST(the_slowest_comes_first)
{
    static const int64_t after_ms[] = {500, 900, 700, 900};
    static const char *const order[] = {"t1", "t3", "t2", "t0"};
    g_autoptr(TpsReport) before = tps_report_new("r", false);
    g_autoptr(TpsReport) after = tps_report_new("r", false);
    g_autoptr(TpsComparison) comparison = NULL;

    for (guint i = 0; i < G_N_ELEMENTS(after_ms); i++) {
        g_autofree char *id = g_strdup_printf("t%u", i);

        tps_report_add_result(before, "s", tps_result_new(id, TPS_OUTCOME_PASSED, 100 * MS));
        tps_report_add_result(after, "s", tps_result_new(id, TPS_OUTCOME_PASSED, after_ms[i] * MS));
    }
    comparison = tps_compare(before, after, &slowness, NULL);
    ck_assert_int_eq(comparison->before_us, 400 * MS);
    ck_assert_int_eq(comparison->after_us, 3000 * MS);
    for (guint i = 0; i < G_N_ELEMENTS(order); i++) {
        const TpsChange *change = g_ptr_array_index(comparison->changes[TPS_CHANGE_SLOWER], i);

        ck_assert_str_eq(change->id, order[i]);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("compare");
    TCase *tcase = tcase_create("compare");

    tcase_add_loop_test(tcase, each_change_is_told_once, 0, G_N_ELEMENTS(cases));
    tcase_add_test(tcase, a_suite_and_a_name_are_two_words);
    tcase_add_test(tcase, the_slowest_comes_first);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
