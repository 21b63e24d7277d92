/* SPDX-License-Identifier: MIT */
#include "core/names.h"
#include "scheduler/attachments.h"
#include "scheduler/collect_internal.h"
#include "scheduler/copies.h"
#include "scheduler/merge.h"
#include "scheduler/merge_heads.h"
#include "scheduler/spool.h"

#include <string.h>

#define READERS_MAX 2
#define DOUBLES_SHOWN 20             /* of a suite in a report; the others are counted */
#define BYTES_FOR_A_READER (1 << 20) /* with less to read a thread is not worth its start */

TpsLooseReport *tps_loose_report_new(const char *suite, const char *origin)
{
    TpsLooseReport *report = g_new0(TpsLooseReport, 1);

    report->suite = g_strdup(suite);
    report->origin = g_strdup(origin);
    report->started_us = TPS_TIME_UNKNOWN;
    report->ended_us = TPS_TIME_UNKNOWN;
    report->results = tps_results_new();
    return report;
}

void tps_loose_report_free(TpsLooseReport *report)
{
    if (!report)
        return;
    g_free(report->suite);
    g_free(report->origin);
    g_free(report->digest);
    g_ptr_array_unref(report->results);
    g_free(report);
}

/* What several readers add to. */
typedef struct {
    TpsReport *report;
    TpsSpool *spool;
    GMutex lock;
    GPtrArray *suites;   /* of TpsReportSuite, in the order in which they were met */
    GPtrArray *heads;    /* of TpsSuiteHead, likewise                              */
    GHashTable *by_name; /* name, borrowed -> index in `suites` + 1                */
    const GPtrArray *files;
    const bool *is_copy; /* [files->len]                                           */
    const bool *has_copy;
    TpsLooseWords *words; /* [files->len]                                           */
    TpsLooseParts *claims;
    GError **errors;       /* [files->len]                                           */
    const char *directory; /* of the merged report, absolute and canonical */
    gint next;             /* file */
} Merging;

/* One of them. */
typedef struct {
    Merging *merging;
    TpsSpoolWriter *writer;
    guint file;
    guint suite; /* of the last result, and its name; or NULL */
    const char *suite_name;
    char *directory; /* owned: of the file */
    GError *failure;
} Reader;

/* With the lock. */
static guint suite_number(Merging *merging, const char *name)
{
    guint number = GPOINTER_TO_UINT(g_hash_table_lookup(merging->by_name, name));
    TpsReportSuite *suite;

    if (number > 0)
        return number - 1;
    suite = tps_report_add_suite(merging->report, name);
    g_clear_pointer(&suite->results, g_ptr_array_unref);
    g_ptr_array_add(merging->suites, suite);
    g_ptr_array_add(merging->heads, tps_suite_head_new());
    g_hash_table_insert(merging->by_name, suite->name, GUINT_TO_POINTER(merging->suites->len));
    return merging->suites->len - 1;
}

static void find_suite(Reader *reader, const char *name)
{
    Merging *merging = reader->merging;
    const TpsReportSuite *suite;

    if (reader->suite_name && strcmp(reader->suite_name, name) == 0)
        return;
    g_mutex_lock(&merging->lock);
    reader->suite = suite_number(merging, name);
    suite = g_ptr_array_index(merging->suites, reader->suite);
    reader->suite_name = suite->name;
    g_mutex_unlock(&merging->lock);
}

/* A merge that was incomplete stays so, whatever it is merged with. */
static bool is_problem(const char *suite, const TpsResult *result)
{
    return strcmp(suite, TPS_REPORT_PROBLEMS) == 0 && result->message &&
           g_strcmp0(result->type, TPS_RESULT_PROBLEM) == 0;
}

static void take_problem(Merging *merging, TpsResult *result)
{
    g_mutex_lock(&merging->lock);
    tps_report_add_problem(merging->report, "%s", result->message);
    g_mutex_unlock(&merging->lock);
    tps_result_free(result);
}

static bool take_result(const char *suite, TpsResult *result, void *user, GError **error)
{
    Reader *reader = user;
    bool ok;

    if (is_problem(suite, result)) {
        take_problem(reader->merging, result);
        return true;
    }
    find_suite(reader, suite);
    tps_attachments_rebase(result, reader->directory, reader->merging->directory);
    ok = tps_spool_add(reader->writer, reader->suite, reader->file, result, error);
    tps_result_free(result);
    return ok;
}

static void extend(Merging *merging, guint suite, int64_t started_us, int64_t ended_us)
{
    g_mutex_lock(&merging->lock);
    tps_report_suite_extend(g_ptr_array_index(merging->suites, suite), started_us, ended_us);
    g_mutex_unlock(&merging->lock);
}

static char *say_copy(const char *suite)
{
    return g_strdup_printf("%s: the same report was given more than once and counts once", suite);
}

static bool take_suite(const TpsLooseSuite *said, void *user, GError **error)
{
    Reader *reader = user;
    Merging *merging = reader->merging;

    (void)error;
    if (strcmp(said->name, TPS_REPORT_PROBLEMS) == 0)
        return true;
    find_suite(reader, said->name);
    extend(merging, reader->suite, said->started_us, said->ended_us);
    g_mutex_lock(&merging->lock);
    tps_suite_head_add(g_ptr_array_index(merging->heads, reader->suite), said);
    tps_loose_parts_add(merging->claims, said->name, said->part);
    g_mutex_unlock(&merging->lock);
    if (merging->has_copy[reader->file])
        tps_loose_words_add_note(&merging->words[reader->file], say_copy(said->name));
    return true;
}

static bool read_file(Reader *reader, guint i)
{
    static const TpsLooseHandler handler = {take_result, take_suite, .no_digest = true};
    Merging *merging = reader->merging;

    reader->file = i;
    g_free(reader->directory);
    reader->directory =
        g_path_get_dirname(((TpsLooseFile *)g_ptr_array_index(merging->files, i))->path);
    return merging->is_copy[i] ||
           tps_loose_file_read(g_ptr_array_index(merging->files, i), &handler, reader,
                               &merging->words[i], &merging->errors[i]);
}

/* Files are taken in their order, so that no file before a failing one is left out. */
static gpointer read_files(gpointer user)
{
    Reader *reader = user;
    Merging *merging = reader->merging;
    guint i;

    while ((i = (guint)g_atomic_int_add(&merging->next, 1)) < merging->files->len)
        if (!read_file(reader, i)) {
            g_atomic_int_set(&merging->next, (gint)merging->files->len);
            break;
        }
    tps_spool_writer_close(reader->writer, &reader->failure);
    g_clear_pointer(&reader->directory, g_free);
    return NULL;
}

static bool read_all(Merging *merging, uint64_t bytes, GError **error)
{
    guint most = MIN(MIN(READERS_MAX, g_get_num_processors()), MAX(merging->files->len, 1));
    guint n_threads = (guint)CLAMP(bytes / BYTES_FOR_A_READER, 1, most);
    Reader readers[READERS_MAX] = {0};
    GThread *threads[READERS_MAX] = {0};
    GError *failure = NULL;

    for (guint i = 0; i < n_threads; i++)
        readers[i] = (Reader){.merging = merging, .writer = tps_spool_writer_new(merging->spool)};
    for (guint i = 1; i < n_threads; i++)
        threads[i] = g_thread_new("reader", read_files, &readers[i]);
    read_files(&readers[0]);
    for (guint i = 0; i < n_threads; i++) {
        if (threads[i])
            g_thread_join(threads[i]);
        if (!failure)
            failure = g_steal_pointer(&readers[i].failure);
        g_clear_error(&readers[i].failure);
    }
    for (guint i = merging->files->len; i > 0; i--)
        if (merging->errors[i - 1]) {
            g_clear_error(&failure);
            failure = g_steal_pointer(&merging->errors[i - 1]);
        }
    if (failure)
        g_propagate_error(error, failure);
    return !failure;
}

/* Parts whose journal was found, without a plan that says what they are parts of. */

static int compare_reports(const void *a, const void *b)
{
    const TpsLooseReport *x = *(const TpsLooseReport *const *)a;
    const TpsLooseReport *y = *(const TpsLooseReport *const *)b;
    int order = strcmp(x->suite, y->suite);

    return order ? order : strcmp(x->digest, y->digest);
}

/* The same bytes given twice; a file has one digest and maybe several suites. */
static bool is_copy(const TpsLooseReport *a, const TpsLooseReport *b)
{
    return compare_reports(&a, &b) == 0 && strcmp(a->origin, b->origin) != 0;
}

static bool add_report(Reader *reader, const TpsLooseReport *report, GError **error)
{
    find_suite(reader, report->suite);
    extend(reader->merging, reader->suite, report->started_us, report->ended_us);
    for (guint i = 0; i < report->results->len; i++)
        if (!tps_spool_add(reader->writer, reader->suite, reader->file,
                           g_ptr_array_index(report->results, i), error))
            return false;
    return true;
}

/* They are numbered behind the files. */
static bool add_reports(Merging *merging, const GPtrArray *reports, GError **error)
{
    g_autoptr(GPtrArray) sorted = g_ptr_array_new();
    g_autoptr(TpsSpoolWriter) writer = tps_spool_writer_new(merging->spool);
    Reader reader = {.merging = merging, .writer = writer};

    for (guint i = 0; i < reports->len; i++)
        g_ptr_array_add(sorted, g_ptr_array_index(reports, i));
    g_ptr_array_sort(sorted, compare_reports);
    for (guint i = 0; i < sorted->len; i++) {
        const TpsLooseReport *report = g_ptr_array_index(sorted, i);

        reader.file = merging->files->len + i;
        if (i + 1 < sorted->len && is_copy(report, g_ptr_array_index(sorted, i + 1)))
            g_ptr_array_add(merging->report->notes, say_copy(report->suite));
        else if (!add_report(&reader, report, error))
            return false;
    }
    return tps_spool_writer_close(g_steal_pointer(&writer), error);
}

static int compare_suites(const void *a, const void *b)
{
    return strcmp((*(const TpsReportSuite *const *)a)->name,
                  (*(const TpsReportSuite *const *)b)->name);
}

/* How often that was said already of a report's suite. */
typedef struct {
    Merging *merging;
    guint suite;
    GHashTable *n; /* report -> count */
} Doubles;

static const char *suite_name(const Merging *merging, guint suite)
{
    return ((const TpsReportSuite *)g_ptr_array_index(merging->suites, suite))->name;
}

static void add_note(Merging *merging, guint report, char *what)
{
    const GPtrArray *files = merging->files;
    const char *path =
        report < files->len ? ((TpsLooseFile *)g_ptr_array_index(files, report))->path : NULL;

    tps_report_add_note(merging->report, "%s%s%s", path ? path : "", path ? ": " : "", what);
    g_free(what);
}

static void say_more(Doubles *doubles)
{
    GHashTableIter iter;
    gpointer report;
    gpointer n;

    g_hash_table_iter_init(&iter, doubles->n); /* notes are sorted in the end */
    while (g_hash_table_iter_next(&iter, &report, &n))
        if (GPOINTER_TO_UINT(n) > DOUBLES_SHOWN)
            add_note(doubles->merging, GPOINTER_TO_UINT(report),
                     g_strdup_printf("'%s': %u more names are reported several times",
                                     suite_name(doubles->merging, doubles->suite),
                                     GPOINTER_TO_UINT(n) - DOUBLES_SHOWN));
    g_hash_table_remove_all(doubles->n);
}

static void say_double(guint suite, guint report, const char *what, void *user)
{
    Doubles *doubles = user;
    guint n;

    if (suite != doubles->suite)
        say_more(doubles);
    doubles->suite = suite;
    n = GPOINTER_TO_UINT(g_hash_table_lookup(doubles->n, GUINT_TO_POINTER(report))) + 1;
    g_hash_table_insert(doubles->n, GUINT_TO_POINTER(report), GUINT_TO_POINTER(n));
    if (n <= DOUBLES_SHOWN)
        add_note(doubles->merging, report, g_strdup(what));
}

static bool settle(Merging *merging, GError **error)
{
    g_autofree guint *n_twice = g_new0(guint, merging->suites->len + 1);
    g_autoptr(GHashTable) n = g_hash_table_new(g_direct_hash, g_direct_equal);
    Doubles doubles = {.merging = merging, .n = n};
    const TpsSpoolTold told = {
        .suites = merging->suites, .n_twice = n_twice, .warn = say_double, .user = &doubles};
    TpsReport *report = merging->report;

    if (!tps_spool_settle(g_steal_pointer(&merging->spool), report, &told, error))
        return false;
    say_more(&doubles);
    for (guint i = 0; i < merging->suites->len; i++)
        tps_suite_head_settle(g_ptr_array_index(merging->heads, i),
                              g_ptr_array_index(merging->suites, i));
    for (guint i = 0; i < merging->suites->len; i++)
        if (n_twice[i] > 0)
            tps_report_add_note(report,
                                "%s: %u testcases are in several reports; the worse result counts",
                                suite_name(merging, i), n_twice[i]);
    g_ptr_array_sort(report->suites, compare_suites);
    tps_report_finish(report);
    tps_names_sort_unique(report->problems);
    return true;
}

static void take_words(TpsCollection *collection, Merging *merging)
{
    for (guint i = 0; i < merging->files->len; i++) {
        collection->n_read += merging->words[i].is_report;
        tps_collect_take_words(collection, &merging->words[i]);
        g_clear_error(&merging->errors[i]);
    }
    tps_collect_end_words(collection);
}

TpsReport *tps_merge_loose(const char *name, const char *directory, TpsCollection *collection,
                           GError **error)
{
    const GPtrArray *files = collection->files;
    g_autoptr(TpsReport) report = tps_report_new(name, false);
    g_autofree char *canonical = g_canonicalize_filename(directory, NULL);
    g_autoptr(GPtrArray) suites = g_ptr_array_new();
    g_autoptr(GPtrArray) heads =
        g_ptr_array_new_with_free_func((GDestroyNotify)tps_suite_head_free);
    g_autoptr(GHashTable) by_name = g_hash_table_new(g_str_hash, g_str_equal);
    g_auto(TpsCopies) copies = tps_copies_find(files);
    g_autofree TpsLooseWords *words = g_new0(TpsLooseWords, files->len + 1);
    g_autofree GError **errors = g_new0(GError *, files->len + 1);
    Merging merging = {
        .report = report,
        .spool = tps_spool_new(0),
        .suites = suites,
        .heads = heads,
        .by_name = by_name,
        .files = files,
        .is_copy = copies.is_copy,
        .has_copy = copies.has_copy,
        .words = words,
        .errors = errors,
        .claims = collection->claims,
        .directory = canonical,
    };
    bool ok;

    g_mutex_init(&merging.lock);
    ok = read_all(&merging, copies.bytes, error) &&
         add_reports(&merging, collection->loose, error) && settle(&merging, error);
    take_words(collection, &merging);
    tps_spool_free(merging.spool);
    g_mutex_clear(&merging.lock);
    return ok ? g_steal_pointer(&report) : NULL;
}
