/* SPDX-License-Identifier: MIT */
#include "core/timeline.h"

#include <string.h>

TpsTimeline *tps_timeline_new(int64_t started_us)
{
    TpsTimeline *timeline = g_new0(TpsTimeline, 1);

    timeline->started_us = started_us;
    timeline->rows = g_array_new(FALSE, TRUE, sizeof(TpsTimelineRow));
    timeline->bars = g_array_new(FALSE, TRUE, sizeof(TpsTimelineBar));
    timeline->spans = g_array_new(FALSE, TRUE, sizeof(TpsTimelineSpan));
    timeline->names = tps_string_pool_new();
    return timeline;
}

void tps_timeline_free(TpsTimeline *timeline)
{
    if (!timeline)
        return;
    g_array_unref(timeline->rows);
    g_array_unref(timeline->bars);
    g_array_unref(timeline->spans);
    tps_string_pool_unref(timeline->names);
    g_free(timeline);
}

static int compare_rows(const void *a, const void *b, void *user)
{
    const TpsTimeline *timeline = user;
    const TpsTimelineRow *x = &g_array_index(timeline->rows, TpsTimelineRow, *(const guint *)a);
    const TpsTimelineRow *y = &g_array_index(timeline->rows, TpsTimelineRow, *(const guint *)b);
    int order = strcmp(x->host, y->host);

    return order ? order : (x->worker > y->worker) - (x->worker < y->worker);
}

/* Rows change places, and bars follow theirs. */
static void sort_rows(TpsTimeline *timeline)
{
    guint n = timeline->rows->len;
    g_autofree guint *order = g_new(guint, n + 1);
    g_autofree guint *place = g_new(guint, n + 1);
    GArray *sorted = g_array_sized_new(FALSE, TRUE, sizeof(TpsTimelineRow), n);

    for (guint i = 0; i < n; i++)
        order[i] = i;
    g_qsort_with_data(order, (int)n, sizeof *order, compare_rows, timeline);
    for (guint i = 0; i < n; i++) {
        place[order[i]] = i;
        g_array_append_val(sorted, g_array_index(timeline->rows, TpsTimelineRow, order[i]));
    }
    for (guint i = 0; i < timeline->bars->len; i++) {
        TpsTimelineBar *bar = &g_array_index(timeline->bars, TpsTimelineBar, i);

        bar->row = place[bar->row];
    }
    g_array_unref(timeline->rows);
    timeline->rows = sorted;
}

static int compare_bars(const void *a, const void *b)
{
    const TpsTimelineBar *x = a;
    const TpsTimelineBar *y = b;
    int order;

    if (x->row != y->row)
        return x->row < y->row ? -1 : 1;
    if (x->start_us != y->start_us)
        return x->start_us < y->start_us ? -1 : 1;
    order = strcmp(x->suite, y->suite);
    if (!order)
        order = x->part.index - y->part.index;
    if (!order)
        order = x->attempt - y->attempt;
    return order ? order : x->piece - y->piece;
}

/* Bars change places, and spans follow theirs. */
static void sort_bars(TpsTimeline *timeline)
{
    GArray *spans = g_array_sized_new(FALSE, TRUE, sizeof(TpsTimelineSpan), timeline->spans->len);

    g_array_sort(timeline->bars, compare_bars);
    for (guint i = 0; i < timeline->bars->len; i++) {
        TpsTimelineBar *bar = &g_array_index(timeline->bars, TpsTimelineBar, i);
        guint first = spans->len;

        if (bar->n_spans > 0)
            g_array_append_vals(spans,
                                &g_array_index(timeline->spans, TpsTimelineSpan, bar->first_span),
                                bar->n_spans);
        bar->first_span = first;
    }
    g_array_unref(timeline->spans);
    timeline->spans = spans;
}

static TpsTimelineBar *bar_at(const TpsTimeline *timeline, guint i)
{
    return &g_array_index(timeline->bars, TpsTimelineBar, i);
}

static int compare_ends(const void *a, const void *b, void *user)
{
    const TpsTimelineBar *x = bar_at(user, *(const guint *)a);
    const TpsTimelineBar *y = bar_at(user, *(const guint *)b);

    if (x->end_us != y->end_us)
        return x->end_us < y->end_us ? -1 : 1;
    return x < y ? -1 : x > y; /* both in one array */
}

/* The bars, first the one that ended first; caller frees. */
static guint *by_end(TpsTimeline *timeline)
{
    guint *order = g_new(guint, timeline->bars->len + 1);

    for (guint i = 0; i < timeline->bars->len; i++)
        order[i] = i;
    g_qsort_with_data(order, (int)timeline->bars->len, sizeof *order, compare_ends, timeline);
    return order;
}

/* What ended just before on the same worker is what a bar waited for. */
static TpsTimelineBar *previous_on_row(const TpsTimeline *timeline, const TpsTimelineBar *bar)
{
    guint i = (guint)(bar - bar_at(timeline, 0));
    TpsTimelineBar *previous = i > 0 ? bar_at(timeline, i - 1) : NULL;

    return previous && previous->row == bar->row && previous->end_us <= bar->start_us ? previous
                                                                                      : NULL;
}

/* A worker that rested longer than this before a bar did not make the bar wait. */
#define REST_US 100000

static void mark_critical(TpsTimeline *timeline)
{
    g_autofree guint *order = by_end(timeline);
    guint n = timeline->bars->len; /* of `order`, those that may have been waited for */
    TpsTimelineBar *bar = n > 0 ? bar_at(timeline, order[--n]) : NULL;

    while (bar) {
        TpsTimelineBar *previous = previous_on_row(timeline, bar);

        bar->is_critical = true;
        if (bar->start_us <= REST_US)
            return;
        if (!previous || bar->start_us - previous->end_us > REST_US) {
            while (n > 0 && (bar_at(timeline, order[n - 1])->end_us > bar->start_us ||
                             bar_at(timeline, order[n - 1])->is_critical))
                n--;
            previous = n > 0 ? bar_at(timeline, order[n - 1]) : NULL;
        }
        bar = previous;
    }
}

void tps_timeline_settle(TpsTimeline *timeline)
{
    sort_rows(timeline);
    sort_bars(timeline);
    timeline->length_us = 0;
    for (guint i = 0; i < timeline->bars->len; i++)
        timeline->length_us = MAX(timeline->length_us, bar_at(timeline, i)->end_us);
    mark_critical(timeline);
}
