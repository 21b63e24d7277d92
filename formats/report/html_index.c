/* SPDX-License-Identifier: MIT */
#include "formats/report/html_internal.h"

#include <string.h>

/*
 * Names come from outside and could be made to collide: after so many places the search gives up,
 * and a span stays without its result.
 */
#define PROBES_MOST 256

/* Of one testcase so many spans are linked to its result. */
#define ATTEMPTS_MOST 64

#define NONE UINT32_MAX

struct TpsHtmlIndex {
    const TpsTimeline *timeline; /* borrowed, may be NULL                                     */
    guint32 *place;              /* [mask + 1] a span, NONE = free; open addressing           */
    guint32 *bar;                /* [n] whose span it is                                      */
    guint32 *next;               /* [n] the next span of the same testcase, or NONE           */
    guint32 *result;             /* [n] its result, or NONE                                   */
    int64_t *time_us;            /* [n] of its result                                         */
    guint32 mask;
};

static const TpsTimelineSpan *span_at(const TpsHtmlIndex *index, guint32 span)
{
    return &g_array_index(index->timeline->spans, TpsTimelineSpan, span);
}

static const TpsTimelineBar *bar_at(const TpsHtmlIndex *index, guint bar)
{
    return &g_array_index(index->timeline->bars, TpsTimelineBar, bar);
}

/* FNV-1a over both names and the NUL between them. */
static guint32 digest(const char *suite, const char *id)
{
    guint64 value = G_GUINT64_CONSTANT(14695981039346656037);

    for (const char *at = suite; *at; at++)
        value = (value ^ (guchar)*at) * G_GUINT64_CONSTANT(1099511628211);
    value *= G_GUINT64_CONSTANT(1099511628211);
    for (const char *at = id; *at; at++)
        value = (value ^ (guchar)*at) * G_GUINT64_CONSTANT(1099511628211);
    return (guint32)(value ^ (value >> 32));
}

/* The place of the testcase, or the free one where it would be; NULL when it is too crowded. */
static guint32 *find(const TpsHtmlIndex *index, const char *suite, const char *id)
{
    guint32 at = digest(suite, id);

    for (int i = 0; i < PROBES_MOST; i++) {
        guint32 *place = &index->place[(at + (guint32)i) & index->mask];

        if (*place == NONE || (strcmp(span_at(index, *place)->id, id) == 0 &&
                               strcmp(bar_at(index, index->bar[*place])->suite, suite) == 0))
            return place;
    }
    return NULL;
}

static void add_span(TpsHtmlIndex *index, guint bar, guint32 span)
{
    guint32 *place;

    index->bar[span] = bar;
    place = find(index, bar_at(index, bar)->suite, span_at(index, span)->id);
    if (!place)
        return;
    index->next[span] = *place;
    *place = span;
}

TpsHtmlIndex *tps_html_index_new(const TpsTimeline *timeline)
{
    TpsHtmlIndex *index = g_new0(TpsHtmlIndex, 1);
    guint n = timeline ? timeline->spans->len : 0;

    index->timeline = timeline;
    for (index->mask = 15; index->mask < 2 * (guint64)n; index->mask = 2 * index->mask + 1)
        ;
    index->place = g_new(guint32, (gsize)index->mask + 1);
    memset(index->place, 0xff, ((gsize)index->mask + 1) * sizeof *index->place);
    index->bar = g_new0(guint32, n + 1);
    index->next = g_new(guint32, n + 1);
    index->result = g_new(guint32, n + 1);
    index->time_us = g_new0(int64_t, n + 1);
    memset(index->next, 0xff, n * sizeof *index->next);
    memset(index->result, 0xff, n * sizeof *index->result);
    for (guint bar = 0; timeline && bar < timeline->bars->len; bar++) {
        const TpsTimelineBar *one = bar_at(index, bar);

        for (guint i = 0; i < one->n_spans; i++)
            add_span(index, bar, one->first_span + i);
    }
    return index;
}

void tps_html_index_free(TpsHtmlIndex *index)
{
    if (!index)
        return;
    g_free(index->place);
    g_free(index->bar);
    g_free(index->next);
    g_free(index->result);
    g_free(index->time_us);
    g_free(index);
}

void tps_html_index_add(TpsHtmlIndex *index, const char *suite, const char *id, guint number,
                        int64_t time_us)
{
    guint32 *place = find(index, suite, id);

    guint32 span = place ? *place : NONE;

    for (int i = 0; i < ATTEMPTS_MOST && span != NONE; i++, span = index->next[span]) {
        index->result[span] = number;
        index->time_us[span] = MAX(time_us, 0);
    }
}

/* Texts that occur again and again, by number in the order in which they are first met. */
static guint number_of(GHashTable *numbers, cJSON *list, const char *text)
{
    gpointer found = g_hash_table_lookup(numbers, text);
    g_autofree char *valid = NULL;
    guint number;

    if (found)
        return GPOINTER_TO_UINT(found) - 1;
    number = g_hash_table_size(numbers);
    g_hash_table_insert(numbers, (gpointer)text, GUINT_TO_POINTER(number + 1));
    valid = g_utf8_make_valid(text, -1);
    cJSON_AddItemToArray(list, cJSON_CreateString(valid));
    return number;
}

static void add_rows(const TpsTimeline *timeline, cJSON *meta)
{
    g_autoptr(GHashTable) hosts = g_hash_table_new(g_str_hash, g_str_equal);
    cJSON *names = cJSON_AddArrayToObject(meta, "hosts");
    cJSON *rows = cJSON_AddArrayToObject(meta, "rows");

    for (guint i = 0; timeline && i < timeline->rows->len; i++) {
        const TpsTimelineRow *row = &g_array_index(timeline->rows, TpsTimelineRow, i);
        cJSON *one = cJSON_CreateObject();

        cJSON_AddNumberToObject(one, "host", number_of(hosts, names, row->host));
        cJSON_AddNumberToObject(one, "worker", row->worker);
        cJSON_AddItemToArray(rows, one);
    }
}

static void add_bar(TpsHtmlColumn *column, const TpsTimelineBar *bar, guint suite, guint end)
{
    const int64_t numbers[] = {
        bar->row,
        suite,
        bar->part.index,
        bar->part.count,
        bar->attempt,
        bar->piece,
        bar->start_us,
        bar->end_us,
        bar->setup_us,
        bar->teardown_us,
        bar->expected_start_us,
        bar->expected_us,
        bar->status,
        end,
        bar->is_critical,
        bar->n_spans,
    };

    for (guint i = 0; i < G_N_ELEMENTS(numbers); i++)
        tps_html_column_signed(column, numbers[i]);
}

static void write_bars(const TpsTimeline *timeline, cJSON *meta, TpsSink *sink)
{
    g_autoptr(GHashTable) suites = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) ends = g_hash_table_new(g_str_hash, g_str_equal);
    cJSON *suite_names = cJSON_AddArrayToObject(meta, "bar_suites");
    cJSON *end_names = cJSON_AddArrayToObject(meta, "bar_ends");
    g_autoptr(TpsHtmlColumn) column = tps_html_column_new();

    for (guint i = 0; timeline && i < timeline->bars->len; i++) {
        const TpsTimelineBar *bar = &g_array_index(timeline->bars, TpsTimelineBar, i);

        add_bar(column, bar, number_of(suites, suite_names, bar->suite),
                number_of(ends, end_names, bar->end ? bar->end : ""));
    }
    tps_html_column_write(column, "bars", sink);
}

/* What a span adds to what its neighbour and its result say already: mostly zeros. */
static void add_spans(const TpsHtmlIndex *index, const TpsTimelineBar *bar, int64_t *expected,
                      TpsHtmlColumn *column[4])
{
    int64_t at = 0;

    for (guint32 i = bar->first_span; i < bar->first_span + bar->n_spans; i++) {
        const TpsTimelineSpan *span = span_at(index, i);
        int64_t result = index->result[i] == NONE ? -1 : (int64_t)index->result[i];
        guint8 outcome = (guint8)span->outcome;

        tps_html_column_signed(column[0], result - *expected);
        tps_html_column_signed(column[1], span->start_us - at);
        tps_html_column_signed(column[2], span->length_us - index->time_us[i]);
        tps_html_column_bytes(column[3], &outcome, 1);
        at = span->start_us + span->length_us;
        *expected = result + 1;
    }
}

void tps_html_write_timeline(const TpsHtmlIndex *index, cJSON *meta, TpsSink *sink)
{
    static const char *const names[] = {"span-results", "span-gaps", "span-lengths",
                                        "span-outcomes"};
    const TpsTimeline *timeline = index->timeline;
    TpsHtmlColumn *column[G_N_ELEMENTS(names)];
    int64_t expected = 0;

    cJSON_AddNumberToObject(meta, "length", timeline ? (double)timeline->length_us : 0);
    cJSON_AddNumberToObject(meta, "timeline_started", timeline ? (double)timeline->started_us : -1);
    add_rows(timeline, meta);
    write_bars(timeline, meta, sink);
    for (guint i = 0; i < G_N_ELEMENTS(names); i++)
        column[i] = tps_html_column_new();
    for (guint i = 0; timeline && i < timeline->bars->len; i++)
        add_spans(index, bar_at(index, i), &expected, column);
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        tps_html_column_write(column[i], names[i], sink);
        tps_html_column_free(column[i]);
    }
}
