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

/*
 * In a directory, what is whole and something else. What is neither may have been a report, and
 * then the merge lacks it.
 */
static bool leave_out(TpsCollection *collection, const TpsLoose *loose, const char *path,
                      bool named, GError **error)
{
    if (loose->is_cut || (!named && !loose->is_whole)) {
        g_ptr_array_add(
            collection->problems,
            g_strdup_printf("%s: it is no report, it looks like %s", path, loose->looks_like));
        return true;
    }
    if (named) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT,
                    "'%s' is no report that can be merged: it looks like %s", path,
                    loose->looks_like);
        return false;
    }
    if (!loose->is_ours && collection->n_ignored++ < IGNORED_SHOWN)
        g_ptr_array_add(collection->notes, g_strdup_printf("%s: it looks like %s, and was left out",
                                                           path, loose->looks_like));
    return true;
}

void tps_collect_say_ignored(TpsCollection *collection)
{
    if (collection->n_ignored > IGNORED_SHOWN)
        g_ptr_array_add(collection->notes,
                        g_strdup_printf("%u more files are no reports and were left out",
                                        collection->n_ignored - IGNORED_SHOWN));
}

/* "12:7: what" or "12: what" */
static bool has_place(const char *problem)
{
    size_t n = strspn(problem, G_CSET_DIGITS);

    return n > 0 && problem[n] == ':';
}

static void take_words(TpsCollection *collection, const TpsLoose *loose, const char *path)
{
    if (loose->problem)
        g_ptr_array_add(
            collection->problems,
            g_strdup_printf(has_place(loose->problem) ? "%s:%s" : "%s: %s", path, loose->problem));
    for (guint i = 0; i < loose->warnings->len; i++)
        g_ptr_array_add(
            collection->notes,
            g_strdup_printf("%s: %s", path, (const char *)g_ptr_array_index(loose->warnings, i)));
}

bool tps_collect_loose(TpsCollection *collection, const char *path, bool named, GError **error)
{
    static const TpsLooseHandler handler = {take_result, take_suite};
    g_autoptr(GPtrArray) reports =
        g_ptr_array_new_with_free_func((GDestroyNotify)tps_loose_report_free);
    g_autoptr(GHashTable) by_name = g_hash_table_new(g_str_hash, g_str_equal);
    Gather gather = {path, collection->claims, reports, by_name};
    g_autoptr(TpsLoose) loose = tps_loose_read(path, &handler, &gather, error);

    if (!loose)
        return false;
    if (!loose->kind)
        return leave_out(collection, loose, path, named, error);
    for (guint i = 0; i < reports->len; i++) {
        TpsLooseReport *report = g_ptr_array_index(reports, i);

        tps_doubles_fold(report->results, report->suite, loose->warnings);
        report->digest = g_strdup(loose->digest);
        g_ptr_array_add(collection->loose, report);
    }
    g_ptr_array_set_free_func(reports, NULL);
    take_words(collection, loose, path);
    return true;
}
