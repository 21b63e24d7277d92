/* SPDX-License-Identifier: MIT */
#include "formats/filter_json.h"

#include "formats/json.h"

cJSON *tps_filter_to_json(const TpsFilter *filter)
{
    cJSON *object = cJSON_CreateObject();

    tps_json_add_strv(object, "include", filter->include);
    tps_json_add_strv(object, "exclude", filter->exclude);
    tps_json_add_strv(object, "tags", filter->tags);
    tps_json_add_strv(object, "exclude_tags", filter->exclude_tags);
    return object;
}

static GPtrArray *texts_new(void)
{
    return g_ptr_array_new_with_free_func(g_free);
}

static bool read_texts(const cJSON *object, const char *key, GPtrArray *texts, GError **error)
{
    bool read = tps_json_maybe_strings(object, key, texts, error);

    g_ptr_array_add(texts, NULL);
    return read;
}

bool tps_filter_from_json(const cJSON *object, const char *key, TpsFilter **filter, GError **error)
{
    g_autoptr(GPtrArray) include = texts_new();
    g_autoptr(GPtrArray) exclude = texts_new();
    g_autoptr(GPtrArray) tags = texts_new();
    g_autoptr(GPtrArray) exclude_tags = texts_new();
    const cJSON *member;

    *filter = NULL;
    if (!cJSON_GetObjectItemCaseSensitive(object, key))
        return true;
    if (!tps_json_get_object(object, key, &member, error) ||
        !read_texts(member, "include", include, error) ||
        !read_texts(member, "exclude", exclude, error) ||
        !read_texts(member, "tags", tags, error) ||
        !read_texts(member, "exclude_tags", exclude_tags, error)) {
        g_prefix_error(error, "%s: ", key);
        return false;
    }
    *filter = tps_filter_new((char **)include->pdata, (char **)exclude->pdata, (char **)tags->pdata,
                             (char **)exclude_tags->pdata);
    return true;
}
