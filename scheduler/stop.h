/* SPDX-License-Identifier: MIT */
#pragma once

#include "adapters/executor.h"

#include <stdbool.h>

/*
 * What the user's signals ask for. SIGINT, SIGTERM and SIGHUP: to stop, once is orderly, twice is
 * at once. SIGTSTP (Ctrl-Z): to pause, until SIGCONT. SIGUSR1: to say what is running. A signal
 * handler can only reach what is global, and this is the one place that is.
 */

/* From now on signals are counted instead of ending the program; Ctrl-Z still stops it at once. */
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

/* The same of one whose commands clean up: the first signal lets them, the second kills. */
void tps_stop_attach_last(TpsExecutor *executor);

/* How many signals to stop came. */
int tps_stop_count(void);

/* A file descriptor that gets readable with each signal; -1 before tps_stop_install. */
int tps_stop_fd(void);

/*
 * Somebody reads the descriptor and will call tps_stop_pause: from now on, until `no`, Ctrl-Z is a
 * wish like the others. Else it stops the program alone, and commands run on.
 */
void tps_stop_hears_pause(bool yes);

/* What came since the last call; each resets its own. */
bool tps_stop_wants_pause(void);
bool tps_stop_wants_status(void);

/*
 * Stop the attached executor's processes and their clocks, then this program, as Ctrl-Z wants it;
 * returns when it was continued, and they are, too. On the main thread.
 */
void tps_stop_pause(void);
