/* SPDX-License-Identifier: MIT */
#include "scheduler/locate.h"

#include "core/error.h"
#include "core/nearest.h"
#include "core/saturate.h"

#include <string.h>

static const char *const reason_names[] = {
    [TPS_PARTS_FIT] = "fits",
    [TPS_PARTS_DECLARED] = "declared",
    [TPS_PARTS_WEIGHT] = "weight",
    [TPS_PARTS_ONE_UNIT] = "one-unit",
    [TPS_PARTS_SETUP_TOO_LONG] = "setup-too-long",
    [TPS_PARTS_LIMIT] = "limit",
    [TPS_PARTS_FINER] = "finer",
    [TPS_PARTS_WHOLE] = "whole",
};

const char *tps_parts_reason_name(TpsPartsReason reason)
{
    return reason_names[reason];
}

/* Those before it in its task take their time, after the setup. */
static void add_time(TpsPlace *place, TpsTimes *times, const char *id)
{
    int64_t start_us = tps_add_sat(place->task->start_us, place->task->setup_us);

    place->timed = tps_times_find(times, place->task->suite, id, &place->time);
    for (guint i = 0; place->timed && i < place->position; i++)
        start_us =
            tps_add_sat(start_us, tps_times_expected(times, place->task->suite,
                                                     g_ptr_array_index(place->task->testcases, i)));
    place->start_us = start_us;
}

static int compare_places(const void *a, const void *b)
{
    return strcmp(((const TpsPlace *)a)->suite->name, ((const TpsPlace *)b)->suite->name);
}

GArray *tps_locate_testcase(const TpsPlan *plan, TpsTimes *times, const char *id)
{
    GArray *places = g_array_new(FALSE, TRUE, sizeof(TpsPlace));

    for (guint i = 0; i < plan->tasks->len; i++) {
        TpsPlace place = {.task = g_ptr_array_index(plan->tasks, i)};
        const GPtrArray *testcases = place.task->testcases;

        for (guint j = 0; testcases && j < testcases->len; j++) {
            if (strcmp(g_ptr_array_index(testcases, j), id) != 0)
                continue;
            place.suite = tps_plan_find_suite(plan, place.task->suite);
            place.position = j;
            if (times)
                add_time(&place, times, id);
            g_array_append_val(places, place);
        }
    }
    g_array_sort(places, compare_places);
    return places;
}

static TpsPartsReason reason_of(const TpsSuiteView *view, TpsTimes *times)
{
    const TpsPlanInput *input = times ? tps_times_input(times, view->suite->name) : NULL;
    int64_t overhead_us = tps_add_sat(view->sums.setup_us, view->sums.teardown_us);
    int64_t longest_us;

    if (input && input->declared && input->declared->parts != TPS_AUTO)
        return TPS_PARTS_DECLARED;
    if (view->suite->evidence == TPS_EVIDENCE_WEIGHT)
        return TPS_PARTS_WEIGHT;
    if (view->sums.parts > 1)
        return view->sums.parts > view->needed ? TPS_PARTS_FINER : TPS_PARTS_LIMIT;
    if (tps_add_sat(view->sums.execution_us, overhead_us) <= view->limit_us)
        return TPS_PARTS_FIT;
    if (view->suite->n_testcases == 1 ||
        tps_times_units(times, view->suite->name, &longest_us) == 1)
        return TPS_PARTS_ONE_UNIT;
    return overhead_us >= view->limit_us ? TPS_PARTS_SETUP_TOO_LONG : TPS_PARTS_WHOLE;
}

static int needed_parts(const TpsSuiteView *view)
{
    int64_t room_us = view->limit_us - tps_add_sat(view->sums.setup_us, view->sums.teardown_us);
    int64_t n;

    if (room_us <= 0)
        return 1;
    n = view->sums.execution_us / room_us + (view->sums.execution_us % room_us != 0);
    return (int)CLAMP(n, 1, G_MAXINT);
}

static int by_part(const void *a, const void *b)
{
    return (*(const TpsTask *const *)a)->part.index - (*(const TpsTask *const *)b)->part.index;
}

static GPtrArray *tasks_of(const TpsPlan *plan, const char *suite)
{
    GPtrArray *tasks = g_ptr_array_new();

    for (guint i = 0; i < plan->tasks->len; i++) {
        TpsTask *task = g_ptr_array_index(plan->tasks, i);

        if (strcmp(task->suite, suite) == 0)
            g_ptr_array_add(tasks, task);
    }
    g_ptr_array_sort(tasks, by_part);
    return tasks;
}

TpsSuiteView *tps_locate_suite(const TpsPlan *plan, TpsTimes *times, const char *name)
{
    const TpsPlanSuite *suite = tps_plan_find_suite(plan, name);
    g_autoptr(GArray) sums = NULL;
    TpsSuiteView *view;

    if (!suite)
        return NULL;
    view = g_new0(TpsSuiteView, 1);
    sums = tps_suite_sums(plan);
    for (guint i = 0; i < sums->len; i++)
        if (strcmp(g_array_index(sums, TpsSuiteSums, i).name, name) == 0)
            view->sums = g_array_index(sums, TpsSuiteSums, i);
    view->suite = suite;
    view->limit_us = MIN(plan->limit_us, plan->target_us);
    view->needed = needed_parts(view);
    view->tasks = tasks_of(plan, name);
    view->reason = reason_of(view, times);
    return view;
}

void tps_suite_view_free(TpsSuiteView *view)
{
    if (!view)
        return;
    g_ptr_array_unref(view->tasks);
    g_free(view);
}

/* A slip of the hand in a short name, where no stretch of it is left to be found. */
static void add_slip(GPtrArray *nearest, const char *name, GPtrArray *all)
{
    const char *meant;

    g_ptr_array_add(all, NULL);
    meant = tps_nearest_word(name, (const char *const *)all->pdata);
    if (meant)
        g_ptr_array_add(nearest, (gpointer)meant);
}

GPtrArray *tps_locate_nearest(const TpsPlan *plan, const char *name, guint max)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new();
    GPtrArray *nearest;

    for (guint i = 0; i < plan->suites->len; i++)
        g_ptr_array_add(all, ((TpsPlanSuite *)g_ptr_array_index(plan->suites, i))->name);
    for (guint i = 0; i < plan->tasks->len; i++) {
        const TpsTask *task = g_ptr_array_index(plan->tasks, i);

        for (guint j = 0; task->testcases && j < task->testcases->len; j++)
            g_ptr_array_add(all, g_ptr_array_index(task->testcases, j));
    }
    nearest = tps_nearest_names(name, (const char *const *)all->pdata, all->len, max);
    if (nearest->len == 0)
        add_slip(nearest, name, all);
    return nearest;
}
