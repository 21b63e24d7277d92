/* SPDX-License-Identifier: MIT */
#include "scheduler/collect.h"

#include "core/error.h"
#include "core/names.h"
#include "core/result.h"
#include "formats/files.h"
#include "formats/journal.h"
#include "formats/loose/loose.h"
#include "scheduler/artifacts_proof.h"
#include "scheduler/collect_internal.h"
#include "scheduler/journal_reports.h"
#include "scheduler/merge.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

/* Each level is an open directory. */
#define DEPTH_MAX 256

#define HEAD_BYTES ((size_t)64 * 1024) /* what is looked at to tell a journal */

/* What a report's name ends with, in a directory. What a file is, its bytes say. */
static const char *const suffixes[] = {".xml", ".tap", ".json", ".jsonl", ".ndjson"};

/* Paths by kind, before they are read. */
typedef struct {
    GPtrArray *journals; /* of char* */
    GPtrArray *others;   /* of char* */
    GPtrArray *beside;   /* of char*: others in a directory with journals */
} Found;

static void found_clear(Found *found)
{
    g_ptr_array_unref(found->journals);
    g_ptr_array_unref(found->others);
    g_ptr_array_unref(found->beside);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Found, found_clear)

static Found found_new(void)
{
    return (Found){.journals = g_ptr_array_new_with_free_func(g_free),
                   .others = g_ptr_array_new_with_free_func(g_free),
                   .beside = g_ptr_array_new_with_free_func(g_free)};
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

static bool may_be_report(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(suffixes); i++)
        if (g_str_has_suffix(name, suffixes[i]))
            return true;
    return false;
}

/* Of a file that can be read twice. */
static bool is_journal(const char *path)
{
    g_autofree char *head = g_malloc(HEAD_BYTES);
    size_t length;
    FILE *stream = tps_file_is_plain(path) ? g_fopen(path, "re") : NULL;

    if (!stream)
        return false;
    length = fread(head, 1, HEAD_BYTES, stream);
    fclose(stream);
    return tps_loose_is_journal(head, length);
}

/* Its writer may have died before it wrote what makes it one: then it proves nothing, as it is. */
static bool is_named_journal(const char *path)
{
    g_autofree char *name = g_path_get_basename(path);

    return strcmp(name, TPS_JOURNAL_FILE) == 0 && tps_file_is_plain(path);
}

/* A journal may have got another name on its way here. */
static void take_file(const char *path, Found *found)
{
    bool is_one = is_named_journal(path) || is_journal(path);

    g_ptr_array_add(is_one ? found->journals : found->others, g_canonicalize_filename(path, NULL));
}

static bool walk(const char *path, int depth, Found *found, GError **error)
{
    g_autoptr(GError) why = NULL;
    g_autoptr(GDir) dir = g_dir_open(path, 0, &why);
    const char *name;

    if (depth > DEPTH_MAX) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT,
                    "cannot search '%s': it is more than %d directories deep", path, DEPTH_MAX);
        return false;
    }
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
        if (S_ISDIR(info.st_mode) && !walk(child, depth + 1, found, error))
            return false;
        if (S_ISREG(info.st_mode) && may_be_report(name))
            take_file(child, found);
    }
    return true;
}

static void append_all(GPtrArray *to, GPtrArray *from)
{
    for (guint i = 0; i < from->len; i++)
        g_ptr_array_add(to, g_steal_pointer(&from->pdata[i]));
    g_ptr_array_set_size(from, 0);
}

static bool find(const char *path, Found *all, GHashTable *named, GError **error)
{
    g_auto(Found) here = found_new();
    GStatBuf info;

    if (g_stat(path, &info) < 0)
        return fail(path, errno, error);
    if (!S_ISDIR(info.st_mode)) {
        take_file(path, all);
        g_hash_table_add(named, g_canonicalize_filename(path, NULL));
        return tps_file_check(path, error);
    }
    if (!walk(path, 0, &here, error))
        return false;
    append_all(here.journals->len > 0 ? all->beside : all->others, here.others);
    append_all(all->journals, here.journals);
    return true;
}

void tps_collection_free(TpsCollection *collection)
{
    if (!collection)
        return;
    g_ptr_array_unref(collection->parts);
    g_ptr_array_unref(collection->files);
    g_ptr_array_unref(collection->loose);
    g_ptr_array_unref(collection->problems);
    g_ptr_array_unref(collection->notes);
    tps_loose_parts_free(collection->claims);
    g_free(collection);
}

static void file_free(gpointer data)
{
    TpsLooseFile *file = data;

    g_free(file->path);
    g_free(file);
}

static TpsCollection *collection_new(void)
{
    TpsCollection *collection = g_new0(TpsCollection, 1);

    collection->parts = g_ptr_array_new_with_free_func((GDestroyNotify)tps_part_report_free);
    collection->files = g_ptr_array_new_with_free_func(file_free);
    collection->loose = g_ptr_array_new_with_free_func((GDestroyNotify)tps_loose_report_free);
    collection->problems = g_ptr_array_new_with_free_func(g_free);
    collection->notes = g_ptr_array_new_with_free_func(g_free);
    collection->claims = tps_loose_parts_new();
    return collection;
}

static bool read_journals(TpsCollection *collection, const GPtrArray *paths, GError **error)
{
    for (guint i = 0; i < paths->len; i++)
        if (!tps_journal_reports(g_ptr_array_index(paths, i), collection->parts,
                                 collection->problems, collection->notes, error))
            return false;
    tps_reports_set_digests(collection->parts);
    tps_artifacts_prove(collection->parts);
    return true;
}

/* One that is beside a journal by one path may have been given by another one: then it counts. */
static void take_files(TpsCollection *collection, GPtrArray *paths, GHashTable *named,
                       GHashTable *given, bool beside)
{
    for (guint i = 0; i < paths->len; i++) {
        TpsLooseFile *file;

        if (!g_hash_table_add(given, g_ptr_array_index(paths, i)))
            continue;
        file = g_new0(TpsLooseFile, 1);
        file->path = g_strdup(g_ptr_array_index(paths, i));
        file->named = g_hash_table_contains(named, file->path);
        file->beside = beside;
        g_ptr_array_add(collection->files, file);
    }
}

TpsCollection *tps_collect_unread(const char *const *paths, GError **error)
{
    g_autoptr(TpsCollection) collection = collection_new();
    g_autoptr(GHashTable) named = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) given = g_hash_table_new(g_str_hash, g_str_equal);
    g_auto(Found) found = found_new();

    for (; *paths; paths++)
        if (!find(*paths, &found, named, error))
            return NULL;
    /* The order of a directory decides nothing. */
    tps_names_sort_unique(found.journals);
    tps_names_sort_unique(found.others);
    tps_names_sort_unique(found.beside);
    if (!read_journals(collection, found.journals, error))
        return NULL;
    take_files(collection, found.others, named, given, false);
    take_files(collection, found.beside, named, given, true);
    return g_steal_pointer(&collection);
}

void tps_collect_drop_beside(TpsCollection *collection)
{
    for (guint i = collection->files->len; i-- > 0;)
        if (((const TpsLooseFile *)g_ptr_array_index(collection->files, i))->beside)
            g_ptr_array_remove_index(collection->files, i);
}

TpsCollection *tps_collect(const char *const *paths, GError **error)
{
    g_autoptr(TpsCollection) collection = tps_collect_unread(paths, error);

    if (collection)
        tps_collect_drop_beside(collection);
    return collection && tps_collect_read(collection, error) ? g_steal_pointer(&collection) : NULL;
}
