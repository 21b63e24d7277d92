/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/plan.h"
#include "scheduler/times.h"

#include <glib.h>

/* Which of the reasons that no order of the tasks is faster is the strongest. */
typedef enum {
    TPS_BINDS_LONGEST, /* one task takes that long                                    */
    TPS_BINDS_MEAN,    /* all workers are busy for that long                          */
    TPS_BINDS_K_TASKS, /* some worker must take k + 1 of the k * size + 1 heaviest    */
    TPS_BINDS_NEEDS,   /* tasks take turns for what they need                         */
    TPS_BINDS_OTHER,   /* the planner has a stronger proof                            */
} TpsBinding;

const char *
tps_binding_name(TpsBinding binding); /* "longest", "mean", "k-tasks", "needs", "other" */

typedef struct {
    TpsBinding binding;
    int64_t bound_us; /* the plan's                                            */
    int64_t longest_us;
    int64_t mean_us;
    int64_t k_tasks_us; /* of the strongest k; 0 when there are too few tasks    */
    int k;
    int64_t needs_us; /* what needs alone make it; 0 = no task needs more than a worker  */
    char *needed;     /* owned or NULL: what is needed for that long: "lock 'db'"         */
    const TpsTask *longest;
    int64_t cut_gain_us; /* how much sooner all ends when that is cut in two      */
} TpsFloor;

/* One task of the worker that ends last, and how long it waited before. */
typedef struct {
    const TpsTask *task;
    int64_t idle_us;
} TpsPathStep;

/* A suite whose parts cost more setup and teardown than they save, or more than they need. */
typedef struct {
    const char *suite;
    int parts;
    int64_t extra_us; /* setup and teardown of all parts but one                       */
    int64_t saves_us; /* how much later all would end if it were not cut; may be below 0 */
    int enough;       /* the fewest parts that end as soon and keep the limit          */
} TpsOverhead;

typedef enum {
    TPS_ADVICE_WORKERS, /* from -> to workers                      */
    TPS_ADVICE_SPLIT,   /* the suite in from -> to parts           */
    TPS_ADVICE_SETUP,   /* half the suite's setup                  */
    TPS_ADVICE_MEASURE, /* the suite's n testcases that are guessed */
} TpsAdviceKind;

const char *tps_advice_name(TpsAdviceKind kind);

typedef struct {
    TpsAdviceKind kind;
    const char *suite; /* NULL for workers                                              */
    int from;
    int to;
    int64_t setup_us;   /* SETUP: what it is now                                        */
    guint n_testcases;  /* MEASURE                                                      */
    int64_t guessed_us; /* MEASURE: the sum that is a guess                             */
    int64_t gain_us;    /* how much sooner all ends; MEASURE: how much of the makespan is
                           at stake, the guessed sum over the workers                   */
} TpsAdvice;

/* Borrows from the plan. */
typedef struct {
    TpsFloor floor;
    int last_worker;   /* who ends last, the lowest of them                             */
    GArray *path;      /* of TpsPathStep, from the start                                */
    GArray *overheads; /* of TpsOverhead, what costs most first                         */
    GArray *advice;    /* of TpsAdvice, what helps most first                           */
} TpsExplanation;

/*
 * Why a plan takes as long as it does, and what would help. Each gain is that of one change alone,
 * by the scenarios of scenario.h; less than a thousandth of the makespan is no gain. Of many
 * suites only the sixteen that matter most are tried.
 *
 *   plan     with at least one task
 *   times    what is known of single testcases, so that nothing is cut that can't be; or NULL
 *   returns  caller frees
 *   errors   none (pure)
 */
TpsExplanation *tps_explain(const TpsPlan *plan, TpsTimes *times);
void tps_explanation_free(TpsExplanation *explanation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsExplanation, tps_explanation_free)
