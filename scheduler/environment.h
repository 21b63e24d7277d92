/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/plan.h"
#include "core/suite.h"

/* What a task may know of itself. All borrowed. */
typedef struct {
    const TpsSuite *suite;
    TpsPart part;
    int attempt;     /* within this run: 1, 2, ...                             */
    int run_attempt; /* of the run: what --attempt said                        */
    int slot;        /* 0 .. workers-1: no two tasks have one at the same time */
    const char *report_dir;
    const char *artifacts;     /* or NULL: its suite keeps none     */
    const char *jobs;          /* or NULL: "MAKEFLAGS=..." */
    const char *sandbox;       /* or NULL                           */
    const char *suite_sandbox; /* or NULL: that of the suite's setup */
    const char *plan_sandbox;  /* or NULL: that of the plan's setup  */
} TpsTaskPlace;

#define TPS_TASK_VARIABLES 14

/* It as variables: TMPDIR and HOME, which the suite may set otherwise, and TPSCHED_*. */
typedef struct {
    char *before[4]; /* NULL-terminated, as is the other one */
    char *after[TPS_TASK_VARIABLES];
    char *text; /* owned: what both point into */
} TpsTaskEnvironment;

/* In one block, at the cost of a microsecond: docs/environment.md says what each means. */
void tps_task_environment_init(TpsTaskEnvironment *environment, const TpsTaskPlace *place);
void tps_task_environment_clear(TpsTaskEnvironment *environment);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TpsTaskEnvironment, tps_task_environment_clear)
