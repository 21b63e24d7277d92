/* SPDX-License-Identifier: MIT */
#include "core/saturate.h"
#include "scheduler/queue_internal.h"

/* Does another worker idle, who will come for it? */
static bool is_alone(const TpsQueue *queue)
{
    return queue->size - (int)queue->running->len <= 1;
}

static bool suits(const TpsQueue *queue, const TpsPiece *piece, int worker)
{
    return queue->size == 1 || piece->avoid != worker;
}

/* Once its own worker has had it, it is anybody's. */
static bool is_bound(const TpsQueue *queue, const TpsPiece *piece)
{
    return tps_queue_state(queue, piece->task)->about.bound && piece->attempt == 1 &&
           piece->deaths == 0;
}

static int64_t bound_until(const TpsQueue *queue, const TpsPiece *piece)
{
    return tps_add_sat(queue->began_us, tps_queue_state(queue, piece->task)->about.start_us);
}

static bool is_free(const TpsQueue *queue, const TpsPiece *piece, int worker, int64_t now_us)
{
    return !is_bound(queue, piece) ||
           (tps_queue_state(queue, piece->task)->about.worker == worker &&
            bound_until(queue, piece) <= now_us);
}

/* Who asks for a piece, and when. */
typedef struct {
    const TpsQueue *queue;
    int worker;
    int64_t now_us;
} Visit;

static bool suits_visitor(const TpsPiece *piece, const void *data)
{
    const Visit *visit = data;

    return is_free(visit->queue, piece, visit->worker, visit->now_us) &&
           (is_alone(visit->queue) || suits(visit->queue, piece, visit->worker));
}

static int64_t rest_at_visit(const TpsPiece *piece, const void *data)
{
    const Visit *visit = data;

    return tps_piece_rest(piece, tps_queue_pace(visit->queue), visit->now_us);
}

/* The first that suits; else, rather than idle while all others work, the first at all. */
GList *tps_queue_find_next(const TpsQueue *queue, int worker, int64_t now_us)
{
    Visit visit = {.queue = queue, .worker = worker, .now_us = now_us};
    GList *first = NULL;

    if (queue->closed)
        return queue->waiting.head;
    if (queue->gate)
        return tps_gate_choose(queue->gate, &queue->waiting, queue->running,
                               &(TpsGateView){suits_visitor, rest_at_visit, &visit}, now_us);
    for (GList *link = queue->waiting.head; link; link = link->next) {
        if (!is_free(queue, link->data, worker, now_us))
            continue;
        if (suits(queue, link->data, worker))
            return link;
        first = first ? first : link;
    }
    return is_alone(queue) ? first : NULL;
}

int64_t tps_queue_next_us(const TpsQueue *queue, int worker, int64_t now_us)
{
    int64_t next_us = INT64_MAX;

    for (GList *link = queue->waiting.head; link; link = link->next) {
        const TpsPiece *piece = link->data;

        if (is_bound(queue, piece) && tps_queue_state(queue, piece->task)->about.worker == worker &&
            bound_until(queue, piece) > now_us)
            next_us = MIN(next_us, bound_until(queue, piece));
    }
    return next_us;
}
