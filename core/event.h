/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/plan.h"
#include "core/result.h"

#include <stdbool.h>
#include <stdint.h>

/* "This happened": said once, heard by many, always on the main thread. */
typedef enum {
    TPS_EVENT_RUN_STARTED,
    TPS_EVENT_TASK_STARTED, /* or one piece of it, where a task is cut at run time */
    TPS_EVENT_TASK_ENDED,   /* likewise                                            */
    TPS_EVENT_TASK_LINGERS, /* before it ends: its worker is free already          */
    TPS_EVENT_POOL_GROWN,   /* there is one more worker: `worker`                  */
    TPS_EVENT_TICK,         /* nothing happened; time went by */
    TPS_EVENT_STOPPING,     /* a signal came: `stops` so far  */
    TPS_EVENT_PAUSED,       /* Ctrl-Z: all stops after this, we too */
    TPS_EVENT_CONTINUED,    /* and goes on: `paused_us` later       */
    TPS_EVENT_STATUS,       /* somebody asks what is running        */
    TPS_EVENT_FAILED_FAST,  /* as many tasks have failed as are borne: nothing starts any more */
    TPS_EVENT_RUN_ENDED,
} TpsEventKind;

typedef struct {
    TpsEventKind kind;
    int64_t now_us;              /* monotonic                                    */
    const TpsPlan *plan;         /* what is executed                             */
    const TpsTask *task;         /* TASK_*: which one                            */
    int worker;                  /* TASK_*: where                                */
    int64_t expected_us;         /* TASK_*: what this piece of it was to take    */
    int attempt;                 /* TASK_*: 1, 2, ... within this run            */
    int deaths;                  /* TASK_*: workers that died of it before       */
    bool lingers;                /* TASK_ENDED: its worker was free before       */
    const TpsPartReport *report; /* TASK_ENDED: what became of the task; NULL while
                                    pieces of it run, or when it never started   */
    const char *supervision;     /* RUN_STARTED: what keeps processes together   */
    int stops;                   /* STOPPING: how many times we were asked       */
    int64_t paused_us;           /* CONTINUED: how long all stood still          */
    bool more;                   /* another event follows at once                */
} TpsEvent;

/* Who listens. The event is borrowed for the time of the call. */
typedef struct {
    void (*hear)(const TpsEvent *event, void *user);
    void *user;
} TpsListener;
