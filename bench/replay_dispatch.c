/* SPDX-License-Identifier: MIT */
#include "bench/replay.h"
#include "bench/replay_predict.h"

#include "partition/partition.h"
#include "scheduler/pool_size.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A version that executed next to nothing says nothing. */
#define MIN_TASKS 20

/* Versions in which new items take more than this share of the time are told apart. */
#define MUCH_NEW 0.02

/* A task of one item, as the pool sees it and as it will turn out. */
typedef struct {
    const char *name;
    bool is_new;
    TpsPrediction prediction;
    int64_t real_us;
} Task;

typedef int (*Order)(const void *, const void *);

static int by_name(const void *a, const void *b)
{
    return strcmp(((const Task *)a)->name, ((const Task *)b)->name);
}

static int longest_first(int64_t a, int64_t b)
{
    return (a < b) - (a > b);
}

static int by_point(const void *a, const void *b)
{
    const int order = longest_first(((const Task *)a)->prediction.point_us,
                                    ((const Task *)b)->prediction.point_us);

    return order != 0 ? order : by_name(a, b);
}

static int by_late(const void *a, const void *b)
{
    const int order =
        longest_first(((const Task *)a)->prediction.late_us, ((const Task *)b)->prediction.late_us);

    return order != 0 ? order : by_name(a, b);
}

static int by_late_new_first(const void *a, const void *b)
{
    const int order = ((const Task *)b)->is_new - ((const Task *)a)->is_new;

    return order != 0 ? order : by_late(a, b);
}

static int by_point_new_first(const void *a, const void *b)
{
    const int order = ((const Task *)b)->is_new - ((const Task *)a)->is_new;

    return order != 0 ? order : by_point(a, b);
}

static int by_truth(const void *a, const void *b)
{
    const int order = longest_first(((const Task *)a)->real_us, ((const Task *)b)->real_us);

    return order != 0 ? order : by_name(a, b);
}

/* Tasks in the order of a rule, by column; owned. */
typedef struct {
    int64_t *real_us;
    int64_t *point_us;
    size_t n;
} Columns;

static Columns sort_tasks(Task *task, size_t n, Order order)
{
    Columns columns = {g_new(int64_t, n), g_new(int64_t, n), n};

    qsort(task, n, sizeof *task, order);
    for (size_t i = 0; i < n; i++) {
        columns.real_us[i] = task[i].real_us;
        columns.point_us[i] = task[i].prediction.point_us;
    }
    return columns;
}

static void clear_columns(Columns *columns)
{
    g_free(columns->real_us);
    g_free(columns->point_us);
}

static int64_t pull(const Columns *task, int n_workers)
{
    return tps_pool_simulate(task->real_us, task->n, n_workers, NULL, NULL, NULL);
}

/* Each worker's share is fixed before the run. */
static int64_t split(const Columns *task, int n_workers)
{
    g_autofree int *part = g_new(int, task->n);

    tps_partition_by_time(task->point_us, task->n, n_workers, part);
    return tps_partition_makespan(task->real_us, part, task->n, n_workers);
}

static int64_t bound(const Columns *task, int n_workers)
{
    return tps_makespan_lower_bound(task->real_us, task->n, n_workers);
}

static const struct {
    const char *name;
    int64_t (*makespan)(const Columns *task, int n_workers);
    Order order;
} rules[] = {
    {"pull: new, then late", pull, by_late_new_first},
    {"pull: late", pull, by_late},
    {"pull: new, then point", pull, by_point_new_first},
    {"pull: point", pull, by_point},
    {"pull: by name", pull, by_name},
    {"split by point", split, by_point},
    {"pull: by the truth", pull, by_truth},
};

static const int pools[] = {4, 8, 16, 32};

#define N_RULES G_N_ELEMENTS(rules)
#define N_POOLS G_N_ELEMENTS(pools)

/* Sums over versions of ln(makespan / bound). */
typedef struct {
    double log[N_RULES][N_POOLS];
    guint n;
} Sums;

/* Which versions, and what of them. */
typedef enum {
    LISTING,       /* all that is listed, also what the version did not execute */
    LISTING_FRESH, /* the same, versions with much that is new */
    EXECUTED,      /* only what it executed anew */
    EXECUTED_FRESH,
    N_VIEWS,
} View;

static const char *const view_names[] = {"listing", "listing, new > 2 %", "executed",
                                         "executed, new > 2 %"};

/* Returns how many tasks there are. */
static size_t tasks_of(const ReplayWalk *walk, const TpsPrediction *prediction, bool executed,
                       Task *task)
{
    size_t n = 0;

    for (guint i = 0; i < walk->n_listing; i++) {
        const uint32_t item = walk->listing[i];

        if (!executed || walk->measured[item])
            task[n++] = (Task){walk->history->ids[item], walk->past[item].n == 0, prediction[i],
                               walk->real_us[item]};
    }
    return n;
}

static bool has_much_new(const Task *task, size_t n)
{
    double sum = 0, new_ones = 0;

    for (size_t i = 0; i < n; i++) {
        sum += (double)task[i].real_us;
        new_ones += task[i].is_new ? (double)task[i].real_us : 0;
    }
    return new_ones > MUCH_NEW * sum;
}

static void add_sums(Sums *to, const Sums *from, double weight, guint n)
{
    for (size_t rule = 0; rule < N_RULES; rule++)
        for (size_t pool = 0; pool < N_POOLS; pool++)
            to->log[rule][pool] += from->log[rule][pool] * weight;
    to->n += n;
}

static Sums version_sums(Task *task, size_t n)
{
    Columns truth = sort_tasks(task, n, by_truth);
    Sums sums = {.n = 1};

    for (size_t rule = 0; rule < N_RULES; rule++) {
        Columns sorted = sort_tasks(task, n, rules[rule].order);

        for (size_t pool = 0; pool < N_POOLS; pool++)
            sums.log[rule][pool] = log((double)rules[rule].makespan(&sorted, pools[pool]) /
                                       (double)bound(&truth, pools[pool]));
        clear_columns(&sorted);
    }
    clear_columns(&truth);
    return sums;
}

static void add_version(const ReplayWalk *walk, Task *task, Sums *sums)
{
    g_autofree TpsPrediction *prediction = replay_predict(walk);

    if (tasks_of(walk, prediction, true, task) < MIN_TASKS)
        return;
    for (View view = LISTING; view < N_VIEWS; view += EXECUTED) {
        const size_t n = tasks_of(walk, prediction, view == EXECUTED, task);
        const Sums one = version_sums(task, n);

        add_sums(&sums[view], &one, 1, 1);
        if (has_much_new(task, n))
            add_sums(&sums[view + 1], &one, 1, 1);
    }
}

static void print_sums(const char *project, const char *view, const Sums *sums, bool json)
{
    for (size_t rule = 0; rule < N_RULES && sums->n > 0; rule++) {
        double log_all = 0;

        printf(json ? "{\"project\": \"%s\", \"versions\": \"%s\", \"n\": %u, \"rule\": \"%s\""
                    : "%-16.16s %-20s %5u  %-22s",
               project, view, sums->n, rules[rule].name);
        for (size_t pool = 0; pool < N_POOLS; pool++) {
            const double mean = sums->log[rule][pool] / sums->n;

            log_all += mean / N_POOLS;
            if (json)
                printf(", \"%d\": %.4f", pools[pool], exp(mean));
            else
                printf(" %7.4f", exp(mean));
        }
        printf(json ? ", \"all\": %.4f}\n" : " %7.4f\n", exp(log_all));
    }
}

static void print_heading(void)
{
    printf("%-16s %-20s %5s  %-22s", "project", "versions", "n", "rule");
    for (size_t pool = 0; pool < N_POOLS; pool++)
        printf(" %7d", pools[pool]);
    printf(" %7s\n", "all");
}

/* A project counts as one, however many versions it has; or each version counts. */
typedef struct {
    Sums projects[N_VIEWS];
    Sums versions[N_VIEWS];
} Totals;

static void judge(const ReplayHistory *history, Totals *totals, bool json)
{
    g_autofree Task *task = g_new(Task, history->n_items);
    Sums sums[N_VIEWS] = {0};

    for (ReplayWalk *walk = replay_walk_new(history); walk; walk = replay_walk_next(walk))
        add_version(walk, task, sums);
    for (View view = 0; view < N_VIEWS; view++) {
        print_sums(history->name, view_names[view], &sums[view], json);
        add_sums(&totals->versions[view], &sums[view], 1, sums[view].n);
        if (sums[view].n > 0)
            add_sums(&totals->projects[view], &sums[view], 1.0 / sums[view].n, 1);
    }
}

static void run(const GPtrArray *histories, bool json)
{
    Totals totals = {0};

    if (!json)
        print_heading();
    for (guint i = 0; i < histories->len; i++)
        judge(g_ptr_array_index(histories, i), &totals, json);
    for (View view = 0; view < N_VIEWS; view++)
        print_sums("mean of projects", view_names[view], &totals.projects[view], json);
    for (View view = 0; view < N_VIEWS; view++)
        print_sums("mean of versions", view_names[view], &totals.versions[view], json);
}

const ReplayCommand replay_cmd_dispatch = {
    .name = "dispatch",
    .summary = "when the last of 4 to 32 workers ends, as a multiple of the best bound",
    .run = run,
};
