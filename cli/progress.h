/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/event.h"
#include "core/status.h"

#include <stddef.h>
#include <stdio.h>

/* Which tasks' output is shown when they end. */
typedef enum {
    TPS_OUTPUT_ALL,
    TPS_OUTPUT_FAILED,
    TPS_OUTPUT_NONE,
    TPS_OUTPUT_IMMEDIATE, /* all, while they run; for one worker */
} TpsOutputMode;

/* When tasks are shown. */
typedef enum {
    TPS_OUTPUT_ORDER_COMPLETION,
    TPS_OUTPUT_ORDER_PLAN, /* and nothing of what differs from run to run */
} TpsOutputOrder;

/* A listener that shows a run: plain lines, and on a terminal a live region below them. */
typedef struct TpsProgress TpsProgress;

/* What it shows, and how. All borrowed. */
typedef struct {
    const TpsPlan *plan;
    int size;               /* workers                                         */
    const char *report_dir; /* whole outputs are read from there               */
    TpsOutputMode mode;
    TpsOutputOrder order;
    FILE *stream;
} TpsProgressWish;

TpsProgress *tps_progress_new(const TpsProgressWish *wish);
void tps_progress_free(TpsProgress *progress);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsProgress, tps_progress_free)

TpsListener tps_progress_listener(TpsProgress *progress);

/*
 * TPS_OUTPUT_IMMEDIATE: what a task just printed. From the thread that runs it; waits until the
 * listener has heard that it started, so that nothing is shown before its predecessor's end.
 */
void tps_progress_show(const TpsTask *task, const char *bytes, size_t length, void *progress);

/* [TPS_STATUS_NOT_RUN + 1]: how many tasks came to each status. */
const guint *tps_progress_counts(const TpsProgress *progress);
