/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/plan.h"
#include "scheduler/queue.h"

/*
 * The plan that was really executed: one task for each piece that ran, in the order in which they
 * started, with the worker and the start that happened and the times that were measured. A piece of
 * a task is a part of its own there: a suite of N parts, one of which was cut into three, has N
 * + 2. Executing it does again exactly that, because it is never cut.
 *
 *   plan      what was to be executed; `executed` of the answer is its id
 *   queue     after the run
 *   returns   sealed, caller frees; NULL when nothing was executed
 */
TpsPlan *tps_executed_plan(const TpsPlan *plan, const TpsQueue *queue);
