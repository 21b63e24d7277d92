/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

/*
 * Hears Ctrl-Z while no pool does, and the main thread waits for a command: a thread that stops
 * what is attached (scheduler/stop.h), then us, and continues it after us. It lives between
 * tps_stop_attach of an executor and of NULL.
 */
typedef struct TpsPauseWatch TpsPauseWatch;

/* NULL where no signals are heard, or there is no thread to be had: Ctrl-Z stops us alone then. */
TpsPauseWatch *tps_pause_watch_new(void);

/* What else came meanwhile is told to who listens next. */
void tps_pause_watch_free(TpsPauseWatch *watch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsPauseWatch, tps_pause_watch_free)
