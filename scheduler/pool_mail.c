/* SPDX-License-Identifier: MIT */
#include "scheduler/pool_internal.h"

#include <glib-unix.h>
#include <unistd.h>

/* So long what a worker says may wait for what others say: to be woken costs more than to listen.
 */
#define GATHER_US INT64_C(2000)

void tps_pool_open_mail(TpsPool *pool)
{
    g_autoptr(GPtrArray) mail = g_ptr_array_new_with_free_func(g_free);

    pthread_mutex_lock(&pool->mutex);
    g_ptr_array_extend_and_steal(mail, pool->mail);
    pool->mail = g_ptr_array_new();
    pool->is_called = pool->is_urgent = false;
    pthread_mutex_unlock(&pool->mutex);
    for (guint i = 0; i < mail->len; i++)
        tps_pool_deliver(pool, g_ptr_array_index(mail, i), i + 1 < mail->len);
}

/* Of short tasks, there is more mail in a moment. */
static void gather(TpsPool *pool)
{
    const struct timespec until = tps_pool_timespec(g_get_monotonic_time() + GATHER_US);

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
        tps_pool_open_mail(data);
    }
    return G_SOURCE_CONTINUE;
}

static bool is_urgent(const TpsPool *pool, const TpsPoolMessage *message)
{
    return message->is_goodbye || message->error ||
           (pool->request->starts_at_once && message->event.kind == TPS_EVENT_TASK_STARTED);
}

/*
 * By a box of our own, not by GLib's main context: that hands over in a way which no tool that
 * looks for races can see. To be woken costs more than to listen: that a task has started is heard
 * with what comes next, at the latest with the tick.
 */
void tps_pool_send(TpsPoolMessage message)
{
    TpsPool *pool = message.pool;
    TpsPoolMessage *copy = g_new(TpsPoolMessage, 1);
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

/* A source that may recurse is not taken from what is polled, nor put back, for each call. */
guint tps_pool_watch_mail(TpsPool *pool)
{
    GSource *source = g_unix_fd_source_new(pool->mail_fd, G_IO_IN);
    guint id;

    g_source_set_callback(source, G_SOURCE_FUNC(on_mail), pool, NULL);
    g_source_set_can_recurse(source, TRUE);
    id = g_source_attach(source, NULL);
    g_source_unref(source);
    return id;
}
