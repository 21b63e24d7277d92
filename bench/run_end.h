/* SPDX-License-Identifier: MIT */
#pragma once

#include "bench/run_tools.h"

/* Processes of a tree, which ignore every signal that can be ignored. */
#define RUN_END_TREE 7

/* How long something was still there, milliseconds. */
typedef struct {
    double median_ms;
    double max_ms;
} RunEnd;

/*
 * So many trees at once, each in a slot of its own, run out of time. From the moment at which their
 * grace is over until the last of their processes is gone: as the kernel says by the end of a FIFO
 * that all of a tree hold. The grace begins when the first of the tree says that it got SIGTERM.
 * The median is over all trees of all rounds.
 *
 *   errors  false with a word on stderr
 */
bool run_end_timeout(const RunPlace *place, int n_trees, int rounds, RunEnd *end);

/* tpsched is killed with SIGKILL: from there until nothing is left, nannies included. */
bool run_end_killed(const RunPlace *place, int n_trees, int rounds, RunEnd *end);
