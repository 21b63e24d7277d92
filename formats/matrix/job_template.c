/* SPDX-License-Identifier: MIT */
#include "formats/matrix/job_template.h"

#include "core/error.h"
#include "formats/yaml_file.h"
#include "formats/yaml_text.h"

#include <string.h>

/* Aliases are written out where they stand, so a small file could ask for a very large one. */
#define VALUE_MAX_BYTES (64 * 1024)

static bool append_node(TpsYaml *yaml, const yaml_node_t *node, GString *text, GError **error);

/* Numbers and words such as true mean something else than a text of the same letters. */
static void append_scalar(const yaml_node_t *node, GString *text)
{
    const char *value = (const char *)node->data.scalar.value;
    const bool is_plain = node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;

    if (is_plain && *value && strspn(value, "+-.0123456789") == strlen(value))
        g_string_append(text, value);
    else if (is_plain && (!*value || strcmp(value, "~") == 0))
        g_string_append(text, "null");
    else if (is_plain && (strcmp(value, "true") == 0 || strcmp(value, "false") == 0 ||
                          strcmp(value, "null") == 0))
        g_string_append(text, value);
    else
        tps_yaml_append(text, value);
}

static bool append_items(TpsYaml *yaml, const yaml_node_t *node, GString *text, GError **error)
{
    const yaml_node_item_t *item = node->data.sequence.items.start;

    g_string_append_c(text, '[');
    for (; item < node->data.sequence.items.top; item++) {
        if (item > node->data.sequence.items.start)
            g_string_append(text, ", ");
        if (!append_node(yaml, yaml_document_get_node(&yaml->document, *item), text, error))
            return false;
    }
    g_string_append_c(text, ']');
    return true;
}

static bool append_pairs(TpsYaml *yaml, const yaml_node_t *node, GString *text, GError **error)
{
    const yaml_node_pair_t *pair = node->data.mapping.pairs.start;

    g_string_append_c(text, '{');
    for (; pair < node->data.mapping.pairs.top; pair++) {
        const yaml_node_t *key = yaml_document_get_node(&yaml->document, pair->key);

        if (!tps_yaml_scalar(yaml, key, "a key", error))
            return false;
        if (pair > node->data.mapping.pairs.start)
            g_string_append(text, ", ");
        append_scalar(key, text);
        g_string_append(text, ": ");
        if (!append_node(yaml, yaml_document_get_node(&yaml->document, pair->value), text, error))
            return false;
    }
    g_string_append_c(text, '}');
    return true;
}

static bool append_node(TpsYaml *yaml, const yaml_node_t *node, GString *text, GError **error)
{
    if (text->len > VALUE_MAX_BYTES)
        return tps_yaml_fail(yaml, node, error, "this is too long for each job to have it");
    switch (node->type) {
    case YAML_SCALAR_NODE:
        if (!tps_yaml_scalar(yaml, node, "a text", error))
            return false;
        append_scalar(node, text);
        return true;
    case YAML_SEQUENCE_NODE:
        return append_items(yaml, node, text, error);
    case YAML_MAPPING_NODE:
        return append_pairs(yaml, node, text, error);
    case YAML_NO_NODE:
        break;
    }
    return true;
}

static bool read_pair(TpsYaml *yaml, const yaml_node_pair_t *pair, TpsJobTemplate *job,
                      GError **error)
{
    const yaml_node_t *node = yaml_document_get_node(&yaml->document, pair->key);
    const char *key = tps_yaml_scalar(yaml, node, "a key", error);
    g_autoptr(GString) text = g_string_new(NULL);

    if (!key)
        return false;
    if (!*key ||
        strspn(key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-") != strlen(key))
        return tps_yaml_fail(yaml, node, error, "'%s' is no key of a job", key);
    if (g_ptr_array_find_with_equal_func(job->keys, key, g_str_equal, NULL))
        return tps_yaml_fail(yaml, node, error, "'%s' is there twice", key);
    if (!append_node(yaml, yaml_document_get_node(&yaml->document, pair->value), text, error))
        return false;
    g_ptr_array_add(job->keys, g_strdup(key));
    g_ptr_array_add(job->yaml, g_strdup(text->str));
    return true;
}

static bool read_template(TpsYaml *yaml, const yaml_node_t *root, void *target, GError **error)
{
    if (root->type != YAML_MAPPING_NODE)
        return tps_yaml_fail(yaml, root, error, "a mapping is expected here: keys of a job");
    for (const yaml_node_pair_t *pair = root->data.mapping.pairs.start;
         pair < root->data.mapping.pairs.top; pair++)
        if (!read_pair(yaml, pair, target, error))
            return false;
    return true;
}

TpsJobTemplate *tps_job_template_load(const char *path, GError **error)
{
    g_autoptr(TpsJobTemplate) job = g_new0(TpsJobTemplate, 1);

    job->path = g_strdup(path);
    job->keys = g_ptr_array_new_with_free_func(g_free);
    job->yaml = g_ptr_array_new_with_free_func(g_free);
    return tps_yaml_load(path, read_template, job, error) ? g_steal_pointer(&job) : NULL;
}

void tps_job_template_free(TpsJobTemplate *job)
{
    if (!job)
        return;
    g_free(job->path);
    g_ptr_array_unref(job->keys);
    g_ptr_array_unref(job->yaml);
    g_free(job);
}

bool tps_job_template_lacks(const TpsJobTemplate *job, const char *const *keys, GError **error)
{
    for (; job && *keys; keys++) {
        if (!g_ptr_array_find_with_equal_func(job->keys, *keys, g_str_equal, NULL))
            continue;
        g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT,
                    "%s: '%s' of a job is what tpsched writes; leave it out", job->path, *keys);
        return false;
    }
    return true;
}
