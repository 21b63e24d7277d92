/* SPDX-License-Identifier: MIT */
#include "scheduler/pause_watch.h"

#include "scheduler/stop.h"

#include <poll.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { SIGNAL, QUIT, N_POLLS };

struct TpsPauseWatch {
    int quit; /* an eventfd */
    GThread *thread;
};

static void ring(int event)
{
    const uint64_t one = 1;

    if (write(event, &one, sizeof one) < 0) {
        /* The counter is full: it is readable anyway. */
    }
}

static void *watch_signals(void *data)
{
    const TpsPauseWatch *watch = data;
    struct pollfd polls[N_POLLS] = {
        [SIGNAL] = {.fd = tps_stop_fd(), .events = POLLIN},
        [QUIT] = {.fd = watch->quit, .events = POLLIN},
    };
    uint64_t ignored;

    while (!polls[QUIT].revents) {
        if (poll(polls, N_POLLS, -1) < 0)
            continue;
        if (polls[SIGNAL].revents && read(polls[SIGNAL].fd, &ignored, sizeof ignored) > 0 &&
            tps_stop_wants_pause())
            tps_stop_pause();
    }
    return NULL;
}

TpsPauseWatch *tps_pause_watch_new(void)
{
    TpsPauseWatch *watch;
    int quit = tps_stop_fd() < 0 ? -1 : eventfd(0, EFD_CLOEXEC);

    if (quit < 0)
        return NULL;
    watch = g_new0(TpsPauseWatch, 1);
    watch->quit = quit;
    watch->thread = g_thread_try_new("pause", watch_signals, watch, NULL);
    if (watch->thread)
        tps_stop_hears_pause(true);
    return watch;
}

void tps_pause_watch_free(TpsPauseWatch *watch)
{
    if (!watch)
        return;
    if (watch->thread) {
        tps_stop_hears_pause(false);
        ring(watch->quit);
        g_thread_join(watch->thread);
        ring(tps_stop_fd());
    }
    close(watch->quit);
    g_free(watch);
}
