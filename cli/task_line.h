/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/plan.h"
#include "core/result.h"

#include <stdbool.h>
#include <stdio.h>

/*
 * What became of a task, in one line without its end: "ok api 0,3: 5 ok in 1.2s (planned 1.0s)",
 * "SIGSEGV api 1,3: 3 ok, 1 bad in 1.2s (planned 1.0s), killed by SIGSEGV (core dumped)".
 *
 *   label     of the task, printable
 *   timeless  nothing that differs from run to run: no times, no process ids, no pieces
 *   stream    where it will be shown: in colour or not
 *   returns   caller frees
 */
char *tps_task_line(const TpsTask *task, const TpsPartReport *report, const char *label,
                    bool timeless, FILE *stream);
