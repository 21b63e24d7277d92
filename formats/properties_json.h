/* SPDX-License-Identifier: MIT */
#pragma once

#include <cJSON.h>
#include <glib.h>
#include <stdbool.h>

/* The member "properties" of whom they are said of; nothing where there are none. */
void tps_properties_json_append(GString *line, const GPtrArray *properties);

/*
 * Add them behind others; a list is made where `*properties` is NULL and there is such a member.
 * TPS_ERROR_INPUT.
 */
bool tps_properties_json_read(const cJSON *object, GPtrArray **properties, GError **error);
