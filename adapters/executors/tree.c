/* SPDX-License-Identifier: MIT */
#include "adapters/executors/tree.h"

#include "adapters/executors/proc.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Processes found and not looked at yet. What does not fit is found again in the next round, when
 * its killed parent has left it to us. */
#define PENDING_MAX 8192

#define DESCRIBED_MAX 4

typedef struct {
    pid_t pid;
    pid_t parent;
} Process;

typedef struct {
    Process *processes;
    size_t n;
    size_t max;
} Processes;

/* Who is whose child: asked one by one, or looked up in what was read once. */
typedef struct {
    const Processes *all; /* NULL: the kernel has lists */
    Processes *found;
} Lister;

static bool has_lists;
static bool forgets_lists;

static void add(Processes *processes, pid_t pid, pid_t parent)
{
    if (processes->n < processes->max)
        processes->processes[processes->n++] = (Process){pid, parent};
}

/* The numbers of one "children" file: "12 345 6 ". */
static void read_children(int file, pid_t parent, Processes *found)
{
    char buffer[4096];
    ssize_t length;
    pid_t pid = 0;

    while ((length = read(file, buffer, sizeof buffer)) > 0) {
        for (ssize_t i = 0; i < length; i++) {
            if (isdigit((unsigned char)buffer[i])) {
                pid = pid * 10 + (buffer[i] - '0');
            } else if (pid > 0) {
                add(found, pid, parent);
                pid = 0;
            }
        }
    }
}

static void read_thread(int tasks, const char *tid, pid_t parent, Processes *found)
{
    char path[32];
    int file;

    strcpy(stpcpy(path, tid), "/children");
    file = openat(tasks, path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return;
    read_children(file, parent, found);
    close(file);
}

/* What is a number in a directory of /proc. getdents64 itself, as opendir() allocates. */
static void each_number(const char *path, void (*visit)(int, const char *, pid_t, Processes *),
                        pid_t parent, Processes *found)
{
    _Alignas(struct dirent64) char entries[2048];
    int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ssize_t length;

    if (directory < 0)
        return;
    while ((length = getdents64(directory, entries, sizeof entries)) > 0) {
        for (ssize_t at = 0; at < length;) {
            const struct dirent64 *entry = (const void *)(entries + at);

            if (isdigit((unsigned char)entry->d_name[0]))
                visit(directory, entry->d_name, parent, found);
            at += entry->d_reclen;
        }
    }
    close(directory);
}

static void read_process(int directory, const char *name, pid_t nobody, Processes *all)
{
    pid_t pid = (pid_t)strtol(name, NULL, 10);
    pid_t parent = tps_proc_parent(pid);

    (void)directory;
    (void)nobody;
    if (parent > 0)
        add(all, pid, parent);
}

static void read_all(Processes *all)
{
    each_number("/proc", read_process, 0, all);
}

static void list(const Lister *lister, pid_t parent)
{
    char path[32];

    if (!lister->all) {
        strcpy(tps_proc_number(stpcpy(path, "/proc/"), parent), "/task");
        each_number(path, read_thread, parent, lister->found);
        return;
    }
    for (size_t i = 0; i < lister->all->n; i++) {
        if (lister->all->processes[i].parent == parent)
            add(lister->found, lister->all->processes[i].pid, parent);
    }
}

bool tps_tree_open(void)
{
    char path[64];

    strcpy(tps_proc_number(stpcpy(path, "/proc/self/task/"), getpid()), "/children");
    has_lists = !forgets_lists && access(path, R_OK) == 0;
    return has_lists || tps_proc_parent(getpid()) == getppid();
}

bool tps_tree_has_lists(void)
{
    return has_lists;
}

void tps_tree_forget_lists(void)
{
    forgets_lists = true;
}

static __attribute__((noinline)) void list_without_lists(pid_t parent, Processes *found)
{
    Process buffer[PENDING_MAX];
    Processes all = {.processes = buffer, .max = PENDING_MAX};

    read_all(&all);
    list(&(Lister){.all = &all, .found = found}, parent);
}

size_t tps_tree_children(pid_t parent, pid_t *children, size_t max)
{
    Process buffer[PENDING_MAX];
    Processes found = {.processes = buffer, .max = max < PENDING_MAX ? max : PENDING_MAX};

    if (has_lists)
        list(&(Lister){.found = &found}, parent);
    else
        list_without_lists(parent, &found);
    for (size_t i = 0; i < found.n; i++)
        children[i] = found.processes[i].pid;
    return found.n;
}

static void send_one(pid_t pid, int handle, int signal)
{
    if (handle >= 0)
        syscall(SYS_pidfd_send_signal, handle, signal, NULL, 0);
    else /* our own child, Linux before 5.3, or no descriptor to be had */
        kill(pid, signal);
}

static void send_signal(pid_t pid, int handle, int signal)
{
    send_one(pid, handle, signal);
    if (signal == SIGTERM)
        send_one(pid, handle, SIGCONT);
}

/*
 * A child of ours keeps its pid until we reap it. Of another one the pid could have been reaped by
 * its parent and given to a stranger: so hold on to the process first, and ask then whether it is
 * still a child of whom we were told, or of ours because that one has died.
 */
static void signal_process(Process process, int signal)
{
    pid_t parent;
    int handle;

    if (process.parent == getpid()) {
        send_signal(process.pid, -1, signal);
        return;
    }
    handle = (int)syscall(SYS_pidfd_open, process.pid, 0);
    if (handle < 0 && errno == ESRCH)
        return;
    parent = tps_proc_parent(process.pid);
    if (parent == process.parent || parent == getpid())
        send_signal(process.pid, handle, signal);
    if (handle >= 0)
        close(handle);
}

/*
 * SIGKILL first, then list: a process with SIGKILL pending can't fork any more, so its list is
 * final. With a signal it may survive the other way round: once it is dead its children are no
 * longer listed under it.
 */
static bool visit(const Lister *lister, Process process, int signal, pid_t except_group)
{
    bool wanted = except_group == 0 || getpgid(process.pid) != except_group;

    if (wanted && signal == SIGKILL)
        signal_process(process, SIGKILL);
    list(lister, process.pid);
    if (wanted && signal != SIGKILL)
        signal_process(process, signal);
    return wanted;
}

static size_t signal_all(const Lister *lister, pid_t root, int signal, pid_t except_group)
{
    Processes *pending = lister->found;
    size_t n = 0;

    list(lister, root);
    while (pending->n > 0)
        n += visit(lister, pending->processes[--pending->n], signal, except_group);
    return n;
}

/* Apart, as the one above: room for all is taken only where there are no lists. */
static __attribute__((noinline)) size_t signal_without_lists(pid_t root, int signal,
                                                             pid_t except_group, Processes *pending)
{
    Process buffer[PENDING_MAX];
    Processes all = {.processes = buffer, .max = PENDING_MAX};

    read_all(&all);
    return signal_all(&(Lister){.all = &all, .found = pending}, root, signal, except_group);
}

size_t tps_tree_signal(pid_t root, int signal, pid_t except_group)
{
    Process buffer[PENDING_MAX];
    Processes pending = {.processes = buffer, .max = PENDING_MAX};

    if (!has_lists)
        return signal_without_lists(root, signal, except_group, &pending);
    return signal_all(&(Lister){.found = &pending}, root, signal, except_group);
}

/* "name (pid 12)"; a name may hold any byte. False when there is no room left. */
static bool append_process(char **at, const char *end, pid_t pid)
{
    char name[64];
    ssize_t length = tps_proc_read(pid, "comm", name, sizeof name);

    if (length < 0 || end - *at < length + 32)
        return length < 0;
    for (ssize_t i = 0; i < length - 1; i++)
        *(*at)++ = iscntrl((unsigned char)name[i]) ? '?' : name[i];
    *at = stpcpy(tps_proc_number(stpcpy(*at, " (pid "), pid), ")");
    return true;
}

void tps_tree_describe(pid_t root, char *text, size_t size)
{
    pid_t children[DESCRIBED_MAX + 1];
    size_t n = tps_tree_children(root, children, DESCRIBED_MAX + 1);
    const char *end = text + size - 8;

    *text = '\0';
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            text = stpcpy(text, ", ");
        if (i == DESCRIBED_MAX || !append_process(&text, end, children[i])) {
            strcpy(text, "...");
            return;
        }
    }
}
