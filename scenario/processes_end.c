/* SPDX-License-Identifier: MIT */
#include "scenario/processes_internal.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* They are told once to end, and killed when they did not; who can't be killed is left. */
#define TERM_US INT64_C(500000)
#define GIVE_UP_US INT64_C(5000000)
#define LOOK_MS 10

/* The children of this process, of pid_t. What they started comes up when they are gone. */
static GArray *find_children(void)
{
    GArray *children = g_array_new(FALSE, FALSE, sizeof(pid_t));
    g_autofree char *path =
        g_strdup_printf("/proc/self/task/%ld/children", (long)syscall(SYS_gettid));
    g_autofree char *text = NULL;
    char *at;

    if (!g_file_get_contents(path, &text, NULL, NULL))
        return children;
    at = text;
    while (*at) {
        char *behind;
        pid_t child = (pid_t)strtol(at, &behind, 10);

        if (behind == at)
            break;
        g_array_append_val(children, child);
        at = behind + (*behind == ' ');
    }
    return children;
}

static bool has(const GArray *pids, pid_t pid)
{
    for (guint i = 0; i < pids->len; i++)
        if (g_array_index(pids, pid_t, i) == pid)
            return true;
    return false;
}

/* Not yet reaped, so that their numbers can't be somebody else's. */
static void end_children(GArray *told, bool now)
{
    g_autoptr(GArray) children = find_children();

    for (guint i = 0; i < children->len; i++) {
        pid_t child = g_array_index(children, pid_t, i);

        if (now)
            kill(child, SIGKILL);
        if (has(told, child))
            continue;
        kill(child, SIGTERM);
        g_array_append_val(told, child);
    }
}

/* False when there are no children. */
static bool reap(void)
{
    pid_t child;

    do
        child = waitpid(-1, NULL, WNOHANG);
    while (child > 0 || (child < 0 && errno == EINTR));
    return child == 0;
}

static void close_streams(TpsProcesses *processes)
{
    for (guint i = 0; i < processes->streams->len; i++) {
        TpsStream *stream = &g_array_index(processes->streams, TpsStream, i);

        if (stream->from >= 0)
            close(stream->from);
    }
    g_array_set_size(processes->streams, 0);
}

unsigned tps_processes_end(TpsProcesses *processes)
{
    g_autoptr(GArray) told = g_array_new(FALSE, FALSE, sizeof(pid_t));
    int64_t began = g_get_monotonic_time();
    int64_t us = 0;

    for (; us < GIVE_UP_US && reap(); us = g_get_monotonic_time() - began) {
        end_children(told, us >= TERM_US);
        poll(NULL, 0, LOOK_MS);
    }
    close_streams(processes);
    return told->len;
}
