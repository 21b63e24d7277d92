/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/event.h"

#include <stdio.h>

/* Which tasks' output is shown when they end. */
typedef enum {
    TPS_OUTPUT_ALL,
    TPS_OUTPUT_FAILED,
    TPS_OUTPUT_NONE,
} TpsOutputMode;

/* A listener that shows a run: plain lines, and on a terminal a live line below them. */
typedef struct TpsProgress TpsProgress;

/*
 *   plan    what is executed, by how many workers
 *   stream  where to; a live line is drawn when it is a terminal
 */
TpsProgress *tps_progress_new(const TpsPlan *plan, int size, TpsOutputMode mode, FILE *stream);
void tps_progress_free(TpsProgress *progress);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsProgress, tps_progress_free)

TpsListener tps_progress_listener(TpsProgress *progress);
