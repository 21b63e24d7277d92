/* SPDX-License-Identifier: MIT */
#include "scheduler/queue.h"

#include "core/saturate.h"
#include "scheduler/queue_internal.h"
#include "scheduler/tail.h"

#include <string.h>

/* The first pieces say little: a tenth of the whole work is taken for having gone as expected. */
#define PRIOR_SHARE 10

void tps_queue_task_clear(TpsQueueTask *task)
{
    g_clear_pointer(&task->unit_us, g_free);
}

static void piece_free(TpsPiece *piece)
{
    g_free(piece->units);
    g_clear_pointer(&piece->only, g_hash_table_unref);
    tps_part_report_free(piece->report);
    tps_grant_clear(&piece->grant);
    g_clear_pointer(&piece->planned, g_ptr_array_unref);
    g_free(piece);
}

static bool are_alike(const GPtrArray *a, const GPtrArray *b)
{
    if (!a || a->len != b->len)
        return false;
    for (guint i = 0; i < a->len; i++)
        if (strcmp(g_ptr_array_index(a, i), g_ptr_array_index(b, i)) != 0)
            return false;
    return true;
}

void tps_piece_settle(TpsPiece *piece)
{
    TpsPartReport *report = piece->report;

    if (!report)
        return;
    piece->settled = true;
    piece->wall_us = report->wall_us;
    piece->setup_us = report->setup_us;
    piece->teardown_us = report->teardown_us;
    if (!are_alike(piece->task->testcases, report->planned))
        piece->planned = g_ptr_array_ref(report->planned);
    g_clear_pointer(&piece->report, tps_part_report_free);
}

static void state_free(TpsQueueState *state)
{
    tps_queue_task_clear(&state->about);
    g_ptr_array_unref(state->pieces);
    g_free(state);
}

TpsPiece *tps_queue_add_piece(TpsQueueState *state, size_t n_units)
{
    TpsPiece *piece = g_new0(TpsPiece, 1);

    piece->task = state->about.task;
    piece->claim = state->about.claim;
    piece->number = (int)state->pieces->len;
    piece->units = g_new(size_t, n_units);
    piece->attempt = state->attempt;
    piece->avoid = -1;
    piece->worth_us = tps_add_sat(state->about.overhead_us, TPS_TAIL_GAIN_MIN_US);
    g_ptr_array_add(state->pieces, piece);
    state->n_open++;
    return piece;
}

void tps_queue_add_unit(const TpsQueueState *state, TpsPiece *piece, size_t unit)
{
    piece->units[piece->n_units++] = unit;
    piece->expected_us = tps_add_sat(piece->expected_us, state->about.unit_us[unit]);
}

TpsQueueState *tps_queue_state(const TpsQueue *queue, const TpsTask *task)
{
    return g_hash_table_lookup(queue->by_task, task);
}

void tps_queue_prepend(TpsQueue *queue, TpsPiece *piece)
{
    g_queue_push_head(&queue->waiting, piece);
    queue->waiting_us = tps_add_sat(queue->waiting_us, piece->expected_us);
}

void tps_queue_append(TpsQueue *queue, TpsPiece *piece)
{
    g_queue_push_tail(&queue->waiting, piece);
    queue->waiting_us = tps_add_sat(queue->waiting_us, piece->expected_us);
}

static void add_task(TpsQueue *queue, const TpsQueueTask *about)
{
    TpsQueueState *state = g_new0(TpsQueueState, 1);
    TpsPiece *piece;

    state->about = *about;
    state->attempt = 1;
    state->pieces = g_ptr_array_new_with_free_func((GDestroyNotify)piece_free);
    g_ptr_array_add(queue->states, state);
    g_hash_table_insert(queue->by_task, (gpointer)about->task, state);
    piece = tps_queue_add_piece(state, about->n_units);
    piece->expected_us = about->overhead_us;
    for (size_t unit = 0; unit < about->n_units; unit++)
        tps_queue_add_unit(state, piece, unit);
    tps_queue_append(queue, piece);
}

static void add_tasks(TpsQueue *queue, const GArray *tasks, bool first)
{
    for (guint i = 0; i < tasks->len; i++) {
        const TpsQueueTask *task = &g_array_index(tasks, TpsQueueTask, i);

        if (task->is_first == first)
            add_task(queue, task);
    }
}

TpsQueue *tps_queue_new(GArray *tasks, const TpsQueueRules *rules, int64_t now_us)
{
    TpsQueue *queue = g_new0(TpsQueue, 1);

    queue->rules = *rules;
    queue->size = rules->size;
    queue->states = g_ptr_array_new_with_free_func((GDestroyNotify)state_free);
    queue->by_task = g_hash_table_new(g_direct_hash, g_direct_equal);
    queue->running = g_ptr_array_new();
    queue->started = g_ptr_array_new();
    queue->began_us = now_us;
    queue->gate = rules->stock ? tps_gate_new(rules->stock, rules->size) : NULL;
    g_queue_init(&queue->waiting);
    add_tasks(queue, tasks, true);
    add_tasks(queue, tasks, false);
    queue->prior_us = MAX(queue->waiting_us / PRIOR_SHARE, 1);
    g_array_set_size(tasks, 0); /* they are ours now */
    return queue;
}

void tps_queue_free(TpsQueue *queue)
{
    if (!queue)
        return;
    g_queue_clear(&queue->waiting);
    g_ptr_array_unref(queue->running);
    g_ptr_array_unref(queue->started);
    g_hash_table_unref(queue->by_task);
    g_ptr_array_unref(queue->states);
    tps_gate_free(queue->gate);
    g_free(queue);
}

/*
 * What holds something holds it until nothing of it is left. Where one failure more may end the
 * run, it is to be known before anything else starts; and a replay keeps to its workers.
 */
static bool may_linger(const TpsQueue *queue, const TpsPiece *piece)
{
    return queue->rules.fail_fast == 0 && !piece->claim &&
           !tps_queue_state(queue, piece->task)->about.bound &&
           (!queue->gate || tps_gate_lets_linger(queue->gate));
}

static void start(TpsQueue *queue, TpsPiece *piece, int64_t now_us)
{
    if (tps_queue_may_cut(queue, piece))
        tps_queue_cut(queue, piece, now_us);
    piece->started_us = now_us;
    piece->until_us = tps_queue_until(queue, piece, now_us);
    piece->may_linger = may_linger(queue, piece);
    g_ptr_array_add(queue->started, piece);
}

TpsPiece *tps_queue_take(TpsQueue *queue, int worker, int64_t now_us)
{
    GList *link = tps_queue_find_next(queue, worker, now_us);
    TpsPiece *piece = link ? link->data : NULL;

    if (!piece)
        return NULL;
    g_queue_delete_link(&queue->waiting, link);
    queue->waiting_us -= MIN(piece->expected_us, queue->waiting_us);
    piece->worker = worker;
    if (!queue->closed)
        start(queue, piece, now_us);
    if (!queue->closed && queue->gate)
        tps_gate_enter(queue->gate, piece);
    g_ptr_array_add(queue->running, piece);
    return piece;
}

void tps_queue_close(TpsQueue *queue)
{
    queue->closed = true;
}

/* What the units of a piece that are not in its rest were expected to take. */
static int64_t expected_of_done(const TpsQueueState *state, const TpsPiece *piece,
                                const GArray *rest)
{
    int64_t done = 0;
    guint next = 0;

    for (size_t i = 0; i < piece->n_units; i++) {
        if (next < rest->len && g_array_index(rest, size_t, next) == piece->units[i])
            next++;
        else
            done = tps_add_sat(done, state->about.unit_us[piece->units[i]]);
    }
    return done;
}

/* The rest is as slow as what was run of the piece, but no faster than expected. */
static void slow_down(TpsQueueState *state, const TpsPiece *piece, const GArray *rest)
{
    int64_t took = MAX(piece->ended_us - piece->started_us - state->about.overhead_us, 0);
    int64_t done = MAX(expected_of_done(state, piece, rest), 1);
    int64_t pace = took > INT64_MAX / TPS_PACE_ONE
                       ? TPS_PACE_MAX
                       : CLAMP(took * TPS_PACE_ONE / done, TPS_PACE_ONE, TPS_PACE_MAX);

    for (guint i = 0; i < rest->len; i++) {
        int64_t *unit_us = &state->about.unit_us[g_array_index(rest, size_t, i)];

        if (*unit_us <= INT64_MAX / TPS_PACE_MAX)
            *unit_us = *unit_us * pace / TPS_PACE_ONE;
    }
}

void tps_queue_insert(TpsQueue *queue, TpsPiece *piece)
{
    GList *link = queue->waiting.head;

    while (link) {
        const TpsPiece *other = link->data;

        if (!tps_queue_state(queue, other->task)->about.is_first &&
            other->expected_us < piece->expected_us)
            break;
        link = link->next;
    }
    g_queue_insert_before(&queue->waiting, link, piece);
    queue->waiting_us = tps_add_sat(queue->waiting_us, piece->expected_us);
}

static void put_back(TpsQueue *queue, TpsQueueState *state, const TpsPiece *piece,
                     const GArray *rest)
{
    TpsPiece *again = tps_queue_add_piece(state, rest->len);

    slow_down(state, piece, rest);
    again->expected_us = state->about.overhead_us;
    for (guint i = 0; i < rest->len; i++)
        tps_queue_add_unit(state, again, g_array_index(rest, size_t, i));
    tps_queue_insert(queue, again);
}

/* Its worker is free. */
static void stop_running(TpsQueue *queue, TpsPiece *piece, int64_t now_us)
{
    g_ptr_array_remove(queue->running, piece);
    if (queue->gate)
        tps_gate_leave(queue->gate, piece);
    piece->ended_us = now_us;
}

void tps_queue_linger(TpsQueue *queue, TpsPiece *piece, int64_t now_us)
{
    stop_running(queue, piece, now_us);
    piece->lingers = true;
    queue->n_lingering++;
}

bool tps_queue_end(TpsQueue *queue, TpsPiece *piece, TpsPartReport *report, const GArray *rest,
                   int64_t now_us)
{
    TpsQueueState *state = tps_queue_state(queue, piece->task);

    if (piece->lingers)
        queue->n_lingering--;
    else
        stop_running(queue, piece, now_us);
    piece->report = report;
    state->n_open--;
    if (tps_queue_is_fatal(queue, piece, report))
        tps_queue_replace(queue, piece);
    else if (rest && rest->len > 0)
        put_back(queue, state, piece, rest);
    else if (report && piece->attempt == 1) {
        queue->expected_us = tps_add_sat(queue->expected_us, piece->expected_us);
        queue->taken_us = tps_add_sat(queue->taken_us, piece->ended_us - piece->started_us);
    }
    return state->n_open == 0;
}

bool tps_queue_is_over(const TpsQueue *queue)
{
    return g_queue_is_empty((GQueue *)&queue->waiting) && queue->running->len == 0 &&
           queue->n_lingering == 0;
}

int tps_queue_size(const TpsQueue *queue)
{
    return queue->size;
}

bool tps_queue_has_started(const TpsQueue *queue, const TpsTask *task)
{
    const GPtrArray *pieces = tps_queue_pieces(queue, task);

    for (guint i = 0; i < pieces->len; i++)
        if (((const TpsPiece *)g_ptr_array_index(pieces, i))->started_us)
            return true;
    return false;
}

const GPtrArray *tps_queue_pieces(const TpsQueue *queue, const TpsTask *task)
{
    return tps_queue_state(queue, task)->pieces;
}

const GPtrArray *tps_queue_started(const TpsQueue *queue)
{
    return queue->started;
}
