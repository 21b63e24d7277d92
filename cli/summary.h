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
void tps_summary_print(const TpsMerge *merge, const char *reproduce, FILE *stream);

/* The same for programs. */
void tps_summary_print_json(const TpsMerge *merge, int status, FILE *stream);
