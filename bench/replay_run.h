/* SPDX-License-Identifier: MIT */
#pragma once

#include "bench/replay_history.h"

#include "scheduler/promise.h"

/*
 * What one version executed, as a plan made before it saw it: the items that were measured anew.
 *
 *   n            items, or the files they are in
 *   expected_us  [n] heaviest first, ties by first appearance
 *   last_us      [n] what other tools would expect: the last measurement, and of what was never
 *                measured the mean of those that were
 *   real_us      [n] in the same order
 *   file         [n] a number for the file of each; for a file itself, its own
 *   listed       [n] where the listing has each (a file: its first item)
 *   n_files
 *   guessed      [n] never measured before, or a file of such items only
 *   guessed_ppm  share of the expected time that belongs to items never measured before
 *   age_days     since the version before it that executed something
 */
typedef struct {
    size_t n;
    int64_t *expected_us, *last_us, *real_us;
    uint32_t *file;
    uint32_t *listed;
    uint32_t n_files;
    bool *guessed;
    int64_t guessed_ppm;
    int64_t age_days;
    guint version;
} ReplayRun;

/*
 * The runs of a history. A version that measured less than a third of its time, or fewer than ten
 * items, is no run but a bookkeeping of single testcases.
 *
 *   by_file  the files are the items
 *   returns  of ReplayRun, oldest first; owns them
 */
GPtrArray *replay_runs(const ReplayHistory *history, bool by_file);

/* The times, longest first. Caller frees. */
int64_t *replay_longest_first(const int64_t *us, size_t n);

/* Makespans of pulling the weights in their order, for 1 .. n_sizes workers. Caller frees. */
int64_t *replay_makespans(const int64_t *weight_us, size_t n, int n_sizes);
