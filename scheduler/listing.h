/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/suite.h"

#include <glib.h>

/*
 * Ask every suite for its testcases; nothing is run.
 *
 *   file     the declared suites
 *   wanted   names to restrict it to, as a set (char* keys); NULL = all
 *   returns  suite name (char*, borrowed from file) -> GPtrArray of TpsTestcase; caller unrefs
 *   errors   TPS_ERROR_FRAMEWORK, TPS_ERROR_EXECUTOR; TPS_ERROR_INPUT: a framework nobody knows;
 *            TPS_ERROR_INTERRUPTED
 */
GHashTable *tps_list_suites(const TpsPlanFile *file, GHashTable *wanted, GError **error);
