/* SPDX-License-Identifier: MIT */
#pragma once

#include "cli/command.h"
#include "runtime/data.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* The sub-commands of `history`; each is named as it is typed, "history merge". */
extern const TpsVerb tps_history_check;
extern const TpsVerb tps_history_merge;
extern const TpsVerb tps_history_prune;
extern const TpsVerb tps_history_show;

/* Unite with all of the files, NULL-terminated; at least one. */
bool tps_history_load(TpsRuntimeData *data, char **paths, GError **error);

/* Write the data into a file, or to standard output when there is none. */
bool tps_history_write(const TpsRuntimeData *data, const char *path, GError **error);

/* "90d" to seconds; leaves `seconds` when `text` is NULL. TPS_ERROR_USAGE names the option. */
bool tps_history_age(const char *option, const char *text, int64_t *seconds, GError **error);
