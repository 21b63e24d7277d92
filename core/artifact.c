/* SPDX-License-Identifier: MIT */
#include "core/artifact.h"

#include <string.h>

static void rule_free(void *rule)
{
    g_free(((TpsArtifactRule *)rule)->pattern);
    g_free(rule);
}

static void artifact_free(void *data)
{
    TpsArtifact *artifact = data;

    g_free(artifact->path);
    g_free(artifact->digest);
    g_free(artifact);
}

GPtrArray *tps_artifact_rules_new(void)
{
    return g_ptr_array_new_with_free_func(rule_free);
}

GPtrArray *tps_artifacts_new(void)
{
    return g_ptr_array_new_with_free_func(artifact_free);
}

TpsArtifactRule *tps_artifact_rules_add(GPtrArray *rules, const char *pattern, bool required)
{
    TpsArtifactRule *rule = g_new0(TpsArtifactRule, 1);

    rule->pattern = g_strdup(pattern);
    rule->required = required;
    g_ptr_array_add(rules, rule);
    return rule;
}

TpsArtifact *tps_artifacts_add(GPtrArray *artifacts, const char *path, int64_t size,
                               const char *digest)
{
    TpsArtifact *artifact = g_new0(TpsArtifact, 1);

    artifact->path = g_strdup(path);
    artifact->size = size;
    artifact->digest = g_strdup(digest);
    g_ptr_array_add(artifacts, artifact);
    return artifact;
}

static bool is_inner_name(const char *name, size_t length)
{
    return length > 0 && !(length == 1 && name[0] == '.') &&
           !(length == 2 && name[0] == '.' && name[1] == '.');
}

bool tps_path_is_inner(const char *path)
{
    const char *name = path;

    for (;;) {
        size_t length = strcspn(name, "/");

        if (!is_inner_name(name, length))
            return false;
        if (!name[length])
            return true;
        name += length + 1;
    }
}
