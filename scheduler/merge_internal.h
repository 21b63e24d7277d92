/* SPDX-License-Identifier: MIT */
#pragma once

#include "scheduler/merge.h"

/* What both ways of merging share. */

TpsMerge *tps_merge_new(const char *name, bool checked);

/* A new suite at the end of the merge; borrowed from it. */
TpsMergedSuite *tps_merge_add_suite(TpsMerge *merge, const char *name);

/* The time from `started_us` to `ended_us` belongs to the suite; unknown times change nothing. */
void tps_merged_suite_extend(TpsMergedSuite *suite, int64_t started_us, int64_t ended_us);

void tps_merge_problem(TpsMerge *merge, const char *format, ...) G_GNUC_PRINTF(2, 3);
void tps_merge_note(TpsMerge *merge, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Count, sort what is said, and take the whole's times from the suites. */
void tps_merge_finish(TpsMerge *merge);
