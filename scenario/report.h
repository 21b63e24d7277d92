/* SPDX-License-Identifier: MIT */
#pragma once

#include "scenario/play.h"

/*
 * What a runner reads and writes: JSON lines, by the protocol of docs/frameworks.md. Each record is
 * one write, so that a process that dies leaves none half written.
 */

/* {"id": NAME, "file": FILE, "line": N}, appended to `text`, for each scenario. */
void tps_scenario_list(const GPtrArray *scenarios, GString *text);

/*
 * The scenarios that a file names in lines like these, in the order of `scenarios`.
 *
 *   returns  of TpsScenario, borrowed from `scenarios`; caller unrefs
 *   errors   TPS_ERROR_INPUT: a line that is none, or a name that there isn't
 */
GPtrArray *tps_scenario_select(const GPtrArray *scenarios, const char *path, GError **error);

/* {"start": NAME, "at": T} and {"end": NAME, ...}. TPS_ERROR_EXECUTOR. */
bool tps_scenario_report_start(int journal, const TpsScenario *scenario, GError **error);
bool tps_scenario_report_end(int journal, const TpsPlayResult *result, GError **error);
