/* SPDX-License-Identifier: MIT */
#include "formats/needs_json.h"

#include "core/error.h"
#include "formats/json.h"

#define MEMORY_MAX INT64_C(1000000000000000000)

cJSON *tps_resources_to_json(const GArray *resources)
{
    cJSON *object = cJSON_CreateObject();

    for (guint i = 0; i < resources->len; i++) {
        const TpsResource *resource = &g_array_index(resources, TpsResource, i);

        cJSON_AddNumberToObject(object, resource->name, resource->count);
    }
    return object;
}

cJSON *tps_needs_to_json(const TpsNeeds *needs)
{
    cJSON *object = cJSON_CreateObject();

    if (needs->slots > 1)
        cJSON_AddNumberToObject(object, "slots", needs->slots);
    if (needs->exclusive)
        cJSON_AddTrueToObject(object, "exclusive");
    if (needs->memory_bytes > 0)
        cJSON_AddNumberToObject(object, "memory", (double)needs->memory_bytes);
    if (*needs->locks)
        cJSON_AddItemToObject(object, "locks",
                              cJSON_CreateStringArray((const char *const *)needs->locks,
                                                      (int)g_strv_length(needs->locks)));
    if (needs->resources->len > 0)
        cJSON_AddItemToObject(object, "resources", tps_resources_to_json(needs->resources));
    return object;
}

bool tps_resources_from_json(const cJSON *object, const char *key, GArray *resources,
                             GError **error)
{
    const cJSON *members;
    const cJSON *member;
    int64_t count;

    if (!cJSON_GetObjectItemCaseSensitive(object, key))
        return true;
    if (!tps_json_get_object(object, key, &members, error))
        return false;
    cJSON_ArrayForEach(member, members)
    {
        g_autofree char *trouble = tps_resource_name_trouble(member->string, resources);

        if (trouble || !tps_json_get_int(members, member->string, 1, TPS_RESOURCE_MAX, &count,
                                         trouble ? NULL : error)) {
            if (trouble)
                g_set_error_literal(error, TPS_ERROR, TPS_ERROR_INPUT, trouble);
            return false;
        }
        tps_resources_add(resources, member->string, (int)count);
    }
    return true;
}

static bool read_locks(const cJSON *object, TpsNeeds *needs, GError **error)
{
    g_autoptr(GPtrArray) locks = g_ptr_array_new_with_free_func(g_free);

    if (!tps_json_maybe_strings(object, "locks", locks, error))
        return false;
    g_ptr_array_add(locks, NULL);
    tps_needs_set_locks(needs, (char **)g_ptr_array_steal(locks, NULL));
    return true;
}

static bool fill_needs(const cJSON *object, TpsNeeds *needs, GError **error)
{
    int64_t slots;
    const cJSON *exclusive = cJSON_GetObjectItemCaseSensitive(object, "exclusive");

    if (!tps_json_maybe_int(object, "slots", 1, TPS_RESOURCE_MAX, 1, &slots, error) ||
        !tps_json_maybe_int(object, "memory", 1, MEMORY_MAX, 0, &needs->memory_bytes, error) ||
        (exclusive && !tps_json_get_bool(object, "exclusive", &needs->exclusive, error)) ||
        !read_locks(object, needs, error) ||
        !tps_resources_from_json(object, "resources", needs->resources, error))
        return false;
    needs->slots = (int)slots;
    return true;
}

bool tps_needs_from_json(const cJSON *object, const char *key, TpsNeeds **needs, GError **error)
{
    g_autoptr(TpsNeeds) found = tps_needs_new();
    const cJSON *member;

    *needs = NULL;
    if (!cJSON_GetObjectItemCaseSensitive(object, key))
        return true;
    if (!tps_json_get_object(object, key, &member, error) || !fill_needs(member, found, error))
        return false;
    if (!tps_needs_are_trivial(found))
        *needs = g_steal_pointer(&found);
    return true;
}
