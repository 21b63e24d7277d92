/* SPDX-License-Identifier: MIT */
#include "scheduler/pool.h"

#include "core/error.h"
#include "core/saturate.h"
#include "scheduler/pool_internal.h"
#include "scheduler/stop.h"

#include <errno.h>
#include <glib-unix.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <unistd.h>

static void tell(const TpsPool *pool, const TpsEvent *event)
{
    const TpsListener *listener = pool->request->listener;
    TpsEvent stamped = *event;

    if (!stamped.now_us)
        stamped.now_us = g_get_monotonic_time();
    stamped.plan = pool->request->plan;
    if (listener)
        listener->hear(&stamped, listener->user);
}

static void take_error(TpsPool *pool, GError *error)
{
    if (!error)
        return;
    atomic_store(&pool->closed, true);
    if (pool->error)
        g_error_free(error);
    else
        pool->error = error;
}

void tps_pool_deliver(TpsPool *pool, TpsPoolMessage *message, bool more)
{
    if (message->is_goodbye) {
        if (--pool->n_workers == 0)
            g_main_loop_quit(pool->loop);
        return;
    }
    message->event.more = more;
    tell(pool, &message->event);
    if (message->report) {
        pool->n_lost += message->report->end == TPS_END_LOST;
        pool->serial_us = tps_add_sat(pool->serial_us, message->report->wall_us);
    }
    tps_part_report_free(message->report);
    take_error(pool, message->error);
}

static void start_worker(TpsPool *pool, int slot)
{
    pool->n_workers++;
    g_thread_pool_push(pool->threads, GINT_TO_POINTER(slot + 1), NULL);
}

/* One at a tick: whether it was enough shows at the next one. */
static void grow(TpsPool *pool)
{
    bool more;
    int size;

    pthread_mutex_lock(&pool->mutex);
    more = tps_pool_may_start(pool) && tps_queue_grow(pool->queue, tps_pool_now(pool));
    size = tps_queue_size(pool->queue);
    pthread_mutex_unlock(&pool->mutex);
    if (!more)
        return;
    /* Without a thread it would wait behind the others: they find nothing left, and neither does
     * it. */
    g_thread_pool_set_max_threads(pool->threads, size, NULL);
    start_worker(pool, size - 1);
    tell(pool, &(TpsEvent){.kind = TPS_EVENT_POOL_GROWN, .worker = size - 1});
}

/* Whoever idles has waited for a tick at most. */
static void ask(TpsPool *pool)
{
    TpsPiece *piece;

    pthread_mutex_lock(&pool->mutex);
    piece = pool->runner->ask && tps_pool_may_start(pool)
                ? tps_queue_ask(pool->queue, tps_pool_now(pool))
                : NULL;
    pthread_mutex_unlock(&pool->mutex);
    if (piece)
        pool->runner->ask(piece, pool->runner->user);
}

static gboolean on_tick(void *data)
{
    tps_pool_open_mail(data);
    tell(data, &(TpsEvent){.kind = TPS_EVENT_TICK});
    grow(data);
    ask(data);
    return G_SOURCE_CONTINUE;
}

static void pause_all(TpsPool *pool)
{
    int64_t since_us = g_get_monotonic_time();

    tell(pool, &(TpsEvent){.kind = TPS_EVENT_PAUSED});
    tps_stop_pause();
    tell(pool,
         &(TpsEvent){.kind = TPS_EVENT_CONTINUED, .paused_us = g_get_monotonic_time() - since_us});
}

/* Somebody may wait for the time of a task that will never start now. */
static void wake_all(TpsPool *pool)
{
    pthread_mutex_lock(&pool->mutex);
    pthread_cond_broadcast(&pool->changed);
    pthread_mutex_unlock(&pool->mutex);
}

static gboolean on_signal(int fd, GIOCondition condition, void *data)
{
    TpsPool *pool = data;
    uint64_t ignored;

    (void)condition;
    if (read(fd, &ignored, sizeof ignored) < 0)
        return G_SOURCE_CONTINUE;
    tps_pool_open_mail(pool); /* what runs is asked for, or stopped: it is known by then */
    if (tps_stop_count() > pool->n_stops) {
        pool->n_stops = tps_stop_count();
        tell(pool, &(TpsEvent){.kind = TPS_EVENT_STOPPING, .stops = pool->n_stops});
        wake_all(pool);
    }
    if (tps_stop_wants_status())
        tell(pool, &(TpsEvent){.kind = TPS_EVENT_STATUS});
    if (tps_stop_wants_pause())
        pause_all(pool);
    return G_SOURCE_CONTINUE;
}

static void loop(TpsPool *pool)
{
    guint tick = g_timeout_add((guint)(pool->request->tick_us / 1000), on_tick, pool);
    guint mail = tps_pool_watch_mail(pool);
    guint stop = tps_stop_fd() < 0 ? 0 : g_unix_fd_add(tps_stop_fd(), G_IO_IN, on_signal, pool);

    tps_stop_hears_pause(stop != 0);
    tell(pool, &(TpsEvent){.kind = TPS_EVENT_RUN_STARTED});
    for (int slot = 0; slot < pool->request->rules.size; slot++)
        start_worker(pool, slot);
    g_main_loop_run(pool->loop);
    tps_stop_hears_pause(false);
    tell(pool, &(TpsEvent){.kind = TPS_EVENT_RUN_ENDED});
    g_source_remove(tick);
    g_source_remove(mail);
    if (stop)
        g_source_remove(stop);
}

/* Callers know only our own errors. */
static void fail_threads(TpsPool *pool)
{
    g_autoptr(GError) why = g_steal_pointer(&pool->error);

    g_set_error(&pool->error, TPS_ERROR, TPS_ERROR_EXECUTOR, "cannot start the workers: %s",
                why->message);
}

static void run_threads(TpsPool *pool)
{
    pool->mail_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (pool->mail_fd < 0) {
        g_set_error(&pool->error, TPS_ERROR, TPS_ERROR_EXECUTOR, "cannot start the workers: %s",
                    g_strerror(errno));
        return;
    }
    g_thread_pool_set_max_unused_threads(0); /* our threads end with the pool */
    /* Exclusive: a thread that ends takes PR_SET_PDEATHSIG children with it. */
    pool->threads =
        g_thread_pool_new(tps_pool_work, pool, pool->request->rules.size, TRUE, &pool->error);
    if (!pool->error) /* else there is a pool of fewer threads, or none: it would wait for ever */
        loop(pool);
    g_thread_pool_free(pool->threads, FALSE, TRUE);
    if (pool->error && pool->error->domain == G_THREAD_ERROR)
        fail_threads(pool);
    close(pool->mail_fd);
}

/* They are waited for by the monotonic clock, which nobody sets. */
static void init_conditions(TpsPool *pool)
{
    pthread_condattr_t attributes;

    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&pool->changed, &attributes);
    pthread_cond_init(&pool->urgent, &attributes);
    pthread_condattr_destroy(&attributes);
}

void tps_pool_answer_clear(TpsPoolAnswer *answer)
{
    g_clear_pointer(&answer->queue, tps_queue_free);
}

bool tps_pool_run(const TpsPoolRequest *request, TpsPoolAnswer *answer, GError **error)
{
    TpsPool pool = {
        .request = request,
        .runner = request->runner,
        .loop = g_main_loop_new(NULL, FALSE),
        .mutex = PTHREAD_MUTEX_INITIALIZER,
        .mail = g_ptr_array_new(),
    };

    init_conditions(&pool);
    pool.queue = tps_queue_new(request->tasks, &request->rules, tps_pool_now(&pool));
    run_threads(&pool);
    g_ptr_array_unref(pool.mail);
    pthread_cond_destroy(&pool.changed);
    pthread_cond_destroy(&pool.urgent);
    pthread_mutex_destroy(&pool.mutex);
    g_main_loop_unref(pool.loop);
    *answer =
        (TpsPoolAnswer){.serial_us = pool.serial_us, .queue = pool.queue, .n_lost = pool.n_lost};
    if (pool.error)
        g_propagate_error(error, pool.error);
    return pool.error == NULL;
}
