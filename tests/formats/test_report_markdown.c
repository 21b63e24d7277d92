/* SPDX-License-Identifier: MIT */
#include "formats/report/markdown_internal.h"
#include "tests/report_sample.h"
#include "tests/report_text.h"
#include "tests/unit.h"

#include <string.h>

static const struct {
    const char *name;
    const char *code;
} names[] = {
    {"plain", "plain"},
    {"", "(no name)"},
    {"tests/test_a.py::test_b[1-x]", "tests/test_a.py::test_b&#91;1-x&#93;"},
    {"_a_ b_c", "&#95;a&#95; b_c"},
    {"a|b", "a&#124;b"},
    {"<b>&amp;", "&#60;b&#62;&#38;amp;"},
    {"`x`", "&#96;x&#96;"},
    {"@me #1 !2 $x$ ~~s~~ *b*", "&#64;me &#35;1 &#33;2 &#36;x&#36; &#126;&#126;s&#126;&#126; "
                                "&#42;b&#42;"},
    {"http://x www.y", "http&#58;//x www&#46;y"},
    {"a\nb\x1b[0m", "a&#92;nb&#92;x1b&#91;0m"},
    {"bad \xff", "bad &#92;xff"},
    {"\xc3\xa9\xe2\x80\xae", "\xc3\xa9&#92;u202e"},
};

START_TEST(a_name)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_autofree char *expected = g_strdup_printf("<code>%s</code>", names[_i].code);

    tps_markdown_code(out, names[_i].name, 100);
    ck_assert_str_eq(out->str, expected);
}
END_TEST

START_TEST(a_fence_is_longer_than_what_it_holds)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_autofree char *many = g_strnfill(1000, '`');
    g_autofree char *capped = tps_markdown_body(many);
    g_autofree char *body = tps_markdown_body("a\n````\nb\r\n\n");

    tps_markdown_fence(out, body, 100);
    ck_assert_str_eq(out->str, "`````text\na\n````\nb\n`````\n");
    ck_assert_uint_eq(strlen(capped), 40);
    g_string_truncate(out, 0);
    tps_markdown_fence(out, capped, 0);
    ck_assert_uint_le(out->len, TPS_MARKDOWN_FENCE_BYTES);
}
END_TEST

static size_t sum_at(const guint32 *length, guint n, size_t limit)
{
    size_t sum = 0;

    for (guint i = 0; i < n; i++)
        sum += MIN(length[i], limit);
    return sum;
}

/* The largest limit that fits, as found by trying all. */
START_TEST(a_limit_is_fair)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed((guint32)_i);
    guint32 length[8];
    guint n = (guint)g_rand_int_range(rand, 1, 9);
    size_t total = (size_t)g_rand_int_range(rand, 0, 100);
    size_t limit;

    for (guint i = 0; i < n; i++)
        length[i] = (guint32)g_rand_int_range(rand, 0, 40);
    limit = tps_markdown_fair_limit(length, n, total);
    ck_assert_uint_le(sum_at(length, n, limit), total);
    if (sum_at(length, n, limit) < sum_at(length, n, SIZE_MAX))
        ck_assert_uint_gt(sum_at(length, n, limit + 1), total);
}
END_TEST

static size_t count(const char *text, const char *word)
{
    size_t n = 0;

    while ((text = strstr(text, word))) {
        n++;
        text += strlen(word);
    }
    return n;
}

static TpsReport *crowd(guint n, const char *name, const char *text)
{
    TpsReport *report = tps_report_new(name, true);
    TpsReportSuite *suite = tps_report_add_suite(report, name);

    for (guint i = 0; i < n; i++) {
        g_autofree char *id = g_strdup_printf("%u%s", i, name);
        TpsResult *result =
            sample_add(suite, id, i % 3 ? TPS_OUTCOME_FAILED : TPS_OUTCOME_FLAKY, i);

        result->message = g_strdup(name);
        result->text = g_strdup(text);
        if (i % 3 == 0)
            sample_attempt(result, name);
        if (i < 100)
            tps_report_add_problem(report, "%s", id);
        tps_report_add_note(report, "%s", id);
    }
    tps_report_finish(report);
    return report;
}

/* Whatever there is to say, the page has room for its end. */
START_TEST(a_page_is_never_too_long)
{
    static const struct {
        guint n;
        size_t name;
        size_t text;
    } sizes[] = {{3, 10, 3000000}, {20000, 3, 0}, {5000, 1000, 10}, {2000, 50, 5000}};
    g_autofree char *name = g_strnfill(sizes[_i].name, '|');
    g_autofree char *text = g_strnfill(sizes[_i].text, '`');
    g_autoptr(TpsReport) report = crowd(sizes[_i].n, name, text);
    g_autofree char *page = report_text(report, "markdown");

    ck_assert_uint_le(strlen(page), TPS_MARKDOWN_BYTES);
    ck_assert_uint_eq(count(page, "<details>"), count(page, "</details>"));
    ck_assert_uint_gt(count(page, "<details>"), 1);
    ck_assert_ptr_nonnull(strstr(page, "\n### Notes\n"));
    ck_assert(g_str_has_suffix(page, " more\n") || sizes[_i].n <= 20);
    if (sizes[_i].n >= 5000)
        ck_assert_ptr_nonnull(strstr(page, " more failures, for which there is no room here.\n"));
}
END_TEST

static const struct {
    const char *sample;
    const char *line;
} lines[] = {
    {"passed", "## \xE2\x9C\x85 PASSED: 2 testcases, 1 passed, 1 skipped\n"},
    {"passed", "Every planned testcase is accounted for exactly once. "},
    {"unchecked", "completeness was not checked (no plan)\n"},
    {"incomplete", "\n### Problems\n\n- <code>api 1,2: no report&#92;n::error::x"},
    {"plain", "\n| **all** | 6 | 1 | 1 | 1 | 2 | 1 | 4.9s |\n"},
    {"plain", " passed at attempt 3, first: <code>refused</code>\n"},
    {"plain", "tpsched run -p plan.json --suite unit --testcase test_points\n"},
};

START_TEST(a_line)
{
    g_autoptr(TpsReport) report = sample_report(lines[_i].sample, true);
    g_autofree char *page = report_text(report, "markdown");

    ck_assert_msg(strstr(page, lines[_i].line) != NULL, "%s", page);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("formats/report_markdown");
    TCase *cases = tcase_create("markdown");

    tcase_add_loop_test(cases, a_name, 0, G_N_ELEMENTS(names));
    tcase_add_test(cases, a_fence_is_longer_than_what_it_holds);
    tcase_add_loop_test(cases, a_limit_is_fair, 0, 200);
    tcase_add_loop_test(cases, a_page_is_never_too_long, 0, 4);
    tcase_add_loop_test(cases, a_line, 0, G_N_ELEMENTS(lines));
    suite_add_tcase(suite, cases);
    return unit_main(suite);
}
