/* SPDX-License-Identifier: MIT */
#include "formats/json_rows.h"
#include "formats/properties_json.h"
#include "formats/report/writers_internal.h"

/*
 * report.json for programs: data/schema/report.schema.json. One result is one line, and one line is
 * all that is held. Times are seconds; what is unknown is missing.
 */

static void put_bool(GString *line, const char *name, bool value)
{
    g_string_append_printf(line, "\"%s\":%s,", name, value ? "true" : "false");
}

static void put_counts(GString *line, guint n_results, const guint *count)
{
    tps_json_line_open(line, "counts", '{');
    tps_json_line_int(line, "testcases", n_results);
    for (int i = 0; i <= TPS_OUTCOME_ERROR; i++)
        tps_json_line_int(line, tps_outcome_name((TpsOutcome)i), count[i]);
}

static void put_results(GString *line, const char *name, const GPtrArray *results);

static void put_result(GString *line, const TpsResult *result)
{
    tps_json_line_open(line, NULL, '{');
    tps_json_line_maybe_string(line, "id", result->id);
    tps_json_line_string(line, "outcome", tps_outcome_name(result->outcome));
    tps_json_line_maybe_seconds(line, "time", result->time_us);
    tps_json_line_maybe_string(line, "file", result->file);
    if (result->line > 0)
        tps_json_line_int(line, "line", result->line);
    tps_json_line_maybe_string(line, "type", result->type);
    tps_json_line_maybe_string(line, "message", result->message);
    tps_json_line_maybe_string(line, "text", result->text);
    tps_json_line_maybe_string(line, "output", result->output);
    put_results(line, "attempts", result->attempts);
    put_results(line, "cases", result->cases);
    tps_properties_json_append(line, result->properties);
    tps_json_line_close(line, '}');
}

static void put_results(GString *line, const char *name, const GPtrArray *results)
{
    if (!results || results->len == 0)
        return;
    tps_json_line_open(line, name, '[');
    for (guint i = 0; i < results->len; i++)
        put_result(line, g_ptr_array_index(results, i));
    tps_json_line_close(line, ']');
}

static void put_verdict(TpsJsonRows *rows, const TpsReport *report)
{
    GString *line = rows->line;

    tps_json_line_string(line, "schema", "tpsched.report/1");
    tps_json_line_string(line, "name", report->name);
    tps_json_line_maybe_string(line, "plan", report->plan_id);
    tps_json_rows_put(rows);
    tps_json_line_string(line, "verdict", tps_report_verdict(report));
    tps_json_line_int(line, "exit_status", tps_report_exit_status(report));
    put_bool(line, "complete", tps_report_is_complete(report));
    put_bool(line, "checked", report->checked);
    put_bool(line, "flaky_fails", report->flaky_fails);
    tps_json_rows_put(rows);
    put_counts(line, report->n_results, report->count);
    tps_json_line_int(line, "not_run", report->n_not_run);
    tps_json_line_close(line, '}');
    tps_json_rows_put(rows);
}

static void put_numbers(TpsJsonRows *rows, const TpsReport *report)
{
    GString *line = rows->line;

    if (report->checked) {
        tps_json_line_open(line, "planned", '{');
        tps_json_line_int(line, "testcases", report->n_planned);
        tps_json_line_int(line, "asked", report->n_asked);
        if (report->size > 0)
            tps_json_line_int(line, "size", report->size);
        tps_json_line_maybe_seconds(line, "makespan", report->makespan_us);
        tps_json_line_maybe_seconds(line, "lower_bound", report->lower_bound_us);
        tps_json_line_close(line, '}');
        tps_json_rows_put(rows);
    }
    if (report->started_us >= 0) {
        tps_json_line_seconds(line, "started", report->started_us);
        tps_json_line_maybe_seconds(line, "ended", report->ended_us);
        tps_json_line_maybe_seconds(line, "wall_time", report->ended_us - report->started_us);
        tps_json_rows_put(rows);
    }
}

static void put_lines(TpsJsonRows *rows, const char *name, const GPtrArray *lines)
{
    tps_json_rows_begin(rows, name, '[');
    for (guint i = 0; i < lines->len; i++) {
        tps_json_line_string(rows->line, NULL, g_ptr_array_index(lines, i));
        tps_json_rows_put(rows);
    }
    tps_json_rows_end(rows, "]");
}

static bool put_one(const TpsReportSuite *suite, const TpsResult *result, void *user,
                    GError **error)
{
    TpsJsonRows *rows = user;

    (void)suite;
    (void)error;
    put_result(rows->line, result);
    tps_json_rows_put(rows);
    return true;
}

static bool put_suite(TpsJsonRows *rows, const TpsReport *report, const TpsReportSuite *suite,
                      GError **error)
{
    GString *line = rows->line;

    tps_json_line_open(line, NULL, '{');
    tps_json_line_string(line, "name", suite->name);
    tps_json_line_maybe_string(line, "hostname", suite->hostname);
    tps_json_line_maybe_seconds(line, "started", suite->started_us);
    tps_json_line_maybe_seconds(line, "ended",
                                suite->started_us >= 0 ? suite->ended_us : TPS_TIME_UNKNOWN);
    tps_json_line_seconds(line, "time", suite->time_us);
    put_counts(line, suite->n_results, suite->count);
    tps_json_line_close(line, '}');
    tps_properties_json_append(line, suite->properties);
    if (suite->output->len > 0)
        tps_json_line_string(line, "output", suite->output->str);
    tps_json_rows_begin(rows, "results", '[');
    if (!tps_report_visit(report, suite, put_one, rows, error))
        return false;
    tps_json_rows_end(rows, "]}");
    return true;
}

static void put_bar(GString *line, const TpsTimelineBar *bar)
{
    tps_json_line_open(line, NULL, '{');
    tps_json_line_int(line, "row", bar->row);
    tps_json_line_string(line, "suite", bar->suite);
    tps_json_line_open(line, "part", '[');
    tps_json_line_int(line, NULL, bar->part.index);
    tps_json_line_int(line, NULL, bar->part.count);
    tps_json_line_close(line, ']');
    tps_json_line_int(line, "attempt", bar->attempt);
    tps_json_line_int(line, "piece", bar->piece);
    tps_json_line_maybe_seconds(line, "start", bar->start_us);
    tps_json_line_maybe_seconds(line, "end", bar->end_us);
    tps_json_line_maybe_seconds(line, "expected_start", bar->expected_start_us);
    tps_json_line_maybe_seconds(line, "expected_time", bar->expected_us);
    tps_json_line_maybe_seconds(line, "setup_time", bar->setup_us);
    tps_json_line_maybe_seconds(line, "teardown_time", bar->teardown_us);
    tps_json_line_string(line, "status", tps_status_name(bar->status));
    tps_json_line_maybe_string(line, "ended_by", bar->end);
    put_bool(line, "critical", bar->is_critical);
}

static void put_spans(GString *line, const TpsTimeline *timeline, const TpsTimelineBar *bar)
{
    tps_json_line_open(line, "testcases", '[');
    for (guint i = 0; i < bar->n_spans; i++) {
        const TpsTimelineSpan *span =
            &g_array_index(timeline->spans, TpsTimelineSpan, bar->first_span + i);

        tps_json_line_open(line, NULL, '{');
        tps_json_line_string(line, "id", span->id);
        tps_json_line_string(line, "outcome", tps_outcome_name(span->outcome));
        tps_json_line_maybe_seconds(line, "start", span->start_us);
        tps_json_line_maybe_seconds(line, "time", span->length_us);
        tps_json_line_close(line, '}');
    }
    tps_json_line_close(line, ']');
    tps_json_line_close(line, '}');
}

static void put_timeline(TpsJsonRows *rows, const TpsTimeline *timeline)
{
    GString *line = rows->line;

    tps_json_line_open(line, "timeline", '{');
    tps_json_line_maybe_seconds(line, "started", timeline->started_us);
    tps_json_line_maybe_seconds(line, "length", timeline->length_us);
    tps_json_rows_begin(rows, "rows", '[');
    for (guint i = 0; i < timeline->rows->len; i++) {
        const TpsTimelineRow *row = &g_array_index(timeline->rows, TpsTimelineRow, i);

        tps_json_line_open(line, NULL, '{');
        tps_json_line_string(line, "host", row->host);
        tps_json_line_int(line, "worker", row->worker);
        tps_json_line_close(line, '}');
        tps_json_rows_put(rows);
    }
    tps_json_rows_end(rows, "]");
    tps_json_rows_begin(rows, "bars", '[');
    for (guint i = 0; i < timeline->bars->len; i++) {
        const TpsTimelineBar *bar = &g_array_index(timeline->bars, TpsTimelineBar, i);

        put_bar(line, bar);
        put_spans(line, timeline, bar);
        tps_json_rows_put(rows);
    }
    tps_json_rows_end(rows, "]}");
}

static bool write_json(const TpsReport *report, const TpsReportLook *look, TpsSink *sink,
                       GError **error)
{
    g_auto(TpsJsonRows) rows = tps_json_rows_new(sink);

    (void)look;
    tps_json_rows_begin(&rows, NULL, '{');
    put_verdict(&rows, report);
    put_numbers(&rows, report);
    put_lines(&rows, "problems", report->problems);
    put_lines(&rows, "notes", report->notes);
    tps_json_rows_begin(&rows, "suites", '[');
    for (guint i = 0; i < report->suites->len; i++)
        if (!put_suite(&rows, report, g_ptr_array_index(report->suites, i), error))
            return false;
    tps_json_rows_end(&rows, "]");
    if (report->timeline)
        put_timeline(&rows, report->timeline);
    tps_sink_text(sink, "\n}\n");
    return true;
}

const TpsReportWriter tps_report_writer_json = {
    .name = "json",
    .suffix = ".json",
    .about = "all of it, for programs; a published schema",
    .write = write_json,
};
