/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/plan.h"

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Start some tasks first, where that does not lengthen the whole: all of them in front if the pool
 * (tps_pool_simulate) ends no later then; else one after the other, those that may.
 *
 *   weight_us  [n]  in the plan's starting order
 *   wanted     [n]  which of them
 *   n_workers       >= 1
 *   order      [n]  out: which task is started first, second ..; caller's array
 *   time            O(n log n), a hundred times at most
 */
void tps_forward_order(const int64_t *weight_us, const bool *wanted, size_t n, int n_workers,
                       size_t *order);

/*
 * The tasks of a plan of which one wants to know soon: with a testcase that failed, or was left
 * without a result, in the run that is reported in that directory, or with one that was never
 * measured. A directory that is not there or can't be read says nothing.
 *
 *   returns  [tasks], caller frees
 */
bool *tps_forward_wanted(const TpsPlan *plan, const char *report_dir);
