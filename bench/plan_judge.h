/* SPDX-License-Identifier: MIT */
#pragma once

#include "bench/plan_peers.h"
#include "bench/replay_history.h"

#include <stdbool.h>

/* Workers that a run is dealt to: 2, 4 ... 64. */
#define PLAN_N_POOLS 6

/* How a tool says how many workers meet a target. */
typedef enum {
    PLAN_SIZE_MEAN,     /* the sum of all times over the target: it deals by count */
    PLAN_SIZE_FITS,     /* the fewest on which its own parts end in time */
    PLAN_SIZE_TESTPLAN, /* whole seconds onto the emptiest; what is unknown has a worker alone */
    PLAN_SIZE_EXPECTED, /* tpsched: the fewest on which pulling is expected to end in time */
    PLAN_SIZE_PROMISED, /* tpsched --confidence 0.9 */
} PlanSize;

/* A way to plan: ours, or one that others have. */
typedef struct {
    const char *name;
    PlanDeal *deal;
    PlanSize size;
    bool predicts; /* tpsched's predictions; else the last times, and the mean for new items */
    bool pulls;    /* workers take the next item when they are free; else shares are fixed */
    bool autoparts;
    bool gives_back; /* parts hand back what they would be late with */
} PlanTool;

#define PLAN_N_TOOLS 8
extern const PlanTool plan_tools[PLAN_N_TOOLS];

/* What came out, summed over runs. Means of ratios are geometric: these are sums of logarithms. */
typedef struct {
    double n_known, known, known_worst;              /* makespan / bound, times known before */
    double n_real[PLAN_N_POOLS], real[PLAN_N_POOLS]; /* planned from the past, by pool */
    double n_pools, size, kept;                      /* workers / clairvoyant's; targets kept */
    double n_parts, n_over;                          /* parts; avoidably over their limit */
    double seconds;                                  /* to deal the known times */
} PlanScore;

/* Add one project to the scores of all tools. */
void plan_judge(const ReplayHistory *history, PlanScore score[PLAN_N_TOOLS]);

/* Geometric mean over all pools of makespan / bound, planned from the past. */
double plan_real_mean(const PlanScore *score);
