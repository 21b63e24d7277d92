/* SPDX-License-Identifier: MIT */
#pragma once

#include "adapters/executor.h"
#include "core/result.h"
#include "scheduler/hooks.h"
#include "scheduler/jobserver.h"
#include "scheduler/journal.h"
#include "scheduler/output.h"
#include "scheduler/sandbox.h"
#include "scheduler/work.h"

#include <glib.h>

/* Who wants to see what tasks print while they run. From the threads that run them. */
typedef struct {
    void (*see)(const TpsTask *task, const char *bytes, size_t length, void *user);
    void *user;
} TpsViewer;

/* What all tasks of a run share. Read-only while workers run. */
typedef struct {
    const char *plan_id;
    const char *run_id;     /* or NULL                                            */
    const char *report_dir; /* absolute: processes start elsewhere                */
    TpsJournal *journal;    /* where what happens is written                      */
    TpsExecutor *executor;
    const TpsViewer *viewer; /* or NULL */
    TpsOutput *output;       /* or NULL: whole outputs are not kept                */
    int attempt;
    int64_t timeout_us;      /* for tasks whose suite has none; 0 = see timeouts.h   */
    int64_t deadline_us;     /* when all of it has to end (monotonic); 0 = never      */
    bool crowded;            /* there are more workers than processors            */
    TpsJobserver *jobserver; /* or NULL: no suite wants one                              */
    TpsSandboxes *sandboxes; /* or NULL: its processes have no private directory      */
    bool keep;               /* the private directories of tasks that failed          */
    TpsHooks *hooks;         /* or NULL: nothing is set up                            */
    bool interactive;        /* the tasks have our terminal, one after the other  */
    bool leak_fails;         /* where the suite does not say                       */
} TpsTaskContext;

/* What is run of a task in one go: all of it, or a piece. */
typedef struct {
    int number;                 /* of the piece: 0, 1, ...                                   */
    int attempt;                /* 1, 2, ... within this run                                 */
    const GPtrArray *testcases; /* of TpsTestcase                                            */
    int64_t weight_us;          /* what it is expected to take                               */
    int64_t until_us;           /* it gives back what would end after that (monotonic), or what
                                   is left when it is asked; 0 = no                          */
    int64_t worth_us;           /* unless what is left is shorter                            */
    int slot;
    char **needs_env; /* borrowed or NULL: NAME=value of the devices that are its own        */
    bool may_linger;  /* its slot may go on while descendants of it linger                   */
} TpsBatch;

/*
 * A task is begun once, run in one or more batches, at the same time if need be, and ended once.
 *
 * Begin: the journal says that it runs.
 *   returns  its report, with all that is planned for it and no results; caller frees. NULL and
 *            TPS_ERROR_EXECUTOR: the disk
 */
TpsPartReport *tps_task_begin(const TpsTaskContext *context, const TpsWork *work, int slot,
                              GError **error);

/* A batch of which the processes have ended, while descendants of them linger. */
typedef struct TpsLingeringBatch TpsLingeringBatch;

/*
 * Run one batch to its end.
 *
 *   rest     of char*, owned, empty: out, the ids of testcases that were given back; they have no
 *            result
 *   lingers  out: NULL, or where it may linger and does: what tps_task_settle takes. Then neither a
 *            report nor an error is returned
 *   returns  a report of the batch alone, caller frees; `planned` is the batch. That processes
 *            failed, hung or vanished is in it
 *   errors   TPS_ERROR_EXECUTOR: pipes, processes or the disk; TPS_ERROR_FRAMEWORK: the framework
 *            can't hand over the selection
 */
TpsPartReport *tps_task_run(const TpsTaskContext *context, const TpsWork *work,
                            const TpsBatch *batch, GPtrArray *rest, TpsLingeringBatch **lingers,
                            GError **error);

/*
 * The report of a batch that lingers, which is freed then, and its rest, as above. NULL when
 * something lingers still; where it waits, never: that takes a moment only.
 */
TpsPartReport *tps_task_settle(TpsLingeringBatch *lingers, bool wait, GPtrArray *rest);

/* Ask the batch of that number to give back. What can't be asked goes on as it is. */
void tps_task_ask(const TpsTaskContext *context, const TpsWork *work, int number);

/* What its batches printed, `reports` in their order, in one place. */
void tps_task_join_output(const TpsTaskContext *context, const TpsWork *work, TpsPartReport *report,
                          const GPtrArray *reports);

/* End: the journal gets its report, which has the results by now. TPS_ERROR_EXECUTOR: the disk. */
bool tps_task_end(const TpsTaskContext *context, const TpsWork *work, TpsPartReport *report,
                  GError **error);
