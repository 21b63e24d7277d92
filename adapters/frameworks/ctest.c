/* SPDX-License-Identifier: MIT */
#include "adapters/frameworks/ctest_internal.h"
#include "adapters/frameworks/support_internal.h"
#include "core/error.h"
#include "formats/files.h"
#include "formats/json.h"

#include <stdlib.h>
#include <string.h>

/* --test-dir needs ctest 3.20, --output-junit 3.21. */
static TpsInvocation *start(const TpsSuite *suite)
{
    TpsInvocation *invocation = tps_invocation_new();

    if (suite->command)
        tps_invocation_add_all(invocation, suite->command);
    else
        tps_invocation_add(invocation, "ctest", NULL);
    tps_invocation_add_all(invocation, suite->args);
    tps_invocation_add(invocation, "--test-dir", suite->path ? suite->path : ".", NULL);
    return invocation;
}

static TpsInvocation *list(const TpsSuite *suite, const char *dir, GError **error)
{
    TpsInvocation *invocation = start(suite);

    (void)error;
    tps_invocation_add(invocation, "--show-only=json-v1", NULL);
    invocation->stdout_path = tps_dir_output(dir, "list.json");
    return invocation;
}

/* A name may be used once per directory of a project: the second one becomes "name#2". */
static char *unique_id(GHashTable *used, const char *name)
{
    guint times = GPOINTER_TO_UINT(g_hash_table_lookup(used, name)) + 1;

    g_hash_table_replace(used, g_strdup(name), GUINT_TO_POINTER(times));
    return times > 1 ? g_strdup_printf("%s#%u", name, times) : g_strdup(name);
}

static GHashTable *used_names_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

/* ctest addresses tests by their place in this very listing, counted from 1. */
static bool add_testcase(GPtrArray *testcases, GHashTable *used, const cJSON *test, GError **error)
{
    g_autofree char *id = NULL;
    TpsTestcase *testcase;
    const char *name;

    if (!tps_json_get_string(test, "name", &name, error))
        return false;
    id = unique_id(used, name);
    testcase = tps_testcase_new(id);
    testcase->selector = g_strdup_printf("%u", testcases->len + 1);
    g_ptr_array_add(testcases, testcase);
    return true;
}

static GPtrArray *read_tests(const cJSON *tests, GError **error)
{
    g_autoptr(GPtrArray) testcases = tps_testcases_new();
    g_autoptr(GHashTable) used = used_names_new();
    const cJSON *test;

    cJSON_ArrayForEach(test, tests)
    {
        if (!add_testcase(testcases, used, test, error))
            return NULL;
    }
    tps_ctest_group(tests, testcases);
    return g_steal_pointer(&testcases);
}

/* "Internal ctest changing into directory" precedes the listing on standard output. */
static cJSON *load_listing(const char *path, GError **error)
{
    g_autofree char *text = NULL;
    const char *start;

    if (!g_file_get_contents(path, &text, NULL, NULL))
        text = g_strdup("");
    start = strchr(text, '{');
    return start ? tps_json_parse(start, strlen(start), error) : tps_json_parse("", 0, error);
}

static GPtrArray *read_list(const TpsSuite *suite, const char *dir, const TpsExit *exit,
                            GError **error)
{
    g_autofree char *path = tps_dir_file(dir, "list.json");
    g_autoptr(GError) why = NULL;
    g_autoptr(cJSON) root = NULL;
    const cJSON *tests;
    GPtrArray *testcases = NULL;

    (void)suite;
    if (!tps_listing_exited(exit, 0, error))
        return NULL;
    root = load_listing(path, &why);
    if (root && tps_json_get_array(root, "tests", &tests, &why))
        testcases = read_tests(tests, &why);
    if (!testcases)
        g_set_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK, "cannot read what ctest listed: %s",
                    why->message);
    return testcases;
}

/*
 * "0,0,0," and the places of the tests. The newline is needed: ctest reads one character less than
 * the file has (SetTestsToRunInformation, 3.25), and place 15 would become place 1.
 */
static char *write_places(const GPtrArray *testcases, const char *dir, GError **error)
{
    g_autofree char *path = tps_dir_file(dir, "select");
    g_autoptr(GString) places = g_string_new("0,0,0");

    for (guint i = 0; i < testcases->len; i++) {
        const TpsTestcase *testcase = g_ptr_array_index(testcases, i);

        g_string_append_printf(places, ",%s", testcase->selector);
    }
    g_string_append_c(places, '\n');
    return tps_file_write(path, places->str, places->len, error) ? g_steal_pointer(&path) : NULL;
}

static GPtrArray *select_testcases(const TpsSuite *suite, const GPtrArray *testcases, bool all,
                                   const char *dir, GError **error)
{
    g_autoptr(TpsInvocation) invocation = start(suite);
    g_autofree char *places = all ? NULL : write_places(testcases, dir, error);

    if (!all && !places)
        return NULL;
    invocation->report_path = tps_dir_output(dir, "report.xml");
    if (places)
        tps_invocation_add(invocation, "-I", places, NULL);
    tps_invocation_add(invocation, "-j1", "--no-tests=error", "--output-junit",
                       invocation->report_path, NULL);
    return tps_invocations_of(g_steal_pointer(&invocation));
}

/* Those that have a TIMEOUT of their own keep it. ctest takes whole seconds. */
static void limit_testcases(const TpsSuite *suite, TpsInvocation *invocation)
{
    g_autofree char *seconds = tps_whole_seconds(suite->testcase_timeout_us);

    tps_invocation_add(invocation, "--timeout", seconds, NULL);
}

/*
 * ctest calls everything "skipped" that it did not run. Only what asked for it is: disabled, or by
 * SKIP_RETURN_CODE and SKIP_REGULAR_EXPRESSION. A missing program or a failed fixture is an error.
 */
static void correct_outcome(const TpsJunitCase *testcase)
{
    TpsResult *result = testcase->result;
    const char *status = testcase->status ? testcase->status : "";

    if (strcmp(status, "disabled") == 0)
        result->outcome = TPS_OUTCOME_SKIPPED;
    else if (strcmp(status, "notrun") == 0 &&
             !(result->message && g_str_has_prefix(result->message, "SKIP_")))
        result->outcome = TPS_OUTCOME_ERROR;
    else if (strcmp(status, "fail") == 0 && !tps_outcome_is_bad(result->outcome))
        result->outcome = TPS_OUTCOME_FAILED;
}

/* ctest writes a line end raw into an attribute, and XML makes a blank of it. */
static char *attribute_text(const char *name)
{
    return g_strdelimit(g_strdup(name), "\t\r\n", ' ');
}

/* What is reported under a name belongs to the selected tests of that name, one after the other. */
static GHashTable *ids_by_name(const GPtrArray *testcases)
{
    GHashTable *ids =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_free);
    for (guint i = 0; i < testcases->len; i++) {
        const TpsTestcase *testcase = g_ptr_array_index(testcases, i);

        g_hash_table_replace(ids, attribute_text(testcase->id), g_strdup(testcase->id));
    }
    return ids;
}

static TpsFrameworkReport *read_report(const TpsSuite *suite, const GPtrArray *testcases,
                                       const TpsInvocation *invocation, const TpsExit *exit)
{
    TpsFrameworkReport *report = tps_framework_report_new();
    g_autoptr(TpsJunit) junit = tps_report_open(report, invocation->report_path, exit);
    g_autoptr(GPtrArray) cases = junit ? tps_junit_all_cases(junit) : g_ptr_array_new();
    g_autoptr(GHashTable) ids = ids_by_name(testcases);
    g_autoptr(GHashTable) used = used_names_new();

    (void)suite;
    for (guint i = 0; i < cases->len; i++) {
        TpsJunitCase *testcase = g_ptr_array_index(cases, i);
        g_autofree char *name = unique_id(used, testcase->name);
        const char *id = g_hash_table_lookup(ids, name);

        correct_outcome(testcase);
        tps_report_take(report, testcase, id ? id : name);
    }
    return report;
}

const TpsFramework tps_framework_ctest = {
    .name = "ctest",
    .summary = "CMake's ctest, 3.21 or newer, given a build directory; cut at fixtures and locks",
    .default_unit = TPS_UNIT_CLASS,
    .finest_unit = TPS_UNIT_CLASS,
    .list = list,
    .read_list = read_list,
    .select = select_testcases,
    .limit_testcases = limit_testcases,
    .read_report = read_report,
};
