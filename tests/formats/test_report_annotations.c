/* SPDX-License-Identifier: MIT */
#include "formats/report/annotations_internal.h"
#include "tests/report_sample.h"
#include "tests/report_text.h"
#include "tests/unit.h"

#include <string.h>

static const char golden[] =
    "::error title=tpsched%3A the report is incomplete::api 1,2: no report%0A::error::x <b>| `y`\n"
    "::error file=tests/test_a.py,line=17,title=api%3A tests/test_a.py%3A%3Atest_two[1-x]::1 != 2"
    "%0A%0Adef test_two(x):%0A>   assert 1 == x%0AE   1 != 2%0A\n"
    "::error title=api%3A tests/test_b.py%3A%3Atest_five::killed by SIGSEGV\n"
    "::error title=unit%3A test_points::(no message)\n"
    "::warning title=api%3A tests/test_a.py%3A%3Atest_three::flaky: passed at attempt 3%0A"
    "refused%0A%0Atrace of an attempt\n";

START_TEST(the_bytes)
{
    g_autoptr(TpsReport) report = sample_report("incomplete", false);
    g_autofree char *text = report_text(report, "annotations");

    ck_assert_str_eq(text, golden);
}
END_TEST

START_TEST(nothing_to_say)
{
    g_autoptr(TpsReport) report = sample_report("passed", false);
    g_autofree char *text = report_text(report, "annotations");

    ck_assert_str_eq(text, "");
}
END_TEST

START_TEST(flaky_can_be_an_error)
{
    g_autoptr(TpsReport) report = sample_report("flaky", false);
    g_autofree char *text = report_text(report, "annotations");

    ck_assert_ptr_nonnull(strstr(text, "::error title=api%3A tests/test_a.py%3A%3Atest_three::"));
    ck_assert_ptr_null(strstr(text, "::warning"));
}
END_TEST

static guint lines_with(const char *text, const char *start)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    guint n = 0;

    for (char **line = lines; *line; line++)
        n += g_str_has_prefix(*line, start) ? 1 : 0;
    return n;
}

/* Each line is a command of ours, and there are never more than are shown. */
START_TEST(no_test_injects_a_command)
{
    g_autoptr(TpsReport) report = sample_report("nasty", false);
    g_autofree char *text = report_text(report, "annotations");
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    ck_assert_ptr_null(strpbrk(text, "\r\x1b"));
    ck_assert(g_utf8_validate(text, -1, NULL));
    for (char **line = lines; *line; line++)
        ck_assert_msg(!**line ||
                          g_regex_match_simple("^::(error|warning) "
                                               "(file=[^:,]*,(line=[0-9]+,)?)?title=[^:,]*::",
                                               *line, 0, 0),
                      "%s", *line);
    ck_assert_uint_eq(lines_with(text, "::error "), 10);
    ck_assert_uint_eq(lines_with(text, "::warning "), 10);
    ck_assert_ptr_nonnull(strstr(text, "%0A%0A... and 165 more errors\n"));
    ck_assert_ptr_nonnull(strstr(text, "%0A%0A... and 60 more flaky testcases\n"));
}
END_TEST

static const struct {
    const char *file;
    const char *root;
    const char *path;
} paths[] = {
    {"/p/src/a.c", "/p", "src/a.c"},
    {"/p/src/../a.c", "/p/", "a.c"},
    {"src/./a.c", "/p", "src/a.c"},
    {"src/../../a.c", "/p", NULL},
    {"/p2/a.c", "/p", NULL},
    {"/p", "/p", NULL},
    {"../p/a.c", "/p", "a.c"},
    {"/etc/passwd", "/p", NULL},
    {"/etc/passwd", "/", "etc/passwd"},
    {"a.c", NULL, "a.c"},
    {"./a.c", NULL, "a.c"},
    {"../a.c", NULL, NULL},
    {"/a.c", NULL, NULL},
    {"", "/p", NULL},
    {"a\xff.c", "/p", NULL},
    {"a\n.c", "/p", NULL},
};

START_TEST(a_path_below_the_root)
{
    g_autofree char *path = tps_annotations_path(paths[_i].file, paths[_i].root);

    ck_assert_pstr_eq(path, paths[_i].path);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("formats/report_annotations");
    TCase *cases = tcase_create("annotations");

    tcase_add_test(cases, the_bytes);
    tcase_add_test(cases, nothing_to_say);
    tcase_add_test(cases, flaky_can_be_an_error);
    tcase_add_test(cases, no_test_injects_a_command);
    tcase_add_loop_test(cases, a_path_below_the_root, 0, G_N_ELEMENTS(paths));
    suite_add_tcase(suite, cases);
    return unit_main(suite);
}
