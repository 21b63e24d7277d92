/* SPDX-License-Identifier: MIT */
#include "core/artifact.h"
#include "formats/plan_yaml_internal.h"

#include <string.h>

/* While one rule is read. */
typedef struct {
    char *pattern;
    bool required;
} Rule;

/* What it finds is copied below the report directory under the same path. */
static bool read_pattern(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    Rule *rule = target;
    const char *pattern = tps_yaml_scalar(yaml, node, "a glob", error);
    const char *relative = pattern && g_str_has_prefix(pattern, "./") ? pattern + 2 : pattern;

    if (!pattern)
        return false;
    if (!tps_path_is_inner(relative))
        return tps_yaml_fail(yaml, node, error,
                             "'%s' is no path of files below the suite's directory", pattern);
    g_free(rule->pattern);
    rule->pattern = g_strdup(relative);
    return true;
}

static bool read_required(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    return tps_yaml_read_bool(yaml, node, &((Rule *)target)->required, error);
}

static const TpsYamlKey rule_keys[] = {
    {"path", read_pattern, NULL},
    {"required", read_required, NULL},
};

/* A glob, or a mapping of it. */
static bool read_rule(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    TpsSuite *suite = target;
    Rule rule = {0};
    bool read =
        node->type == YAML_MAPPING_NODE
            ? tps_yaml_read_mapping(yaml, node, rule_keys, G_N_ELEMENTS(rule_keys), &rule, error)
            : read_pattern(yaml, node, &rule, error);

    if (read && rule.pattern)
        tps_artifact_rules_add(suite->artifacts, rule.pattern, rule.required);
    else if (read)
        read = tps_yaml_fail(yaml, node, error, "an artifact needs 'path'");
    read = read && rule.pattern;
    g_free(rule.pattern);
    return read;
}

bool tps_plan_yaml_artifacts(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    g_ptr_array_set_size(((TpsSuite *)target)->artifacts, 0);
    return node->type == YAML_SCALAR_NODE
               ? read_rule(yaml, node, target, error)
               : tps_yaml_read_list(yaml, node, read_rule, target, error);
}
