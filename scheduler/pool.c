/* SPDX-License-Identifier: MIT */
#include "scheduler/pool.h"

#include "core/error.h"
#include "core/saturate.h"
#include "core/status.h"
#include "scheduler/again.h"
#include "scheduler/attempts.h"
#include "scheduler/stop.h"

#include <errno.h>
#include <glib-unix.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* So long what a worker says may wait for what others say: to be woken costs more than to listen.
 */
#define GATHER_US INT64_C(2000)

typedef struct {
    const TpsPoolRequest *request;
    const TpsTaskRunner *runner;
    GMainLoop *loop;
    GThreadPool *threads;
    pthread_mutex_t mutex;  /* over the queue                  */
    pthread_cond_t changed; /* something waits, or all is over */
    TpsQueue *queue;
    GPtrArray *mail;       /* of Message, owned: what the workers said; under the mutex */
    int mail_fd;           /* an eventfd: there is some                                 */
    bool is_called;        /* the eventfd says so; under the mutex                      */
    bool is_urgent;        /* there is mail that does not wait for more; under the mutex */
    pthread_cond_t urgent; /* there is now */
    int64_t serial_us;     /* what all tasks took, one after the other; main only */
    GError *error;         /* the first one                                  */
    atomic_bool closed;    /* nothing is started any more                    */
    guint n_lost;          /* tasks; main only                               */
    int n_workers;         /* threads that have not said goodbye; main only  */
    int n_stops;           /* signals to stop that were told; main only      */
} Pool;

/* What a worker has to say; delivered on the main thread. */
typedef struct {
    Pool *pool;
    TpsEvent event;
    TpsPartReport *report; /* owned */
    GError *error;         /* owned */
    bool is_goodbye;       /* the worker has ended; there is no event */
} Message;

static void tell(const Pool *pool, const TpsEvent *event)
{
    const TpsListener *listener = pool->request->listener;
    TpsEvent stamped = *event;

    if (!stamped.now_us)
        stamped.now_us = g_get_monotonic_time();
    stamped.plan = pool->request->plan;
    if (listener)
        listener->hear(&stamped, listener->user);
}

static int64_t now(const Pool *pool)
{
    return pool->runner->now ? pool->runner->now(pool->runner->user) : g_get_monotonic_time();
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

static void deliver(Pool *pool, Message *message, bool more)
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

static void open_mail(Pool *pool)
{
    g_autoptr(GPtrArray) mail = g_ptr_array_new_with_free_func(g_free);

    pthread_mutex_lock(&pool->mutex);
    g_ptr_array_extend_and_steal(mail, pool->mail);
    pool->mail = g_ptr_array_new();
    pool->is_called = pool->is_urgent = false;
    pthread_mutex_unlock(&pool->mutex);
    for (guint i = 0; i < mail->len; i++)
        deliver(pool, g_ptr_array_index(mail, i), i + 1 < mail->len);
}

static struct timespec at(int64_t time_us)
{
    return (struct timespec){.tv_sec = time_us / G_USEC_PER_SEC,
                             .tv_nsec = time_us % G_USEC_PER_SEC * 1000};
}

/* Of short tasks, there is more mail in a moment. */
static void gather(Pool *pool)
{
    const struct timespec until = at(g_get_monotonic_time() + GATHER_US);

    pthread_mutex_lock(&pool->mutex);
    while (!pool->is_urgent && pthread_cond_timedwait(&pool->urgent, &pool->mutex, &until) == 0)
        ;
    pthread_mutex_unlock(&pool->mutex);
}

static gboolean on_mail(int fd, GIOCondition condition, void *data)
{
    uint64_t ignored;

    (void)condition;
    if (read(fd, &ignored, sizeof ignored) > 0) {
        gather(data);
        open_mail(data);
    }
    return G_SOURCE_CONTINUE;
}

static bool is_urgent(const Pool *pool, const Message *message)
{
    return message->is_goodbye || message->error ||
           (pool->request->starts_at_once && message->event.kind == TPS_EVENT_TASK_STARTED);
}

/*
 * By a box of our own, not by GLib's main context: that hands over in a way which no tool that
 * looks for races can see. To be woken costs more than to listen: that a task has started is heard
 * with what comes next, at the latest with the tick.
 */
static void send(Message message)
{
    Pool *pool = message.pool;
    Message *copy = g_new(Message, 1);
    const bool urgent = is_urgent(pool, &message);
    const bool can_wait = !urgent && (message.event.kind == TPS_EVENT_TASK_STARTED ||
                                      message.event.kind == TPS_EVENT_TASK_LINGERS);
    uint64_t one = 1;

    *copy = message;
    copy->event.now_us = g_get_monotonic_time();
    pthread_mutex_lock(&pool->mutex);
    g_ptr_array_add(pool->mail, copy);
    if (!can_wait && !pool->is_called)
        pool->is_called = write(pool->mail_fd, &one, sizeof one) > 0;
    pool->is_urgent |= urgent;
    if (urgent)
        pthread_cond_signal(&pool->urgent);
    pthread_mutex_unlock(&pool->mutex);
}

static bool may_start(Pool *pool)
{
    int64_t deadline_us = pool->request->deadline_us;

    return !atomic_load(&pool->closed) && tps_stop_count() == 0 &&
           (!deadline_us || g_get_monotonic_time() < deadline_us);
}

/* What runs may give something back or end, and what waits for its time may have come to it. */
static void wait_for_change(Pool *pool, int slot)
{
    int64_t now_us = now(pool);
    int64_t next_us = tps_queue_next_us(pool->queue, slot, now_us);
    int64_t until_us;
    struct timespec until;

    if (next_us == INT64_MAX) {
        pthread_cond_wait(&pool->changed, &pool->mutex);
        return;
    }
    until_us = g_get_monotonic_time() + (next_us - now_us);
    until = at(until_us);
    pthread_cond_timedwait(&pool->changed, &pool->mutex, &until);
}

/* The next piece. NULL when none will ever come, or there is none and the worker may not wait. */
static TpsPiece *next_piece(Pool *pool, int slot, bool may_wait)
{
    TpsPiece *piece;

    pthread_mutex_lock(&pool->mutex);
    for (;;) {
        if (!may_start(pool))
            tps_queue_close(pool->queue);
        piece = tps_queue_take(pool->queue, slot, now(pool));
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
static bool goes_on(Pool *pool, const TpsTask *task)
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
static bool end_piece(Pool *pool, TpsPiece *piece, TpsPartReport *report, const GArray *rest)
{
    bool over;

    pthread_mutex_lock(&pool->mutex);
    over =
        tps_queue_end(pool->queue, piece, report, rest, now(pool)) && !goes_on(pool, piece->task);
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
static TpsPartReport *join(Pool *pool, const TpsTask *task, GError **error)
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

static void send_event(Pool *pool, TpsEventKind kind, const TpsPiece *piece, TpsPartReport *report,
                       GError *error)
{
    send((Message){.pool = pool,
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

static bool is_failure(const Pool *pool, const TpsPartReport *report)
{
    return tps_part_report_is_bad(report) ||
           (pool->request->flaky_fails && tps_status_of(report) == TPS_STATUS_FLAKY);
}

/* True when it was the last failure that is borne. */
static bool judge(Pool *pool, const TpsPartReport *report)
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
static void finish_piece(Pool *pool, TpsPiece *piece, TpsPartReport *report, const GArray *rest,
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
        send((Message){.pool = pool, .event = {.kind = TPS_EVENT_FAILED_FAST}});
}

static void let_linger(Pool *pool, TpsPiece *piece)
{
    pthread_mutex_lock(&pool->mutex);
    tps_queue_linger(pool->queue, piece, now(pool));
    pthread_cond_broadcast(&pool->changed);
    pthread_mutex_unlock(&pool->mutex);
    send_event(pool, TPS_EVENT_TASK_LINGERS, piece, NULL, NULL);
}

static void run_piece(Pool *pool, TpsPiece *piece, GQueue *lingering)
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
static void settle(Pool *pool, GQueue *lingering, bool wait)
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
static void work(void *data, void *user)
{
    Pool *pool = user;
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
    send((Message){.pool = pool, .is_goodbye = true});
}

static void start_worker(Pool *pool, int slot)
{
    pool->n_workers++;
    g_thread_pool_push(pool->threads, GINT_TO_POINTER(slot + 1), NULL);
}

/* One at a tick: whether it was enough shows at the next one. */
static void grow(Pool *pool)
{
    bool more;
    int size;

    pthread_mutex_lock(&pool->mutex);
    more = may_start(pool) && tps_queue_grow(pool->queue, now(pool));
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
static void ask(Pool *pool)
{
    TpsPiece *piece;

    pthread_mutex_lock(&pool->mutex);
    piece = pool->runner->ask && may_start(pool) ? tps_queue_ask(pool->queue, now(pool)) : NULL;
    pthread_mutex_unlock(&pool->mutex);
    if (piece)
        pool->runner->ask(piece, pool->runner->user);
}

static gboolean on_tick(void *data)
{
    open_mail(data);
    tell(data, &(TpsEvent){.kind = TPS_EVENT_TICK});
    grow(data);
    ask(data);
    return G_SOURCE_CONTINUE;
}

static void pause_all(Pool *pool)
{
    int64_t since_us = g_get_monotonic_time();

    tell(pool, &(TpsEvent){.kind = TPS_EVENT_PAUSED});
    tps_stop_pause();
    tell(pool,
         &(TpsEvent){.kind = TPS_EVENT_CONTINUED, .paused_us = g_get_monotonic_time() - since_us});
}

/* Somebody may wait for the time of a task that will never start now. */
static void wake_all(Pool *pool)
{
    pthread_mutex_lock(&pool->mutex);
    pthread_cond_broadcast(&pool->changed);
    pthread_mutex_unlock(&pool->mutex);
}

static gboolean on_signal(int fd, GIOCondition condition, void *data)
{
    Pool *pool = data;
    uint64_t ignored;

    (void)condition;
    if (read(fd, &ignored, sizeof ignored) < 0)
        return G_SOURCE_CONTINUE;
    open_mail(pool); /* what runs is asked for, or stopped: it is known by then */
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

/* A source that may recurse is not taken from what is polled, nor put back, for each call. */
static guint watch_mail(Pool *pool)
{
    GSource *source = g_unix_fd_source_new(pool->mail_fd, G_IO_IN);
    guint id;

    g_source_set_callback(source, G_SOURCE_FUNC(on_mail), pool, NULL);
    g_source_set_can_recurse(source, TRUE);
    id = g_source_attach(source, NULL);
    g_source_unref(source);
    return id;
}

static void loop(Pool *pool)
{
    guint tick = g_timeout_add((guint)(pool->request->tick_us / 1000), on_tick, pool);
    guint mail = watch_mail(pool);
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
static void fail_threads(Pool *pool)
{
    g_autoptr(GError) why = g_steal_pointer(&pool->error);

    g_set_error(&pool->error, TPS_ERROR, TPS_ERROR_EXECUTOR, "cannot start the workers: %s",
                why->message);
}

static void run_threads(Pool *pool)
{
    pool->mail_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (pool->mail_fd < 0) {
        g_set_error(&pool->error, TPS_ERROR, TPS_ERROR_EXECUTOR, "cannot start the workers: %s",
                    g_strerror(errno));
        return;
    }
    g_thread_pool_set_max_unused_threads(0); /* our threads end with the pool */
    /* Exclusive: a thread that ends takes PR_SET_PDEATHSIG children with it. */
    pool->threads = g_thread_pool_new(work, pool, pool->request->rules.size, TRUE, &pool->error);
    if (!pool->error) /* else there is a pool of fewer threads, or none: it would wait for ever */
        loop(pool);
    g_thread_pool_free(pool->threads, FALSE, TRUE);
    if (pool->error && pool->error->domain == G_THREAD_ERROR)
        fail_threads(pool);
    close(pool->mail_fd);
}

/* They are waited for by the monotonic clock, which nobody sets. */
static void init_conditions(Pool *pool)
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
    Pool pool = {
        .request = request,
        .runner = request->runner,
        .loop = g_main_loop_new(NULL, FALSE),
        .mutex = PTHREAD_MUTEX_INITIALIZER,
        .mail = g_ptr_array_new(),
    };

    init_conditions(&pool);
    pool.queue = tps_queue_new(request->tasks, &request->rules, now(&pool));
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
