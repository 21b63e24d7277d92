/* SPDX-License-Identifier: MIT */
#include "formats/plan_yaml.h"

#include "core/error.h"
#include "formats/plan_yaml_internal.h"

#include <string.h>

#define POOL_SIZE_MAX 65536
#define RERUN_BUDGET_MAX 1000000000
/* Not its directory: the same files give the same plan, wherever they are checked out. */
#define DEFAULT_NAME "tpsched"

/* The keys of the pool. */

static bool pool_type(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    const char *type = tps_yaml_scalar(yaml, node, "a pool type", error);

    (void)target;
    if (!type)
        return false;
    if (strcmp(type, "local") != 0)
        return tps_yaml_fail(yaml, node, error,
                             "pool type '%s' " TPS_PLAN_YAML_NOT_YET "; 'local' is", type);
    return true;
}

static bool pool_size(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    return tps_yaml_read_number_or_auto(yaml, node, POOL_SIZE_MAX,
                                        &((TpsPlanFile *)target)->pool_size, error);
}

static bool pool_max_size(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    return tps_yaml_read_number(yaml, node, POOL_SIZE_MAX, &((TpsPlanFile *)target)->pool_max_size,
                                error);
}

static bool pool_elastic(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    return tps_yaml_read_bool(yaml, node, &((TpsPlanFile *)target)->pool_elastic, error);
}

static bool pool_rerun(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    return tps_yaml_read_bool(yaml, node, &((TpsPlanFile *)target)->pool_rerun, error);
}

static bool pool_isolate(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    const char *text = tps_yaml_scalar(yaml, node, "a word", error);

    if (!text)
        return false;
    return tps_isolation_parse(text, &((TpsPlanFile *)target)->isolation) ||
           tps_yaml_fail(yaml, node, error, "'isolate' is none, pid, cgroup or auto");
}

static const TpsYamlKey pool_keys[] = {
    {"type", pool_type, NULL},
    {"size", pool_size, NULL},
    {"max_size", pool_max_size, NULL},
    {"elastic", pool_elastic, NULL},
    {"allow_task_rerun", pool_rerun, NULL},
    {"isolate", pool_isolate, NULL},
};

/* The keys of the file. */

static bool file_name(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    return tps_yaml_read_text(yaml, node, &((TpsPlanFile *)target)->name, error);
}

static bool file_target(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    return tps_yaml_read_duration_or_auto(yaml, node, &((TpsPlanFile *)target)->target_us, error);
}

static bool file_limit(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    return tps_yaml_read_duration_or_auto(yaml, node, &((TpsPlanFile *)target)->limit_us, error);
}

static bool file_pool(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    return tps_yaml_read_mapping(yaml, node, pool_keys, G_N_ELEMENTS(pool_keys), target, error);
}

static bool file_rerun_budget(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    return tps_yaml_read_index(yaml, node, RERUN_BUDGET_MAX, &((TpsPlanFile *)target)->rerun_budget,
                               error);
}

static const TpsYamlKey file_keys[] = {
    {"name", file_name, NULL},
    {"plan_runtime_target", file_target, NULL},
    {"auto_part_runtime_limit", file_limit, NULL},
    {"rerun_budget", file_rerun_budget, NULL},
    {"pool", file_pool, NULL},
    {"resources", tps_plan_yaml_resources, NULL},
    {"plan_timeout", tps_plan_yaml_timeout, NULL},
    {"setup", tps_plan_yaml_setup, NULL},
    {"setup_timeout", tps_plan_yaml_setup_timeout, NULL},
    {"teardown", tps_plan_yaml_teardown, NULL},
    {"teardown_timeout", tps_plan_yaml_teardown_timeout, NULL},
    {"suites", tps_plan_yaml_later, NULL},
    {"discover", tps_plan_yaml_later, NULL},
};

bool tps_plan_yaml_check_fragment(TpsYaml *yaml, const yaml_node_t *root, GError **error)
{
    TpsYamlKey keys[G_N_ELEMENTS(file_keys)];

    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        keys[i] = file_keys[i];
        if (keys[i].read != tps_plan_yaml_later)
            keys[i] = (TpsYamlKey){keys[i].name, NULL, "belongs into the plan file"};
    }
    return tps_yaml_read_mapping(yaml, root, keys, G_N_ELEMENTS(keys), NULL, error);
}

const yaml_node_t *tps_plan_yaml_find(TpsYaml *yaml, const yaml_node_t *mapping, const char *name)
{
    for (yaml_node_pair_t *pair = mapping->data.mapping.pairs.start;
         pair < mapping->data.mapping.pairs.top; pair++) {
        const yaml_node_t *key = yaml_document_get_node(&yaml->document, pair->key);

        if (key->type == YAML_SCALAR_NODE &&
            strcmp((const char *)key->data.scalar.value, name) == 0)
            return yaml_document_get_node(&yaml->document, pair->value);
    }
    return NULL;
}

bool tps_plan_yaml_later(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    (void)target;
    return node->type == YAML_SEQUENCE_NODE ||
           tps_yaml_fail(yaml, node, error, "a list is expected here");
}

bool tps_plan_yaml_read_suites(TpsYaml *yaml, const yaml_node_t *root, TpsPlanYaml *reader,
                               GError **error)
{
    const yaml_node_t *suites = tps_plan_yaml_find(yaml, root, "suites");
    const yaml_node_t *discover = tps_plan_yaml_find(yaml, root, "discover");

    return (!suites || tps_yaml_read_list(yaml, suites, tps_plan_yaml_read_suite, reader, error)) &&
           (!discover || tps_yaml_read_list(yaml, discover, tps_plan_yaml_discover, reader, error));
}

static bool read_file(TpsYaml *yaml, const yaml_node_t *root, void *target, GError **error)
{
    TpsPlanYaml *reader = target;

    return tps_yaml_read_mapping(yaml, root, file_keys, G_N_ELEMENTS(file_keys), reader->file,
                                 error) &&
           tps_plan_yaml_read_suites(yaml, root, reader, error);
}

TpsPlanFile *tps_plan_file_load(const char *path, GError **error)
{
    g_autoptr(TpsPlanFile) file = tps_plan_file_new();

    if (!tps_plan_yaml_load(file, path, read_file, error))
        return NULL;
    if (file->suites->len == 0) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "%s:1:1: there is no suite in it", path);
        return NULL;
    }
    file->file = g_strdup(path);
    if (!file->name)
        file->name = g_strdup(DEFAULT_NAME);
    return g_steal_pointer(&file);
}
