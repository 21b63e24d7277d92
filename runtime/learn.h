/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/plan.h"

#include <glib.h>
#include <stdbool.h>

/*
 * Unite what a run measured with a runtime data file, so that the next plan uses it. What the run
 * did not touch stays; unknown keys stay; testcases that are long gone go (TPS_GONE_AFTER_S); the
 * file is replaced atomically. To learn the same again changes nothing.
 *
 *   plan     what was planned
 *   reports  of TpsPartReport; those of another plan are left out, of each part the last attempt
 *            counts. Only testcases that passed are measured; one that was only ever skipped is
 *            written as {"mean": 0, "skipped": true}. A part that did not end well teaches nothing
 *            of setup, one with failures or without all its testcases nothing of sums; what ran
 *            several testcases at a time nothing of setup, unless its framework told it
 *   errors   TPS_ERROR_INPUT: the file is there and is not of that form
 *            TPS_ERROR_EXECUTOR: it can't be written
 */
bool tps_learn(const char *path, const TpsPlan *plan, const GPtrArray *reports, GError **error);

/* Fails as tps_learn would: another form, or no way to write there. Asked before a run. */
bool tps_learn_check(const char *path, GError **error);
