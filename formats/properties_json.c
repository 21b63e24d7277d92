/* SPDX-License-Identifier: MIT */
#include "formats/properties_json.h"

#include "core/error.h"
#include "core/property.h"
#include "formats/json_line.h"

void tps_properties_json_append(GString *line, const GPtrArray *properties)
{
    if (!properties || properties->len == 0)
        return;
    tps_json_line_open(line, "properties", '[');
    for (guint i = 0; i < properties->len; i++) {
        const TpsProperty *property = g_ptr_array_index(properties, i);

        tps_json_line_open(line, NULL, '{');
        tps_json_line_string(line, "name", property->name);
        tps_json_line_string(line, "value", property->value);
        tps_json_line_close(line, '}');
    }
    tps_json_line_close(line, ']');
}

bool tps_properties_json_read(const cJSON *object, GPtrArray **properties, GError **error)
{
    const cJSON *array = cJSON_GetObjectItemCaseSensitive(object, "properties");
    const cJSON *element;

    if (!array)
        return true;
    if (!cJSON_IsArray(array)) {
        g_set_error_literal(error, TPS_ERROR, TPS_ERROR_INPUT, "'properties' must be an array");
        return false;
    }
    if (!*properties)
        *properties = tps_properties_new();
    cJSON_ArrayForEach(element, array)
    {
        g_autofree char *name = NULL;
        g_autofree char *value = NULL;

        if (!tps_json_line_get_bytes(element, "name", &name, error) ||
            !tps_json_line_get_bytes(element, "value", &value, error))
            return false;
        tps_properties_add(*properties, name, value);
    }
    return true;
}
