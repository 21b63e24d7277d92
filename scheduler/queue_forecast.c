/* SPDX-License-Identifier: MIT */
#include "core/saturate.h"
#include "scheduler/pool_size.h"
#include "scheduler/queue_internal.h"

int64_t tps_queue_pace(const TpsQueue *queue)
{
    int64_t expected = tps_add_sat(queue->expected_us, queue->prior_us);
    int64_t taken = tps_add_sat(queue->taken_us, queue->prior_us);

    if (taken > INT64_MAX / TPS_PACE_ONE)
        return TPS_PACE_ONE;
    return CLAMP(taken * TPS_PACE_ONE / expected, TPS_PACE_MIN, TPS_PACE_MAX);
}

int64_t tps_piece_rest(const TpsPiece *piece, int64_t pace, int64_t now_us)
{
    int64_t done = (now_us - piece->started_us) * TPS_PACE_ONE / pace;

    return MAX(piece->expected_us - done, 0);
}

/* Long enough under way that its own setup has paid, and long enough to go. */
static bool may_ask(const TpsPiece *piece, int64_t rest_us, int64_t now_us)
{
    return piece->until_us && !piece->asked && now_us - piece->started_us > piece->worth_us &&
           (rest_us == 0 || rest_us / 2 > piece->worth_us);
}

TpsPiece *tps_queue_ask(TpsQueue *queue, int64_t now_us)
{
    int64_t pace = tps_queue_pace(queue);
    int n_idle = queue->size - (int)queue->running->len;
    int64_t longest = -1;
    TpsPiece *chosen = NULL;

    for (guint i = 0; i < queue->running->len; i++) {
        TpsPiece *piece = g_ptr_array_index(queue->running, i);
        int64_t rest = tps_piece_rest(piece, pace, now_us);

        n_idle -= piece->asked;
        if (may_ask(piece, rest, now_us) && rest > longest) {
            longest = rest;
            chosen = piece;
        }
    }
    if (!chosen || n_idle <= 0 || queue->closed || !g_queue_is_empty(&queue->waiting))
        return NULL;
    chosen->asked = true;
    return chosen;
}

/* A piece that is longer than its share would be cut: for the forecast it is so many equal ones. */
static void add_weights(const TpsQueue *queue, const TpsPiece *piece, int n_workers,
                        int64_t share_us, GArray *weights)
{
    int64_t n = tps_queue_may_cut(queue, piece) && piece->expected_us > share_us
                    ? (int64_t)MIN((size_t)n_workers, piece->n_units)
                    : 1;
    int64_t weight_us = piece->expected_us / n;

    for (int64_t i = 0; i < n; i++)
        g_array_append_val(weights, weight_us);
}

/* When that many workers will have done the rest, from now, as the weights count time. */
static int64_t forecast(const TpsQueue *queue, int n_workers, int64_t now_us)
{
    g_autoptr(GArray) weights = g_array_new(FALSE, FALSE, sizeof(int64_t));
    g_autofree int64_t *free_us = g_new0(int64_t, (size_t)n_workers);
    int64_t pace = tps_queue_pace(queue);
    int64_t last = 0;

    for (guint i = 0; i < queue->running->len; i++) {
        const TpsPiece *piece = g_ptr_array_index(queue->running, i);

        free_us[piece->worker] = tps_piece_rest(piece, pace, now_us);
        last = MAX(last, free_us[piece->worker]);
    }
    for (GList *link = queue->waiting.head; link; link = link->next)
        add_weights(queue, link->data, n_workers, queue->waiting_us / n_workers, weights);
    if (weights->len == 0)
        return last;
    return tps_pool_simulate((const int64_t *)(void *)weights->data, weights->len, n_workers,
                             free_us, NULL, NULL);
}

bool tps_queue_grow(TpsQueue *queue, int64_t now_us)
{
    int64_t rest;
    int64_t needed;

    if (queue->closed || queue->size >= queue->rules.max_size || g_queue_is_empty(&queue->waiting))
        return false;
    rest = forecast(queue, queue->size, now_us);
    needed =
        rest > INT64_MAX / TPS_PACE_MAX ? INT64_MAX : rest * tps_queue_pace(queue) / TPS_PACE_ONE;
    if (tps_add_sat(now_us - queue->began_us, needed) <= queue->rules.target_us ||
        forecast(queue, queue->size + 1, now_us) >= rest)
        return false;
    queue->size++;
    return true;
}
