/* SPDX-License-Identifier: MIT */
#include "scenario/file.h"

#include "scenario/file_internal.h"

#include "core/error.h"

#include <string.h>

/* A scenario has a handful of steps; a file that repeats them by YAML's aliases has millions. */
#define TEXT_MAX_BYTES (INT64_C(64) * 1024 * 1024)

/* What is read into what: the mapping that is open at each level. */
typedef struct {
    TpsScenarioText text;
    GPtrArray *scenarios;
    const char *path;
    TpsScenario *scenario;
} Reader;

bool tps_scenario_text(TpsScenarioText *text, TpsYaml *yaml, const yaml_node_t *node, char **value,
                       GError **error)
{
    if (!tps_yaml_read_text(yaml, node, value, error))
        return false;
    text->bytes += (int64_t)strlen(*value) + 1;
    return text->bytes <= TEXT_MAX_BYTES || tps_yaml_fail(yaml, node, error, "this is too much");
}

char *tps_scenario_path(const char *cwd, const char *path)
{
    g_autoptr(GPtrArray) parts = g_ptr_array_new();
    g_autofree char *both = g_strconcat(cwd, "/", path, NULL);
    g_auto(GStrv) words = g_strsplit(both, "/", -1);
    bool leaves = *path == '/';

    for (size_t i = 0; words[i] && !leaves; i++) {
        if (strcmp(words[i], "..") == 0) {
            leaves = parts->len == 0;
            if (!leaves)
                g_ptr_array_set_size(parts, (int)parts->len - 1);
        } else if (*words[i] && strcmp(words[i], ".") != 0) {
            g_ptr_array_add(parts, words[i]);
        }
    }
    if (leaves)
        return g_strdup("");
    if (parts->len == 0)
        return g_strdup(".");
    g_ptr_array_add(parts, NULL);
    return g_strjoinv("/", (char **)parts->pdata);
}

static bool read_name(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    Reader *reader = target;

    return tps_scenario_text(&reader->text, yaml, node, &reader->scenario->name, error);
}

static bool read_description(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    Reader *reader = target;

    return tps_scenario_text(&reader->text, yaml, node, &reader->scenario->description, error);
}

static bool read_env(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    Reader *reader = target;

    if (!tps_yaml_read_env(yaml, node, &reader->scenario->env, error))
        return false;
    for (char **entry = reader->scenario->env; *entry; entry++)
        reader->text.bytes += (int64_t)strlen(*entry) + 1;
    return true;
}

static bool read_step(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    Reader *reader = target;
    GPtrArray *steps = reader->scenario->steps;
    TpsStep *step = tps_scenario_step_read(&reader->text, yaml, node, (int)steps->len + 1, error);

    if (step)
        g_ptr_array_add(steps, step);
    return step != NULL;
}

static bool read_steps(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    Reader *reader = target;

    if (!tps_yaml_read_list(yaml, node, read_step, target, error))
        return false;
    return reader->scenario->steps->len > 0 ||
           tps_yaml_fail(yaml, node, error, "there are no steps");
}

static const TpsYamlKey keys[] = {
    {"name", read_name, NULL},
    {"description", read_description, NULL},
    {"env", read_env, NULL},
    {"steps", read_steps, NULL},
};

static bool read_scenario(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    Reader *reader = target;
    g_autoptr(TpsScenario) scenario = tps_scenario_new(reader->path, yaml->directory);

    scenario->line = node->start_mark.line + 1;
    reader->scenario = scenario;
    if (!tps_yaml_read_mapping(yaml, node, keys, G_N_ELEMENTS(keys), reader, error))
        return false;
    if (!scenario->name)
        return tps_yaml_fail(yaml, node, error, "this scenario has no 'name'");
    if (scenario->steps->len == 0)
        return tps_yaml_fail(yaml, node, error, "scenario '%s' has no 'steps'", scenario->name);
    g_ptr_array_add(reader->scenarios, g_steal_pointer(&scenario));
    return true;
}

static bool read_root(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    if (node->type == YAML_SEQUENCE_NODE)
        return tps_yaml_read_list(yaml, node, read_scenario, target, error);
    return read_scenario(yaml, node, target, error);
}

bool tps_scenario_file_load(const char *path, GPtrArray *scenarios, GError **error)
{
    Reader reader = {.scenarios = scenarios, .path = path};
    guint before = scenarios->len;

    if (!tps_yaml_load(path, read_root, &reader, error))
        return false;
    if (scenarios->len > before)
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "%s:1:1: there is no scenario", path);
    return false;
}
