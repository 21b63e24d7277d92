/* SPDX-License-Identifier: MIT */
#pragma once

#include "adapters/executor.h"
#include "adapters/executors/nursery.h"

/* Event descriptors; each is readable once the executor is stopped that hard. */
typedef struct {
    int term;
    int kill;
} TpsStopEvents;

/*
 * See a command that was handed to a nanny to its end: read what it prints, mind its timeout and
 * our own stop, until no descendant of it is left. The nanny is gone afterwards when it was lost or
 * has survivors.
 *
 *   pipe   its output; our end, which must not block; the caller closes it
 *   exit   out, zeroed by the caller
 */
void tps_supervise(TpsNanny *nanny, int pipe, const TpsStopEvents *events,
                   const TpsCommand *command, TpsExit *exit);
