/* SPDX-License-Identifier: MIT */
#include "core/saturate.h"
#include "core/status.h"
#include "scheduler/again.h"
#include "scheduler/attempts.h"
#include "scheduler/pool_internal.h"
#include "scheduler/stop.h"

#include <errno.h>

int64_t tps_pool_now(const TpsPool *pool)
{
    return pool->runner->now ? pool->runner->now(pool->runner->user) : g_get_monotonic_time();
}

struct timespec tps_pool_timespec(int64_t time_us)
{
    return (struct timespec){.tv_sec = time_us / G_USEC_PER_SEC,
                             .tv_nsec = time_us % G_USEC_PER_SEC * 1000};
}

bool tps_pool_may_start(TpsPool *pool)
{
    int64_t deadline_us = pool->request->deadline_us;

    return !atomic_load(&pool->closed) && tps_stop_count() == 0 &&
           (!deadline_us || g_get_monotonic_time() < deadline_us);
}

/* What runs may give something back or end, and what waits for its time may have come to it. */
static void wait_for_change(TpsPool *pool, int slot)
{
    int64_t now_us = tps_pool_now(pool);
    int64_t next_us = tps_queue_next_us(pool->queue, slot, now_us);
    int64_t until_us;
    struct timespec until;

    if (next_us == INT64_MAX) {
        pthread_cond_wait(&pool->changed, &pool->mutex);
        return;
    }
    until_us = g_get_monotonic_time() + (next_us - now_us);
    until = tps_pool_timespec(until_us);
    pthread_cond_timedwait(&pool->changed, &pool->mutex, &until);
}

/* The next piece. NULL when none will ever come, or there is none and the worker may not wait. */
static TpsPiece *next_piece(TpsPool *pool, int slot, bool may_wait)
{
    TpsPiece *piece;

    pthread_mutex_lock(&pool->mutex);
    for (;;) {
        if (!tps_pool_may_start(pool))
            tps_queue_close(pool->queue);
        piece = tps_queue_take(pool->queue, slot, tps_pool_now(pool));
        if (piece || !may_wait || tps_queue_is_over(pool->queue))
            break;
        wait_for_change(pool, slot);
    }
    /* It may have been cut: the other pieces are for those who wait. */
    pthread_cond_broadcast(&pool->changed);
    pthread_mutex_unlock(&pool->mutex);
    return piece;
}

/* Of a task that has ended: does it start another time? */
static bool goes_on(TpsPool *pool, const TpsTask *task)
{
    const GPtrArray *pieces = tps_queue_pieces(pool->queue, task);
    g_auto(TpsAgain) again = {0};

    if (tps_queue_may_repeat(pool->queue, task)) {
        bool failed = tps_again_has_failed(pieces);

        if (pool->request->until_failure && failed)
            return false;
        if (!failed)
            tps_attempts_slim(pieces);
        tps_queue_repeat(pool->queue, task);
        return true;
    }
    return pool->runner->again && tps_queue_may_rerun(pool->queue, task) &&
           pool->runner->again(task, pieces, &again, pool->runner->user) &&
           tps_queue_rerun(pool->queue, task, &again);
}

/* In one go, or others would find that all is over. */
static bool end_piece(TpsPool *pool, TpsPiece *piece, TpsPartReport *report, const GArray *rest)
{
    bool over;

    pthread_mutex_lock(&pool->mutex);
    over = tps_queue_end(pool->queue, piece, report, rest, tps_pool_now(pool)) &&
           !goes_on(pool, piece->task);
    pthread_cond_broadcast(&pool->changed);
    pthread_mutex_unlock(&pool->mutex);
    return over;
}

/* Has one of them a report, and does none lack it though it started? What never did lacks it. */
static bool is_whole(const GPtrArray *pieces)
{
    bool any = false;

    for (guint i = 0; i < pieces->len; i++) {
        const TpsPiece *piece = g_ptr_array_index(pieces, i);

        if (piece->started_us && !piece->report)
            return false; /* the machinery failed: what is on the disk says "running" */
        any |= piece->report != NULL;
    }
    return any;
}

/* Nobody else touches the pieces of a task that is over. */
static TpsPartReport *join(TpsPool *pool, const TpsTask *task, GError **error)
{
    const GPtrArray *pieces = tps_queue_pieces(pool->queue, task);
    TpsPartReport *report;

    if (!is_whole(pieces))
        return NULL;
    report = pool->runner->join(task, pieces, pool->runner->user, error);
    for (guint i = 0; i < pieces->len; i++)
        tps_piece_settle(g_ptr_array_index(pieces, i));
    return report;
}

static void send_event(TpsPool *pool, TpsEventKind kind, const TpsPiece *piece,
                       TpsPartReport *report, GError *error)
{
    tps_pool_send((TpsPoolMessage){.pool = pool,
                                   .event = {.kind = kind,
                                             .task = piece->task,
                                             .worker = piece->worker,
                                             .expected_us = piece->expected_us,
                                             .attempt = piece->attempt,
                                             .deaths = piece->deaths,
                                             .lingers = piece->lingers,
                                             .report = report},
                                   .report = report,
                                   .error = error});
}

static bool is_failure(const TpsPool *pool, const TpsPartReport *report)
{
    return tps_part_report_is_bad(report) ||
           (pool->request->flaky_fails && tps_status_of(report) == TPS_STATUS_FLAKY);
}

/* True when it was the last failure that is borne. */
static bool judge(TpsPool *pool, const TpsPartReport *report)
{
    bool enough;

    if (!report || !is_failure(pool, report))
        return false;
    pthread_mutex_lock(&pool->mutex);
    enough = tps_queue_fail(pool->queue);
    pthread_mutex_unlock(&pool->mutex);
    if (enough && pool->runner->cancel)
        pool->runner->cancel(pool->runner->user);
    return enough;
}

/* Takes report and error. */
static void finish_piece(TpsPool *pool, TpsPiece *piece, TpsPartReport *report, const GArray *rest,
                         GError *error)
{
    TpsPartReport *joined = NULL;
    bool enough;

    if (error)
        atomic_store(&pool->closed, true); /* before the worker is free: nobody starts behind it */
    if (end_piece(pool, piece, report, rest) && !error)
        joined = join(pool, piece->task, &error);
    if (error)
        atomic_store(&pool->closed, true);
    enough = judge(pool, joined);
    send_event(pool, TPS_EVENT_TASK_ENDED, piece, joined, error);
    if (enough)
        tps_pool_send((TpsPoolMessage){.pool = pool, .event = {.kind = TPS_EVENT_FAILED_FAST}});
}

static void let_linger(TpsPool *pool, TpsPiece *piece)
{
    pthread_mutex_lock(&pool->mutex);
    tps_queue_linger(pool->queue, piece, tps_pool_now(pool));
    pthread_cond_broadcast(&pool->changed);
    pthread_mutex_unlock(&pool->mutex);
    send_event(pool, TPS_EVENT_TASK_LINGERS, piece, NULL, NULL);
}

static void run_piece(TpsPool *pool, TpsPiece *piece, GQueue *lingering)
{
    g_autoptr(GArray) rest = g_array_new(FALSE, FALSE, sizeof(size_t));
    GError *error = NULL;
    TpsPartReport *report = NULL;

    if (piece->started_us) {
        send_event(pool, TPS_EVENT_TASK_STARTED, piece, NULL, NULL);
        report = pool->runner->run(piece, rest, pool->runner->user, &error);
    }
    if (!report && !error && piece->started_us && piece->may_linger && pool->runner->settle) {
        let_linger(pool, piece);
        g_queue_push_tail(lingering, piece);
        return;
    }
    finish_piece(pool, piece, report, rest, error);
}

/* Those of which nothing is left; who waits does so for the oldest one, for it is the next. */
static void settle(TpsPool *pool, GQueue *lingering, bool wait)
{
    GList *next;

    for (GList *link = lingering->head; link; link = next) {
        g_autoptr(GArray) rest = g_array_new(FALSE, FALSE, sizeof(size_t));
        TpsPiece *piece = link->data;
        TpsPartReport *report = pool->runner->settle(piece, wait, rest, pool->runner->user);

        next = wait ? NULL : link->next;
        if (!report)
            continue;
        g_queue_delete_link(lingering, link);
        finish_piece(pool, piece, report, rest, NULL);
    }
}

/* On a worker thread. */
void tps_pool_work(void *data, void *user)
{
    TpsPool *pool = user;
    int slot = GPOINTER_TO_INT(data) - 1; /* a pool can't be given NULL */
    GQueue lingering = G_QUEUE_INIT;      /* of TpsPiece, borrowed      */
    TpsPiece *piece;
    bool idle;

    for (;;) {
        settle(pool, &lingering, false);
        idle = g_queue_is_empty(&lingering);
        piece = next_piece(pool, slot, idle);
        if (piece)
            run_piece(pool, piece, &lingering);
        else if (idle)
            break;
        else
            settle(pool, &lingering, true);
    }
    tps_pool_send((TpsPoolMessage){.pool = pool, .is_goodbye = true});
}
