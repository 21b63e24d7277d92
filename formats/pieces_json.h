/* SPDX-License-Identifier: MIT */
#pragma once

#include <cJSON.h>
#include <glib.h>
#include <stdbool.h>

/* Where and when the pieces of a part ran: the member "ran" of its record. */
void tps_pieces_json_append(GString *line, const GArray *pieces);

/* Caller unrefs `pieces`, of TpsPartPiece; NULL where there is no such member. TPS_ERROR_INPUT. */
bool tps_pieces_json_read(const cJSON *object, GArray **pieces, GError **error);

/* The number of a result's piece: its member "piece", or 0. TPS_ERROR_INPUT. */
bool tps_pieces_json_number(const cJSON *object, int *piece, GError **error);
