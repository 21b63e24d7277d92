/* SPDX-License-Identifier: MIT */
#include "scheduler/forward.h"
#include "scheduler/run_internal.h"
#include "scheduler/shuffle.h"

/*
 * What is wanted soon is asked of the run that stands in the report directory, before that makes
 * room. Where tasks wait for what others hold, the plan's order is kept: that it is not lengthened
 * could not be said. Caller frees.
 */
static size_t *failed_first(const TpsRunRequest *request)
{
    const GPtrArray *tasks = request->todo->tasks;
    g_autoptr(TpsPlanNeeds) needs = tps_plan_needs_new(request->scope, request->memory_bytes);
    g_autofree bool *wanted = tps_forward_wanted(request->todo, request->report_dir);
    g_autofree int64_t *weight_us = g_new0(int64_t, MAX(tasks->len, 1));
    size_t *order = g_new(size_t, MAX(tasks->len, 1));
    bool any_needs = false;

    for (guint i = 0; i < tasks->len; i++) {
        const TpsTask *task = g_ptr_array_index(tasks, i);

        weight_us[i] = task->weight_us;
        any_needs |= tps_plan_needs_find(needs, task->suite) != NULL;
    }
    for (guint i = 0; i < tasks->len; i++)
        wanted[i] &= !any_needs;
    tps_forward_order(weight_us, wanted, tasks->len, request->size, order);
    return order;
}

/* As the plan starts them, or shuffled. Caller frees. */
static size_t *starting_order(const TpsRunRequest *request)
{
    size_t n = request->todo->tasks->len;
    size_t *order;

    if (request->policy.failed_first)
        return failed_first(request);
    order = g_new(size_t, MAX(n, 1));

    if (request->policy.shuffles) {
        tps_shuffle(request->policy.seed, order, n);
        return order;
    }
    for (size_t i = 0; i < n; i++)
        order[i] = i;
    return order;
}

void tps_run_bring_into_order(const TpsRunRequest *request, GPtrArray *works)
{
    g_autofree size_t *order = starting_order(request);
    g_autofree void **planned = g_memdup2(works->pdata, works->len * sizeof *works->pdata);

    for (guint i = 0; i < works->len; i++)
        works->pdata[i] = planned[order[i]];
}
