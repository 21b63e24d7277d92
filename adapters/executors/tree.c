/* SPDX-License-Identifier: MIT */
#include "adapters/executors/tree.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Processes found and not looked at yet. What does not fit is found again in the next round, when
 * its killed parent has left it to us. */
#define PENDING_MAX 8192

typedef struct {
    pid_t *pids;
    size_t n;
    size_t max;
} Pids;

static void add(Pids *pids, pid_t pid)
{
    if (pids->n < pids->max)
        pids->pids[pids->n++] = pid;
}

/* "/proc/" pid "/task"; snprintf is not async-signal-safe. */
static void format_path(char path[static 32], pid_t pid)
{
    char digits[16];
    size_t n = 0;

    for (; pid > 0; pid /= 10)
        digits[n++] = (char)('0' + pid % 10);
    path = stpcpy(path, "/proc/");
    while (n > 0)
        *path++ = digits[--n];
    strcpy(path, "/task");
}

/* The numbers of one "children" file: "12 345 6 ". */
static void read_children(int file, Pids *children)
{
    char buffer[4096];
    ssize_t length;
    pid_t pid = 0;

    while ((length = read(file, buffer, sizeof buffer)) > 0) {
        for (ssize_t i = 0; i < length; i++) {
            if (isdigit((unsigned char)buffer[i])) {
                pid = pid * 10 + (buffer[i] - '0');
            } else if (pid > 0) {
                add(children, pid);
                pid = 0;
            }
        }
    }
}

static void read_thread(int tasks, const char *tid, Pids *children)
{
    char path[32];
    int file;

    strcpy(stpcpy(path, tid), "/children");
    file = openat(tasks, path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return;
    read_children(file, children);
    close(file);
}

static void list(pid_t parent, Pids *children)
{
    /* getdents64 itself: opendir() allocates. */
    _Alignas(struct dirent64) char entries[2048];
    char path[32];
    ssize_t length;
    int tasks;

    format_path(path, parent);
    tasks = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (tasks < 0)
        return;
    while ((length = getdents64(tasks, entries, sizeof entries)) > 0) {
        for (ssize_t at = 0; at < length;) {
            const struct dirent64 *entry = (const void *)(entries + at);

            if (isdigit((unsigned char)entry->d_name[0]))
                read_thread(tasks, entry->d_name, children);
            at += entry->d_reclen;
        }
    }
    close(tasks);
}

bool tps_tree_available(void)
{
    char path[64];

    snprintf(path, sizeof path, "/proc/self/task/%ld/children", (long)getpid());
    return access(path, R_OK) == 0;
}

size_t tps_tree_children(pid_t parent, pid_t *children, size_t max)
{
    Pids found = {.pids = children, .max = max};

    list(parent, &found);
    return found.n;
}

/*
 * SIGKILL first, then list: a process with SIGKILL pending can't fork any more, so its list is
 * final. With a signal it may survive the other way round: once it is dead its children are no
 * longer listed under it.
 *
 * A listed pid could end and be given to a stranger before our kill(). Pids are handed out in a
 * circle, so that would take tens of thousands of forks within these few microseconds.
 */
static bool visit(pid_t pid, int signal, pid_t except_group, Pids *pending)
{
    bool wanted = except_group == 0 || getpgid(pid) != except_group;

    if (wanted && signal == SIGKILL)
        kill(pid, SIGKILL);
    list(pid, pending);
    if (wanted && signal != SIGKILL)
        kill(pid, signal);
    return wanted;
}

size_t tps_tree_signal(pid_t root, int signal, pid_t except_group)
{
    pid_t buffer[PENDING_MAX];
    Pids pending = {.pids = buffer, .max = PENDING_MAX};
    size_t n = 0;

    list(root, &pending);
    while (pending.n > 0) {
        pid_t pid = pending.pids[--pending.n];

        n += visit(pid, signal, except_group, &pending);
    }
    return n;
}
