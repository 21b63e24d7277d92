/* SPDX-License-Identifier: MIT */
#pragma once

#include "formats/matrix/matrix.h"

extern const TpsMatrix tps_matrix_azure;
extern const TpsMatrix tps_matrix_bitbucket;
extern const TpsMatrix tps_matrix_buildkite;
extern const TpsMatrix tps_matrix_circleci;
extern const TpsMatrix tps_matrix_github;
extern const TpsMatrix tps_matrix_gitlab;
extern const TpsMatrix tps_matrix_jenkins;

/* Shard i of those that have something to run. */
static inline const TpsShard *tps_matrix_shard(const TpsShards *shards, guint i)
{
    return &g_array_index(shards->shards, TpsShard, i);
}

/*
 * One shard as an object of JSON with its comma: shard, number, name, expected, testcases, and
 * parts where `with_parts`.
 */
void tps_matrix_append_object(GString *text, const TpsShards *shards, const TpsShard *shard,
                              bool with_parts);

/* The lines of a template, or nothing; all of them, or all but that of one key. */
void tps_matrix_append_template(GString *text, const TpsMatrixLook *look, int indent);
void tps_matrix_append_template_but(GString *text, const TpsMatrixLook *look, int indent,
                                    const char *key);

/* Take the comma behind a last value away, and end the line. */
void tps_matrix_end_line(GString *text);

/* The note at the head of a file that is generated. */
void tps_matrix_append_head(GString *text, const TpsShards *shards);
