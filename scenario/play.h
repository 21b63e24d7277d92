/* SPDX-License-Identifier: MIT */
#pragma once

#include "scenario/processes.h"
#include "scenario/stage.h"

#include "core/result.h"

#include <stdint.h>

/* One step, when it has ended. */
typedef struct {
    const TpsStep *step; /* borrowed                                                      */
    GPtrArray *problems; /* of char*, owned: a line each; none = it is as expected        */
    char *output;        /* owned or NULL: what it printed, of much the ends; no NUL in it */
    size_t output_bytes; /* all that it printed                                           */
    int64_t wall_us;
} TpsStepResult;

TpsStepResult *tps_step_result_new(const TpsStep *step);
void tps_step_result_free(TpsStepResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsStepResult, tps_step_result_free)

/*
 * Run one step in the scenario's directory and see whether it is as expected.
 *
 *   returns  caller frees; never NULL
 */
TpsStepResult *tps_step_play(const TpsStep *step, const TpsStage *stage, TpsProcesses *processes);

/* A whole scenario. */
typedef struct {
    const TpsScenario *scenario; /* borrowed                                            */
    TpsOutcome outcome;          /* passed or failed                                    */
    bool stopped;                /* a signal came: it says nothing                      */
    TpsStepResult *failed;       /* owned or NULL: the step that failed                 */
    guint n_run;                 /* so many steps were                                  */
    char *kept;                  /* owned or NULL: its directory, which is still there  */
    int64_t wall_us;             /* with making and removing the sandbox                */
} TpsPlayResult;

void tps_play_result_free(TpsPlayResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsPlayResult, tps_play_result_free)

/* When the sandbox stays. */
typedef enum {
    TPS_KEEP_NONE,
    TPS_KEEP_FAILED,
    TPS_KEEP_ALL,
} TpsKeep;

/*
 * Run the first `n_steps` steps, up to the first that fails; then end what they left running, and
 * remove the sandbox unless it is kept.
 *
 *   errors  TPS_ERROR_EXECUTOR: the sandbox can't be made or removed
 */
TpsPlayResult *tps_scenario_play(const TpsScenario *scenario, guint n_steps, TpsKeep keep,
                                 TpsProcesses *processes, GError **error);

/*
 * "FILE:LINE: step 'NAME': WHAT", a line for each problem of the step. Caller frees.
 */
char *tps_play_describe(const TpsScenario *scenario, const TpsStepResult *result);
