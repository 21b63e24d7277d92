/* SPDX-License-Identifier: MIT */
#include "adapters/definitions/template.h"
#include "adapters/frameworks/records_internal.h"
#include "core/error.h"
#include "formats/files.h"
#include "formats/walk.h"

#include <stdio.h>
#include <string.h>

static const char *record_value(const char *name, void *user)
{
    return tps_record_get(user, name);
}

char *tps_record_text(GHashTable *record, const char *template, const char *name)
{
    char *text = template ? tps_template_expand(template, record_value, record)
                          : g_strdup(tps_record_get(record, name));

    if (text && *text)
        return text;
    g_free(text);
    return NULL;
}

GHashTable *tps_used_ids_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

static guint times_used(GHashTable *used, const char *name)
{
    guint times = GPOINTER_TO_UINT(g_hash_table_lookup(used, name)) + 1;

    g_hash_table_replace(used, g_strdup(name), GUINT_TO_POINTER(times));
    return times;
}

/* A framework may have a test "a#2" beside two of the name "a". */
char *tps_unique_id(GHashTable *used, const char *name)
{
    guint times = times_used(used, name);
    char *id;

    if (times == 1)
        return g_strdup(name);
    for (id = g_strdup_printf("%s#%u", name, times); g_hash_table_contains(used, id);
         id = g_strdup_printf("%s#%u", name, times)) {
        g_free(id);
        times = times_used(used, name);
    }
    g_hash_table_insert(used, g_strdup(id), GUINT_TO_POINTER(1));
    return id;
}

/* Words apart by blanks or commas; NULL when there are none. */
static char **split_tags(const char *text)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_auto(GStrv) words = g_strsplit_set(text ? text : "", " \t,", -1);
    char **tags;

    for (char **word = words; *word; word++)
        if (**word)
            g_strv_builder_add(builder, *word);
    tags = g_strv_builder_end(builder);
    if (!*tags)
        g_clear_pointer(&tags, g_strfreev);
    return tags;
}

static TpsTestcase *make_testcase(const TpsListing *list, GHashTable *record, const char *id)
{
    TpsTestcase *testcase = tps_testcase_new(id);
    g_autofree char *line = tps_record_text(record, list->line, "line");
    g_autofree char *tags = tps_record_text(record, list->tags, "tags");

    testcase->group = tps_record_text(record, list->class, "class");
    testcase->file = tps_record_text(record, list->file, "file");
    testcase->selector = tps_record_text(record, list->selector, "selector");
    testcase->where = tps_record_text(record, list->where, "where");
    testcase->tags = split_tags(tags);
    testcase->line = line ? MAX(g_ascii_strtoll(line, NULL, 10), 0) : 0;
    return testcase;
}

static bool add_testcase(const TpsListing *list, GHashTable *record, guint index, GHashTable *used,
                         GPtrArray *testcases, GError **error)
{
    g_autofree char *place = g_strdup_printf("%u", index + 1);
    g_autofree char *name = NULL;
    g_autofree char *id = NULL;
    TpsTestcase *testcase;

    if (!tps_record_get(record, "index"))
        tps_record_set(record, "index", place);
    name =
        tps_record_text(record, list->id, list->source.reader == TPS_READER_NONE ? "file" : "id");
    if (!name) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK, "the %s. testcase it lists has no name",
                    place);
        return false;
    }
    if (list->skip && g_regex_match(list->skip, name, 0, NULL))
        return true;
    id = tps_unique_id(used, name);
    testcase = make_testcase(list, record, id);
    /* What has the same name can be told apart by nothing but its turn. */
    if (strcmp(id, name) != 0 && !testcase->selector)
        testcase->selector = g_strdup(name);
    if (strcmp(id, name) != 0)
        testcase->glue = g_strdup(name);
    g_ptr_array_add(testcases, testcase);
    return true;
}

/* The first of a name is glued to the others. */
static void glue_first(GPtrArray *testcases)
{
    g_autoptr(GHashTable) glues = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < testcases->len; i++) {
        TpsTestcase *testcase = g_ptr_array_index(testcases, i);

        if (testcase->glue)
            g_hash_table_add(glues, testcase->glue);
    }
    for (guint i = 0; i < testcases->len; i++) {
        TpsTestcase *testcase = g_ptr_array_index(testcases, i);

        if (!testcase->glue && g_hash_table_contains(glues, testcase->id))
            testcase->glue = g_strdup(testcase->id);
    }
}

GPtrArray *tps_testcases_from_records(const TpsFramework *framework, const GPtrArray *records,
                                      GError **error)
{
    g_autoptr(GPtrArray) testcases = tps_testcases_new();
    g_autoptr(GHashTable) used = tps_used_ids_new();

    for (guint i = 0; i < records->len; i++)
        if (!add_testcase(&framework->list, g_ptr_array_index(records, i), i, used, testcases,
                          error))
            return NULL;
    glue_first(testcases);
    if (framework->list.collide)
        tps_collide(testcases, framework->list.collide);
    return g_steal_pointer(&testcases);
}

/* The files of a suite. */

typedef struct {
    const TpsFramework *framework;
    const char *start; /* as the suite says it: what names begin with, or NULL */
    const char *cwd;
    GPtrArray *records;
} Files;

static void name_file(GPtrArray *records, guint from, const char *file)
{
    for (guint i = from; i < records->len; i++)
        tps_record_set(g_ptr_array_index(records, i), "file", file);
}

static void add_file_record(GPtrArray *records, const char *file)
{
    GHashTable *record = tps_record_new();

    tps_record_set(record, "file", file);
    g_ptr_array_add(records, record);
}

static bool read_file(const Files *files, const char *file, GError **error)
{
    const TpsSource *source = &files->framework->list.source;
    g_autofree char *path = g_canonicalize_filename(file, files->cwd);
    g_autoptr(GPtrArray) found = NULL;
    g_autofree char *text = NULL;
    gsize length;
    guint before = files->records->len;

    if (source->reader == TPS_READER_NONE) {
        add_file_record(files->records, file);
        return true;
    }
    if (!tps_file_read_regular(path, &text, &length, error))
        return false;
    found = tps_source_read(source, text, length, NULL, error);
    if (!found) {
        g_prefix_error(error, "%s: ", file);
        return false;
    }
    g_ptr_array_extend_and_steal(files->records, g_steal_pointer(&found));
    name_file(files->records, before, file);
    return true;
}

static bool is_wanted(const Files *files, const char *path)
{
    for (char **glob = files->framework->list.files; *glob; glob++)
        if (tps_glob_matches(*glob, path))
            return true;
    return false;
}

static bool visit(const char *path, void *user, GError **error)
{
    const Files *files = user;
    g_autofree char *file = files->start ? g_build_filename(files->start, path, NULL) : NULL;

    return !is_wanted(files, path) || read_file(files, file ? file : path, error);
}

GPtrArray *tps_records_from_files(const TpsSuite *suite, const TpsFramework *framework,
                                  GError **error)
{
    g_autoptr(GPtrArray) records = tps_records_new();
    g_autofree char *root = g_canonicalize_filename(suite->path ? suite->path : ".", suite->cwd);
    Files files = {framework, suite->path && strcmp(suite->path, ".") != 0 ? suite->path : NULL,
                   suite->cwd, records};
    g_autoptr(GError) why = NULL;
    bool is_file = g_file_test(root, G_FILE_TEST_IS_REGULAR);

    if (is_file ? read_file(&files, suite->path, &why)
                : tps_walk(root, TPS_WALK_SKIP_USUAL, visit, &files, &why))
        return g_steal_pointer(&records);
    g_set_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK, "its testcases can't be listed: %s",
                why->message);
    return NULL;
}
