/* SPDX-License-Identifier: MIT */
#include "adapters/frameworks/known_internal.h"
#include "adapters/readers/record.h"
#include "core/error.h"
#include "formats/json.h"

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

static const cJSON *property_of(const cJSON *test, const char *name)
{
    const cJSON *property;

    cJSON_ArrayForEach(property, cJSON_GetObjectItemCaseSensitive(test, "properties"))
    {
        const cJSON *key = cJSON_GetObjectItemCaseSensitive(property, "name");

        if (cJSON_IsString(key) && strcmp(key->valuestring, name) == 0)
            return cJSON_GetObjectItemCaseSensitive(property, "value");
    }
    return NULL;
}

/* Labels apart by commas, which separate tags. */
static void set_tags(GHashTable *record, const cJSON *labels)
{
    g_autoptr(GString) tags = g_string_new(NULL);
    const cJSON *label;

    cJSON_ArrayForEach(label, labels)
    {
        if (cJSON_IsString(label))
            g_string_append_printf(tags, "%s,", label->valuestring);
    }
    tps_record_set(record, "tags", tags->str);
}

static bool add_record(GPtrArray *records, const cJSON *test, GError **error)
{
    GHashTable *record;
    const char *name;

    if (!tps_json_get_string(test, "name", &name, error))
        return false;
    record = tps_record_new();
    tps_record_set(record, "name", name);
    set_tags(record, property_of(test, "LABELS"));
    g_ptr_array_add(records, record);
    return true;
}

static GPtrArray *read_tests(const cJSON *tests, GError **error)
{
    g_autoptr(GPtrArray) records = tps_records_new();
    const cJSON *test;

    cJSON_ArrayForEach(test, tests)
    {
        if (!add_record(records, test, error))
            return NULL;
    }
    return g_steal_pointer(&records);
}

static void set_classes(const cJSON *tests, const GPtrArray *records)
{
    g_autofree guint *parent = g_new(guint, MAX(records->len, 1));
    g_autoptr(GHashTable) first = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Groups groups = {parent, first};
    const cJSON *test;
    guint index = 0;

    for (guint i = 0; i < records->len; i++)
        parent[i] = i;
    cJSON_ArrayForEach(test, tests)
    {
        share_test(&groups, index++, test);
    }
    for (guint i = 0; i < records->len; i++) {
        GHashTable *root = g_ptr_array_index(records, find_root(&groups, i));

        tps_record_set(g_ptr_array_index(records, i), "class", tps_record_get(root, "name"));
    }
}

GPtrArray *tps_records_from_ctest(const char *text, size_t length, GError **error)
{
    /* "Internal ctest changing into directory" precedes the listing on standard output. */
    const char *start = memchr(text, '{', length);
    g_autoptr(cJSON) root =
        tps_json_parse(start ? start : "", start ? length - (size_t)(start - text) : 0, error);
    const cJSON *tests;
    GPtrArray *records;

    if (!root || !tps_json_get_array(root, "tests", &tests, error))
        return NULL;
    records = read_tests(tests, error);
    if (records)
        set_classes(tests, records);
    return records;
}
