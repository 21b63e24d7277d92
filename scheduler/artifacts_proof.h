/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * Is everything that the journals name as left by their parts still there beside them, byte by
 * byte? What is missing or changed becomes a problem of its part.
 *
 *   parts  of TpsPartReport, with `origin`
 */
void tps_artifacts_prove(const GPtrArray *parts);

/*
 * Copy the artifacts of each part's newest attempt to one place: "DIR/SUITE.M-of-N/PATH", and those
 * of further pieces to "DIR/SUITE.M-of-N.piece-K/PATH". What is missing or changed is left out.
 *
 *   plan_id  only what belongs to that plan; NULL: all
 *   errors   TPS_ERROR_EXECUTOR: the disk, or something else stands in its place; nothing is ever
 *            overwritten, and the same bytes are no error
 */
bool tps_artifacts_gather(const GPtrArray *parts, const char *plan_id, const char *directory,
                          GError **error);
