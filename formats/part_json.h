/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/result.h"

#include <cJSON.h>
#include <glib.h>
#include <stdbool.h>

/*
 * A part's report as members of a JSON object on one line: who it is and, when it is done, how its
 * processes ended and what they reported. Strings keep every byte (formats/json_line.h).
 */
void tps_part_json_append(GString *line, const TpsPartReport *report);

/*
 * The other way round.
 *
 *   done     what kind of report it is to be
 *   whole    false: without the output of what did not fail, which would fill the memory
 *   returns  caller frees; NULL and TPS_ERROR_INPUT, which names the member
 */
TpsPartReport *tps_part_json_read(const cJSON *object, bool done, bool whole, GError **error);
