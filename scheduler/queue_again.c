/* SPDX-License-Identifier: MIT */
#include "scheduler/queue_again.h"

#include "scheduler/queue_internal.h"

void tps_again_clear(TpsAgain *again)
{
    g_clear_pointer(&again->units, g_free);
    g_clear_pointer(&again->only, g_hash_table_unref);
}

static TpsPiece *add_units(TpsQueueState *state, const size_t *units, size_t n_units)
{
    TpsPiece *piece = tps_queue_add_piece(state, n_units);

    piece->expected_us = state->about.overhead_us;
    for (size_t i = 0; i < n_units; i++)
        tps_queue_add_unit(state, piece, units[i]);
    return piece;
}

bool tps_queue_is_fatal(const TpsQueue *queue, const TpsPiece *piece, const TpsPartReport *report)
{
    return report && report->end == TPS_END_LOST && !queue->closed &&
           piece->deaths + 1 < TPS_DEATHS_MAX;
}

void tps_queue_replace(TpsQueue *queue, TpsPiece *piece)
{
    TpsPiece *again = add_units(tps_queue_state(queue, piece->task), piece->units, piece->n_units);

    piece->replaced = true;
    again->attempt = piece->attempt;
    again->deaths = piece->deaths + 1;
    again->only = piece->only ? g_hash_table_ref(piece->only) : NULL;
    again->avoid = piece->worker;
    tps_queue_insert(queue, again);
}

bool tps_queue_may_rerun(const TpsQueue *queue, const TpsTask *task)
{
    const TpsQueueState *state = tps_queue_state(queue, task);

    return !queue->closed && state->n_open == 0 && state->attempt <= state->about.reruns;
}

bool tps_queue_may_repeat(const TpsQueue *queue, const TpsTask *task)
{
    const TpsQueueState *state = tps_queue_state(queue, task);

    return !queue->closed && state->n_open == 0 && state->attempt < state->about.repeats;
}

bool tps_queue_rerun(TpsQueue *queue, const TpsTask *task, TpsAgain *again)
{
    TpsQueueState *state = tps_queue_state(queue, task);
    TpsPiece *piece;

    if (again->n_failed > queue->rules.rerun_budget - queue->n_rerun) {
        queue->n_refused += again->n_failed;
        return false;
    }
    queue->n_rerun += again->n_failed;
    state->attempt++;
    piece = add_units(state, again->units, again->n_units);
    piece->only = g_steal_pointer(&again->only);
    piece->avoid = again->avoid;
    /* Where one failure more may end the run, it is to be known soon whether it is one. */
    if (queue->rules.fail_fast > 0)
        tps_queue_prepend(queue, piece);
    else
        tps_queue_insert(queue, piece);
    return true;
}

void tps_queue_repeat(TpsQueue *queue, const TpsTask *task)
{
    TpsQueueState *state = tps_queue_state(queue, task);
    TpsPiece *piece;

    state->attempt++;
    piece = tps_queue_add_piece(state, state->about.n_units);
    piece->expected_us = state->about.overhead_us;
    for (size_t unit = 0; unit < state->about.n_units; unit++)
        tps_queue_add_unit(state, piece, unit);
    tps_queue_append(queue, piece);
}

bool tps_queue_fail(TpsQueue *queue)
{
    queue->n_failed++;
    if (queue->closed || queue->rules.fail_fast == 0 || queue->n_failed < queue->rules.fail_fast)
        return false;
    queue->closed = true;
    return true;
}

bool tps_queue_failed_fast(const TpsQueue *queue)
{
    return queue->rules.fail_fast > 0 && queue->n_failed >= queue->rules.fail_fast;
}

guint tps_queue_n_rerun(const TpsQueue *queue)
{
    return queue->n_rerun;
}

guint tps_queue_n_refused(const TpsQueue *queue)
{
    return queue->n_refused;
}
