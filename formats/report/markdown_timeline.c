/* SPDX-License-Identifier: MIT */
#include "core/duration.h"
#include "formats/report/markdown_internal.h"
#include "formats/report/texts_internal.h"

#include <stdlib.h>
#include <string.h>

#define ROWS_SHOWN 20
#define BARS_DRAWN 60
#define NAME_LIMIT 100
#define LABEL_LIMIT 40

static const TpsTimelineBar *bar_at(const TpsTimeline *timeline, guint i)
{
    return &g_array_index(timeline->bars, TpsTimelineBar, i);
}

static int64_t length_of(const TpsTimelineBar *bar)
{
    return MAX(bar->end_us - bar->start_us, 0);
}

static int compare_longest(const void *a, const void *b, void *user)
{
    const TpsTimelineBar *x = bar_at(user, *(const guint *)a);
    const TpsTimelineBar *y = bar_at(user, *(const guint *)b);

    if (length_of(x) != length_of(y))
        return length_of(x) > length_of(y) ? -1 : 1;
    return x < y ? -1 : x > y; /* both in one array */
}

static int compare_indices(const void *a, const void *b)
{
    const guint *x = a;
    const guint *y = b;

    return (*x > *y) - (*x < *y);
}

/* The indices of the longest bars, the longest first; caller frees. */
static guint *longest(const TpsTimeline *timeline)
{
    guint n = timeline->bars->len;
    guint *order = g_new(guint, n + 1);

    for (guint i = 0; i < n; i++)
        order[i] = i;
    g_qsort_with_data(order, (int)n, sizeof *order, compare_longest, (gpointer)timeline);
    return order;
}

static void append_duration(GString *out, int64_t us)
{
    g_autofree char *text = us >= 0 ? tps_duration_format(us) : NULL;

    g_string_append_printf(out, " %s |", text ? text : "");
}

static void append_difference(GString *out, const TpsTimelineBar *bar)
{
    int64_t difference = length_of(bar) - bar->expected_us;
    g_autofree char *text =
        bar->expected_us >= 0 ? tps_duration_format(ABS(difference)) : g_strdup("");
    const char *sign = bar->expected_us < 0 || difference == 0 ? "" : difference > 0 ? "+" : "-";

    g_string_append_printf(out, " %s%s |", sign, text);
}

static void append_row(GString *out, const TpsTimeline *timeline, const TpsTimelineBar *bar)
{
    const TpsTimelineRow *row = &g_array_index(timeline->rows, TpsTimelineRow, bar->row);
    g_autofree char *task = tps_part_label(bar->suite, bar->part);

    g_string_append(out, "| ");
    tps_markdown_code(out, task, NAME_LIMIT);
    g_string_append_printf(out, " | %d on ", row->worker);
    tps_markdown_code(out, row->host, LABEL_LIMIT);
    g_string_append(out, " |");
    append_duration(out, bar->expected_us);
    append_duration(out, length_of(bar));
    append_difference(out, bar);
    g_string_append_printf(out, " %s%s |\n", tps_status_name(bar->status),
                           bar->is_critical ? ", on the critical path" : "");
}

static void append_table(GString *out, const TpsTimeline *timeline, const guint *order)
{
    guint n = MIN(timeline->bars->len, ROWS_SHOWN);

    g_string_append(out, "| task | worker | expected | took | difference | status |\n"
                         "|---|---|---:|---:|---:|---|\n");
    for (guint i = 0; i < n; i++)
        append_row(out, timeline, bar_at(timeline, order[i]));
    if (timeline->bars->len > n)
        g_string_append_printf(out, "\nThe longest %u of %u.\n", n, timeline->bars->len);
    g_string_append_c(out, '\n');
}

/* Mermaid has no escapes that all its versions know: only what is no syntax of it stays. */
static void append_label(GString *out, const char *name)
{
    g_autofree char *shown = tps_text_name(name, LABEL_LIMIT);

    for (const char *at = shown; *at; at++) {
        bool plain = g_ascii_isalnum(*at) || (unsigned char)*at >= 0x80 || strchr(" _./-", *at);

        g_string_append_c(out, plain ? *at : '_');
    }
}

/* A number in front: no name is taken for a keyword. */
static void append_bar(GString *out, const TpsTimelineBar *bar, guint number)
{
    bool bad = bar->status >= TPS_STATUS_FAILED && bar->status != TPS_STATUS_NOT_RUN;
    g_autofree char *part = bar->part.count > 1
                                ? g_strdup_printf(" %d/%d", bar->part.index, bar->part.count)
                                : g_strdup("");

    g_string_append_printf(out, "    %u ", number);
    append_label(out, bar->suite);
    g_string_append_printf(out, "%s :%s%" G_GINT64_FORMAT ", %" G_GINT64_FORMAT "ms\n", part,
                           bad                                ? "crit, "
                           : bar->status == TPS_STATUS_PASSED ? "done, "
                                                              : "active, ",
                           MAX(bar->start_us, 0) / 1000, MAX(length_of(bar) / 1000, 1));
}

static void append_gantt(GString *out, const TpsTimeline *timeline, guint *order)
{
    guint n = MIN(timeline->bars->len, BARS_DRAWN);

    qsort(order, n, sizeof *order, compare_indices);
    g_string_append_printf(out,
                           "```mermaid\ngantt\n    dateFormat x\n    axisFormat %s\n"
                           "    todayMarker off\n",
                           timeline->length_us < 60 * TPS_MINUTE_US ? "%M:%S" : "%H:%M");
    for (guint i = 0; i < n; i++) {
        const TpsTimelineBar *bar = bar_at(timeline, order[i]);
        const TpsTimelineRow *row = &g_array_index(timeline->rows, TpsTimelineRow, bar->row);

        if (i == 0 || bar_at(timeline, order[i - 1])->row != bar->row) {
            g_string_append(out, "    section ");
            append_label(out, row->host);
            g_string_append_printf(out, " worker %d\n", row->worker);
        }
        append_bar(out, bar, i + 1);
    }
    g_string_append(out, "```\n");
    if (timeline->bars->len > n)
        g_string_append_printf(out, "\nThe longest %u of %u.\n", n, timeline->bars->len);
}

void tps_markdown_timeline(GString *out, const TpsReport *report)
{
    const TpsTimeline *timeline = report->timeline;
    g_autofree guint *order = timeline ? longest(timeline) : NULL;

    if (!timeline || timeline->bars->len == 0)
        return;
    g_string_append(out, "\n### Parts, planned and actual\n\n");
    append_table(out, timeline, order);
    append_gantt(out, timeline, order);
}
