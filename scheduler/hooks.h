/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/suite.h"
#include "scheduler/sandbox.h"

#include <glib.h>
#include <stdbool.h>

/*
 * The setup and teardown of a plan and of its suites, each run once. A suite's setup runs on the
 * thread of the worker that comes first; others of the suite wait for it. What it leaves running
 * lives until the suite's teardown has ended, and is killed then. A suite's teardown runs when its
 * last task has ended, or with the run; whatever happened, unless the user asked twice to stop.
 */
typedef struct TpsHooks TpsHooks;

/* All borrowed; it must outlive the hooks. */
typedef struct {
    const TpsPlanFile *file;
    const GPtrArray *suites; /* of TpsSuite: one for each task that may run */
    const char *report_dir;  /* absolute */
    TpsSandboxes *sandboxes; /* or NULL  */
    int first_slot;          /* of the sandboxes that are the hooks' */
} TpsHooksRequest;

/* How many sandboxes they need: one for each setup and teardown pair. */
int tps_hooks_count(const TpsPlanFile *file);

/* Before the first thread is started. TPS_ERROR_EXECUTOR: processes or pipes are short. */
TpsHooks *tps_hooks_new(const TpsHooksRequest *request, GError **error);

/* Kills what is left; see tps_hooks_end. */
void tps_hooks_free(TpsHooks *hooks);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsHooks, tps_hooks_free)

/* What a task has to know of what was set up for it. All borrowed. */
typedef struct {
    const char *failure;       /* or NULL: why it can't run                                  */
    const char *output;        /* or NULL: what the setup that failed printed                */
    bool cancelled;            /* the user stopped the setup                                 */
    const char *suite_sandbox; /* or NULL: the sandbox of the suite's setup                  */
    const char *plan_sandbox;  /* likewise                                                   */
} TpsHooksAnswer;

/* The plan's setup, on the main thread, before all others. */
void tps_hooks_begin(TpsHooks *hooks);

/* A task of the suite is about to run; waits until it may. From any thread. */
TpsHooksAnswer tps_hooks_enter(TpsHooks *hooks, const TpsSuite *suite);

/*
 * A task of the suite has ended; the last one has the suite torn down.
 *
 *   returns  why that failed, or NULL; caller frees
 */
char *tps_hooks_leave(TpsHooks *hooks, const TpsSuite *suite);

/* A teardown that failed when there was no task any more to be told. */
typedef struct {
    char *suite;   /* owned or NULL: the plan's */
    char *message; /* owned                     */
} TpsHookFailure;

/* Tear down what is left, then the plan; on the main thread. Of TpsHookFailure; caller unrefs. */
GPtrArray *tps_hooks_end(TpsHooks *hooks);

/*
 * Did all of them get what they need? The first thing that could not be had is told.
 *   errors  TPS_ERROR_EXECUTOR: processes, pipes, the disk
 */
bool tps_hooks_check(TpsHooks *hooks, GError **error);

/* Setups, what they left running, and teardowns stand still, or go on. */
void tps_hooks_pause(TpsHooks *hooks, bool yes);

/* The user asked so often to stop: once ends setups, twice everything. From any thread. */
void tps_hooks_stop(TpsHooks *hooks, int n_signals);
