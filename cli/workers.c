/* SPDX-License-Identifier: MIT */
#include "cli/workers.h"

#include "cli/terminal.h"
#include "core/duration.h"
#include "scheduler/plan_needs.h"
#include "scheduler/pool_size.h"

#define LABEL_WIDTH 40
#define LOOK_US (TPS_SECOND_US / 2)

typedef struct {
    const TpsTask *task; /* NULL = nothing */
    int64_t started_us;
    int64_t expected_us;
} Worker;

struct TpsWorkers {
    const TpsPlan *plan;
    TpsPlanNeeds *needs; /* NULL where no task needs more than a worker */
    int size;
    Worker *workers;   /* [size]                                  */
    GHashTable *begun; /* const TpsTask* as a set                 */
    int64_t looked_us; /* when `end_us` was simulated; 0 = not yet */
    int64_t end_us;
};

TpsWorkers *tps_workers_new(const TpsPlan *plan, int size)
{
    TpsWorkers *workers = g_new0(TpsWorkers, 1);

    workers->plan = plan;
    workers->needs = tps_plan_needs_new(plan, plan->memory_bytes);
    workers->size = size;
    workers->workers = g_new0(Worker, (gsize)size);
    workers->begun = g_hash_table_new(g_direct_hash, g_direct_equal);
    return workers;
}

void tps_workers_free(TpsWorkers *workers)
{
    if (!workers)
        return;
    tps_plan_needs_free(workers->needs);
    g_free(workers->workers);
    g_hash_table_unref(workers->begun);
    g_free(workers);
}

void tps_workers_start(TpsWorkers *workers, int worker, const TpsTask *task, int64_t expected_us,
                       int64_t now_us)
{
    workers->workers[worker] =
        (Worker){.task = task, .started_us = now_us, .expected_us = expected_us};
    g_hash_table_add(workers->begun, (gpointer)task);
}

void tps_workers_end(TpsWorkers *workers, int worker)
{
    workers->workers[worker].task = NULL;
}

void tps_workers_grow(TpsWorkers *workers, int size)
{
    workers->workers = g_renew(Worker, workers->workers, (gsize)size);
    for (int i = workers->size; i < size; i++)
        workers->workers[i] = (Worker){0};
    workers->size = size;
}

void tps_workers_pause(TpsWorkers *workers, int64_t us)
{
    for (int i = 0; i < workers->size; i++)
        workers->workers[i].started_us += us;
    workers->end_us += us;
}

/* Of TpsRunning: when each busy worker is free by the plan; one that is overdue may be free at any
 * moment. Caller unrefs. */
static GArray *find_busy(const TpsWorkers *workers, int64_t now_us, int64_t *last_us)
{
    GArray *busy = g_array_new(FALSE, FALSE, sizeof(TpsRunning));

    *last_us = 0;
    for (int i = 0; i < workers->size; i++) {
        const Worker *worker = &workers->workers[i];
        TpsRunning running = {.worker = i};

        if (!worker->task)
            continue;
        running.claim = tps_plan_needs_find(workers->needs, worker->task->suite);
        running.end_us = MAX(worker->started_us + worker->expected_us - now_us, 0);
        *last_us = MAX(*last_us, running.end_us);
        g_array_append_val(busy, running);
    }
    return busy;
}

/* Of TpsLoad: what has not begun. Caller unrefs. */
static GArray *find_waiting(const TpsWorkers *workers)
{
    GArray *waiting = g_array_new(FALSE, FALSE, sizeof(TpsLoad));

    for (guint i = 0; i < workers->plan->tasks->len; i++) {
        const TpsTask *task = g_ptr_array_index(workers->plan->tasks, i);
        TpsLoad load = {.weight_us = task->weight_us,
                        .claim = tps_plan_needs_find(workers->needs, task->suite)};

        if (!g_hash_table_contains(workers->begun, task))
            g_array_append_val(waiting, load);
    }
    return waiting;
}

static int64_t simulate_plainly(const TpsWorkers *workers, const GArray *waiting,
                                const GArray *busy)
{
    g_autofree int64_t *free_us = g_new0(int64_t, (gsize)workers->size);
    g_autofree int64_t *weight_us = g_new0(int64_t, waiting->len);

    for (guint i = 0; i < busy->len; i++) {
        const TpsRunning *running = &g_array_index(busy, TpsRunning, i);

        free_us[running->worker] = running->end_us;
    }
    for (guint i = 0; i < waiting->len; i++)
        weight_us[i] = g_array_index(waiting, TpsLoad, i).weight_us;
    return tps_pool_simulate(weight_us, waiting->len, workers->size, free_us, NULL, NULL);
}

/* From the plan, not from the count of what is done. */
static int64_t simulate(const TpsWorkers *workers, int64_t now_us)
{
    int64_t last_us;
    g_autoptr(GArray) busy = find_busy(workers, now_us, &last_us);
    g_autoptr(GArray) waiting = find_waiting(workers);
    TpsLoads loads;

    if (waiting->len == 0)
        return last_us;
    if (!workers->needs)
        return MAX(last_us, simulate_plainly(workers, waiting, busy));
    loads = tps_loads_of(workers->needs, waiting);
    return MAX(last_us, tps_loads_simulate(&loads, workers->size,
                                           (const TpsRunning *)(const void *)busy->data, busy->len,
                                           NULL, NULL));
}

int64_t tps_workers_left(TpsWorkers *workers, int64_t now_us)
{
    if (!workers->looked_us || now_us - workers->looked_us >= LOOK_US) {
        workers->looked_us = now_us;
        workers->end_us = now_us + simulate(workers, now_us);
    }
    return MAX(workers->end_us - now_us, 0);
}

static char *describe(const Worker *worker, const char *between, int64_t now_us)
{
    g_autofree char *label = tps_part_label(worker->task->suite, worker->task->part);
    g_autofree char *shown = tps_printable(label, LABEL_WIDTH);
    g_autofree char *since = tps_duration_format(now_us - worker->started_us);
    g_autofree char *expected = tps_duration_format(worker->expected_us);

    return g_strdup_printf("%s %s%s of %s", shown, between, since, expected);
}

static int compare_starts(const void *a, const void *b)
{
    const Worker *x = *(const Worker *const *)a;
    const Worker *y = *(const Worker *const *)b;

    if (x->started_us != y->started_us)
        return x->started_us < y->started_us ? -1 : 1;
    return x < y ? -1 : x > y;
}

GPtrArray *tps_workers_describe(const TpsWorkers *workers, int64_t now_us, guint max)
{
    g_autoptr(GPtrArray) busy = g_ptr_array_new();
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
    guint shown;

    for (int i = 0; i < workers->size; i++)
        if (workers->workers[i].task)
            g_ptr_array_add(busy, &workers->workers[i]);
    g_ptr_array_sort(busy, compare_starts);
    shown = busy->len <= max ? busy->len : MAX(max, 1) - 1;
    for (guint i = 0; i < shown; i++)
        g_ptr_array_add(lines, describe(g_ptr_array_index(busy, i), "", now_us));
    if (busy->len > shown && max > 0)
        g_ptr_array_add(lines, g_strdup_printf("... and %u %s", busy->len - shown,
                                               shown > 0 ? "more" : "running"));
    return lines;
}

GPtrArray *tps_workers_list(const TpsWorkers *workers, int64_t now_us)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);

    for (int i = 0; i < workers->size; i++) {
        g_autofree char *line = NULL;

        if (!workers->workers[i].task)
            continue;
        line = describe(&workers->workers[i], "for ", now_us);
        g_ptr_array_add(lines, g_strdup_printf("worker %d: %s", i, line));
    }
    return lines;
}
