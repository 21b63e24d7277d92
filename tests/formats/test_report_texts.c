/* SPDX-License-Identifier: MIT */
#include "formats/report/reproduce.h"
#include "formats/report/texts_internal.h"
#include "tests/report_sample.h"
#include "tests/unit.h"

#include <string.h>

#define FFFD "\xEF\xBF\xBD"

static const struct {
    const char *text;
    const char *plain;
    const char *name;
} cases[] = {
    {"", "", ""},
    {"a b", "a b", "a b"},
    {"a\nb\tc", "a\nb\tc", "a\\nb\\tc"},
    {"a\r\nb\rc", "a\nb\nc", "a\\r\\nb\\rc"},
    {"\x1b[31mred\x1b[0m", "red", "\\x1b[31mred\\x1b[0m"},
    {"\x1b]0;t\a", FFFD "]0;t" FFFD, "\\x1b]0;t\\x07"},
    {"\x1b[12;", FFFD "[12;", "\\x1b[12;"},
    {"\x1b", FFFD, "\\x1b"},
    {"\xff\xc3(", FFFD FFFD "(", "\\xff\\xc3("},
    {"\xc3", FFFD, "\\xc3"},
    {"\xc3\xa9\x7f\xc2\x9b", "\xc3\xa9" FFFD FFFD, "\xc3\xa9\\x7f\\u009b"},
    {"\xe2\x80\xae\xef\xbb\xbf", "\xe2\x80\xae\xef\xbb\xbf", "\\u202e\\ufeff"},
    {"\xf3\xa0\x80\x81", "\xf3\xa0\x80\x81", "\\U0e0001"},
    {"\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"},
};

START_TEST(hostile_texts)
{
    g_autofree char *plain = tps_text_plain(cases[_i].text);
    g_autofree char *name = tps_text_name(cases[_i].text, 100);

    ck_assert_str_eq(plain, cases[_i].plain);
    ck_assert_str_eq(name, cases[_i].name);
}
END_TEST

START_TEST(long_names_keep_both_ends)
{
    g_autofree char *cut = tps_text_name("abcdefghij", 5);
    g_autofree char *whole = tps_text_name("abcde", 5);
    g_autofree char *wide = tps_text_name("\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", 3);

    ck_assert_str_eq(cut, "ab\xE2\x80\xA6ij");
    ck_assert_str_eq(whole, "abcde");
    ck_assert_str_eq(wide, "\xc3\xa9\xE2\x80\xA6\xc3\xa9");
}
END_TEST

START_TEST(cut_texts_keep_both_ends)
{
    g_autoptr(GString) out = g_string_new(NULL);

    tps_text_cut(out, "0123456789", 10);
    ck_assert_str_eq(out->str, "0123456789");
    g_string_truncate(out, 0);
    tps_text_cut(out, "0123456789", 6);
    ck_assert_str_eq(out->str, "01\n[... 4 bytes cut ...]\n6789");
    g_string_truncate(out, 0);
    tps_text_cut(out, "0123456789", 0);
    ck_assert_str_eq(out->str, "[... 10 bytes cut ...]\n");
}
END_TEST

/* At whatever length: valid text, and no longer than was asked for. */
START_TEST(cuts_fall_between_characters)
{
    const char *text = "a\xc3\xa9\n\xe2\x82\xac\xf0\x9f\x98\x80z\n\xc3\xa9\xc3\xa9";

    for (size_t limit = 0; limit <= strlen(text); limit++) {
        g_autoptr(GString) out = g_string_new(NULL);

        tps_text_cut(out, text, limit);
        ck_assert(g_utf8_validate(out->str, -1, NULL));
        ck_assert_uint_le(out->len, limit + 32);
    }
}
END_TEST

START_TEST(runs)
{
    ck_assert_uint_eq(tps_text_longest_run("", '`'), 0);
    ck_assert_uint_eq(tps_text_longest_run("a`b``c`", '`'), 2);
    ck_assert_uint_eq(tps_text_longest_run("```", '`'), 3);
}
END_TEST

START_TEST(every_hostile_text_becomes_fit)
{
    for (size_t i = 0; i < G_N_ELEMENTS(sample_hostile); i++) {
        g_autofree char *plain = tps_text_plain(sample_hostile[i]);
        g_autofree char *name = tps_text_name(sample_hostile[i], 30);

        ck_assert(g_utf8_validate(plain, -1, NULL) && g_utf8_validate(name, -1, NULL));
        ck_assert(!strpbrk(plain, "\r\x1b\a\b\x7f"));
        ck_assert(!strpbrk(name, "\n\t\r\x1b\a\b\x7f"));
        ck_assert_int_le(g_utf8_strlen(name, -1), 30);
    }
}
END_TEST

START_TEST(the_verdict_in_words)
{
    g_autoptr(TpsReport) report = sample_report("not-run", false);
    g_autoptr(TpsReport) incomplete = sample_report("incomplete", false);
    g_autoptr(TpsReport) unchecked = sample_report("unchecked", false);
    g_autofree char *line = tps_report_headline(report);
    g_autofree char *problems = tps_report_headline(incomplete);
    g_autofree char *nobody = tps_report_headline(unchecked);
    g_autofree char *why = tps_report_problem_text(report, 0);

    ck_assert_str_eq(line, "FAILED: 6 testcases, 1 error, 2 failed, 1 flaky, 1 passed, 1 skipped, "
                           "3 not run");
    ck_assert_str_eq(problems, "INCOMPLETE: 6 testcases, 1 error, 2 failed, 1 flaky, 1 passed, "
                               "1 skipped; 1 problem");
    ck_assert_str_eq(nobody, "PASSED: 2 testcases, 1 passed, 1 skipped; completeness was not "
                             "checked (no plan)");
    ck_assert_uint_eq(tps_report_n_problems(report), 1);
    ck_assert_str_eq(why, "3 testcases were not run, because enough had failed");
}
END_TEST

static const struct {
    const char *word;
    const char *quoted;
} words[] = {
    {"tests/a.py::test_b", "tests/a.py::test_b"},
    {"", "''"},
    {"a b", "'a b'"},
    {"x[1-2]", "'x[1-2]'"},
    {"$(touch x)", "'$(touch x)'"},
    {"it's", "'it'\\''s'"},
    {"~", "'~'"},
    {"a\nb", "$'a\\012b'"},
    {"\xff", "$'\\377'"},
    {"it's\x1b\\", "$'it\\'s\\033\\\\'"},
    {"\xe2\x80\xae", "$'\\342\\200\\256'"},
    {"\xc3\xa4", "'\xc3\xa4'"},
};

START_TEST(words_are_quoted)
{
    g_autoptr(GString) command = g_string_new(NULL);

    tps_shell_append_word(command, words[_i].word);
    ck_assert_str_eq(command->str, words[_i].quoted);
}
END_TEST

/* What bash makes of it is the word: no one else's opinion counts. */
START_TEST(bash_reads_the_word_back)
{
    g_autoptr(GString) command = g_string_new("printf %s ");
    g_autofree char *out = NULL;
    char *argv[] = {(char *)"bash", (char *)"-c", NULL, NULL};
    int status = 0;

    tps_shell_append_word(command, words[_i].word);
    argv[2] = command->str;
    ck_assert(
        g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, NULL, &status, NULL));
    ck_assert_int_eq(status, 0);
    ck_assert_str_eq(out, words[_i].word);
}
END_TEST

START_TEST(a_command_can_be_shown)
{
    g_autofree char *command = tps_reproduce_testcase("tpsched run -p 'p q'", "api", "a\x1b[2J b");

    ck_assert_str_eq(command, "tpsched run -p 'p q' --suite api --testcase $'a\\033[2J b'");
    ck_assert_ptr_null(tps_reproduce_testcase(NULL, "api", "a"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("formats/report_texts");
    TCase *tcase = tcase_create("texts");

    tcase_add_loop_test(tcase, hostile_texts, 0, G_N_ELEMENTS(cases));
    tcase_add_test(tcase, long_names_keep_both_ends);
    tcase_add_test(tcase, cut_texts_keep_both_ends);
    tcase_add_test(tcase, cuts_fall_between_characters);
    tcase_add_test(tcase, runs);
    tcase_add_test(tcase, every_hostile_text_becomes_fit);
    tcase_add_test(tcase, the_verdict_in_words);
    tcase_add_loop_test(tcase, words_are_quoted, 0, G_N_ELEMENTS(words));
    tcase_add_loop_test(tcase, bash_reads_the_word_back, 0, G_N_ELEMENTS(words));
    tcase_add_test(tcase, a_command_can_be_shown);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
