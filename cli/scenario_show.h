/* SPDX-License-Identifier: MIT */
#pragma once

#include "scenario/play.h"

/* What people see of scenarios, on standard output. */

/* One line; and what was expected, what was printed, and what was not run. */
void tps_scenario_show(const TpsPlayResult *result);

/* The problems of a step and what it printed. */
void tps_scenario_show_step(const TpsScenario *scenario, const TpsStepResult *result);

/* "shop.scenario.yaml:12: step 'build', 2 of 5", its directory, and its command. */
void tps_scenario_show_command(const TpsScenario *scenario, const TpsStep *step);

/* "3 scenarios: 2 passed, 1 failed in 1.2s" */
void tps_scenario_show_sum(guint n_passed, guint n_failed, int64_t wall_us);

/* What of a scenario's environment is its own, for a shell to read; and where it is. */
void tps_scenario_show_stage(const TpsScenario *scenario, const TpsStage *stage);
