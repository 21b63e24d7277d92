/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/plan.h"

#include <glib.h>

/* The tasks of a plan by suite and part, which tps_plan_find would look through each time. */
typedef struct TpsTaskIndex TpsTaskIndex;

/* Borrows from the plan. */
TpsTaskIndex *tps_task_index_new(const TpsPlan *plan);
void tps_task_index_free(TpsTaskIndex *index);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsTaskIndex, tps_task_index_free)

/* The task, borrowed, or NULL. */
TpsTask *tps_task_index_find(const TpsTaskIndex *index, const char *suite, TpsPart part);
