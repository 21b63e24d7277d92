/* SPDX-License-Identifier: MIT */
#include "core/bytes.h"
#include "core/needs.h"
#include "core/suite.h"
#include "formats/plan_yaml_internal.h"

#include <string.h>

static TpsNeeds *needs_of(void *target)
{
    TpsSuite *suite = target;

    if (!suite->needs)
        suite->needs = tps_needs_new();
    return suite->needs;
}

bool tps_plan_yaml_slots(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    return tps_yaml_read_number(yaml, node, TPS_RESOURCE_MAX, &needs_of(target)->slots, error);
}

bool tps_plan_yaml_exclusive(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    return tps_yaml_read_bool(yaml, node, &needs_of(target)->exclusive, error);
}

bool tps_plan_yaml_memory(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    const char *text = tps_yaml_scalar(yaml, node, "a size", error);

    if (!text)
        return false;
    if (!tps_bytes_parse(text, &needs_of(target)->memory_bytes))
        return tps_yaml_fail(yaml, node, error, "'%s' is not a size; write 512M or 2G", text);
    return true;
}

bool tps_plan_yaml_locks(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    g_auto(GStrv) locks = NULL;

    if (!tps_yaml_read_texts(yaml, node, &locks, error))
        return false;
    for (char **lock = locks; *lock; lock++)
        if (!**lock)
            return tps_yaml_fail(yaml, node, error, "a lock has a name");
    tps_needs_set_locks(needs_of(target), g_steal_pointer(&locks));
    return true;
}

static bool add_resource(TpsYaml *yaml, const yaml_node_pair_t *pair, GArray *resources,
                         GError **error)
{
    const yaml_node_t *key = yaml_document_get_node(&yaml->document, pair->key);
    const yaml_node_t *value = yaml_document_get_node(&yaml->document, pair->value);
    const char *name = tps_yaml_scalar(yaml, key, "the name of a resource", error);
    g_autofree char *trouble = name ? tps_resource_name_trouble(name, resources) : NULL;
    int count;

    if (!name)
        return false;
    if (trouble)
        return tps_yaml_fail(yaml, key, error, "%s", trouble);
    if (!tps_yaml_read_number(yaml, value, TPS_RESOURCE_MAX, &count, error))
        return false;
    return tps_resources_add(resources, name, count) ||
           tps_yaml_fail(yaml, key, error, "'%s' is given twice", name);
}

static bool read_resources(TpsYaml *yaml, const yaml_node_t *node, GArray *resources,
                           GError **error)
{
    if (node->type != YAML_MAPPING_NODE)
        return tps_yaml_fail(yaml, node, error,
                             "a mapping of resources to numbers is expected "
                             "here");
    for (yaml_node_pair_t *pair = node->data.mapping.pairs.start;
         pair < node->data.mapping.pairs.top; pair++)
        if (!add_resource(yaml, pair, resources, error))
            return false;
    return true;
}

bool tps_plan_yaml_wants(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    return read_resources(yaml, node, needs_of(target)->resources, error);
}

bool tps_plan_yaml_resources(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    return read_resources(yaml, node, ((TpsPlanFile *)target)->resources, error);
}

bool tps_plan_yaml_check_needs(TpsYaml *yaml, const yaml_node_t *node, const TpsSuite *suite,
                               const TpsPlanFile *file, GError **error)
{
    g_autofree char *trouble = tps_needs_trouble(suite->needs, suite->name, file->resources);
    const yaml_node_t *place;

    if (!trouble)
        return true;
    place = tps_plan_yaml_find(yaml, node, strstr(trouble, "not a lock") ? "locks" : "resources");
    return tps_yaml_fail(yaml, place ? place : node, error, "%s", trouble);
}
