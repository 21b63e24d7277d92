/* SPDX-License-Identifier: MIT */
#pragma once

#include "scheduler/diff.h"

#include <stdio.h>

/* For people: a summary, the suites, the first testcases of each kind. */
void tps_diff_table_print(const TpsPlanDiff *diff, FILE *stream);

/* For programs: everything, as JSON ended by a newline. Caller frees. */
char *tps_diff_text(const TpsPlanDiff *diff);
