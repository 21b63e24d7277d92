/* SPDX-License-Identifier: MIT */
#include "scheduler/scenario.h"

#include "core/saturate.h"
#include "scheduler/plan_needs.h"
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

/* The tasks of a scenario. */
typedef struct {
    TpsPlanNeeds *needs; /* NULL where no suite has any */
    GArray *loads;       /* of TpsLoad                  */
} Scenario;

static void scenario_clear(Scenario *scenario)
{
    tps_plan_needs_free(scenario->needs);
    g_array_unref(scenario->loads);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Scenario, scenario_clear)

static void add_load(Scenario *scenario, const char *suite, int64_t weight_us)
{
    TpsLoad load = {.weight_us = weight_us, .claim = tps_plan_needs_find(scenario->needs, suite)};

    g_array_append_val(scenario->loads, load);
}

static int heaviest_first(const void *a, const void *b)
{
    const TpsLoad *one = a, *two = b;

    return (one->weight_us < two->weight_us) - (one->weight_us > two->weight_us);
}

static int64_t simulate_plainly(const GArray *loads, int size)
{
    g_autofree int64_t *weight_us = g_new(int64_t, loads->len);

    for (guint i = 0; i < loads->len; i++)
        weight_us[i] = g_array_index(loads, TpsLoad, i).weight_us;
    return tps_pool_simulate(weight_us, loads->len, size, NULL, NULL, NULL);
}

/* More workers than tasks could occupy change nothing, and a plan file may ask for a thousand
 * million. */
static int64_t simulate(Scenario *scenario, int size)
{
    g_autofree size_t *order = NULL;
    TpsLoads loads;

    g_array_sort(scenario->loads, heaviest_first);
    if (!scenario->needs)
        return simulate_plainly(scenario->loads,
                                (int)MIN((guint)size, MAX(scenario->loads->len, 1)));
    loads = tps_loads_of(scenario->needs, scenario->loads);
    order = g_new(size_t, loads.n);
    return tps_loads_order(&loads, MIN(size, tps_loads_most_workers(&loads)), order);
}

/* All tasks but those of one suite and one task; NULL = none. */
static Scenario scenario_without(const TpsPlan *plan, const char *suite, const TpsTask *without)
{
    Scenario scenario = {.needs = tps_plan_needs_foreseen(plan),
                         .loads = g_array_new(FALSE, FALSE, sizeof(TpsLoad))};

    for (guint i = 0; i < plan->tasks->len; i++) {
        const TpsTask *task = g_ptr_array_index(plan->tasks, i);

        if (task != without && (!suite || strcmp(task->suite, suite) != 0))
            add_load(&scenario, task->suite, task->weight_us);
    }
    return scenario;
}

/* Equal parts, unless one unit is longer than that: it has a part of its own. */
static void add_parts(Scenario *scenario, const char *suite, int64_t execution_us,
                      int64_t overhead_us, int n_parts, int64_t longest_us)
{
    for (int left = n_parts; left > 0; left--) {
        int64_t share_us = execution_us / left + (execution_us % left != 0);

        if (left == n_parts)
            share_us = MIN(MAX(share_us, longest_us), execution_us);
        execution_us -= share_us;
        add_load(scenario, suite, tps_add_sat(share_us, overhead_us));
    }
}

int64_t tps_scenario_size(const TpsPlan *plan, int size)
{
    g_auto(Scenario) scenario = scenario_without(plan, NULL, NULL);

    return simulate(&scenario, size);
}

int64_t tps_scenario_parts(const TpsPlan *plan, const TpsSuiteSums *suite, int n_parts,
                           int64_t longest_unit_us)
{
    g_auto(Scenario) scenario = scenario_without(plan, suite->name, NULL);

    add_parts(&scenario, suite->name, suite->execution_us,
              tps_add_sat(suite->setup_us, suite->teardown_us), n_parts, longest_unit_us);
    return simulate(&scenario, plan->size);
}

int64_t tps_scenario_half_setup(const TpsPlan *plan, const TpsSuiteSums *suite)
{
    g_auto(Scenario) scenario = scenario_without(plan, suite->name, NULL);

    for (guint i = 0; i < plan->tasks->len; i++) {
        const TpsTask *task = g_ptr_array_index(plan->tasks, i);

        if (strcmp(task->suite, suite->name) == 0)
            add_load(&scenario, suite->name,
                     task->weight_us - MIN(task->setup_us / 2, task->weight_us));
    }
    return simulate(&scenario, plan->size);
}

int64_t tps_scenario_cut(const TpsPlan *plan, const TpsTask *task, int64_t longest_unit_us)
{
    g_auto(Scenario) scenario = scenario_without(plan, NULL, task);

    add_parts(&scenario, task->suite, task->execution_us,
              tps_add_sat(task->setup_us, task->teardown_us), 2, longest_unit_us);
    return simulate(&scenario, plan->size);
}
