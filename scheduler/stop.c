/* SPDX-License-Identifier: MIT */
#include "scheduler/stop.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* What a shell says of a program that was interrupted. */
#define STATUS_INTERRUPTED 130

static atomic_bool at_once;
static atomic_int n_signals;
static _Atomic(TpsExecutor *) attached;
static int event_fd = -1;

static void stop_attached(void)
{
    TpsExecutor *executor = atomic_load(&attached);
    int count = atomic_load(&n_signals);

    if (executor && count > 0)
        tps_executor_stop(executor, count == 1 ? TPS_STOP_TERM : TPS_STOP_KILL);
}

/* Async-signal-safe: atomics and write(2), also inside tps_executor_stop. */
static void on_signal(int number)
{
    int saved_errno = errno;
    uint64_t one = 1;

    (void)number;
    if (atomic_load(&at_once))
        _exit(STATUS_INTERRUPTED);
    atomic_fetch_add(&n_signals, 1);
    stop_attached();
    if (write(event_fd, &one, sizeof one) < 0) {
        /* The counter is full: it is readable anyway. */
    }
    errno = saved_errno;
}

void tps_stop_install(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};

    if (event_fd >= 0)
        return;
    event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
}

void tps_stop_at_once(bool yes)
{
    atomic_store(&at_once, yes);
}

void tps_stop_attach(TpsExecutor *executor)
{
    atomic_store(&attached, executor);
    stop_attached();
}

int tps_stop_count(void)
{
    return atomic_load(&n_signals);
}

int tps_stop_fd(void)
{
    return event_fd;
}
