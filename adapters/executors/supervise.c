/* SPDX-License-Identifier: MIT */
#include "adapters/executors/supervise.h"

#include "adapters/capture.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#define NEVER INT64_MAX

/* A nanny that is this much late with what it must do by itself has died in some way. */
#define ANSWER_US (TPS_NANNY_LINGER_US + TPS_NANNY_KILL_US + INT64_C(5000000))

/* How often we look whether somebody has stopped the nanny. */
#define WAKE_MS 2000

/* A command that has printed this much gets a large pipe: fewer, larger reads. Not before, as there
 * is a limit for all pipes of a user (pipe-user-pages-soft). */
#define CHATTY_BYTES ((size_t)256 * 1024)
#define LARGE_PIPE_BYTES (1024 * 1024)

typedef enum {
    RUNNING,
    ENDED,  /* its own process has; the nanny sees to the rest */
    ASKED,  /* it was sent SIGTERM                             */
    KILLED, /* it was sent SIGKILL                             */
} Phase;

enum { SOCKET, PIPE, TERM, KILL, N_POLLS };

typedef struct {
    TpsNanny *nanny;
    const TpsCommand *command;
    struct pollfd polls[N_POLLS];
    TpsCapture capture;
    bool chatty;
    Phase phase;
    TpsEnd why;       /* we ended it: TIMEOUT, CANCELLED */
    int64_t due_us;   /* when the next thing has to happen */
    int64_t asked_us; /* when we ended it; NEVER = not */
    TpsNannyNews news;
} Watch;

static int64_t after(int64_t wait_us)
{
    int64_t now_us = g_get_monotonic_time();

    return wait_us > NEVER - now_us ? NEVER : now_us + MAX(wait_us, 0);
}

static void make_pipe_large(Watch *watch)
{
    watch->chatty = true;
    fcntl(watch->polls[PIPE].fd, F_SETPIPE_SZ, LARGE_PIPE_BYTES); /* only a help */
}

/* Read once; false when there is nothing to be read now, or ever: then it is not polled again. */
static bool read_output(Watch *watch)
{
    ssize_t length = tps_capture_read(&watch->capture, watch->polls[PIPE].fd);

    if (length > 0) {
        if (!watch->chatty && watch->capture.total_bytes > CHATTY_BYTES)
            make_pipe_large(watch);
        return true;
    }
    if (length == 0 || (errno != EAGAIN && errno != EINTR))
        watch->polls[PIPE].fd = -1;
    return length < 0 && errno == EINTR;
}

/*
 * What the dead have left in the pipe. It need not end there: they can have passed it to a process
 * that is no descendant, which may even go on writing. So no waiting, and not more than a pipe
 * holds.
 */
static void drain_output(Watch *watch)
{
    int capacity = watch->polls[PIPE].fd >= 0 ? fcntl(watch->polls[PIPE].fd, F_GETPIPE_SZ) : 0;
    uint64_t before = watch->capture.total_bytes;

    while (capacity > 0 && watch->capture.total_bytes - before < (uint64_t)capacity &&
           watch->polls[PIPE].fd >= 0 && read_output(watch))
        ;
}

static void kill_command(Watch *watch, TpsEnd why)
{
    if (watch->phase == KILLED)
        return;
    if (watch->phase == RUNNING) {
        watch->why = why;
        watch->asked_us = g_get_monotonic_time();
    }
    watch->phase = KILLED;
    watch->due_us = after(ANSWER_US);
    tps_nanny_ask(watch->nanny, TPS_NANNY_KILL, NULL); /* if it is gone, we hear of it */
}

static void ask_command(Watch *watch, TpsEnd why)
{
    if (watch->phase != RUNNING)
        return;
    watch->why = why;
    watch->asked_us = g_get_monotonic_time();
    watch->phase = ASKED;
    watch->due_us = after(watch->command->grace_us);
    tps_nanny_ask(watch->nanny, TPS_NANNY_TERM, NULL);
}

/* Something is due; false when it is the nanny's answer. */
static bool take_next_step(Watch *watch)
{
    switch (watch->phase) {
    case RUNNING:
        ask_command(watch, TPS_END_TIMEOUT);
        return true;
    case ASKED:
        kill_command(watch, watch->why);
        return true;
    case ENDED:
    case KILLED:
        break;
    }
    return false;
}

/* 1 = the command has ended and nothing is left, 0 = go on, -1 = the nanny is gone. */
static int hear_nanny(Watch *watch)
{
    int heard = tps_nanny_hear(watch->nanny, &watch->news);

    if (heard <= 0)
        return heard;
    if (watch->news.kind == TPS_NANNY_EMPTY)
        return 1;
    if (watch->phase == RUNNING) {
        watch->phase = ENDED;
        watch->due_us = after(ANSWER_US);
    }
    return 0;
}

/* An event stays readable, so each is looked at once. */
static void obey_stop(Watch *watch)
{
    if (watch->polls[KILL].revents) {
        watch->polls[KILL].fd = watch->polls[TERM].fd = -1;
        kill_command(watch, TPS_END_CANCELLED);
    } else if (watch->polls[TERM].revents) {
        watch->polls[TERM].fd = -1;
        ask_command(watch, TPS_END_CANCELLED);
    }
}

static void wait_for_anything(Watch *watch)
{
    int64_t left_us = watch->due_us - g_get_monotonic_time();
    int wait_ms =
        left_us >= (int64_t)WAKE_MS * 1000 ? WAKE_MS : (int)((MAX(left_us, 0) + 999) / 1000);

    switch (poll(watch->polls, N_POLLS, wait_ms)) {
    case -1: /* a signal; what the last call has found would still stand here */
        for (int i = 0; i < N_POLLS; i++)
            watch->polls[i].revents = 0;
        break;
    case 0:
        tps_nanny_wake(watch->nanny);
        break;
    default:
        break;
    }
}

/* Until nothing is left; false when the nanny is gone or does not answer. */
static bool watch_command(Watch *watch)
{
    for (;;) {
        int heard = 0;

        wait_for_anything(watch);
        if (watch->polls[PIPE].revents)
            read_output(watch);
        if (watch->polls[SOCKET].revents)
            heard = hear_nanny(watch);
        if (heard != 0)
            return heard > 0;
        obey_stop(watch);
        if (g_get_monotonic_time() >= watch->due_us && !take_next_step(watch))
            return false;
    }
}

static void set_end(const Watch *watch, TpsExit *exit)
{
    const TpsNannyNews *news = &watch->news;

    if (news->failure) {
        exit->end = TPS_END_NOT_STARTED;
        exit->code = news->failure;
    } else if (news->ended_us >= watch->asked_us) { /* else it was faster than we */
        exit->end = watch->why;
    } else if (WIFSIGNALED(news->status)) {
        exit->end = TPS_END_SIGNALED;
        exit->code = WTERMSIG(news->status);
        exit->core_dumped = WCOREDUMP(news->status);
    } else {
        exit->end = TPS_END_EXITED;
        exit->code = WEXITSTATUS(news->status);
    }
}

static void set_exit(const Watch *watch, TpsExit *exit)
{
    const TpsNannyNews *news = &watch->news;

    set_end(watch, exit);
    exit->started_us = news->started_us;
    exit->ended_us = news->ended_us;
    exit->cpu_us = news->cpu_us;
    exit->max_rss_bytes = news->max_rss_bytes;
    exit->n_leaked = news->n_leaked;
    exit->n_survivors = news->n_survivors;
}

static void set_lost(TpsExit *exit, int64_t started_us, int n_survivors)
{
    exit->end = TPS_END_LOST;
    exit->started_us = started_us;
    exit->ended_us = g_get_monotonic_time();
    exit->n_survivors = n_survivors;
}

void tps_supervise(TpsNanny *nanny, int pipe, const TpsStopEvents *events,
                   const TpsCommand *command, TpsExit *exit)
{
    int64_t started_us = g_get_monotonic_time();
    Watch watch = {
        .nanny = nanny,
        .command = command,
        .polls = {[SOCKET] = {.fd = nanny->socket, .events = POLLIN},
                  [PIPE] = {.fd = pipe, .events = POLLIN},
                  [TERM] = {.fd = events->term, .events = POLLIN},
                  [KILL] = {.fd = events->kill, .events = POLLIN}},
        .due_us = command->timeout_us > 0 ? after(command->timeout_us) : NEVER,
        .asked_us = NEVER,
    };

    tps_capture_init(&watch.capture, command->sink);
    if (watch_command(&watch)) {
        set_exit(&watch, exit);
        if (exit->n_survivors > 0)
            tps_nanny_abandon(nanny);
    } else {
        tps_nanny_bury(nanny);
        set_lost(exit, started_us, tps_nursery_sweep());
    }
    drain_output(&watch);
    tps_capture_end(&watch.capture);
    exit->output = tps_capture_format(&watch.capture);
    exit->output_bytes = watch.capture.total_bytes;
    tps_capture_clear(&watch.capture);
}
