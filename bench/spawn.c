/* SPDX-License-Identifier: MIT */

/*
 * What does supervision cost? The same program many times through the executor (a helper process
 * for each slot, timeouts, proof that nothing is left, usage) and through the least that can be
 * done at all: threads that call posix_spawn, read two pipes and wait. Each in a process of its
 * own, in turns; the medians of several rounds count.
 *
 *   spawn [-j THREADS] [-n TIMES] [-r ROUNDS] [-i none|pid|cgroup] [PROGRAM [ARGUMENT...]]
 *   spawn --kill        how long until nothing is left: of a timeout, and after our own death
 */
#include "bench/spawn_kill.h"

#include "adapters/executor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_ROUNDS 99

typedef struct {
    int n_threads;
    int n_times;
    int n_rounds;
    TpsIsolation isolation;
    char **argv;
} Options;

/* What the threads of one measurement share. */
typedef struct {
    const Options *options;
    TpsExecutor *executor; /* NULL: bare */
    int next;              /* atomic */
    int n_bad;             /* atomic */
} Work;

typedef struct {
    Work *work;
    int slot;
} Thread;

/* Until both have ended. */
static void read_pipes(int out, int err)
{
    struct pollfd polls[] = {{.fd = out, .events = POLLIN}, {.fd = err, .events = POLLIN}};
    char buffer[65536];

    while (polls[0].fd >= 0 || polls[1].fd >= 0) {
        poll(polls, 2, -1);
        for (int i = 0; i < 2; i++) {
            if (polls[i].fd >= 0 && polls[i].revents &&
                read(polls[i].fd, buffer, sizeof buffer) <= 0)
                polls[i].fd = -1;
        }
    }
}

static bool spawn_bare(char **argv)
{
    posix_spawn_file_actions_t actions;
    int out[2];
    int err[2];
    int status = -1;
    pid_t pid;

    if (pipe2(out, O_CLOEXEC) < 0 || pipe2(err, O_CLOEXEC) < 0)
        return false;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, err[1], STDERR_FILENO);
    if (posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ) != 0)
        return false;
    posix_spawn_file_actions_destroy(&actions);
    close(out[1]);
    close(err[1]);
    read_pipes(out[0], err[0]);
    waitpid(pid, &status, 0);
    close(out[0]);
    close(err[0]);
    return status == 0;
}

static bool spawn_supervised(TpsExecutor *executor, int slot, char **argv)
{
    TpsCommand command = {
        .argv = argv, .timeout_us = INT64_C(600000000), .grace_us = INT64_C(5000000)};
    g_auto(TpsExit) exit = {0};

    return tps_executor_run(executor, slot, &command, &exit, NULL) && exit.end == TPS_END_EXITED &&
           exit.code == 0 && exit.n_leaked == 0;
}

static void *work_off(void *data)
{
    const Thread *thread = data;
    Work *work = thread->work;
    char **argv = work->options->argv;

    while (g_atomic_int_add(&work->next, 1) < work->options->n_times) {
        bool fine = work->executor ? spawn_supervised(work->executor, thread->slot, argv)
                                   : spawn_bare(argv);

        if (!fine)
            g_atomic_int_inc(&work->n_bad);
    }
    return NULL;
}

static int run_all(const Options *options, bool supervised)
{
    g_autoptr(GError) error = NULL;
    g_autofree pthread_t *ids = g_new0(pthread_t, (gsize)options->n_threads);
    g_autofree Thread *threads = g_new0(Thread, (gsize)options->n_threads);
    Work work = {.options = options};

    if (supervised)
        work.executor = tps_local_executor_new(options->n_threads, options->isolation, &error);
    if (supervised && !work.executor) {
        fprintf(stderr, "%s\n", error->message);
        return EXIT_FAILURE;
    }
    for (int i = 0; i < options->n_threads; i++) {
        threads[i] = (Thread){.work = &work, .slot = i};
        pthread_create(&ids[i], NULL, work_off, &threads[i]);
    }
    for (int i = 0; i < options->n_threads; i++)
        pthread_join(ids[i], NULL);
    tps_executor_free(work.executor);
    return work.n_bad == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

typedef struct {
    double wall_us;
    double cpu_us;
} Cost;

static double time_us(struct timeval time)
{
    return (double)time.tv_sec * 1e6 + (double)time.tv_usec;
}

/* For each program, all that was waited for included. */
static bool measure(const Options *options, bool supervised, Cost *cost)
{
    const int64_t start_us = g_get_monotonic_time();
    const pid_t child = fork();
    struct rusage usage;
    int status = -1;

    if (child == 0)
        _exit(run_all(options, supervised));
    wait4(child, &status, 0, &usage);
    cost->wall_us = (double)(g_get_monotonic_time() - start_us) / options->n_times;
    cost->cpu_us = (time_us(usage.ru_utime) + time_us(usage.ru_stime)) / options->n_times;
    return status == 0;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(const Cost *costs, int n, bool wall)
{
    double values[MAX_ROUNDS];

    for (int i = 0; i < n; i++)
        values[i] = wall ? costs[i].wall_us : costs[i].cpu_us;
    qsort(values, (size_t)n, sizeof values[0], compare);
    return values[n / 2];
}

static void print_row(const char *name, const Cost *costs, const Cost *bare, int n)
{
    const double wall_us = median(costs, n, true);
    const double cpu_us = median(costs, n, false);

    printf("%-11s %8.0f %6.2f %8.0f %6.2f\n", name, wall_us, wall_us / median(bare, n, true),
           cpu_us, cpu_us / median(bare, n, false));
}

static int compare_costs(const Options *options)
{
    Cost bare[MAX_ROUNDS];
    Cost supervised[MAX_ROUNDS];

    for (int round = 0; round < options->n_rounds; round++) {
        if (!measure(options, false, &bare[round]) || !measure(options, true, &supervised[round])) {
            fprintf(stderr, "spawn: a program failed\n");
            return EXIT_FAILURE;
        }
    }
    printf("%d x %s, %d threads; microseconds each, median of %d rounds\n", options->n_times,
           options->argv[0], options->n_threads, options->n_rounds);
    printf("%-11s %8s %6s %8s %6s\n", "", "wall", "ratio", "cpu", "ratio");
    print_row("bare", bare, bare, options->n_rounds);
    print_row("supervised", supervised, bare, options->n_rounds);
    return EXIT_SUCCESS;
}

static TpsIsolation parse_isolation(const char *name)
{
    if (strcmp(name, "pid") == 0)
        return TPS_ISOLATION_PID;
    if (strcmp(name, "cgroup") == 0)
        return TPS_ISOLATION_CGROUP;
    return strcmp(name, "none") == 0 ? TPS_ISOLATION_NONE : TPS_ISOLATION_AUTO;
}

int main(int argc, char **argv)
{
    static char *nothing[] = {(char *)"/bin/true", NULL};
    Options options = {.n_threads = 2, .n_times = 1000, .n_rounds = 5, .argv = nothing};
    int letter;

    if (argc == 2 && strcmp(argv[1], "--kill") == 0)
        return bench_kill();
    while ((letter = getopt(argc, argv, "+j:n:r:i:")) != -1) {
        if (letter == '?')
            return 2;
        if (letter == 'i')
            options.isolation = parse_isolation(optarg);
        else
            *(letter == 'j'   ? &options.n_threads
              : letter == 'n' ? &options.n_times
                              : &options.n_rounds) = MAX(atoi(optarg), 1);
    }
    options.n_rounds = MIN(options.n_rounds, MAX_ROUNDS);
    if (argv[optind])
        options.argv = argv + optind;
    return compare_costs(&options);
}
