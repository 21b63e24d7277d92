/* SPDX-License-Identifier: MIT */
#include "formats/report/gitlab_internal.h"
#include "tests/report_sample.h"
#include "tests/report_text.h"
#include "tests/unit.h"

#include <string.h>

#define CLEAR "\x1b[0K"

static const char golden[] =
    "INCOMPLETE: 6 testcases, 1 error, 2 failed, 1 flaky, 1 passed, 1 skipped; 1 problem\n"
    "incomplete: api 1,2: no report\\n::error::x <b>| `y`\n" //
    CLEAR
    "section_start:1795168800:tpsched_1_api_tests_test_a.py__test_two_1-x_[collapsed=true]\r" CLEAR
    "failed api: tests/test_a.py::test_two[1-x]\n"
    "tests/test_a.py:17\n"
    "1 != 2\n"
    "def test_two(x):\n"
    ">   assert 1 == x\n"
    "E   1 != 2\n"
    "printed\n"                                                                              //
    CLEAR "section_end:1795168800:tpsched_1_api_tests_test_a.py__test_two_1-x_\r" CLEAR "\n" //
    CLEAR
    "section_start:1795168800:tpsched_2_api_tests_test_b.py__test_five[collapsed=true]\r" CLEAR
    "error api: tests/test_b.py::test_five\n"
    "killed by SIGSEGV\n"                                                                //
    CLEAR "section_end:1795168800:tpsched_2_api_tests_test_b.py__test_five\r" CLEAR "\n" //
    CLEAR "section_start:0:tpsched_3_unit_test_points[collapsed=true]\r" CLEAR
    "failed unit: test_points\n"
    "failed > second\n"
    "message of a case\n"
    "text of a case\n" //
    CLEAR "section_end:3:tpsched_3_unit_test_points\r" CLEAR "\n";

START_TEST(the_bytes)
{
    g_autoptr(TpsReport) report = sample_report("incomplete", false);
    g_autofree char *text = report_text(report, "gitlab");

    ck_assert_str_eq(text, golden);
}
END_TEST

/* As GitLab looks for them: section_(start|end):SECONDS:NAME[options] CR ESC [ 0 K. */
static GMatchInfo *sections(GRegex *regex, const char *text)
{
    GMatchInfo *info = NULL;

    g_regex_match(regex, text, 0, &info);
    return info;
}

/* One section after the other, each ended before the next begins, and as many as failures. */
START_TEST(no_test_opens_or_closes_a_section)
{
    g_autoptr(TpsReport) report = sample_report("nasty", _i == 1);
    g_autofree char *text = report_text(report, "gitlab");
    g_autoptr(GRegex) regex =
        g_regex_new("section_(start|end):(\\d+):([A-Za-z0-9_.-]+)(\\[[^\\]]*\\])?\\r\\x1b\\[0K",
                    G_REGEX_RAW, 0, NULL);
    g_autoptr(GMatchInfo) info = sections(regex, text);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autofree char *open = NULL;
    guint n = 0;

    for (; g_match_info_matches(info); g_match_info_next(info, NULL)) {
        g_autofree char *kind = g_match_info_fetch(info, 1);
        g_autofree char *name = g_match_info_fetch(info, 3);

        if (strcmp(kind, "start") == 0) {
            ck_assert_ptr_null(open);
            ck_assert(g_hash_table_add(seen, g_strdup(name)));
            open = g_steal_pointer(&name);
            n++;
        } else {
            ck_assert_pstr_eq(open, name);
            g_clear_pointer(&open, g_free);
        }
    }
    ck_assert_ptr_null(open);
    ck_assert_uint_eq(n, tps_report_n_bad(report));
    ck_assert(g_utf8_validate(text, -1, NULL));
}
END_TEST

START_TEST(only_our_escapes)
{
    g_autoptr(TpsReport) report = sample_report("nasty", false);
    g_autofree char *text = report_text(report, "gitlab");
    guint n = 0;

    for (const char *at = text; (at = strchr(at, '\x1b')); at++, n++)
        ck_assert(g_str_has_prefix(at, CLEAR));
    ck_assert_uint_eq(n, 4 * tps_report_n_bad(report));
}
END_TEST

START_TEST(names_of_sections)
{
    g_autofree char *odd = tps_gitlab_section_name("a b\r\x1b[0K\xff]:.-_");
    g_autofree char *many = g_strnfill(1000, 'x');
    g_autofree char *cut = tps_gitlab_section_name(many);

    ck_assert_str_eq(odd, "a_b___0K___.-_");
    ck_assert_uint_eq(strlen(cut), 60);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("formats/report_gitlab");
    TCase *cases = tcase_create("gitlab");

    tcase_add_test(cases, the_bytes);
    tcase_add_loop_test(cases, no_test_opens_or_closes_a_section, 0, 2);
    tcase_add_test(cases, only_our_escapes);
    tcase_add_test(cases, names_of_sections);
    suite_add_tcase(suite, cases);
    return unit_main(suite);
}
