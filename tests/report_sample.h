/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/report.h"

#include <glib.h>
#include <string.h>

/* Reports that a writer has to get right: hostile in each text, and at each end of what can be. */

#define SAMPLE_SECOND INT64_C(1000000)
#define SAMPLE_EPOCH (INT64_C(1795168800) * SAMPLE_SECOND)

/* What some format takes for markup, a command, an end or a line of its own. */
static const char *const sample_hostile[] = {
    "plain",
    "]]>",
    "::error file=a.c,line=1::injected",
    "\n::error::injected\n",
    "\r\n::stop-commands::x\r\n",
    "%0A::add-mask::x",
    "a | b | c",
    "\x1b[31mred\x1b[0m \x1b[0Ksection_end:1:x\r\x1b[0K",
    "\n\x1b[0Ksection_start:1:x[collapsed=true]\r\x1b[0Kinjected",
    "bad \xff\xfe\xc3( bytes",
    "bell \a back \b del \x7f c1 \xc2\x9b",
    "<img src=x onerror=alert(1)><script>alert(2)</script>",
    "</code></pre></details></summary><h1>x</h1>",
    "`code` ``two`` ```three``` ````four````",
    "\n```\n# heading\n```\n",
    "\r```\r# heading\r~~~~\r",
    "@everyone #1 !2 $math$ http://example.org www.example.org a@example.org",
    "[link](javascript:alert(1)) ![i](http://x/y.png) *b* _i_ ~~s~~",
    "ok 1 - not a point # SKIP really",
    "Bail out!",
    "\nBail out! now\n1..99\nnot ok 7\nTAP version 13\n",
    "# TODO not done",
    "back\\slash \\# \\",
    "\n  ...\n  ---\n...\n---\n",
    "1..5",
    "{\"json\": [1, 2, \"}\"]}",
    "section x: done, 1, 2; click y %% z",
    ("\xe2\x80\xae"
     "desrever \xe2\x80\x8b \xef\xbb\xbf"),
    "line\xe2\x80\xa8separated\nand\xe2\x80\xa9more\n\n  \nend",
    "dotted.name::[a::b.c] > leaf (x/y)",
    "/",
    "::",
    " leading and trailing ",
    "\t",
    "",
};

static inline TpsResult *sample_add(TpsReportSuite *suite, const char *id, TpsOutcome outcome,
                                    int64_t us)
{
    TpsResult *result = tps_result_new(id, outcome, us);

    g_ptr_array_add(suite->results, result);
    return result;
}

static inline void sample_say(TpsResult *result, const char *type, const char *message,
                              const char *text)
{
    result->type = g_strdup(type);
    result->message = g_strdup(message);
    result->text = g_strdup(text);
}

static inline void sample_attempt(TpsResult *result, const char *message)
{
    TpsResult *earlier = tps_result_new(NULL, TPS_OUTCOME_FAILED, 250000);

    if (!result->attempts)
        result->attempts = tps_results_new();
    sample_say(earlier, "AssertionError", message, "trace of an attempt");
    earlier->output = g_strdup("printed by an attempt\n");
    g_ptr_array_add(result->attempts, earlier);
}

static inline void sample_case(TpsResult *result, const char *id, TpsOutcome outcome)
{
    TpsResult *inner = tps_result_new(id, outcome, 1000);

    if (outcome != TPS_OUTCOME_PASSED)
        sample_say(inner, "kind", "message of a case", "text of a case");
    tps_result_add_case(result, inner);
}

/* One of each: what a person would write. */
static inline void sample_fill_plain(TpsReport *report)
{
    TpsReportSuite *suite = tps_report_add_suite(report, "api");
    TpsResult *result;

    suite->hostname = g_strdup("host-1");
    tps_report_suite_extend(suite, SAMPLE_EPOCH, SAMPLE_EPOCH + 90 * SAMPLE_SECOND);
    tps_properties_add(suite->properties, "tpsched.part.0.host", "host-1");
    sample_add(suite, "tests/test_a.py::test_one", TPS_OUTCOME_PASSED, 1500000);
    result = sample_add(suite, "tests/test_a.py::test_two[1-x]", TPS_OUTCOME_FAILED, 250001);
    result->file = g_strdup("tests/test_a.py");
    result->line = 17;
    result->output = g_strdup("printed\n");
    sample_say(result, "AssertionError", "1 != 2",
               "def test_two(x):\n>   assert 1 == x\nE   1 != 2\n");
    result->properties = tps_properties_new();
    tps_properties_add(result->properties, "owner", "team");
    tps_properties_add(result->properties, "owner", "other");
    result = sample_add(suite, "tests/test_a.py::test_three", TPS_OUTCOME_FLAKY, 100000);
    sample_attempt(result, "refused");
    sample_attempt(result, "refused again");
    sample_say(
        sample_add(suite, "tests/test_b.py::test_four", TPS_OUTCOME_SKIPPED, TPS_TIME_UNKNOWN),
        NULL, "not here", NULL);
    result = sample_add(suite, "tests/test_b.py::test_five", TPS_OUTCOME_ERROR, 0);
    sample_say(result, "tpsched.process", "killed by SIGSEGV", NULL);
    sample_attempt(result, "killed by SIGSEGV");
    suite = tps_report_add_suite(report, "unit");
    result = sample_add(suite, "test_points", TPS_OUTCOME_FAILED, 3 * SAMPLE_SECOND);
    sample_case(result, "first", TPS_OUTCOME_PASSED);
    sample_case(result, "second", TPS_OUTCOME_FAILED);
    sample_case(result, "third", TPS_OUTCOME_SKIPPED);
}

/* Each hostile text at each place that takes one, with each outcome. */
static inline void sample_fill_nasty(TpsReport *report)
{
    const guint n = G_N_ELEMENTS(sample_hostile);

    for (guint i = 0; i < n; i++) {
        const char *text = sample_hostile[i];
        const char *other = sample_hostile[(i * 7 + 3) % n];
        TpsReportSuite *suite = tps_report_add_suite(report, *text ? text : "empty");

        tps_report_suite_extend(suite, SAMPLE_EPOCH + i, SAMPLE_EPOCH + 9 * SAMPLE_SECOND);
        tps_properties_add(suite->properties, text, other);
        suite->hostname = g_strdup(other);
        if (i % 5 == 0)
            g_string_append(suite->output, other);
        for (guint k = 0; k < 10; k++) {
            g_autofree char *id = g_strconcat(text, k ? other : "", k > 1 ? "x" : "",
                                              k > 2 ? &"yyyyyyyy"[10 - k] : "", NULL);
            TpsResult *result = sample_add(suite, id, (TpsOutcome)(k % 5), (int64_t)(k * 1000 + i));

            if (k % 5 != TPS_OUTCOME_PASSED)
                sample_say(result, other, k < 5 ? text : other, k < 5 ? other : text);
            if (k % 2 == 0)
                result->file = g_strdup(k == 4 ? "/root/of/it/a.c" : other);
            result->line = k % 3 ? 0 : (int64_t)k;
            result->output = g_strdup(k % 3 == 1 ? text : NULL);
            if (k % 5 == TPS_OUTCOME_FLAKY)
                sample_attempt(result, text);
            if (k == 8) {
                sample_case(result, text, TPS_OUTCOME_FAILED);
                sample_case(result, other, TPS_OUTCOME_PASSED);
            }
            result->properties = tps_properties_new();
            tps_properties_add(result->properties, text, text);
        }
        if (i % 3 == 0)
            tps_report_add_note(report, "%s", text);
    }
}

/* More failures than any page takes, each with more text than one page. */
static inline void sample_fill_large(TpsReport *report)
{
    TpsReportSuite *suite = tps_report_add_suite(report, "large");

    for (guint i = 0; i < 6000; i++) {
        g_autofree char *id = g_strdup_printf("test_%05u", i);
        TpsResult *result = sample_add(suite, id, i % 2 ? TPS_OUTCOME_FAILED : TPS_OUTCOME_PASSED,
                                       (int64_t)i * 1000);
        g_autofree char *line = g_strnfill(i % 97 * 3, i % 2 ? '`' : 'x');
        GString *text = g_string_new(NULL);

        for (guint k = 0; i % 2 && k < (i % 101 == 0 ? 5000 : i % 11); k++)
            g_string_append_printf(text, "%s | <%u>\n", line, k);
        if (i % 2)
            sample_say(result, "E", "it is large", text->str);
        g_string_free(text, TRUE);
    }
}

static inline TpsTimelineBar *sample_bar(TpsTimeline *timeline, guint row, const char *suite,
                                         int64_t start_us, int64_t end_us)
{
    TpsTimelineBar bar = {
        .suite = tps_string_pool_add(timeline->names, suite),
        .part = {0, 1},
        .attempt = 1,
        .row = row,
        .start_us = start_us,
        .end_us = end_us,
        .expected_start_us = start_us > SAMPLE_SECOND ? start_us - SAMPLE_SECOND : 0,
        .expected_us = end_us - start_us + SAMPLE_SECOND / 2,
        .status = TPS_STATUS_PASSED,
        .end = "passed",
        .first_span = timeline->spans->len,
    };

    g_array_append_val(timeline->bars, bar);
    return &g_array_index(timeline->bars, TpsTimelineBar, timeline->bars->len - 1);
}

static inline void sample_span(TpsTimeline *timeline, TpsTimelineBar *bar, const char *id,
                               int64_t start_us, int64_t length_us)
{
    TpsTimelineSpan span = {
        .id = tps_string_pool_add(timeline->names, id),
        .start_us = start_us,
        .length_us = length_us,
        .outcome = TPS_OUTCOME_PASSED,
    };

    g_array_append_val(timeline->spans, span);
    bar->n_spans++;
}

static inline void sample_row(TpsTimeline *timeline, const char *host, int worker)
{
    TpsTimelineRow row = {tps_string_pool_add(timeline->names, host), worker};

    g_array_append_val(timeline->rows, row);
}

/* Two hosts; parts, an attempt after a kill, a clock that went back, and all results in bars. */
static inline TpsTimeline *sample_timeline(const TpsReport *report)
{
    TpsTimeline *timeline = tps_timeline_new(SAMPLE_EPOCH);
    TpsTimelineBar *bar;

    sample_row(timeline, "host-1", 0);
    sample_row(timeline, "host-1", 1);
    sample_row(timeline, "host \xff <b>", 0);
    for (guint i = 0; i < report->suites->len; i++) {
        const TpsReportSuite *suite = g_ptr_array_index(report->suites, i);
        guint n = MIN(suite->results->len, 40);
        int64_t start = (int64_t)i * 5 * SAMPLE_SECOND;

        bar = sample_bar(timeline, i % 3, suite->name, start, start + 4 * SAMPLE_SECOND);
        bar->part = (TpsPart){(int)(i % 2), 2};
        bar->setup_us = i % 4 ? SAMPLE_SECOND : 9 * SAMPLE_SECOND;
        bar->teardown_us = SAMPLE_SECOND;
        bar->status = (TpsStatus)(i % (TPS_STATUS_NOT_RUN + 1));
        bar->end = i % 2 ? "killed by SIGSEGV" : "passed";
        for (guint k = 0; k < n; k++) {
            const TpsResult *result = g_ptr_array_index(suite->results, k);

            sample_span(timeline, bar, result->id, SAMPLE_SECOND + (int64_t)k * 40000,
                        k % 7 == 6 ? 9 * SAMPLE_SECOND : 50000);
        }
    }
    bar = sample_bar(timeline, 0, "overlap", SAMPLE_SECOND, 7 * SAMPLE_SECOND);
    bar->attempt = 2;
    bar->status = TPS_STATUS_TIMEOUT;
    bar->end = "timed out after 6s";
    sample_bar(timeline, 1, "zero", SAMPLE_SECOND, SAMPLE_SECOND);
    tps_timeline_settle(timeline);
    return timeline;
}

static const char *const sample_names[] = {
    "plain", "passed", "empty", "incomplete", "unchecked", "flaky", "not-run", "large", "nasty",
};

static inline void sample_fill_passed(TpsReport *report)
{
    TpsReportSuite *suite = tps_report_add_suite(report, "all green");

    tps_report_suite_extend(suite, SAMPLE_EPOCH, SAMPLE_EPOCH + SAMPLE_SECOND);
    sample_add(suite, "Suite:one", TPS_OUTCOME_PASSED, 500000);
    sample_add(suite, "Suite:two", TPS_OUTCOME_SKIPPED, TPS_TIME_UNKNOWN);
}

static inline void sample_leave_out(TpsReport *report)
{
    TpsReportSuite *suite = tps_report_add_suite(report, "left out");

    for (int i = 0; i < 3; i++) {
        g_autofree char *id = g_strdup_printf("later_%d", i);

        sample_say(sample_add(suite, id, TPS_OUTCOME_SKIPPED, TPS_TIME_UNKNOWN), TPS_RESULT_NOT_RUN,
                   "enough had failed", NULL);
    }
}

/* A report by its name in sample_names, with its timeline if `timed`. Caller frees. */
static inline TpsReport *sample_report(const char *name, bool timed)
{
    TpsReport *report = tps_report_new(name, strcmp(name, "unchecked") != 0);

    report->plan_id = g_strdup("0123456789abcdef");
    report->makespan_us = 80 * SAMPLE_SECOND;
    report->lower_bound_us = 70 * SAMPLE_SECOND;
    report->size = 2;
    report->flaky_fails = strcmp(name, "flaky") == 0;
    if (strcmp(name, "passed") == 0 || strcmp(name, "unchecked") == 0)
        sample_fill_passed(report);
    else if (strcmp(name, "large") == 0)
        sample_fill_large(report);
    else if (strcmp(name, "nasty") == 0)
        sample_fill_nasty(report);
    else if (strcmp(name, "empty") != 0)
        sample_fill_plain(report);
    if (strcmp(name, "not-run") == 0)
        sample_leave_out(report);
    if (strcmp(name, "incomplete") == 0)
        tps_report_add_problem(report, "api 1,2: no report\n::error::x <b>| `y`");
    for (guint i = 0; strcmp(name, "nasty") == 0 && i < G_N_ELEMENTS(sample_hostile); i++)
        tps_report_add_problem(report, "problem %u: %s", i, sample_hostile[i]);
    tps_report_finish(report);
    report->n_planned = report->n_asked = report->n_results + report->n_not_run;
    if (timed)
        report->timeline = sample_timeline(report);
    return report;
}
