/* SPDX-License-Identifier: MIT */
#include "adapters/executors/supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#define NEVER INT64_MAX

/* A nanny that is this much late with what it must do by itself has died in some way. */
#define ANSWER_US (TPS_NANNY_KILL_US + INT64_C(5000000))

#define ANSWER_MS 5000

/* How long we sleep until the nanny has let go of a pipe. */
#define HANG_UP_MS 20

/* How often we look whether somebody has stopped the nanny. */
#define WAKE_US INT64_C(2000000)

/* A command that has printed this much gets a large pipe: fewer, larger reads. Not before, as there
 * is a limit for all pipes of a user (pipe-user-pages-soft). */
#define CHATTY_BYTES ((size_t)256 * 1024)
#define LARGE_PIPE_BYTES (1024 * 1024)

static int64_t add(int64_t a_us, int64_t b_us)
{
    return b_us > NEVER - a_us ? NEVER : a_us + MAX(b_us, 0);
}

static void expect_answer(TpsWatch *watch, int64_t in_us)
{
    watch->due_us = add(g_get_monotonic_time(), add(in_us, ANSWER_US));
}

static void make_pipe_large(TpsWatch *watch)
{
    watch->chatty = true;
    fcntl(watch->pipe, F_SETPIPE_SZ, LARGE_PIPE_BYTES); /* only a help */
}

/* Read once; false when there is nothing to be read now, or ever: then it is not polled again. */
static bool read_output(TpsWatch *watch)
{
    ssize_t length = tps_capture_read(&watch->capture, watch->pipe);

    if (length > 0) {
        if (!watch->chatty && watch->capture.total_bytes > CHATTY_BYTES)
            make_pipe_large(watch);
        return true;
    }
    if (length == 0 || (errno != EAGAIN && errno != EINTR))
        watch->polls[TPS_WATCH_PIPE].fd = -1;
    return length < 0 && errno == EINTR;
}

/*
 * What the dead have left in the pipe. It need not end there: they can have passed it to a process
 * that is no descendant, which may even go on writing. So no waiting, and not more than a pipe
 * holds.
 */
static void drain_output(TpsWatch *watch)
{
    uint64_t before = watch->capture.total_bytes;

    while (watch->capture.total_bytes - before < LARGE_PIPE_BYTES &&
           watch->polls[TPS_WATCH_PIPE].fd >= 0 && read_output(watch))
        ;
}

static void stop_command(TpsWatch *watch, TpsStop how)
{
    watch->told_stop = how;
    tps_nanny_ask(&watch->nanny, how == TPS_STOP_KILL ? TPS_NANNY_KILL : TPS_NANNY_TERM);
    if (how == TPS_STOP_KILL)
        expect_answer(watch, 0);
    else if (watch->news.ended_us == 0)
        expect_answer(watch, watch->grace_us);
}

static void pause_command(TpsWatch *watch, bool pause)
{
    watch->told_paused = pause;
    tps_nanny_ask(&watch->nanny, pause ? TPS_NANNY_PAUSE : TPS_NANNY_CONTINUE);
    if (pause) {
        watch->left_us = watch->due_us == NEVER ? NEVER : watch->due_us - g_get_monotonic_time();
        watch->due_us = NEVER;
    } else {
        watch->due_us = add(g_get_monotonic_time(), watch->left_us);
        g_atomic_int_set(watch->wishes.state, TPS_SLOT_BUSY);
    }
}

/* Others have changed their mind, perhaps more than once. */
static void obey(TpsWatch *watch)
{
    uint64_t ignored;
    TpsStop stop;
    bool paused;

    if (read(watch->wishes.wake, &ignored, sizeof ignored) < 0)
        return;
    stop = (TpsStop)g_atomic_int_get(watch->wishes.stop);
    paused = g_atomic_int_get(watch->wishes.paused) != 0;
    if (paused != watch->told_paused)
        pause_command(watch, paused);
    if (stop > watch->told_stop)
        stop_command(watch, stop);
}

static TpsWatchStep hear(TpsWatch *watch)
{
    int heard = tps_nanny_hear(&watch->nanny, &watch->news);

    if (heard == 0)
        return TPS_WATCH_GOES_ON;
    if (heard < 0)
        return TPS_WATCH_LOST;
    switch (watch->news.kind) {
    case TPS_NANNY_EMPTY:
        return TPS_WATCH_EMPTY;
    case TPS_NANNY_ENDED:
        if (watch->told_stop == TPS_STOP_NONE)
            expect_answer(watch, watch->leak_us);
        return TPS_WATCH_LINGERS;
    case TPS_NANNY_PAUSED:
        if (watch->wishes.state)
            g_atomic_int_set(watch->wishes.state, TPS_SLOT_PAUSED);
        break;
    case TPS_NANNY_READY:
        break;
    }
    return TPS_WATCH_GOES_ON;
}

/* False when nothing has happened. */
static bool wait_for_anything(TpsWatch *watch, int64_t until_us)
{
    int64_t left_us = MIN(watch->due_us, until_us) - g_get_monotonic_time();
    int wait_ms = (int)((CLAMP(left_us, 0, WAKE_US) + 999) / 1000);
    int n = poll(watch->polls, TPS_WATCH_N, wait_ms);

    if (n == 0 && left_us >= WAKE_US)
        tps_nanny_wake(&watch->nanny);
    return n > 0;
}

static TpsWatchStep take_in(TpsWatch *watch)
{
    TpsWatchStep step = TPS_WATCH_GOES_ON;

    if (watch->polls[TPS_WATCH_SOCKET].revents)
        step = hear(watch);
    if (step == TPS_WATCH_EMPTY || step == TPS_WATCH_LOST)
        return step;
    if (watch->polls[TPS_WATCH_PIPE].revents)
        read_output(watch);
    if (watch->polls[TPS_WATCH_WAKE].revents)
        obey(watch);
    return step;
}

TpsWatchStep tps_watch(TpsWatch *watch, int64_t wait_us)
{
    int64_t until_us = wait_us < 0 ? NEVER : add(g_get_monotonic_time(), wait_us);

    for (;;) {
        TpsWatchStep step = wait_for_anything(watch, until_us) ? take_in(watch) : TPS_WATCH_GOES_ON;
        int64_t now_us;

        if (step != TPS_WATCH_GOES_ON)
            return step;
        now_us = g_get_monotonic_time();
        if (now_us >= watch->due_us)
            return TPS_WATCH_LOST;
        if (now_us >= until_us)
            return TPS_WATCH_GOES_ON;
    }
}

void tps_watch_init(TpsWatch *watch, TpsNanny nanny, int pipe, const TpsWishes *wishes,
                    const TpsOrderHead *head, TpsSink *sink)
{
    *watch = (TpsWatch){
        .nanny = nanny,
        .pipe = pipe,
        .wishes = *wishes,
        .polls = {[TPS_WATCH_SOCKET] = {.fd = nanny.socket, .events = POLLIN},
                  [TPS_WATCH_PIPE] = {.fd = pipe, .events = POLLIN},
                  [TPS_WATCH_WAKE] = {.fd = wishes->wake, .events = POLLIN}},
        .grace_us = head->grace_us,
        .leak_us = head->leak_us,
        .due_us = NEVER,
        .started_us = g_get_monotonic_time(),
    };
    tps_capture_init(&watch->capture, sink);
    if (head->timeout_us > 0)
        watch->due_us =
            add(watch->started_us,
                add(head->timeout_us, add(head->grace_us, add(head->leak_us, ANSWER_US))));
}

void tps_watch_detach(TpsWatch *watch)
{
    watch->polls[TPS_WATCH_WAKE].fd = -1;
    watch->wishes.state = NULL;
}

static void set_end(const TpsNannyNews *news, TpsExit *exit)
{
    if (news->failure) {
        exit->end = TPS_END_NOT_STARTED;
        exit->code = news->failure;
    } else if (news->why != TPS_NANNY_BY_ITSELF) {
        exit->end = news->why == TPS_NANNY_TIMED_OUT ? TPS_END_TIMEOUT : TPS_END_CANCELLED;
    } else if (WIFSIGNALED(news->status)) {
        exit->end = TPS_END_SIGNALED;
        exit->code = WTERMSIG(news->status);
        exit->core_dumped = WCOREDUMP(news->status);
    } else {
        exit->end = TPS_END_EXITED;
        exit->code = WEXITSTATUS(news->status);
    }
}

void tps_watch_fill(TpsWatch *watch, TpsExit *exit)
{
    const TpsNannyNews *news = &watch->news;

    set_end(news, exit);
    exit->oom_killed = news->oom_killed;
    exit->started_us = news->started_us ? news->started_us : watch->started_us;
    exit->ended_us = news->ended_us ? news->ended_us : exit->started_us;
    exit->paused_us = news->paused_us;
    exit->cpu_us = news->cpu_us;
    exit->max_rss_bytes = news->max_rss_bytes;
    exit->peak_bytes = news->peak_bytes;
    exit->n_leaked = news->n_leaked;
    exit->leaked = news->n_leaked > 0 ? g_strdup(news->leaked) : NULL;
    exit->n_survivors = news->n_survivors;
    exit->output = tps_capture_format(&watch->capture);
    exit->output_bytes = watch->capture.total_bytes;
}

static void lose(TpsWatch *watch, TpsExit *exit)
{
    tps_nanny_bury(&watch->nanny);
    exit->n_survivors = tps_nursery_sweep();
    drain_output(watch);
    tps_capture_end(&watch->capture);
    exit->end = TPS_END_LOST;
    exit->started_us = watch->started_us;
    exit->ended_us = g_get_monotonic_time();
    exit->output = tps_capture_format(&watch->capture);
    exit->output_bytes = watch->capture.total_bytes;
}

/* Has the output ended, now or within this time? Reads what there is. */
static bool has_ended(TpsWatch *watch, int wait_ms)
{
    struct pollfd end = {.fd = watch->pipe}; /* nothing but POLLHUP */

    drain_output(watch);
    if (watch->polls[TPS_WATCH_PIPE].fd >= 0 && wait_ms > 0 && poll(&end, 1, wait_ms) > 0)
        drain_output(watch);
    return watch->polls[TPS_WATCH_PIPE].fd < 0;
}

/* Until the nanny has done all that it does with a command, or does not answer. */
static void await_nanny(const TpsWatch *watch)
{
    struct pollfd answer = {.fd = watch->nanny.socket, .events = POLLIN};
    TpsNannyNews news = {.kind = TPS_NANNY_EMPTY};

    tps_nanny_ask(&watch->nanny, TPS_NANNY_HELLO);
    while (news.kind != TPS_NANNY_READY && poll(&answer, 1, ANSWER_MS) > 0) {
        if (tps_nanny_hear(&watch->nanny, &news) < 0)
            return;
    }
}

/*
 * The nanny lets go of the pipe when it has said that nothing is left. If it does not end then,
 * the nanny may be slow, or another one was just being forked when we passed on the pipe, and has
 * it, too; after both it is somebody else.
 */
static bool is_held(TpsWatch *watch)
{
    if (has_ended(watch, HANG_UP_MS))
        return false;
    await_nanny(watch);
    tps_nursery_await_births();
    return !has_ended(watch, 0);
}

void tps_watch_end(TpsWatch *watch, TpsWatchStep how, TpsExit *exit)
{
    if (how == TPS_WATCH_LOST) {
        lose(watch, exit);
    } else {
        bool held = is_held(watch);

        tps_capture_end(&watch->capture);
        tps_watch_fill(watch, exit);
        exit->held_pipe = held && exit->n_survivors == 0;
        if (exit->n_survivors > 0)
            tps_nanny_abandon(&watch->nanny);
    }
    tps_capture_clear(&watch->capture);
    close(watch->pipe);
}
