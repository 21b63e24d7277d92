/* SPDX-License-Identifier: MIT */
#include "runtime/store_internal.h"

#include <string.h>

static int compare_names(const void *a, const void *b)
{
    return strcmp((*(cJSON *const *)a)->string, (*(cJSON *const *)b)->string);
}

/* All members, out of their object, by name. */
static GPtrArray *take_members(cJSON *object)
{
    GPtrArray *members = g_ptr_array_new();

    while (object->child)
        g_ptr_array_add(members, cJSON_DetachItemViaPointer(object, object->child));
    g_ptr_array_sort(members, compare_names);
    return members;
}

/* Of members of one name; frees the others. */
static cJSON *keep_least(cJSON **members, guint n)
{
    cJSON *least = members[0];
    char *text = n > 1 ? cJSON_PrintUnformatted(least) : NULL;

    for (guint i = 1; i < n; i++) {
        char *other = cJSON_PrintUnformatted(members[i]);
        bool less = strcmp(other, text) < 0;

        cJSON_Delete(less ? least : members[i]);
        cJSON_free(less ? text : other);
        least = less ? members[i] : least;
        text = less ? other : text;
    }
    cJSON_free(text);
    return least;
}

static void settle(cJSON *object)
{
    g_autoptr(GPtrArray) members = take_members(object);

    for (guint i = 0, end = 0; i < members->len; i = end) {
        cJSON **first = (cJSON **)&members->pdata[i];

        for (end = i + 1; end < members->len; end++)
            if (compare_names(first, &members->pdata[end]) != 0)
                break;
        cJSON_AddItemToArray(object, keep_least(first, end - i));
    }
}

cJSON *tps_unknown_unite(cJSON *a, cJSON *b)
{
    cJSON *both = a ? a : b;

    if (!both)
        return NULL;
    while (a && b && b->child)
        cJSON_AddItemToArray(a, cJSON_DetachItemViaPointer(b, b->child));
    if (a)
        cJSON_Delete(b);
    settle(both);
    return both;
}
