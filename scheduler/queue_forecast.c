/* SPDX-License-Identifier: MIT */
#include "core/saturate.h"
#include "scheduler/loads.h"
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
    int n_idle = queue->gate ? tps_gate_idle(queue->gate) : queue->size - (int)queue->running->len;
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
static void add_loads(const TpsQueue *queue, const TpsPiece *piece, int n_workers, int64_t share_us,
                      GArray *loads)
{
    int64_t n = tps_queue_may_cut(queue, piece) && piece->expected_us > share_us
                    ? (int64_t)MIN((size_t)n_workers, piece->n_units)
                    : 1;
    TpsLoad load = {.weight_us = piece->expected_us / n, .claim = piece->claim};

    for (int64_t i = 0; i < n; i++)
        g_array_append_val(loads, load);
}

/* Where nothing needs more than a worker. */
static int64_t simulate_plainly(const TpsLoads *loads, int n_workers, const TpsRunning *busy,
                                size_t n_busy)
{
    g_autofree int64_t *weight_us = g_new(int64_t, loads->n);
    g_autofree int64_t *free_us = g_new0(int64_t, (size_t)n_workers);

    for (size_t i = 0; i < loads->n; i++)
        weight_us[i] = loads->loads[i].weight_us;
    for (size_t i = 0; i < n_busy; i++)
        free_us[busy[i].worker] = busy[i].end_us;
    return tps_pool_simulate(weight_us, loads->n, n_workers, free_us, NULL, NULL);
}

/* When that many workers will have done the rest, from now, as the weights count time. */
static int64_t forecast(const TpsQueue *queue, int n_workers, int64_t now_us)
{
    g_autoptr(GArray) loads = g_array_new(FALSE, FALSE, sizeof(TpsLoad));
    g_autofree TpsRunning *busy = g_new0(TpsRunning, queue->running->len);
    int64_t pace = tps_queue_pace(queue);
    int64_t last = 0;
    TpsLoads all;

    for (guint i = 0; i < queue->running->len; i++) {
        const TpsPiece *piece = g_ptr_array_index(queue->running, i);

        busy[i] = (TpsRunning){.claim = piece->claim,
                               .end_us = tps_piece_rest(piece, pace, now_us),
                               .worker = piece->worker};
        last = MAX(last, busy[i].end_us);
    }
    for (GList *link = queue->waiting.head; link; link = link->next)
        add_loads(queue, link->data, n_workers, queue->waiting_us / n_workers, loads);
    if (loads->len == 0)
        return last;
    all = (TpsLoads){.stock = queue->rules.stock,
                     .loads = (const TpsLoad *)(const void *)loads->data,
                     .n = loads->len};
    return queue->gate ? tps_loads_simulate(&all, n_workers, busy, queue->running->len, NULL, NULL)
                       : simulate_plainly(&all, n_workers, busy, queue->running->len);
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
    if (queue->gate)
        tps_gate_grow(queue->gate, queue->size);
    return true;
}
