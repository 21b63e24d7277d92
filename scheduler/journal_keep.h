/* SPDX-License-Identifier: MIT */
#pragma once

#include "formats/journal.h"

#include <glib.h>
#include <stdbool.h>

/*
 * Leave in a journal only the records that are to be kept, byte by byte as they stand there; what
 * is torn or damaged goes. The file is replaced at once or not at all. Nobody else may write to it.
 *
 *   errors  TPS_ERROR_INPUT, TPS_ERROR_EXECUTOR
 */
bool tps_journal_keep(const char *path, bool (*is_kept)(const TpsRecord *record, void *user),
                      void *user, GError **error);
