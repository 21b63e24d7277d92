/* SPDX-License-Identifier: MIT */
#include "scheduler/collect.h"

#include "core/duration.h"
#include "core/error.h"
#include "core/names.h"
#include "core/result.h"
#include "formats/files.h"
#include "formats/journal.h"
#include "formats/junit.h"
#include "scheduler/journal_reports.h"
#include "scheduler/merge.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

/* Report trees are flat; whatever is deeper is not one. */
#define DEPTH_MAX 32

#define JOURNAL_SUFFIX ".jsonl"

/* Paths by kind, before anything is read. */
typedef struct {
    GPtrArray *journals;  /* of char* */
    GPtrArray *xml_files; /* of char* */
} Found;

static void found_clear(Found *found)
{
    g_ptr_array_unref(found->journals);
    g_ptr_array_unref(found->xml_files);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Found, found_clear)

static Found found_new(void)
{
    return (Found){.journals = g_ptr_array_new_with_free_func(g_free),
                   .xml_files = g_ptr_array_new_with_free_func(g_free)};
}

static bool fail(const char *path, int code, GError **error)
{
    g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "cannot read '%s': %s", path, g_strerror(code));
    return false;
}

static bool take_journal(const char *directory, Found *found)
{
    g_autofree char *path = g_build_filename(directory, TPS_JOURNAL_FILE, NULL);

    if (!tps_file_is_plain(path))
        return false;
    g_ptr_array_add(found->journals, g_canonicalize_filename(path, NULL));
    return true;
}

static bool walk(const char *path, int depth, Found *found, GError **error)
{
    g_autoptr(GError) why = NULL;
    g_autoptr(GDir) dir = g_dir_open(path, 0, &why);
    const char *name;

    if (!dir) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "%s", why->message);
        return false;
    }
    if (take_journal(path, found))
        return true; /* what else is in it says the same, or is the frameworks' own */
    while ((name = g_dir_read_name(dir))) {
        g_autofree char *child = g_build_filename(path, name, NULL);
        GStatBuf info;

        if (g_lstat(child, &info) < 0 || S_ISLNK(info.st_mode))
            continue;
        if (S_ISDIR(info.st_mode) && depth < DEPTH_MAX && !walk(child, depth + 1, found, error))
            return false;
        if (S_ISREG(info.st_mode) && g_str_has_suffix(name, ".xml"))
            g_ptr_array_add(found->xml_files, g_canonicalize_filename(child, NULL));
    }
    return true;
}

/* A journal may have got another name on its way here. */
static void find_file(const char *path, Found *found)
{
    bool is_journal = g_str_has_suffix(path, JOURNAL_SUFFIX);

    g_ptr_array_add(is_journal ? found->journals : found->xml_files,
                    g_canonicalize_filename(path, NULL));
}

static void append_all(GPtrArray *to, GPtrArray *from)
{
    for (guint i = 0; i < from->len; i++)
        g_ptr_array_add(to, g_steal_pointer(&from->pdata[i]));
    g_ptr_array_set_size(from, 0);
}

static bool find(const char *path, Found *all, GError **error)
{
    g_auto(Found) here = found_new();
    GStatBuf info;

    if (g_stat(path, &info) < 0)
        return fail(path, errno, error);
    if (!S_ISDIR(info.st_mode)) {
        find_file(path, all);
        return tps_file_check(path, error);
    }
    if (!walk(path, 0, &here, error))
        return false;
    if (here.journals->len > 0)
        append_all(all->journals, here.journals);
    else
        append_all(all->xml_files, here.xml_files);
    return true;
}

/* Sorted, so that the order of a directory decides nothing; and each path once. */
static void sort_unique(GPtrArray *paths)
{
    tps_names_sort(paths);
    for (guint i = 1; i < paths->len;) {
        if (strcmp(g_ptr_array_index(paths, i - 1), g_ptr_array_index(paths, i)) == 0)
            g_ptr_array_remove_index(paths, i);
        else
            i++;
    }
}

/* Foreign reporters put the class into classname; ours puts the suite there, and the id into name.
 */
static void set_id(TpsResult *result, const TpsJunitCase *testcase, const char *suite)
{
    bool ours = strcmp(testcase->classname, suite) == 0 || !*testcase->classname ||
                tps_properties_find(testcase->properties, "tpsched.id");
    char *id = ours ? NULL : g_strdup_printf("%s.%s", testcase->classname, result->id);

    if (!id)
        return;
    g_free(result->id);
    result->id = id;
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

static int64_t instant(const TpsJunitSuite *suite, const char *name, int64_t fallback_us)
{
    const char *text = tps_properties_find(suite->properties, name);
    double seconds = text ? g_ascii_strtod(text, NULL) : 0;

    return seconds > 0 && seconds < 1e11 ? (int64_t)(seconds * 1e6 + 0.5) : fallback_us;
}

static TpsLooseReport *loose_from_suite(TpsJunitSuite *suite, const TpsJunit *junit,
                                        const char *path)
{
    TpsLooseReport *report = tps_loose_report_new(suite->name, path);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    int64_t ended_us = suite->started_us == TPS_TIME_UNKNOWN
                           ? TPS_TIME_UNKNOWN
                           : suite->started_us + MAX(suite->time_us, 0);

    report->digest = g_strdup(junit->digest);
    report->started_us = instant(suite, "tpsched.started", suite->started_us);
    report->ended_us = instant(suite, "tpsched.ended", ended_us);
    for (guint i = 0; i < suite->cases->len; i++) {
        TpsJunitCase *testcase = g_ptr_array_index(suite->cases, i);

        set_id(testcase->result, testcase, suite->name);
        set_apart(testcase->result, seen);
        g_ptr_array_add(report->results, g_steal_pointer(&testcase->result));
    }
    return report;
}

static bool read_loose(TpsCollection *collection, const char *path, GError **error)
{
    g_autoptr(TpsJunit) junit = tps_junit_read(path, error);

    if (!junit)
        return false;
    if (junit->problem)
        g_ptr_array_add(collection->problems, g_strdup_printf("%s:%s", path, junit->problem));
    for (guint i = 0; i < junit->warnings->len; i++)
        g_ptr_array_add(
            collection->notes,
            g_strdup_printf("%s: %s", path, (const char *)g_ptr_array_index(junit->warnings, i)));
    for (guint i = 0; i < junit->suites->len; i++)
        g_ptr_array_add(collection->loose,
                        loose_from_suite(g_ptr_array_index(junit->suites, i), junit, path));
    return true;
}

void tps_collection_free(TpsCollection *collection)
{
    if (!collection)
        return;
    g_ptr_array_unref(collection->parts);
    g_ptr_array_unref(collection->loose);
    g_ptr_array_unref(collection->problems);
    g_ptr_array_unref(collection->notes);
    g_free(collection);
}

TpsCollection *tps_collect(const char *const *paths, GError **error)
{
    g_autoptr(TpsCollection) collection = g_new0(TpsCollection, 1);
    g_auto(Found) found = found_new();

    collection->parts = g_ptr_array_new_with_free_func((GDestroyNotify)tps_part_report_free);
    collection->loose = g_ptr_array_new_with_free_func((GDestroyNotify)tps_loose_report_free);
    collection->problems = g_ptr_array_new_with_free_func(g_free);
    collection->notes = g_ptr_array_new_with_free_func(g_free);
    for (; *paths; paths++)
        if (!find(*paths, &found, error))
            return NULL;
    sort_unique(found.journals);
    sort_unique(found.xml_files);
    for (guint i = 0; i < found.journals->len; i++)
        if (!tps_journal_reports(g_ptr_array_index(found.journals, i), collection->parts,
                                 collection->problems, collection->notes, error))
            return NULL;
    tps_reports_set_digests(collection->parts);
    for (guint i = 0; i < found.xml_files->len; i++)
        if (!read_loose(collection, g_ptr_array_index(found.xml_files, i), error))
            return NULL;
    return g_steal_pointer(&collection);
}
