/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/event.h"
#include "scheduler/queue_again.h"

#include <glib.h>

/* How the pool executes a task: blocking, on worker threads. */
typedef struct {
    /*
     * Execute one piece. Its report, which says nothing of other pieces, or NULL and an error of
     * the machinery, which ends the run. `rest` (size_t, empty) gets the units of the piece that
     * were given back, ascending.
     */
    TpsPartReport *(*run)(const TpsPiece *piece, GArray *rest, void *user, GError **error);
    /*
     * Or NULL: `run` of a piece that may linger gave neither report nor error: its own process has
     * ended, descendants of it linger. The same worker asks for its report between other pieces.
     *
     *   wait     false: only look; true: only a moment
     *   returns  as `run`, with `rest`; NULL when something lingers still, never if it waits
     */
    TpsPartReport *(*settle)(const TpsPiece *piece, bool wait, GArray *rest, void *user);
    /*
     * All pieces of a task have ended, and at least one has a report: the report of the task. Those
     * without one never started. Called once for each task that began, on any worker thread.
     */
    TpsPartReport *(*join)(const TpsTask *task, const GPtrArray *pieces, void *user,
                           GError **error);
    /*
     * Or NULL: what of a task, all pieces of which have ended, is to be run once more; as
     * tps_again_choose. Short: nobody takes anything meanwhile.
     */
    bool (*again)(const TpsTask *task, const GPtrArray *pieces, TpsAgain *what, void *user);
    /* Or NULL: stop what runs, because enough has failed. On any worker thread. */
    void (*cancel)(void *user);
    /* Or NULL: have a piece that runs give back what it can. On the main thread; may be too late.
     */
    void (*ask)(const TpsPiece *piece, void *user);
    int64_t (*now)(void *user); /* monotonic, > 0; NULL = the system's clock */
    void *user;
} TpsTaskRunner;

/* What a pool executes. All borrowed. */
typedef struct {
    const TpsPlan *plan; /* for the listener                                       */
    GArray *tasks;       /* of TpsQueueTask, in starting order; its elements are taken */
    TpsQueueRules rules;
    const TpsTaskRunner *runner;
    const TpsListener *listener; /* or NULL                                        */
    int64_t deadline_us;         /* nothing starts after it (monotonic); 0 = never */
    int64_t tick_us;             /* how often the listener hears TPS_EVENT_TICK    */
    bool starts_at_once;         /* that a task starts is told before it prints    */
    bool flaky_fails;            /* a flaky task counts as failed                  */
    bool until_failure;          /* repeat all tasks until one has failed          */
} TpsPoolRequest;

/* What it did. */
typedef struct {
    int64_t serial_us; /* what the tasks took that were executed, one after the other */
    TpsQueue *queue;   /* owned: what was decided, piece by piece                     */
    guint n_lost;      /* tasks that were given up, because their workers died        */
} TpsPoolAnswer;

void tps_pool_answer_clear(TpsPoolAnswer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TpsPoolAnswer, tps_pool_answer_clear)

/*
 * Execute tasks on a GThreadPool: its threads pull from one queue (scheduler/queue.h). The calling
 * thread runs a main loop meanwhile and tells the listener what happens; where the pool is elastic
 * it grows at a tick. After a request to stop (scheduler/stop.h), and after as many failed tasks as
 * the rules bear, nothing is started any more.
 *
 *   answer       out, always; clear it with tps_pool_answer_clear
 *   returns      false and the first error of the machinery; tasks that ran meanwhile were finished
 */
bool tps_pool_run(const TpsPoolRequest *request, TpsPoolAnswer *answer, GError **error);
