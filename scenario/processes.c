/* SPDX-License-Identifier: MIT */
#include "scenario/processes.h"

#include "scenario/processes_internal.h"

#include "core/error.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define GRACE_US INT64_C(2000000)
#define LOOK_MS 100
#define CHUNK_BYTES ((size_t)64 * 1024)

static void add_unless_ignored(sigset_t *set, int number)
{
    struct sigaction action;

    if (sigaction(number, NULL, &action) == 0 && action.sa_handler != SIG_IGN)
        sigaddset(set, number);
}

TpsProcesses *tps_processes_new(GError **error)
{
    TpsProcesses *processes = g_new0(TpsProcesses, 1);
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    struct sigaction usual = {.sa_handler = SIG_DFL};
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    add_unless_ignored(&set, SIGINT);
    add_unless_ignored(&set, SIGTERM);
    add_unless_ignored(&set, SIGHUP);
    sigprocmask(SIG_BLOCK, &set, &processes->mask);
    sigaction(SIGCHLD, &usual, NULL); /* where it is ignored, no exit status is kept */
    sigaction(SIGPIPE, &ignore, &processes->pipe_action);
    processes->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (processes->signals < 0) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "cannot wait for signals: %s",
                    g_strerror(errno));
        sigaction(SIGPIPE, &processes->pipe_action, NULL);
        sigprocmask(SIG_SETMASK, &processes->mask, NULL);
        g_free(processes);
        return NULL;
    }
    prctl(PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L);
    processes->streams = g_array_new(FALSE, FALSE, sizeof(TpsStream));
    processes->buffer = g_malloc(CHUNK_BYTES);
    return processes;
}

void tps_processes_free(TpsProcesses *processes)
{
    if (!processes)
        return;
    tps_processes_end(processes);
    prctl(PR_SET_CHILD_SUBREAPER, 0L, 0L, 0L, 0L);
    close(processes->signals);
    sigaction(SIGPIPE, &processes->pipe_action, NULL);
    sigprocmask(SIG_SETMASK, &processes->mask, NULL);
    g_array_unref(processes->streams);
    g_free(processes->buffer);
    g_free(processes);
}

/* How many of them ask to stop. */
static int take_signals(TpsProcesses *processes)
{
    struct signalfd_siginfo info;
    int n = 0;

    while (read(processes->signals, &info, sizeof info) == (ssize_t)sizeof info)
        n += info.ssi_signo != SIGCHLD;
    processes->n_stops += n;
    return n;
}

bool tps_processes_stopped(TpsProcesses *processes)
{
    take_signals(processes);
    return processes->n_stops > 0;
}

bool tps_processes_wait_input(TpsProcesses *processes, int fd)
{
    struct pollfd polled[] = {{.fd = fd, .events = POLLIN},
                              {.fd = processes->signals, .events = POLLIN}};

    while (!tps_processes_stopped(processes)) {
        poll(polled, G_N_ELEMENTS(polled), -1);
        if (polled[0].revents)
            return true;
    }
    return false;
}

static void keep_bytes(TpsStream *stream, const char *bytes, size_t length)
{
    while (length > 0 && stream->to >= 0) {
        ssize_t n = write(stream->to, bytes, length);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            stream->failure = errno;
            stream->to = -1;
            return;
        }
        bytes += n;
        length -= (size_t)n;
    }
}

/* False when nobody writes there any more. */
static bool pump(TpsProcesses *processes, TpsStream *stream, size_t most)
{
    ssize_t n = read(stream->from, processes->buffer, MIN(most, CHUNK_BYTES));

    if (n > 0)
        keep_bytes(stream, processes->buffer, (size_t)n);
    return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

static void pump_ready(TpsProcesses *processes, const struct pollfd *polled)
{
    for (guint i = processes->streams->len; i > 0; i--) {
        TpsStream *stream = &g_array_index(processes->streams, TpsStream, i - 1);

        if (polled[i - 1].revents && !pump(processes, stream, CHUNK_BYTES)) {
            close(stream->from);
            stream->from = -1;
        }
    }
}

/* Wait until something happens, and pass on what was printed. */
static void wait_some(TpsProcesses *processes, int timeout_ms)
{
    guint n = processes->streams->len;
    g_autofree struct pollfd *polled = g_new0(struct pollfd, n + 1);

    for (guint i = 0; i < n; i++) {
        polled[i].fd = g_array_index(processes->streams, TpsStream, i).from; /* -1 is passed over */
        polled[i].events = POLLIN;
    }
    polled[n].fd = processes->signals;
    polled[n].events = POLLIN;
    if (poll(polled, n + 1, timeout_ms) > 0)
        pump_ready(processes, polled);
}

static void drop_closed(TpsProcesses *processes)
{
    for (guint i = processes->streams->len; i > 0; i--)
        if (g_array_index(processes->streams, TpsStream, i - 1).from < 0)
            g_array_remove_index(processes->streams, i - 1);
}

/* What it printed before it ended is there already; who else holds it may print for ever. */
static void drain(TpsProcesses *processes, TpsStream *stream)
{
    int left = 0;

    if (stream->from < 0 || ioctl(stream->from, FIONREAD, &left) != 0)
        return;
    while (left > 0) {
        ssize_t n = read(stream->from, processes->buffer, MIN((size_t)left, CHUNK_BYTES));

        if (n <= 0)
            return;
        keep_bytes(stream, processes->buffer, (size_t)n);
        left -= (int)n;
    }
}

/* The first signal is orderly, and has a limit; so is one that came before the command did. */
static void heed_stop(TpsProcesses *processes, pid_t child, int64_t *kill_at)
{
    int64_t now = g_get_monotonic_time();
    int before = processes->n_stops;

    if (take_signals(processes) > 0 && before > 0)
        *kill_at = now;
    if (processes->n_stops > 0 && *kill_at == INT64_MAX) {
        kill(-child, SIGTERM);
        *kill_at = now + GRACE_US;
    }
    if (now >= *kill_at)
        kill(-child, SIGKILL);
}

static int wait_child(TpsProcesses *processes, pid_t child)
{
    int64_t kill_at = INT64_MAX;
    int status = 0;

    /* Signals first: a SIGCHLD that was taken has its process found by waitpid. */
    heed_stop(processes, child, &kill_at);
    while (waitpid(child, &status, WNOHANG) == 0) {
        wait_some(processes, kill_at == INT64_MAX ? -1 : LOOK_MS);
        heed_stop(processes, child, &kill_at);
    }
    return status;
}

void tps_processes_run(TpsProcesses *processes, const TpsProcess *command, TpsProcessEnd *end)
{
    TpsStream stream = {.from = -1, .to = command->output};
    int64_t started_us = g_get_monotonic_time();
    TpsStream *mine;
    pid_t child;

    *end = (TpsProcessEnd){0};
    child = tps_processes_fork(processes, command, &stream.from, end);
    if (child < 0)
        return;
    g_array_append_val(processes->streams, stream);
    end->wait_status = wait_child(processes, child);
    end->wall_us = g_get_monotonic_time() - started_us;
    mine = &g_array_index(processes->streams, TpsStream, processes->streams->len - 1);
    drain(processes, mine);
    end->write_failure = mine->failure;
    mine->to = -1; /* whoever still prints there is heard, and not kept */
    drop_closed(processes);
}

void tps_processes_run_shell(TpsProcesses *processes, const TpsProcess *command, TpsProcessEnd *end)
{
    pid_t child;
    int stops = processes->n_stops;

    *end = (TpsProcessEnd){0};
    child = tps_processes_fork(processes, command, NULL, end);
    if (child < 0)
        return;
    while (waitpid(child, &end->wait_status, 0) < 0 && errno == EINTR)
        ;
    take_signals(processes);
    processes->n_stops = stops;
}
