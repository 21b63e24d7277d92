/* SPDX-License-Identifier: MIT */
#include "core/duration.h"
#include "formats/json_line.h"
#include "formats/matrix/matrix_internal.h"

/* Of a strategy's matrix, for a variable that a step sets. */
#define JOBS_MAX 256

/* Their values become variables, and those are texts. */
static void append_job(GString *text, const TpsShards *shards, const TpsShard *shard)
{
    g_autofree char *job = g_strdup_printf("shard_%d", shard->number);
    g_autofree char *tuple = g_strdup_printf("%d/%d", shard->number, shards->size);
    g_autofree char *number = g_strdup_printf("%d", shard->number);
    g_autofree char *expected = tps_seconds_text(shard->expected_us);

    tps_json_line_open(text, job, '{');
    tps_json_line_string(text, "SHARD", tuple);
    tps_json_line_string(text, "NUMBER", number);
    tps_json_line_string(text, "EXPECTED", expected);
    tps_json_line_string(text, "PLAN_ID", shards->plan_id);
    tps_json_line_close(text, '}');
}

static bool write_matrix(const TpsShards *shards, const TpsMatrixLook *look, GString *text,
                         GPtrArray *notes, GError **error)
{
    (void)look;
    (void)notes;
    (void)error;
    tps_json_line_open(text, NULL, '{');
    for (guint i = 0; i < shards->shards->len; i++)
        append_job(text, shards, tps_matrix_shard(shards, i));
    tps_json_line_close(text, '}');
    tps_matrix_end_line(text);
    return true;
}

const TpsMatrix tps_matrix_azure = {
    .name = "azure",
    .auto_max = JOBS_MAX,
    .max = JOBS_MAX,
    .write = write_matrix,
};
