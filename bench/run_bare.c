/* SPDX-License-Identifier: MIT */

/*
 * The least that a runner can do: so many threads, each starts a process with posix_spawn, reads
 * its two pipes to their end, throws away what comes, and waits for it. Nothing is watched, kept,
 * reported or killed. What tpsched costs is told in times of this.
 *
 *   bare WORKERS TASKS PROGRAM [ARG...]
 */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORKERS_MAX 4096
#define STACK_BYTES (size_t)262144
#define BUFFER_BYTES 65536

extern char **environ;

static char **command;
static long n_tasks;
static atomic_long n_taken;
static atomic_bool failed;

/* pipe2 and O_CLOEXEC, since another thread may be starting a process. */
static pid_t start(int out[2], int err[2])
{
    posix_spawn_file_actions_t actions;
    pid_t pid = -1;

    if (pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC))
        return -1;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, err[1], STDERR_FILENO);
    if (posix_spawn(&pid, command[0], &actions, NULL, command, environ))
        pid = -1;
    posix_spawn_file_actions_destroy(&actions);
    close(out[1]);
    close(err[1]);
    return pid;
}

static void drain(int out, int err)
{
    struct pollfd pipes[] = {{.fd = out, .events = POLLIN}, {.fd = err, .events = POLLIN}};
    char buffer[BUFFER_BYTES];

    while (pipes[0].fd >= 0 || pipes[1].fd >= 0) {
        poll(pipes, 2, -1);
        for (int i = 0; i < 2; i++)
            if (pipes[i].fd >= 0 && pipes[i].revents &&
                read(pipes[i].fd, buffer, sizeof buffer) <= 0)
                pipes[i].fd = -1;
    }
}

static bool run_one(void)
{
    int out[2], err[2], status;
    const pid_t pid = start(out, err);

    if (pid < 0)
        return false;
    drain(out[0], err[0]);
    close(out[0]);
    close(err[0]);
    return waitpid(pid, &status, 0) == pid && status == 0;
}

static void *work(void *data)
{
    while (atomic_fetch_add(&n_taken, 1) < n_tasks)
        if (!run_one())
            atomic_store(&failed, true);
    return data;
}

int main(int argc, char **argv)
{
    static pthread_t threads[WORKERS_MAX];
    const long n_workers = argc > 3 ? strtol(argv[1], NULL, 10) : 0;
    pthread_attr_t attributes;

    if (n_workers < 1 || n_workers > WORKERS_MAX) {
        fputs("usage: bare WORKERS TASKS PROGRAM [ARG...]\n", stderr);
        return 2;
    }
    n_tasks = strtol(argv[2], NULL, 10);
    command = argv + 3;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    for (long i = 0; i < n_workers; i++)
        if (pthread_create(&threads[i], &attributes, work, NULL))
            return 1;
    for (long i = 0; i < n_workers; i++)
        pthread_join(threads[i], NULL);
    return atomic_load(&failed) ? 1 : 0;
}
