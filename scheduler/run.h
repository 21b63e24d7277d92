/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/event.h"
#include "core/plan.h"
#include "core/suite.h"
#include "scheduler/job.h"
#include "scheduler/merge.h"
#include "scheduler/report_dir.h"
#include "scheduler/task.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* How often tasks run, and what is borne. */
typedef struct {
    TpsJobPolicy job;
    int rerun_budget; /* TPS_AUTO: a tenth of the testcases, and TPS_RERUN_BUDGET_MIN at least */
    bool flaky_fails; /* what passed only on a later attempt counts as failed           */
    int fail_fast;    /* after so many failed tasks nothing starts any more; 0 = never  */
    bool cancels;     /* and what runs is stopped                                       */
    bool until_failure;
    bool failed_first; /* what one wants to know soon (scheduler/forward.h) */
    bool shuffles;     /* tasks start in an order that ...         */
    uint32_t seed;     /* ... this decides (scheduler/shuffle.h)   */
    bool replays;      /* each task by the worker of the plan ...  */
    bool waits;        /* ... and not before its start there       */
} TpsRunPolicy;

#define TPS_RERUN_BUDGET_MIN 10

/* Everything a run needs. All borrowed. */
typedef struct {
    const TpsPlan *plan;     /* the whole plan                                       */
    const TpsPlan *scope;    /* what of it is asked for, merged and proven           */
    const TpsPlan *todo;     /* what of that is executed: `scope`, or what an earlier run in
                                report_dir left of it                                */
    const TpsPlanFile *file; /* how to execute it                                    */
    GHashTable *listings;    /* suite name -> GPtrArray of TpsTestcase, as listed now */
    int size;                /* workers                                              */
    int max_size;            /* >= size: as far as the pool may grow                 */
    bool splits;             /* tail splitting and giving back; see docs/run-time.md */
    const char *report_dir;  /* absolute                                             */
    const char *run_id;      /* what all shards of one run share; or NULL            */
    int attempt;             /* 1, 2, ...                                            */
    int64_t timeout_us;      /* for tasks without one of their own; 0 = by the rule  */
    int64_t plan_timeout_us; /* for all of it; 0 = none */
    TpsRunPolicy policy;
    int64_t memory_bytes;   /* for tasks that say what they need; 0 = no limit      */
    TpsIsolation isolation; /* of tasks; not of setup and teardown, which serve many slots */
    bool keep;              /* the private directories of tasks that failed */
    bool leak_fails;        /* a task that leaves something behind, where its suite does not say */
    bool interactive;       /* the one worker's tasks have our terminal; nothing is captured */
    bool allow_new;
    bool allow_missing;
    bool timeline;               /* the report says who executed what, and when           */
    const char *learn_path;      /* or NULL: runtime data to be written                  */
    const TpsListener *listener; /* or NULL                                              */
    const TpsViewer *viewer;     /* or NULL                                              */
    int64_t tick_us;
} TpsRunRequest;

/* What came of it. */
typedef struct {
    TpsReport *merge; /* owned                                              */
    char *junit_path; /* owned: the merged report                           */
    int64_t wall_us;
    int64_t serial_us;    /* what the tasks took, one after the other             */
    GPtrArray *teardowns; /* of TpsHookFailure: those that stand in no part's report */
    GError *trouble;      /* owned or NULL: the machinery or the disk failed    */
    bool interrupted;
    bool failed_fast; /* not all was run, because enough had failed            */
    guint n_lost;     /* tasks that were given up, because their workers died  */
    guint n_rerun;    /* testcases that were run again ...                     */
    guint n_refused;  /* ... and those for which the budget did not suffice    */
} TpsRun;

void tps_run_free(TpsRun *run);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsRun, tps_run_free)

/* The machinery or the disk failed; of several troubles the first is told. Takes `error`, or NULL.
 */
void tps_run_take_trouble(TpsRun *run, GError *error);

/*
 * Execute, merge, prove, learn. Writes below report_dir: plan.json, journal.jsonl, parts/,
 * report.xml and executed.json.
 *
 *   returns  what came of it, also when tests failed, the disk was full or a signal came
 *   errors   NULL is returned only when nothing was executed: TPS_ERROR_INCOMPLETE,
 * TPS_ERROR_INPUT, TPS_ERROR_EXECUTOR
 */
TpsRun *tps_run(const TpsRunRequest *request, GError **error);
