/* SPDX-License-Identifier: MIT */
#include "scheduler/shards.h"

#include "core/duration.h"
#include "core/notes.h"
#include "core/saturate.h"
#include "formats/plan_json.h"

static int least_cap(int a, int b)
{
    return a && b ? MIN(a, b) : MAX(a, b);
}

/* Is there room for what the testcases alone take? */
static bool have_room(const TpsPlan *plan, int size, int64_t target_us)
{
    int64_t total_us = 0;

    for (guint i = 0; i < plan->tasks->len; i++)
        total_us = tps_add_sat(total_us,
                               ((const TpsTask *)g_ptr_array_index(plan->tasks, i))->execution_us);
    return total_us / size <= target_us;
}

/*
 * Fewer nodes may do where the planner, which looks at some ways to cut only, saw none: of 6000
 * random projects in one.
 */
static bool tighten(TpsPlan **plan, const TpsPlanRequest *request, GError **error)
{
    while ((*plan)->size > 1 && (*plan)->makespan_us <= request->target_us &&
           have_room(*plan, (*plan)->size - 1, request->target_us)) {
        TpsPlanRequest fewer = *request;
        g_autoptr(TpsPlan) smaller = NULL;

        fewer.size = (*plan)->size - 1;
        smaller = tps_plan_make(&fewer, error);
        if (!smaller)
            return false;
        if (smaller->makespan_us > request->target_us)
            return true;
        smaller->size_reason = TPS_SIZE_TARGET;
        tps_plan_free(*plan);
        *plan = g_steal_pointer(&smaller);
    }
    return true;
}

static void say_startup(TpsPlan *plan, int64_t target_us, int64_t startup_us)
{
    g_autofree char *target = tps_duration_format(target_us);
    g_autofree char *startup = tps_duration_format(startup_us);
    g_autofree char *elapsed = tps_duration_format(tps_add_sat(plan->makespan_us, startup_us));

    if (tps_add_sat(plan->makespan_us, startup_us) <= target_us)
        tps_note(plan->notes, "with %s until a node is there it takes %s of the target of %s",
                 startup, elapsed, target);
    else
        tps_note(plan->notes,
                 "with %s until a node is there it takes %s: the target of %s can't "
                 "be met%s",
                 startup, elapsed, target,
                 startup_us >= target_us ? ", startup alone takes it" : "");
}

static TpsPlan *plan_auto(const TpsPlanRequest *request, const TpsShardTerms *terms, GError **error)
{
    const bool has_target = request->target_us != TPS_AUTO;
    TpsPlanRequest left = *request;
    g_autoptr(TpsPlan) plan = NULL;

    left.max_size = least_cap(request->max_size, least_cap(terms->n_slots, terms->max_shards));
    if (has_target)
        left.target_us = MAX(request->target_us - terms->startup_us, 1);
    plan = tps_plan_make(&left, error);
    if (!plan || (has_target && !request->confidence_ppm && !tighten(&plan, &left, error)))
        return NULL;
    if (has_target && terms->startup_us > 0)
        say_startup(plan, request->target_us, terms->startup_us);
    tps_plan_seal(plan); /* its notes and what it says of its size are new */
    return g_steal_pointer(&plan);
}

TpsPlan *tps_shards_plan(const TpsPlanRequest *request, const TpsShardTerms *terms, GError **error)
{
    TpsPlanRequest sharded = *request;

    sharded.is_sharded = true;
    return sharded.size == TPS_AUTO ? plan_auto(&sharded, terms, error)
                                    : tps_plan_make(&sharded, error);
}

static int compare_workers(const void *a, const void *b)
{
    const TpsTask *one = *(const TpsTask *const *)a, *two = *(const TpsTask *const *)b;

    if (one->worker != two->worker)
        return one->worker < two->worker ? -1 : 1;
    return (one->start_us > two->start_us) - (one->start_us < two->start_us);
}

static void add_task(TpsShard *shard, const TpsTask *task)
{
    const int64_t end_us = tps_add_sat(task->start_us, task->weight_us);

    shard->expected_us = MAX(shard->expected_us, end_us);
    shard->n_testcases += task->n_testcases;
    g_ptr_array_add(shard->parts, tps_part_label(task->suite, task->part));
}

TpsShards *tps_shards_of(const TpsPlan *plan)
{
    g_autoptr(GPtrArray) tasks = g_ptr_array_new();
    TpsShards *shards = tps_shards_new(plan->name);
    TpsShard *shard = NULL;

    g_free(shards->plan_id);
    shards->plan_id = g_strdup(plan->id);
    shards->size = plan->size;
    shards->expected_us = plan->makespan_us;
    g_ptr_array_extend(tasks, plan->tasks, NULL, NULL);
    g_ptr_array_sort(tasks, compare_workers); /* stable: GLib's is a merge sort */
    for (guint i = 0; i < tasks->len; i++) {
        const TpsTask *task = g_ptr_array_index(tasks, i);

        if (!shard || shard->number != task->worker + 1)
            shard = tps_shards_add(shards, task->worker + 1);
        add_task(shard, task);
    }
    return shards;
}
