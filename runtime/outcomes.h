/* SPDX-License-Identifier: MIT */
#pragma once

#include "runtime/data.h"

#include <glib.h>
#include <stdint.h>

/* How what was expected of one run turned out. */
typedef struct {
    uint32_t run;
    int64_t planned_us; /* of the tasks that ended well, as their plan expected them */
    int64_t wall_us;    /* what they took                                            */
    int64_t guessed_us; /* the share of planned_us that was a guess                  */
} TpsRunOutcome;

/* All runs of which both is known, oldest first. Of TpsRunOutcome; caller unrefs. */
GArray *tps_runtime_outcomes(const TpsRuntimeData *data);
