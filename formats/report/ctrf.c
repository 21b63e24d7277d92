/* SPDX-License-Identifier: MIT */
#include "core/saturate.h"
#include "formats/json_rows.h"
#include "formats/report/places_internal.h"
#include "formats/report/texts_internal.h"
#include "formats/report/writers_internal.h"

#include <string.h>

/*
 * The Common Test Report Format, https://ctrf.io, as its schema 0.0 has it: a test is one line and
 * one line is held. Its times are whole milliseconds, its texts are UTF-8. Of a timeline the places
 * of all testcases are held.
 */

typedef struct {
    const TpsReport *report;
    TpsPlaces *places;
    TpsJsonRows rows;
} Writing;

static void put_text(GString *line, const char *name, const char *text)
{
    g_autofree char *valid = text && *text ? tps_text_valid(text) : NULL;

    if (valid)
        tps_json_line_string(line, name, valid);
}

/* A name must not be empty. */
static void put_name(GString *line, const char *name)
{
    put_text(line, "name", *name ? name : "(no name)");
}

static void put_text_lines(GString *line, const char *name, const char *text)
{
    g_autofree char *plain = text && *text ? tps_text_plain(text) : NULL;
    g_auto(GStrv) lines = plain ? g_strsplit(plain, "\n", -1) : NULL;
    guint n = lines ? g_strv_length(lines) : 0;

    if (n > 1 && !*lines[n - 1])
        n--; /* the end of the last line */
    if (n == 0)
        return;
    tps_json_line_open(line, name, '[');
    for (guint i = 0; i < n; i++)
        tps_json_line_string(line, NULL, lines[i]);
    tps_json_line_close(line, ']');
}

/* Rounded half up; what is not known is 0 where a number must be. */
static int64_t milliseconds(int64_t us)
{
    return us > 0 ? us / 1000 + (us % 1000 >= 500) : 0;
}

static const char *status_of(const TpsReport *report, const TpsResult *result)
{
    if (tps_report_is_bad(report, result))
        return "failed";
    if (tps_result_is_left_out(result))
        return "pending";
    return result->outcome == TPS_OUTCOME_SKIPPED ? "skipped" : "passed";
}

static void put_summary(TpsJsonRows *rows, const TpsReport *report)
{
    guint flaky = report->count[TPS_OUTCOME_FLAKY];
    guint n_problems = tps_report_n_problems(report);
    GString *line = rows->line;

    tps_json_line_open(line, "summary", '{');
    tps_json_line_int(line, "tests", (int64_t)report->n_results + report->n_not_run + n_problems);
    tps_json_line_int(line, "passed",
                      (int64_t)report->count[TPS_OUTCOME_PASSED] +
                          (report->flaky_fails ? 0 : flaky));
    tps_json_line_int(line, "failed", (int64_t)tps_report_n_bad(report) + n_problems);
    tps_json_line_int(line, "skipped", report->count[TPS_OUTCOME_SKIPPED]);
    tps_json_line_int(line, "pending", report->n_not_run);
    tps_json_line_int(line, "other", 0);
    tps_json_line_int(line, "flaky", flaky);
    tps_json_line_int(line, "suites", (int64_t)report->suites->len + (n_problems > 0 ? 1 : 0));
    tps_json_line_int(line, "start", milliseconds(report->started_us));
    tps_json_line_int(line, "stop", milliseconds(report->ended_us));
    if (report->started_us >= 0)
        tps_json_line_int(line, "duration", milliseconds(report->ended_us - report->started_us));
    tps_json_line_close(line, '}');
    tps_json_rows_put(rows);
}

static void put_head(TpsJsonRows *rows, const TpsReport *report)
{
    GString *line = rows->line;

    tps_json_line_string(line, "reportFormat", "CTRF");
    tps_json_line_string(line, "specVersion", "0.0.0");
    tps_json_line_string(line, "generatedBy", "tpsched");
    tps_json_line_open(line, "extra", '{');
    tps_json_line_string(line, "verdict", tps_report_verdict(report));
    g_string_append(line, report->checked ? "\"checked\":true," : "\"checked\":false,");
    put_text(line, "plan", report->plan_id);
    tps_json_line_close(line, '}');
    tps_json_rows_put(rows);
    tps_json_rows_begin(rows, "results", '{');
    tps_json_line_open(line, "tool", '{');
    tps_json_line_string(line, "name", "tpsched");
    tps_json_line_close(line, '}');
    tps_json_rows_put(rows);
    put_summary(rows, report);
    tps_json_line_open(line, "environment", '{');
    put_text(line, "reportName", report->name);
    g_string_append(line, strcmp(tps_report_verdict(report), "PASSED") == 0 ? "\"healthy\":true,"
                                                                            : "\"healthy\":false,");
    tps_json_line_close(line, '}');
    tps_json_rows_put(rows);
}

static void put_suite(GString *line, const char *suite)
{
    g_autofree char *valid = tps_text_valid(suite);

    tps_json_line_open(line, "suite", '[');
    tps_json_line_string(line, NULL, valid);
    tps_json_line_close(line, ']');
}

static void put_attempts(GString *line, const Writing *writing, const GPtrArray *attempts)
{
    if (!attempts || attempts->len == 0)
        return;
    tps_json_line_int(line, "retries", attempts->len);
    tps_json_line_open(line, "retryAttempts", '[');
    for (guint i = 0; i < attempts->len; i++) {
        const TpsResult *attempt = g_ptr_array_index(attempts, i);

        tps_json_line_open(line, NULL, '{');
        tps_json_line_int(line, "attempt", i + 1);
        tps_json_line_string(line, "status", status_of(writing->report, attempt));
        if (attempt->time_us >= 0)
            tps_json_line_int(line, "duration", milliseconds(attempt->time_us));
        put_text(line, "message", attempt->message);
        put_text(line, "trace", attempt->text);
        put_text_lines(line, "stdout", attempt->output);
        tps_json_line_close(line, '}');
    }
    tps_json_line_close(line, ']');
}

/* What a step says beside its status has no place of its own. */
static void put_steps(GString *line, const Writing *writing, const GPtrArray *cases)
{
    if (!cases || cases->len == 0)
        return;
    tps_json_line_open(line, "steps", '[');
    for (guint i = 0; i < cases->len; i++) {
        const TpsResult *inner = g_ptr_array_index(cases, i);

        tps_json_line_open(line, NULL, '{');
        put_name(line, inner->id);
        tps_json_line_string(line, "status", status_of(writing->report, inner));
        tps_json_line_open(line, "extra", '{');
        if (inner->time_us >= 0)
            tps_json_line_int(line, "duration", milliseconds(inner->time_us));
        put_text(line, "message", inner->message);
        put_text(line, "trace", inner->text);
        tps_json_line_close(line, '}');
        tps_json_line_close(line, '}');
    }
    tps_json_line_close(line, ']');
}

static void put_extra(GString *line, const TpsResult *result)
{
    guint n = result->properties ? result->properties->len : 0;

    if (!result->type && n == 0)
        return;
    tps_json_line_open(line, "extra", '{');
    put_text(line, "type", result->type);
    if (n > 0)
        tps_json_line_open(line, "properties", '[');
    for (guint i = 0; i < n; i++) {
        const TpsProperty *property = g_ptr_array_index(result->properties, i);

        tps_json_line_open(line, NULL, '{');
        put_text(line, "name", property->name);
        put_text(line, "value", property->value);
        tps_json_line_close(line, '}');
    }
    if (n > 0)
        tps_json_line_close(line, ']');
    tps_json_line_close(line, '}');
}

/* When and where, if the timeline knows. */
static void put_place(GString *line, const Writing *writing, const char *suite, const char *id)
{
    const TpsTimeline *timeline = writing->report->timeline;
    const TpsTimelineRow *row;
    g_autofree char *thread = NULL;
    TpsPlace place;
    int64_t start;

    if (!tps_places_find(writing->places, suite, id, &place))
        return;
    start = tps_places_start(timeline, &place);
    row = &g_array_index(timeline->rows, TpsTimelineRow, place.bar->row);
    thread = g_strdup_printf("%s worker %d", row->host, row->worker);
    tps_json_line_int(line, "start", milliseconds(start));
    tps_json_line_int(line, "stop",
                      milliseconds(tps_add_sat(start, MAX(place.span->length_us, 0))));
    put_text(line, "threadId", thread);
}

static bool put_test(const TpsReportSuite *suite, const TpsResult *result, void *user,
                     GError **error)
{
    Writing *writing = user;
    GString *line = writing->rows.line;

    (void)error;
    tps_json_line_open(line, NULL, '{');
    put_name(line, result->id);
    tps_json_line_string(line, "status", status_of(writing->report, result));
    tps_json_line_string(line, "rawStatus",
                         tps_result_is_left_out(result) ? "not run"
                                                        : tps_outcome_name(result->outcome));
    tps_json_line_int(line, "duration", milliseconds(result->time_us));
    put_place(line, writing, suite->name, result->id);
    put_suite(line, suite->name);
    put_text(line, "message", result->message);
    put_text(line, "trace", result->text);
    put_text(line, "filePath", result->file);
    if (result->line > 0)
        tps_json_line_int(line, "line", result->line);
    if (result->outcome == TPS_OUTCOME_FLAKY)
        tps_json_line_true(line, "flaky");
    put_attempts(line, writing, result->attempts);
    put_text_lines(line, "stdout", result->output);
    put_steps(line, writing, result->cases);
    put_extra(line, result);
    tps_json_line_close(line, '}');
    tps_json_rows_put(&writing->rows);
    return true;
}

static void put_problems(TpsJsonRows *rows, const TpsReport *report)
{
    for (guint i = 0; i < tps_report_n_problems(report); i++) {
        g_autofree char *problem = tps_report_problem_text(report, i);
        GString *line = rows->line;

        tps_json_line_open(line, NULL, '{');
        g_string_append_printf(line, "\"name\":\"problem %u\",", i + 1);
        tps_json_line_string(line, "status", "failed");
        tps_json_line_string(line, "rawStatus", "incomplete");
        tps_json_line_int(line, "duration", 0);
        put_suite(line, TPS_REPORT_PROBLEMS);
        put_text(line, "message", problem);
        tps_json_line_close(line, '}');
        tps_json_rows_put(rows);
    }
}

static bool write_ctrf(const TpsReport *report, const TpsReportLook *look, TpsSink *sink,
                       GError **error)
{
    g_autoptr(TpsPlaces) places = tps_places_new(report->timeline);
    Writing writing = {report, places, tps_json_rows_new(sink)};
    bool written;

    (void)look;
    tps_json_rows_begin(&writing.rows, NULL, '{');
    put_head(&writing.rows, report);
    tps_json_rows_begin(&writing.rows, "tests", '[');
    put_problems(&writing.rows, report);
    written = tps_report_each(report, put_test, &writing, error);
    tps_json_rows_end(&writing.rows, "]");
    tps_sink_text(sink, "\n}\n}\n");
    tps_json_rows_clear(&writing.rows);
    return written;
}

const TpsReportWriter tps_report_writer_ctrf = {
    .name = "ctrf",
    .suffix = ".ctrf.json",
    .about = "CTRF's JSON, for its reporters and actions",
    .write = write_ctrf,
};
