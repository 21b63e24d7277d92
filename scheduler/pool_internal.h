/* SPDX-License-Identifier: MIT */
#pragma once

#include "scheduler/pool.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/*
 * For the files of the pool only: pool.c is the main thread, pool_work.c a worker thread,
 * pool_mail.c what the one hears from the other.
 */
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
} TpsPool;

/* What a worker has to say; delivered on the main thread. */
typedef struct {
    TpsPool *pool;
    TpsEvent event;
    TpsPartReport *report; /* owned */
    GError *error;         /* owned */
    bool is_goodbye;       /* the worker has ended; there is no event */
} TpsPoolMessage;

/* The clock of the queue. */
int64_t tps_pool_now(const TpsPool *pool);
struct timespec tps_pool_timespec(int64_t time_us);

/* Is anything still to be started? */
bool tps_pool_may_start(TpsPool *pool);

/* What a worker thread does; `data` is its slot plus one. */
void tps_pool_work(void *data, void *user);

/* Say something to the main thread. From any thread; takes what the message owns. */
void tps_pool_send(TpsPoolMessage message);

/* Have the main loop deliver what is sent, in bundles; returns the source. */
guint tps_pool_watch_mail(TpsPool *pool);

/* Deliver what there is now. Main thread only. */
void tps_pool_open_mail(TpsPool *pool);

/* On the main thread, message by message; `more` of this bundle are to come. */
void tps_pool_deliver(TpsPool *pool, TpsPoolMessage *message, bool more);
