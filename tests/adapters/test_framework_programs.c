/* SPDX-License-Identifier: MIT */
#include "core/error.h"
#include "tests/adapters/samples.h"
#include "tests/unit.h"

#include <unistd.h>

#define CHECK_PROGRAM "TPSCHED_SAMPLE_CHECK"
#define GOOGLETEST_PROGRAM "TPSCHED_SAMPLE_GOOGLETEST"

/* The suite of a sample program that meson built, or NULL and a word about it. */
static TpsSuite *program_suite(const char *framework, const char *variable)
{
    const char *program = g_getenv(variable);

    if (program)
        return sample_suite(framework, ".", program, NULL);
    printf("# skipped: no sample program for %s was built\n", framework);
    return NULL;
}

START_TEST(test_googletest_halves)
{
    static const TpsUnit cuts[] = {TPS_UNIT_TESTCASE, TPS_UNIT_CLASS};
    g_autoptr(TpsSuite) suite = program_suite("googletest", GOOGLETEST_PROGRAM);
    g_autoptr(GPtrArray) testcases = NULL;
    g_autoptr(GPtrArray) half = NULL;
    g_autoptr(TpsFrameworkReport) report = NULL;

    if (!suite)
        return;
    g_setenv("GTEST_TOTAL_SHARDS", "3", TRUE);
    g_setenv("GTEST_SHARD_INDEX", "0", TRUE);
    g_setenv("GTEST_FILTER", "Nothing.*", TRUE);
    testcases = sample_list_ok(suite);
    ck_assert_uint_gt(testcases->len, 20000);
    half = sample_half(testcases, cuts[_i]);
    for (guint i = half->len; i-- > 0;) {
        if (g_str_has_prefix(testcase_at(half, i)->id, "Crash."))
            g_ptr_array_remove_index(half, i);
    }
    report = sample_run(suite, half, false, 0);
    assert_no_problem(report);
    assert_reported(report, half);
}
END_TEST

static GPtrArray *with_prefix(const GPtrArray *testcases, const char *prefix)
{
    GPtrArray *found = g_ptr_array_new();

    for (guint i = 0; i < testcases->len; i++) {
        if (g_str_has_prefix(testcase_at(testcases, i)->id, prefix))
            g_ptr_array_add(found, g_ptr_array_index(testcases, i));
    }
    return found;
}

START_TEST(test_googletest_outcomes)
{
    g_autoptr(TpsSuite) suite = program_suite("googletest", GOOGLETEST_PROGRAM);
    g_autoptr(GPtrArray) testcases = suite ? sample_list_ok(suite) : NULL;
    g_autoptr(GPtrArray) plain = suite ? with_prefix(testcases, "Plain.") : NULL;
    g_autoptr(TpsFrameworkReport) report = suite ? sample_run(suite, plain, false, 0) : NULL;

    if (!suite)
        return;
    assert_no_problem(report);
    assert_reported(report, plain);
    assert_outcome(report, "Plain.Pass", TPS_OUTCOME_PASSED);
    assert_outcome(report, "Plain.Fail", TPS_OUTCOME_FAILED);
    assert_outcome(report, "Plain.Skip", TPS_OUTCOME_SKIPPED);
    assert_outcome(report, "Plain.DISABLED_Never", TPS_OUTCOME_SKIPPED);
    ck_assert_ptr_nonnull(testcase_at(plain, 0)->file);
    ck_assert_int_gt(testcase_at(plain, 0)->line, 0);
}
END_TEST

START_TEST(test_googletest_crash)
{
    g_autoptr(TpsSuite) suite = program_suite("googletest", GOOGLETEST_PROGRAM);
    g_autoptr(GPtrArray) testcases = suite ? sample_list_ok(suite) : NULL;
    g_autoptr(GPtrArray) crash = suite ? with_prefix(testcases, "Crash.") : NULL;
    g_autoptr(TpsFrameworkReport) report = suite ? sample_run(suite, crash, false, 0) : NULL;

    if (!suite)
        return;
    ck_assert_ptr_nonnull(
        strstr(g_ptr_array_index(report->problems, 0), "no report was written (killed by SIGABRT"));
    ck_assert_uint_eq(report->results->len, 3);
    assert_outcome(report, "Crash.Before", TPS_OUTCOME_PASSED);
    assert_outcome(report, "Crash.Fails", TPS_OUTCOME_FAILED);
    assert_outcome(report, "Crash.Here", TPS_OUTCOME_ERROR);
    ck_assert_ptr_nonnull(strstr(find_result(report, "Crash.Fails")->text, "seen"));
    ck_assert_ptr_nonnull(strstr(find_result(report, "Crash.Here")->message, "SIGABRT"));
}
END_TEST

static char *check_mark(TpsSuite *suite)
{
    char *mark = g_strdup_printf("%s/tpsched-mark-%d", g_get_tmp_dir(), (int)getpid());
    char *entry = g_strconcat("SAMPLE_MARK=", mark, NULL);

    g_strfreev(suite->env);
    suite->env = g_new0(char *, 2);
    suite->env[0] = entry;
    return mark;
}

START_TEST(test_check_list_runs_nothing)
{
    g_autoptr(TpsSuite) suite = program_suite("check", CHECK_PROGRAM);
    g_autofree char *mark = check_mark(suite);
    g_autoptr(GPtrArray) testcases = sample_list_ok(suite);

    ck_assert_uint_eq(testcases->len, 20);
    ck_assert_str_eq(testcase_at(testcases, 0)->id, "First: one:core & more:test_pass");
    ck_assert_str_eq(testcase_at(testcases, 1)->id, "First: one:core & more:test_pass#2");
    ck_assert_str_eq(testcase_at(testcases, 6)->id, "First: one:core & more:test_loop[4]");
    ck_assert(!g_file_test(mark, G_FILE_TEST_EXISTS));
}
END_TEST

START_TEST(test_check_halves)
{
    g_autoptr(TpsSuite) suite = program_suite("check", CHECK_PROGRAM);
    g_autoptr(GPtrArray) testcases = sample_list_ok(suite);
    g_autoptr(GPtrArray) half = sample_half(testcases, TPS_UNIT_CLASS);
    g_autoptr(TpsFrameworkReport) report = sample_run(suite, half, false, 0);

    assert_no_problem(report);
    assert_reported(report, half);
}
END_TEST

START_TEST(test_check_outcomes)
{
    g_autoptr(TpsSuite) suite = program_suite("check", CHECK_PROGRAM);
    g_autofree char *mark = check_mark(suite);
    g_autoptr(GPtrArray) testcases = sample_list_ok(suite);
    g_autoptr(TpsFrameworkReport) report = sample_run(suite, testcases, true, 0);

    assert_no_problem(report);
    assert_reported(report, testcases);
    assert_outcome(report, "Second:core & more:test_pass#2", TPS_OUTCOME_PASSED);
    assert_outcome(report, "Second:core & more:test_loop[3]", TPS_OUTCOME_FAILED);
    assert_outcome(report, "Second:bad:test_fail", TPS_OUTCOME_FAILED);
    assert_outcome(report, "Second:bad:test_signal", TPS_OUTCOME_ERROR);
    assert_outcome(report, "Second:bad:test_expected", TPS_OUTCOME_PASSED);
    ck_assert_str_eq(find_result(report, "Second:bad:test_fail")->message, "<&> \"quoted\"");
    ck_assert_int_gt(find_result(report, "Second:bad:test_fail")->line, 0);
    ck_assert_int_eq(find_result(report, "Second:bad:test_fail")->time_us, TPS_TIME_UNKNOWN);
    ck_assert(g_file_test(mark, G_FILE_TEST_EXISTS));
    remove_path(mark);
}
END_TEST

/* Configure the sample project; NULL and a word about it without cmake. */
static char *configure(void)
{
    g_autofree char *dir = g_dir_make_tmp("tpsched test-XXXXXX", NULL);
    const char *argv[] = {"cmake", "-S", "tests/frameworks/ctest", "-B", dir, NULL};
    g_autofree char *output = NULL;
    int status;

    if (!g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &output, NULL,
                      &status, NULL)) {
        printf("# skipped: no cmake\n");
        remove_path(dir);
        return NULL;
    }
    ck_assert_msg(g_spawn_check_wait_status(status, NULL), "cmake: %s", output);
    return g_steal_pointer(&dir);
}

START_TEST(test_ctest_halves)
{
    g_autofree char *dir = configure();
    g_autoptr(TpsSuite) suite = sample_suite("ctest", ".", dir, NULL);
    g_autoptr(GPtrArray) testcases = dir ? sample_list_ok(suite) : NULL;
    g_autoptr(GPtrArray) half = dir ? sample_half(testcases, TPS_UNIT_CLASS) : NULL;
    g_autoptr(TpsFrameworkReport) report = dir ? sample_run(suite, half, false, 0) : NULL;

    if (!dir)
        return;
    assert_no_problem(report);
    assert_reported(report, half);
    remove_path(dir);
}
END_TEST

static const TpsTestcase *find_testcase(const GPtrArray *testcases, const char *id)
{
    for (guint i = 0; i < testcases->len; i++) {
        if (strcmp(testcase_at(testcases, i)->id, id) == 0)
            return testcase_at(testcases, i);
    }
    ck_abort_msg("'%s' was not listed", id);
    return NULL;
}

static void assert_group(const GPtrArray *testcases, const char *id, const char *group)
{
    ck_assert_str_eq(find_testcase(testcases, id)->group, group);
}

START_TEST(test_ctest_outcomes)
{
    g_autofree char *dir = configure();
    g_autoptr(TpsSuite) suite = sample_suite("ctest", dir ? dir : ".", NULL, NULL);
    g_autoptr(GPtrArray) testcases = dir ? sample_list_ok(suite) : NULL;
    g_autoptr(TpsFrameworkReport) report = dir ? sample_run(suite, testcases, true, 0) : NULL;

    if (!dir)
        return;
    assert_no_problem(report);
    assert_reported(report, testcases);
    assert_outcome(report, "number1", TPS_OUTCOME_PASSED);
    assert_outcome(report, "fail", TPS_OUTCOME_FAILED);
    assert_outcome(report, "will_fail", TPS_OUTCOME_PASSED);
    assert_outcome(report, "skip", TPS_OUTCOME_SKIPPED);
    assert_outcome(report, "disabled", TPS_OUTCOME_SKIPPED);
    assert_outcome(report, "missing", TPS_OUTCOME_ERROR);
    assert_outcome(report, "new\nline", TPS_OUTCOME_PASSED);
    assert_group(testcases, "number1", "number1");
    assert_group(testcases, "uses", "setup");
    assert_group(testcases, "cleanup", "setup");
    assert_group(testcases, "locks_too", "locks");
    assert_group(testcases, "later", "locks");
    assert_group(testcases, "twice#2", "twice");
    remove_path(dir);
}
END_TEST

/* What was running when time was up gets the blame; what was not begun has no result. */
START_TEST(test_googletest_timeout)
{
    static const char *const command[] = {"sh", "-c", "echo '[ RUN      ] A.b'; sleep 60", NULL};
    g_autoptr(TpsSuite) suite = sample_suite("googletest", ".", NULL, command);
    g_autoptr(GPtrArray) testcases = tps_testcases_new();
    g_autoptr(TpsFrameworkReport) report = NULL;

    g_ptr_array_add(testcases, tps_testcase_new("A.b"));
    g_ptr_array_add(testcases, tps_testcase_new("A.c"));
    report = sample_run(suite, testcases, true, TPS_SECOND_US / 5);
    ck_assert_uint_eq(report->results->len, 1);
    assert_outcome(report, "A.b", TPS_OUTCOME_ERROR);
    ck_assert_str_eq(find_result(report, "A.b")->type, "tpsched.timeout");
    ck_assert_ptr_nonnull(strstr(g_ptr_array_index(report->problems, 0), "timed out after"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("framework programs");
    TCase *tcase = tcase_create("programs");

    tcase_set_timeout(tcase, 240);
    tcase_add_loop_test(tcase, test_googletest_halves, 0, 2);
    tcase_add_test(tcase, test_googletest_outcomes);
    tcase_add_test(tcase, test_googletest_crash);
    tcase_add_test(tcase, test_check_list_runs_nothing);
    tcase_add_test(tcase, test_check_halves);
    tcase_add_test(tcase, test_check_outcomes);
    tcase_add_test(tcase, test_ctest_halves);
    tcase_add_test(tcase, test_ctest_outcomes);
    tcase_add_test(tcase, test_googletest_timeout);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
