/* SPDX-License-Identifier: MIT */
#include "formats/json.h"
#include "formats/report/testplan_internal.h"
#include "tests/report_sample.h"
#include "tests/report_text.h"
#include "tests/unit.h"

#include <string.h>

static const struct {
    const char *id;
    const char *suite;
    const char *testcase;
} splits[] = {
    {"Suite:case", "Suite", "case"},
    {"tests/test_a.py::test_one", "tests/test_a.py", "test_one"},
    {"tests/test_a.py::Class::test_one[a::b/c]", "tests/test_a.py::Class", "test_one[a::b/c]"},
    {"a.test.ts > group > name: of it", "a.test.ts > group", "name: of it"},
    {"Suite.Case", "Suite", "Case"},
    {"pkg.mod.Class.test", "pkg.mod.Class", "test"},
    {"TestX/sub.1", "TestX", "sub.1"},
    {"Class#test_x", "Class", "test_x"},
    {"plain", "", "plain"},
    {"plain (a.b)", "", "plain (a.b)"},
    {"::", "", "::"},
    {":x", "", ":x"},
    {"x:", "", "x:"},
    {"", "", ""},
};

START_TEST(an_id_in_two)
{
    size_t separator;
    size_t length = tps_testplan_split(splits[_i].id, &separator);
    g_autofree char *suite = g_strndup(splits[_i].id, length);

    ck_assert_str_eq(suite, splits[_i].suite);
    ck_assert_str_eq(splits[_i].id + length + separator, splits[_i].testcase);
}
END_TEST

START_TEST(uids_differ_when_ids_do)
{
    g_autofree char *bad = tps_testplan_uid("a\xff");
    g_autofree char *good = tps_testplan_uid("a%FF");
    g_autofree char *other = tps_testplan_uid("a\xfe\xc3\xa9");

    ck_assert_str_eq(bad, "a%FF");
    ck_assert_str_eq(good, "a%25FF");
    ck_assert_str_eq(other, "a%FE\xc3\xa9");
}
END_TEST

static const char *member(const cJSON *object, const char *key)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));
}

static const cJSON *entry(const cJSON *object, int i)
{
    return cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(object, "entries"), i);
}

START_TEST(the_tree)
{
    g_autoptr(TpsReport) report = sample_report("plain", true);
    g_autofree char *text = report_text(report, "testplan");
    g_autoptr(cJSON) root = cJSON_Parse(text);
    const cJSON *multitest = entry(root, 0);
    const cJSON *failed = entry(entry(multitest, 0), 1);
    const cJSON *skipped = entry(entry(multitest, 1), 0);

    ck_assert_str_eq(member(root, "category"), "testplan");
    ck_assert_str_eq(member(root, "status"), "error");
    ck_assert_str_eq(member(multitest, "category"), "multitest");
    ck_assert_str_eq(member(multitest, "definition_name"), "api");
    ck_assert(cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(multitest, "part")));
    ck_assert_str_eq(member(entry(multitest, 0), "category"), "testsuite");
    ck_assert_str_eq(member(entry(multitest, 0), "name"), "tests/test_a.py");
    ck_assert_str_eq(member(failed, "name"), "test_two[1-x]");
    ck_assert_str_eq(member(failed, "uid"), "tests/test_a.py::test_two[1-x]");
    ck_assert_str_eq(member(failed, "status"), "failed");
    ck_assert_str_eq(member(entry(failed, 0), "description"), "1 != 2");
    ck_assert_str_eq(member(skipped, "status_override"), "skipped");
}
END_TEST

/* A testsuite that comes again is another group with another uid. */
START_TEST(a_testsuite_comes_again)
{
    g_autoptr(TpsReport) report = tps_report_new("r", true);
    TpsReportSuite *suite = tps_report_add_suite(report, "s");
    g_autofree char *text = NULL;
    g_autoptr(cJSON) root = NULL;

    sample_add(suite, "A:1", TPS_OUTCOME_PASSED, 0);
    sample_add(suite, "B:1", TPS_OUTCOME_PASSED, 0);
    sample_add(suite, "A:2", TPS_OUTCOME_PASSED, 0);
    sample_add(suite, "A:3", TPS_OUTCOME_PASSED, 0);
    tps_report_finish(report);
    text = report_text(report, "testplan");
    root = cJSON_Parse(text);
    ck_assert_str_eq(member(entry(entry(root, 0), 0), "uid"), "A");
    ck_assert_str_eq(member(entry(entry(root, 0), 1), "uid"), "B");
    ck_assert_str_eq(member(entry(entry(root, 0), 2), "uid"), "A [2]");
    ck_assert_ptr_nonnull(entry(entry(entry(root, 0), 2), 1));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("formats/report_testplan");
    TCase *cases = tcase_create("testplan");

    tcase_add_loop_test(cases, an_id_in_two, 0, G_N_ELEMENTS(splits));
    tcase_add_test(cases, uids_differ_when_ids_do);
    tcase_add_test(cases, the_tree);
    tcase_add_test(cases, a_testsuite_comes_again);
    suite_add_tcase(suite, cases);
    return unit_main(suite);
}
