/* SPDX-License-Identifier: MIT */
#include "bench/run_end.h"

#include "bench/run_dir.h"
#include "bench/run_measure.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define TIMEOUT_S 1
/* What tpsched gives after SIGTERM. */
#define GRACE_S 5
#define PATIENCE_MS 60000

/* What is heard of a tree. */
typedef struct {
    int64_t asked_us; /* it got SIGTERM      */
    int64_t gone_us;  /* none is, any more  */
    int n_ready;
} Tree;

typedef struct {
    int n;
    Tree *trees;         /* [n] */
    struct pollfd *pipe; /* [n] fd = -1: is closed */
} Watch;

static char *fifo_of(const RunPlace *place, int tree)
{
    return g_strdup_printf("%s/fifo%d", place->dir, tree);
}

/* Ours is open before theirs is, which would wait for us. */
static bool open_watch(Watch *watch, const RunPlace *place, int n)
{
    bool is_open = true;

    *watch = (Watch){n, g_new0(Tree, (gsize)n), g_new0(struct pollfd, (gsize)n)};
    for (int i = 0; i < n; i++) {
        g_autofree char *path = fifo_of(place, i);

        if (mkfifo(path, 0600) == 0)
            watch->pipe[i] = (struct pollfd){open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC), POLLIN};
        else
            watch->pipe[i].fd = -1;
        is_open &= watch->pipe[i].fd >= 0;
    }
    return is_open;
}

static void close_watch(Watch *watch)
{
    for (int i = 0; i < watch->n; i++)
        if (watch->pipe[i].fd >= 0)
            close(watch->pipe[i].fd);
    g_free(watch->trees);
    g_free(watch->pipe);
}

static void hear(Tree *tree, struct pollfd *pipe)
{
    char bytes[RUN_END_TREE];
    const ssize_t n = read(pipe->fd, bytes, sizeof bytes);
    const int64_t now_us = g_get_monotonic_time();

    for (ssize_t i = 0; i < n; i++) {
        if (bytes[i] == 't')
            tree->asked_us = now_us;
        else
            tree->n_ready++;
    }
    if (n > 0)
        return;
    tree->gone_us = now_us;
    close(pipe->fd);
    pipe->fd = -1;
}

static bool all_ready(const Watch *watch)
{
    for (int i = 0; i < watch->n; i++)
        if (watch->trees[i].n_ready < RUN_END_TREE)
            return false;
    return true;
}

static bool all_gone(const Watch *watch)
{
    for (int i = 0; i < watch->n; i++)
        if (watch->trees[i].gone_us == 0)
            return false;
    return true;
}

static bool wait_until(Watch *watch, bool (*is_true)(const Watch *))
{
    while (!is_true(watch)) {
        if (poll(watch->pipe, (nfds_t)watch->n, PATIENCE_MS) <= 0)
            return false;
        for (int i = 0; i < watch->n; i++)
            if (watch->pipe[i].fd >= 0 && watch->pipe[i].revents)
                hear(&watch->trees[i], &watch->pipe[i]);
    }
    return true;
}

static bool write_plan(const RunPlace *place, int n_trees)
{
    g_autoptr(GString) text = g_string_new("suites:\n");
    g_autofree char *path = g_build_filename(place->dir, "tpsched.yaml", NULL);

    for (int i = 0; i < n_trees; i++) {
        g_autofree char *fifo = fifo_of(place, i);

        g_string_append_printf(
            text, "  - {name: t%d, command: [%s, tree, %d, %s], weight: 1, timeout: %d}\n", i,
            place->child, RUN_END_TREE, fifo, TIMEOUT_S);
    }
    return g_file_set_contents(path, text->str, (gssize)text->len, NULL);
}

static pid_t start(const RunPlace *place, int n_trees)
{
    g_autofree char *size = g_strdup_printf("%d", n_trees);
    const char *argv[] = {place->tpsched, "run",          "--size", size, "--output",
                          "none",         "--report-dir", "report", NULL};

    return write_plan(place, n_trees) ? run_measure_start((char **)argv, place->dir) : -1;
}

/* One measurement; adds what it found, milliseconds. */
typedef bool Measure(Watch *watch, pid_t pid, GArray *found_ms);

static void add(GArray *found_ms, int64_t us)
{
    const double ms = (double)us / 1000;

    g_array_append_val(found_ms, ms);
}

static bool measure_timeout(Watch *watch, pid_t pid, GArray *found_ms)
{
    const int64_t grace_us = (int64_t)GRACE_S * 1000000;
    const bool gone = wait_until(watch, all_gone);
    int64_t ended_us;
    int status;

    if (!gone) {
        kill(pid, SIGKILL);
        run_measure_wait(pid, &status, &ended_us);
        return false;
    }
    for (int i = 0; i < watch->n; i++)
        add(found_ms, watch->trees[i].gone_us - watch->trees[i].asked_us - grace_us);
    return run_measure_wait(pid, &status, &ended_us) && WIFEXITED(status);
}

static bool measure_kill(Watch *watch, pid_t pid, GArray *found_ms)
{
    const bool ready = wait_until(watch, all_ready);
    const int64_t start_us = g_get_monotonic_time();
    int64_t ended_us;
    int status;

    kill(pid, SIGKILL);
    if (!run_measure_wait(pid, &status, &ended_us) || !ready)
        return false;
    add(found_ms, g_get_monotonic_time() - start_us);
    return true;
}

static bool measure_once(const RunPlace *parent, int n_trees, Measure *measure, GArray *found_ms)
{
    g_autofree char *dir = run_dir_make(parent->dir, "end");
    RunPlace place = *parent;
    Watch watch;
    pid_t pid;
    bool done;

    place.dir = dir;
    done = open_watch(&watch, &place, n_trees);
    pid = done ? start(&place, n_trees) : -1;
    done = pid > 0 && measure(&watch, pid, found_ms);
    close_watch(&watch);
    run_dir_remove(dir);
    return done;
}

static int compare(const void *a, const void *b)
{
    const double one = *(const double *)a, two = *(const double *)b;

    return (one > two) - (one < two);
}

static bool measure_often(const RunPlace *place, int n_trees, int rounds, Measure *measure,
                          RunEnd *end)
{
    g_autoptr(GArray) found_ms = g_array_new(FALSE, FALSE, sizeof(double));

    for (int round = 0; round < rounds; round++)
        if (!measure_once(place, n_trees, measure, found_ms)) {
            fprintf(stderr, "run: %d trees could not be watched\n", n_trees);
            return false;
        }
    g_array_sort(found_ms, compare);
    end->median_ms = g_array_index(found_ms, double, found_ms->len / 2);
    end->max_ms = g_array_index(found_ms, double, found_ms->len - 1);
    return true;
}

bool run_end_timeout(const RunPlace *place, int n_trees, int rounds, RunEnd *end)
{
    return measure_often(place, n_trees, rounds, measure_timeout, end);
}

bool run_end_killed(const RunPlace *place, int n_trees, int rounds, RunEnd *end)
{
    return measure_often(place, n_trees, rounds, measure_kill, end);
}
