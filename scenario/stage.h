/* SPDX-License-Identifier: MIT */
#pragma once

#include "scenario/scenario.h"

/*
 * What a scenario has for itself: a new directory AREA with
 *
 *   AREA/sandbox    where its steps start, empty; SANDBOX
 *   AREA/tmp        TMPDIR
 *   AREA/output.N   what step N printed
 */
typedef struct {
    char *area; /* owned, as all; absolute */
    char *sandbox;
    char **env; /* of the steps: ours, and what is added */
    char **own; /* what is added, "NAME=value"           */
} TpsStage;

/*
 * Make it below TPSCHED_SANDBOX, which a task has for itself, or else in the temporary directory.
 * TPS_ERROR_EXECUTOR.
 */
TpsStage *tps_stage_new(const TpsScenario *scenario, GError **error);

/* Frees, and leaves it on the disk. */
void tps_stage_free(TpsStage *stage);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsStage, tps_stage_free)

/* Remove it from the disk. TPS_ERROR_EXECUTOR. */
bool tps_stage_remove(TpsStage *stage, GError **error);

/* Where step N's output goes; caller frees. */
char *tps_stage_output(const TpsStage *stage, int number);
