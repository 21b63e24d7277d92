/* SPDX-License-Identifier: MIT */
#pragma once

#include "scheduler/plan_needs.h"
#include "scheduler/pool.h"
#include "scheduler/run.h"
#include "scheduler/task.h"

/*
 * For the files of a run only: run.c is its page, run_order.c says what starts first, run_execute.c
 * gives the tasks to the pool, run_end.c proves and writes down what came of it.
 */

/* Of TpsWork, in the plan's order: put them into that in which they start. */
void tps_run_bring_into_order(const TpsRunRequest *request, GPtrArray *works);

/* As tps_pool_run; the journal is on the disk then. */
void tps_run_execute(const TpsRunRequest *request, const TpsTaskContext *context,
                     const GPtrArray *works, const TpsPlanNeeds *needs, TpsPoolAnswer *answer,
                     GError **error);

/* Nothing runs any more: merge, write the reports, learn. What goes wrong is the run's trouble. */
void tps_run_end(const TpsRunRequest *request, const TpsReportDir *dir,
                 const TpsTaskContext *context, const TpsPoolAnswer *answer, TpsRun *run);
