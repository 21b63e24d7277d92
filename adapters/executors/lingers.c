/* SPDX-License-Identifier: MIT */
#include "adapters/executors/lingers.h"

#include <pthread.h>

/* Each has a nanny and three descriptors. */
#define LINGERS_MAX 64

/* Time is counted in these steps, not read from a clock, which goes on while we are stopped. */
#define STEP_US INT64_C(50000)
#define STEPS_MAX(leak_us) (((leak_us) + TPS_NANNY_KILL_US + INT64_C(5000000)) / STEP_US)

struct TpsLingers {
    const int *stop;
    const int *paused;
    pthread_mutex_t mutex; /* over both lists; GMutex is unknown to TSan */
    GPtrArray *all;        /* of TpsLinger, borrowed */
    GArray *spares;        /* of TpsNanny            */
};

struct TpsLinger {
    TpsLingers *lingers;
    TpsWatch watch;
    int64_t n_steps;
};

TpsLingers *tps_lingers_new(const int *stop, const int *paused)
{
    TpsLingers *lingers = g_new0(TpsLingers, 1);

    lingers->stop = stop;
    lingers->paused = paused;
    pthread_mutex_init(&lingers->mutex, NULL);
    lingers->all = g_ptr_array_new();
    lingers->spares = g_array_new(FALSE, FALSE, sizeof(TpsNanny));
    return lingers;
}

void tps_lingers_free(TpsLingers *lingers)
{
    g_assert(lingers->all->len == 0);
    for (guint i = 0; i < lingers->spares->len; i++)
        tps_nanny_dismiss(&g_array_index(lingers->spares, TpsNanny, i));
    for (guint i = 0; i < lingers->spares->len; i++)
        tps_nanny_wait(&g_array_index(lingers->spares, TpsNanny, i));
    g_array_unref(lingers->spares);
    g_ptr_array_unref(lingers->all);
    pthread_mutex_destroy(&lingers->mutex);
    g_free(lingers);
}

TpsNanny tps_lingers_take_spare(TpsLingers *lingers)
{
    TpsNanny nanny = {0};

    pthread_mutex_lock(&lingers->mutex);
    if (lingers->spares->len > 0) {
        nanny = g_array_index(lingers->spares, TpsNanny, lingers->spares->len - 1);
        g_array_set_size(lingers->spares, lingers->spares->len - 1);
    }
    pthread_mutex_unlock(&lingers->mutex);
    return nanny;
}

TpsLinger *tps_linger_new(TpsLingers *lingers, const TpsWatch *watch)
{
    TpsLinger *linger = NULL;

    pthread_mutex_lock(&lingers->mutex);
    if (lingers->all->len < LINGERS_MAX) {
        linger = g_new0(TpsLinger, 1);
        linger->lingers = lingers;
        linger->watch = *watch;
        tps_watch_detach(&linger->watch);
        g_ptr_array_add(lingers->all, linger);
        if (g_atomic_int_get(lingers->paused)) /* whoever paused has not seen this one */
            tps_nanny_ask(&watch->nanny, TPS_NANNY_PAUSE);
    }
    pthread_mutex_unlock(&lingers->mutex);
    return linger;
}

static void end(TpsLinger *linger, TpsWatchStep how, TpsExit *exit)
{
    TpsLingers *lingers = linger->lingers;

    pthread_mutex_lock(&lingers->mutex);
    g_ptr_array_remove_fast(lingers->all, linger);
    pthread_mutex_unlock(&lingers->mutex);
    tps_watch_end(&linger->watch, how, exit);
    if (linger->watch.nanny.pid) {
        pthread_mutex_lock(&lingers->mutex);
        g_array_append_val(lingers->spares, linger->watch.nanny);
        pthread_mutex_unlock(&lingers->mutex);
    }
    g_free(linger);
}

static TpsWatchStep step(TpsLinger *linger, bool wait)
{
    TpsWatchStep how = tps_watch(&linger->watch, wait ? STEP_US : 0);

    if (how == TPS_WATCH_EMPTY || how == TPS_WATCH_LOST)
        return how;
    if (g_atomic_int_get(linger->lingers->stop) == TPS_STOP_KILL &&
        linger->watch.told_stop != TPS_STOP_KILL) {
        linger->watch.told_stop = TPS_STOP_KILL;
        tps_nanny_ask(&linger->watch.nanny, TPS_NANNY_KILL);
    }
    if (wait && !g_atomic_int_get(linger->lingers->paused) &&
        ++linger->n_steps > STEPS_MAX(linger->watch.leak_us))
        return TPS_WATCH_LOST;
    return TPS_WATCH_GOES_ON;
}

bool tps_linger_settle(TpsLinger *linger, bool wait, TpsExit *exit)
{
    TpsWatchStep how;

    do
        how = step(linger, wait);
    while (wait && how == TPS_WATCH_GOES_ON);
    if (how == TPS_WATCH_GOES_ON)
        return false;
    tps_exit_clear(exit);
    end(linger, how, exit);
    return true;
}

void tps_lingers_pause(TpsLingers *lingers, bool pause)
{
    pthread_mutex_lock(&lingers->mutex);
    for (guint i = 0; i < lingers->all->len; i++) {
        const TpsLinger *linger = g_ptr_array_index(lingers->all, i);

        tps_nanny_ask(&linger->watch.nanny, pause ? TPS_NANNY_PAUSE : TPS_NANNY_CONTINUE);
    }
    pthread_mutex_unlock(&lingers->mutex);
}
