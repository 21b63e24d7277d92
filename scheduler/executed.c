/* SPDX-License-Identifier: MIT */
#include "scheduler/executed.h"

#include "core/saturate.h"
#include "formats/plan_json.h"
#include "partition/bounds.h"
#include "scheduler/pool_size.h"

#include <string.h>

static const GPtrArray *planned_of(const TpsPiece *piece)
{
    return piece->planned ? piece->planned : piece->task->testcases;
}

/* It ran, and what it was to run is known; it was the first to do so, and its worker lived. */
static bool has_run(const TpsPiece *piece)
{
    return piece->started_us && piece->settled && planned_of(piece)->len > 0 &&
           piece->attempt == 1 && !piece->replaced;
}

static GPtrArray *pieces_that_ran(const TpsQueue *queue)
{
    const GPtrArray *started = tps_queue_started(queue);
    GPtrArray *pieces = g_ptr_array_new();

    for (guint i = 0; i < started->len; i++) {
        TpsPiece *piece = g_ptr_array_index(started, i);

        tps_piece_settle(piece); /* of a task that did not come to its end */
        if (has_run(piece))
            g_ptr_array_add(pieces, piece);
    }
    return pieces;
}

/* By suite, part and number: in this order the pieces of a suite become its parts. */
static int compare_places(const void *a, const void *b)
{
    const TpsPiece *x = *(const TpsPiece *const *)a;
    const TpsPiece *y = *(const TpsPiece *const *)b;
    int order = strcmp(x->task->suite, y->task->suite);

    if (order)
        return order;
    if (x->task->part.index != y->task->part.index)
        return x->task->part.index < y->task->part.index ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

static void add_times(TpsTask *task, const TpsPiece *piece)
{
    task->weight_us = piece->wall_us;
    task->setup_us = CLAMP(piece->setup_us, 0, piece->wall_us);
    task->teardown_us = CLAMP(piece->teardown_us, 0, piece->wall_us - task->setup_us);
    task->execution_us = task->weight_us - task->setup_us - task->teardown_us;
}

static TpsTask *new_task(const TpsPiece *piece, TpsPart part, int64_t began_us)
{
    const GPtrArray *planned = planned_of(piece);
    TpsTask *task = tps_task_new(piece->task->suite, part);

    add_times(task, piece);
    task->testcases = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < planned->len; i++)
        g_ptr_array_add(task->testcases, g_strdup(g_ptr_array_index(planned, i)));
    task->n_testcases = planned->len;
    task->worker = piece->worker;
    task->start_us = piece->started_us - began_us;
    return task;
}

static void say_pieces(TpsPlanSuite *suite, const TpsPiece *piece, guint n, int first)
{
    g_autofree char *label = tps_part_label(piece->task->suite, piece->task->part);

    if (n > 1)
        g_ptr_array_add(suite->notes,
                        g_strdup_printf("%s of the plan was executed in %u pieces, parts %d to %d",
                                        label, n, first, first + (int)n - 1));
}

/* One suite, and its tasks by piece; `pieces` are its own, in the order of their places. */
static void add_suite(TpsPlan *executed, TpsPiece *const *pieces, guint n, int64_t began_us,
                      GHashTable *tasks)
{
    TpsPlanSuite *suite = tps_plan_suite_new(pieces[0]->task->suite);
    guint first = 0;

    suite->parts = (int)n;
    suite->evidence = TPS_EVIDENCE_MEASURED;
    for (guint i = 0; i < n; i++) {
        TpsTask *task = new_task(pieces[i], (TpsPart){.index = (int)i, .count = (int)n}, began_us);

        g_hash_table_insert(tasks, pieces[i], task);
        suite->n_testcases += task->n_testcases;
        if (i + 1 == n || pieces[i + 1]->task != pieces[i]->task) {
            say_pieces(suite, pieces[i], i + 1 - first, (int)first);
            first = i + 1;
        }
    }
    suite->n_measured = suite->n_testcases;
    g_ptr_array_add(executed->suites, suite);
}

static void add_suites(TpsPlan *executed, const GPtrArray *pieces, int64_t began_us,
                       GHashTable *tasks)
{
    g_autoptr(GPtrArray) places = g_ptr_array_copy((GPtrArray *)pieces, NULL, NULL);

    g_ptr_array_sort(places, compare_places);
    for (guint first = 0, end = 0; first < places->len; first = end) {
        const TpsPiece *piece = g_ptr_array_index(places, first);

        while (end < places->len &&
               strcmp(((TpsPiece *)g_ptr_array_index(places, end))->task->suite,
                      piece->task->suite) == 0)
            end++;
        add_suite(executed, (TpsPiece *const *)places->pdata + first, end - first, began_us, tasks);
    }
}

static int compare_weights(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;

    return (x < y) - (x > y);
}

/* What a planner would say of these tasks now that all is known. */
static void add_bounds(TpsPlan *executed)
{
    guint n = executed->tasks->len;
    g_autofree int64_t *weight_us = g_new(int64_t, n);

    for (guint i = 0; i < n; i++)
        weight_us[i] = ((const TpsTask *)g_ptr_array_index(executed->tasks, i))->weight_us;
    qsort(weight_us, n, sizeof *weight_us, compare_weights);
    executed->target_us = MAX(executed->target_us, weight_us[0]);
    executed->size_lower_bound = tps_pool_size_lower_bound(weight_us, n, executed->target_us);
    executed->makespan_lower_bound_us = tps_makespan_lower_bound(weight_us, n, executed->size);
}

/* A testcase has its place in a plan once: what ran it again is only told. */
static void say_again(TpsPlan *executed, const TpsQueue *queue)
{
    const GPtrArray *started = tps_queue_started(queue);

    for (guint i = 0; i < started->len; i++) {
        const TpsPiece *piece = g_ptr_array_index(started, i);
        TpsPlanSuite *suite = tps_plan_find_suite(executed, piece->task->suite);
        g_autofree char *label = tps_part_label(piece->task->suite, piece->task->part);

        if (suite && piece->attempt > 1 && piece->settled && planned_of(piece)->len > 0)
            g_ptr_array_add(suite->notes,
                            g_strdup_printf("run again of %s, attempt %d by worker %d: %u "
                                            "testcases",
                                            label, piece->attempt, piece->worker,
                                            planned_of(piece)->len));
        else if (suite && piece->replaced)
            g_ptr_array_add(suite->notes,
                            g_strdup_printf("worker %d died of %s, and it was run again",
                                            piece->worker, label));
    }
}

static void say_what_is_missing(TpsPlan *executed, const TpsPlan *plan)
{
    guint n_planned = 0;
    guint n_executed = 0;

    for (guint i = 0; i < plan->suites->len; i++)
        n_planned += ((const TpsPlanSuite *)g_ptr_array_index(plan->suites, i))->n_testcases;
    for (guint i = 0; i < executed->suites->len; i++)
        n_executed += ((const TpsPlanSuite *)g_ptr_array_index(executed->suites, i))->n_testcases;
    g_ptr_array_add(executed->sources, g_strdup_printf("a run of plan %.12s", plan->id));
    if (n_executed < n_planned)
        g_ptr_array_add(executed->notes,
                        g_strdup_printf("%u of the %u testcases of the plan were executed",
                                        n_executed, n_planned));
}

static void add_tasks(TpsPlan *executed, const GPtrArray *pieces, int64_t began_us)
{
    g_autoptr(GHashTable) tasks = g_hash_table_new(g_direct_hash, g_direct_equal);

    add_suites(executed, pieces, began_us, tasks);
    for (guint i = 0; i < pieces->len; i++) {
        const TpsPiece *piece = g_ptr_array_index(pieces, i);

        g_ptr_array_add(executed->tasks, g_hash_table_lookup(tasks, piece));
        executed->makespan_us = MAX(executed->makespan_us, piece->ended_us - began_us);
    }
}

/* So that it can be executed again. */
static void copy_needs(TpsPlan *executed, const TpsPlan *plan)
{
    executed->memory_bytes = plan->memory_bytes;
    g_array_unref(executed->resources);
    executed->resources = tps_resources_copy(plan->resources);
    for (guint i = 0; i < executed->suites->len; i++) {
        TpsPlanSuite *suite = g_ptr_array_index(executed->suites, i);
        const TpsPlanSuite *planned = tps_plan_find_suite(plan, suite->name);

        suite->needs = planned ? tps_needs_copy(planned->needs) : NULL;
    }
}

TpsPlan *tps_executed_plan(const TpsPlan *plan, const TpsQueue *queue)
{
    g_autoptr(GPtrArray) pieces = pieces_that_ran(queue);
    g_autoptr(TpsPlan) executed = NULL;

    if (pieces->len == 0)
        return NULL;
    executed = tps_plan_new();
    executed->name = g_strdup(plan->name);
    executed->executed = g_strdup(plan->id);
    executed->filter = tps_filter_copy(plan->filter);
    executed->target_us = plan->target_us;
    executed->limit_us = plan->limit_us;
    executed->size = tps_queue_size(queue);
    add_tasks(executed, pieces, ((TpsPiece *)g_ptr_array_index(pieces, 0))->started_us);
    add_bounds(executed);
    say_again(executed, queue);
    copy_needs(executed, plan);
    say_what_is_missing(executed, plan);
    tps_plan_seal(executed);
    return g_steal_pointer(&executed);
}
