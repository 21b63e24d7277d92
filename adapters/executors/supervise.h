/* SPDX-License-Identifier: MIT */
#pragma once

#include "adapters/capture.h"
#include "adapters/executor.h"
#include "adapters/executors/nursery.h"

#include <poll.h>

/* What a slot's thread is to know of what others want of it. */
typedef struct {
    const int *stop;   /* atomic TpsStop                                                   */
    const int *paused; /* atomic bool                                                      */
    int *state;        /* atomic TpsSlotState, written by the slot's thread                */
    int wake;          /* an eventfd: one of them has changed                              */
} TpsWishes;

typedef enum {
    TPS_SLOT_IDLE,
    TPS_SLOT_BUSY,
    TPS_SLOT_PAUSED, /* what runs there has stopped */
} TpsSlotState;

enum { TPS_WATCH_SOCKET, TPS_WATCH_PIPE, TPS_WATCH_WAKE, TPS_WATCH_N };

/* Our side of a command that was handed to a nanny. */
typedef struct {
    TpsNanny nanny; /* taken over                                          */
    int pipe;       /* its output, our end, which must not block; likewise */
    TpsWishes wishes;
    struct pollfd polls[TPS_WATCH_N];
    TpsCapture capture;
    bool chatty;
    int64_t grace_us;
    int64_t leak_us;
    int64_t due_us;  /* when a nanny that is alive has long said something */
    int64_t left_us; /* while it is paused: until then                    */
    TpsStop told_stop;
    bool told_paused;
    int64_t started_us;
    TpsNannyNews news;
} TpsWatch;

/* `sink` (borrowed until tps_watch_end, or NULL) gets all it prints. */
void tps_watch_init(TpsWatch *watch, TpsNanny nanny, int pipe, const TpsWishes *wishes,
                    const TpsOrderHead *head, TpsSink *sink);

/* How far it has got. */
typedef enum {
    TPS_WATCH_GOES_ON, /* `wait_ms` are over                           */
    TPS_WATCH_LINGERS, /* it has ended, and descendants are left       */
    TPS_WATCH_EMPTY,   /* nothing is left, or survivors only           */
    TPS_WATCH_LOST,    /* the nanny is gone, or does not answer at all */
} TpsWatchStep;

/* Read what it prints and pass on what others wish, until one of these; -1 = however long. */
TpsWatchStep tps_watch(TpsWatch *watch, int64_t wait_us);

/* Nobody's thread has the slot any more: wishes are no longer heard. */
void tps_watch_detach(TpsWatch *watch);

/* What is known of its end, though it may linger. */
void tps_watch_fill(TpsWatch *watch, TpsExit *exit);

/*
 * It is over, by EMPTY or LOST: the rest of its output, and its end. watch->nanny is what is left
 * of the nanny, nothing when it was lost or has survivors. Clears the watch otherwise.
 */
void tps_watch_end(TpsWatch *watch, TpsWatchStep how, TpsExit *exit);
