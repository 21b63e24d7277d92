/* SPDX-License-Identifier: MIT */
#include "scheduler/scenario.h"

#include "core/saturate.h"
#include "scheduler/pool_size.h"

#include <string.h>

static void add_task(TpsSuiteSums *sums, const TpsTask *task)
{
    sums->parts++;
    sums->execution_us = tps_add_sat(sums->execution_us, task->execution_us);
    sums->setup_us = MAX(sums->setup_us, task->setup_us);
    sums->teardown_us = MAX(sums->teardown_us, task->teardown_us);
    sums->heaviest_us = MAX(sums->heaviest_us, task->weight_us);
}

GArray *tps_suite_sums(const TpsPlan *plan)
{
    GArray *all = g_array_new(FALSE, TRUE, sizeof(TpsSuiteSums));
    g_autoptr(GHashTable) index = g_hash_table_new(g_str_hash, g_str_equal);

    g_array_set_size(all, plan->suites->len);
    for (guint i = 0; i < plan->suites->len; i++) {
        const TpsPlanSuite *suite = g_ptr_array_index(plan->suites, i);

        g_array_index(all, TpsSuiteSums, i).name = suite->name;
        g_hash_table_insert(index, suite->name, GUINT_TO_POINTER(i));
    }
    for (guint i = 0; i < plan->tasks->len; i++) {
        const TpsTask *task = g_ptr_array_index(plan->tasks, i);
        guint at = GPOINTER_TO_UINT(g_hash_table_lookup(index, task->suite));

        add_task(&g_array_index(all, TpsSuiteSums, at), task);
    }
    return all;
}

static int heaviest_first(const void *a, const void *b)
{
    const int64_t one = *(const int64_t *)a, two = *(const int64_t *)b;

    return one < two ? 1 : one > two ? -1 : 0;
}

/* More workers than tasks change nothing, and a plan file may ask for a thousand million. */
static int64_t simulate(GArray *weights, int size)
{
    size = (int)MIN((guint)size, MAX(weights->len, 1));
    g_array_sort(weights, heaviest_first);
    return tps_pool_simulate((const int64_t *)(void *)weights->data, weights->len, size, NULL, NULL,
                             NULL);
}

/* The weights of all tasks but those of one suite and one task; NULL = none. */
static GArray *weights_without(const TpsPlan *plan, const char *suite, const TpsTask *without)
{
    GArray *weights = g_array_sized_new(FALSE, FALSE, sizeof(int64_t), plan->tasks->len + 1);

    for (guint i = 0; i < plan->tasks->len; i++) {
        const TpsTask *task = g_ptr_array_index(plan->tasks, i);

        if (task != without && (!suite || strcmp(task->suite, suite) != 0))
            g_array_append_val(weights, task->weight_us);
    }
    return weights;
}

/* Equal parts, unless one unit is longer than that: it has a part of its own. */
static void add_parts(GArray *weights, int64_t execution_us, int64_t overhead_us, int n_parts,
                      int64_t longest_us)
{
    for (int left = n_parts; left > 0; left--) {
        int64_t share_us = execution_us / left + (execution_us % left != 0);
        int64_t weight_us;

        if (left == n_parts)
            share_us = MIN(MAX(share_us, longest_us), execution_us);
        execution_us -= share_us;
        weight_us = tps_add_sat(share_us, overhead_us);
        g_array_append_val(weights, weight_us);
    }
}

int64_t tps_scenario_size(const TpsPlan *plan, int size)
{
    g_autoptr(GArray) weights = weights_without(plan, NULL, NULL);

    return simulate(weights, size);
}

int64_t tps_scenario_parts(const TpsPlan *plan, const TpsSuiteSums *suite, int n_parts,
                           int64_t longest_unit_us)
{
    g_autoptr(GArray) weights = weights_without(plan, suite->name, NULL);

    add_parts(weights, suite->execution_us, tps_add_sat(suite->setup_us, suite->teardown_us),
              n_parts, longest_unit_us);
    return simulate(weights, plan->size);
}

int64_t tps_scenario_half_setup(const TpsPlan *plan, const TpsSuiteSums *suite)
{
    g_autoptr(GArray) weights = weights_without(plan, suite->name, NULL);

    for (guint i = 0; i < plan->tasks->len; i++) {
        const TpsTask *task = g_ptr_array_index(plan->tasks, i);
        int64_t weight_us = task->weight_us - MIN(task->setup_us / 2, task->weight_us);

        if (strcmp(task->suite, suite->name) == 0)
            g_array_append_val(weights, weight_us);
    }
    return simulate(weights, plan->size);
}

int64_t tps_scenario_cut(const TpsPlan *plan, const TpsTask *task, int64_t longest_unit_us)
{
    g_autoptr(GArray) weights = weights_without(plan, NULL, task);

    add_parts(weights, task->execution_us, tps_add_sat(task->setup_us, task->teardown_us), 2,
              longest_unit_us);
    return simulate(weights, plan->size);
}
