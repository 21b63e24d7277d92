/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * The name of a run in runtime data: "20261121T113243-3f2a9c1b", when it began (UTC) and a hash of
 * what makes it the same run wherever its shards were executed. Keys sort by time.
 */
#define TPS_RUN_KEY_LENGTH 24

/*
 *   started_us  since the epoch
 *   plan_id     of the plan that was executed
 *   run_id      what all shards of a run share; NULL: this process alone is the run
 *   returns     the key, caller frees
 */
char *tps_run_key_new(int64_t started_us, const char *plan_id, const char *run_id);

bool tps_run_key_is(const char *text);

/* When the run of that key began, in seconds since the epoch. */
int64_t tps_run_key_time(const char *key);
