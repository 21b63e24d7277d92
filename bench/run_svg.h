/* SPDX-License-Identifier: MIT */
#pragma once

#include "bench/run_score.h"

/*
 * Wall and CPU time of each tool in times of the bare loop, one dot for each of the works.
 *
 *   score  [n_works * RUN_N_TOOLS], one work after the other
 */
char *run_svg(const RunWork *works, const RunScore *score, int n_works);
