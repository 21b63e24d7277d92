/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/suite.h"

#include <glib.h>

/*
 * Read a plan file (tpsched.yaml). Every key it can hold is described in docs/plan-file.md.
 *
 *   errors   TPS_ERROR_INPUT, "FILE:LINE:COLUMN: what was found and what was meant"
 *   returns  the plan file with at least one suite; caller frees; or NULL
 */
TpsPlanFile *tps_plan_file_load(const char *path, GError **error);
