/* SPDX-License-Identifier: MIT */
#include "formats/report/html_internal.h"
#include "formats/report/html_text.h"
#include "tests/report_text.h"
#include "tests/unit.h"

#include <string.h>

#define SECOND INT64_C(1000000)

static const struct {
    const char *text;
    const char *html;
} shown[] = {
    {"", ""},
    {"a<b & \"c\" 'd' >", "a&lt;b &amp; &quot;c&quot; &#39;d&#39; &gt;"},
    {"</script><script>alert(1)</script>", "&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;"},
    {"one\ntwo\r", "one\xe2\x8f\x8etwo\xe2\x9f\xa8U+000D\xe2\x9f\xa9"},
    {"\x1b[31m", "\xe2\x9f\xa8U+001B\xe2\x9f\xa9[31m"},
    {"a\xe2\x80\xae"
     "b",
     "a\xe2\x9f\xa8U+202E\xe2\x9f\xa9"
     "b"},
    {"\xe2\x81\xa6\xe2\x80\x8b\xef\xbb\xbf", "\xe2\x9f\xa8U+2066\xe2\x9f\xa9\xe2\x9f\xa8U+200B"
                                             "\xe2\x9f\xa9\xe2\x9f\xa8U+FEFF\xe2\x9f\xa9"},
    {"\xff", "\xef\xbf\xbd"},
    {"\xd7\xa9\xe2\x98\x83", "\xd7\xa9\xe2\x98\x83"},
};

START_TEST(markup_is_text)
{
    g_autoptr(GString) html = g_string_new(NULL);

    tps_html_append(html, shown[_i].text);
    ck_assert_str_eq(html->str, shown[_i].html);
}
END_TEST

START_TEST(long_texts_lose_their_middle)
{
    g_autofree char *text = g_strnfill(1000, 'x');
    g_autofree char *kept = tps_html_cut("short", 10, 10);
    g_autofree char *cut = NULL;
    g_autofree char *inside = NULL;

    ck_assert_str_eq(kept, "short");
    text[0] = 'a';
    text[999] = 'z';
    cut = tps_html_cut(text, 3, 2);
    ck_assert_str_eq(cut, "axx\n[... 995 bytes cut ...]\nxz");
    for (int i = 0; i < 333; i++)
        memcpy(text + 3 * i, "\xe2\x98\x83", 3);
    inside = tps_html_cut(text, 4, 5);
    ck_assert(g_utf8_validate(inside, -1, NULL));
    ck_assert_ptr_null(strstr(inside, "\xef\xbf\xbd"));
    ck_assert_ptr_null(tps_html_cut(NULL, 1, 1));
}
END_TEST

static TpsReport *report_new(void)
{
    TpsReport *report = tps_report_new("<b>shop</b>", true);
    TpsReportSuite *suite = tps_report_add_suite(report, "</script>");
    TpsResult *result = tps_result_new("<img src=x onerror=alert(1)>", TPS_OUTCOME_FAILED, SECOND);

    result->message = g_strdup("</script><script>alert(2)</script>");
    result->output = g_strdup("<!-- \x1b[31m ]]>");
    g_ptr_array_add(suite->results, result);
    g_ptr_array_add(suite->results, tps_result_new("b", TPS_OUTCOME_PASSED, 2 * SECOND));
    tps_report_add_problem(report, "<script>alert(3)</script> is lost");
    tps_report_suite_extend(suite, SECOND, 5 * SECOND);
    tps_report_finish(report);
    report->n_asked = report->n_planned = 2;
    return report;
}

/* Not inlined: gcc 12 takes what open_memstream() gave for a pointer to a local. */
static G_NO_INLINE guint count(const char *text, const char *what)
{
    guint n = 0;

    for (const char *at = strstr(text, what); at; at = strstr(at + 1, what))
        n++;
    return n;
}

/* Every element of the page is ours: each "<script" is a column or the viewer itself. */
START_TEST(nothing_of_the_data_is_markup)
{
    g_autoptr(TpsReport) report = report_new();
    g_autofree char *page = report_text(report, "html");
    const char *viewer = strstr(page, "<script>(function");

    ck_assert_ptr_nonnull(viewer);
    ck_assert_uint_eq(count(page, "<script>"), 1);
    ck_assert_uint_eq(count(page, "<script"),
                      count(page, "<script type=\"application/octet-stream\" id=\"d-") + 1);
    ck_assert_uint_eq(count(page, "<script"), count(page, "</script>"));
    ck_assert_ptr_null(strstr(page, "<img"));
    ck_assert_ptr_null(strstr(page, "<b>shop"));
    ck_assert_ptr_nonnull(strstr(page, "INCOMPLETE"));
    ck_assert_ptr_nonnull(strstr(page, "&lt;script&gt;alert(3)&lt;/script&gt; is lost"));
    ck_assert_ptr_nonnull(strstr(page, "&lt;img src=x onerror=alert(1)&gt;"));
}
END_TEST

START_TEST(same_report_same_bytes)
{
    g_autoptr(TpsReport) report = report_new();
    g_autofree char *once = report_text(report, "html");
    g_autofree char *again = report_text(report, "html");

    ck_assert_str_eq(once, again);
}
END_TEST

START_TEST(unchecked_is_said)
{
    g_autoptr(TpsReport) report = tps_report_new("loose", false);
    g_autofree char *page = NULL;

    tps_report_finish(report);
    page = report_text(report, "html");
    ck_assert_ptr_nonnull(strstr(page, "Completeness was not checked"));
}
END_TEST

/* Two workers: one has a single task of ten seconds, the other two of two. */
static TpsReport *timed_new(void)
{
    TpsReport *report = tps_report_new("timed", true);
    TpsTimeline *timeline = tps_timeline_new(0);
    static const int times[][4] = {
        /* row, start, end, expected */
        {0, 0, 10, 4},
        {1, 0, 2, 2},
        {1, 2, 4, 2},
    };

    for (int row = 0; row < 2; row++) {
        TpsTimelineRow one = {.host = "h", .worker = row};

        g_array_append_val(timeline->rows, one);
    }
    for (guint i = 0; i < G_N_ELEMENTS(times); i++) {
        TpsTimelineBar bar = {.suite = i == 0 ? "long" : "short",
                              .part = {i == 2, i == 0 ? 1 : 2},
                              .attempt = 1,
                              .row = (guint)times[i][0],
                              .start_us = times[i][1] * SECOND,
                              .end_us = times[i][2] * SECOND,
                              .expected_us = times[i][3] * SECOND,
                              .setup_us = SECOND,
                              .end = "passed"};

        g_array_append_val(timeline->bars, bar);
    }
    tps_timeline_settle(timeline);
    report->timeline = timeline;
    report->makespan_us = 5 * SECOND;
    report->lower_bound_us = 4 * SECOND;
    tps_report_finish(report);
    return report;
}

START_TEST(facts_are_the_timelines)
{
    g_autoptr(TpsReport) report = timed_new();
    TpsHtmlFacts facts = tps_html_facts(report);

    ck_assert_int_eq(facts.wall_us, 10 * SECOND);
    ck_assert_int_eq(facts.busy_us, 14 * SECOND);
    ck_assert_int_eq(facts.idle_us, 6 * SECOND);
    ck_assert_int_eq(facts.tail_us, 6 * SECOND);
    ck_assert_int_eq(facts.setup_us, 3 * SECOND);
    ck_assert_uint_eq(facts.n_workers, 2);
    ck_assert_uint_eq(facts.n_hosts, 1);
}
END_TEST

static const char *const advised[] = {
    "It took 10.0s, 100 % longer than the planned 5.0s. With the times that were expected, no plan "
    "on these workers ends before 4.0s.",
    "'long' alone took 10.0s, 100 % of the whole: no number of workers gets below that unless it "
    "is split.",
    "Workers stood idle for 6.0s, 30 % of their time: 6.0s after their last task, 0ms before and "
    "between tasks. Dealt out evenly, the same work takes 7.0s.",
    "Furthest from what was expected: 'long' took 10.0s instead of 4.0s. A plan made with the "
    "runtime data of this run expects what it took.",
    "Setup and teardown took 3.0s, 21 % of the time of all tasks. Each part pays them: fewer parts "
    "cost less, faster setups help all of them.",
};

START_TEST(advice_names_what_cost_time)
{
    g_autoptr(TpsReport) report = timed_new();
    TpsHtmlFacts facts = tps_html_facts(report);
    g_autoptr(GPtrArray) advice = tps_html_advice(report, &facts);

    ck_assert_uint_eq(advice->len, G_N_ELEMENTS(advised));
    for (guint i = 0; i < advice->len; i++)
        ck_assert_str_eq(g_ptr_array_index(advice, i), advised[i]);
}
END_TEST

/* The short ones are the end, one after the other, when the long one is over before. */
START_TEST(advice_names_the_critical_path)
{
    g_autoptr(TpsReport) report = timed_new();
    TpsHtmlFacts facts;
    g_autoptr(GPtrArray) advice = NULL;

    g_array_index(report->timeline->bars, TpsTimelineBar, 0).end_us = SECOND;
    g_array_index(report->timeline->bars, TpsTimelineBar, 0).is_critical = false;
    tps_timeline_settle(report->timeline);
    facts = tps_html_facts(report);
    advice = tps_html_advice(report, &facts);
    ck_assert_str_eq(g_ptr_array_index(advice, 1),
                     "What the end hung on, one after the other: 'short 0,2', 'short 1,2'.");
}
END_TEST

START_TEST(pieces_are_not_held_against_their_task)
{
    g_autoptr(TpsReport) report = timed_new();
    TpsHtmlFacts facts = tps_html_facts(report);
    TpsTimelineBar piece = {.suite = "long",
                            .part = {0, 1},
                            .attempt = 1,
                            .piece = 1,
                            .row = 1,
                            .start_us = 9 * SECOND,
                            .end_us = 10 * SECOND,
                            .expected_us = TPS_TIME_UNKNOWN,
                            .end = "passed"};
    g_autoptr(GPtrArray) advice = NULL;

    g_array_append_val(report->timeline->bars, piece);
    advice = tps_html_advice(report, &facts);
    for (guint i = 0; i < advice->len; i++) {
        ck_assert_ptr_null(strstr(g_ptr_array_index(advice, i), "Furthest"));
        ck_assert_ptr_null(strstr(g_ptr_array_index(advice, i), "without an expected"));
    }
}
END_TEST

START_TEST(percents_do_not_overflow)
{
    ck_assert_int_eq(tps_html_percent(1, 0), 0);
    ck_assert_int_eq(tps_html_percent(-1, 5), 0);
    ck_assert_int_eq(tps_html_percent(1, 3), 33);
    ck_assert_int_eq(tps_html_percent(2, 3), 67);
    ck_assert_int_eq(tps_html_percent(INT64_MAX, INT64_MAX), 100);
    ck_assert_int_eq(tps_html_percent(INT64_MAX, 1), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("report_html");
    TCase *tcase = tcase_create("page");

    tcase_add_loop_test(tcase, markup_is_text, 0, G_N_ELEMENTS(shown));
    tcase_add_test(tcase, long_texts_lose_their_middle);
    tcase_add_test(tcase, nothing_of_the_data_is_markup);
    tcase_add_test(tcase, same_report_same_bytes);
    tcase_add_test(tcase, unchecked_is_said);
    tcase_add_test(tcase, facts_are_the_timelines);
    tcase_add_test(tcase, advice_names_what_cost_time);
    tcase_add_test(tcase, advice_names_the_critical_path);
    tcase_add_test(tcase, pieces_are_not_held_against_their_task);
    tcase_add_test(tcase, percents_do_not_overflow);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
