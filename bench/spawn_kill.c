/* SPDX-License-Identifier: MIT */
#include "bench/spawn_kill.h"

#include "adapters/executor.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS 9
#define SLOTS_MAX 64
#define TREE_SIZE 7

/* Long enough for all trees to have grown. */
#define TIMEOUT_US INT64_C(1500000)

/* A tree of seven which does not hear SIGTERM; two of them have sessions of their own. */
static const char tree[] = "trap '' TERM INT HUP\n"
                           "setsid sleep 300 & setsid sleep 300 &\n"
                           "sleep 300 & sleep 300 & sleep 300 & sleep 300 &\n"
                           "wait";

typedef struct {
    TpsExecutor *executor;
    int slot;
    int64_t late_us; /* from the end of its time until nothing was left */
    bool bad;
} Tree;

static void *run_tree(void *data)
{
    static const char *argv[] = {"/bin/sh", "-c", tree, NULL};
    TpsCommand command = {.argv = (char **)argv, .timeout_us = TIMEOUT_US, .grace_us = 1};
    g_auto(TpsExit) exit = {0};
    Tree *self = data;

    self->bad = !tps_executor_run(self->executor, self->slot, &command, &exit, NULL) ||
                exit.end != TPS_END_TIMEOUT || exit.n_survivors > 0;
    self->late_us = g_get_monotonic_time() - exit.started_us - TIMEOUT_US;
    return NULL;
}

/* All at once; how late the last one was, or -1. */
static int64_t time_out(TpsExecutor *executor)
{
    Tree trees[SLOTS_MAX];
    pthread_t threads[SLOTS_MAX];
    int64_t late_us = 0;

    for (int i = 0; i < executor->n_slots; i++) {
        trees[i] = (Tree){.executor = executor, .slot = i};
        pthread_create(&threads[i], NULL, run_tree, &trees[i]);
    }
    for (int i = 0; i < executor->n_slots; i++) {
        pthread_join(threads[i], NULL);
        late_us = trees[i].bad ? INT64_MAX : MAX(late_us, trees[i].late_us);
    }
    return late_us == INT64_MAX ? -1 : late_us;
}

static int compare(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a;
    const int64_t y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static void print_row(const char *what, int n_slots, int64_t *times_us)
{
    qsort(times_us, ROUNDS, sizeof times_us[0], compare);
    printf("%-30s %5d %10.1f %8.1f\n", what, n_slots * TREE_SIZE,
           (double)times_us[ROUNDS / 2] / 1000, (double)times_us[ROUNDS - 1] / 1000);
    fflush(stdout);
}

static bool measure_timeouts(int n_slots)
{
    g_autoptr(TpsExecutor) executor = tps_local_executor_new(n_slots, TPS_ISOLATION_AUTO, NULL);
    int64_t times_us[ROUNDS];

    for (int round = 0; round < ROUNDS; round++) {
        times_us[round] = executor ? time_out(executor) : -1;
        if (times_us[round] < 0)
            return false;
    }
    print_row("timeout until nothing is left", n_slots, times_us);
    return true;
}

/* We are the next subreaper above the engine: when we have no child left, nothing is. */
static int64_t kill_engine(int n_slots)
{
    pid_t engine = fork();
    int64_t start_us;

    if (engine == 0) {
        TpsExecutor *executor = tps_local_executor_new(n_slots, TPS_ISOLATION_AUTO, NULL);

        if (executor)
            time_out(executor);
        _exit(EXIT_FAILURE);
    }
    g_usleep((gulong)TIMEOUT_US * 2 / 3);
    start_us = g_get_monotonic_time();
    kill(engine, SIGKILL);
    while (waitpid(-1, NULL, 0) >= 0 || errno == EINTR)
        ;
    return g_get_monotonic_time() - start_us;
}

static void measure_death(int n_slots)
{
    int64_t times_us[ROUNDS];

    prctl(PR_SET_CHILD_SUBREAPER, 1);
    for (int round = 0; round < ROUNDS; round++)
        times_us[round] = kill_engine(n_slots);
    print_row("kill -9 until nothing is left", n_slots, times_us);
}

int bench_kill(void)
{
    printf("trees of %d processes that do not hear SIGTERM; milliseconds, %d rounds\n", TREE_SIZE,
           ROUNDS);
    printf("%-30s %5s %10s %8s\n", "", "alive", "median", "max");
    if (!measure_timeouts(1) || !measure_timeouts(SLOTS_MAX))
        return EXIT_FAILURE;
    measure_death(1);
    measure_death(SLOTS_MAX);
    return EXIT_SUCCESS;
}
