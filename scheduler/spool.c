/* SPDX-License-Identifier: MIT */
#include "core/doubles.h"
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
    const TpsSpoolTold *told;
    Place *places;
    TpsSpoolPen pen;
    TpsSpoolSorter *apart; /* takes what gets another name                                      */
    bool renamed;          /* it took something                                                 */
    GByteArray *first;     /* the first record of the group; empty: no                          */
    bool alone;            /* it is the only one so far, and stands as it is                    */
    TpsResult *folded;     /* owned, or NULL: what the reports before the current one came to   */
    GPtrArray *doubles;    /* of TpsResult: what the current report says under that id ...      */
    size_t doubles_bytes;
    uint32_t reading;     /* ... and which one it is                                           */
    guint n_apart;        /* testcases that report has of that id, as far as they were told    */
    uint32_t executed_in; /* the first report that executed it                                 */
    bool twice;           /* another one did, too                                              */
    bool counted;         /* that was known before                                             */
} Settling;

/* Of more results of one name in one report not all are looked at together. */
#define DOUBLES_MAX 1000
#define DOUBLES_BYTES ((size_t)4 << 20)

static const char *first_record(const Settling *settling)
{
    return settling->first->len > 0 ? (const char *)settling->first->data : NULL;
}

static void start_group(Settling *settling, const char *record, TpsSpoolHead head)
{
    g_byte_array_set_size(settling->first, 0);
    g_byte_array_append(settling->first, (const guint8 *)record, (guint)head.length);
    settling->alone = true;
    settling->reading = head.report;
    settling->n_apart = 0;
    settling->executed_in = TPS_SPOOL_NO_REPORT;
    settling->twice = false;
    settling->counted = head.report == TPS_SPOOL_NO_REPORT;
}

static bool put(Settling *settling, const char *record, GError **error)
{
    TpsSpoolHead head = tps_spool_head(record);
    TpsReportSuite *suite = g_ptr_array_index(settling->told->suites, head.suite);
    Place *place = &settling->places[head.suite];
    TpsResult view;

    if (place->length == 0)
        place->offset = settling->pen.offset + settling->pen.held->len;
    place->length += head.length;
    settling->told->n_twice[head.suite] += settling->twice && !settling->counted;
    tps_spool_view_init(&view, record);
    tps_report_count(settling->report, suite, &view);
    tps_spool_view_clear(&view);
    return tps_spool_pen_write(&settling->pen, record, (size_t)head.length, error);
}

static bool set_apart(Settling *settling, TpsResult *result, GError **error)
{
    TpsSpoolHead head = tps_spool_head(first_record(settling));

    head.report = settling->reading;
    head.apart = true;
    settling->renamed = true;
    return tps_spool_sorter_add(settling->apart, head, result->id, result, error);
}

/* Skipped by one report and executed by another is what shards look like. Takes the result. */
static void fold(Settling *settling, uint32_t report, TpsResult *result)
{
    if (result->outcome != TPS_OUTCOME_SKIPPED) {
        if (settling->executed_in == TPS_SPOOL_NO_REPORT)
            settling->executed_in = report;
        settling->twice |= settling->executed_in != report;
    }
    if (settling->folded)
        tps_result_fold(settling->folded, result);
    else
        settling->folded = result;
}

/* What came of one name of a report, of which there may have been too much to see it at once. */
static void number(Settling *settling)
{
    const char *id = tps_spool_id(first_record(settling));

    for (guint i = 0; settling->n_apart > 0 && i < settling->doubles->len; i++) {
        TpsResult *result = g_ptr_array_index(settling->doubles, i);

        g_free(result->id);
        result->id = g_strdup_printf("%s [%u]", id, settling->n_apart + i + 1);
    }
    settling->n_apart += settling->doubles->len;
}

static void settle_doubles(Settling *settling)
{
    guint suite = tps_spool_head(first_record(settling)).suite;
    const TpsReportSuite *owner = g_ptr_array_index(settling->told->suites, suite);
    g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func(g_free);

    tps_doubles_fold(settling->doubles, owner->name, warnings);
    number(settling);
    for (guint i = 0; i < warnings->len; i++)
        settling->told->warn(suite, settling->reading, g_ptr_array_index(warnings, i),
                             settling->told->user);
}

/* The current report has no more of that id, or too many. */
static bool end_doubles(Settling *settling, GError **error)
{
    const char *id = tps_spool_id(first_record(settling));
    bool ok = true;

    if (settling->doubles->len > 1 || settling->n_apart > 0)
        settle_doubles(settling);
    for (guint i = 0; i < settling->doubles->len; i++) {
        TpsResult *result = g_ptr_array_index(settling->doubles, i);

        if (strcmp(result->id, id) == 0)
            fold(settling, settling->reading,
                 g_steal_pointer(&g_ptr_array_index(settling->doubles, i)));
        else
            ok = ok && set_apart(settling, result, error);
    }
    g_ptr_array_set_size(settling->doubles, 0);
    settling->doubles_bytes = 0;
    return ok;
}

/* Nothing more comes for the group. */
static bool end_group(Settling *settling, GError **error)
{
    g_autoptr(TpsResult) folded = NULL;
    TpsSpoolHead head;

    if (!first_record(settling) || settling->alone)
        return !first_record(settling) || put(settling, first_record(settling), error);
    if (!end_doubles(settling, error))
        return false;
    folded = g_steal_pointer(&settling->folded);
    head = tps_spool_head(first_record(settling));
    head.report =
        settling->twice || settling->counted ? TPS_SPOOL_NO_REPORT : settling->executed_in;
    g_byte_array_set_size(settling->first, 0);
    tps_spool_record_append(settling->first, head, folded->id, folded);
    return put(settling, first_record(settling), error);
}

static bool is_same(const Settling *settling, const char *record)
{
    const char *first = first_record(settling);

    return first && tps_spool_head(first).suite == tps_spool_head(record).suite &&
           strcmp(tps_spool_id(first), tps_spool_id(record)) == 0;
}

/* Results that have their final name come last, and each is a word of its report alone. */
static bool join_group(Settling *settling, const char *record, GError **error)
{
    TpsSpoolHead head = tps_spool_head(record);
    bool full = settling->doubles->len >= DOUBLES_MAX || settling->doubles_bytes > DOUBLES_BYTES;

    if ((head.apart || full || head.report != settling->reading) && !end_doubles(settling, error))
        return false;
    if (head.report != settling->reading)
        settling->n_apart = 0;
    settling->reading = head.report;
    settling->doubles_bytes += (size_t)head.length;
    if (head.apart)
        fold(settling, head.report, tps_spool_record_result(record));
    else
        g_ptr_array_add(settling->doubles, tps_spool_record_result(record));
    return true;
}

static bool settle_record(Settling *settling, const char *record, GError **error)
{
    if (!is_same(settling, record)) {
        if (!end_group(settling, error))
            return false;
        start_group(settling, record, tps_spool_head(record));
        return true;
    }
    if (settling->alone) {
        settling->alone = false;
        if (!join_group(settling, first_record(settling), error))
            return false;
    }
    return join_group(settling, record, error);
}

static void forget_counts(Settling *settling)
{
    TpsReport *report = settling->report;

    memset(report->count, 0, sizeof(report->count));
    report->n_results = 0;
    report->n_not_run = 0;
    for (guint i = 0; i < settling->told->suites->len; i++) {
        TpsReportSuite *suite = g_ptr_array_index(settling->told->suites, i);

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

bool tps_spool_settle(TpsSpool *spool, TpsReport *report, const TpsSpoolTold *told, GError **error)
{
    const GPtrArray *suites = told->suites;
    g_autoptr(GByteArray) first = g_byte_array_new();
    g_autoptr(GPtrArray) doubles = tps_results_new();
    Settling settling = {.report = report, .told = told, .first = first, .doubles = doubles};
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
