/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/needs.h"

#include <cJSON.h>

/* {"slots": 2, "exclusive": true, "memory": 1024, "locks": [..], "resources": {"gpu": 1}}: what is
 * needed, and no key for what is not. */
cJSON *tps_needs_to_json(const TpsNeeds *needs);
cJSON *tps_resources_to_json(const GArray *resources);

/*
 * The member of that name, where there is one; else `needs` becomes NULL and `resources` stay as
 * they are.
 *   errors   TPS_ERROR_INPUT
 */
bool tps_needs_from_json(const cJSON *object, const char *key, TpsNeeds **needs, GError **error);
bool tps_resources_from_json(const cJSON *object, const char *key, GArray *resources,
                             GError **error);
