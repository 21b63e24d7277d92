/* SPDX-License-Identifier: MIT */
#include "core/duration.h"
#include "formats/report/html_internal.h"
#include "formats/report/html_text.h"

#include <string.h>

#define PROBLEMS_MOST 200

static void append_time(GString *html, const char *before, int64_t us, const char *behind)
{
    g_autofree char *text = tps_duration_format(us);

    g_string_append_printf(html, "%s%s%s", before, text, behind);
}

/* Digits in groups of three, as the script writes them: a million is read at a glance. */
static void append_count(GString *html, guint count)
{
    if (count >= 1000) {
        append_count(html, count / 1000);
        g_string_append_printf(html, "\xe2\x80\x89%03u", count % 1000);
    } else {
        g_string_append_printf(html, "%u", count);
    }
}

static const char *many(guint count)
{
    return count == 1 ? "" : "s";
}

static void append_also(GString *html, guint count, const char *what)
{
    if (count == 0)
        return;
    g_string_append(html, ", ");
    append_count(html, count);
    g_string_append_printf(html, " %s", what);
}

/* "3 of 1200 testcases failed, 1 broke" */
static void append_sentence(GString *html, const TpsReport *report)
{
    guint failed = report->count[TPS_OUTCOME_FAILED];
    guint broken = report->count[TPS_OUTCOME_ERROR];

    if (failed + broken == 0) {
        if (report->problems->len > 0)
            g_string_append(html, "Of ");
    } else {
        append_count(html, failed + broken);
        g_string_append(html, " of ");
    }
    append_count(html, report->n_results);
    g_string_append_printf(html, " testcase%s%s", many(report->n_results),
                           failed + broken == 0 ? ", none failed"
                           : failed             ? " failed"
                                                : " broke");
    append_also(html, failed ? broken : 0, "of them broke");
    append_also(html, report->count[TPS_OUTCOME_FLAKY],
                report->flaky_fails ? "flaky, which fails the run" : "flaky");
    append_also(html, report->n_not_run, "not run");
}

static void append_instant(GString *html, int64_t us)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(us / TPS_SECOND_US);
    g_autofree char *text = time ? g_date_time_format(time, "%Y-%m-%d %H:%M:%S UTC") : NULL;
    g_autofree char *machine = time ? g_date_time_format(time, "%Y-%m-%dT%H:%M:%SZ") : NULL;

    if (text)
        g_string_append_printf(html, "<time datetime=\"%s\">%s</time>", machine, text);
}

static void append_about(GString *html, const TpsReport *report, const TpsHtmlFacts *facts)
{
    g_string_append(html, "<p class=\"about\">");
    if (report->started_us != TPS_TIME_UNKNOWN)
        append_instant(html, report->started_us);
    if (facts->n_workers > 0)
        g_string_append_printf(html, "<span>%u worker%s", facts->n_workers, many(facts->n_workers));
    if (facts->n_hosts > 1)
        g_string_append_printf(html, " on %u hosts", facts->n_hosts);
    if (facts->n_workers > 0)
        g_string_append(html, "</span>");
    g_string_append_printf(html, "<span>%u suite%s</span>", report->suites->len,
                           many(report->suites->len));
    if (report->plan_id) {
        g_autofree char *id = g_strndup(report->plan_id, 12);

        g_string_append(html, "<span>plan <code>");
        tps_html_append(html, id);
        g_string_append(html, "</code></span>");
    }
    g_string_append(html, "</p>\n");
}

static void append_verdict(GString *html, const TpsReport *report, const TpsHtmlFacts *facts)
{
    const char *verdict = tps_report_verdict(report);
    g_autofree char *kind = g_ascii_strdown(verdict, -1);

    g_string_append_printf(
        html, "<header id=\"verdict\" class=\"verdict v-%s\">\n<p class=\"run\">", kind);
    tps_html_append(html, report->name ? report->name : "");
    g_string_append_printf(html, "</p>\n<h1><span class=\"word\">%s</span> <span class=\"said\">",
                           verdict);
    append_sentence(html, report);
    g_string_append(html, "</span></h1>\n");
    append_about(html, report, facts);
}

static void append_list(GString *html, const GPtrArray *texts)
{
    g_string_append(html, "<ul>\n");
    for (guint i = 0; i < MIN(texts->len, PROBLEMS_MOST); i++) {
        g_string_append(html, "<li>");
        tps_html_append(html, g_ptr_array_index(texts, i));
        g_string_append(html, "</li>\n");
    }
    if (texts->len > PROBLEMS_MOST)
        g_string_append_printf(html, "<li>and %u more</li>\n", texts->len - PROBLEMS_MOST);
    g_string_append(html, "</ul>\n");
}

static void append_problems(GString *html, const TpsReport *report)
{
    if (report->problems->len > 0) {
        g_string_append(html, "<section id=\"problems\" class=\"problems\" "
                              "aria-labelledby=\"h-problems\">\n"
                              "<h2 id=\"h-problems\">Not proven complete</h2>\n");
        append_list(html, report->problems);
        g_string_append(html, "</section>\n");
    }
    if (!report->checked)
        g_string_append(html, "<p class=\"notice\">Completeness was not checked: these reports "
                              "came without a plan.</p>\n");
    else if (report->n_asked < report->n_planned)
        g_string_append_printf(html,
                               "<p class=\"notice\">This was a part of the plan: %u of its %u "
                               "testcases.</p>\n",
                               report->n_asked, report->n_planned);
    if (report->notes->len > 0) {
        g_string_append_printf(html, "<details class=\"notes\"><summary>%u note%s</summary>\n",
                               report->notes->len, many(report->notes->len));
        append_list(html, report->notes);
        g_string_append(html, "</details>\n");
    }
}

static void begin_fact(GString *html, const char *name)
{
    g_string_append_printf(html, "<div><dt>%s</dt><dd>", name);
}

static void end_fact(GString *html)
{
    g_string_append(html, "</dd></div>\n");
}

static void append_wall(GString *html, const TpsReport *report, const TpsHtmlFacts *facts)
{
    int64_t late_us = facts->wall_us - report->makespan_us;

    if (facts->wall_us < 0)
        return;
    begin_fact(html, "Wall time");
    append_time(html, "<b>", facts->wall_us, "</b>");
    if (report->makespan_us > 0) {
        append_time(html, " <small>planned ", report->makespan_us, "");
        if (report->n_asked == report->n_planned)
            g_string_append_printf(html, ", %s%d\xc2\xa0%%", late_us < 0 ? "\xe2\x88\x92" : "+",
                                   tps_html_percent(ABS(late_us), report->makespan_us));
        g_string_append(html, "</small>");
    }
    end_fact(html);
}

/* Two digits and one behind the point, without floating point. */
static void append_ratio(GString *html, int64_t sum_us, int64_t wall_us)
{
    int tenths = tps_html_percent(sum_us, wall_us * 10);
    int percent = tps_html_percent(sum_us, wall_us);

    if (percent < 10000)
        g_string_append_printf(html, "<b>%d.%d\xc3\x97</b>", (percent + 5) / 100,
                               (percent + 5) / 10 % 10);
    else
        g_string_append_printf(html, "<b>%d\xc3\x97</b>", tenths / 10);
}

static void append_work(GString *html, const TpsHtmlFacts *facts)
{
    if (facts->n_workers == 0 || facts->wall_us <= 0)
        return;
    begin_fact(html, "Sum of task times");
    append_time(html, "<b>", facts->busy_us, "</b>");
    if (facts->setup_us + facts->teardown_us > 0)
        append_time(html, " <small>", facts->setup_us + facts->teardown_us,
                    " setup and teardown</small>");
    end_fact(html);
    begin_fact(html, "Speed-up");
    append_ratio(html, facts->busy_us, facts->wall_us);
    g_string_append_printf(html, " <small>on %u worker%s</small>", facts->n_workers,
                           many(facts->n_workers));
    end_fact(html);
    begin_fact(html, "Idle");
    g_string_append_printf(html, "<b>%d\xc2\xa0%%</b>",
                           tps_html_percent(facts->idle_us, facts->idle_us + facts->busy_us));
    append_time(html, " <small>", facts->idle_us, " of the workers\xe2\x80\x99 time</small>");
    end_fact(html);
}

static void append_bound(GString *html, const TpsReport *report, const TpsHtmlFacts *facts)
{
    if (report->lower_bound_us <= 0)
        return;
    begin_fact(html, "Lower bound");
    append_time(html, "<b>", report->lower_bound_us, "</b>");
    if (facts->wall_us > 0 && report->n_asked == report->n_planned) {
        int64_t above_us = facts->wall_us - report->lower_bound_us;

        g_string_append_printf(html, " <small>it took %d\xc2\xa0%% %s</small>",
                               tps_html_percent(ABS(above_us), report->lower_bound_us),
                               above_us < 0 ? "less" : "more");
    }
    end_fact(html);
}

static void append_outcome(GString *html, guint count, const char *name)
{
    g_string_append_printf(html, "<li class=\"o-%s\"><b>",
                           strcmp(name, "not run") == 0 ? "not-run" : name);
    append_count(html, count);
    g_string_append_printf(html, "</b> %s</li>\n", name);
}

static void append_counts(GString *html, const TpsReport *report)
{
    static const TpsOutcome order[] = {TPS_OUTCOME_ERROR, TPS_OUTCOME_FAILED, TPS_OUTCOME_FLAKY,
                                       TPS_OUTCOME_SKIPPED, TPS_OUTCOME_PASSED};

    g_string_append(html, "<ul class=\"counts\" aria-label=\"Testcases by outcome\">\n");
    for (guint i = 0; i < G_N_ELEMENTS(order); i++)
        if (report->count[order[i]] > 0 || order[i] == TPS_OUTCOME_PASSED)
            append_outcome(html, report->count[order[i]], tps_outcome_name(order[i]));
    if (report->n_not_run > 0)
        append_outcome(html, report->n_not_run, "not run");
    g_string_append(html, "</ul>\n");
}

GString *tps_html_head(const TpsReport *report, const TpsHtmlFacts *facts)
{
    GString *html = g_string_new(NULL);

    append_verdict(html, report, facts);
    append_problems(html, report);
    g_string_append(html, "</header>\n");
    g_string_append(html, "<section id=\"facts\" aria-label=\"In numbers\">\n");
    append_counts(html, report);
    g_string_append(html, "<dl class=\"facts\">\n");
    append_wall(html, report, facts);
    append_work(html, facts);
    append_bound(html, report, facts);
    g_string_append(html, "</dl>\n</section>\n");
    return html;
}
