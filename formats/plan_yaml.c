/* SPDX-License-Identifier: MIT */
#include "formats/plan_yaml.h"

#include "core/duration.h"
#include "core/error.h"
#include "core/plan.h"
#include "formats/files.h"

#include <string.h>
#include <yaml.h>

/* A plan file is written by people; whatever is larger is the wrong file. */
#define FILE_MAX_BYTES (16 * 1024 * 1024)
#define POOL_SIZE_MAX 65536
#define PARTS_MAX 1000000

typedef struct {
    yaml_document_t document;
    const char *path;
    const char *directory; /* of the file: what relative paths start from */
} Reader;

typedef bool (*KeyReader)(Reader *reader, const yaml_node_t *value, void *target, GError **error);

/* One key of a mapping: how it is read, or why it is refused. */
typedef struct {
    const char *name;
    KeyReader read;
    const char *refused;
} Key;

static bool fail_at(const Reader *reader, const yaml_mark_t *mark, GError **error,
                    const char *format, ...) G_GNUC_PRINTF(4, 5);

static bool fail_at(const Reader *reader, const yaml_mark_t *mark, GError **error,
                    const char *format, ...)
{
    g_autofree char *what = NULL;
    va_list arguments;

    va_start(arguments, format);
    what = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "%s:%zu:%zu: %s", reader->path, mark->line + 1,
                mark->column + 1, what);
    return false;
}

static bool fail(const Reader *reader, const yaml_node_t *node, GError **error, const char *what)
{
    return fail_at(reader, &node->start_mark, error, "%s", what);
}

/* The text of a scalar, borrowed, or NULL and an error. */
static const char *scalar(const Reader *reader, const yaml_node_t *node, const char *what,
                          GError **error)
{
    const char *text = (const char *)node->data.scalar.value;

    if (node->type != YAML_SCALAR_NODE) {
        fail_at(reader, &node->start_mark, error, "%s is expected here", what);
        return NULL;
    }
    if (strlen(text) != node->data.scalar.length) {
        fail(reader, node, error, "a NUL character is not allowed");
        return NULL;
    }
    return text;
}

static bool is_auto(const char *text)
{
    return strcmp(text, "auto") == 0;
}

static bool read_text(Reader *reader, const yaml_node_t *node, char **text, GError **error)
{
    const char *value = scalar(reader, node, "a text", error);

    if (!value)
        return false;
    if (!*value)
        return fail(reader, node, error, "a text is expected here, and it must not be empty");
    g_free(*text);
    *text = g_strdup(value);
    return true;
}

static bool read_number(Reader *reader, const yaml_node_t *node, int max, int *number,
                        GError **error)
{
    const char *value = scalar(reader, node, "a whole number", error);
    guint64 parsed;

    if (!value)
        return false;
    if (!g_ascii_string_to_unsigned(value, 10, 1, (guint64)max, &parsed, NULL))
        return fail_at(reader, &node->start_mark, error, "'%s' is not a whole number from 1 to %d",
                       value, max);
    *number = (int)parsed;
    return true;
}

static bool read_number_or_auto(Reader *reader, const yaml_node_t *node, int max, int *number,
                                GError **error)
{
    const char *value = scalar(reader, node, "'auto' or a whole number", error);

    if (!value)
        return false;
    if (is_auto(value)) {
        *number = TPS_AUTO;
        return true;
    }
    return read_number(reader, node, max, number, error);
}

static bool read_duration(Reader *reader, const yaml_node_t *node, int64_t *us, GError **error)
{
    g_autoptr(GError) why = NULL;
    const char *value = scalar(reader, node, "a duration", error);
    int64_t parsed;

    if (!value)
        return false;
    if (!tps_duration_parse(value, &parsed, &why))
        return fail(reader, node, error, why->message);
    if (parsed == 0)
        return fail(reader, node, error, "a duration longer than zero is expected here");
    *us = parsed;
    return true;
}

static bool read_duration_or_auto(Reader *reader, const yaml_node_t *node, int64_t *us,
                                  GError **error)
{
    const char *value = scalar(reader, node, "'auto' or a duration", error);

    if (!value)
        return false;
    if (is_auto(value)) {
        *us = TPS_AUTO;
        return true;
    }
    return read_duration(reader, node, us, error);
}

/* A list of texts, or one text split into words by the quoting rules of a shell. */
static bool read_words(Reader *reader, const yaml_node_t *node, char ***words, GError **error)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_autoptr(GError) why = NULL;

    g_clear_pointer(words, g_strfreev);
    if (node->type == YAML_SCALAR_NODE) {
        const char *text = scalar(reader, node, "a text", error);

        if (!text)
            return false;
        if (!g_shell_parse_argv(text, NULL, words, &why))
            return fail_at(reader, &node->start_mark, error, "cannot split into words: %s",
                           why->message);
        return true;
    }
    if (node->type != YAML_SEQUENCE_NODE)
        return fail(reader, node, error, "a text or a list of texts is expected here");
    for (yaml_node_item_t *item = node->data.sequence.items.start;
         item < node->data.sequence.items.top; item++) {
        const char *word =
            scalar(reader, yaml_document_get_node(&reader->document, *item), "a text", error);

        if (!word)
            return false;
        g_strv_builder_add(builder, word);
    }
    *words = g_strv_builder_end(builder);
    return true;
}

static const char **key_names(const Key *keys, size_t n_keys)
{
    const char **names = g_new0(const char *, n_keys + 1);

    for (size_t i = 0; i < n_keys; i++)
        names[i] = keys[i].name;
    return names;
}

static bool fail_unknown(const Reader *reader, const yaml_node_t *node, const char *name,
                         const Key *keys, size_t n_keys, GError **error)
{
    g_autofree const char **names = key_names(keys, n_keys);
    const char *meant = tps_nearest_word(name, names);
    g_autofree char *known = NULL;

    if (meant)
        return fail_at(reader, &node->start_mark, error, "unknown key '%s'; did you mean '%s'?",
                       name, meant);
    known = g_strjoinv(", ", (char **)names);
    return fail_at(reader, &node->start_mark, error, "unknown key '%s'; known are %s", name, known);
}

static const Key *find_key(const Key *keys, size_t n_keys, const char *name)
{
    for (size_t i = 0; i < n_keys; i++)
        if (strcmp(keys[i].name, name) == 0)
            return &keys[i];
    return NULL;
}

static bool read_pair(Reader *reader, const yaml_node_pair_t *pair, const Key *keys, size_t n_keys,
                      GHashTable *seen, void *target, GError **error)
{
    const yaml_node_t *key_node = yaml_document_get_node(&reader->document, pair->key);
    const yaml_node_t *value = yaml_document_get_node(&reader->document, pair->value);
    const char *name = scalar(reader, key_node, "a key", error);
    const Key *key;

    if (!name)
        return false;
    key = find_key(keys, n_keys, name);
    if (!key)
        return fail_unknown(reader, key_node, name, keys, n_keys, error);
    if (!key->read)
        return fail_at(reader, &key_node->start_mark, error, "'%s' %s", name, key->refused);
    if (!g_hash_table_add(seen, (void *)key->name))
        return fail_at(reader, &key_node->start_mark, error, "'%s' is given twice", name);
    return key->read(reader, value, target, error);
}

static bool read_mapping(Reader *reader, const yaml_node_t *node, const Key *keys, size_t n_keys,
                         void *target, GError **error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

    if (node->type != YAML_MAPPING_NODE)
        return fail(reader, node, error, "a mapping of keys to values is expected here");
    for (yaml_node_pair_t *pair = node->data.mapping.pairs.start;
         pair < node->data.mapping.pairs.top; pair++)
        if (!read_pair(reader, pair, keys, n_keys, seen, target, error))
            return false;
    return true;
}

/* The keys of a suite. */

static bool suite_name(Reader *reader, const yaml_node_t *node, void *target, GError **error)
{
    return read_text(reader, node, &((TpsSuite *)target)->name, error);
}

static bool suite_framework(Reader *reader, const yaml_node_t *node, void *target, GError **error)
{
    return read_text(reader, node, &((TpsSuite *)target)->framework, error);
}

static bool suite_path(Reader *reader, const yaml_node_t *node, void *target, GError **error)
{
    return read_text(reader, node, &((TpsSuite *)target)->path, error);
}

static bool suite_command(Reader *reader, const yaml_node_t *node, void *target, GError **error)
{
    TpsSuite *suite = target;

    if (!read_words(reader, node, &suite->command, error))
        return false;
    if (!suite->command[0] || !*suite->command[0])
        return fail(reader, node, error, "a program is expected here");
    return true;
}

static bool suite_args(Reader *reader, const yaml_node_t *node, void *target, GError **error)
{
    return read_words(reader, node, &((TpsSuite *)target)->args, error);
}

static bool suite_cwd(Reader *reader, const yaml_node_t *node, void *target, GError **error)
{
    TpsSuite *suite = target;
    g_autofree char *relative = NULL;

    if (!read_text(reader, node, &relative, error))
        return false;
    g_free(suite->cwd);
    suite->cwd = g_canonicalize_filename(relative, reader->directory);
    return true;
}

static bool suite_env(Reader *reader, const yaml_node_t *node, void *target, GError **error)
{
    TpsSuite *suite = target;
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

    if (node->type != YAML_MAPPING_NODE)
        return fail(reader, node, error, "a mapping of names to values is expected here");
    for (yaml_node_pair_t *pair = node->data.mapping.pairs.start;
         pair < node->data.mapping.pairs.top; pair++) {
        const yaml_node_t *name_node = yaml_document_get_node(&reader->document, pair->key);
        const yaml_node_t *value_node = yaml_document_get_node(&reader->document, pair->value);
        const char *name = scalar(reader, name_node, "a name", error);
        const char *value = name ? scalar(reader, value_node, "a text", error) : NULL;
        g_autofree char *entry = NULL;

        if (!value)
            return false;
        if (!*name || strchr(name, '='))
            return fail(reader, name_node, error, "not the name of an environment variable");
        entry = g_strconcat(name, "=", value, NULL);
        g_strv_builder_add(builder, entry);
    }
    g_strfreev(suite->env);
    suite->env = g_strv_builder_end(builder);
    return true;
}

static bool suite_timeout(Reader *reader, const yaml_node_t *node, void *target, GError **error)
{
    return read_duration(reader, node, &((TpsSuite *)target)->timeout_us, error);
}

static bool suite_weight(Reader *reader, const yaml_node_t *node, void *target, GError **error)
{
    return read_duration(reader, node, &((TpsSuite *)target)->weight_us, error);
}

static bool suite_parts(Reader *reader, const yaml_node_t *node, void *target, GError **error)
{
    return read_number_or_auto(reader, node, PARTS_MAX, &((TpsSuite *)target)->parts, error);
}

static bool suite_unit(Reader *reader, const yaml_node_t *node, void *target, GError **error)
{
    const char *name = scalar(reader, node, "testcase, class or file", error);

    if (!name)
        return false;
    if (!tps_unit_parse(name, &((TpsSuite *)target)->unit))
        return fail_at(reader, &node->start_mark, error,
                       "'%s' is not a unit; it is testcase, class or file", name);
    return true;
}

#define NOT_YET "is not supported by this version"

static const Key suite_keys[] = {
    {"name", suite_name, NULL},     {"framework", suite_framework, NULL},
    {"path", suite_path, NULL},     {"command", suite_command, NULL},
    {"args", suite_args, NULL},     {"cwd", suite_cwd, NULL},
    {"env", suite_env, NULL},       {"timeout", suite_timeout, NULL},
    {"weight", suite_weight, NULL}, {"parts", suite_parts, NULL},
    {"unit", suite_unit, NULL},     {"rerun", NULL, NOT_YET},
    {"locks", NULL, NOT_YET},
};

static bool check_suite(const Reader *reader, const yaml_node_t *node, TpsSuite *suite,
                        const TpsPlanFile *file, GError **error)
{
    if (!suite->name)
        return fail(reader, node, error, "this suite has no 'name'");
    if (tps_plan_file_find(file, suite->name))
        return fail_at(reader, &node->start_mark, error, "there are two suites named '%s'",
                       suite->name);
    if (!suite->framework && !suite->command)
        return fail_at(reader, &node->start_mark, error,
                       "suite '%s' has neither 'framework' nor 'command'", suite->name);
    if (!suite->framework)
        suite->framework = g_strdup("command");
    return true;
}

static bool read_suite(Reader *reader, const yaml_node_t *node, TpsPlanFile *file, GError **error)
{
    g_autoptr(TpsSuite) suite = tps_suite_new(NULL, NULL);

    g_free(suite->cwd);
    suite->cwd = g_strdup(reader->directory);
    if (!read_mapping(reader, node, suite_keys, G_N_ELEMENTS(suite_keys), suite, error) ||
        !check_suite(reader, node, suite, file, error))
        return false;
    g_ptr_array_add(file->suites, g_steal_pointer(&suite));
    return true;
}

/* The keys of the pool. */

static bool pool_type(Reader *reader, const yaml_node_t *node, void *target, GError **error)
{
    const char *type = scalar(reader, node, "a pool type", error);

    (void)target;
    if (!type)
        return false;
    if (strcmp(type, "local") != 0)
        return fail_at(reader, &node->start_mark, error, "pool type '%s' " NOT_YET "; 'local' is",
                       type);
    return true;
}

static bool pool_size(Reader *reader, const yaml_node_t *node, void *target, GError **error)
{
    return read_number_or_auto(reader, node, POOL_SIZE_MAX, &((TpsPlanFile *)target)->pool_size,
                               error);
}

static bool pool_max_size(Reader *reader, const yaml_node_t *node, void *target, GError **error)
{
    return read_number(reader, node, POOL_SIZE_MAX, &((TpsPlanFile *)target)->pool_max_size, error);
}

static const Key pool_keys[] = {
    {"type", pool_type, NULL},
    {"size", pool_size, NULL},
    {"max_size", pool_max_size, NULL},
};

/* The keys of the file. */

static bool file_name(Reader *reader, const yaml_node_t *node, void *target, GError **error)
{
    return read_text(reader, node, &((TpsPlanFile *)target)->name, error);
}

static bool file_target(Reader *reader, const yaml_node_t *node, void *target, GError **error)
{
    return read_duration_or_auto(reader, node, &((TpsPlanFile *)target)->target_us, error);
}

static bool file_limit(Reader *reader, const yaml_node_t *node, void *target, GError **error)
{
    return read_duration_or_auto(reader, node, &((TpsPlanFile *)target)->limit_us, error);
}

static bool file_pool(Reader *reader, const yaml_node_t *node, void *target, GError **error)
{
    return read_mapping(reader, node, pool_keys, G_N_ELEMENTS(pool_keys), target, error);
}

static bool file_suites(Reader *reader, const yaml_node_t *node, void *target, GError **error)
{
    if (node->type != YAML_SEQUENCE_NODE)
        return fail(reader, node, error, "a list of suites is expected here");
    for (yaml_node_item_t *item = node->data.sequence.items.start;
         item < node->data.sequence.items.top; item++)
        if (!read_suite(reader, yaml_document_get_node(&reader->document, *item), target, error))
            return false;
    return true;
}

static const Key file_keys[] = {
    {"name", file_name, NULL},
    {"plan_runtime_target", file_target, NULL},
    {"auto_part_runtime_limit", file_limit, NULL},
    {"pool", file_pool, NULL},
    {"suites", file_suites, NULL},
    {"discover", NULL, NOT_YET},
};

static bool read_document(Reader *reader, TpsPlanFile *file, GError **error)
{
    const yaml_node_t *root = yaml_document_get_root_node(&reader->document);

    if (root && !read_mapping(reader, root, file_keys, G_N_ELEMENTS(file_keys), file, error))
        return false;
    if (file->suites->len == 0) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "%s:1:1: there is no suite in it",
                    reader->path);
        return false;
    }
    return true;
}

static bool parse_failed(const yaml_parser_t *parser, const char *path, GError **error)
{
    yaml_mark_t mark = parser->problem_mark;

    g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "%s:%zu:%zu: not YAML: %s", path, mark.line + 1,
                mark.column + 1, parser->problem ? parser->problem : "it can't be read");
    return false;
}

static bool parse(const char *text, size_t length, Reader *reader, TpsPlanFile *file,
                  GError **error)
{
    yaml_parser_t parser;
    bool loaded;
    bool ok;

    if (!yaml_parser_initialize(&parser))
        g_error("out of memory");
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
    loaded = yaml_parser_load(&parser, &reader->document);
    ok = loaded ? read_document(reader, file, error) : parse_failed(&parser, reader->path, error);
    if (loaded)
        yaml_document_delete(&reader->document);
    yaml_parser_delete(&parser);
    return ok;
}

TpsPlanFile *tps_plan_file_load(const char *path, GError **error)
{
    g_autoptr(TpsPlanFile) file = tps_plan_file_new();
    g_autofree char *text = NULL;
    g_autofree char *absolute = g_canonicalize_filename(path, NULL);
    g_autofree char *directory = g_path_get_dirname(absolute);
    Reader reader = {.path = path, .directory = directory};
    gsize length;

    if (!tps_file_read(path, &text, &length, error))
        return NULL;
    if (length > FILE_MAX_BYTES) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "'%s' is too large for a plan file", path);
        return NULL;
    }
    file->file = g_strdup(path);
    if (!parse(text, length, &reader, file, error))
        return NULL;
    if (!file->name)
        file->name = g_path_get_basename(directory);
    return g_steal_pointer(&file);
}
