/* SPDX-License-Identifier: MIT */
#include "formats/json_line.h"
#include "formats/matrix/matrix_internal.h"

/* A list for readJSON. */
static bool write_list(const TpsShards *shards, const TpsMatrixLook *look, GString *text,
                       GPtrArray *notes, GError **error)
{
    (void)look;
    (void)notes;
    (void)error;
    tps_json_line_open(text, NULL, '[');
    for (guint i = 0; i < shards->shards->len; i++)
        tps_matrix_append_object(text, shards, tps_matrix_shard(shards, i), true);
    tps_json_line_close(text, ']');
    tps_matrix_end_line(text);
    return true;
}

const TpsMatrix tps_matrix_jenkins = {.name = "jenkins", .write = write_list};
