/* SPDX-License-Identifier: MIT */

/*
 * Reports of runs that never were, as report.html: of any size, always the same bytes.
 *
 *   make-html KIND N FILE
 *
 * KIND: failed, passed, incomplete, hostile, loose (without a plan and a timeline), empty, tiny (a
 * task of a millisecond before one of ten seconds), noisy (all fail, and print what can't be
 * packed), flaky (which fails the run).
 */
#include "core/error.h"
#include "core/report.h"
#include "formats/report/writers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND INT64_C(1000000)

static guint64 seed = 42;

/* 0 .. below - 1 */
static guint draw(guint below)
{
    seed = seed * G_GUINT64_CONSTANT(6364136223846793005) + G_GUINT64_CONSTANT(1442695040888963407);
    return (guint)((seed >> 33) % below);
}

/* Mostly short, a few very long. */
static int64_t draw_time(int64_t mean_us)
{
    int64_t time_us = mean_us / 8 + (int64_t)draw(1000) * mean_us / 2000;

    if (draw(12) == 0)
        time_us *= 4;
    if (draw(150) == 0)
        time_us *= 8;
    return time_us;
}

static const char *const nouns[] = {"order",   "invoice",  "basket",  "customer", "refund",
                                    "voucher", "shipment", "session", "ledger",   "catalogue"};
static const char *const verbs[] = {"is_created",          "is_rejected_when_empty",
                                    "keeps_its_total",     "survives_a_retry",
                                    "round_trips_as_json", "expires",
                                    "is_found_by_index",   "honours_the_time_zone"};
static const char *const suite_names[] = {"api",           "billing",     "catalogue",
                                          "docs-examples", "integration", "ui"};

/* What tests may be called. Each would do something if it were markup, a path or a command. */
static const char *const hostile[] = {
    "<img src=x onerror=\"window.__pwned=1\">",
    "</script><script>window.__pwned=2</script>",
    "--><svg onload=window.__pwned=3>",
    "'\"><a href=\"javascript:window.__pwned=4\">x</a>",
    "$(touch pwned); `touch pwned` && rm -rf ../..",
    "../../etc/passwd",
    "line one\nline two\r\ttabbed",
    ("right\xe2\x80\xaeto left\xe2\x80\xac, \xe2\x81\xa6isolated\xe2\x81\xa9 and "
     "zero\xe2\x80\x8bwidth"),
    "bell \x07 escape \x1b[31mred\x1b[0m",
    "no utf-8: \xff\xfe\xc3",
    "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d \xd8\xb3\xd9\x84\xd8\xa7\xd9\x85",
    "it's \"quoted\" \\ and %s %n {{7*7}} ${7*7}",
    "__proto__",
    "constructor",
    " ",
};

static char *name_of(guint i, const char *kind)
{
    if (strcmp(kind, "hostile") == 0 && i % 5 == 0)
        return g_strdup_printf("%s%s", hostile[i / 5 % G_N_ELEMENTS(hostile)],
                               i / 5 < G_N_ELEMENTS(hostile) ? "" : " again");
    return g_strdup_printf("tests/%s/test_%s_%s.py::Test%u::test_%s_%s[case-%u]",
                           nouns[i / 400 % 10], nouns[i / 40 % 10], nouns[i / 400 % 7], i / 20 % 20,
                           nouns[i % 10], verbs[i / 10 % 8], i);
}

static char *traceback(guint i)
{
    return g_strdup_printf("    def test_total(basket):\n        basket.add(item(%u), 3)\n>       "
                           "assert basket.total == 59.97\nE       assert 59.96999999999999 == 59.97"
                           "\nE        +  where 59.96999999999999 = <Basket of %u>.total\n\n"
                           "tests/basket/test_basket.py:%u: AssertionError",
                           i, i, 20 + i % 300);
}

static void add_failure(TpsResult *result, guint i, bool is_hostile)
{
    GString *output = g_string_new(NULL);

    for (guint line = 0; line < 4 + i % 90; line++)
        g_string_append_printf(output, "12:00:%02u.%03u \x1b[32mINFO\x1b[0m shop.basket: item %u\n",
                               line / 10 % 60, line * 7 % 1000, line);
    if (is_hostile)
        g_string_append(output, "</pre></script><script>window.__pwned=5</script>\n");
    result->message =
        g_strdup(is_hostile ? "<b onmouseover=window.__pwned=6>expected</b> \xe2\x80\xae 1"
                            : "assert 59.96999999999999 == 59.97");
    result->type = g_strdup("AssertionError");
    result->text = traceback(i);
    result->output = g_string_free(output, FALSE);
    result->file = g_strdup("tests/basket/test_basket.py");
    result->line = 20 + i % 300;
}

static char *noise(void)
{
    char *text = g_malloc(40001);

    for (int i = 0; i < 40000; i++)
        text[i] = (char)(' ' + draw(95));
    text[40000] = '\0';
    return text;
}

static TpsResult *make_result(guint i, guint n, const char *kind)
{
    g_autofree char *id = name_of(i, kind);
    bool is_clean = strcmp(kind, "passed") == 0;
    bool is_flaky = strcmp(kind, "flaky") == 0;
    guint lot = draw(MAX(n / 8, 100));
    TpsResult *result = tps_result_new(id, TPS_OUTCOME_PASSED, draw_time(SECOND / 5));

    if (strcmp(kind, "noisy") == 0) {
        result->outcome = TPS_OUTCOME_FAILED;
        result->message = g_strdup("too much");
        result->output = noise();
    } else if (!is_clean && !is_flaky && lot == 0) {
        result->outcome = TPS_OUTCOME_ERROR;
        add_failure(result, i, false);
        g_free(result->message);
        result->message = g_strdup("killed by SIGSEGV (core dumped)");
    } else if (!is_clean && !is_flaky &&
               (lot < 3 || (strcmp(kind, "hostile") == 0 && i % 5 == 0))) {
        result->outcome = TPS_OUTCOME_FAILED;
        add_failure(result, i, strcmp(kind, "hostile") == 0);
    } else if (!is_clean && lot < 5) {
        TpsResult *earlier = tps_result_new(id, TPS_OUTCOME_FAILED, SECOND / 3);

        add_failure(earlier, i, false);
        result->outcome = TPS_OUTCOME_FLAKY;
        result->attempts = tps_results_new();
        g_ptr_array_add(result->attempts, earlier);
    } else if (draw(60) == 0) {
        result->outcome = TPS_OUTCOME_SKIPPED;
        result->time_us = 0;
        result->message = g_strdup("needs a network");
    }
    return result;
}

static void add_suites(TpsReport *report, guint n, const char *kind)
{
    guint n_suites = n < 20 ? 1 : G_N_ELEMENTS(suite_names);
    guint i = 0;

    for (guint s = 0; s < n_suites; s++) {
        bool is_hostile = strcmp(kind, "hostile") == 0 && s == 0;
        TpsReportSuite *suite =
            tps_report_add_suite(report, is_hostile ? "<i>api</i>\xe2\x80\xae" : suite_names[s]);
        guint share = s + 1 == n_suites ? n - i : n / n_suites;

        for (guint k = 0; k < share; k++)
            g_ptr_array_add(suite->results, make_result(i++, n, kind));
        tps_report_suite_extend(suite, INT64_C(1795000000) * SECOND,
                                INT64_C(1795000000) * SECOND + 60 * SECOND);
        if (s == 1 && strcmp(kind, "failed") == 0)
            g_string_append(suite->output, "billing 2,4: Segmentation fault (core dumped)\n");
    }
}

typedef struct {
    TpsTimeline *timeline;
    int64_t *free_at; /* [workers] */
    int64_t *plan_at;
    guint n_workers;
} Deal;

static guint first_free(const Deal *deal)
{
    guint best = 0;

    for (guint i = 1; i < deal->n_workers; i++)
        if (deal->free_at[i] < deal->free_at[best])
            best = i;
    return best;
}

static void add_span(TpsTimeline *timeline, const TpsResult *result, int64_t *at)
{
    TpsTimelineSpan span = {.id = tps_string_pool_add(timeline->names, result->id),
                            .start_us = *at,
                            .length_us = MAX(result->time_us, 0),
                            .outcome = result->outcome == TPS_OUTCOME_FLAKY ? TPS_OUTCOME_PASSED
                                                                            : result->outcome};

    g_array_append_val(timeline->spans, span);
    *at += span.length_us + draw(2000);
}

static void add_bar(Deal *deal, const TpsReportSuite *suite, int part, int parts)
{
    TpsTimeline *timeline = deal->timeline;
    guint row = first_free(deal);
    int64_t at = SECOND + draw(2000000);
    TpsTimelineBar bar = {.suite = tps_string_pool_add(timeline->names, suite->name),
                          .part = {part, parts},
                          .attempt = 1,
                          .row = row,
                          .start_us =
                              deal->free_at[row] + (draw(9) == 0 ? (int64_t)draw(4000000) : 0),
                          .setup_us = at,
                          .teardown_us = SECOND / 2,
                          .status = TPS_STATUS_PASSED,
                          .end = "passed",
                          .first_span = timeline->spans->len};

    for (guint i = (guint)part; i < suite->results->len; i += (guint)parts) {
        const TpsResult *result = g_ptr_array_index(suite->results, i);

        add_span(timeline, result, &at);
        if (tps_outcome_is_bad(result->outcome)) {
            bar.status = TPS_STATUS_FAILED;
            bar.end = "exit status 1";
        }
    }
    bar.n_spans = timeline->spans->len - bar.first_span;
    bar.end_us = bar.start_us + at + bar.teardown_us;
    bar.expected_us = (bar.end_us - bar.start_us) * (75 + (int64_t)draw(50)) / 100;
    bar.expected_start_us = deal->plan_at[row];
    deal->plan_at[row] += bar.expected_us;
    deal->free_at[row] = bar.end_us + 20000;
    g_array_append_val(timeline->bars, bar);
}

static TpsTimeline *make_timeline(const TpsReport *report, guint n)
{
    guint n_workers = n < 20 ? 1 : n < 20000 ? 8 : 64;
    guint n_hosts = n < 20000 ? 1 : 4;
    int parts = n < 20 ? 1 : n < 20000 ? 5 : 100;
    TpsTimeline *timeline = tps_timeline_new(INT64_C(1795000000) * SECOND);
    Deal deal = {timeline, g_new0(int64_t, n_workers), g_new0(int64_t, n_workers), n_workers};

    for (guint i = 0; i < n_workers; i++) {
        g_autofree char *host = g_strdup_printf("runner-%u", i * n_hosts / n_workers);
        TpsTimelineRow row = {.host = tps_string_pool_add(timeline->names, host), .worker = (int)i};

        g_array_append_val(timeline->rows, row);
    }
    for (guint s = 0; s < report->suites->len; s++) {
        const TpsReportSuite *suite = g_ptr_array_index(report->suites, s);
        int n_parts = MAX(1, MIN(parts - (int)s % 3, (int)suite->results->len));

        for (int part = 0; part < n_parts; part++)
            add_bar(&deal, suite, part, n_parts);
    }
    g_free(deal.free_at);
    g_free(deal.plan_at);
    tps_timeline_settle(timeline);
    return timeline;
}

static TpsTimeline *make_tiny_timeline(void)
{
    TpsTimeline *timeline = tps_timeline_new(INT64_C(1795000000) * SECOND);
    TpsTimelineRow row = {.host = "runner", .worker = 0};

    g_array_append_val(timeline->rows, row);
    for (int i = 0; i < 2; i++) {
        TpsTimelineBar bar = {.suite = "api",
                              .part = {i, 2},
                              .attempt = 1,
                              .start_us = i * 2000,
                              .end_us = i == 0 ? 1000 : 10 * SECOND,
                              .expected_start_us = TPS_TIME_UNKNOWN,
                              .expected_us = TPS_TIME_UNKNOWN,
                              .end = "passed"};

        g_array_append_val(timeline->bars, bar);
    }
    tps_timeline_settle(timeline);
    return timeline;
}

static TpsReport *make_report(const char *kind, guint n)
{
    bool is_loose = strcmp(kind, "loose") == 0;
    TpsReport *report =
        tps_report_new(strcmp(kind, "hostile") == 0 ? "<script>shop</script>" : "shop", !is_loose);

    if (strcmp(kind, "empty") != 0)
        add_suites(report, n, kind);
    if (strcmp(kind, "incomplete") == 0 || strcmp(kind, "hostile") == 0) {
        tps_report_add_problem(report, "api 2,5: there is no report: it was begun on runner-1 and "
                                       "nobody wrote how it ended");
        tps_report_add_problem(report, "ui 0,3: 12 of its 60 planned testcases have no result");
        tps_report_add_note(report, "billing 1,4: the same report was given twice");
    }
    if (strcmp(kind, "hostile") == 0)
        tps_report_add_problem(report, "<script>window.__pwned=7</script> \xe2\x80\xae was lost");
    report->flaky_fails = strcmp(kind, "flaky") == 0;
    tps_report_finish(report);
    report->n_asked = report->n_planned = report->n_results;
    if (is_loose)
        return report;
    report->plan_id = g_strdup("4f1c2a9e77b0c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c");
    report->timeline = strcmp(kind, "tiny") == 0 ? make_tiny_timeline() : make_timeline(report, n);
    report->makespan_us = report->timeline->length_us * 9 / 10;
    report->lower_bound_us = report->timeline->length_us * 17 / 20;
    return report;
}

int main(int argc, char **argv)
{
    const TpsReportLook look = {.reproduce = "tpsched run --plan plan.json"};
    g_autoptr(TpsReport) report = NULL;
    g_autoptr(GError) error = NULL;

    if (argc != 4) {
        fputs("usage: make-html KIND N FILE\n", stderr);
        return 2;
    }
    report = make_report(argv[1], (guint)strtoul(argv[2], NULL, 10));
    if (tps_report_write_file(report, tps_report_writer_find("html", NULL), &look, argv[3], &error))
        return 0;
    fprintf(stderr, "%s\n", error->message);
    return 1;
}
