/* SPDX-License-Identifier: MIT */
#include "cli/progress.h"

#include "cli/terminal.h"
#include "core/duration.h"
#include "core/status.h"
#include "scheduler/pool_size.h"

#include <string.h>

#define LABEL_WIDTH 40
/* Where no line can be rewritten, somebody who waits hears from us this often. */
#define HEARTBEAT_US (30 * TPS_SECOND_US)
/* What is left is simulated for each frame: no more of them than can be read. */
#define FRAME_US INT64_C(100000)

/* What a worker is doing. */
typedef struct {
    const TpsTask *task; /* NULL = nothing */
    int64_t started_us;
    int64_t expected_us;
} Worker;

struct TpsProgress {
    FILE *stream;
    TpsOutputMode mode;
    bool live;
    bool drawn; /* a live line stands on the terminal */
    const TpsPlan *plan;
    int size;
    Worker *workers;   /* [size] */
    GHashTable *begun; /* const TpsTask* as a set */
    guint n_ended;
    guint n_failed;
    guint n_flaky;
    int64_t started_us;
    int64_t heard_us; /* when the last line was written */
    char *frame;      /* owned: the live line           */
    int64_t frame_us; /* when it was made               */
    int stops;
};

TpsProgress *tps_progress_new(const TpsPlan *plan, int size, TpsOutputMode mode, FILE *stream)
{
    TpsProgress *progress = g_new0(TpsProgress, 1);

    progress->stream = stream;
    progress->mode = mode;
    progress->live = tps_is_live(stream);
    progress->plan = plan;
    progress->size = size;
    progress->workers = g_new0(Worker, (gsize)size);
    progress->begun = g_hash_table_new(g_direct_hash, g_direct_equal);
    return progress;
}

void tps_progress_free(TpsProgress *progress)
{
    if (!progress)
        return;
    g_free(progress->workers);
    g_free(progress->frame);
    g_hash_table_unref(progress->begun);
    g_free(progress);
}

/* When each worker is free by the plan; one that is overdue may be free at any moment. */
static int64_t fill_free(const TpsProgress *progress, int64_t now_us, int64_t *free_us)
{
    int64_t last = 0;

    for (int i = 0; i < progress->size; i++) {
        const Worker *worker = &progress->workers[i];
        int64_t end_us = worker->task ? worker->started_us + worker->expected_us : now_us;

        free_us[i] = MAX(end_us - now_us, 0);
        last = MAX(last, free_us[i]);
    }
    return last;
}

/* From the plan, not from the count: what is left is simulated as the pool will execute it. */
static int64_t time_left(const TpsProgress *progress, int64_t now_us)
{
    guint n_tasks = progress->plan->tasks->len;
    g_autofree int64_t *free_us = g_new0(int64_t, (gsize)progress->size);
    g_autofree int64_t *weight_us = g_new0(int64_t, n_tasks);
    int64_t last = fill_free(progress, now_us, free_us);
    int64_t makespan = 0;
    size_t n = 0;

    for (guint i = 0; i < n_tasks; i++) {
        const TpsTask *task = g_ptr_array_index(progress->plan->tasks, i);

        if (!g_hash_table_contains(progress->begun, task))
            weight_us[n++] = task->weight_us;
    }
    if (n > 0)
        makespan = tps_pool_simulate(weight_us, n, progress->size, free_us, NULL, NULL);
    return MAX(last, makespan);
}

static const Worker *longest_running(const TpsProgress *progress)
{
    const Worker *longest = NULL;

    for (int i = 0; i < progress->size; i++) {
        const Worker *worker = &progress->workers[i];

        if (worker->task && (!longest || worker->started_us < longest->started_us))
            longest = worker;
    }
    return longest;
}

static void append_running(const TpsProgress *progress, int64_t now_us, GString *line)
{
    const Worker *worker = longest_running(progress);
    g_autofree char *label = NULL;
    g_autofree char *shown = NULL;
    g_autofree char *since = NULL;
    g_autofree char *weight = NULL;

    if (!worker)
        return;
    label = tps_part_label(worker->task->suite, worker->task->part);
    shown = tps_printable(label, LABEL_WIDTH);
    since = tps_duration_format(now_us - worker->started_us);
    weight = tps_duration_format(worker->expected_us);
    g_string_append_printf(line, ", %s %s of %s", shown, since, weight);
}

/* "[3/12] 1m05s, 40s left, 1 failed, api 0,3 12.0s of 15.0s" */
static char *status_line(const TpsProgress *progress, int64_t now_us)
{
    GString *line = g_string_new(NULL);
    g_autofree char *elapsed = tps_duration_format(now_us - progress->started_us);
    g_autofree char *left = tps_duration_format(time_left(progress, now_us));

    g_string_append_printf(line, "[%u/%u] %s, ", progress->n_ended, progress->plan->tasks->len,
                           elapsed);
    if (progress->stops > 0)
        g_string_append(line, "stopping");
    else
        g_string_append_printf(line, "%s left", left);
    if (progress->n_failed > 0)
        g_string_append_printf(line, ", %u failed", progress->n_failed);
    if (progress->n_flaky > 0)
        g_string_append_printf(line, ", %u flaky", progress->n_flaky);
    append_running(progress, now_us, line);
    return g_string_free(line, FALSE);
}

static void erase(TpsProgress *progress)
{
    if (progress->drawn)
        fputs("\r\033[K", progress->stream);
    progress->drawn = false;
}

static void renew_frame(TpsProgress *progress, int64_t now_us)
{
    g_autofree char *line = status_line(progress, now_us);

    g_free(progress->frame);
    progress->frame = tps_printable(line, tps_terminal_width(progress->stream) - 1);
    progress->frame_us = now_us;
}

/* What is skipped is made up for by the next tick. */
static void draw(TpsProgress *progress, int64_t now_us)
{
    const bool is_due = !progress->frame || now_us - progress->frame_us >= FRAME_US;

    if (!progress->live || (progress->drawn && !is_due))
        return;
    if (is_due)
        renew_frame(progress, now_us);
    /* One write, so that a frame is never seen half. */
    fprintf(progress->stream, "\r\033[K%s", progress->frame);
    fflush(progress->stream);
    progress->drawn = true;
}

static void print_output(TpsProgress *progress, const TpsPartReport *report, const char *label)
{
    bool wanted = progress->mode == TPS_OUTPUT_ALL ||
                  (progress->mode == TPS_OUTPUT_FAILED && tps_part_report_is_bad(report));
    size_t length = report->output ? strlen(report->output) : 0;

    if (!wanted || length == 0)
        return;
    fprintf(progress->stream, "--- %s ---\n", label);
    fwrite(report->output, 1, length, progress->stream);
    if (report->output[length - 1] != '\n')
        fputc('\n', progress->stream);
}

static void count(const TpsPartReport *report, guint *n_passed, guint *n_bad)
{
    *n_passed = *n_bad = 0;
    for (guint i = 0; i < report->results->len; i++) {
        const TpsResult *result = g_ptr_array_index(report->results, i);

        if (tps_outcome_is_bad(result->outcome))
            (*n_bad)++;
        else
            (*n_passed)++;
    }
}

static const char *word_of(const TpsPartReport *report)
{
    if (tps_part_report_is_bad(report))
        return "FAIL";
    return tps_status_of(report) == TPS_STATUS_FLAKY ? "FLAKY" : "ok";
}

static void print_end(TpsProgress *progress, const TpsEvent *event, const char *label)
{
    const TpsPartReport *report = event->report;
    bool bad = tps_part_report_is_bad(report);
    g_autofree char *wall = tps_duration_format(report->wall_us);
    g_autofree char *weight = tps_duration_format(event->task->weight_us);
    g_autofree char *end = tps_end_describe(report->end, report->code, report->wall_us);
    guint n_passed;
    guint n_bad;

    count(report, &n_passed, &n_bad);
    fprintf(progress->stream, "[%u/%u] %s%s%s %s: %u ok", progress->n_ended,
            progress->plan->tasks->len,
            bad ? tps_red(progress->stream) : tps_green(progress->stream), word_of(report),
            tps_plain(progress->stream), label, n_passed);
    if (n_bad > 0)
        fprintf(progress->stream, ", %u bad", n_bad);
    fprintf(progress->stream, " in %s (planned %s)", wall, weight);
    if (report->n_pieces > 1)
        fprintf(progress->stream, " in %d pieces", report->n_pieces);
    if (report->end != TPS_END_EXITED || (bad && n_bad == 0))
        fprintf(progress->stream, ", %s", end);
    if (report->n_leaked > 0)
        fprintf(progress->stream, ", %d processes left behind and killed", report->n_leaked);
    fputc('\n', progress->stream);
}

/* Somebody who waits is to know why it takes longer. */
static void say_again(TpsProgress *progress, const TpsEvent *event)
{
    g_autofree char *label = tps_part_label(event->task->suite, event->task->part);
    g_autofree char *shown = tps_printable(label, LABEL_WIDTH);

    if (event->attempt <= 1 && event->deaths == 0)
        return;
    erase(progress);
    if (event->deaths > 0)
        fprintf(progress->stream, "again %s: its worker died\n", shown);
    else
        fprintf(progress->stream, "again %s: attempt %d\n", shown, event->attempt);
    fflush(progress->stream);
}

static void hear_ended(TpsProgress *progress, const TpsEvent *event)
{
    g_autofree char *label = tps_part_label(event->task->suite, event->task->part);
    g_autofree char *shown = tps_printable(label, LABEL_WIDTH);

    progress->workers[event->worker].task = NULL;
    if (!event->report)
        return; /* it was not started, or the machinery failed: both are told at the end */
    progress->n_ended++;
    progress->n_failed += tps_part_report_is_bad(event->report);
    progress->n_flaky += tps_status_of(event->report) == TPS_STATUS_FLAKY;
    erase(progress);
    print_output(progress, event->report, shown);
    print_end(progress, event, shown);
    fflush(progress->stream);
    progress->heard_us = event->now_us;
    draw(progress, event->now_us);
}

static void hear_tick(TpsProgress *progress, const TpsEvent *event)
{
    g_autofree char *line = NULL;

    if (progress->live) {
        draw(progress, event->now_us);
        return;
    }
    if (event->now_us - progress->heard_us < HEARTBEAT_US)
        return;
    line = status_line(progress, event->now_us);
    fprintf(progress->stream, "%s\n", line);
    fflush(progress->stream);
    progress->heard_us = event->now_us;
}

static void hear_stopping(TpsProgress *progress, const TpsEvent *event)
{
    progress->stops = event->stops;
    erase(progress);
    fprintf(progress->stream, event->stops == 1
                                  ? "stopping; running tasks get SIGTERM, once more kills them\n"
                                  : "killing what is running\n");
    fflush(progress->stream);
}

static void hear_grown(TpsProgress *progress, const TpsEvent *event)
{
    progress->size = event->worker + 1;
    progress->workers = g_renew(Worker, progress->workers, (gsize)progress->size);
    progress->workers[event->worker] = (Worker){0};
    erase(progress);
    fprintf(progress->stream, "the target would be missed: %d workers now\n", progress->size);
    fflush(progress->stream);
}

/* The terminal is the shell's now. */
static void hear_paused(TpsProgress *progress)
{
    erase(progress);
    fflush(progress->stream);
}

/* Nothing was done meanwhile: no task is late for it. */
static void hear_continued(TpsProgress *progress, const TpsEvent *event)
{
    progress->started_us += event->paused_us;
    for (int i = 0; i < progress->size; i++)
        progress->workers[i].started_us += event->paused_us;
    draw(progress, event->now_us);
}

/* "worker 0: api 0,3 for 12.0s of 15.0s" */
static void print_worker(const TpsProgress *progress, int number, int64_t now_us)
{
    const Worker *worker = &progress->workers[number];
    g_autofree char *label = tps_part_label(worker->task->suite, worker->task->part);
    g_autofree char *shown = tps_printable(label, LABEL_WIDTH);
    g_autofree char *since = tps_duration_format(now_us - worker->started_us);
    g_autofree char *weight = tps_duration_format(worker->expected_us);

    fprintf(progress->stream, "  worker %d: %s for %s of %s\n", number, shown, since, weight);
}

static void hear_status(TpsProgress *progress, const TpsEvent *event)
{
    g_autofree char *line = status_line(progress, event->now_us);

    erase(progress);
    fprintf(progress->stream, "%s\n", line);
    for (int i = 0; i < progress->size; i++) {
        if (progress->workers[i].task)
            print_worker(progress, i, event->now_us);
    }
    fflush(progress->stream);
    draw(progress, event->now_us);
}

static void hear_failed_fast(TpsProgress *progress)
{
    erase(progress);
    fputs("nothing more is started: enough has failed\n", progress->stream);
    fflush(progress->stream);
}

static void hear(const TpsEvent *event, void *user)
{
    TpsProgress *progress = user;

    switch (event->kind) {
    case TPS_EVENT_RUN_STARTED:
        progress->started_us = progress->heard_us = event->now_us;
        break;
    case TPS_EVENT_TASK_STARTED:
        progress->workers[event->worker] = (Worker){
            .task = event->task, .started_us = event->now_us, .expected_us = event->expected_us};
        g_hash_table_add(progress->begun, (gpointer)event->task);
        say_again(progress, event);
        draw(progress, event->now_us);
        break;
    case TPS_EVENT_POOL_GROWN:
        hear_grown(progress, event);
        break;
    case TPS_EVENT_TASK_ENDED:
        hear_ended(progress, event);
        break;
    case TPS_EVENT_TICK:
        hear_tick(progress, event);
        break;
    case TPS_EVENT_STOPPING:
        hear_stopping(progress, event);
        break;
    case TPS_EVENT_PAUSED:
        hear_paused(progress);
        break;
    case TPS_EVENT_CONTINUED:
        hear_continued(progress, event);
        break;
    case TPS_EVENT_STATUS:
        hear_status(progress, event);
        break;
    case TPS_EVENT_FAILED_FAST:
        hear_failed_fast(progress);
        break;
    case TPS_EVENT_RUN_ENDED:
        erase(progress);
        fflush(progress->stream);
        break;
    }
}

TpsListener tps_progress_listener(TpsProgress *progress)
{
    return (TpsListener){.hear = hear, .user = progress};
}
