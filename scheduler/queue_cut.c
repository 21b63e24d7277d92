/* SPDX-License-Identifier: MIT */
#include "core/saturate.h"
#include "scheduler/queue_internal.h"
#include "scheduler/tail.h"

bool tps_queue_may_cut(const TpsQueue *queue, const TpsPiece *piece)
{
    const TpsQueueState *state = tps_queue_state(queue, piece->task);

    return queue->rules.splits && state->about.divisible && piece->n_units > 1 &&
           piece->attempt == 1 && !piece->only && state->pieces->len < TPS_PIECES_MAX;
}

static TpsTail tail_of(const TpsQueue *queue, const TpsPiece *taken, int64_t now_us)
{
    int64_t pace = tps_queue_pace(queue);
    TpsTail tail = {.n_workers = queue->size,
                    .work_us = tps_add_sat(queue->waiting_us, taken->expected_us)};

    for (guint i = 0; i < queue->running->len; i++) {
        int64_t rest = tps_piece_rest(g_ptr_array_index(queue->running, i), pace, now_us);

        tail.work_us = tps_add_sat(tail.work_us, rest);
        tail.floor_us = MAX(tail.floor_us, rest);
    }
    return tail;
}

/* What waits and can't be cut ends no sooner than if it started now. */
static void raise_floor(const TpsQueue *queue, TpsTail *tail)
{
    for (GList *link = queue->waiting.head; link; link = link->next) {
        const TpsPiece *piece = link->data;

        if (!tps_queue_may_cut(queue, piece))
            tail->floor_us = MAX(tail->floor_us, piece->expected_us);
    }
}

/* Leave in `piece` what `of` says is 0, and put the others in front of the queue. */
static void deal(TpsQueue *queue, TpsQueueState *state, TpsPiece *piece, int n_pieces,
                 const int *of)
{
    size_t n_units = piece->n_units;
    TpsPiece *pieces[TPS_PIECES_MAX] = {piece};

    piece->n_units = 0;
    piece->expected_us = state->about.overhead_us;
    for (int i = 1; i < n_pieces; i++) {
        pieces[i] = tps_queue_add_piece(state, n_units);
        pieces[i]->expected_us = state->about.overhead_us;
    }
    for (size_t i = 0; i < n_units; i++)
        tps_queue_add_unit(state, pieces[of[i]], piece->units[i]);
    for (int i = n_pieces - 1; i > 0; i--)
        tps_queue_prepend(queue, pieces[i]);
}

void tps_queue_cut(TpsQueue *queue, TpsPiece *piece, int64_t now_us)
{
    TpsQueueState *state = tps_queue_state(queue, piece->task);
    TpsTail tail = tail_of(queue, piece, now_us);
    int n_max = TPS_PIECES_MAX - (int)state->pieces->len + 1;
    g_autofree int64_t *unit_us = NULL;
    g_autofree int *of = NULL;
    int n_pieces;

    /* Most of a run: others have as much to do, and nothing more needs to be asked. */
    if (piece->expected_us <= tail.work_us / tail.n_workers)
        return;
    raise_floor(queue, &tail);
    unit_us = g_new(int64_t, piece->n_units);
    of = g_new0(int, piece->n_units);
    for (size_t i = 0; i < piece->n_units; i++)
        unit_us[i] = state->about.unit_us[piece->units[i]];
    n_pieces = tps_tail_cut(&tail, unit_us, piece->n_units, state->about.overhead_us, n_max, of);
    if (n_pieces > 1)
        deal(queue, state, piece, n_pieces, of);
}

/*
 * There must be somebody else to take it. And only who was to keep the limit gives back on account
 * of it: a task that the plan knows to be longer would do it with every piece.
 */
int64_t tps_queue_until(const TpsQueue *queue, const TpsPiece *piece, int64_t now_us)
{
    const TpsQueueState *state = tps_queue_state(queue, piece->task);
    int64_t planned_us = piece->expected_us - state->about.overhead_us + piece->task->setup_us +
                         piece->task->teardown_us;

    if (!tps_queue_may_cut(queue, piece) || !state->about.gives_back || queue->rules.max_size < 2)
        return 0;
    if (planned_us > queue->rules.limit_us)
        return INT64_MAX;
    return tps_add_sat(now_us, MAX(queue->rules.limit_us - piece->task->teardown_us, 0));
}
