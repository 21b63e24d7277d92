/* SPDX-License-Identifier: MIT */
#include "scenario/file.h"

#include "core/error.h"
#include "formats/walk.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

static bool has_name(const char *name)
{
    return g_str_has_suffix(name, ".scenario.yaml") || g_str_has_suffix(name, ".scenario.yml");
}

static bool add(const char *path, void *user, GError **error)
{
    (void)error;
    if (has_name(path))
        g_ptr_array_add(user, g_strdup(path));
    return true;
}

/* "." is left out of the paths, as people leave it out. */
static bool find_below(const char *directory, GPtrArray *files, GError **error)
{
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);

    if (!tps_walk(directory, TPS_WALK_SKIP_USUAL, add, found, error))
        return false;
    for (guint i = 0; i < found->len; i++) {
        const char *path = g_ptr_array_index(found, i);

        g_ptr_array_add(files, strcmp(directory, ".") == 0
                                   ? g_strdup(path)
                                   : g_build_filename(directory, path, NULL));
    }
    if (found->len > 0)
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT,
                "there is no *.scenario.yaml below '%s'; name files of other names", directory);
    return false;
}

static bool find(const char *path, GPtrArray *files, GError **error)
{
    GStatBuf info;

    if (g_stat(path, &info) != 0) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "cannot read '%s': %s", path,
                    g_strerror(errno));
        return false;
    }
    if (S_ISDIR(info.st_mode))
        return find_below(path, files, error);
    g_ptr_array_add(files, g_strdup(path));
    return true;
}

/* `names` knows the first of each name. */
static bool check_names(const GPtrArray *scenarios, guint from, GHashTable *names, GError **error)
{
    for (guint i = from; i < scenarios->len; i++) {
        TpsScenario *scenario = g_ptr_array_index(scenarios, i);
        const TpsScenario *other = g_hash_table_lookup(names, scenario->name);

        if (other) {
            g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT,
                        "%s:%zu: there is a scenario named '%s' already, at %s:%zu", scenario->file,
                        scenario->line, scenario->name, other->file, other->line);
            return false;
        }
        g_hash_table_insert(names, scenario->name, scenario);
    }
    return true;
}

static bool load_all(const GPtrArray *files, GPtrArray *scenarios, GError **error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < files->len; i++) {
        const char *path = g_ptr_array_index(files, i);
        guint before = scenarios->len;

        if (!g_hash_table_add(seen, g_canonicalize_filename(path, NULL)))
            continue;
        if (!tps_scenario_file_load(path, scenarios, error) ||
            !check_names(scenarios, before, names, error))
            return false;
    }
    return true;
}

GPtrArray *tps_scenarios_load(char **paths, GError **error)
{
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) scenarios =
        g_ptr_array_new_with_free_func((GDestroyNotify)tps_scenario_free);

    for (; *paths; paths++)
        if (!find(*paths, files, error))
            return NULL;
    return load_all(files, scenarios, error) ? g_steal_pointer(&scenarios) : NULL;
}

TpsScenario *tps_scenarios_find(const GPtrArray *scenarios, const char *name)
{
    for (guint i = 0; i < scenarios->len; i++) {
        TpsScenario *scenario = g_ptr_array_index(scenarios, i);

        if (strcmp(scenario->name, name) == 0)
            return scenario;
    }
    return NULL;
}
