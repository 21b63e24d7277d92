/* SPDX-License-Identifier: MIT */
#pragma once

#include "scheduler/gate.h"
#include "scheduler/queue.h"

/*
 * For the files of the queue only: queue.c holds it, queue_next.c decides what comes next,
 * queue_cut.c whether that is cut, queue_again.c what comes once more, queue_forecast.c how long it
 * takes.
 */

/* How finished pieces compare with their weights: a fixed-point factor, and its bounds. */
#define TPS_PACE_ONE 256
#define TPS_PACE_MIN (TPS_PACE_ONE / 16)
#define TPS_PACE_MAX (TPS_PACE_ONE * 16)

/* A task and what became of it. */
typedef struct {
    TpsQueueTask about;
    GPtrArray *pieces; /* of TpsPiece, owned, by number   */
    guint n_open;      /* pieces that wait or run         */
    int attempt;       /* the latest, 1, 2, ...           */
} TpsQueueState;

struct TpsQueue {
    TpsQueueRules rules;
    int size;
    bool closed;
    TpsGate *gate;     /* NULL where no task needs more than a worker             */
    GPtrArray *states; /* of TpsQueueState, owned                            */
    GHashTable *by_task;
    GQueue waiting;     /* of TpsPiece, borrowed, what starts next first */
    int64_t waiting_us; /* what they are expected to take                */
    GPtrArray *running; /* of TpsPiece, borrowed                         */
    guint n_lingering;  /* pieces that only linger                       */
    GPtrArray *started; /* of TpsPiece, borrowed                         */
    int64_t began_us;
    int64_t prior_us;
    int64_t expected_us; /* of the pieces that ended ... */
    int64_t taken_us;    /* ... and what they took       */
    int n_failed;        /* tasks                        */
    guint n_rerun;       /* testcases                    */
    guint n_refused;     /* testcases                    */
};

/* What became of that task; NULL for one that is none of the queue's. */
TpsQueueState *tps_queue_state(const TpsQueue *queue, const TpsTask *task);

bool tps_queue_may_cut(const TpsQueue *queue, const TpsPiece *piece);

/* A piece that is taken now: cut it where workers would idle. Its other pieces wait in front. */
void tps_queue_cut(TpsQueue *queue, TpsPiece *piece, int64_t now_us);

/* When it is to give back, as TpsPiece.until_us. */
int64_t tps_queue_until(const TpsQueue *queue, const TpsPiece *piece, int64_t now_us);

/* The link of what the worker may take now, or NULL. */
GList *tps_queue_find_next(const TpsQueue *queue, int worker, int64_t now_us);

/* What this run takes for one expected microsecond, in TPS_PACE_ONEs. */
int64_t tps_queue_pace(const TpsQueue *queue);

/* What is left of a running piece, as its weight counts time. */
int64_t tps_piece_rest(const TpsPiece *piece, int64_t pace, int64_t now_us);

/* A piece of the task's latest attempt that neither waits nor runs yet: room for as many units. */
TpsPiece *tps_queue_add_piece(TpsQueueState *state, size_t n_units);
void tps_queue_add_unit(const TpsQueueState *state, TpsPiece *piece, size_t unit);

/* Among what waits, by weight; tasks with new testcases stay in front. */
void tps_queue_insert(TpsQueue *queue, TpsPiece *piece);

/* Before or behind all that waits. */
void tps_queue_prepend(TpsQueue *queue, TpsPiece *piece);
void tps_queue_append(TpsQueue *queue, TpsPiece *piece);

/* A piece of which the worker died: should another one try, and let it. */
bool tps_queue_is_fatal(const TpsQueue *queue, const TpsPiece *piece, const TpsPartReport *report);
void tps_queue_replace(TpsQueue *queue, TpsPiece *piece);
