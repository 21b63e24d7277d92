/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/result.h"
#include "scheduler/queue_again.h"
#include "scheduler/task.h"
#include "scheduler/work.h"

#include <glib.h>
#include <stdbool.h>

/* How often a run wants tasks run. */
typedef struct {
    int reruns;   /* of what failed, for suites that don't say; 0 = none              */
    bool allowed; /* false: no reruns, whatever the suites say                        */
    int repeats;  /* of all tasks, >= 1; where it is more nothing is rerun, for what
                     failed once has failed                                           */
} TpsJobPolicy;

/* A task on its way through the pool: what its units are, and the report it fills. */
typedef struct TpsJob TpsJob;

/* Both borrowed. */
TpsJob *tps_job_new(const TpsWork *work, const TpsJobPolicy *policy);
void tps_job_free(TpsJob *job);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsJob, tps_job_free)

/*
 * How the queue is to see it. Only a suite with `parts: auto` may be cut: a number of parts in the
 * plan file is its owner's word on how many of its processes may run side by side. What needs more
 * than a worker is not cut, either: its pieces would wait for each other.
 *
 *   suite  what the plan says of its suite, or NULL
 */
TpsQueueTask tps_job_describe(const TpsJob *job, const TpsPlanSuite *suite);

/* The testcases of a piece: TpsTestcase, borrowed, in the order of the work; caller unrefs. */
GPtrArray *tps_job_testcases(const TpsJob *job, const TpsPiece *piece);

/*
 * Run a piece; the first one to come begins the task. As TpsTaskRunner.run; from many threads.
 * A unit of which only some testcases were given back is not in `rest`: those are missing then.
 */
TpsPartReport *tps_job_run(TpsJob *job, const TpsTaskContext *context, const TpsPiece *piece,
                           GArray *rest, GError **error);

/* The report of a piece that lingers. As TpsTaskRunner.settle; from many threads. */
TpsPartReport *tps_job_settle(TpsJob *job, const TpsPiece *piece, bool wait, GArray *rest);

/* Ask a piece that runs to give back. As TpsTaskRunner.ask. */
void tps_job_ask(const TpsJob *job, const TpsTaskContext *context, const TpsPiece *piece);

/* What of it is to be run once more. As TpsTaskRunner.again. */
bool tps_job_again(const TpsJob *job, const GPtrArray *pieces, TpsAgain *again);

/* Join the reports of its pieces and end the task. As TpsTaskRunner.join. */
TpsPartReport *tps_job_join(TpsJob *job, const TpsTaskContext *context, const GPtrArray *pieces,
                            GError **error);
