/* SPDX-License-Identifier: MIT */
#include "scheduler/pool.h"

#include "core/error.h"
#include "scheduler/stop.h"

#include <glib-unix.h>
#include <stdatomic.h>
#include <unistd.h>

typedef struct {
    const TpsPlan *plan;
    const TpsTaskRunner *runner;
    const TpsListener *listener;
    GMainLoop *loop;
    GAsyncQueue *slots; /* the free ones, as slot + 1: a queue can't hold NULL */
    GPtrArray *reports;
    GError *error;      /* the first one */
    atomic_bool closed; /* nothing is started any more */
    guint n_open;       /* tasks that have not been answered for */
} Pool;

/* What a worker has to say; delivered on the main thread. */
typedef struct {
    Pool *pool;
    TpsEventKind kind;
    const TpsTask *task;
    int slot;
    TpsPartReport *report; /* owned */
    GError *error;         /* owned */
} Message;

static void tell(const Pool *pool, const TpsEvent *event)
{
    TpsEvent stamped = *event;

    stamped.now_us = g_get_monotonic_time();
    stamped.plan = pool->plan;
    if (pool->listener)
        pool->listener->hear(&stamped, pool->listener->user);
}

static void take_error(Pool *pool, GError *error)
{
    if (!error)
        return;
    atomic_store(&pool->closed, true);
    if (pool->error)
        g_error_free(error);
    else
        pool->error = error;
}

static void take_end(Pool *pool, Message *message)
{
    if (message->report)
        g_ptr_array_add(pool->reports, message->report);
    take_error(pool, g_steal_pointer(&message->error));
    if (--pool->n_open == 0)
        g_main_loop_quit(pool->loop);
}

static gboolean deliver(void *data)
{
    g_autofree Message *message = data;
    Pool *pool = message->pool;

    tell(pool, &(TpsEvent){.kind = message->kind,
                           .task = message->task,
                           .worker = message->slot,
                           .report = message->report});
    if (message->kind == TPS_EVENT_TASK_ENDED)
        take_end(pool, message);
    return G_SOURCE_REMOVE;
}

static void send(Message message)
{
    Message *copy = g_new(Message, 1);

    *copy = message;
    /* Not g_main_context_invoke: that may run it here, while nobody owns the context yet. */
    g_idle_add_full(G_PRIORITY_DEFAULT, deliver, copy, NULL);
}

static bool may_start(Pool *pool)
{
    return !atomic_load(&pool->closed) && tps_stop_count() == 0;
}

/* On a worker thread. */
static void work(void *data, void *user)
{
    const TpsTask *task = data;
    Pool *pool = user;
    int slot = GPOINTER_TO_INT(g_async_queue_pop(pool->slots)) - 1;
    GError *error = NULL;
    TpsPartReport *report = NULL;

    if (may_start(pool)) {
        send((Message){.pool = pool, .kind = TPS_EVENT_TASK_STARTED, .task = task, .slot = slot});
        report = pool->runner->run(task, slot, pool->runner->user, &error);
    }
    if (error)
        atomic_store(&pool->closed, true); /* before the slot is free: nobody starts behind it */
    g_async_queue_push(pool->slots, GINT_TO_POINTER(slot + 1));
    send((Message){.pool = pool,
                   .kind = TPS_EVENT_TASK_ENDED,
                   .task = task,
                   .slot = slot,
                   .report = report,
                   .error = error});
}

static gboolean on_tick(void *data)
{
    tell(data, &(TpsEvent){.kind = TPS_EVENT_TICK});
    return G_SOURCE_CONTINUE;
}

static gboolean on_stop(int fd, GIOCondition condition, void *data)
{
    uint64_t ignored;

    (void)condition;
    if (read(fd, &ignored, sizeof ignored) > 0)
        tell(data, &(TpsEvent){.kind = TPS_EVENT_STOPPING, .stops = tps_stop_count()});
    return G_SOURCE_CONTINUE;
}

static void push_all(Pool *pool, GThreadPool *threads)
{
    for (guint i = 0; i < pool->plan->tasks->len; i++)
        g_thread_pool_push(threads, g_ptr_array_index(pool->plan->tasks, i), NULL);
}

static void loop(Pool *pool, GThreadPool *threads, int64_t tick_us)
{
    guint tick = g_timeout_add((guint)(tick_us / 1000), on_tick, pool);
    guint stop = tps_stop_fd() < 0 ? 0 : g_unix_fd_add(tps_stop_fd(), G_IO_IN, on_stop, pool);

    tell(pool, &(TpsEvent){.kind = TPS_EVENT_RUN_STARTED});
    push_all(pool, threads);
    if (pool->n_open > 0)
        g_main_loop_run(pool->loop);
    tell(pool, &(TpsEvent){.kind = TPS_EVENT_RUN_ENDED});
    g_source_remove(tick);
    if (stop)
        g_source_remove(stop);
}

/* Callers know only our own errors. */
static void fail_threads(Pool *pool)
{
    g_autoptr(GError) why = g_steal_pointer(&pool->error);

    g_set_error(&pool->error, TPS_ERROR, TPS_ERROR_EXECUTOR, "cannot start the workers: %s",
                why->message);
}

GPtrArray *tps_pool_run(const TpsPlan *plan, int size, const TpsTaskRunner *runner,
                        const TpsListener *listener, int64_t tick_us, GError **error)
{
    Pool pool = {
        .plan = plan,
        .runner = runner,
        .listener = listener,
        .loop = g_main_loop_new(NULL, FALSE),
        .slots = g_async_queue_new(),
        .reports = g_ptr_array_new_with_free_func((GDestroyNotify)tps_part_report_free),
        .n_open = plan->tasks->len,
    };
    /* Exclusive: a thread that ends takes PR_SET_PDEATHSIG children with it. */
    GThreadPool *threads = g_thread_pool_new(work, &pool, size, TRUE, &pool.error);

    for (int slot = 0; slot < size; slot++)
        g_async_queue_push(pool.slots, GINT_TO_POINTER(slot + 1));
    if (!pool.error) /* else there is a pool of fewer threads, or none: it would wait for ever */
        loop(&pool, threads, tick_us);
    g_thread_pool_free(threads, FALSE, TRUE);
    g_async_queue_unref(pool.slots);
    g_main_loop_unref(pool.loop);
    if (pool.error && pool.error->domain == G_THREAD_ERROR)
        fail_threads(&pool);
    if (pool.error)
        g_propagate_error(error, pool.error);
    return pool.reports;
}
