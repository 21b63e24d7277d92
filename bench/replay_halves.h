/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * Which projects the parameters may be chosen by. A README.md beside the histories says it, in
 * table rows "| `NAME` | tuning |" or "| `NAME` | reporting |". Those it does not name go on with
 * the turns: of each level, by the SHA-256 of the name, tuning first where no row comes before.
 *
 *   histories  of ReplayHistory; those of the other half are removed
 *   paths      [histories->len], where each was loaded from
 */
void replay_keep_half(GPtrArray *histories, const GPtrArray *paths, bool tuning);
