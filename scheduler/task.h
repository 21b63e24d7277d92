/* SPDX-License-Identifier: MIT */
#pragma once

#include "adapters/executor.h"
#include "core/result.h"
#include "scheduler/work.h"

#include <glib.h>

/* A task without a time limit of its own gets the longer of an hour and five times its weight. */
#define TPS_TIMEOUT_MIN_US (60 * INT64_C(60000000))
#define TPS_TIMEOUT_WEIGHTS 5

/* What all tasks of a run share. Read-only while workers run. */
typedef struct {
    const char *plan_id;
    const char *run_id;     /* or NULL                                            */
    const char *report_dir; /* absolute: processes start elsewhere                */
    TpsExecutor *executor;
    int attempt;
    int64_t timeout_us; /* for tasks whose suite has none; 0 = the rule above */
} TpsTaskContext;

/*
 * Execute one task to its end, on one slot, and write its part report.
 *
 *   returns  the report, caller frees. That the processes failed, hung or vanished is in it
 *   errors   TPS_ERROR_EXECUTOR: pipes, processes or the disk; TPS_ERROR_FRAMEWORK: the framework
 *            can't hand over the selection
 */
TpsPartReport *tps_task_run(const TpsTaskContext *context, const TpsWork *work, int slot,
                            GError **error);
