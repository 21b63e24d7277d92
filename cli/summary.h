/* SPDX-License-Identifier: MIT */
#pragma once

#include "scheduler/merge.h"

#include <stdio.h>

/*
 * What a merge found, for people: failures with their text and the command that reproduces each,
 * what is missing, and the verdict in one line.
 *
 *   reproduce  how to run one testcase again, "tpsched run --plan P"; NULL = not known here
 */
void tps_summary_print(const TpsReport *merge, const char *reproduce, FILE *stream);

/*
 * What became of the tasks, unless all of them passed or failed in the ordinary way, which the
 * testcases tell: "tasks: 9 passed, 1 leaked, 2 timed out".
 *
 *   counts  [TPS_STATUS_NOT_RUN + 1]
 */
void tps_summary_print_tasks(const guint *counts, FILE *stream);

/* The same for programs. `counts`: as above, or NULL. */
void tps_summary_print_json(const TpsReport *merge, const guint *counts, int status, FILE *stream);
