/* SPDX-License-Identifier: MIT */
#pragma once

#include "scheduler/queue_again.h"

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* How the testcases of a task hang together, and whether one of them can be run alone. */
typedef struct {
    const GPtrArray *testcases; /* of TpsTestcase                        */
    const int *unit;            /* [testcases] which one it belongs to   */
    size_t n_units;
    bool selects; /* single testcases can be selected; else whole units */
} TpsAgainScope;

/*
 * What failed in the latest attempt, and what has no result because its process failed. When no
 * testcase explains how a process ended, it is all that the process ran.
 *
 *   pieces   of TpsPiece, all that the task had so far; each has ended
 *   again    out, only if true is returned; tps_again_clear
 *   returns  false when all is well, or another attempt would be no better: it was stopped, could
 *            not be started, or killed its workers
 */
bool tps_again_choose(const GPtrArray *pieces, const TpsAgainScope *scope, TpsAgain *again);

/* Is anything of the latest attempt no pass? */
bool tps_again_has_failed(const GPtrArray *pieces);

/* The number of the latest attempt, >= 1. */
int tps_again_last_attempt(const GPtrArray *pieces);
