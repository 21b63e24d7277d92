/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/plan.h"

#include <glib.h>
#include <stdbool.h>

#define TPS_PLAN_SCHEMA "tpsched.plan/1"

/*
 * Give a finished plan its id: the SHA-256 of its canonical JSON without the id. The same plan has
 * the same id on every machine.
 */
void tps_plan_seal(TpsPlan *plan);

/* The canonical JSON of a sealed plan, ended by a newline. Caller frees. */
char *tps_plan_text(const TpsPlan *plan);

/*
 * Read a plan and prove that it is one: its id fits its content, every part of a suite is there
 * once, no testcase is in two tasks.
 *
 *   errors   TPS_ERROR_INPUT, "cannot read 'FILE': what"
 *   returns  the plan, caller frees; or NULL
 */
TpsPlan *tps_plan_load(const char *path, GError **error);
