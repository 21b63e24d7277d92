/* SPDX-License-Identifier: MIT */
#include "core/error.h"
#include "formats/json_line.h"
#include "formats/matrix/matrix_internal.h"

#include <string.h>

const TpsMatrix *const tps_matrices[] = {
    &tps_matrix_azure,  &tps_matrix_bitbucket, &tps_matrix_buildkite, &tps_matrix_circleci,
    &tps_matrix_github, &tps_matrix_gitlab,    &tps_matrix_jenkins,   NULL,
};

const TpsMatrix *tps_matrix_find(const char *name)
{
    for (const TpsMatrix *const *matrix = tps_matrices; *matrix; matrix++)
        if (strcmp((*matrix)->name, name) == 0)
            return *matrix;
    return NULL;
}

bool tps_matrix_path_is_plain(const char *path)
{
    if (!*path || *path == '-')
        return false;
    for (; *path; path++)
        if (!g_ascii_isalnum(*path) && !strchr("._-/", *path))
            return false;
    return true;
}

void tps_matrix_append_object(GString *text, const TpsShards *shards, const TpsShard *shard,
                              bool with_parts)
{
    g_autofree char *tuple = g_strdup_printf("%d/%d", shard->number, shards->size);
    g_autofree char *name = g_strdup_printf("%s shard %d", shards->name, shard->number);

    tps_json_line_open(text, NULL, '{');
    tps_json_line_string(text, "shard", tuple);
    tps_json_line_int(text, "number", shard->number);
    tps_json_line_string(text, "name", name);
    tps_json_line_seconds(text, "expected", shard->expected_us);
    tps_json_line_int(text, "testcases", (int64_t)shard->n_testcases);
    if (with_parts)
        tps_json_line_strings(text, "parts", shard->parts);
    tps_json_line_close(text, '}');
}

void tps_matrix_append_template_but(GString *text, const TpsMatrixLook *look, int indent,
                                    const char *key)
{
    for (guint i = 0; look->jobs && i < look->jobs->keys->len; i++) {
        const char *name = g_ptr_array_index(look->jobs->keys, i);

        if (g_strcmp0(name, key) != 0)
            g_string_append_printf(text, "%*s%s: %s\n", indent, "", name,
                                   (const char *)g_ptr_array_index(look->jobs->yaml, i));
    }
}

void tps_matrix_append_template(GString *text, const TpsMatrixLook *look, int indent)
{
    tps_matrix_append_template_but(text, look, indent, NULL);
}

void tps_matrix_end_line(GString *text)
{
    if (text->len > 0 && text->str[text->len - 1] == ',')
        g_string_truncate(text, text->len - 1);
    g_string_append_c(text, '\n');
}

void tps_matrix_append_head(GString *text, const TpsShards *shards)
{
    g_string_append_printf(text, "# Written by tpsched plan, of the plan %.12s\n", shards->plan_id);
}

static bool check(const TpsMatrix *matrix, const TpsShards *shards, GError **error)
{
    const int n = matrix->needs_static ? shards->size : (int)shards->shards->len;

    if (matrix->needs_static && n == 0)
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE,
                    "there is nothing to run, and %s can't be told so", matrix->name);
    else if (matrix->max && n > matrix->max)
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE,
                    "%s takes at most %d shards, not %d; give --shards or --max-size", matrix->name,
                    matrix->max, n);
    else
        return true;
    return false;
}

char *tps_matrix_text(const TpsMatrix *matrix, const TpsShards *shards, const TpsMatrixLook *look,
                      GPtrArray *notes, GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);

    if (!check(matrix, shards, error) || !matrix->write(shards, look, text, notes, error))
        return NULL;
    return g_strdup(text->str);
}
