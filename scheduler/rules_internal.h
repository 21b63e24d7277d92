/* SPDX-License-Identifier: MIT */
#pragma once

#include "partition/constrained.h"
#include "scheduler/draft_internal.h"

#include <glib.h>
#include <stdbool.h>

/*
 * What the plan file says of the parts of a suite, of its units.
 *
 *   errors  TPS_ERROR_INPUT: rules that contradict each other
 */
bool tps_rules_init(TpsRules *rules, const TpsPlanInput *input, const TpsUnits *units,
                    GError **error);
/* Note the patterns of the plan file that no testcase of the suite matches: slips of the hand. */
void tps_rules_say_unmatched(const TpsPlanInput *input, GPtrArray *notes);

void tps_rules_clear(TpsRules *rules);

/* Does any rule say where units go? */
bool tps_rules_hold(const TpsRules *rules);

/* The units of a suite and what must hold of them, for so many parts. Borrows from the draft. */
TpsConstrained tps_rules_problem(const TpsDraft *draft, int n_parts);

/* What is wrong with a suite for which there are no parts; always false. */
bool tps_rules_fail(const TpsDraft *draft, const TpsDeal *deal, int n_parts, GError **error);

/* The same where the pins leave no unit for a part. */
bool tps_rules_fail_empty(const TpsDraft *draft, int part, int n_parts, GError **error);
