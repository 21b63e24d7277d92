/* SPDX-License-Identifier: MIT */
#pragma once

#include "adapters/framework.h"
#include "scheduler/artifacts.h"
#include "scheduler/environment.h"
#include "scheduler/task.h"

/*
 * For the files of a task only: task.c begins and ends it, task_place.c gives a batch its
 * directory, task_process.c runs its processes, task_selection.c compares what they ran with
 * what they were to run, task_judge.c says what they come to.
 */

/* What runs of a task in one go. */
struct TpsLingeringBatch {
    const TpsTaskContext *context;
    const TpsWork *work;
    TpsBatch batch;
    GPtrArray *testcases;  /* owned: those of the batch */
    TpsPartReport *report; /* what it did */
    char *label;
    char *path;         /* for what it prints */
    TpsOutputSink sink; /* what it printed */
    TpsHooksAnswer setup;
    const char *sandbox; /* or NULL */
    char *artifacts;     /* where its artifacts are kept, or NULL: its suite has none */
    TpsArtifactWatch *watch;
    bool entered;         /* it uses the jobserver, if there is one */
    TpsSandbox *detached; /* or NULL: the same, when the slot goes on without it */
    TpsTaskEnvironment environment;
    GPtrArray *invocations;
    TpsInvocation *invocation; /* of them, the present one */
    TpsExit exit;              /* how it ended             */
    GHashTable *ran;    /* char*, owned: what its processes ran, where there are several; or NULL */
    GPtrArray *twice;   /* of char*, owned: what two of them ran; or NULL                       */
    bool others_failed; /* testcases that were not selected explain its exit status             */
};

void tps_task_copy_ids(GPtrArray *to, const GPtrArray *ids);

/* Paths; caller frees. Those of the first piece are where those of an uncut task are. */
char *tps_task_directory(const TpsTaskContext *context, const TpsWork *work);
char *tps_task_files(const TpsTaskContext *context, const TpsWork *work, int number);
char *tps_task_request(const TpsTaskContext *context, const TpsWork *work, int number);

/* Its private directory, and what it is told of itself. TPS_ERROR_EXECUTOR: the disk. */
bool tps_batch_enter(TpsLingeringBatch *run, GError **error);
void tps_batch_leave(TpsLingeringBatch *run);

/* NULL = its suite wants none. */
TpsJobserver *tps_batch_jobserver(const TpsLingeringBatch *run);

/*
 * Run its processes, one after the other; the last one may be left with descendants that linger.
 * `rest` gets the ids that were given back. As tps_task_run.
 */
bool tps_batch_run_all(TpsLingeringBatch *run, GPtrArray *rest, GError **error);

/* The present process is final: take its end and what it reported. False: no other is to follow. */
bool tps_batch_take_process(TpsLingeringBatch *run, GPtrArray *rest);

/* What has a result was begun, whatever the framework says. */
void tps_batch_drop_begun(const TpsPartReport *report, GPtrArray *rest);

/* Of the present process, before its results are taken: did a former one run the same? */
void tps_batch_note_results(TpsLingeringBatch *run, const GPtrArray *results);

/*
 * Compare what it reports with what it was to run: results of other testcases of its suite are
 * dropped, and named in `unselected`; so are testcases that ran twice. What no listing has is left
 * to the merge.
 */
void tps_batch_check_selection(TpsLingeringBatch *run);

/* Where no testcase explains how the process ended, or what it left, that is what failed. */
void tps_batch_judge(const TpsLingeringBatch *run);

bool tps_batch_has_failed(const TpsPartReport *report);

/* None of its testcases can run: each has failed, but for the user's own wish to stop. */
void tps_batch_fail_setup(const TpsLingeringBatch *run, const TpsHooksAnswer *setup);
