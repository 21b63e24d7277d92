/* SPDX-License-Identifier: MIT */
#include "tests/adapters/records.h"

START_TEST(record_keeps_the_last_value)
{
    g_autoptr(GHashTable) record = tps_record_new();

    ck_assert_ptr_null(tps_record_get(record, "id"));
    tps_record_set(record, "id", "a");
    tps_record_set(record, "id", "b");
    ck_assert_str_eq(tps_record_get(record, "id"), "b");
    tps_record_set_bytes(record, "id", BYTES("\0x\0"));
    ck_assert_str_eq(tps_record_get(record, "id"), "\xEF\xBF\xBDx\xEF\xBF\xBD");
    tps_record_set_bytes(record, "id", NULL, 0);
    ck_assert_str_eq(tps_record_get(record, "id"), "");
}
END_TEST

START_TEST(record_shares_values)
{
    g_autoptr(GHashTable) one = tps_record_new();
    g_autoptr(GHashTable) two = tps_record_new();
    GRefString *value = g_ref_string_new("long");

    tps_record_share(one, "text", value);
    tps_record_share(two, "text", value);
    g_ref_string_release(value);
    ck_assert_ptr_eq(tps_record_get(one, "text"), tps_record_get(two, "text"));
}
END_TEST

static const struct {
    const char *text;
    size_t length;
    const char *pattern;
    const char *expected;
} line_cases[] = {
    {BYTES(""), NULL, ""},
    {BYTES("\n\n\r\n"), NULL, ""},
    {BYTES("a\n\nb\r\nc"), NULL, "line=a\nline=b\nline=c\n"},
    {BYTES("a\r"), NULL, "line=a\\r\n"},
    {BYTES("a\0b\n\xFF\n"), NULL, "line=a\\357\\277\\275b\nline=\\377\n"},
    {BYTES("test a\nfoo\ntest b c\n"), "^test (?<id>.*)$",
     "id=a line=test a\nid=b c line=test b c\n"},
    {BYTES("a\n"), "^(?:(?<x>a)|(?<y>b))$", "line=a x=a\n"},
    {BYTES("a1\nb2\n"), "^(?:a(?<n>.)|b(?<n>.))$", "line=a1 n=1\nline=b2 n=2\n"},
    {BYTES("a\n"), "(?P<p>a)(?'q')(?:\\Q(?<r>\\E)?", "line=a p=a q=\n"},
    {BYTES("\n"), "^$", "line=\n"},
    {BYTES("\xC3\x85x\n\xFFx\n"), "^(?<id>.*)x$",
     "id=\\303\\205 line=\\303\\205x\nid=\\377 line=\\377x\n"},
    {BYTES("a\0b\n"), "^(?<id>.*b)$", "id=a\\357\\277\\275b line=a\\357\\277\\275b\n"},
    {BYTES("x\vy\n"), "^(?<id>.*)$", "id=x\\vy line=x\\vy\n"},
};

START_TEST(reads_lines)
{
    GError *error = NULL;
    g_autoptr(GRegex) pattern =
        line_cases[_i].pattern ? tps_pattern_compile(line_cases[_i].pattern, &error) : NULL;

    ck_assert_ptr_null(error);
    assert_records(
        tps_records_from_lines(line_cases[_i].text, line_cases[_i].length, pattern, &error),
        line_cases[_i].expected);
}
END_TEST

START_TEST(refuses_patterns)
{
    GError *error = NULL;

    ck_assert_ptr_null(tps_pattern_compile("(?<id>.*", &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK, "(?<id>.*");
    ck_assert_ptr_null(tps_pattern_compile("(*UTF)a", &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK,
                 "a pattern can't begin with an option: '(*UTF)a'");
}
END_TEST

START_TEST(shows_patterns_as_they_were_written)
{
    GError *error = NULL;

    ck_assert_ptr_null(tps_pattern_compile("a(", &error));
    ck_assert_ptr_null(strstr(error->message, "LIMIT"));
    g_clear_error(&error);
}
END_TEST

/* Each of these would take longer than anybody waits. */
static const char *const slow_patterns[] = {"^(a+)+$", "^(a|aa)+$", "^(?:a?){30}a{30}[bc]",
                                            "^([ab]*)*[cd]"};

START_TEST(bounds_backtracking)
{
    g_autofree char *as = repeat("a", 2000);
    g_autofree char *text = g_strconcat("fine\n", as, "!\n", NULL);
    GError *error = NULL;
    g_autoptr(GRegex) pattern = tps_pattern_compile(slow_patterns[_i], &error);

    ck_assert_ptr_nonnull(pattern);
    ck_assert_ptr_null(tps_records_from_lines(text, strlen(text), pattern, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK, "2: the pattern takes too many steps");
}
END_TEST

START_TEST(refuses_lines_that_are_too_long)
{
    g_autofree char *text = repeat("a", TPS_PATTERN_LINE_BYTES + 1);
    GError *error = NULL;
    g_autoptr(GRegex) pattern = tps_pattern_compile("^a", &error);
    g_autoptr(GPtrArray) fits =
        tps_records_from_lines(text, TPS_PATTERN_LINE_BYTES, pattern, &error);

    ck_assert_ptr_nonnull(fits);
    ck_assert_uint_eq(fits->len, 1);
    ck_assert_ptr_null(tps_records_from_lines(text, TPS_PATTERN_LINE_BYTES + 1, pattern, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK, "1: a line of 65537 bytes is too long");
}
END_TEST

#define GTEST_START "^\\[ RUN      \\] (?<id>.*)$"
#define GTEST_END                                                                                  \
    "(?<outcome>\\[       OK \\]|\\[  FAILED  \\]) (?<id>.*?)(?:, where .*)? \\((?<ms>\\d+) "      \
    "ms\\)$"

static const struct {
    const char *text;
    const char *start;
    const char *end;
    const char *expected;
    const char *running;
} progress_cases[] = {
    {"", GTEST_START, GTEST_END, "", NULL},
    {"[ RUN      ] A.b\nhello\n[       OK ] A.b (12 ms)\n", GTEST_START, GTEST_END,
     "id=A.b ms=12 outcome=[       OK ] text=hello\\n\n", NULL},
    /* no line end before the mark, parameters, and the summary, which is no mark */
    {"[ RUN      ] A.b\r\nhello[  FAILED  ] A.b, where GetParam() = (3) (1 ms)\r\n"
     "[  FAILED  ] A.b, where GetParam() = (3)\n",
     GTEST_START, GTEST_END, "id=A.b ms=1 outcome=[  FAILED  ] text=hello\n", NULL},
    /* one test speaks of another */
    {"[ RUN      ] A.b\n[       OK ] A.c (0 ms)\n[       OK ] A.b (1 ms)\n", GTEST_START, GTEST_END,
     "id=A.b ms=1 outcome=[       OK ] text=[       OK ] A.c (0 ms)\\n\n", NULL},
    {"[ RUN      ] A.b\n[       OK ] A.b (0 ms)\n[ RUN      ] A.c\nhalf", GTEST_START, GTEST_END,
     "id=A.b ms=0 outcome=[       OK ] text=\n", "A.c"},
    /* several at once: that of a nested one, which began last, counts */
    {"> a\n> b\n< b ok\n> c\nx\n", "^> (?<id>.*)", "^< (?<id>\\S+) (?<w>.*)", "id=b text= w=ok\n",
     "c"},
    {"> a\n> b\n< b ok\n", "^> (?<id>.*)", "^< (?<id>\\S+) (?<w>.*)", "id=b text= w=ok\n", "a"},
    {"> a\n> b\nx\n< a ok\ny\n< b ok\n", "^> (?<id>.*)", "^< (?<id>\\S+) (?<w>.*)",
     "id=a text=x\\n w=ok\nid=b text=y\\n w=ok\n", NULL},
    /* an end without an id is that of the last one; none runs: it says nothing */
    {"> a\n< ok\n< ok\n", "^> (?<id>.*)", "^< (?<w>.*)", "id=a text= w=ok\n", NULL},
    /* none runs: a skipped one may have an end only */
    {"< a skip\n", "^> (?<id>.*)", "^< (?<id>\\S+) (?<w>.*)", "id=a text= w=skip\n", NULL},
    /* again under the same name */
    {"> a\n< a ok\n> a\n", "^> (?<id>.*)", "^< (?<id>\\S+) (?<w>.*)", "id=a text= w=ok\n", "a"},
    /* only ends are said */
    {"out\ntest a::b ... ok\ntest c ... FAILED\n", NULL, "^test (?<id>.*) \\.\\.\\. (?<w>\\w+)$",
     "id=a::b text=out\\n w=ok\nid=c text= w=FAILED\n", NULL},
};

START_TEST(reads_progress)
{
    GError *error = NULL;
    g_autoptr(GRegex) start =
        progress_cases[_i].start ? tps_pattern_compile(progress_cases[_i].start, &error) : NULL;
    g_autoptr(GRegex) end = tps_pattern_compile(progress_cases[_i].end, &error);
    const char *text = progress_cases[_i].text;
    g_autofree char *running = NULL;

    assert_records(tps_records_from_progress(text, strlen(text), start, end, &running, &error),
                   progress_cases[_i].expected);
    ck_assert_pstr_eq(running, progress_cases[_i].running);
}
END_TEST

START_TEST(finds_an_end_behind_long_output)
{
    g_autofree char *noise = repeat("x", TPS_PATTERN_LINE_BYTES);
    g_autofree char *text = g_strconcat("> a\n", noise, "< ok\n", NULL);
    GError *error = NULL;
    g_autoptr(GRegex) start = tps_pattern_compile("^> (?<id>.*)", &error);
    g_autoptr(GRegex) end = tps_pattern_compile("< (?<w>.*)", &error);
    g_autofree char *running = NULL;
    g_autoptr(GPtrArray) records =
        tps_records_from_progress(text, strlen(text), start, end, &running, &error);

    ck_assert_ptr_null(running);
    ck_assert_uint_eq(records->len, 1);
    ck_assert_str_eq(tps_record_get(g_ptr_array_index(records, 0), "text"), noise);
}
END_TEST

START_TEST(progress_is_no_hang)
{
    g_autofree char *as = repeat("a", 2000);
    g_autofree char *text = g_strconcat(as, "!\n", NULL);
    GError *error = NULL;
    g_autoptr(GRegex) end = tps_pattern_compile("^(a+)+$", &error);
    char *running = NULL;

    ck_assert_ptr_null(tps_records_from_progress(text, strlen(text), NULL, end, &running, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK, "1: the pattern takes too many steps");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("readers");
    TCase *tcase = tcase_create("readers");

    tcase_add_test(tcase, record_keeps_the_last_value);
    tcase_add_test(tcase, record_shares_values);
    tcase_add_loop_test(tcase, reads_lines, 0, G_N_ELEMENTS(line_cases));
    tcase_add_test(tcase, refuses_patterns);
    tcase_add_test(tcase, shows_patterns_as_they_were_written);
    tcase_add_loop_test(tcase, bounds_backtracking, 0, G_N_ELEMENTS(slow_patterns));
    tcase_add_test(tcase, refuses_lines_that_are_too_long);
    tcase_add_loop_test(tcase, reads_progress, 0, G_N_ELEMENTS(progress_cases));
    tcase_add_test(tcase, finds_an_end_behind_long_output);
    tcase_add_test(tcase, progress_is_no_hang);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
