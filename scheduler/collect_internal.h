/* SPDX-License-Identifier: MIT */
#pragma once

#include "scheduler/collect.h"

/*
 * Read a report that no journal owns, whatever its kind, and add it to the collection.
 *
 *   named    somebody gave this path: then it is an error when it is no report
 *   errors   TPS_ERROR_INPUT
 */
bool tps_collect_loose(TpsCollection *collection, const char *path, bool named, GError **error);

/* Say how many files were left out of which nothing was said. */
void tps_collect_say_ignored(TpsCollection *collection);
