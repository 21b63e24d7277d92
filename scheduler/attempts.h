/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/result.h"

#include <glib.h>
#include <stdbool.h>

/*
 * The latest repetition passed: what is not needed of it any more is freed, for there may be
 * millions. `pieces` as above.
 */
void tps_attempts_slim(const GPtrArray *pieces);

/*
 * Make one part report of all attempts. Each is joined from its pieces (scheduler/join.h); the
 * later word on a testcase counts, and what failed before is its history. How the last attempt's
 * processes ended is how the part ended. What befell earlier processes that no testcase explains is
 * the history of a testcase they ran. An attempt that was stopped says nothing.
 *
 *   report    in and out: the part, with all that was planned for it, and no results yet
 *   pieces    of TpsPiece, all that the task had; their reports' results are taken
 *   repeated  attempts are repetitions: a testcase that ever failed has failed
 */
void tps_attempts_join(TpsPartReport *report, const GPtrArray *pieces, bool repeated);
