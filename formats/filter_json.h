/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/filter.h"

#include <cJSON.h>
#include <glib.h>
#include <stdbool.h>

/* {"include": [...], "exclude": [...], "tags": [...], "exclude_tags": [...]}; caller frees. */
cJSON *tps_filter_to_json(const TpsFilter *filter);

/*
 * The member `key` of an object.
 *
 *   filter  out: caller frees; NULL when there is no such member, or it asks for nothing
 *   errors  TPS_ERROR_INPUT
 */
bool tps_filter_from_json(const cJSON *object, const char *key, TpsFilter **filter, GError **error);
