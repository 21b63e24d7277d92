/* SPDX-License-Identifier: MIT */
#include "adapters/definitions/registry.h"

#include "tpsched-resources.h"

#include "core/error.h"
#include "core/names.h"
#include "formats/files.h"

#include <string.h>

#define SUFFIX ".yaml"

static struct {
    GMutex mutex;
    char *project;     /* owned or NULL                                         */
    GHashTable *known; /* char* -> TpsFramework*, or NULL where there is none; never shrinks */
} registry;

void tps_frameworks_set_project(const char *directory)
{
    g_free(registry.project);
    registry.project = g_strdup(directory);
}

static const char *find_embedded(const char *name, size_t *size)
{
    for (size_t i = 0; i < G_N_ELEMENTS(embedded); i++) {
        if (strcmp(embedded[i].name, name) == 0) {
            *size = embedded[i].size;
            return (const char *)embedded[i].bytes;
        }
    }
    return NULL;
}

static char *user_directory(void)
{
    return g_build_filename(g_get_user_config_dir(), "tpsched", "frameworks", NULL);
}

/* The file of that name in a directory, if there is one. Caller frees. */
static char *file_in(const char *directory, const char *name)
{
    g_autofree char *base = g_strconcat(name, SUFFIX, NULL);
    g_autofree char *path = directory ? g_build_filename(directory, base, NULL) : NULL;

    return path && g_file_test(path, G_FILE_TEST_EXISTS) ? g_steal_pointer(&path) : NULL;
}

static char *find_file(const char *name)
{
    g_autofree char *user = user_directory();
    char *path = file_in(registry.project, name);

    return path ? path : file_in(user, name);
}

static void add_names(GHashTable *names, const char *directory)
{
    g_autoptr(GDir) files = directory ? g_dir_open(directory, 0, NULL) : NULL;
    const char *file;

    while (files && (file = g_dir_read_name(files)))
        if (g_str_has_suffix(file, SUFFIX) && *file != '.')
            g_hash_table_add(names, g_strndup(file, strlen(file) - strlen(SUFFIX)));
}

char **tps_framework_names(void)
{
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GPtrArray) sorted = g_ptr_array_new();
    g_autofree char *user = user_directory();
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    GHashTableIter iter;
    gpointer name;

    add_names(names, registry.project);
    add_names(names, user);
    for (size_t i = 0; i < G_N_ELEMENTS(embedded); i++)
        if (g_str_has_suffix(embedded[i].name, SUFFIX) && !strchr(embedded[i].name, '/'))
            g_hash_table_add(
                names, g_strndup(embedded[i].name, strlen(embedded[i].name) - strlen(SUFFIX)));
    g_hash_table_iter_init(&iter, names);
    while (g_hash_table_iter_next(&iter, &name, NULL))
        g_ptr_array_add(sorted, name);
    tps_names_sort(sorted);
    for (guint i = 0; i < sorted->len; i++)
        g_strv_builder_add(builder, g_ptr_array_index(sorted, i));
    return g_strv_builder_end(builder);
}

static void fail_unknown(const char *name, GError **error)
{
    g_auto(GStrv) names = tps_framework_names();
    const char *meant = tps_nearest_word(name, (const char *const *)names);

    g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "unknown framework '%s'%s%s%s", name,
                meant ? "; did you mean '" : "", meant ? meant : "", meant ? "'?" : "");
}

/* A name is a part of a path, and must stay below its directory. */
static bool is_name(const char *name)
{
    return *name && *name != '.' && !strchr(name, '/');
}

static TpsFramework *read_definition(const char *name, GError **error)
{
    g_autofree char *path = is_name(name) ? find_file(name) : NULL;
    g_autofree char *base = g_strconcat(name, SUFFIX, NULL);
    g_autofree char *text = NULL;
    const char *built_in;
    gsize length;

    if (path)
        return tps_file_read_regular(path, &text, &length, error)
                   ? tps_framework_parse(name, text, length, path, error)
                   : NULL;
    built_in = find_embedded(base, &length);
    if (built_in)
        return tps_framework_parse(name, built_in, length, NULL, error);
    fail_unknown(name, error);
    return NULL;
}

/* With the lock held. */
static TpsFramework *look_up(const char *name, GError **error)
{
    TpsFramework *framework;

    if (!registry.known)
        registry.known = g_hash_table_new_full(g_str_hash, g_str_equal, NULL,
                                               (GDestroyNotify)tps_framework_free);
    framework = g_hash_table_lookup(registry.known, name);
    if (framework)
        return framework;
    framework = read_definition(name, error);
    if (framework)
        g_hash_table_insert(registry.known, framework->name, framework);
    return framework;
}

const TpsFramework *tps_framework_load(const char *name, GError **error)
{
    const TpsFramework *framework;

    g_mutex_lock(&registry.mutex);
    framework = look_up(name, error);
    g_mutex_unlock(&registry.mutex);
    return framework;
}

const TpsFramework *tps_framework_find(const char *name)
{
    return tps_framework_load(name, NULL);
}

static const char *beside(const TpsFramework *framework, const char *name, size_t *size,
                          char **owned, GError **error)
{
    g_autofree char *directory = g_path_get_dirname(framework->origin);
    g_autofree char *path = g_build_filename(directory, name, NULL);

    return tps_file_read_regular(path, owned, size, error) ? *owned : NULL;
}

const char *tps_framework_file(const TpsFramework *framework, const char *name, size_t *size,
                               char **owned, GError **error)
{
    g_autofree char *key = g_build_filename(framework->name, name, NULL);
    const char *bytes;

    *owned = NULL;
    if (framework->origin)
        return beside(framework, name, size, owned, error);
    bytes = find_embedded(key, size);
    if (!bytes)
        g_set_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK, "%s: there is no built-in file '%s'",
                    framework->name, name);
    return bytes;
}
