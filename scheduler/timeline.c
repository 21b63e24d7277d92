/* SPDX-License-Identifier: MIT */
#include "scheduler/timeline.h"

#include "core/saturate.h"
#include "scheduler/merge_internal.h"
#include "scheduler/task_index.h"

#include <string.h>

__extension__ typedef __int128 Wide;

typedef struct {
    TpsTimeline *timeline;
    TpsTaskIndex *tasks; /* or NULL: there is no plan                          */
    GHashTable *rows;    /* "worker\nhost" (owned) -> index + 1                */
    GHashTable *hosts;   /* directory of a journal (owned) -> label (of names) */
} Build;

/* Machines of a CI system may all have one name: what two journals say is of two of them. */
static char *place_of(const TpsPartReport *report)
{
    g_autofree char *directory = report->origin ? g_path_get_dirname(report->origin) : NULL;

    return g_strdup_printf("%s\n%s", report->host, directory ? directory : "");
}

static int compare_starts(const void *a, const void *b)
{
    const TpsPartReport *x = *(const TpsPartReport *const *)a;
    const TpsPartReport *y = *(const TpsPartReport *const *)b;
    int order;

    if (x->started_us != y->started_us)
        return x->started_us < y->started_us ? -1 : 1;
    order = strcmp(x->suite, y->suite);
    if (!order)
        order = x->part.index - y->part.index;
    if (!order)
        order = x->attempt - y->attempt;
    return order ? order : g_strcmp0(x->digest, y->digest);
}

/* Each once, by start. Caller unrefs. */
static GPtrArray *sorted(const GPtrArray *reports)
{
    GPtrArray *list = g_ptr_array_sized_new(reports->len);

    for (guint i = 0; i < reports->len; i++)
        g_ptr_array_add(list, g_ptr_array_index(reports, i));
    g_ptr_array_sort(list, compare_starts);
    for (guint i = 1; i < list->len;) {
        if (compare_starts(&list->pdata[i - 1], &list->pdata[i]) == 0)
            g_ptr_array_remove_index(list, i);
        else
            i++;
    }
    return list;
}

/* "ci", and where it is not the only one of that name "ci 2". */
static void name_hosts(Build *build, const GPtrArray *reports)
{
    g_autoptr(GHashTable) count = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < reports->len; i++) {
        const TpsPartReport *report = g_ptr_array_index(reports, i);
        g_autofree char *place = place_of(report);
        g_autofree char *label = NULL;
        guint n;

        if (g_hash_table_contains(build->hosts, place))
            continue;
        n = GPOINTER_TO_UINT(g_hash_table_lookup(count, report->host)) + 1;
        g_hash_table_insert(count, report->host, GUINT_TO_POINTER(n));
        label = n > 1 ? g_strdup_printf("%s %u", report->host, n) : g_strdup(report->host);
        g_hash_table_insert(build->hosts, g_steal_pointer(&place),
                            (gpointer)tps_string_pool_add(build->timeline->names, label));
    }
}

static guint row_of(Build *build, const TpsPartReport *report, int worker)
{
    g_autofree char *place = place_of(report);
    const char *host = g_hash_table_lookup(build->hosts, place);
    g_autofree char *key = g_strdup_printf("%d\n%s", worker, host);
    guint row = GPOINTER_TO_UINT(g_hash_table_lookup(build->rows, key));

    if (!row) {
        TpsTimelineRow it = {.host = host, .worker = worker};

        g_array_append_val(build->timeline->rows, it);
        row = build->timeline->rows->len;
        g_hash_table_insert(build->rows, g_steal_pointer(&key), GUINT_TO_POINTER(row));
    }
    return row - 1;
}

static int64_t known(int64_t us)
{
    return us == TPS_TIME_UNKNOWN ? 0 : us;
}

/* Is it a testcase of that piece? */
static bool is_span(const TpsResult *result, int piece)
{
    return result->piece == piece && !tps_merge_is_process(result) &&
           !tps_result_is_left_out(result);
}

static int64_t sum_of(const TpsPartReport *report, int piece)
{
    int64_t sum_us = 0;

    for (guint i = 0; i < report->results->len; i++) {
        const TpsResult *result = g_ptr_array_index(report->results, i);

        if (is_span(result, piece))
            sum_us = tps_add_sat(sum_us, known(result->time_us));
    }
    return sum_us;
}

/* us * room / sum, without a product that overflows. */
static int64_t shortened(int64_t us, int64_t room_us, int64_t sum_us)
{
    if (sum_us <= room_us)
        return us;
    return (int64_t)((Wide)us * room_us / sum_us);
}

static void add_spans(Build *build, const TpsPartReport *report, TpsTimelineBar *bar)
{
    int64_t room_us = MAX(bar->end_us - bar->start_us - bar->setup_us - bar->teardown_us, 0);
    int64_t sum_us = sum_of(report, bar->piece);
    int64_t before_us = 0;

    bar->first_span = build->timeline->spans->len;
    for (guint i = 0; i < report->results->len; i++) {
        const TpsResult *result = g_ptr_array_index(report->results, i);
        int64_t time_us = known(result->time_us);
        TpsTimelineSpan span = {.outcome = result->outcome};

        if (!is_span(result, bar->piece))
            continue;
        span.id = tps_string_pool_add(build->timeline->names, result->id);
        span.start_us = bar->setup_us + shortened(before_us, room_us, sum_us);
        before_us = tps_add_sat(before_us, time_us);
        span.length_us = bar->setup_us + shortened(before_us, room_us, sum_us) - span.start_us;
        g_array_append_val(build->timeline->spans, span);
    }
    bar->n_spans = build->timeline->spans->len - bar->first_span;
}

static void add_bar(Build *build, const TpsPartReport *report, const TpsPartPiece *piece,
                    int number)
{
    TpsTimeline *timeline = build->timeline;
    const TpsTask *task =
        build->tasks ? tps_task_index_find(build->tasks, report->suite, report->part) : NULL;
    g_autofree char *end = report->done ? tps_status_describe(report) : g_strdup("it never ended");
    TpsTimelineBar bar = {
        .suite = tps_string_pool_add(timeline->names, report->suite),
        .part = report->part,
        .attempt = report->attempt,
        .piece = number,
        .row = row_of(build, report, piece->worker),
        .start_us = MAX(piece->started_us, report->started_us) - timeline->started_us,
        .expected_start_us = task && number == 0 ? task->start_us : TPS_TIME_UNKNOWN,
        .expected_us = task && number == 0 ? task->weight_us : TPS_TIME_UNKNOWN,
        .status = report->done ? tps_status_of(report) : TPS_STATUS_LOST,
        .end = tps_string_pool_add(timeline->names, end),
    };

    bar.end_us = bar.start_us + piece->wall_us;
    bar.setup_us = MIN(known(piece->setup_us), piece->wall_us);
    bar.teardown_us = MIN(known(piece->teardown_us), piece->wall_us - bar.setup_us);
    add_spans(build, report, &bar);
    g_array_append_val(timeline->bars, bar);
}

static void add_report(Build *build, const TpsPartReport *report)
{
    TpsPartPiece whole = {
        .worker = report->worker,
        .started_us = report->started_us,
        .wall_us = report->done ? MAX(report->ended_us - report->started_us, 0) : 0,
        .setup_us = report->setup_us,
        .teardown_us = report->teardown_us,
    };

    if (!report->pieces) {
        add_bar(build, report, &whole, 0);
        return;
    }
    for (guint i = 0; i < report->pieces->len; i++)
        add_bar(build, report, &g_array_index(report->pieces, TpsPartPiece, i), (int)i);
}

TpsTimeline *tps_timeline_of(const TpsPlan *plan, const GPtrArray *reports)
{
    g_autoptr(GPtrArray) list = sorted(reports);
    g_autoptr(TpsTaskIndex) tasks = plan ? tps_task_index_new(plan) : NULL;
    g_autoptr(GHashTable) rows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) hosts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Build build = {.tasks = tasks, .rows = rows, .hosts = hosts};

    if (list->len == 0)
        return NULL;
    build.timeline =
        tps_timeline_new(((const TpsPartReport *)g_ptr_array_index(list, 0))->started_us);
    name_hosts(&build, list);
    for (guint i = 0; i < list->len; i++)
        add_report(&build, g_ptr_array_index(list, i));
    tps_timeline_settle(build.timeline);
    return build.timeline;
}
