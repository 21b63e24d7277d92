/* SPDX-License-Identifier: MIT */
#include "scheduler/scope.h"

#include "adapters/framework.h"
#include "core/error.h"
#include "scheduler/units.h"

#include <string.h>

static void add_along(GStrvBuilder *builder, const GPtrArray *listing, TpsUnit unit,
                      char **testcases)
{
    g_autofree bool *is_named = g_new(bool, MAX(listing->len, 1));
    g_autofree bool *is_taken = NULL;

    for (guint i = 0; i < listing->len; i++) {
        const TpsTestcase *testcase = g_ptr_array_index(listing, i);

        is_named[i] = g_strv_contains((const char *const *)testcases, testcase->id);
    }
    is_taken = g_memdup2(is_named, listing->len * sizeof *is_named);
    if (tps_units_take_along(listing, unit, is_taken) == 0)
        return;
    for (guint i = 0; i < listing->len; i++)
        if (is_taken[i] && !is_named[i])
            g_strv_builder_add(builder, ((TpsTestcase *)g_ptr_array_index(listing, i))->id);
}

char **tps_scope_whole_units(char **testcases, const TpsPlanFile *file, GHashTable *listings)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

    if (!testcases)
        return NULL;
    g_strv_builder_addv(builder, (const char **)testcases);
    for (guint i = 0; i < file->suites->len; i++) {
        const TpsSuite *suite = g_ptr_array_index(file->suites, i);
        const TpsFramework *framework = tps_framework_find(suite->framework);
        const GPtrArray *listing = g_hash_table_lookup(listings, suite->name);

        if (listing && framework)
            add_along(builder, listing, framework->finest_unit, testcases);
    }
    return g_strv_builder_end(builder);
}

static bool in_scope(const TpsTask *task, const TpsScope *scope)
{
    if (scope->shard && task->worker != scope->shard - 1)
        return false;
    if (scope->suite && strcmp(task->suite, scope->suite) != 0)
        return false;
    return !scope->part ||
           (task->part.index == scope->part->index && task->part.count == scope->part->count);
}

/* The testcases of `task` that are among `only`, with their times. */
static void copy_testcases(TpsTask *copy, const TpsTask *task, char **only)
{
    const guint n = task->testcases ? task->testcases->len : 0;

    copy->testcases = g_ptr_array_new_with_free_func(g_free);
    copy->expected_us = task->expected_us ? g_new(int64_t, MAX(n, 1)) : NULL;
    for (guint i = 0; i < n; i++) {
        const char *id = g_ptr_array_index(task->testcases, i);

        if (only && !g_strv_contains((const char *const *)only, id))
            continue;
        if (copy->expected_us)
            copy->expected_us[copy->testcases->len] = task->expected_us[i];
        g_ptr_array_add(copy->testcases, g_strdup(id));
    }
    copy->n_testcases = copy->testcases->len;
}

/* NULL when nothing of the task is in scope. */
static TpsTask *copy_task(const TpsTask *task, const TpsScope *scope)
{
    TpsTask *copy = tps_task_new(task->suite, task->part);
    g_autofree char *suite = copy->suite;

    *copy = *task;
    copy->suite = g_steal_pointer(&suite);
    copy->expected_us = NULL;
    if (!task->testcases && !scope->testcases)
        return copy;
    copy_testcases(copy, task, scope->testcases);
    if (copy->n_testcases == 0)
        g_clear_pointer(&copy, tps_task_free);
    return copy;
}

static TpsPlanSuite *copy_suite(const TpsPlanSuite *suite)
{
    TpsPlanSuite *copy = tps_plan_suite_new(suite->name);

    copy->parts = suite->parts;
    copy->evidence = suite->evidence;
    copy->n_testcases = suite->n_testcases;
    copy->n_measured = suite->n_measured;
    copy->n_guessed = suite->n_guessed;
    copy->needs = tps_needs_copy(suite->needs);
    return copy;
}

static bool check_scope(const TpsPlan *plan, const TpsScope *scope, GError **error)
{
    if (scope->shard > plan->size)
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "shard %d: the plan has only %d",
                    scope->shard, plan->size);
    else if (scope->suite && !tps_plan_find_suite(plan, scope->suite))
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "the plan has no suite '%s'", scope->suite);
    else if (scope->part && !tps_plan_find(plan, scope->suite, *scope->part))
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "suite '%s' has %d parts, not a part %d,%d",
                    scope->suite, tps_plan_find_suite(plan, scope->suite)->parts,
                    scope->part->index, scope->part->count);
    else
        return true;
    return false;
}

/* From the first start to the last end, as planned. */
static int64_t span_of(const GPtrArray *tasks)
{
    int64_t first_us = G_MAXINT64;
    int64_t last_us = 0;

    for (guint i = 0; i < tasks->len; i++) {
        const TpsTask *task = g_ptr_array_index(tasks, i);

        first_us = MIN(first_us, task->start_us);
        last_us = MAX(last_us, task->start_us + task->weight_us);
    }
    return tasks->len > 0 ? last_us - first_us : 0;
}

static bool holds_testcase(const TpsPlan *plan, const char *id)
{
    for (guint i = 0; i < plan->tasks->len; i++) {
        const TpsTask *task = g_ptr_array_index(plan->tasks, i);

        if (task->testcases &&
            g_ptr_array_find_with_equal_func(task->testcases, id, g_str_equal, NULL))
            return true;
    }
    return false;
}

/* Whoever names something wants it run. Only a shard may be empty: a pool may have idle workers. */
static bool check_found(const TpsPlan *plan, const TpsScope *scope, GError **error)
{
    for (char **id = scope->testcases; id && *id; id++) {
        if (holds_testcase(plan, *id))
            continue;
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "the plan has no testcase '%s' there", *id);
        return false;
    }
    if (plan->tasks->len > 0 || !scope->suite)
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "shard %d has nothing of suite '%s' to run",
                scope->shard, scope->suite);
    return false;
}

TpsPlan *tps_plan_restrict(const TpsPlan *plan, const TpsScope *scope, GError **error)
{
    g_autoptr(TpsPlan) copy = tps_plan_new();

    if (!check_scope(plan, scope, error))
        return NULL;
    copy->id = g_strdup(plan->id);
    copy->name = g_strdup(plan->name);
    copy->executed = g_strdup(plan->executed);
    copy->filter = tps_filter_copy(plan->filter);
    copy->target_us = plan->target_us;
    copy->limit_us = plan->limit_us;
    copy->size = plan->size;
    copy->memory_bytes = plan->memory_bytes;
    copy->is_sharded = plan->is_sharded;
    g_array_unref(copy->resources);
    copy->resources = tps_resources_copy(plan->resources);
    for (guint i = 0; i < plan->tasks->len; i++) {
        const TpsTask *task = g_ptr_array_index(plan->tasks, i);
        TpsTask *part = in_scope(task, scope) ? copy_task(task, scope) : NULL;

        if (part)
            g_ptr_array_add(copy->tasks, part);
    }
    copy->makespan_us = span_of(copy->tasks);
    for (guint i = 0; i < plan->suites->len; i++)
        g_ptr_array_add(copy->suites, copy_suite(g_ptr_array_index(plan->suites, i)));
    return check_found(copy, scope, error) ? g_steal_pointer(&copy) : NULL;
}
