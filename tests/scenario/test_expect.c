/* SPDX-License-Identifier: MIT */
#include "scenario/expect.h"
#include "scenario/file.h"

#include "tests/scratch.h"
#include "tests/unit.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <unistd.h>

/* As waitpid tells them. */
#define EXITED(code) ((code) << 8)

/* What is expected of this step: */
static const char output[] = "one\ntwo  (2)\n\xff\n";
/* and of these files: "file" holds "some\ntext", "dir" is a directory, "link" leads nowhere. */

static const struct {
    const char *expect;
    int status;
    const char *problems; /* joined by '|' */
} cases[] = {
    {"{}", EXITED(0), ""},
    {"{}", EXITED(3), "expected exit code 0, got 3"},
    {"{exit_code: 3}", EXITED(3), ""},
    {"{exit_code: 3}", EXITED(0), "expected exit code 3, got 0"},
    {"{}", SIGSEGV, "expected exit code 0, got 139: killed by SIGSEGV"},
    {"{exit_code: 139}", SIGSEGV, ""},
    {"{exit_code: 139}", SIGKILL, "expected exit code 139, got 137: killed by SIGKILL"},
    {"{}", EXITED(143),
     "expected exit code 0, got 143, which a shell says of what was killed by SIGTERM"},
    {"{output_contains: [one, 'two  (2)', \"e\\nt\"]}", EXITED(0), ""},
    {"{output_contains: [One, 'two (2)', one]}", EXITED(0),
     "the output does not contain 'One'|the output does not contain 'two (2)'"},
    {"{output_not_contains: [two$, o.e]}", EXITED(0), ""},
    {"{output_not_contains: [two, \"\\n\"]}", EXITED(0),
     "the output contains 'two'|the output contains '\\n'"},
    {"{output_matches: ['^one$', '^two\\s+\\(\\d\\)$', '(?s)one.two', '\\xff', '\\Aone']}",
     EXITED(0), ""},
    {"{output_matches: ['^wo', one.two, '\\Atwo']}", EXITED(0),
     "the output does not match '^wo'|the output does not match 'one.two'|"
     "the output does not match '\\Atwo'"},
    {"{files_exist: [file, ./dir/../file]}", EXITED(0), ""},
    {"{files_exist: [none, dir, link, file/x]}", EXITED(0),
     "file 'none' is not there|'dir' is a directory, not a file|file 'link' is not there|"
     "file 'file/x' is not there: Not a directory"},
    {"{dirs_exist: [dir, .]}", EXITED(0), ""},
    {"{dirs_exist: [none, file]}", EXITED(0),
     "directory 'none' is not there|'file' is not a directory"},
    {"{files_not_exist: [none, file/x, none/x]}", EXITED(0), ""},
    {"{files_not_exist: [file, dir, link]}", EXITED(0),
     "'file' is there|'dir' is there|'link' is there"},
    {"{file_contains: {file: [some, \"e\\nt\"]}}", EXITED(0), ""},
    {"{file_contains: {file: [none, some], dir: x, none: [x, y]}}", EXITED(0),
     "file 'file' does not contain 'none'|file 'dir' can't be read: Is a directory|"
     "file 'none' can't be read: No such file or directory"},
    {"{file_not_contains: {file: none}}", EXITED(0), ""},
    {"{file_not_contains: {file: [x, t], none: x}}", EXITED(0),
     "file 'file' contains 'x'|file 'file' contains 't'|"
     "file 'none' can't be read: No such file or directory"},
    {"{exit_code: 1, output_contains: x, file_contains: {file: y}}", EXITED(0),
     "expected exit code 1, got 0|the output does not contain 'x'|file 'file' does not contain "
     "'y'"},
};

static TpsScenario *scenario_with(const char *expect)
{
    g_autofree char *text =
        g_strdup_printf("name: n\nsteps:\n  - run: x\n    expect: %s\n", expect);
    g_autofree char *path = scratch_text("scenario.yaml", text);
    g_autoptr(GPtrArray) scenarios = g_ptr_array_new();
    g_autoptr(GError) error = NULL;

    ck_assert_msg(tps_scenario_file_load(path, scenarios, &error), "%s",
                  error ? error->message : "");
    return g_ptr_array_index(scenarios, 0);
}

static char *check(const char *expect, int status, const char *printed)
{
    g_autoptr(TpsScenario) scenario = scenario_with(expect);
    const TpsStep *step = g_ptr_array_index(scenario->steps, 0);
    TpsStepEnd end = {status, printed, scratch_dir};
    g_autoptr(GPtrArray) problems = tps_expect_check(&step->expect, &end);

    g_ptr_array_add(problems, NULL);
    return g_strjoinv("|", (char **)problems->pdata);
}

START_TEST(test_expectations)
{
    g_autofree char *printed = scratch_text("printed", output);
    g_autofree char *directory = scratch_path("dir");
    g_autofree char *link = scratch_path("link");
    g_autofree char *problems = NULL;

    g_free(scratch_text("file", "some\ntext"));
    ck_assert_int_eq(g_mkdir(directory, 0700), 0);
    ck_assert_int_eq(symlink("nowhere", link), 0);
    problems = check(cases[_i].expect, cases[_i].status, printed);
    ck_assert_str_eq(problems, cases[_i].problems);
}
END_TEST

START_TEST(test_no_output)
{
    g_autofree char *printed = scratch_text("printed", "");
    g_autofree char *none = check("{output_matches: '^$', output_not_contains: x}", 0, printed);
    g_autofree char *some = check("{output_matches: '.', output_contains: x}", 0, printed);

    ck_assert_str_eq(none, "");
    ck_assert_str_eq(some, "the output does not contain 'x'|the output does not match '.'");
}
END_TEST

START_TEST(test_nul_is_a_byte)
{
    g_autofree char *printed = scratch_write("printed", "a\0b\nc", 5);
    g_autofree char *problems =
        check("{output_contains: c, output_matches: ['^a.b$', ^c]}", 0, printed);

    ck_assert_str_eq(problems, "");
}
END_TEST

/* A pattern that never comes to an end of it is a failure, and says so. */
START_TEST(test_limit_of_matching)
{
    g_autofree char *text = g_strnfill(200, 'a');
    g_autofree char *printed = scratch_text("printed", text);
    g_autofree char *problems = check("{output_matches: '(a+)+$(?<=b)'}", 0, printed);

    ck_assert_msg(strstr(problems, "can't be told") != NULL, "%s", problems);
}
END_TEST

START_TEST(test_long_text_is_cut)
{
    g_autofree char *text = g_strnfill(5000, 'x');
    g_autofree char *expect = g_strdup_printf("{output_contains: %s}", text);
    g_autofree char *printed = scratch_text("printed", "");
    g_autofree char *problems = check(expect, 0, printed);

    ck_assert_uint_lt(strlen(problems), 400);
    ck_assert(g_str_has_suffix(problems, "xxx...'"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("scenario/expect");
    TCase *tcase = tcase_create("expect");

    tcase_add_checked_fixture(tcase, scratch_make, scratch_remove);
    tcase_add_loop_test(tcase, test_expectations, 0, G_N_ELEMENTS(cases));
    tcase_add_test(tcase, test_no_output);
    tcase_add_test(tcase, test_nul_is_a_byte);
    tcase_add_test(tcase, test_limit_of_matching);
    tcase_add_test(tcase, test_long_text_is_cut);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
