/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

/*
 * GNU make's jobserver, for suites whose tasks run builds: all of them together run no more jobs
 * than the machine has processors. A task is a job by itself; for every further one its make takes
 * a token out of a pipe, and puts it back. There are as many tokens as processors that no worker
 * has. The protocol: GNU make manual, "Sharing Job Slots with GNU make"; any make since 4.2 speaks
 * it, and so do cargo and others.
 *
 * From many threads.
 */
typedef struct TpsJobserver TpsJobserver;

/* `n_tokens` >= 0. NULL and TPS_ERROR_EXECUTOR: no pipe is to be had. */
TpsJobserver *tps_jobserver_new(int n_tokens, GError **error);
void tps_jobserver_free(TpsJobserver *jobserver);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsJobserver, tps_jobserver_free)

/* The descriptor that a task gets as numbers 3 and 4 (TpsCommand.jobs); borrowed. */
const int *tps_jobserver_file(const TpsJobserver *jobserver);

/* "MAKEFLAGS=..." that says so; borrowed. */
const char *tps_jobserver_variable(const TpsJobserver *jobserver);

/*
 * A task begins and ends to use it. One that is killed keeps its tokens for ever, and nobody can
 * tell how many: when no task uses it, all tokens are back.
 */
void tps_jobserver_enter(TpsJobserver *jobserver);
void tps_jobserver_leave(TpsJobserver *jobserver);
