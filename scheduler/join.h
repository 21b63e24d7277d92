/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/result.h"

#include <glib.h>

/*
 * Make one part report of those of its pieces, so that nobody who reads it has to know that there
 * were pieces: results in the order of `planned`, whatever ran first; wall and CPU time, setup,
 * teardown and leaks added up; of several pieces where and when each ran; the largest memory; the
 * worst end; all problems and outputs.
 *
 *   report  in and out: the part, with all that was planned for it, and no results yet
 *   pieces  of TpsPartReport, by number; `planned` of each holds what it was to run and did not
 *           give back. Their results are taken
 *   whole   false: some pieces never started, so that the part counts as cancelled
 *
 * A testcase that ran in a piece that was not to run it is a problem; one that was only listed
 * there as skipped is ignored.
 */
void tps_join_pieces(TpsPartReport *report, const GPtrArray *pieces, bool whole);

/* Append to the output of a report, which stays in bounds. NULL is nothing. */
void tps_join_output(TpsPartReport *report, const char *output);

/* Likewise the names of processes that were left behind. */
void tps_join_leaked(TpsPartReport *report, const char *leaked);

/* Likewise what they ran and were not to run; each sentence once. */
void tps_join_unselected(TpsPartReport *report, const TpsPartReport *more);

/* Likewise properties; each once. */
void tps_join_properties(TpsPartReport *report, const GPtrArray *properties);

/* Likewise what they left, all of it. */
void tps_join_artifacts(TpsPartReport *report, const TpsPartReport *more);

/*
 * Of two ends of processes the worse one is the part's: exited with 0, with another status,
 * cancelled, killed, timed out, not started, lost. Of two alike the greater code: no order decides.
 */
void tps_join_end(TpsPartReport *report, TpsEnd end, int code);
