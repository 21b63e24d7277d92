/* SPDX-License-Identifier: MIT */
#include "core/error.h"
#include "formats/plan_yaml_internal.h"
#include "formats/walk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Each fragment that found the next one is still open. */
#define CHAIN_MAX 64

/* A file that was read. */
typedef struct {
    char *path; /* for messages                                            */
    char *by;   /* "FILE:LINE:COLUMN" of the entry that found it, or NULL  */
} Source;

static void source_free(void *data)
{
    Source *source = data;

    g_free(source->path);
    g_free(source->by);
    g_free(source);
}

/* One entry of `discover`. */
typedef struct {
    char *path;
    char *pattern;
    bool optional;
} Entry;

static void entry_clear(Entry *entry)
{
    g_free(entry->path);
    g_free(entry->pattern);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Entry, entry_clear)

static bool entry_path(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    return tps_yaml_read_text(yaml, node, &((Entry *)target)->path, error);
}

static bool entry_pattern(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    return tps_yaml_read_text(yaml, node, &((Entry *)target)->pattern, error);
}

static bool entry_optional(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    return tps_yaml_read_bool(yaml, node, &((Entry *)target)->optional, error);
}

static const TpsYamlKey entry_keys[] = {
    {"path", entry_path, NULL},
    {"pattern", entry_pattern, NULL},
    {"optional", entry_optional, NULL},
};

/* The files below a directory whose path matches. */
typedef struct {
    GRegex *pattern;
    GPtrArray *paths;
} Search;

static bool visit(const char *path, void *user, GError **error)
{
    Search *search = user;
    GError *why = NULL;

    if (g_regex_match_full(search->pattern, path, -1, 0, 0, NULL, &why))
        g_ptr_array_add(search->paths, g_strdup(path));
    if (why)
        g_propagate_error(error, why);
    return why == NULL;
}

static GRegex *pattern_of(TpsYaml *yaml, const yaml_node_t *node, const char *pattern,
                          GError **error)
{
    g_autoptr(GError) why = NULL;
    /* '$' is the end, and not also before a newline there: a name may have one. */
    GRegex *regex =
        g_regex_new(pattern, G_REGEX_RAW | G_REGEX_DOLLAR_ENDONLY | G_REGEX_OPTIMIZE, 0, &why);

    if (!regex)
        tps_yaml_fail(yaml, tps_plan_yaml_find(yaml, node, "pattern"), error,
                      "'%s' is not a pattern: %s", pattern, why->message);
    return regex;
}

/* Relative to `root`; NULL on errors. */
static GPtrArray *search(TpsYaml *yaml, const yaml_node_t *node, const Entry *entry,
                         const char *root, GError **error)
{
    g_autoptr(GRegex) regex = pattern_of(yaml, node, entry->pattern, error);
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) why = NULL;
    Search found = {regex, paths};

    if (!regex)
        return NULL;
    if (entry->optional && !g_file_test(root, G_FILE_TEST_EXISTS))
        return g_steal_pointer(&paths);
    if (!tps_walk(root, TPS_WALK_SKIP_USUAL, visit, &found, &why)) {
        tps_yaml_fail(yaml, node, error, "%s", why->message);
        return NULL;
    }
    if (paths->len == 0 && !entry->optional) {
        tps_yaml_fail(yaml, node, error,
                      "no file below '%s' matches '%s'; where there may be none, say "
                      "'optional: true'",
                      entry->path, entry->pattern);
        return NULL;
    }
    return g_steal_pointer(&paths);
}

/* As the file that found it was named: from where we are, or from the root. Caller frees. */
static char *shown(const TpsYaml *yaml, const char *absolute)
{
    g_autofree char *here = g_get_current_dir();
    size_t length = strlen(here);

    if (g_path_is_absolute(yaml->path) || !g_str_has_prefix(absolute, here))
        return g_strdup(absolute);
    if (absolute[length] == '\0')
        return g_strdup(".");
    return g_strdup(absolute[length] == '/' ? absolute + length + 1 : absolute);
}

static bool fail_cycle(TpsYaml *yaml, const yaml_node_t *node, const TpsPlanYaml *reader,
                       const Source *source, guint first, GError **error)
{
    g_autoptr(GString) chain = g_string_new(NULL);

    for (guint i = first; i < reader->chain->len; i++)
        g_string_append_printf(chain, "%s -> ",
                               ((Source *)g_ptr_array_index(reader->chain, i))->path);
    return tps_yaml_fail(yaml, node, error, "a cycle: %s%s", chain->str, source->path);
}

static bool check_new(TpsYaml *yaml, const yaml_node_t *node, const TpsPlanYaml *reader,
                      const char *path, const char *real, GError **error)
{
    const Source *source = g_hash_table_lookup(reader->sources, real);
    guint at;

    if (source && g_ptr_array_find(reader->chain, source, &at))
        return fail_cycle(yaml, node, reader, source, at, error);
    if (source)
        return tps_yaml_fail(yaml, node, error, "'%s' is found twice; %s finds it, too", path,
                             source->by);
    if (reader->chain->len >= CHAIN_MAX)
        return tps_yaml_fail(yaml, node, error, "more than %d files, each found by another",
                             CHAIN_MAX);
    return true;
}

static bool is_suite(TpsYaml *yaml, const yaml_node_t *root)
{
    return !tps_plan_yaml_find(yaml, root, "suites") &&
           !tps_plan_yaml_find(yaml, root, "discover") &&
           (tps_plan_yaml_find(yaml, root, "name") || tps_plan_yaml_find(yaml, root, "command") ||
            tps_plan_yaml_find(yaml, root, "framework"));
}

static bool read_fragment(TpsYaml *yaml, const yaml_node_t *root, void *target, GError **error)
{
    TpsPlanYaml *reader = target;
    guint n_suites = reader->file->suites->len;

    reader->is_empty = false;
    if (root->type == YAML_MAPPING_NODE && is_suite(yaml, root))
        return tps_plan_yaml_read_suite(yaml, root, reader, error);
    if (!tps_plan_yaml_check_fragment(yaml, root, error) ||
        !tps_plan_yaml_read_suites(yaml, root, reader, error))
        return false;
    reader->is_empty =
        reader->file->suites->len == n_suites && !tps_plan_yaml_find(yaml, root, "discover");
    return true;
}

/* `real` and `by` are taken. */
static void enter(TpsPlanYaml *reader, const char *path, char *real, char *by)
{
    Source *source = g_new0(Source, 1);

    source->path = g_strdup(path);
    source->by = by;
    g_hash_table_insert(reader->sources, real, source);
    g_ptr_array_add(reader->chain, source);
}

static bool load_fragment(const char *path, TpsPlanYaml *reader, GError **error)
{
    reader->is_empty = true; /* an empty document is not read */
    if (!tps_yaml_load(path, read_fragment, reader, error))
        return false;
    if (reader->is_empty)
        g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "%s:1:1: there is no suite in it", path);
    g_ptr_array_remove_index(reader->chain, reader->chain->len - 1);
    return !reader->is_empty;
}

static bool take_fragment(TpsYaml *yaml, const yaml_node_t *node, const char *path,
                          TpsPlanYaml *reader, GError **error)
{
    g_autofree char *real = realpath(path, NULL);

    if (!real)
        return tps_yaml_fail(yaml, node, error, "cannot find '%s' again: %s", path,
                             g_strerror(errno));
    if (!check_new(yaml, node, reader, path, real, error))
        return false;
    enter(reader, path, g_steal_pointer(&real),
          g_strdup_printf("%s:%zu:%zu", yaml->path, node->start_mark.line + 1,
                          node->start_mark.column + 1));
    return load_fragment(path, reader, error);
}

static bool read_entry(TpsYaml *yaml, const yaml_node_t *node, Entry *entry, GError **error)
{
    if (!tps_yaml_read_mapping(yaml, node, entry_keys, G_N_ELEMENTS(entry_keys), entry, error))
        return false;
    if (!entry->pattern)
        return tps_yaml_fail(yaml, node, error, "this entry has no 'pattern'");
    if (!entry->path)
        entry->path = g_strdup(".");
    return true;
}

bool tps_plan_yaml_discover(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    g_auto(Entry) entry = {0};
    g_autofree char *root = NULL;
    g_autofree char *shown_root = NULL;
    g_autoptr(GPtrArray) paths = NULL;

    if (!read_entry(yaml, node, &entry, error))
        return false;
    root = g_canonicalize_filename(entry.path, yaml->directory);
    shown_root = shown(yaml, root);
    paths = search(yaml, node, &entry, shown_root, error);
    for (guint i = 0; paths && i < paths->len; i++) {
        g_autofree char *path = g_build_filename(root, g_ptr_array_index(paths, i), NULL);
        g_autofree char *shown_path = shown(yaml, path);

        if (!take_fragment(yaml, node, shown_path, target, error))
            return false;
    }
    return paths != NULL;
}

bool tps_plan_yaml_load(TpsPlanFile *file, const char *path, TpsYamlRead read, GError **error)
{
    g_autoptr(GHashTable) sources =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, source_free);
    g_autoptr(GPtrArray) chain = g_ptr_array_new();
    TpsPlanYaml reader = {.file = file, .sources = sources, .chain = chain};
    char *real = realpath(path, NULL);

    if (real)
        enter(&reader, path, real, NULL);
    return tps_yaml_load(path, read, &reader, error);
}
