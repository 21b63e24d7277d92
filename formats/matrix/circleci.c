/* SPDX-License-Identifier: MIT */
#include "core/duration.h"
#include "formats/json_line.h"
#include "formats/matrix/matrix_internal.h"

/*
 * Parameters of a continued pipeline: texts, whole numbers and booleans, and only those that it
 * declares. Its nodes are numbered by the system, so all of the plan's are asked for.
 */
static bool write_parameters(const TpsShards *shards, const TpsMatrixLook *look, GString *text,
                             GPtrArray *notes, GError **error)
{
    const int64_t us = shards->expected_us;

    (void)look;
    (void)notes;
    (void)error;
    tps_json_line_open(text, NULL, '{');
    tps_json_line_int(text, "shards", shards->size);
    tps_json_line_string(text, "plan_id", shards->plan_id);
    tps_json_line_int(text, "expected", us / TPS_SECOND_US + (us % TPS_SECOND_US != 0));
    tps_json_line_close(text, '}');
    tps_matrix_end_line(text);
    return true;
}

const TpsMatrix tps_matrix_circleci = {.name = "circleci", .write = write_parameters};
