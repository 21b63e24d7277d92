/* SPDX-License-Identifier: MIT */
#include "scheduler/spool_internal.h"

#include <string.h>

/* Where the results of a suite are. */
typedef struct {
    uint64_t offset;
    uint64_t length;
} Place;

struct TpsSpool {
    size_t buffer_bytes;
    GMutex lock;
    TpsSpoolTape *gathered; /* sorted runs                                         */
    TpsSpoolTape *settled;  /* one run, in which no two records share suite and id */
    GArray *runs;           /* of TpsSpoolRun                                      */
    Place *places;          /* by suite                                            */
    TpsSpoolCursor *cursor; /* where the last visit ended; NULL while one is on    */
};

struct TpsSpoolWriter {
    TpsSpool *spool;
    TpsSpoolSorter *sorter;
    uint64_t position;
};

TpsSpool *tps_spool_new(size_t buffer_bytes)
{
    TpsSpool *spool = g_new0(TpsSpool, 1);

    spool->buffer_bytes = buffer_bytes ? buffer_bytes : TPS_SPOOL_BUFFER_BYTES;
    spool->runs = g_array_new(FALSE, FALSE, sizeof(TpsSpoolRun));
    g_mutex_init(&spool->lock);
    spool->gathered = tps_spool_tape_new(spool->buffer_bytes);
    return spool;
}

void tps_spool_free(TpsSpool *spool)
{
    if (!spool)
        return;
    tps_spool_cursor_free(spool->cursor);
    tps_spool_tape_free(spool->gathered);
    tps_spool_tape_free(spool->settled);
    g_array_unref(spool->runs);
    g_mutex_clear(&spool->lock);
    g_free(spool->places);
    g_free(spool);
}

static void add_run(TpsSpoolRun run, void *user)
{
    TpsSpool *spool = user;

    g_mutex_lock(&spool->lock);
    g_array_append_val(spool->runs, run);
    g_mutex_unlock(&spool->lock);
}

TpsSpoolWriter *tps_spool_writer_new(TpsSpool *spool)
{
    TpsSpoolWriter *writer = g_new0(TpsSpoolWriter, 1);

    writer->spool = spool;
    writer->sorter = tps_spool_sorter_new(spool->gathered, spool->buffer_bytes, add_run, spool);
    return writer;
}

void tps_spool_writer_free(TpsSpoolWriter *writer)
{
    if (!writer)
        return;
    tps_spool_sorter_free(writer->sorter);
    g_free(writer);
}

bool tps_spool_add(TpsSpoolWriter *writer, guint suite, guint report, const TpsResult *result,
                   GError **error)
{
    const TpsSpoolHead head = {.suite = suite, .report = report, .position = writer->position++};

    return tps_spool_sorter_add(writer->sorter, head, result->id, result, error);
}

bool tps_spool_writer_close(TpsSpoolWriter *writer, GError **error)
{
    bool ok = tps_spool_sorter_flush(writer->sorter, error);

    tps_spool_writer_free(writer);
    return ok;
}

/* Settling */

/* What becomes of the records of one suite and id. */
typedef struct {
    TpsReport *report;
    const GPtrArray *suites; /* of TpsReportSuite */
    guint *n_twice;
    Place *places;
    TpsSpoolPen pen;
    TpsSpoolSorter *apart; /* takes what gets another name             */
    bool renamed;          /* it took something                        */
    GByteArray *first;     /* the first record of the group; empty: no */
    TpsResult *folded;     /* owned, or NULL: the first alone so far   */
    uint32_t reading;      /* the report the last record came from ... */
    guint n_good;          /* ... and how many of that id were not bad */
    uint32_t executed_in;  /* the first report that executed it        */
    bool twice;            /* another one did, too                      */
    bool counted;          /* that was known before                     */
} Settling;

static const char *first_record(const Settling *settling)
{
    return settling->first->len > 0 ? (const char *)settling->first->data : NULL;
}

static void keep(Settling *settling, const char *record, TpsSpoolHead head)
{
    g_byte_array_set_size(settling->first, 0);
    g_byte_array_append(settling->first, (const guint8 *)record, (guint)head.length);
    settling->reading = TPS_SPOOL_NO_REPORT;
    settling->n_good = 0;
    settling->executed_in = TPS_SPOOL_NO_REPORT;
    settling->twice = false;
    settling->counted = head.report == TPS_SPOOL_NO_REPORT;
}

static bool put(Settling *settling, const char *record, GError **error)
{
    TpsSpoolHead head = tps_spool_head(record);
    TpsReportSuite *suite = g_ptr_array_index(settling->suites, head.suite);
    Place *place = &settling->places[head.suite];
    TpsResult view;

    if (place->length == 0)
        place->offset = settling->pen.offset + settling->pen.held->len;
    place->length += head.length;
    settling->n_twice[head.suite] += settling->twice && !settling->counted;
    tps_spool_view_init(&view, record);
    tps_report_count(settling->report, suite, &view);
    tps_spool_view_clear(&view);
    return tps_spool_pen_write(&settling->pen, record, (size_t)head.length, error);
}

/* Nothing more comes for the group. */
static bool end_group(Settling *settling, GError **error)
{
    const char *record = first_record(settling);
    g_autoptr(TpsResult) folded = g_steal_pointer(&settling->folded);

    if (record && folded) {
        TpsSpoolHead head = tps_spool_head(record);

        head.report =
            settling->twice || settling->counted ? TPS_SPOOL_NO_REPORT : settling->executed_in;
        g_byte_array_set_size(settling->first, 0);
        tps_spool_record_append(settling->first, head, folded->id, folded);
        record = first_record(settling);
    }
    return !record || put(settling, record, error);
}

static bool is_same(const Settling *settling, const char *record)
{
    const char *first = first_record(settling);

    return first && tps_spool_head(first).suite == tps_spool_head(record).suite &&
           strcmp(tps_spool_id(first), tps_spool_id(record)) == 0;
}

/* Is it a testcase of its own, since its report has told of another one of that id before? */
static bool is_apart(Settling *settling, TpsSpoolHead head, const TpsResult *view)
{
    if (head.apart || tps_outcome_is_bad(view->outcome))
        return false;
    if (settling->reading != head.report)
        settling->n_good = 0;
    settling->reading = head.report;
    return ++settling->n_good > 1;
}

static bool set_apart(Settling *settling, TpsSpoolHead head, const TpsResult *view, GError **error)
{
    g_autofree char *id = g_strdup_printf("%s [%u]", view->id, settling->n_good);

    head.apart = true;
    settling->renamed = true;
    return tps_spool_sorter_add(settling->apart, head, id, view, error);
}

/* Skipped by one report and executed by another is what shards look like. */
static void note_execution(Settling *settling, TpsSpoolHead head, const TpsResult *view)
{
    if (view->outcome == TPS_OUTCOME_SKIPPED)
        return;
    settling->twice |=
        settling->executed_in != TPS_SPOOL_NO_REPORT && settling->executed_in != head.report;
    settling->executed_in = head.report;
}

static bool settle_record(Settling *settling, const char *record, GError **error)
{
    TpsSpoolHead head = tps_spool_head(record);
    bool same = is_same(settling, record);
    bool ok = true;
    TpsResult view;

    if (!same) {
        if (!end_group(settling, error))
            return false;
        keep(settling, record, head);
    }
    tps_spool_view_init(&view, record);
    if (is_apart(settling, head, &view)) {
        ok = set_apart(settling, head, &view, error);
    } else {
        note_execution(settling, head, &view);
        if (same && !settling->folded)
            settling->folded = tps_spool_record_result(first_record(settling));
        if (same)
            tps_result_fold(settling->folded, tps_spool_record_result(record));
    }
    tps_spool_view_clear(&view);
    return ok;
}

static void forget_counts(Settling *settling)
{
    TpsReport *report = settling->report;

    memset(report->count, 0, sizeof(report->count));
    report->n_results = 0;
    report->n_not_run = 0;
    for (guint i = 0; i < settling->suites->len; i++) {
        TpsReportSuite *suite = g_ptr_array_index(settling->suites, i);

        memset(suite->count, 0, sizeof(suite->count));
        suite->n_results = 0;
        suite->n_odd = 0;
        suite->time_us = 0;
        settling->places[i] = (Place){0};
    }
}

/* Merge the runs onto a tape. */
static bool settle_runs(Settling *settling, const GArray *runs, TpsSpoolTape *tape, GError **error)
{
    TpsSpoolMerge merge = {0};
    GError *why = NULL;
    const char *record;
    uint64_t offset;
    uint64_t length = 0;

    for (guint i = 0; i < runs->len; i++)
        length += g_array_index(runs, TpsSpoolRun, i).length;
    if (!tps_spool_tape_reserve(tape, length, &offset, error))
        return false;
    forget_counts(settling);
    g_byte_array_set_size(settling->first, 0);
    tps_spool_pen_init(&settling->pen, tape, offset);
    if (tps_spool_merge_init(&merge, (const TpsSpoolRun *)(void *)runs->data, runs->len, &why))
        while ((record = tps_spool_merge_next(&merge, &why)) &&
               settle_record(settling, record, &why))
            ;
    if (!why)
        end_group(settling, &why);
    tps_spool_pen_close(&settling->pen, why ? NULL : &why);
    tps_spool_merge_clear(&merge);
    if (why)
        g_propagate_error(error, why);
    return !why;
}

static void add_apart(TpsSpoolRun run, void *user)
{
    g_array_append_val((GArray *)user, run);
}

/* What got another name is merged once more with what kept its own. */
static bool settle_apart(TpsSpool *spool, Settling *settling, GArray *runs, TpsSpoolTape *tape,
                         GError **error)
{
    g_autoptr(TpsSpoolTape) kept = NULL;
    TpsSpoolRun run = {.length = settling->pen.offset};

    if (!settling->renamed)
        return true;
    if (!tps_spool_sorter_flush(settling->apart, error) ||
        !tps_spool_runs_reduce(runs, tape, error))
        return false;
    kept = g_steal_pointer(&spool->settled);
    run.tape = kept;
    g_array_append_val(runs, run);
    spool->settled = tps_spool_tape_new(spool->buffer_bytes);
    return settle_runs(settling, runs, spool->settled, error);
}

static bool settle(TpsSpool *spool, Settling *settling, GError **error)
{
    g_autoptr(GArray) runs = g_array_new(FALSE, FALSE, sizeof(TpsSpoolRun));
    g_autoptr(TpsSpoolTape) tape = tps_spool_tape_new(spool->buffer_bytes);
    g_autoptr(TpsSpoolSorter) apart =
        tps_spool_sorter_new(tape, spool->buffer_bytes, add_apart, runs);

    settling->apart = apart;
    spool->settled = tps_spool_tape_new(spool->buffer_bytes);
    if (!tps_spool_runs_reduce(spool->runs, spool->gathered, error) ||
        !settle_runs(settling, spool->runs, spool->settled, error))
        return false;
    g_clear_pointer(&spool->gathered, tps_spool_tape_free);
    return settle_apart(spool, settling, runs, tape, error);
}

/* Reading */

static bool visit_run(TpsSpoolCursor *cursor, TpsSpoolRun run, const TpsReportSuite *suite,
                      TpsResultVisitor visit, void *user, GError **error)
{
    bool ok = tps_spool_cursor_start(cursor, run, error);

    while (ok && cursor->record) {
        TpsResult view;

        ok = tps_spool_cursor_take(cursor, error) != NULL;
        if (!ok)
            break;
        tps_spool_view_init(&view, cursor->record);
        ok = visit(suite, &view, user, error);
        tps_spool_view_clear(&view);
        ok = ok && tps_spool_cursor_advance(cursor, error);
    }
    return ok;
}

static bool spool_visit(gpointer store, const TpsReportSuite *suite, TpsResultVisitor visit,
                        void *user, GError **error)
{
    TpsSpool *spool = store;
    const Place *place = suite->place;
    TpsSpoolRun run = {.tape = spool->settled, .offset = place->offset, .length = place->length};
    g_autoptr(TpsSpoolCursor) cursor = g_steal_pointer(&spool->cursor);
    bool ok;

    if (!cursor)
        cursor = tps_spool_cursor_new();
    ok = visit_run(cursor, run, suite, visit, user, error);
    g_clear_pointer(&spool->cursor, tps_spool_cursor_free);
    spool->cursor = g_steal_pointer(&cursor);
    return ok;
}

static void spool_free(gpointer store)
{
    tps_spool_free(store);
}

static const TpsResultStore spool_store = {.visit = spool_visit, .free = spool_free};

bool tps_spool_settle(TpsSpool *spool, TpsReport *report, const GPtrArray *suites, guint *n_twice,
                      GError **error)
{
    g_autoptr(GByteArray) first = g_byte_array_new();
    Settling settling = {.report = report, .suites = suites, .n_twice = n_twice, .first = first};
    bool ok;

    spool->places = g_new0(Place, MAX(suites->len, 1));
    settling.places = spool->places;
    report->store = &spool_store;
    report->stored = spool;
    for (guint i = 0; i < suites->len; i++) {
        TpsReportSuite *suite = g_ptr_array_index(suites, i);

        g_clear_pointer(&suite->results, g_ptr_array_unref);
        suite->place = &spool->places[i];
    }
    ok = settle(spool, &settling, error);
    tps_result_free(settling.folded);
    return ok;
}
