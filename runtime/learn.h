/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/plan.h"

#include <glib.h>
#include <stdbool.h>

/*
 * Write what a run measured back into a runtime data file (Testplan's form with testcases), so that
 * the next plan uses it. What the run did not touch stays; unknown keys stay; the order is by name;
 * the file is replaced atomically.
 *
 *   plan     what was planned
 *   reports  of TpsPartReport; the last attempt of each part counts. Testcases that failed keep
 *            their old time, also skipped ones; one that was only ever skipped is written as
 *            {"mean": 0, "skipped": true}. A part that did not end well teaches no setup time
 *   errors   TPS_ERROR_INPUT: the file is there and is not of that form
 *            TPS_ERROR_EXECUTOR: it can't be written
 */
bool tps_learn(const char *path, const TpsPlan *plan, const GPtrArray *reports, GError **error);

/* Fails as tps_learn would: another form, or no way to write there. Asked before a run. */
bool tps_learn_check(const char *path, GError **error);
