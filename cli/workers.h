/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/plan.h"

#include <glib.h>
#include <stdint.h>

/* What the workers of a run are doing, and how long that will take by the plan. Times are
 * monotonic. */
typedef struct TpsWorkers TpsWorkers;

/* The plan outlives it. */
TpsWorkers *tps_workers_new(const TpsPlan *plan, int size);
void tps_workers_free(TpsWorkers *workers);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsWorkers, tps_workers_free)

void tps_workers_start(TpsWorkers *workers, int worker, const TpsTask *task, int64_t expected_us,
                       int64_t now_us);
void tps_workers_end(TpsWorkers *workers, int worker);
void tps_workers_grow(TpsWorkers *workers, int size);

/* Nobody worked for so long. */
void tps_workers_pause(TpsWorkers *workers, int64_t us);

/* How long the rest takes, simulated as the pool executes it; looked at anew twice a second. */
int64_t tps_workers_left(TpsWorkers *workers, int64_t now_us);

/*
 * "api 0,3 12.0s of 15.0s" for each task that runs, the longest first.
 *
 *   max      of them; when more are running the last one says how many
 *   returns  of char*, owned; caller unrefs
 */
GPtrArray *tps_workers_describe(const TpsWorkers *workers, int64_t now_us, guint max);

/* "worker 0: api 0,3 for 12.0s of 15.0s" for each that is busy; likewise. */
GPtrArray *tps_workers_list(const TpsWorkers *workers, int64_t now_us);
