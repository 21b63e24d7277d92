/* SPDX-License-Identifier: MIT */
#pragma once

#include "adapters/ci/protocol.h"
#include "cli/run_options.h"

#include <glib.h>
#include <stdbool.h>

/*
 * Replace what --shard, --attempt and --run-id leave to the CI system ("auto", TPSCHED_SHARD) by
 * what it says, and say it. Call when it is known which plan is executed.
 *   errors  TPS_ERROR_USAGE: the CI system does not say it; it is never taken for "all"
 */
bool tps_run_shard_settle(TpsRunOptions *options, GError **error);

/*
 * Take what Bazel or googletest said to us as a test program, and heed its filter: as an --include,
 * or as the --testcase of a plan that it matches. errors  TPS_ERROR_USAGE: it can't be heeded, or
 * nothing of the plan matches; TPS_ERROR_INPUT; TPS_ERROR_EXECUTOR: the disk
 */
bool tps_run_protocol_begin(TpsRunOptions *options, TpsRunSettings *settings,
                            TpsCiProtocol *protocol, GError **error);

/* Give them the merged report that was just written. TPS_ERROR_INPUT, TPS_ERROR_EXECUTOR. */
bool tps_run_protocol_report(const TpsCiProtocol *protocol, const char *junit_path, GError **error);
