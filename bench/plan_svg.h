/* SPDX-License-Identifier: MIT */
#pragma once

#include "bench/plan_judge.h"

/*
 * Two pictures side by side, for a light and a dark page: how much longer than the bound runs take
 * on 2 to 64 workers, and what pools cost against how often they keep their target. Caller frees.
 */
char *plan_svg(const PlanScore score[PLAN_N_TOOLS]);
