/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/plan.h"
#include "core/timeline.h"

#include <glib.h>

/*
 * What a run looked like, from the reports of its parts. Testcases stand one behind the other in
 * the order in which they were reported, after the setup, since most frameworks tell no more; where
 * their times add up to more than their task took, they are made shorter alike.
 *
 *   plan     what was expected, or NULL
 *   reports  of TpsPartReport, before a merge takes their results; in any order, copies once
 *   returns  settled, caller frees; NULL when nothing was begun
 */
TpsTimeline *tps_timeline_of(const TpsPlan *plan, const GPtrArray *reports);
