/* SPDX-License-Identifier: MIT */
#pragma once

#include "cli/options.h"

/* The options of plan --what-if. Zero-initialised is "none given". */
typedef struct {
    gboolean wanted;
    char *price;
    char *granularity;
    char *startup;
    char *slots;
} TpsWhatIf;

void tps_what_if_clear(TpsWhatIf *what_if);

/* Add them to a verb's options, under a headline of their own. */
void tps_what_if_add(TpsWhatIf *what_if, GOptionContext *context);

/*
 * How nodes come: what --startup and --slots say, where they are given. TPS_ERROR_USAGE.
 */
bool tps_what_if_nodes(const TpsWhatIf *what_if, int64_t *startup_us, int *n_slots, GError **error);

/*
 * Plan for many sizes and print the curve; `output` is NULL or the file its picture goes to.
 *
 *   sizes_shards  --shards auto is given, which heeds --startup and --slots, too
 *   errors        TPS_ERROR_USAGE: a value is wrong, or is given without --what-if; what planning
 *                 says
 */
bool tps_what_if_check(const TpsWhatIf *what_if, const char *output, bool sizes_shards,
                       GError **error);
bool tps_what_if_show(const TpsWhatIf *what_if, const TpsPlanOptions *plan, bool json,
                      const char *output, GError **error);
