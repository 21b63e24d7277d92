/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/plan.h"
#include "scheduler/planner.h"

/*
 * Warn of data files of which nothing is in the plan, with a name of each side that is most alike:
 * the wrong file, another root directory, a renamed suite. Such a file says nothing, and a plan of
 * guesses looks like any other.
 *
 *   notes  of char*: "warning: nothing in FILE fits this plan: it has 'a', the plan has 'b'"
 */
void tps_mismatch_say(const TpsPlanRequest *request, GPtrArray *notes);
