/* SPDX-License-Identifier: MIT */
#include "adapters/frameworks/ctest_internal.h"
#include "core/testcase.h"

#include <string.h>

/* Disjoint sets by index; the smallest member is the root, so that groups don't depend on order. */
typedef struct {
    guint *parent;
    GHashTable
        *first; /* what is shared, "KIND name" -> 1 + index of the first test that names it */
} Groups;

static guint find_root(Groups *groups, guint i)
{
    while (groups->parent[i] != i) {
        groups->parent[i] = groups->parent[groups->parent[i]];
        i = groups->parent[i];
    }
    return i;
}

static void unite(Groups *groups, guint a, guint b)
{
    guint root_a = find_root(groups, a);
    guint root_b = find_root(groups, b);

    groups->parent[MAX(root_a, root_b)] = MIN(root_a, root_b);
}

static void share(Groups *groups, guint test, const char *kind, const char *name)
{
    char *key = g_strjoin(" ", kind, name, NULL);
    guint first = GPOINTER_TO_UINT(g_hash_table_lookup(groups->first, key));

    if (first == 0) {
        g_hash_table_insert(groups->first, key, GUINT_TO_POINTER(test + 1));
        return;
    }
    unite(groups, first - 1, test);
    g_free(key);
}

/* A property's value is one string or a list of them. */
static void share_all(Groups *groups, guint test, const char *kind, const cJSON *value)
{
    const cJSON *element;

    if (cJSON_IsString(value))
        share(groups, test, kind, value->valuestring);
    cJSON_ArrayForEach(element, value)
    {
        if (cJSON_IsString(element))
            share(groups, test, kind, element->valuestring);
    }
}

static void share_property(Groups *groups, guint test, const cJSON *property)
{
    const cJSON *name = cJSON_GetObjectItemCaseSensitive(property, "name");
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(property, "value");

    if (!cJSON_IsString(name))
        return;
    if (g_str_has_prefix(name->valuestring, "FIXTURES_"))
        share_all(groups, test, "fixture", value);
    else if (strcmp(name->valuestring, "RESOURCE_LOCK") == 0)
        share_all(groups, test, "lock", value);
    else if (strcmp(name->valuestring, "DEPENDS") == 0)
        share_all(groups, test, "test", value);
    else if (strcmp(name->valuestring, "RUN_SERIAL") == 0 && cJSON_IsTrue(value))
        share(groups, test, "serial", "");
}

static void share_test(Groups *groups, guint index, const cJSON *test)
{
    const cJSON *name = cJSON_GetObjectItemCaseSensitive(test, "name");
    const cJSON *property;

    if (cJSON_IsString(name))
        share(groups, index, "test", name->valuestring);
    cJSON_ArrayForEach(property, cJSON_GetObjectItemCaseSensitive(test, "properties"))
    {
        share_property(groups, index, property);
    }
}

void tps_ctest_group(const cJSON *tests, GPtrArray *testcases)
{
    g_autofree guint *parent = g_new(guint, testcases->len);
    g_autoptr(GHashTable) first = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Groups groups = {parent, first};
    const cJSON *test;
    guint index = 0;

    for (guint i = 0; i < testcases->len; i++)
        parent[i] = i;
    cJSON_ArrayForEach(test, tests)
    {
        share_test(&groups, index++, test);
    }
    for (guint i = 0; i < testcases->len; i++) {
        TpsTestcase *testcase = g_ptr_array_index(testcases, i);
        const TpsTestcase *root = g_ptr_array_index(testcases, find_root(&groups, i));

        testcase->group = g_strdup(root->id);
    }
}
