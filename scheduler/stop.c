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
static atomic_bool wants_pause;
static atomic_bool wants_status;
static _Atomic(TpsExecutor *) attached;
static _Atomic(TpsExecutor *) attached_last;
static int event_fd = -1;

static void stop_attached(void)
{
    TpsExecutor *executor = atomic_load(&attached);
    TpsExecutor *last = atomic_load(&attached_last);
    int count = atomic_load(&n_signals);

    if (executor && count > 0)
        tps_executor_stop(executor, count == 1 ? TPS_STOP_TERM : TPS_STOP_KILL);
    if (last && count > 1)
        tps_executor_stop(last, TPS_STOP_KILL);
}

static void tell(void)
{
    uint64_t one = 1;

    if (write(event_fd, &one, sizeof one) < 0) {
        /* The counter is full: it is readable anyway. */
    }
}

/* Async-signal-safe: atomics and write(2), also inside tps_executor_stop. */
static void on_stop(int number)
{
    int saved_errno = errno;

    (void)number;
    if (atomic_load(&at_once))
        _exit(STATUS_INTERRUPTED);
    atomic_fetch_add(&n_signals, 1);
    stop_attached();
    tell();
    errno = saved_errno;
}

static void on_wish(int number)
{
    int saved_errno = errno;

    atomic_store(number == SIGTSTP ? &wants_pause : &wants_status, true);
    tell();
    errno = saved_errno;
}

static void set_handler(int number, void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};

    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

void tps_stop_install(void)
{
    if (event_fd >= 0)
        return;
    event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    set_handler(SIGINT, on_stop);
    set_handler(SIGTERM, on_stop);
    set_handler(SIGHUP, on_stop);
    set_handler(SIGUSR1, on_wish);
}

/* Where it is ignored, because there is no job control, it stays so. */
void tps_stop_hears_pause(bool yes)
{
    struct sigaction before;

    if (sigaction(SIGTSTP, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
        set_handler(SIGTSTP, yes ? on_wish : SIG_DFL);
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

void tps_stop_attach_last(TpsExecutor *executor)
{
    atomic_store(&attached_last, executor);
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

bool tps_stop_wants_pause(void)
{
    return atomic_exchange(&wants_pause, false);
}

bool tps_stop_wants_status(void)
{
    return atomic_exchange(&wants_status, false);
}

/* Not SIGTSTP again: an orphaned process group ignores it, and the tasks stand already. */
void tps_stop_pause(void)
{
    TpsExecutor *executor = atomic_load(&attached);

    if (executor)
        tps_executor_pause(executor);
    raise(SIGSTOP);
    if (executor)
        tps_executor_continue(executor);
}
