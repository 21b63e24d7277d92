/* SPDX-License-Identifier: MIT */
#pragma once

#include "bench/run_measure.h"
#include "bench/run_tools.h"

#define RUN_ROUNDS_MAX 99

typedef enum {
    RUN_ABSENT, /* is not on this machine */
    RUN_LEFT,   /* is not asked for       */
    RUN_FAILED,
    RUN_MEASURED,
} RunState;

/* What a tool took for one kind of work: medians over the rounds. */
typedef struct {
    RunState state;
    double wall_us, cpu_us;       /* of one task                                  */
    double wall_ratio, cpu_ratio; /* of what the bare loop took in the same round */
} RunScore;

/*
 * Each tool once in each round, the slow ones in every second; files are written and removed
 * outside of the time.
 *
 *   rounds  1 .. RUN_ROUNDS_MAX
 *   peers   false: only tpsched and the bare loop
 *   score   [RUN_N_TOOLS] out
 */
void run_score(const RunWork *work, const RunPlace *place, int rounds, bool peers, RunScore *score);

/* The memory of one tool at one kind of work; false when it is not there or failed. */
bool run_score_memory(const RunTool *tool, const RunWork *work, const RunPlace *place,
                      RunMemory *memory);
