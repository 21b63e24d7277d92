/* SPDX-License-Identifier: MIT */
#include "core/property.h"

#include <string.h>

static void property_free(TpsProperty *property)
{
    g_free(property->name);
    g_free(property->value);
    g_free(property);
}

GPtrArray *tps_properties_new(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify)property_free);
}

void tps_properties_add(GPtrArray *properties, const char *name, const char *value)
{
    TpsProperty *property = g_new(TpsProperty, 1);

    property->name = g_strdup(name);
    property->value = g_strdup(value);
    g_ptr_array_add(properties, property);
}

const char *tps_properties_find(const GPtrArray *properties, const char *name)
{
    for (guint i = 0; properties && i < properties->len; i++) {
        const TpsProperty *property = g_ptr_array_index(properties, i);

        if (strcmp(property->name, name) == 0)
            return property->value;
    }
    return NULL;
}

static int compare(const void *a, const void *b)
{
    const TpsProperty *x = *(const TpsProperty *const *)a;
    const TpsProperty *y = *(const TpsProperty *const *)b;
    int order = strcmp(x->name, y->name);

    return order ? order : strcmp(x->value, y->value);
}

void tps_properties_append(GPtrArray **properties, const GPtrArray *more)
{
    if (more && !*properties)
        *properties = tps_properties_new();
    for (guint i = 0; more && i < more->len; i++) {
        const TpsProperty *property = g_ptr_array_index(more, i);

        tps_properties_add(*properties, property->name, property->value);
    }
}

void tps_properties_settle(GPtrArray *properties)
{
    guint n = 0;

    g_ptr_array_sort(properties, compare);
    g_ptr_array_set_free_func(properties, NULL);
    for (guint i = 0; i < properties->len; i++) {
        if (n > 0 && compare(&properties->pdata[n - 1], &properties->pdata[i]) == 0)
            property_free(properties->pdata[i]);
        else
            properties->pdata[n++] = properties->pdata[i];
    }
    g_ptr_array_set_size(properties, (gint)n);
    g_ptr_array_set_free_func(properties, (GDestroyNotify)property_free);
}
