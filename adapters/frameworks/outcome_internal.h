/* SPDX-License-Identifier: MIT */
#pragma once

#include "adapters/framework.h"

/* What a framework's words mean. */

/* The outcome of a record; false when none of the definition's words and none of ours is meant. */
bool tps_outcome_from_record(const TpsReporting *report, GHashTable *record, TpsOutcome *outcome);

/* A result, with the id it has in the record. Whose outcome is in no words is an error. */
TpsResult *tps_result_from_record(const TpsReporting *report, GHashTable *record);
TpsResult *tps_result_from_progress(const TpsProgress *progress, GHashTable *record);

/* Without `failed`, every status that means nothing else is a failure; with it, an error. */
TpsOutcome tps_outcome_from_exit(const TpsFramework *framework, const TpsExit *exit);
