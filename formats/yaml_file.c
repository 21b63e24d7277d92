/* SPDX-License-Identifier: MIT */
#include "formats/yaml_file.h"

#include "core/duration.h"
#include "core/error.h"
#include "core/suite.h"
#include "formats/files.h"

#include <glib/gstdio.h>
#include <string.h>

/* Programs write plan files of 100,000 suites; whatever is larger is the wrong file. */
#define FILE_MAX_BYTES (16 * 1024 * 1024)
#define DEPTH_MAX 64

static bool fail_at(const char *path, yaml_mark_t mark, GError **error, const char *what)
{
    g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "%s:%zu:%zu: %s", path, mark.line + 1,
                mark.column + 1, what);
    return false;
}

bool tps_yaml_fail(const TpsYaml *yaml, const yaml_node_t *node, GError **error, const char *format,
                   ...)
{
    g_autofree char *what = NULL;
    va_list arguments;

    va_start(arguments, format);
    what = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    return fail_at(yaml->path, node->start_mark, error, what);
}

const char *tps_yaml_scalar(const TpsYaml *yaml, const yaml_node_t *node, const char *what,
                            GError **error)
{
    const char *text = (const char *)node->data.scalar.value;

    if (node->type != YAML_SCALAR_NODE) {
        tps_yaml_fail(yaml, node, error, "%s is expected here", what);
        return NULL;
    }
    if (strlen(text) != node->data.scalar.length) {
        tps_yaml_fail(yaml, node, error, "a NUL character is not allowed");
        return NULL;
    }
    return text;
}

bool tps_yaml_read_text(TpsYaml *yaml, const yaml_node_t *node, char **text, GError **error)
{
    const char *value = tps_yaml_scalar(yaml, node, "a text", error);

    if (!value)
        return false;
    if (!*value)
        return tps_yaml_fail(yaml, node, error,
                             "a text is expected here, and it must not be empty");
    g_free(*text);
    *text = g_strdup(value);
    return true;
}

static bool read_whole(TpsYaml *yaml, const yaml_node_t *node, int min, int max, int *number,
                       GError **error)
{
    const char *value = tps_yaml_scalar(yaml, node, "a whole number", error);
    guint64 parsed;

    if (!value)
        return false;
    if (!g_ascii_string_to_unsigned(value, 10, (guint64)min, (guint64)max, &parsed, NULL))
        return tps_yaml_fail(yaml, node, error, "'%s' is not a whole number from %d to %d", value,
                             min, max);
    *number = (int)parsed;
    return true;
}

bool tps_yaml_read_number(TpsYaml *yaml, const yaml_node_t *node, int max, int *number,
                          GError **error)
{
    return read_whole(yaml, node, 1, max, number, error);
}

bool tps_yaml_read_index(TpsYaml *yaml, const yaml_node_t *node, int max, int *number,
                         GError **error)
{
    return read_whole(yaml, node, 0, max, number, error);
}

bool tps_yaml_read_bool(TpsYaml *yaml, const yaml_node_t *node, bool *value, GError **error)
{
    const char *text = tps_yaml_scalar(yaml, node, "true or false", error);

    if (!text)
        return false;
    if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
        return tps_yaml_fail(yaml, node, error, "'%s' is not true or false", text);
    *value = strcmp(text, "true") == 0;
    return true;
}

bool tps_yaml_read_number_or_auto(TpsYaml *yaml, const yaml_node_t *node, int max, int *number,
                                  GError **error)
{
    const char *value = tps_yaml_scalar(yaml, node, "'auto' or a whole number", error);

    if (!value)
        return false;
    if (strcmp(value, "auto") != 0)
        return tps_yaml_read_number(yaml, node, max, number, error);
    *number = TPS_AUTO;
    return true;
}

bool tps_yaml_read_duration(TpsYaml *yaml, const yaml_node_t *node, int64_t *us, GError **error)
{
    g_autoptr(GError) why = NULL;
    const char *value = tps_yaml_scalar(yaml, node, "a duration", error);
    int64_t parsed;

    if (!value)
        return false;
    if (!tps_duration_parse(value, &parsed, &why))
        return tps_yaml_fail(yaml, node, error, "%s", why->message);
    if (parsed == 0)
        return tps_yaml_fail(yaml, node, error, "a duration longer than zero is expected here");
    *us = parsed;
    return true;
}

bool tps_yaml_read_duration_or_auto(TpsYaml *yaml, const yaml_node_t *node, int64_t *us,
                                    GError **error)
{
    const char *value = tps_yaml_scalar(yaml, node, "'auto' or a duration", error);

    if (!value)
        return false;
    if (strcmp(value, "auto") != 0)
        return tps_yaml_read_duration(yaml, node, us, error);
    *us = TPS_AUTO;
    return true;
}

bool tps_yaml_read_list(TpsYaml *yaml, const yaml_node_t *node, TpsYamlRead read, void *target,
                        GError **error)
{
    if (node->type != YAML_SEQUENCE_NODE)
        return tps_yaml_fail(yaml, node, error, "a list is expected here");
    for (yaml_node_item_t *item = node->data.sequence.items.start;
         item < node->data.sequence.items.top; item++)
        if (!read(yaml, yaml_document_get_node(&yaml->document, *item), target, error))
            return false;
    return true;
}

static bool add_word(TpsYaml *yaml, const yaml_node_t *node, void *builder, GError **error)
{
    const char *word = tps_yaml_scalar(yaml, node, "a text", error);

    if (word)
        g_strv_builder_add(builder, word);
    return word != NULL;
}

static bool split_words(TpsYaml *yaml, const yaml_node_t *node, char ***words, GError **error)
{
    g_autoptr(GError) why = NULL;
    const char *text = tps_yaml_scalar(yaml, node, "a text", error);

    if (!text)
        return false;
    if (g_shell_parse_argv(text, NULL, words, &why))
        return true;
    return tps_yaml_fail(yaml, node, error, "cannot split into words: %s", why->message);
}

bool tps_yaml_read_words(TpsYaml *yaml, const yaml_node_t *node, char ***words, GError **error)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

    g_clear_pointer(words, g_strfreev);
    if (node->type == YAML_SCALAR_NODE)
        return split_words(yaml, node, words, error);
    if (node->type != YAML_SEQUENCE_NODE)
        return tps_yaml_fail(yaml, node, error, "a text or a list of texts is expected here");
    if (!tps_yaml_read_list(yaml, node, add_word, builder, error))
        return false;
    *words = g_strv_builder_end(builder);
    return true;
}

bool tps_yaml_read_texts(TpsYaml *yaml, const yaml_node_t *node, char ***texts, GError **error)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    bool one = node->type == YAML_SCALAR_NODE;

    if (!one && node->type != YAML_SEQUENCE_NODE)
        return tps_yaml_fail(yaml, node, error, "a text or a list of texts is expected here");
    if (!(one ? add_word(yaml, node, builder, error)
              : tps_yaml_read_list(yaml, node, add_word, builder, error)))
        return false;
    g_strfreev(*texts);
    *texts = g_strv_builder_end(builder);
    return true;
}

/* NAME: null, as it is written plainly. */
static bool is_null(const yaml_node_t *node)
{
    const char *text = (const char *)node->data.scalar.value;

    return node->type == YAML_SCALAR_NODE && node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
           (strcmp(text, "null") == 0 || strcmp(text, "~") == 0);
}

static bool add_variable(TpsYaml *yaml, const yaml_node_pair_t *pair, TpsYamlCheck check,
                         const void *user, GStrvBuilder *builder, GError **error)
{
    const yaml_node_t *name_node = yaml_document_get_node(&yaml->document, pair->key);
    const yaml_node_t *value_node = yaml_document_get_node(&yaml->document, pair->value);
    const char *name = tps_yaml_scalar(yaml, name_node, "a name", error);
    const char *value = name ? tps_yaml_scalar(yaml, value_node, "a text", error) : NULL;
    g_autofree char *entry = NULL;

    if (!value || (check && !check(yaml, value_node, value, user, error)))
        return false;
    if (!*name || strchr(name, '='))
        return tps_yaml_fail(yaml, name_node, error, "not the name of an environment variable");
    entry = check && is_null(value_node) ? g_strdup(name) : g_strconcat(name, "=", value, NULL);
    g_strv_builder_add(builder, entry);
    return true;
}

bool tps_yaml_read_env_checked(TpsYaml *yaml, const yaml_node_t *node, TpsYamlCheck check,
                               const void *user, char ***env, GError **error)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

    if (node->type != YAML_MAPPING_NODE)
        return tps_yaml_fail(yaml, node, error, "a mapping of names to values is expected here");
    for (yaml_node_pair_t *pair = node->data.mapping.pairs.start;
         pair < node->data.mapping.pairs.top; pair++)
        if (!add_variable(yaml, pair, check, user, builder, error))
            return false;
    g_strfreev(*env);
    *env = g_strv_builder_end(builder);
    return true;
}

bool tps_yaml_read_env(TpsYaml *yaml, const yaml_node_t *node, char ***env, GError **error)
{
    return tps_yaml_read_env_checked(yaml, node, NULL, NULL, env, error);
}

static const char **key_names(const TpsYamlKey *keys, size_t n_keys)
{
    const char **names = g_new0(const char *, n_keys + 1);

    for (size_t i = 0; i < n_keys; i++)
        names[i] = keys[i].name;
    return names;
}

static bool fail_unknown(const TpsYaml *yaml, const yaml_node_t *node, const char *name,
                         const TpsYamlKey *keys, size_t n_keys, GError **error)
{
    g_autofree const char **names = key_names(keys, n_keys);
    const char *meant = tps_nearest_word(name, names);
    g_autofree char *known = NULL;

    if (meant)
        return tps_yaml_fail(yaml, node, error, "unknown key '%s'; did you mean '%s'?", name,
                             meant);
    known = g_strjoinv(", ", (char **)names);
    return tps_yaml_fail(yaml, node, error, "unknown key '%s'; known are %s", name, known);
}

static const TpsYamlKey *find_key(const TpsYamlKey *keys, size_t n_keys, const char *name)
{
    g_autofree char *spelt = g_strdelimit(g_strdup(name), "-", '_');

    for (size_t i = 0; i < n_keys; i++)
        if (strcmp(keys[i].name, spelt) == 0)
            return &keys[i];
    return NULL;
}

static bool read_pair(TpsYaml *yaml, const yaml_node_pair_t *pair, const TpsYamlKey *keys,
                      size_t n_keys, GHashTable *seen, void *target, GError **error)
{
    const yaml_node_t *key_node = yaml_document_get_node(&yaml->document, pair->key);
    const yaml_node_t *value = yaml_document_get_node(&yaml->document, pair->value);
    const char *name = tps_yaml_scalar(yaml, key_node, "a key", error);
    const TpsYamlKey *key;

    if (!name)
        return false;
    key = find_key(keys, n_keys, name);
    if (!key)
        return fail_unknown(yaml, key_node, name, keys, n_keys, error);
    if (!key->read)
        return tps_yaml_fail(yaml, key_node, error, "'%s' %s", name, key->refused);
    if (!g_hash_table_add(seen, (void *)key->name))
        return tps_yaml_fail(yaml, key_node, error, "'%s' is given twice", name);
    return key->read(yaml, value, target, error);
}

bool tps_yaml_read_mapping(TpsYaml *yaml, const yaml_node_t *node, const TpsYamlKey *keys,
                           size_t n_keys, void *target, GError **error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

    if (node->type != YAML_MAPPING_NODE)
        return tps_yaml_fail(yaml, node, error, "a mapping of keys to values is expected here");
    for (yaml_node_pair_t *pair = node->data.mapping.pairs.start;
         pair < node->data.mapping.pairs.top; pair++)
        if (!read_pair(yaml, pair, keys, n_keys, seen, target, error))
            return false;
    return true;
}

/* How a token changes the nesting. */
static int nesting(yaml_token_type_t type)
{
    if (type == YAML_FLOW_SEQUENCE_START_TOKEN || type == YAML_FLOW_MAPPING_START_TOKEN ||
        type == YAML_BLOCK_SEQUENCE_START_TOKEN || type == YAML_BLOCK_MAPPING_START_TOKEN)
        return 1;
    if (type == YAML_FLOW_SEQUENCE_END_TOKEN || type == YAML_FLOW_MAPPING_END_TOKEN ||
        type == YAML_BLOCK_END_TOKEN)
        return -1;
    return 0;
}

/*
 * libyaml looks at every open bracket again for each token: a hundred thousand of them take a
 * minute. So they are counted first, and no further than they may go.
 */
static bool check_depth(const char *text, size_t length, const char *path, GError **error)
{
    yaml_parser_t parser;
    int depth = 0;
    bool more = true;

    if (!yaml_parser_initialize(&parser))
        g_error("out of memory");
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
    while (more && depth <= DEPTH_MAX) {
        yaml_token_t token;

        if (!yaml_parser_scan(&parser, &token))
            break; /* what is wrong is said when it is parsed */
        depth += nesting(token.type);
        more = token.type != YAML_STREAM_END_TOKEN;
        if (depth > DEPTH_MAX)
            fail_at(path, token.start_mark, error, "nested too deeply");
        yaml_token_delete(&token);
    }
    yaml_parser_delete(&parser);
    return depth <= DEPTH_MAX;
}

static bool fail_parse(const yaml_parser_t *parser, const char *path, GError **error)
{
    g_autofree char *what =
        g_strdup_printf("not YAML: %s", parser->problem ? parser->problem : "it can't be read");

    return fail_at(path, parser->problem_mark, error, what);
}

static bool parse(TpsYaml *yaml, yaml_parser_t *parser, TpsYamlRead read, void *target,
                  GError **error)
{
    const yaml_node_t *root;
    bool ok;

    if (!yaml_parser_load(parser, &yaml->document))
        return fail_parse(parser, yaml->path, error);
    root = yaml_document_get_root_node(&yaml->document);
    ok = !root || read(yaml, root, target, error);
    yaml_document_delete(&yaml->document);
    return ok;
}

static bool fail_size(const char *path, GError **error)
{
    g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "'%s' is too large for such a file", path);
    return false;
}

bool tps_yaml_parse(const char *path, const char *text, size_t length, TpsYamlRead read,
                    void *target, GError **error)
{
    g_autofree char *absolute = g_canonicalize_filename(path, NULL);
    g_autofree char *directory = g_path_get_dirname(absolute);
    TpsYaml yaml = {.path = path, .directory = directory};
    yaml_parser_t parser;
    bool ok;

    if (length > FILE_MAX_BYTES)
        return fail_size(path, error); /* it was a pipe */
    if (!check_depth(text, length, path, error))
        return false;
    if (!yaml_parser_initialize(&parser))
        g_error("out of memory");
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
    ok = parse(&yaml, &parser, read, target, error);
    yaml_parser_delete(&parser);
    return ok;
}

bool tps_yaml_load(const char *path, TpsYamlRead read, void *target, GError **error)
{
    g_autofree char *text = NULL;
    GStatBuf info;
    gsize length;

    /* Asked first: a file of gigabytes is not read to find that it is too large. */
    if (g_stat(path, &info) == 0 && info.st_size > FILE_MAX_BYTES)
        return fail_size(path, error);
    return tps_file_read(path, &text, &length, error) &&
           tps_yaml_parse(path, text, length, read, target, error);
}
