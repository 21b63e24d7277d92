/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/plan.h"

#include <stdio.h>

/* A plan for people: what, why, how long, and what the floor is. */
void tps_plan_table_print(const TpsPlan *plan, FILE *stream);

/* "3 workers, 28m32s expected, floor 28m20s, target 30m00s": the plan in one line. Caller frees. */
char *tps_plan_line(const TpsPlan *plan);

/* What the plan's makers noticed, a line each, suites first. */
void tps_plan_notes_print(const TpsPlan *plan, FILE *stream);
