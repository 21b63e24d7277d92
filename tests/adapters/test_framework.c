/* SPDX-License-Identifier: MIT */
#include "core/error.h"
#include "tests/adapters/samples.h"
#include "tests/unit.h"

#include <signal.h>

static const char *const pytest[] = {"/usr/bin/python3", "-m", "pytest", NULL};

START_TEST(test_table)
{
    g_auto(GStrv) names = tps_framework_names();
    GError *error = NULL;

    ck_assert_ptr_null(tps_framework_find("nose"));
    for (char **name = names; *name; name++) {
        const TpsFramework *framework = tps_framework_load(*name, &error);

        ck_assert_msg(framework != NULL, "%s", error ? error->message : "");
        ck_assert_str_eq(framework->name, *name);
    }
}
END_TEST

static const struct {
    const char *framework;
    TpsUnit wish;
    TpsUnit unit;
} units[] = {
    {"pytest", TPS_UNIT_DEFAULT, TPS_UNIT_FILE},
    {"pytest", TPS_UNIT_TESTCASE, TPS_UNIT_TESTCASE},
    {"googletest", TPS_UNIT_DEFAULT, TPS_UNIT_CLASS},
    {"ctest", TPS_UNIT_TESTCASE, TPS_UNIT_CLASS},
    {"check", TPS_UNIT_FILE, TPS_UNIT_CLASS},
};

START_TEST(test_unit)
{
    g_autoptr(TpsSuite) suite = tps_suite_new("s", units[_i].framework);

    suite->unit = units[_i].wish;
    ck_assert_int_eq(tps_framework_unit(suite), units[_i].unit);
}
END_TEST

static const struct {
    const char *script;
    TpsOutcome outcome;
} commands[] = {
    {"exit 0", TPS_OUTCOME_PASSED},  {"exit 77", TPS_OUTCOME_SKIPPED},
    {"exit 1", TPS_OUTCOME_FAILED},  {"kill -SEGV $$", TPS_OUTCOME_ERROR},
    {"sleep 60", TPS_OUTCOME_ERROR},
};

START_TEST(test_command)
{
    const char *argv[] = {"sh", "-c", commands[_i].script, NULL};
    g_autoptr(TpsSuite) suite = sample_suite("command", ".", NULL, argv);
    g_autoptr(GPtrArray) testcases = sample_list_ok(suite);
    g_autoptr(TpsFrameworkReport) report = sample_run(suite, testcases, true, TPS_SECOND_US);

    assert_reported(report, testcases);
    assert_outcome(report, "sample", commands[_i].outcome);
    ck_assert_uint_eq(report->problems->len, 0); /* the result says how it ended */
}
END_TEST

START_TEST(test_command_says_once_that_there_is_a_core)
{
    const char *argv[] = {"true", NULL};
    g_autoptr(TpsSuite) suite = sample_suite("command", ".", NULL, argv);
    g_autoptr(GPtrArray) testcases = sample_list_ok(suite);
    TpsExit exit = {.end = TPS_END_SIGNALED, .code = SIGSEGV, .core_dumped = true};
    g_autoptr(GPtrArray) invocations = tps_framework_select(suite, testcases, true, NULL, NULL);
    g_autoptr(TpsFrameworkReport) report =
        tps_framework_read_report(suite, g_ptr_array_index(invocations, 0), &exit);
    const TpsResult *result = g_ptr_array_index(report->results, 0);

    ck_assert_str_eq(result->message, "killed by SIGSEGV (core dumped)");
}
END_TEST

START_TEST(test_command_not_started)
{
    const char *argv[] = {"/nonexistent/program", NULL};
    g_autoptr(TpsSuite) suite = sample_suite("command", ".", NULL, argv);
    g_autoptr(GPtrArray) testcases = sample_list_ok(suite);
    g_autoptr(TpsFrameworkReport) report = sample_run(suite, testcases, true, 0);

    ck_assert_uint_eq(report->results->len, 0);
    ck_assert_ptr_nonnull(
        strstr(g_ptr_array_index(report->problems, 0), "No such file or directory"));
}
END_TEST

static const char *const no_program[] = {"/nonexistent/program", NULL};
static const char *const passes[] = {"true", NULL};
static const char *const script[] = {"./no-elf.sh", NULL};

static const struct {
    const char *framework;
    const char *path;
    const char *const *command;
    const char *message;
} failures[] = {
    {"pytst", NULL, NULL, "suite 'sample': unknown framework 'pytst'; did you mean 'pytest'?"},
    {"command", NULL, NULL, "'command' must say what to run"},
    {"googletest", NULL, NULL, "'path' or 'command' must name the test program"},
    {"googletest", NULL, no_program, "cannot start '/nonexistent/program' in "},
    {"googletest", NULL, passes, "googletest did not list its testcases"},
    {"pytest", "missing_dir", pytest, "file or directory not found: missing_dir"},
    {"pytest", "empty", pytest, "it has no testcases"},
    {"pytest", "broken", pytest, "SyntaxError"},
    {"pytest", NULL, passes, "pytest did not list its testcases (exit status 0)"},
    {"ctest", "missing_dir", NULL, "its testcases can't be listed (exit status 1)"},
    {"ctest", "empty", NULL, "it has no testcases"},
    {"ctest", "empty", passes, "cannot read what ctest listed"},
    {"check", NULL, script, "it is a script"},
    {"check", NULL, no_program, "it can't be read"},
    {"check", NULL, passes, "check did not list its testcases"},
};

START_TEST(test_list_fails)
{
    g_autofree char *dir = g_dir_make_tmp("tpsched-test-XXXXXX", NULL);
    g_autofree char *empty = g_build_filename(dir, "empty", NULL);
    g_autofree char *broken = g_build_filename(dir, "broken", NULL);
    g_autofree char *broken_py = g_build_filename(broken, "test_broken.py", NULL);
    g_autofree char *sh = g_build_filename(dir, "no-elf.sh", NULL);
    g_autoptr(TpsSuite) suite =
        sample_suite(failures[_i].framework, dir, failures[_i].path, failures[_i].command);
    GError *error = NULL;

    g_mkdir(empty, 0700);
    g_mkdir(broken, 0700);
    g_file_set_contents(broken_py, "def test_x(:\n", -1, NULL);
    g_file_set_contents(sh, "#!/bin/sh\necho ran this instead of a program > ran\n", -1, NULL);
    g_chmod(sh, 0700);
    ck_assert_ptr_null(sample_list(suite, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK, failures[_i].message);
    remove_path(dir);
}
END_TEST

START_TEST(test_pytest_halves)
{
    static const TpsUnit cuts[] = {TPS_UNIT_TESTCASE, TPS_UNIT_CLASS, TPS_UNIT_FILE};
    g_autoptr(TpsSuite) suite = sample_suite("pytest", "tests/frameworks/pytest", ".", pytest);
    g_autoptr(GPtrArray) testcases = sample_list_ok(suite);
    g_autoptr(GPtrArray) half = sample_half(testcases, cuts[_i]);
    g_autoptr(TpsFrameworkReport) report = sample_run(suite, half, false, 0);

    assert_no_problem(report);
    assert_reported(report, half);
    ck_assert(!g_file_test("tests/frameworks/pytest/x", G_FILE_TEST_EXISTS));
    ck_assert(!g_file_test("tests/frameworks/pytest/.pytest_cache", G_FILE_TEST_EXISTS));
}
END_TEST

START_TEST(test_pytest_outcomes)
{
    g_autoptr(TpsSuite) suite = sample_suite("pytest", "tests/frameworks/pytest", NULL, pytest);
    g_autoptr(GPtrArray) testcases = sample_list_ok(suite);
    g_autoptr(TpsFrameworkReport) report = sample_run(suite, testcases, true, 0);
    const TpsResult *twice;

    assert_no_problem(report);
    assert_reported(report, testcases);
    assert_outcome(report, "test_outcomes.py::test_pass", TPS_OUTCOME_PASSED);
    assert_outcome(report, "test_outcomes.py::test_skip", TPS_OUTCOME_SKIPPED);
    assert_outcome(report, "test_outcomes.py::test_xfail", TPS_OUTCOME_SKIPPED);
    assert_outcome(report, "test_outcomes.py::test_fail", TPS_OUTCOME_FAILED);
    assert_outcome(report, "test_outcomes.py::test_setup_error", TPS_OUTCOME_ERROR);
    assert_outcome(report, "test_outcomes.py::test_teardown_error", TPS_OUTCOME_ERROR);
    assert_outcome(report, "package/test_package.py::test_cache", TPS_OUTCOME_PASSED);
    twice = find_result(report, "test_outcomes.py::test_fail_twice");
    ck_assert_int_eq(twice->outcome, TPS_OUTCOME_ERROR);
    ck_assert_ptr_nonnull(strstr(twice->text, "assert 1 == 2"));
    ck_assert_ptr_nonnull(strstr(twice->text, "teardown is broken"));
    ck_assert_int_gt(report->setup_us, 0);
    ck_assert_int_ge(report->teardown_us, 0);
}
END_TEST

START_TEST(test_pytest_crash)
{
    g_autoptr(TpsSuite) suite =
        sample_suite("pytest", "tests/frameworks", "pytest-crash/test_crash.py", pytest);
    g_autoptr(GPtrArray) testcases = sample_list_ok(suite);
    g_autoptr(TpsFrameworkReport) report = sample_run(suite, testcases, true, 0);
    const char *problem = g_ptr_array_index(report->problems, 0);

    ck_assert_uint_eq(report->results->len, 2);
    assert_outcome(report, "pytest-crash/test_crash.py::test_before", TPS_OUTCOME_PASSED);
    assert_outcome(report, "pytest-crash/test_crash.py::test_abort", TPS_OUTCOME_ERROR);
    ck_assert_ptr_nonnull(strstr(problem, "no report was written (killed by SIGABRT"));
}
END_TEST

START_TEST(test_pytest_thousands)
{
    g_autofree char *dir = g_dir_make_tmp("tpsched-test-XXXXXX", NULL);
    g_autofree char *file = g_build_filename(dir, "test_many.py", NULL);
    g_autoptr(TpsSuite) suite = sample_suite("pytest", dir, NULL, pytest);
    g_autoptr(GPtrArray) testcases = NULL;
    g_autoptr(GPtrArray) half = NULL;
    g_autoptr(TpsFrameworkReport) report = NULL;

    g_file_set_contents(file,
                        "import pytest\n"
                        "@pytest.mark.parametrize('i', range(5000))\n"
                        "def test_many(i):\n"
                        "    pass\n",
                        -1, NULL);
    testcases = sample_list_ok(suite);
    ck_assert_uint_eq(testcases->len, 5000);
    half = sample_half(testcases, TPS_UNIT_TESTCASE);
    report = sample_run(suite, half, false, 0);
    assert_no_problem(report);
    assert_reported(report, half);
    remove_path(dir);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("framework");
    TCase *tcase = tcase_create("framework");
    TCase *python = tcase_create("pytest");

    tcase_set_timeout(tcase, 60);
    tcase_set_timeout(python, 240);
    tcase_add_test(tcase, test_table);
    tcase_add_loop_test(tcase, test_unit, 0, G_N_ELEMENTS(units));
    tcase_add_loop_test(tcase, test_command, 0, G_N_ELEMENTS(commands));
    tcase_add_test(tcase, test_command_says_once_that_there_is_a_core);
    tcase_add_test(tcase, test_command_not_started);
    tcase_add_loop_test(tcase, test_list_fails, 0, G_N_ELEMENTS(failures));
    tcase_add_loop_test(python, test_pytest_halves, 0, 3);
    tcase_add_test(python, test_pytest_outcomes);
    tcase_add_test(python, test_pytest_crash);
    tcase_add_test(python, test_pytest_thousands);
    suite_add_tcase(suite, tcase);
    suite_add_tcase(suite, python);
    return unit_main(suite);
}
