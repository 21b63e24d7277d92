/* SPDX-License-Identifier: MIT */
#include "core/duration.h"
#include "core/error.h"
#include "core/saturate.h"
#include "formats/json_rows.h"
#include "formats/report/texts_internal.h"
#include "formats/report/writers_internal.h"

#include <string.h>

/*
 * The timeline as a trace for Perfetto or chrome://tracing (Trace Event Format, JSON object): a
 * process for each host, a thread for each worker, microseconds since the run's start. One event is
 * held at a time, and what is running at each change.
 *
 * A viewer shows nonsense where two events of a thread overlap and neither holds the other. So an
 * execution that overlaps the one before, as after a jump of a clock, gets a thread of its own, and
 * what is within an execution is cut to it, one behind the other.
 */

/* The tids of a row. A worker never did that much at a time: then they may overlap. */
#define LANES_PER_ROW 1000

typedef struct {
    const TpsTimeline *timeline;
    TpsJsonRows rows;
    guint *pid;    /* [rows]                                   */
    GArray *lanes; /* of int64_t: when each of the row is free */
} Writing;

static const TpsTimelineRow *row_at(const TpsTimeline *timeline, guint i)
{
    return &g_array_index(timeline->rows, TpsTimelineRow, i);
}

static void put_valid(GString *line, const char *name, const char *text)
{
    g_autofree char *valid = tps_text_valid(text);

    tps_json_line_string(line, name, valid);
}

static void begin_event(GString *line, const char *phase, const char *name, guint pid, guint tid)
{
    tps_json_line_open(line, NULL, '{');
    tps_json_line_string(line, "ph", phase);
    put_valid(line, "name", name);
    tps_json_line_int(line, "pid", pid);
    tps_json_line_int(line, "tid", tid);
}

static void end_event(TpsJsonRows *rows)
{
    tps_json_line_close(rows->line, '}');
    tps_json_rows_put(rows);
}

static void put_meta(TpsJsonRows *rows, const char *what, guint pid, guint tid, const char *name)
{
    begin_event(rows->line, "M", what, pid, tid);
    tps_json_line_open(rows->line, "args", '{');
    put_valid(rows->line, "name", name);
    tps_json_line_close(rows->line, '}');
    end_event(rows);
}

static void put_order(TpsJsonRows *rows, const char *what, guint pid, guint tid)
{
    begin_event(rows->line, "M", what, pid, tid);
    tps_json_line_open(rows->line, "args", '{');
    tps_json_line_int(rows->line, "sort_index", tid ? tid : pid);
    tps_json_line_close(rows->line, '}');
    end_event(rows);
}

/* Process 0 is the run; each host follows. Rows are in the order of hosts. */
static void put_hosts(Writing *writing)
{
    const TpsTimeline *timeline = writing->timeline;
    guint pid = 0;

    for (guint i = 0; i < timeline->rows->len; i++) {
        const char *host = row_at(timeline, i)->host;

        if (i == 0 || strcmp(host, row_at(timeline, i - 1)->host) != 0) {
            put_meta(&writing->rows, "process_name", ++pid, 0, host);
            put_order(&writing->rows, "process_sort_index", pid, 0);
        }
        writing->pid[i] = pid;
    }
}

static void put_thread(Writing *writing, guint row, guint lane, guint tid)
{
    g_autofree char *worker = g_strdup_printf("worker %d", row_at(writing->timeline, row)->worker);
    g_autofree char *name = lane ? g_strdup_printf("%s (%u)", worker, lane + 1) : g_strdup(worker);

    put_meta(&writing->rows, "thread_name", writing->pid[row], tid, name);
    put_order(&writing->rows, "thread_sort_index", writing->pid[row], tid);
}

/* The first of the row's threads that is free; a new one is named. */
static guint thread_for(Writing *writing, const TpsTimelineBar *bar)
{
    guint lane = 0;
    guint tid;

    while (lane < writing->lanes->len && lane + 1 < LANES_PER_ROW &&
           g_array_index(writing->lanes, int64_t, lane) > bar->start_us)
        lane++;
    tid = bar->row * LANES_PER_ROW + lane + 1;
    if (lane == writing->lanes->len) {
        g_array_append_val(writing->lanes, bar->end_us);
        put_thread(writing, bar->row, lane, tid);
    }
    g_array_index(writing->lanes, int64_t, lane) = bar->end_us;
    return tid;
}

static const char *colour_of_outcome(TpsOutcome outcome)
{
    if (tps_outcome_is_bad(outcome))
        return "terrible";
    return outcome == TPS_OUTCOME_FLAKY ? "bad" : outcome == TPS_OUTCOME_PASSED ? "good" : "grey";
}

static const char *colour_of_status(TpsStatus status)
{
    if (status == TPS_STATUS_PASSED)
        return "good";
    if (status == TPS_STATUS_SKIPPED || status == TPS_STATUS_NOT_RUN)
        return "grey";
    return status == TPS_STATUS_FLAKY || status == TPS_STATUS_LEAK ? "bad" : "terrible";
}

static void put_times(GString *line, int64_t start_us, int64_t end_us)
{
    tps_json_line_int(line, "ts", start_us);
    tps_json_line_int(line, "dur", end_us - start_us);
}

static void put_phase(Writing *writing, const char *name, guint pid, guint tid, int64_t start_us,
                      int64_t end_us)
{
    GString *line = writing->rows.line;

    if (end_us <= start_us)
        return;
    begin_event(line, "X", name, pid, tid);
    tps_json_line_string(line, "cat", "phase");
    put_times(line, start_us, end_us);
    tps_json_line_string(line, "cname", "grey");
    end_event(&writing->rows);
}

static void put_task_arguments(GString *line, const TpsTimelineBar *bar)
{
    tps_json_line_open(line, "args", '{');
    tps_json_line_string(line, "status", tps_status_name(bar->status));
    put_valid(line, "end", bar->end ? bar->end : "");
    tps_json_line_int(line, "attempt", bar->attempt);
    tps_json_line_int(line, "piece", bar->piece);
    if (bar->expected_start_us >= 0)
        tps_json_line_seconds(line, "expected_start_s", bar->expected_start_us);
    if (bar->expected_us >= 0)
        tps_json_line_seconds(line, "expected_s", bar->expected_us);
    if (bar->is_critical)
        tps_json_line_true(line, "critical");
    tps_json_line_close(line, '}');
}

static void put_task(Writing *writing, const TpsTimelineBar *bar, guint tid)
{
    g_autofree char *name = tps_part_label(bar->suite, bar->part);
    GString *line = writing->rows.line;

    begin_event(line, "X", name, writing->pid[bar->row], tid);
    tps_json_line_string(line, "cat", "task");
    put_times(line, bar->start_us, bar->end_us);
    tps_json_line_string(line, "cname", colour_of_status(bar->status));
    put_task_arguments(line, bar);
    end_event(&writing->rows);
}

/* Testcases one behind the other between `from` and `to`. */
static void put_testcases(Writing *writing, const TpsTimelineBar *bar, guint tid, int64_t from,
                          int64_t to)
{
    GString *line = writing->rows.line;

    for (guint i = 0; i < bar->n_spans; i++) {
        const TpsTimelineSpan *span =
            &g_array_index(writing->timeline->spans, TpsTimelineSpan, bar->first_span + i);
        int64_t start = CLAMP(tps_add_sat(bar->start_us, MAX(span->start_us, 0)), from, to);
        int64_t end = CLAMP(tps_add_sat(start, MAX(span->length_us, 0)), start, to);

        begin_event(line, "X", span->id, writing->pid[bar->row], tid);
        tps_json_line_string(line, "cat", "testcase");
        put_times(line, start, end);
        tps_json_line_string(line, "cname", colour_of_outcome(span->outcome));
        tps_json_line_open(line, "args", '{');
        tps_json_line_string(line, "outcome", tps_outcome_name(span->outcome));
        tps_json_line_close(line, '}');
        end_event(&writing->rows);
        from = end;
    }
}

/* What ended otherwise than by itself is marked where it ended. */
static void put_mark(Writing *writing, const TpsTimelineBar *bar, guint tid)
{
    GString *line = writing->rows.line;

    if (bar->status < TPS_STATUS_TIMEOUT || bar->status == TPS_STATUS_NOT_RUN)
        return;
    begin_event(line, "i", bar->end ? bar->end : tps_status_name(bar->status),
                writing->pid[bar->row], tid);
    tps_json_line_string(line, "cat", "end");
    tps_json_line_int(line, "ts", bar->end_us);
    tps_json_line_string(line, "s", "t");
    end_event(&writing->rows);
}

static void put_bar(Writing *writing, const TpsTimelineBar *bar)
{
    guint tid = thread_for(writing, bar);
    guint pid = writing->pid[bar->row];
    int64_t from =
        CLAMP(tps_add_sat(bar->start_us, MAX(bar->setup_us, 0)), bar->start_us, bar->end_us);
    int64_t to = CLAMP(bar->end_us - MAX(bar->teardown_us, 0), from, bar->end_us);

    put_task(writing, bar, tid);
    put_phase(writing, "setup", pid, tid, bar->start_us, from);
    put_testcases(writing, bar, tid, from, to);
    put_phase(writing, "teardown", pid, tid, to, bar->end_us);
    put_mark(writing, bar, tid);
}

static int compare_times(const void *a, const void *b)
{
    const int64_t *x = a;
    const int64_t *y = b;

    return (*x > *y) - (*x < *y);
}

static void put_running(TpsJsonRows *rows, int64_t at_us, guint n)
{
    begin_event(rows->line, "C", "running tasks", 0, 0);
    tps_json_line_int(rows->line, "ts", at_us);
    tps_json_line_open(rows->line, "args", '{');
    tps_json_line_int(rows->line, "running", n);
    tps_json_line_close(rows->line, '}');
    end_event(rows);
}

/* How many tasks run, at each change. */
static void put_counters(Writing *writing)
{
    guint n = writing->timeline->bars->len;
    g_autofree int64_t *starts = g_new(int64_t, n + 1);
    g_autofree int64_t *ends = g_new(int64_t, n + 1);
    guint begun = 0;
    guint ended = 0;

    for (guint i = 0; i < n; i++) {
        const TpsTimelineBar *bar = &g_array_index(writing->timeline->bars, TpsTimelineBar, i);

        starts[i] = bar->start_us;
        ends[i] = bar->end_us;
    }
    qsort(starts, n, sizeof *starts, compare_times);
    qsort(ends, n, sizeof *ends, compare_times);
    while (ended < n) {
        int64_t at = begun < n ? MIN(starts[begun], ends[ended]) : ends[ended];

        while (begun < n && starts[begun] == at)
            begun++;
        while (ended < n && ends[ended] == at)
            ended++;
        put_running(&writing->rows, at, begun - ended);
    }
}

static void put_events(Writing *writing)
{
    const TpsTimeline *timeline = writing->timeline;

    put_meta(&writing->rows, "process_name", 0, 0, "the run");
    put_hosts(writing);
    for (guint i = 0; i < timeline->bars->len; i++) {
        const TpsTimelineBar *bar = &g_array_index(timeline->bars, TpsTimelineBar, i);

        if (i > 0 && bar->row != bar[-1].row)
            g_array_set_size(writing->lanes, 0);
        put_bar(writing, bar);
    }
    put_counters(writing);
}

static bool write_trace(const TpsReport *report, const TpsReportLook *look, TpsSink *sink,
                        GError **error)
{
    const TpsTimeline *timeline = report->timeline;
    g_autofree guint *pid = timeline ? g_new0(guint, timeline->rows->len + 1) : NULL;
    g_autoptr(GArray) lanes = g_array_new(FALSE, FALSE, sizeof(int64_t));
    g_autofree char *headline = tps_report_headline(report);
    Writing writing = {timeline, tps_json_rows_new(sink), pid, lanes};

    (void)look;
    if (timeline) {
        tps_json_rows_begin(&writing.rows, NULL, '{');
        tps_json_line_string(writing.rows.line, "displayTimeUnit", "ms");
        tps_json_line_open(writing.rows.line, "otherData", '{');
        put_valid(writing.rows.line, "name", report->name);
        tps_json_line_string(writing.rows.line, "verdict", headline);
        if (timeline->started_us >= 0)
            tps_json_line_seconds(writing.rows.line, "started", timeline->started_us);
        tps_json_line_close(writing.rows.line, '}');
        tps_json_rows_put(&writing.rows);
        tps_json_rows_begin(&writing.rows, "traceEvents", '[');
        put_events(&writing);
        tps_json_rows_end(&writing.rows, "]");
        tps_sink_text(sink, "\n}\n");
    } else {
        g_set_error_literal(error, TPS_ERROR, TPS_ERROR_INPUT,
                            "there is no trace of these reports: who executed what, and when, is "
                            "known only of what tpsched ran itself");
    }
    tps_json_rows_clear(&writing.rows);
    return timeline != NULL;
}

const TpsReportWriter tps_report_writer_trace = {
    .name = "trace",
    .suffix = ".trace.json",
    .about = "when what ran where, for Perfetto",
    .write = write_trace,
};
