/* SPDX-License-Identifier: MIT */
#pragma once

#include "adapters/executors/nanny.h"

#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

/*
 * The engine's side of the nannies. Orphans of a nanny that died come to this process, so there is
 * one nursery per process, whatever the number of executors. All functions may be called from any
 * thread; each nanny is used by one thread at a time.
 */
typedef struct {
    pid_t pid; /* 0 = none */
    int socket;
} TpsNanny;

/* Make this process adopt orphans; TPS_ERROR_EXECUTOR when the kernel lacks what we need. */
bool tps_nursery_open(GError **error);

/* Fork a nanny and wait until it is ready. */
bool tps_nanny_hire(TpsNanny *nanny, const TpsNannySetup *setup, GError **error);

/* Send a request other than START; if it is gone, we hear of it. */
void tps_nanny_ask(const TpsNanny *nanny, TpsNannyRequest request);

/* Hand over a command, with `n_files` descriptors; false and errno when it is gone. */
bool tps_nanny_start(const TpsNanny *nanny, const TpsOrderPacket *packet, const int *files,
                     size_t n_files);

/* The next message, without waiting: 1, 0 = none yet, -1 = the nanny is gone. */
int tps_nanny_hear(const TpsNanny *nanny, TpsNannyNews *news);

/* Somebody may have stopped it with SIGSTOP, which can't be blocked. */
void tps_nanny_wake(const TpsNanny *nanny);

/* Let it go: it kills all it has, then exits by itself. */
void tps_nanny_dismiss(TpsNanny *nanny);

/* Wait for one that was dismissed, so long as it may take; then it is killed. */
void tps_nanny_wait(TpsNanny *nanny);

/* It has descendants that do not die: it may go on trying, and is an orphan for the next sweep. */
void tps_nanny_abandon(TpsNanny *nanny);

/* It died or does not answer: kill and reap it, so that its orphans have come to us. */
void tps_nanny_bury(TpsNanny *nanny);

/* Until no nanny holds copies of what we have open: those that are being forked just now. */
void tps_nursery_await_births(void);

/*
 * Kill all orphans that came to us, and what is below them.
 *
 *   returns   how many live on after TPS_NANNY_KILL_US
 */
int tps_nursery_sweep(void);
