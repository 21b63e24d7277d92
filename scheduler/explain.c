/* SPDX-License-Identifier: MIT */
#include "scheduler/explain.h"

#include "core/saturate.h"
#include "scheduler/explain_internal.h"
#include "scheduler/plan_needs.h"

#include <string.h>

static const char *const binding_names[] = {
    [TPS_BINDS_LONGEST] = "longest", [TPS_BINDS_MEAN] = "mean",   [TPS_BINDS_K_TASKS] = "k-tasks",
    [TPS_BINDS_NEEDS] = "needs",     [TPS_BINDS_OTHER] = "other",
};

const char *tps_binding_name(TpsBinding binding)
{
    return binding_names[binding];
}

static int heaviest_first(const void *a, const void *b)
{
    const TpsTask *one = *(const TpsTask *const *)a, *two = *(const TpsTask *const *)b;

    return tps_task_compare(one, two);
}

static GPtrArray *tasks_by_weight(const TpsPlan *plan)
{
    GPtrArray *tasks = g_ptr_array_sized_new(plan->tasks->len);

    for (guint i = 0; i < plan->tasks->len; i++)
        g_ptr_array_add(tasks, g_ptr_array_index(plan->tasks, i));
    g_ptr_array_sort(tasks, heaviest_first);
    return tasks;
}

/* sum[i]: the weights of the i heaviest. Caller frees. */
static int64_t *prefix_sums(const GPtrArray *tasks)
{
    int64_t *sum = g_new(int64_t, tasks->len + 1);

    sum[0] = 0;
    for (guint i = 0; i < tasks->len; i++)
        sum[i + 1] = tps_add_sat(sum[i], ((const TpsTask *)g_ptr_array_index(tasks, i))->weight_us);
    return sum;
}

/* For every k: of the k * m + 1 heaviest some worker takes k + 1, the lightest at best. */
static void find_k(TpsFloor *floor, const int64_t *sum, guint n, guint m)
{
    for (guint64 k = 1; k * m < n; k++) {
        int64_t least_us = sum[k * m + 1] - sum[k * (m - 1)];

        if (least_us <= floor->k_tasks_us)
            continue;
        floor->k_tasks_us = least_us;
        floor->k = (int)k;
    }
}

/* The weakest reason that suffices is the easiest to do something about. */
static TpsBinding binding_of(const TpsFloor *floor)
{
    int64_t strongest = MAX(MAX(floor->longest_us, floor->mean_us), floor->k_tasks_us);

    if (floor->bound_us > strongest)
        return floor->needed && floor->needs_us >= floor->bound_us ? TPS_BINDS_NEEDS
                                                                   : TPS_BINDS_OTHER;
    if (floor->longest_us == strongest)
        return TPS_BINDS_LONGEST;
    return floor->mean_us == strongest ? TPS_BINDS_MEAN : TPS_BINDS_K_TASKS;
}

static void find_needs(TpsFloor *floor, const TpsPlan *plan)
{
    g_autoptr(TpsPlanNeeds) needs = tps_plan_needs_foreseen(plan);
    g_autoptr(GArray) array = needs ? tps_plan_needs_loads(needs) : NULL;
    TpsLoadsBound bound;
    TpsLoads loads;

    if (!needs)
        return;
    loads = tps_loads_of(needs, array);
    bound = tps_loads_bound(&loads, plan->size);
    floor->needs_us = bound.us;
    floor->needed = bound.what;
}

static int64_t cut_gain(const TpsPlan *plan, const TpsTask *task, TpsTimes *times)
{
    const TpsPlanSuite *suite = tps_plan_find_suite(plan, task->suite);
    int64_t longest_us;
    int64_t gain_us;

    if (task->n_testcases < 2 || (suite && suite->evidence == TPS_EVIDENCE_WEIGHT))
        return 0;
    tps_times_units(times, task->suite, &longest_us);
    gain_us = MIN(plan->makespan_us, tps_scenario_size(plan, plan->size)) -
              tps_scenario_cut(plan, task, longest_us);
    return gain_us >= tps_noise_us(plan) ? gain_us : 0;
}

static TpsFloor find_floor(const TpsPlan *plan, TpsTimes *times)
{
    g_autoptr(GPtrArray) tasks = tasks_by_weight(plan);
    g_autofree int64_t *sum = prefix_sums(tasks);
    const TpsTask *longest = g_ptr_array_index(tasks, 0);
    int64_t all_us = sum[tasks->len];
    TpsFloor floor = {
        .bound_us = plan->makespan_lower_bound_us,
        .longest = longest,
        .longest_us = longest->weight_us,
        .mean_us = all_us / plan->size + (all_us % plan->size != 0),
        .cut_gain_us = cut_gain(plan, longest, times),
    };

    find_k(&floor, sum, tasks->len, (guint)plan->size);
    find_needs(&floor, plan);
    floor.binding = binding_of(&floor);
    return floor;
}

static int64_t end_of(const TpsTask *task)
{
    return tps_add_sat(task->start_us, task->weight_us);
}

static int find_last_worker(const TpsPlan *plan)
{
    const TpsTask *last = g_ptr_array_index(plan->tasks, 0);

    for (guint i = 1; i < plan->tasks->len; i++) {
        const TpsTask *task = g_ptr_array_index(plan->tasks, i);

        if (end_of(task) > end_of(last) ||
            (end_of(task) == end_of(last) && task->worker < last->worker))
            last = task;
    }
    return last->worker;
}

static int compare_steps(const void *a, const void *b)
{
    const TpsTask *one = ((const TpsPathStep *)a)->task, *two = ((const TpsPathStep *)b)->task;

    if (one->start_us != two->start_us)
        return one->start_us < two->start_us ? -1 : 1;
    if (one->weight_us != two->weight_us) /* what takes no time is over before the next begins */
        return one->weight_us < two->weight_us ? -1 : 1;
    return tps_task_compare(one, two);
}

static GArray *find_path(const TpsPlan *plan, int worker)
{
    GArray *path = g_array_new(FALSE, TRUE, sizeof(TpsPathStep));
    int64_t free_us = 0;

    for (guint i = 0; i < plan->tasks->len; i++) {
        TpsPathStep step = {.task = g_ptr_array_index(plan->tasks, i)};

        if (step.task->worker == worker)
            g_array_append_val(path, step);
    }
    g_array_sort(path, compare_steps);
    for (guint i = 0; i < path->len; i++) {
        TpsPathStep *step = &g_array_index(path, TpsPathStep, i);

        step->idle_us = MAX(step->task->start_us - free_us, 0);
        free_us = MAX(free_us, end_of(step->task));
    }
    return path;
}

static int64_t overhead_of(const TpsSuiteSums *sums)
{
    return tps_add_sat(sums->setup_us, sums->teardown_us);
}

static int64_t extra_of(const TpsSuiteSums *sums)
{
    int64_t extra;

    return __builtin_mul_overflow(overhead_of(sums), sums->parts - 1, &extra) ? INT64_MAX : extra;
}

static int most_extra_first(const void *a, const void *b)
{
    const TpsSuiteSums *one = a, *two = b;
    int64_t extra_one = extra_of(one), extra_two = extra_of(two);

    if (extra_one != extra_two)
        return extra_one > extra_two ? -1 : 1;
    return strcmp(one->name, two->name);
}

/* Fewer could not keep the limit, even if they were equal. */
static int parts_for_limit(const TpsPlan *plan, const TpsSuiteSums *sums)
{
    int64_t room_us = MIN(plan->limit_us, plan->target_us) - overhead_of(sums);
    int64_t n;

    if (room_us <= 0)
        return 1;
    n = sums->execution_us / room_us + (sums->execution_us % room_us != 0);
    return (int)CLAMP(n, 1, sums->parts);
}

static int fewest_parts(const TpsPlan *plan, const TpsSuiteSums *sums, int64_t longest_us,
                        int64_t now_us)
{
    int low = parts_for_limit(plan, sums);
    int high = sums->parts;

    while (low < high) {
        int middle = low + (high - low) / 2;

        if (tps_scenario_parts(plan, sums, middle, longest_us) <= now_us)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static GArray *find_overheads(const TpsPlan *plan, const GArray *all, TpsTimes *times)
{
    GArray *overheads = g_array_new(FALSE, FALSE, sizeof(TpsOverhead));
    g_autoptr(GArray) sums = g_array_copy((GArray *)all);
    int64_t now_us = tps_scenario_size(plan, plan->size);

    g_array_sort(sums, most_extra_first);
    for (guint i = 0; i < sums->len && i < TPS_SUITES_TRIED; i++) {
        const TpsSuiteSums *suite = &g_array_index(sums, TpsSuiteSums, i);
        TpsOverhead found = {.suite = suite->name, .parts = suite->parts};
        int64_t longest_us;

        found.extra_us = extra_of(suite);
        if (found.extra_us == 0)
            break;
        tps_times_units(times, suite->name, &longest_us);
        found.saves_us = tps_scenario_parts(plan, suite, 1, longest_us) - now_us;
        found.enough = fewest_parts(plan, suite, longest_us, now_us);
        if (found.extra_us > found.saves_us || found.enough < found.parts)
            g_array_append_val(overheads, found);
    }
    return overheads;
}

TpsExplanation *tps_explain(const TpsPlan *plan, TpsTimes *times)
{
    TpsExplanation *explanation = g_new0(TpsExplanation, 1);
    g_autoptr(GArray) sums = tps_suite_sums(plan);

    explanation->floor = find_floor(plan, times);
    explanation->last_worker = find_last_worker(plan);
    explanation->path = find_path(plan, explanation->last_worker);
    explanation->overheads = find_overheads(plan, sums, times);
    explanation->advice = tps_advise(plan, sums, times);
    return explanation;
}

void tps_explanation_free(TpsExplanation *explanation)
{
    if (!explanation)
        return;
    g_free(explanation->floor.needed);
    g_array_unref(explanation->path);
    g_array_unref(explanation->overheads);
    g_array_unref(explanation->advice);
    g_free(explanation);
}
