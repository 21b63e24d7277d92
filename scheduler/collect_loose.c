/* SPDX-License-Identifier: MIT */
#include "core/doubles.h"
#include "core/error.h"
#include "core/result.h"
#include "formats/loose/loose.h"
#include "scheduler/collect_internal.h"
#include "scheduler/merge.h"

#include <string.h>

/* Trees are full of files that are no reports; more of them are only counted. */
#define IGNORED_SHOWN 10

/* A report while it is read. */
typedef struct {
    const char *path;
    TpsLooseParts *claims;
    GPtrArray *reports;  /* of TpsLooseReport, one for each suite, in its order             */
    GHashTable *by_name; /* suite, borrowed -> TpsLooseReport                                   */
} Gather;

static TpsLooseReport *report_of(Gather *gather, const char *name)
{
    TpsLooseReport *report = g_hash_table_lookup(gather->by_name, name);

    if (report)
        return report;
    report = tps_loose_report_new(name, gather->path);
    g_ptr_array_add(gather->reports, report);
    g_hash_table_insert(gather->by_name, report->suite, report);
    return report;
}

static bool take_result(const char *name, TpsResult *result, void *user, GError **error)
{
    (void)error;
    g_ptr_array_add(report_of(user, name)->results, result);
    return true;
}

static bool take_suite(const TpsLooseSuite *said, void *user, GError **error)
{
    Gather *gather = user;
    TpsLooseReport *report = report_of(gather, said->name);

    (void)error;
    tps_loose_parts_add(gather->claims, said->name, said->part);
    if (said->started_us == TPS_TIME_UNKNOWN)
        return true;
    if (report->started_us == TPS_TIME_UNKNOWN || said->started_us < report->started_us)
        report->started_us = said->started_us;
    report->ended_us = MAX(report->ended_us, said->ended_us);
    return true;
}

void tps_loose_words_clear(TpsLooseWords *words)
{
    g_clear_pointer(&words->problems, g_ptr_array_unref);
    g_clear_pointer(&words->notes, g_ptr_array_unref);
    g_clear_pointer(&words->ignored, g_free);
}

static void add(GPtrArray **texts, char *text)
{
    if (!*texts)
        *texts = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(*texts, text);
}

void tps_loose_words_add_note(TpsLooseWords *words, char *note)
{
    add(&words->notes, note);
}

/*
 * In a directory, what is whole and something else. What is neither may have been a report, and
 * then the merge lacks it.
 */
static bool leave_out(TpsLooseWords *words, const TpsLoose *loose, const TpsLooseFile *file,
                      GError **error)
{
    if (loose->is_cut || (!file->named && !loose->is_whole)) {
        add(&words->problems, g_strdup_printf("%s: it is no report, it looks like %s", file->path,
                                              loose->looks_like));
        return true;
    }
    if (file->named) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT,
                    "'%s' is no report that can be merged: it looks like %s", file->path,
                    loose->looks_like);
        return false;
    }
    if (!loose->is_ours)
        words->ignored = g_strdup_printf("%s: it looks like %s, and was left out", file->path,
                                         loose->looks_like);
    return true;
}

/* "12:7: what" or "12: what" */
static bool has_place(const char *problem)
{
    size_t n = strspn(problem, G_CSET_DIGITS);

    return n > 0 && problem[n] == ':';
}

static void hear(TpsLooseWords *words, const TpsLoose *loose, const char *path)
{
    words->is_report = true;
    if (loose->problem)
        add(&words->problems,
            g_strdup_printf(has_place(loose->problem) ? "%s:%s" : "%s: %s", path, loose->problem));
    for (guint i = 0; i < loose->warnings->len; i++)
        tps_loose_words_add_note(
            words,
            g_strdup_printf("%s: %s", path, (const char *)g_ptr_array_index(loose->warnings, i)));
}

bool tps_loose_file_read(const TpsLooseFile *file, const TpsLooseHandler *handler, void *user,
                         TpsLooseWords *words, GError **error)
{
    g_autoptr(TpsLoose) loose = tps_loose_read(file->path, handler, user, error);

    if (!loose)
        return false;
    if (!loose->kind)
        return leave_out(words, loose, file, error);
    hear(words, loose, file->path);
    return true;
}

static void move(GPtrArray *to, GPtrArray *from)
{
    for (guint i = 0; from && i < from->len; i++)
        g_ptr_array_add(to, g_steal_pointer(&from->pdata[i]));
}

void tps_collect_take_words(TpsCollection *collection, TpsLooseWords *words)
{
    move(collection->problems, words->problems);
    move(collection->notes, words->notes);
    if (words->ignored && collection->n_ignored++ < IGNORED_SHOWN)
        g_ptr_array_add(collection->notes, g_steal_pointer(&words->ignored));
    tps_loose_words_clear(words);
}

void tps_collect_end_words(TpsCollection *collection)
{
    tps_loose_parts_check(collection->claims, collection->problems);
    if (collection->n_ignored > IGNORED_SHOWN)
        g_ptr_array_add(collection->notes,
                        g_strdup_printf("%u more files are no reports and were left out",
                                        collection->n_ignored - IGNORED_SHOWN));
}

static bool read_loose(TpsCollection *collection, const TpsLooseFile *file, GError **error)
{
    static const TpsLooseHandler handler = {take_result, take_suite};
    g_autoptr(GPtrArray) reports =
        g_ptr_array_new_with_free_func((GDestroyNotify)tps_loose_report_free);
    g_autoptr(GHashTable) by_name = g_hash_table_new(g_str_hash, g_str_equal);
    Gather gather = {file->path, collection->claims, reports, by_name};
    g_autoptr(TpsLoose) loose = tps_loose_read(file->path, &handler, &gather, error);
    TpsLooseWords words = {0};
    bool ok = loose != NULL;

    for (guint i = 0; ok && loose->kind && i < reports->len; i++) {
        TpsLooseReport *report = g_steal_pointer(&reports->pdata[i]);

        tps_doubles_fold(report->results, report->suite, loose->warnings);
        report->digest = g_strdup(loose->digest);
        g_ptr_array_add(collection->loose, report);
    }
    if (ok && loose->kind)
        hear(&words, loose, file->path);
    else if (ok)
        ok = leave_out(&words, loose, file, error);
    tps_collect_take_words(collection, &words);
    return ok;
}

bool tps_collect_read(TpsCollection *collection, GError **error)
{
    for (guint i = 0; i < collection->files->len; i++)
        if (!read_loose(collection, g_ptr_array_index(collection->files, i), error))
            return false;
    g_ptr_array_set_size(collection->files, 0);
    tps_collect_end_words(collection);
    return true;
}
