/* SPDX-License-Identifier: MIT */
#include "adapters/frameworks/outcome_internal.h"
#include "adapters/readers/record.h"
#include "tests/adapters/definitions.h"
#include "tests/unit.h"

#define DEFINITION(report, more)                                                                   \
    "summary: s\nrun: {command: [x, '{id}']}\nreport: {reader: json-lines, id: '{id}', " report    \
    "}\n" more

/* "name=value name=value" */
static GHashTable *make_record(const char *fields)
{
    GHashTable *record = tps_record_new();
    g_auto(GStrv) field = g_strsplit(fields, ";", -1);

    for (char **one = field; *one; one++) {
        g_auto(GStrv) pair = g_strsplit(*one, "=", 2);

        tps_record_set(record, pair[0], pair[1]);
    }
    return record;
}

#define STATUS "outcome: '{status}'"

static const struct {
    const char *report;
    const char *record;
    TpsOutcome outcome;
    int64_t time_us;
} records[] = {
    {STATUS, "status=passed", TPS_OUTCOME_PASSED, -1},
    {STATUS, "status=skipped", TPS_OUTCOME_SKIPPED, -1},
    {STATUS, "status=failed", TPS_OUTCOME_FAILED, -1},
    {STATUS, "status=error", TPS_OUTCOME_ERROR, -1},
    {STATUS, "status=new word", TPS_OUTCOME_ERROR, -1},
    {STATUS, "", TPS_OUTCOME_ERROR, -1}, /* never a pass */
    {STATUS, "status=flaky", TPS_OUTCOME_ERROR, -1},
    {STATUS ", words: {passed: ok}", "status=ok", TPS_OUTCOME_PASSED, -1},
    {STATUS ", words: {passed: ok}", "status=okay", TPS_OUTCOME_ERROR, -1},
    {STATUS ", words: {passed: ok*}", "status=okay", TPS_OUTCOME_PASSED, -1},
    {STATUS ", words: {passed: 'o?'}", "status=o\xF0", TPS_OUTCOME_PASSED, -1},
    {STATUS ", words: {passed: '*', failed: bad}", "status=bad", TPS_OUTCOME_PASSED, -1},
    {STATUS ", words: {skipped: 'x*', failed: 'x*'}", "status=xy", TPS_OUTCOME_SKIPPED, -1},
    {STATUS ", words: {failed: passed}", "status=passed", TPS_OUTCOME_FAILED, -1},
    {STATUS ", words: {passed: ''}", "", TPS_OUTCOME_PASSED, -1},
    {STATUS ", seconds: '{t}'", "status=passed;t=1.5", TPS_OUTCOME_PASSED, 1500000},
    {STATUS ", milliseconds: '{t}'", "status=passed;t=1.5", TPS_OUTCOME_PASSED, 1500},
    {STATUS ", microseconds: '{t}'", "status=passed;t=7", TPS_OUTCOME_PASSED, 7},
    {STATUS ", nanoseconds: '{t}'", "status=passed;t=7499", TPS_OUTCOME_PASSED, 7},
    {STATUS ", seconds: '{t}'", "status=passed;t=", TPS_OUTCOME_PASSED, -1},
    {STATUS ", seconds: '{t}'", "status=passed;t=soon", TPS_OUTCOME_PASSED, -1},
    {STATUS ", seconds: '{t}'", "status=passed;t=-1", TPS_OUTCOME_PASSED, -1},
    {STATUS ", seconds: '{t}'", "status=passed;t=nan", TPS_OUTCOME_PASSED, -1},
    {STATUS ", seconds: '{t}'", "status=passed;t=inf", TPS_OUTCOME_PASSED, -1},
    {STATUS ", seconds: '{t}'", "status=passed;t=1e300", TPS_OUTCOME_PASSED, -1},
    {STATUS ", seconds: '{t}'", "status=passed;t=0", TPS_OUTCOME_PASSED, 0},
};

START_TEST(understands_records)
{
    g_autofree char *text = g_strdup_printf(DEFINITION("%s", ""), records[_i].report);
    g_autoptr(TpsFramework) framework = made_framework(text);
    g_autoptr(GHashTable) record = make_record(records[_i].record);
    g_autoptr(TpsResult) result = tps_result_from_record(&framework->report, record);

    ck_assert_str_eq(tps_outcome_name(result->outcome), tps_outcome_name(records[_i].outcome));
    ck_assert_int_eq(result->time_us, records[_i].time_us);
}
END_TEST

START_TEST(takes_what_a_record_says)
{
    g_autoptr(TpsFramework) framework = made_framework(
        DEFINITION(STATUS ", message: '{m}', text: '{t|none}', output: '{o}', file: '{f}'", ""));
    g_autoptr(GHashTable) record = make_record("id=a;status=failed;m=why;o=;f=x.c;line=12");
    g_autoptr(TpsResult) result = tps_result_from_record(&framework->report, record);

    ck_assert_str_eq(result->id, "a");
    ck_assert_str_eq(result->message, "why");
    ck_assert_str_eq(result->text, "none");
    ck_assert_ptr_null(result->output);
    ck_assert_str_eq(result->file, "x.c");
    ck_assert_int_eq(result->line, 12);
}
END_TEST

START_TEST(an_unknown_word_is_told)
{
    g_autoptr(TpsFramework) framework = made_framework(DEFINITION(STATUS, ""));
    g_autoptr(GHashTable) record = make_record("id=a;status=exploded");
    g_autoptr(TpsResult) result = tps_result_from_record(&framework->report, record);

    ck_assert_str_eq(result->id, "a");
    ck_assert_str_eq(result->message, "it reports the outcome 'exploded', which nobody knows");
}
END_TEST

START_TEST(understands_progress)
{
    g_autoptr(TpsFramework) framework =
        made_framework(DEFINITION(STATUS, "progress: {start: '(?<id>x)', end: y, words: {passed: "
                                          "OK}}\n"));
    g_autoptr(GHashTable) good = make_record("id=a;outcome=OK;milliseconds=3;text=t");
    g_autoptr(GHashTable) bad = make_record("id=b;outcome=failed;seconds=1;text=t");
    g_autoptr(TpsResult) one = tps_result_from_progress(&framework->progress, good);
    g_autoptr(TpsResult) two = tps_result_from_progress(&framework->progress, bad);

    ck_assert_int_eq(one->outcome, TPS_OUTCOME_PASSED);
    ck_assert_int_eq(one->time_us, 3000);
    ck_assert_ptr_null(one->text);
    ck_assert_int_eq(two->outcome, TPS_OUTCOME_FAILED);
    ck_assert_int_eq(two->time_us, 1000000);
    ck_assert_str_eq(two->text, "t");
}
END_TEST

static const struct {
    const char *exit;
    TpsEnd end;
    int code;
    TpsOutcome outcome;
} exits[] = {
    {"", TPS_END_EXITED, 0, TPS_OUTCOME_PASSED},
    {"", TPS_END_EXITED, 3, TPS_OUTCOME_FAILED},
    {"exit: {passed: 3}\n", TPS_END_EXITED, 3, TPS_OUTCOME_PASSED},
    {"exit: {passed: 3}\n", TPS_END_EXITED, 0, TPS_OUTCOME_FAILED},
    {"exit: {skipped: 77}\n", TPS_END_EXITED, 77, TPS_OUTCOME_SKIPPED},
    {"exit: {no_tests: 5}\n", TPS_END_EXITED, 5, TPS_OUTCOME_SKIPPED},
    {"exit: {failed: 1}\n", TPS_END_EXITED, 1, TPS_OUTCOME_FAILED},
    {"exit: {failed: 1}\n", TPS_END_EXITED, 2, TPS_OUTCOME_ERROR},
    {"exit: {failed: any}\n", TPS_END_EXITED, 2, TPS_OUTCOME_FAILED},
    {"exit: {failed: any}\n", TPS_END_EXITED, 0, TPS_OUTCOME_PASSED},
    {"exit: {passed: any}\n", TPS_END_SIGNALED, 11, TPS_OUTCOME_ERROR},
    {"", TPS_END_TIMEOUT, 0, TPS_OUTCOME_ERROR},
};

START_TEST(understands_exit_statuses)
{
    g_autofree char *text = g_strdup_printf(DEFINITION(STATUS, "%s"), exits[_i].exit);
    g_autoptr(TpsFramework) framework = made_framework(text);
    TpsExit exit = {.end = exits[_i].end, .code = exits[_i].code};

    ck_assert_int_eq(tps_outcome_from_exit(framework, &exit), exits[_i].outcome);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("outcome");
    TCase *tcase = tcase_create("outcome");

    tcase_add_loop_test(tcase, understands_records, 0, G_N_ELEMENTS(records));
    tcase_add_test(tcase, takes_what_a_record_says);
    tcase_add_test(tcase, an_unknown_word_is_told);
    tcase_add_test(tcase, understands_progress);
    tcase_add_loop_test(tcase, understands_exit_statuses, 0, G_N_ELEMENTS(exits));
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
