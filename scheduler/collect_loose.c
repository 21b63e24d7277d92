/* SPDX-License-Identifier: MIT */
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
    GPtrArray *reports;  /* of TpsLooseReport, one for each suite, in its order             */
    GHashTable *by_name; /* suite, borrowed -> Suite                                        */
} Gather;

typedef struct {
    TpsLooseReport *report; /* borrowed                                                     */
    GHashTable *seen;       /* id -> how often it passed                                    */
} Suite;

static void suite_free(gpointer data)
{
    Suite *suite = data;

    g_hash_table_unref(suite->seen);
    g_free(suite);
}

static Suite *suite_of(Gather *gather, const char *name)
{
    Suite *suite = g_hash_table_lookup(gather->by_name, name);

    if (suite)
        return suite;
    suite = g_new0(Suite, 1);
    suite->report = tps_loose_report_new(name, gather->path);
    suite->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_ptr_array_add(gather->reports, suite->report);
    g_hash_table_insert(gather->by_name, suite->report->suite, suite);
    return suite;
}

/*
 * Several passes of one name in one report are several testcases: "a", "a [2]". One that failed and
 * another of its name are two words on one testcase, and the worse one counts.
 */
static void set_apart(TpsResult *result, GHashTable *seen)
{
    guint n = GPOINTER_TO_UINT(g_hash_table_lookup(seen, result->id)) + 1;

    if (tps_outcome_is_bad(result->outcome))
        return;
    g_hash_table_insert(seen, g_strdup(result->id), GUINT_TO_POINTER(n));
    if (n > 1) {
        char *id = g_strdup_printf("%s [%u]", result->id, n);

        g_free(result->id);
        result->id = id;
    }
}

static bool take_result(const char *name, TpsResult *result, void *user, GError **error)
{
    const Suite *suite = suite_of(user, name);

    (void)error;
    set_apart(result, suite->seen);
    g_ptr_array_add(suite->report->results, result);
    return true;
}

static bool take_suite(const TpsLooseSuite *said, void *user, GError **error)
{
    TpsLooseReport *report = suite_of(user, said->name)->report;

    (void)error;
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
    g_autoptr(GHashTable) by_name =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, suite_free);
    Gather gather = {path, reports, by_name};
    g_autoptr(TpsLoose) loose = tps_loose_read(path, &handler, &gather, error);

    if (!loose)
        return false;
    if (!loose->kind)
        return leave_out(collection, loose, path, named, error);
    take_words(collection, loose, path);
    for (guint i = 0; i < reports->len; i++) {
        TpsLooseReport *report = g_ptr_array_index(reports, i);

        report->digest = g_strdup(loose->digest);
        g_ptr_array_add(collection->loose, report);
    }
    g_ptr_array_set_free_func(reports, NULL);
    return true;
}
