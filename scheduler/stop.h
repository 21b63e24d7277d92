/* SPDX-License-Identifier: MIT */
#pragma once

#include "adapters/executor.h"

#include <stdbool.h>

/*
 * SIGINT, SIGTERM and SIGHUP as a request to stop: once is orderly, twice is at once. A signal
 * handler can only reach what is global, and this is the one place that is.
 */

/* From now on signals are counted instead of ending the program. */
void tps_stop_install(void);

/*
 * While nothing is running and nothing is half written, a signal may end the program at once, with
 * status 130: planning is mere arithmetic, and asks nobody whether it is still wanted.
 */
void tps_stop_at_once(bool yes);

/*
 * The executor whose commands a signal stops; NULL = none. One that is attached after a signal came
 * is stopped at once.
 */
void tps_stop_attach(TpsExecutor *executor);

/* How many signals came. */
int tps_stop_count(void);

/* A file descriptor that gets readable with each signal; -1 before tps_stop_install. */
int tps_stop_fd(void);
