/* SPDX-License-Identifier: MIT */
#include "scheduler/plan_needs.h"

#include "core/notes.h"

#include <string.h>

static const TpsPlanSuite *suite_at(const TpsPlan *plan, guint i)
{
    return g_ptr_array_index(plan->suites, i);
}

static bool has_needs(const TpsPlan *plan)
{
    for (guint i = 0; i < plan->suites->len; i++)
        if (!tps_needs_are_trivial(suite_at(plan, i)->needs))
            return true;
    return false;
}

TpsPlanNeeds *tps_plan_needs_new(const TpsPlan *plan, int64_t memory_bytes)
{
    TpsPlanNeeds *needs;

    if (!has_needs(plan))
        return NULL;
    needs = g_new0(TpsPlanNeeds, 1);
    needs->plan = plan;
    needs->stock = tps_stock_new(plan->resources, memory_bytes);
    needs->claims = g_new0(const TpsClaim *, plan->suites->len);
    for (guint i = 0; i < plan->suites->len; i++)
        needs->claims[i] = tps_stock_claim(needs->stock, suite_at(plan, i)->needs);
    return needs;
}

TpsPlanNeeds *tps_plan_needs_foreseen(const TpsPlan *plan)
{
    return plan->is_sharded ? NULL : tps_plan_needs_new(plan, plan->memory_bytes);
}

void tps_plan_needs_free(TpsPlanNeeds *needs)
{
    if (!needs)
        return;
    g_free(needs->claims);
    tps_stock_free(needs->stock);
    g_free(needs);
}

const TpsClaim *tps_plan_needs_find(const TpsPlanNeeds *needs, const char *suite)
{
    guint low = 0;
    guint high = needs ? needs->plan->suites->len : 0;

    while (low < high) {
        guint middle = low + (high - low) / 2;
        int order = strcmp(suite, suite_at(needs->plan, middle)->name);

        if (order == 0)
            return needs->claims[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

GArray *tps_plan_needs_loads(const TpsPlanNeeds *needs)
{
    GArray *loads = g_array_new(FALSE, FALSE, sizeof(TpsLoad));

    for (guint i = 0; i < needs->plan->tasks->len; i++) {
        const TpsTask *task = g_ptr_array_index(needs->plan->tasks, i);
        TpsLoad load = {.weight_us = task->weight_us,
                        .claim = tps_plan_needs_find(needs, task->suite)};

        g_array_append_val(loads, load);
    }
    return loads;
}

TpsLoads tps_loads_of(const TpsPlanNeeds *needs, const GArray *loads)
{
    return (TpsLoads){.stock = needs->stock,
                      .loads = (const TpsLoad *)(const void *)loads->data,
                      .n = loads->len};
}

int tps_loads_most_workers(const TpsLoads *loads)
{
    int64_t most = 0;

    for (size_t i = 0; i < loads->n; i++)
        most += loads->loads[i].claim ? loads->loads[i].claim->slots : 1;
    return (int)CLAMP(most, 1, TPS_RESOURCE_MAX);
}

static void say_slots(TpsPlan *plan)
{
    for (guint i = 0; i < plan->suites->len; i++) {
        const TpsPlanSuite *suite = suite_at(plan, i);

        if (suite->needs && suite->needs->slots > plan->size)
            tps_note(suite->notes, "it wants %d workers, and there %s %d: its tasks run alone",
                     suite->needs->slots, plan->size == 1 ? "is" : "are", plan->size);
    }
}

static void say_memory(TpsPlan *plan)
{
    for (guint i = 0; plan->memory_bytes > 0 && i < plan->suites->len; i++) {
        const TpsPlanSuite *suite = suite_at(plan, i);

        if (suite->needs && suite->needs->memory_bytes > plan->memory_bytes)
            tps_note(suite->notes, "it wants more memory than there is: its tasks run alone");
    }
}

static bool wants_lock(const TpsPlan *plan, const TpsTask *task, const char *lock)
{
    const TpsPlanSuite *suite = tps_plan_find_suite(plan, task->suite);

    return suite->needs && g_strv_contains((const char *const *)suite->needs->locks, lock);
}

/* How many shards have a task that wants it. */
static int count_shards(const TpsPlan *plan, const char *lock)
{
    g_autofree bool *wants = g_new0(bool, (gsize)plan->size);
    int n = 0;

    for (guint i = 0; i < plan->tasks->len; i++) {
        const TpsTask *task = g_ptr_array_index(plan->tasks, i);

        if (!wants[task->worker] && wants_lock(plan, task, lock)) {
            wants[task->worker] = true;
            n++;
        }
    }
    return n;
}

/* Each lock once, in the order in which suites name them. */
static void say_shards(TpsPlan *plan)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < plan->suites->len; i++) {
        const TpsNeeds *needs = suite_at(plan, i)->needs;

        for (char **lock = needs ? needs->locks : NULL; lock && *lock; lock++) {
            int n = g_hash_table_add(seen, *lock) ? count_shards(plan, *lock) : 0;

            if (n > 1)
                tps_note(plan->notes,
                         "tasks of %d shards want lock '%s', which holds within one machine only",
                         n, *lock);
        }
    }
}

void tps_plan_needs_say(TpsPlan *plan)
{
    if (plan->is_sharded) {
        say_shards(plan);
        return;
    }
    say_slots(plan);
    say_memory(plan);
}
