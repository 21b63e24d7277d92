/* SPDX-License-Identifier: MIT */
#pragma once

#include "scenario/scenario.h"

/*
 * Read one file: a scenario, or a list of them. Appended to `scenarios`, in the order of the file.
 *
 *   errors  TPS_ERROR_INPUT, "FILE:LINE:COLUMN: ..."
 */
bool tps_scenario_file_load(const char *path, GPtrArray *scenarios, GError **error);

/*
 * Read files, and below directories all that are named *.scenario.yaml or *.scenario.yml, in the
 * order given, those of a directory as tps_walk finds them (TPS_WALK_SKIP_USUAL). A file that is
 * met twice is read once.
 *
 *   paths    NULL-terminated
 *   returns  of TpsScenario, no two with the same name; caller unrefs
 *   errors   TPS_ERROR_INPUT; also for a directory without any, and for two of one name
 */
GPtrArray *tps_scenarios_load(char **paths, GError **error);

/* One of that name, borrowed, or NULL. */
TpsScenario *tps_scenarios_find(const GPtrArray *scenarios, const char *name);

/*
 * A path that a step names, as it is seen from the sandbox: "" for one that is absolute or leaves
 * it, else without "." and "..". Nothing is looked up on the disk.
 *
 *   cwd      as tps_scenario_path gave it, or "."
 *   returns  caller frees
 */
char *tps_scenario_path(const char *cwd, const char *path);
