/* SPDX-License-Identifier: MIT */
#include "adapters/frameworks/googletest_internal.h"
#include "adapters/frameworks/support_internal.h"
#include "core/error.h"
#include "formats/files.h"
#include "formats/json.h"

#include <string.h>

/* What other tools tell a test program through its environment would change what it runs. */
static const char *const foreign[] = {
    "GTEST_FILTER",       "GTEST_OUTPUT",
    "GTEST_REPEAT",       "GTEST_LIST_TESTS",
    "GTEST_BRIEF",        "GTEST_FLAGFILE",
    "GTEST_TOTAL_SHARDS", "GTEST_SHARD_INDEX",
    "TEST_TOTAL_SHARDS",  "GTEST_SHARD_STATUS_FILE",
    "TEST_SHARD_INDEX",   "TEST_SHARD_STATUS_FILE",
    "XML_OUTPUT_FILE",    "TESTBRIDGE_TEST_ONLY",
};

static TpsInvocation *start(const TpsSuite *suite, const char *dir, const char *report,
                            GError **error)
{
    g_autoptr(TpsInvocation) invocation = tps_invocation_new();
    g_autofree char *output = NULL;

    if (!tps_suite_add_program(suite, invocation, error))
        return NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(foreign); i++)
        tps_invocation_add_env(invocation, foreign[i], NULL);
    invocation->report_path = tps_dir_output(dir, report);
    output = g_strconcat("--gtest_output=xml:", invocation->report_path, NULL);
    tps_invocation_add(invocation, "--gtest_color=no", output, NULL);
    return g_steal_pointer(&invocation);
}

/* The XML form of the listing, because the JSON form encodes UTF-8 names twice (1.12). */
static TpsInvocation *list(const TpsSuite *suite, const char *dir, GError **error)
{
    TpsInvocation *invocation = start(suite, dir, "list.xml", error);

    if (invocation)
        tps_invocation_add(invocation, "--gtest_list_tests", NULL);
    return invocation;
}

static void add_suite(GPtrArray *testcases, const TpsJunitSuite *suite)
{
    for (guint i = 0; i < suite->cases->len; i++) {
        const TpsJunitCase *found = g_ptr_array_index(suite->cases, i);
        g_autofree char *id = g_strjoin(".", suite->name, found->name, NULL);
        TpsTestcase *testcase = tps_testcase_new(id);

        testcase->group = g_strdup(suite->name);
        testcase->file = g_strdup(found->result->file);
        testcase->line = found->result->line;
        g_ptr_array_add(testcases, testcase);
    }
}

static GPtrArray *read_list(const TpsSuite *suite, const char *dir, const TpsExit *exit,
                            GError **error)
{
    g_autofree char *path = tps_dir_file(dir, "list.xml");
    g_autoptr(TpsJunit) junit = NULL;
    g_autoptr(GPtrArray) testcases = NULL;

    (void)suite;
    if (!tps_listing_exited(exit, 0, error))
        return NULL;
    junit = tps_junit_read(path, NULL);
    if (!junit || junit->problem) {
        tps_listing_fail(exit,
                         junit ? junit->problem
                               : "it wrote no listing; googletest 1.10 or newer is needed",
                         error);
        return NULL;
    }
    testcases = tps_testcases_new();
    for (guint i = 0; i < junit->suites->len; i++)
        add_suite(testcases, g_ptr_array_index(junit->suites, i));
    return g_steal_pointer(&testcases);
}

/* A file, because one argument ends at 128 KiB. Names hold none of the filter's own characters. */
static char *write_filter(const GPtrArray *testcases, const char *dir, GError **error)
{
    g_autofree char *path = tps_dir_file(dir, "select");
    g_autoptr(GString) flags = g_string_new("--gtest_filter=");

    for (guint i = 0; i < testcases->len; i++) {
        const TpsTestcase *testcase = g_ptr_array_index(testcases, i);

        g_string_append_printf(flags, "%s%s", i > 0 ? ":" : "", testcase->id);
    }
    g_string_append_c(flags, '\n');
    return tps_file_write(path, flags->str, flags->len, error) ? g_steal_pointer(&path) : NULL;
}

static GPtrArray *select_testcases(const TpsSuite *suite, const GPtrArray *testcases, bool all,
                                   const char *dir, GError **error)
{
    g_autoptr(TpsInvocation) invocation = start(suite, dir, "report.xml", error);
    g_autofree char *filter = NULL;
    g_autofree char *flag = NULL;

    if (!invocation)
        return NULL;
    if (!all) {
        filter = write_filter(testcases, dir, error);
        if (!filter)
            return NULL;
        flag = g_strconcat("--gtest_flagfile=", filter, NULL);
        tps_invocation_add(invocation, flag, NULL);
    }
    return tps_invocations_of(g_steal_pointer(&invocation));
}

static TpsFrameworkReport *read_report(const TpsSuite *suite, const GPtrArray *testcases,
                                       const TpsInvocation *invocation, const TpsExit *exit)
{
    TpsFrameworkReport *report = tps_framework_report_new();
    g_autoptr(TpsJunit) junit = tps_report_open(report, invocation->report_path, exit);
    g_autoptr(GPtrArray) cases = junit ? tps_junit_all_cases(junit) : g_ptr_array_new();

    (void)suite;
    for (guint i = 0; i < cases->len; i++) {
        TpsJunitCase *testcase = g_ptr_array_index(cases, i);
        g_autofree char *id = g_strjoin(".", testcase->classname, testcase->name, NULL);

        if (g_strcmp0(testcase->status, "notrun") == 0)
            testcase->result->outcome = TPS_OUTCOME_SKIPPED;
        tps_report_take(report, testcase, id);
    }
    if (!junit || junit->problem)
        tps_googletest_read_console(testcases, exit, report);
    return report;
}

const TpsFramework tps_framework_googletest = {
    .name = "googletest",
    .summary = "a C++ program that uses googletest; cut at test suites",
    .default_unit = TPS_UNIT_CLASS,
    .finest_unit = TPS_UNIT_TESTCASE,
    .list = list,
    .read_list = read_list,
    .select = select_testcases,
    .read_report = read_report,
};
