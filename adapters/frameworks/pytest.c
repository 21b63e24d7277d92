/* SPDX-License-Identifier: MIT */
#include "adapters/frameworks/pytest_journal_internal.h"
#include "adapters/frameworks/support_internal.h"
#include "core/duration.h"
#include "core/error.h"
#include "formats/json.h"

#include <string.h>

#define PLUGIN "tpsched_pytest"

/*
 * The plugin is found through PYTHONPATH, in front of what the suite has there already. A colon
 * separates directories and can't be escaped.
 */
static bool add_plugin(const TpsSuite *suite, TpsInvocation *invocation, const char *dir,
                       GError **error)
{
    g_autofree char *plugin = tps_resource_unpack(PLUGIN ".py", dir, 0600, error);
    g_autofree char *home = plugin ? g_path_get_dirname(plugin) : NULL;
    const char *old = tps_suite_getenv(suite, "PYTHONPATH");
    g_autofree char *path = g_strjoin(old && *old ? ":" : "", home, old, NULL);

    if (!plugin)
        return false;
    if (strchr(home, ':')) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK,
                    "'%s' has a colon in its name and can't be in PYTHONPATH", home);
        return false;
    }
    tps_invocation_add_env(invocation, "PYTHONPATH", path);
    return true;
}

/*
 * A cache of its own instead of "-p no:cacheprovider": parts must not share one, but options like
 * --lf and the fixture `cache` must go on to exist.
 */
static TpsInvocation *start(const TpsSuite *suite, const char *dir, GError **error)
{
    g_autoptr(TpsInvocation) invocation = tps_invocation_new();
    g_autofree char *cache_dir = tps_dir_file(dir, "cache");
    g_autofree char *cache = g_strconcat("cache_dir=", cache_dir, NULL);

    if (suite->command)
        tps_invocation_add_all(invocation, suite->command);
    else
        tps_invocation_add(invocation, "python3", "-m", "pytest", NULL);
    tps_invocation_add_all(invocation, suite->args);
    tps_invocation_add(invocation, "-p", PLUGIN, "-q", "-o", cache, NULL);
    if (!add_plugin(suite, invocation, dir, error))
        return NULL;
    return g_steal_pointer(&invocation);
}

/* No path leaves the choice to pytest: `testpaths` of the project, else everything below cwd. */
static TpsInvocation *finish(TpsInvocation *invocation, const TpsSuite *suite)
{
    if (suite->path)
        tps_invocation_add(invocation, suite->path, NULL);
    return invocation;
}

static TpsInvocation *list(const TpsSuite *suite, const char *dir, GError **error)
{
    TpsInvocation *invocation = start(suite, dir, error);
    g_autofree char *listing = tps_dir_output(dir, "list");

    if (!invocation)
        return NULL;
    tps_invocation_add_env(invocation, "TPSCHED_LIST", listing);
    tps_invocation_add_env(invocation, "TPSCHED_SELECT", NULL);
    tps_invocation_add_env(invocation, "TPSCHED_JOURNAL", NULL);
    tps_invocation_add_env(invocation, "TPSCHED_UNTIL", NULL);
    tps_invocation_add(invocation, "--collect-only", NULL);
    return finish(invocation, suite);
}

static TpsTestcase *read_testcase(const char *line, GError **error)
{
    g_autoptr(cJSON) object = tps_json_parse(line, strlen(line), error);
    g_autoptr(TpsTestcase) testcase = NULL;
    const char *id;
    const char *file;
    const char *class;

    if (!object || !tps_json_get_string(object, "id", &id, error) ||
        !tps_json_get_string(object, "file", &file, error) ||
        !tps_json_get_string(object, "class", &class, error))
        return NULL;
    testcase = tps_testcase_new(id);
    testcase->file = g_strdup(file);
    testcase->group = g_strjoin("::", file, class, NULL);
    if (!tps_json_maybe_int(object, "line", 0, G_MAXINT, 0, &testcase->line, error))
        return NULL;
    return g_steal_pointer(&testcase);
}

static GPtrArray *read_lines(char *text, GError **error)
{
    g_autoptr(GPtrArray) testcases = tps_testcases_new();
    char *end;

    for (char *line = text; (end = strchr(line, '\n')); line = end + 1) {
        TpsTestcase *testcase;

        *end = '\0';
        testcase = read_testcase(line, error);
        if (!testcase) {
            g_prefix_error(error, "cannot read what pytest listed: ");
            return NULL;
        }
        g_ptr_array_add(testcases, testcase);
    }
    return g_steal_pointer(&testcases);
}

/* Exit status 5 is an empty collection, which is_sound() of the caller has words for. */
#define EXIT_NO_TESTS 5

static GPtrArray *read_list(const TpsSuite *suite, const char *dir, const TpsExit *exit,
                            GError **error)
{
    g_autofree char *listing = tps_dir_file(dir, "list");
    g_autofree char *text = NULL;

    (void)suite;
    if (exit->end == TPS_END_EXITED && exit->code == EXIT_NO_TESTS)
        return tps_testcases_new();
    if (!tps_listing_exited(exit, 0, error))
        return NULL;
    if (!g_file_get_contents(listing, &text, NULL, NULL)) {
        tps_listing_fail(exit, "pytest did not list its testcases", error);
        return NULL;
    }
    return read_lines(text, error);
}

static GPtrArray *select_testcases(const TpsSuite *suite, const GPtrArray *testcases, bool all,
                                   const char *dir, GError **error)
{
    g_autoptr(TpsInvocation) invocation = start(suite, dir, error);
    g_autofree char *selection = tps_dir_file(dir, "select");
    g_autofree char *journal = tps_dir_output(dir, "journal");
    g_autofree char *xml = NULL;

    (void)all; /* the ids are needed in any case: what is new since the listing must not run */
    if (!invocation || !tps_testcases_write(testcases, selection, error))
        return NULL;
    invocation->report_path = tps_dir_output(dir, "report.xml");
    xml = g_strconcat("--junitxml=", invocation->report_path, NULL);
    tps_invocation_add_env(invocation, "TPSCHED_LIST", NULL);
    tps_invocation_add_env(invocation, "TPSCHED_SELECT", selection);
    tps_invocation_add_env(invocation, "TPSCHED_JOURNAL", journal);
    tps_invocation_add_env(invocation, "TPSCHED_UNTIL", NULL);
    tps_invocation_add(invocation, xml, "-o", "junit_family=xunit1", "-o",
                       "junit_duration_report=total", NULL);
    return tps_invocations_of(finish(g_steal_pointer(&invocation), suite));
}

/*
 * The id a case was given by the plugin. When a test fails and its teardown fails as well, pytest
 * closes a first element before properties are known; the second follows at once.
 */
static const char *id_of(const GPtrArray *cases, guint i)
{
    const TpsJunitCase *testcase = g_ptr_array_index(cases, i);
    const TpsJunitCase *next = i + 1 < cases->len ? g_ptr_array_index(cases, i + 1) : NULL;

    if (tps_junit_property(testcase->properties, "tpsched.id"))
        return testcase->result->id;
    if (next && strcmp(next->name, testcase->name) == 0 &&
        strcmp(next->classname, testcase->classname) == 0 &&
        tps_junit_property(next->properties, "tpsched.id"))
        return next->result->id;
    return NULL;
}

static void read_junit(TpsFrameworkReport *report, const TpsJunit *junit)
{
    g_autoptr(GPtrArray) cases = tps_junit_all_cases(junit);

    for (guint i = 0; i < cases->len; i++) {
        TpsJunitCase *testcase = g_ptr_array_index(cases, i);
        const char *id = id_of(cases, i);

        if (id)
            tps_report_take(report, testcase, id);
        else
            tps_report_problem(report, "pytest reports '%s', which is no testcase: %s",
                               testcase->classname[0] ? testcase->classname : testcase->name,
                               testcase->result->message ? testcase->result->message : "no reason");
    }
    tps_report_fold(report);
}

static TpsFrameworkReport *read_report(const TpsSuite *suite, const GPtrArray *testcases,
                                       const TpsInvocation *invocation, const TpsExit *exit)
{
    TpsFrameworkReport *report = tps_framework_report_new();
    g_autofree char *dir = g_path_get_dirname(invocation->report_path);
    g_autofree char *journal_path = tps_dir_file(dir, "journal");
    g_autoptr(TpsJunit) junit = tps_report_open(report, invocation->report_path, exit);
    g_autoptr(TpsPytestJournal) journal = tps_pytest_journal_read(journal_path);

    (void)suite;
    (void)testcases;
    if (junit)
        read_junit(report, junit);
    else
        tps_pytest_journal_report(journal, report, exit);
    tps_pytest_journal_times(journal, report, exit);
    g_ptr_array_extend_and_steal(report->rest, g_steal_pointer(&journal->rest));
    journal->rest = g_ptr_array_new_with_free_func(g_free);
    return report;
}

static void add_seconds(TpsInvocation *invocation, const char *name, int64_t us)
{
    g_autofree char *text =
        g_strdup_printf("%" G_GINT64_FORMAT ".%06d", us / TPS_SECOND_US, (int)(us % TPS_SECOND_US));

    tps_invocation_add_env(invocation, name, text);
}

static void limit_testcases(const TpsSuite *suite, TpsInvocation *invocation)
{
    add_seconds(invocation, "TPSCHED_TESTCASE_TIMEOUT", suite->testcase_timeout_us);
}

/* Python's time.monotonic() is the clock that GLib calls monotonic. */
static void give_back(const TpsSuite *suite, TpsInvocation *invocation, const char *request,
                      int64_t until_us, int64_t worth_us)
{
    tps_invocation_add_env(invocation, "TPSCHED_REQUEST", request);
    add_seconds(invocation, "TPSCHED_UNTIL", until_us);
    add_seconds(invocation, "TPSCHED_WORTH", worth_us);
    tps_invocation_add_env(invocation, "TPSCHED_UNIT", tps_unit_name(tps_framework_unit(suite)));
}

const TpsFramework tps_framework_pytest = {
    .name = "pytest",
    .summary = "Python's pytest, 6 or newer; cut at files",
    .default_unit = TPS_UNIT_FILE,
    .finest_unit = TPS_UNIT_TESTCASE,
    .list = list,
    .read_list = read_list,
    .select = select_testcases,
    .give_back = give_back,
    .limit_testcases = limit_testcases,
    .read_report = read_report,
};
