/* SPDX-License-Identifier: MIT */
#pragma once

#include "adapters/executors/supervise.h"

/*
 * Commands that have ended while descendants of them linger, each with its own nanny: their slots
 * go on without them. And nannies that have no slot for now. Any thread may call.
 */
typedef struct TpsLingers TpsLingers;

/* `stop` and `paused` as in TpsWishes. */
TpsLingers *tps_lingers_new(const int *stop, const int *paused);

/* Lets its spare nannies go, and waits for them; nothing may linger any more. */
void tps_lingers_free(TpsLingers *lingers);

/* Take over a watch that lingers; NULL when there are too many. */
TpsLinger *tps_linger_new(TpsLingers *lingers, const TpsWatch *watch);

/* Make the exit of one final, and free it; false when it is not over yet. */
bool tps_linger_settle(TpsLinger *linger, bool wait, TpsExit *exit);

/* Stop and continue all of them, after `paused` was set. */
void tps_lingers_pause(TpsLingers *lingers, bool pause);

/* A nanny without a slot; its pid is 0 when there is none. */
TpsNanny tps_lingers_take_spare(TpsLingers *lingers);
