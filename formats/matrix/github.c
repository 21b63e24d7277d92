/* SPDX-License-Identifier: MIT */
#include "core/error.h"
#include "core/notes.h"
#include "formats/json_line.h"
#include "formats/matrix/matrix_internal.h"

/* Of one matrix. */
#define JOBS_MAX 256

/* What the outputs of a job may be together, counted in UTF-16; a megabyte is a million here. */
#define OUTPUT_MAX_BYTES 1000000

static gsize bytes_of_utf16(const char *text)
{
    gsize n = 0;

    for (; *text; text = g_utf8_next_char(text))
        n += (unsigned char)*text >= 0xf0 ? 4 : 2;
    return n;
}

/* The lines of $GITHUB_OUTPUT beside the matrix. No value has a line feed: none is from outside. */
static void append_outputs(GString *text, const TpsShards *shards, int levels)
{
    g_autoptr(GString) expected = g_string_new(NULL);

    tps_json_line_seconds(expected, NULL, shards->expected_us);
    g_string_truncate(expected, expected->len - 1);
    g_string_append_printf(text, "count=%u\nshards=%d\nlevels=%d\nplan_id=%s\nexpected=%s\n",
                           shards->shards->len, shards->size, levels, shards->plan_id,
                           expected->str);
}

static void append_jobs(GString *text, const TpsShards *shards, bool with_parts)
{
    g_string_append(text, "matrix={");
    tps_json_line_open(text, "include", '[');
    for (guint i = 0; i < shards->shards->len; i++)
        tps_matrix_append_object(text, shards, tps_matrix_shard(shards, i), with_parts);
    tps_json_line_close(text, ']');
    tps_json_line_close(text, '}');
    tps_matrix_end_line(text);
    append_outputs(text, shards, 1);
}

/* A list of numbers in a text: the matrix of the workflow that a group calls. */
static void append_group(GString *text, const TpsShards *shards, guint from, guint end)
{
    g_autoptr(GString) numbers = g_string_new("[");
    g_autofree char *name = NULL;
    int64_t expected_us = 0;

    for (guint i = from; i < end; i++) {
        const TpsShard *shard = tps_matrix_shard(shards, i);

        expected_us = MAX(expected_us, shard->expected_us);
        g_string_append_printf(numbers, i + 1 < end ? "%d," : "%d]", shard->number);
    }
    name =
        g_strdup_printf("%s shards %d to %d", shards->name, tps_matrix_shard(shards, from)->number,
                        tps_matrix_shard(shards, end - 1)->number);
    tps_json_line_open(text, NULL, '{');
    tps_json_line_int(text, "group", (int64_t)(from / JOBS_MAX) + 1);
    tps_json_line_string(text, "name", name);
    tps_json_line_string(text, "numbers", numbers->str);
    tps_json_line_seconds(text, "expected", expected_us);
    tps_json_line_close(text, '}');
}

static void append_groups(GString *text, const TpsShards *shards)
{
    const guint n = shards->shards->len;

    g_string_append(text, "matrix={");
    tps_json_line_open(text, "include", '[');
    for (guint from = 0; from < n; from += JOBS_MAX)
        append_group(text, shards, from, MIN(from + JOBS_MAX, n));
    tps_json_line_close(text, ']');
    tps_json_line_close(text, '}');
    tps_matrix_end_line(text);
    append_outputs(text, shards, 2);
}

static bool write_outputs(const TpsShards *shards, const TpsMatrixLook *look, GString *text,
                          GPtrArray *notes, GError **error)
{
    (void)look;
    if (shards->shards->len > JOBS_MAX) {
        tps_note(notes,
                 "%u shards are more than the %d jobs of a matrix: each job of this one is "
                 "a group of them (levels=2)",
                 shards->shards->len, JOBS_MAX);
        append_groups(text, shards);
    } else {
        append_jobs(text, shards, true);
    }
    if (shards->shards->len <= JOBS_MAX && bytes_of_utf16(text->str) > OUTPUT_MAX_BYTES) {
        tps_note(notes, "the outputs of a job hold a megabyte: the names of parts are left out");
        g_string_truncate(text, 0);
        append_jobs(text, shards, false);
    }
    if (bytes_of_utf16(text->str) <= OUTPUT_MAX_BYTES)
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE,
                "%u shards are more than a megabyte, which is what the outputs of a job hold",
                shards->shards->len);
    return false;
}

const TpsMatrix tps_matrix_github = {
    .name = "github",
    .auto_max = JOBS_MAX,
    .max = JOBS_MAX * JOBS_MAX,
    .write = write_outputs,
};
