/* SPDX-License-Identifier: MIT */
#include "scenario/expect.h"
#include "scenario/file_internal.h"

#define EXIT_CODE_MAX 255

typedef struct {
    TpsScenarioText *text;
    TpsExpect *expect;
    GStrvBuilder *texts; /* of the list that is open */
} Reader;

static bool add_text(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    Reader *reader = target;
    g_autofree char *value = NULL;

    if (!tps_scenario_text(reader->text, yaml, node, &value, error))
        return false;
    g_strv_builder_add(reader->texts, value);
    return true;
}

/* One text, or a list of at least one: of none it could not be said that it does not hold. */
static bool read_texts(Reader *reader, TpsYaml *yaml, const yaml_node_t *node, char ***texts,
                       GError **error)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

    reader->texts = builder;
    if (node->type == YAML_SCALAR_NODE ? !add_text(yaml, node, reader, error)
                                       : !tps_yaml_read_list(yaml, node, add_text, reader, error))
        return false;
    g_strfreev(*texts);
    *texts = g_strv_builder_end(builder);
    return **texts || tps_yaml_fail(yaml, node, error, "this list is empty");
}

static bool read_exit_code(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    Reader *reader = target;

    return tps_yaml_read_index(yaml, node, EXIT_CODE_MAX, &reader->expect->exit_code, error);
}

static bool read_contains(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    Reader *reader = target;

    return read_texts(reader, yaml, node, &reader->expect->output_contains, error);
}

static bool read_not_contains(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    Reader *reader = target;

    return read_texts(reader, yaml, node, &reader->expect->output_not_contains, error);
}

static bool check_pattern(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    const char *pattern = tps_yaml_scalar(yaml, node, "a text", error);
    g_autoptr(GError) why = NULL;
    g_autoptr(GRegex) regex = pattern ? tps_expect_regex(pattern, &why) : NULL;

    (void)target;
    if (why)
        tps_yaml_fail(yaml, node, error, "'%s' is not a pattern: %s", pattern, why->message);
    return regex != NULL;
}

static bool read_matches(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    Reader *reader = target;

    if (!read_texts(reader, yaml, node, &reader->expect->output_matches, error))
        return false;
    if (node->type == YAML_SCALAR_NODE)
        return check_pattern(yaml, node, NULL, error);
    return tps_yaml_read_list(yaml, node, check_pattern, NULL, error);
}

static bool read_files_exist(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    Reader *reader = target;

    return read_texts(reader, yaml, node, &reader->expect->files_exist, error);
}

static bool read_files_not_exist(TpsYaml *yaml, const yaml_node_t *node, void *target,
                                 GError **error)
{
    Reader *reader = target;

    return read_texts(reader, yaml, node, &reader->expect->files_not_exist, error);
}

static bool read_dirs_exist(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    Reader *reader = target;

    return read_texts(reader, yaml, node, &reader->expect->dirs_exist, error);
}

static bool read_file(Reader *reader, TpsYaml *yaml, const yaml_node_pair_t *pair, GArray *files,
                      GError **error)
{
    TpsExpectFile file = {NULL};

    g_array_append_val(files, file);
    return tps_scenario_text(reader->text, yaml, yaml_document_get_node(&yaml->document, pair->key),
                             &g_array_index(files, TpsExpectFile, files->len - 1).path, error) &&
           read_texts(reader, yaml, yaml_document_get_node(&yaml->document, pair->value),
                      &g_array_index(files, TpsExpectFile, files->len - 1).texts, error);
}

static bool read_files(Reader *reader, TpsYaml *yaml, const yaml_node_t *node, GArray **files,
                       GError **error)
{
    if (node->type != YAML_MAPPING_NODE)
        return tps_yaml_fail(yaml, node, error, "a mapping of paths to texts is expected here");
    if (node->data.mapping.pairs.start == node->data.mapping.pairs.top)
        return tps_yaml_fail(yaml, node, error, "this mapping is empty");
    *files = tps_expect_files_new();
    for (yaml_node_pair_t *pair = node->data.mapping.pairs.start;
         pair < node->data.mapping.pairs.top; pair++)
        if (!read_file(reader, yaml, pair, *files, error))
            return false;
    return true;
}

static bool read_file_contains(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    Reader *reader = target;

    return read_files(reader, yaml, node, &reader->expect->file_contains, error);
}

static bool read_file_not_contains(TpsYaml *yaml, const yaml_node_t *node, void *target,
                                   GError **error)
{
    Reader *reader = target;

    return read_files(reader, yaml, node, &reader->expect->file_not_contains, error);
}

static const TpsYamlKey keys[] = {
    {"exit_code", read_exit_code, NULL},
    {"output_contains", read_contains, NULL},
    {"output_not_contains", read_not_contains, NULL},
    {"output_matches", read_matches, NULL},
    {"files_exist", read_files_exist, NULL},
    {"files_not_exist", read_files_not_exist, NULL},
    {"dirs_exist", read_dirs_exist, NULL},
    {"file_contains", read_file_contains, NULL},
    {"file_not_contains", read_file_not_contains, NULL},
};

bool tps_scenario_expect_read(TpsScenarioText *text, TpsYaml *yaml, const yaml_node_t *node,
                              TpsExpect *expect, GError **error)
{
    Reader reader = {.text = text, .expect = expect};

    return tps_yaml_read_mapping(yaml, node, keys, G_N_ELEMENTS(keys), &reader, error);
}
