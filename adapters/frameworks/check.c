/* SPDX-License-Identifier: MIT */
#include "adapters/frameworks/check_internal.h"
#include "adapters/frameworks/support_internal.h"
#include "core/error.h"

#include <string.h>
#include <sys/stat.h>

#define SHIM "check_list.so"

/* What Check was told outside: logs would be shared by parts, names would narrow the selection. */
static const char *const foreign[] = {
    "CK_LOG_FILE_NAME",
    "CK_TAP_LOG_FILE_NAME",
    "CK_RUN_SUITE",
    "CK_RUN_CASE",
};

static TpsInvocation *start(const TpsSuite *suite, const char *dir, const char *report,
                            GError **error)
{
    g_autoptr(TpsInvocation) invocation = tps_invocation_new();

    if (!tps_suite_add_program(suite, invocation, error))
        return NULL;
    invocation->report_path = tps_dir_output(dir, report);
    tps_invocation_add_env(invocation, "CK_XML_LOG_FILE_NAME", invocation->report_path);
    for (size_t i = 0; i < G_N_ELEMENTS(foreign); i++)
        tps_invocation_add_env(invocation, foreign[i], NULL);
    return g_steal_pointer(&invocation);
}

static void add_preload(const TpsSuite *suite, TpsInvocation *invocation, const char *shim)
{
    const char *old = tps_suite_getenv(suite, "LD_PRELOAD");
    const char *asan = tps_suite_getenv(suite, "ASAN_OPTIONS");
    g_autofree char *preload = g_strjoin(old && *old ? ":" : "", shim, old, NULL);
    /* Else a program built with a shared AddressSanitizer refuses to start behind our library. */
    g_autofree char *options =
        g_strconcat(asan ? asan : "", asan && *asan ? ":" : "", "verify_asan_link_order=0", NULL);

    tps_invocation_add_env(invocation, "LD_PRELOAD", preload);
    tps_invocation_add_env(invocation, "ASAN_OPTIONS", options);
    tps_invocation_add_env(invocation, "CK_FORK", "yes");
}

/* Test cases with a timeout of their own keep it. */
static void limit_testcases(const TpsSuite *suite, TpsInvocation *invocation)
{
    g_autofree char *seconds = tps_whole_seconds(suite->testcase_timeout_us);

    tps_invocation_add_env(invocation, "CK_DEFAULT_TIMEOUT", seconds);
}

/*
 * Check has no listing. A preloaded library ends each test's process before the test begins, and
 * the report names them all; what can't be preloaded is refused, for it would run its tests.
 */
static TpsInvocation *list(const TpsSuite *suite, const char *dir, GError **error)
{
    g_autoptr(TpsInvocation) invocation = start(suite, dir, "list.xml", error);
    g_autofree char *mark = tps_dir_output(dir, "mark");
    g_autofree char *shim = NULL;
    const char *problem;

    if (!invocation)
        return NULL;
    problem = tps_check_preload_problem(suite, g_ptr_array_index(invocation->argv, 0));
    if (problem) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK, "'%s' can't list its testcases: %s",
                    (char *)g_ptr_array_index(invocation->argv, 0), problem);
        return NULL;
    }
    shim = tps_resource_unpack(SHIM, dir, 0700, error);
    if (!shim)
        return NULL;
    if (strpbrk(shim, ": ")) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK,
                    "'%s' has a blank or a colon in its name and can't be in LD_PRELOAD", shim);
        return NULL;
    }
    add_preload(suite, invocation, shim);
    tps_invocation_add_env(invocation, "TPSCHED_CHECK_MARK", mark);
    return g_steal_pointer(&invocation);
}

/* The address of a tcase: Check takes the names of suite and tcase apart. */
static char *selector_of(const TpsCheckTest *test)
{
    return g_strjoin("\n", test->suite, test->tcase, NULL);
}

static GPtrArray *testcases_of(const GPtrArray *tests)
{
    GPtrArray *testcases = tps_testcases_new();

    for (guint i = 0; i < tests->len; i++) {
        const TpsCheckTest *test = g_ptr_array_index(tests, i);
        TpsTestcase *testcase = tps_testcase_new(test->result->id);

        testcase->group = g_strjoin(":", test->suite, test->tcase, NULL);
        testcase->selector = selector_of(test);
        g_ptr_array_add(testcases, testcase);
    }
    return testcases;
}

/* Our library was loaded, and every test went through it. */
static bool was_held(const char *dir)
{
    g_autofree char *mark = tps_dir_file(dir, "mark");
    struct stat status;

    return stat(mark, &status) == 0 && status.st_size > 0;
}

static GPtrArray *read_list(const TpsSuite *suite, const char *dir, const TpsExit *exit,
                            GError **error)
{
    g_autofree char *path = tps_dir_file(dir, "list.xml");
    g_autofree char *problem = NULL;
    g_autoptr(GPtrArray) tests = NULL;

    (void)suite;
    if (exit->end != TPS_END_EXITED || !g_file_test(path, G_FILE_TEST_EXISTS)) {
        tps_listing_fail(exit, "it wrote no Check report to list its testcases from", error);
        return NULL;
    }
    tests = tps_check_xml_read(path, &problem);
    if (problem) {
        tps_listing_fail(exit, problem, error);
        return NULL;
    }
    if (tests->len > 0 && !was_held(dir)) {
        tps_listing_fail(exit, "it can't list its testcases without running them", error);
        return NULL;
    }
    return testcases_of(tests);
}

/* Check runs one suite's one tcase, or everything: exact names, one of each per process. */
static TpsInvocation *run_tcase(const TpsSuite *suite, const char *selector, guint number,
                                const char *dir, GError **error)
{
    g_autofree char *report = g_strdup_printf("report-%u.xml", number);
    TpsInvocation *invocation = start(suite, dir, report, error);
    g_auto(GStrv) names = selector ? g_strsplit(selector, "\n", 2) : NULL;

    if (invocation && names) {
        tps_invocation_add_env(invocation, "CK_RUN_SUITE", names[0]);
        tps_invocation_add_env(invocation, "CK_RUN_CASE", names[1]);
    }
    return invocation;
}

static GPtrArray *select_testcases(const TpsSuite *suite, const GPtrArray *testcases, bool all,
                                   const char *dir, GError **error)
{
    g_autoptr(GPtrArray) invocations =
        g_ptr_array_new_with_free_func((GDestroyNotify)tps_invocation_free);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < (all ? 1 : testcases->len); i++) {
        const TpsTestcase *testcase = all ? NULL : g_ptr_array_index(testcases, i);
        TpsInvocation *invocation;

        if (testcase && !g_hash_table_add(seen, testcase->selector))
            continue;
        invocation =
            run_tcase(suite, testcase ? testcase->selector : NULL, invocations->len, dir, error);
        if (!invocation)
            return NULL;
        g_ptr_array_add(invocations, invocation);
    }
    return g_steal_pointer(&invocations);
}

static TpsFrameworkReport *read_report(const TpsSuite *suite, const GPtrArray *testcases,
                                       const TpsInvocation *invocation, const TpsExit *exit)
{
    TpsFrameworkReport *report = tps_framework_report_new();
    g_autofree char *problem = NULL;
    g_autoptr(GPtrArray) tests = NULL;

    (void)suite;
    (void)testcases;
    if (!g_file_test(invocation->report_path, G_FILE_TEST_EXISTS)) {
        tps_report_missing(report, exit);
        return report;
    }
    tests = tps_check_xml_read(invocation->report_path, &problem);
    if (problem)
        tps_report_problem(report, "the report is damaged: %s", problem);
    tps_report_end(report, exit);
    for (guint i = 0; i < tests->len; i++) {
        TpsCheckTest *test = g_ptr_array_index(tests, i);

        g_ptr_array_add(report->results, g_steal_pointer(&test->result));
    }
    return report;
}

const TpsFramework tps_framework_check = {
    .name = "check",
    .summary = "a C program that uses libcheck; cut at tcases",
    .default_unit = TPS_UNIT_CLASS,
    .finest_unit = TPS_UNIT_CLASS,
    .list = list,
    .read_list = read_list,
    .select = select_testcases,
    .limit_testcases = limit_testcases,
    .read_report = read_report,
};
