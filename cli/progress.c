/* SPDX-License-Identifier: MIT */
#include "cli/progress.h"

#include "cli/screen.h"
#include "cli/task_line.h"
#include "cli/terminal.h"
#include "cli/workers.h"
#include "core/duration.h"
#include "scheduler/output.h"

#include <pthread.h>
#include <string.h>
#include <unistd.h>

#define LABEL_WIDTH 40
#define ROWS_MAX 8
#define PLAIN_SUPERVISION "subreaper"
#define READ_BYTES ((size_t)32 * 1024)
/* Where no line can be rewritten, somebody who waits hears from us this often. */
#define HEARTBEAT_US (30 * TPS_SECOND_US)

/* A task that has ended, until it is shown. */
typedef struct {
    char *label; /* printable                                                 */
    char *line;  /* how it ended                                              */
    bool wanted; /* its output is shown                                       */
    char *text;  /* the output, when it is nowhere else; or NULL              */
    char *file;  /* or where all of it is, below the report directory         */
    uint64_t offset;
    uint64_t bytes;
} Ended;

struct TpsProgress {
    TpsProgressWish wish;
    TpsScreen *screen;
    TpsWorkers *workers;
    guint n_ended;
    guint n_failed;
    guint counts[TPS_STATUS_NOT_RUN + 1];
    int64_t started_us;
    int64_t heard_us; /* when the last line was written */
    int stops;
    GHashTable *places;     /* PLAN: const TpsTask* -> its place + 1                      */
    Ended **held;           /* PLAN: [tasks], those that wait for others                  */
    guint next;             /* PLAN: the place of the next one to be shown                */
    pthread_mutex_t mutex;  /* IMMEDIATE: over the screen and `current`                   */
    pthread_cond_t changed; /* IMMEDIATE: `current` has                                   */
    const TpsTask *current;
};

static bool is_timeless(const TpsProgress *progress)
{
    return progress->wish.order == TPS_OUTPUT_ORDER_PLAN;
}

TpsProgress *tps_progress_new(const TpsProgressWish *wish)
{
    TpsProgress *progress = g_new0(TpsProgress, 1);
    const GPtrArray *tasks = wish->plan->tasks;

    progress->wish = *wish;
    progress->screen = tps_screen_new(wish->stream, wish->mode != TPS_OUTPUT_IMMEDIATE);
    progress->workers = tps_workers_new(wish->plan, wish->size);
    progress->places = g_hash_table_new(g_direct_hash, g_direct_equal);
    progress->held = g_new0(Ended *, tasks->len + 1);
    for (guint i = 0; i < tasks->len; i++)
        g_hash_table_insert(progress->places, g_ptr_array_index(tasks, i), GUINT_TO_POINTER(i + 1));
    pthread_mutex_init(&progress->mutex, NULL);
    pthread_cond_init(&progress->changed, NULL);
    return progress;
}

static void ended_free(Ended *ended)
{
    g_free(ended->label);
    g_free(ended->line);
    g_free(ended->text);
    g_free(ended->file);
    g_free(ended);
}

void tps_progress_free(TpsProgress *progress)
{
    if (!progress)
        return;
    for (guint i = 0; i < progress->wish.plan->tasks->len; i++)
        g_clear_pointer(&progress->held[i], ended_free);
    g_free(progress->held);
    g_hash_table_unref(progress->places);
    tps_workers_free(progress->workers);
    tps_screen_free(progress->screen);
    pthread_mutex_destroy(&progress->mutex);
    pthread_cond_destroy(&progress->changed);
    g_free(progress);
}

const guint *tps_progress_counts(const TpsProgress *progress)
{
    return progress->counts;
}

/* "[3/12] 1m05s, 40.0s left, 1 failed" */
static GString *status_line(TpsProgress *progress, int64_t now_us)
{
    GString *line = g_string_new(NULL);
    g_autofree char *elapsed = tps_duration_format(now_us - progress->started_us);
    g_autofree char *left = tps_duration_format(tps_workers_left(progress->workers, now_us));

    g_string_append_printf(line, "[%u/%u] %s, ", progress->n_ended, progress->wish.plan->tasks->len,
                           elapsed);
    if (progress->stops > 0)
        g_string_append(line, "stopping");
    else
        g_string_append_printf(line, "%s left", left);
    if (progress->n_failed > 0)
        g_string_append_printf(line, ", %u failed", progress->n_failed);
    return line;
}

/* Where there is room for lines of their own, they have them. */
static void append_oldest(TpsProgress *progress, int64_t now_us, GString *line)
{
    g_autoptr(GPtrArray) oldest = tps_workers_describe(progress->workers, now_us, G_MAXUINT);

    if (oldest->len > 0)
        g_string_append_printf(line, ", %s", (const char *)g_ptr_array_index(oldest, 0));
}

static void draw(TpsProgress *progress, int64_t now_us)
{
    g_autoptr(GPtrArray) rows = NULL;
    int n_rows;
    GString *line;

    if (!tps_screen_is_due(progress->screen, now_us))
        return;
    n_rows = tps_screen_rows(progress->screen, ROWS_MAX);
    rows = tps_workers_describe(progress->workers, now_us, (guint)n_rows);
    line = status_line(progress, now_us);
    if (n_rows == 0)
        append_oldest(progress, now_us, line);
    g_ptr_array_add(rows, g_string_free(line, FALSE));
    tps_screen_draw(progress->screen, rows, now_us);
}

static bool is_wanted(const TpsProgress *progress, const TpsPartReport *report)
{
    return report->output && *report->output &&
           (progress->wish.mode == TPS_OUTPUT_ALL ||
            (progress->wish.mode == TPS_OUTPUT_FAILED && tps_part_report_is_bad(report)));
}

static Ended *ended_new(const TpsProgress *progress, const TpsEvent *event)
{
    const TpsPartReport *report = event->report;
    Ended *ended = g_new0(Ended, 1);
    g_autofree char *label = tps_part_label(event->task->suite, event->task->part);

    ended->label = tps_printable(label, LABEL_WIDTH);
    ended->line = tps_task_line(event->task, report, ended->label, is_timeless(progress),
                                progress->wish.stream);
    ended->wanted = is_wanted(progress, report);
    ended->file = g_strdup(report->output_file);
    ended->offset = report->output_offset;
    ended->bytes = report->output_bytes;
    if (ended->wanted && !ended->file)
        ended->text = g_strdup(report->output);
    return ended;
}

/* All of it, from where it was kept. */
static void show_file(TpsProgress *progress, const Ended *ended)
{
    TpsPartReport place = {.output_file = ended->file, .output_offset = ended->offset};
    int file = tps_output_open(progress->wish.report_dir, &place);
    g_autofree char *buffer = g_malloc(READ_BYTES);
    uint64_t left = ended->bytes;
    ssize_t n = 0;

    while (file >= 0 && left > 0 && (n = read(file, buffer, (size_t)MIN(READ_BYTES, left))) > 0) {
        tps_screen_show(progress->screen, buffer, (size_t)n);
        left -= (uint64_t)n;
    }
    tps_screen_show_end(progress->screen);
    if (left > 0)
        tps_screen_print(progress->screen, "[... %" G_GUINT64_FORMAT " bytes can't be read ...]\n",
                         left);
    if (file >= 0)
        close(file);
}

static void show_output(TpsProgress *progress, const Ended *ended)
{
    tps_screen_print(progress->screen, "--- %s ---\n", ended->label);
    if (ended->file) {
        show_file(progress, ended);
        return;
    }
    tps_screen_show(progress->screen, ended->text, strlen(ended->text));
    tps_screen_show_end(progress->screen);
}

static void show(TpsProgress *progress, const Ended *ended)
{
    if (ended->wanted)
        show_output(progress, ended);
    if (!is_timeless(progress))
        tps_screen_print(progress->screen, "[%u/%u] ", progress->n_ended,
                         progress->wish.plan->tasks->len);
    tps_screen_print(progress->screen, "%s\n", ended->line);
}

/* Everything whose turn it is; at the end of the run all that is left. */
static void show_held(TpsProgress *progress, bool all)
{
    guint n_tasks = progress->wish.plan->tasks->len;

    for (; progress->next < n_tasks; progress->next++) {
        Ended **held = &progress->held[progress->next];

        if (!*held && !all)
            return;
        if (*held)
            show(progress, *held);
        g_clear_pointer(held, ended_free);
    }
}

static void take_ended(TpsProgress *progress, Ended *ended, const TpsTask *task)
{
    guint place = GPOINTER_TO_UINT(g_hash_table_lookup(progress->places, task));

    if (progress->wish.order == TPS_OUTPUT_ORDER_PLAN && place > 0) {
        progress->held[place - 1] = ended;
        show_held(progress, false);
        return;
    }
    show(progress, ended);
    ended_free(ended);
}

static void hear_ended(TpsProgress *progress, const TpsEvent *event)
{
    if (!event->lingers)
        tps_workers_end(progress->workers, event->worker);
    if (!event->report)
        return; /* it was not started, or the machinery failed: both are told at the end */
    progress->n_ended++;
    progress->n_failed +=
        tps_part_report_is_bad(event->report) && event->report->end != TPS_END_CANCELLED;
    progress->counts[tps_status_of(event->report)]++;
    tps_screen_show_end(progress->screen); /* of what was shown while it ran */
    take_ended(progress, ended_new(progress, event), event->task);
    progress->heard_us = event->now_us;
}

/* Somebody who waits is to know why it takes longer. */
static void say_again(TpsProgress *progress, const TpsEvent *event)
{
    g_autofree char *label = tps_part_label(event->task->suite, event->task->part);
    g_autofree char *shown = tps_printable(label, LABEL_WIDTH);

    if (event->deaths > 0)
        tps_screen_print(progress->screen, "again %s: its worker died\n", shown);
    else
        tps_screen_print(progress->screen, "again %s: attempt %d\n", shown, event->attempt);
}

static void hear_started(TpsProgress *progress, const TpsEvent *event)
{
    g_autofree char *label = NULL;
    g_autofree char *shown = NULL;

    tps_workers_start(progress->workers, event->worker, event->task, event->expected_us,
                      event->now_us);
    if ((event->attempt > 1 || event->deaths > 0) && !is_timeless(progress))
        say_again(progress, event);
    if (progress->wish.mode != TPS_OUTPUT_IMMEDIATE)
        return;
    label = tps_part_label(event->task->suite, event->task->part);
    shown = tps_printable(label, LABEL_WIDTH);
    tps_screen_print(progress->screen, "--- %s ---\n", shown);
    progress->current = event->task;
    pthread_cond_broadcast(&progress->changed);
}

/* What is used where nothing is asked for need not be said. */
static void say_supervision(TpsProgress *progress, const TpsEvent *event)
{
    if (event->supervision && strcmp(event->supervision, PLAIN_SUPERVISION) != 0)
        tps_screen_print(progress->screen, "supervision: %s\n", event->supervision);
}

static void beat(TpsProgress *progress, const TpsEvent *event)
{
    GString *line;

    if (tps_screen_is_live(progress->screen) || is_timeless(progress) ||
        progress->wish.mode == TPS_OUTPUT_IMMEDIATE ||
        event->now_us - progress->heard_us < HEARTBEAT_US)
        return;
    line = status_line(progress, event->now_us);
    append_oldest(progress, event->now_us, line);
    tps_screen_print(progress->screen, "%s\n", line->str);
    g_string_free(line, TRUE);
    progress->heard_us = event->now_us;
}

/* Somebody asked. */
static void hear_status(TpsProgress *progress, const TpsEvent *event)
{
    g_autoptr(GPtrArray) lines = tps_workers_list(progress->workers, event->now_us);
    g_autoptr(GString) line = status_line(progress, event->now_us);

    tps_screen_print(progress->screen, "%s\n", line->str);
    for (guint i = 0; i < lines->len; i++)
        tps_screen_print(progress->screen, "  %s\n", (const char *)g_ptr_array_index(lines, i));
    tps_screen_erase(progress->screen);
}

static void hear_stopping(TpsProgress *progress, const TpsEvent *event)
{
    progress->stops = event->stops;
    tps_screen_print(progress->screen,
                     event->stops == 1
                         ? "stopping; running tasks get SIGTERM, once more kills them\n"
                         : "killing what is running\n");
    tps_screen_erase(progress->screen);
}

static void hear_grown(TpsProgress *progress, const TpsEvent *event)
{
    tps_workers_grow(progress->workers, event->worker + 1);
    if (!is_timeless(progress))
        tps_screen_print(progress->screen, "the target would be missed: %d workers now\n",
                         event->worker + 1);
}

static void hear_continued(TpsProgress *progress, const TpsEvent *event)
{
    progress->started_us += event->paused_us;
    progress->heard_us += event->paused_us;
    tps_workers_pause(progress->workers, event->paused_us);
}

static void hear_run_ended(TpsProgress *progress)
{
    show_held(progress, true);
    tps_screen_erase(progress->screen);
}

static void hear_any(TpsProgress *progress, const TpsEvent *event)
{
    switch (event->kind) {
    case TPS_EVENT_RUN_STARTED:
        progress->started_us = progress->heard_us = event->now_us;
        say_supervision(progress, event);
        break;
    case TPS_EVENT_TASK_STARTED:
        hear_started(progress, event);
        break;
    case TPS_EVENT_POOL_GROWN:
        hear_grown(progress, event);
        break;
    case TPS_EVENT_TASK_LINGERS:
        tps_workers_end(progress->workers, event->worker);
        break;
    case TPS_EVENT_TASK_ENDED:
        hear_ended(progress, event);
        break;
    case TPS_EVENT_TICK:
        beat(progress, event);
        break;
    case TPS_EVENT_STATUS:
        hear_status(progress, event);
        break;
    case TPS_EVENT_FAILED_FAST:
        tps_screen_print(progress->screen, "nothing more is started: enough has failed\n");
        break;
    case TPS_EVENT_STOPPING:
        hear_stopping(progress, event);
        break;
    case TPS_EVENT_PAUSED:
        tps_screen_erase(progress->screen); /* the shell has the terminal meanwhile */
        return;
    case TPS_EVENT_CONTINUED:
        hear_continued(progress, event);
        break;
    case TPS_EVENT_RUN_ENDED:
        hear_run_ended(progress);
        return;
    }
    draw(progress, event->now_us);
}

static void hear(const TpsEvent *event, void *user)
{
    TpsProgress *progress = user;

    pthread_mutex_lock(&progress->mutex);
    tps_screen_hold(progress->screen, true);
    hear_any(progress, event);
    tps_screen_hold(progress->screen, event->more);
    pthread_mutex_unlock(&progress->mutex);
}

TpsListener tps_progress_listener(TpsProgress *progress)
{
    return (TpsListener){.hear = hear, .user = progress};
}

void tps_progress_show(const TpsTask *task, const char *bytes, size_t length, void *user)
{
    TpsProgress *progress = user;

    pthread_mutex_lock(&progress->mutex);
    while (progress->current != task)
        pthread_cond_wait(&progress->changed, &progress->mutex);
    tps_screen_show(progress->screen, bytes, length);
    pthread_mutex_unlock(&progress->mutex);
}
