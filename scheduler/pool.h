/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/event.h"
#include "core/plan.h"

#include <glib.h>

/* How the pool executes a task: blocking, on a worker thread. */
typedef struct {
    /* The report, or NULL and an error of the machinery, which ends the run. */
    TpsPartReport *(*run)(const TpsTask *task, int slot, void *user, GError **error);
    void *user;
} TpsTaskRunner;

/*
 * Execute the tasks of a plan on a GThreadPool: workers pull them in the plan's order, heaviest
 * first. The calling thread runs a main loop meanwhile and tells the listener what happens. After a
 * request to stop (scheduler/stop.h) no task is started any more.
 *
 *   size         how many workers, >= 1
 *   tick_us      how often the listener hears TPS_EVENT_TICK
 *   returns      of TpsPartReport, of all tasks that were executed, in the order they ended; caller
 *                unrefs. Never NULL
 *   error        out: the first error of the machinery; tasks that ran meanwhile were finished
 */
GPtrArray *tps_pool_run(const TpsPlan *plan, int size, const TpsTaskRunner *runner,
                        const TpsListener *listener, int64_t tick_us, GError **error);
