/* SPDX-License-Identifier: MIT */
#pragma once

#include "scenario/play.h"

/*
 * One scenario, step by step, by somebody at a terminal: before each step it is shown, and they
 * say whether it is run or skipped, or want a shell there. A step that fails is asked for again.
 *
 *   keep     the sandbox stays
 *   returns  an exit status
 *   errors   TPS_ERROR_USAGE: nobody is there; TPS_ERROR_EXECUTOR: the sandbox
 */
int tps_scenario_steps(const TpsScenario *scenario, bool keep, TpsProcesses *processes,
                       GError **error);
