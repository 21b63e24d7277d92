/* SPDX-License-Identifier: MIT */
#include "scheduler/diff.h"

#include <string.h>

/* Where a plan has a testcase. */
typedef struct {
    const char *id;
    const TpsTask *task;
} Place;

static const char *const kind_names[] = {
    [TPS_DIFF_ADDED] = "added",
    [TPS_DIFF_REMOVED] = "removed",
    [TPS_DIFF_CHANGED] = "changed",
};

const char *tps_diff_kind_name(TpsDiffKind kind)
{
    return kind_names[kind];
}

static int compare_places(const void *a, const void *b)
{
    const Place *one = a, *two = b;
    int order = strcmp(one->task->suite, two->task->suite);

    return order ? order : strcmp(one->id, two->id);
}

static void find_unnamed(const TpsPlan *plan, GHashTable *unnamed)
{
    for (guint i = 0; i < plan->tasks->len; i++) {
        const TpsTask *task = g_ptr_array_index(plan->tasks, i);

        if (!task->testcases)
            g_hash_table_add(unnamed, task->suite);
    }
}

/* All testcases that both plans could name, sorted. */
static GArray *places_of(const TpsPlan *plan, GHashTable *unnamed)
{
    GArray *places = g_array_new(FALSE, FALSE, sizeof(Place));

    for (guint i = 0; i < plan->tasks->len; i++) {
        const TpsTask *task = g_ptr_array_index(plan->tasks, i);

        if (g_hash_table_contains(unnamed, task->suite))
            continue;
        for (guint j = 0; j < task->testcases->len; j++) {
            Place place = {.id = g_ptr_array_index(task->testcases, j), .task = task};

            g_array_append_val(places, place);
        }
    }
    g_array_sort(places, compare_places);
    return places;
}

static void add_testcase(TpsPlanDiff *diff, TpsDiffKind kind, const Place *place,
                         const TpsTask *from, const TpsTask *to)
{
    TpsDiffTestcase found = {
        .kind = kind, .suite = place->task->suite, .id = place->id, .from = from, .to = to};

    g_array_append_val(diff->testcases, found);
}

static void remove_place(TpsPlanDiff *diff, const Place *place)
{
    diff->n_removed++;
    add_testcase(diff, TPS_DIFF_REMOVED, place, place->task, NULL);
}

static void add_place(TpsPlanDiff *diff, const Place *place)
{
    diff->n_added++;
    add_testcase(diff, TPS_DIFF_ADDED, place, NULL, place->task);
}

static void compare_place(TpsPlanDiff *diff, const Place *from, const Place *to)
{
    diff->n_reworked += from->task->worker != to->task->worker;
    if (from->task->part.index == to->task->part.index) {
        diff->n_stay++;
        return;
    }
    diff->n_moved++;
    add_testcase(diff, TPS_DIFF_CHANGED, to, from->task, to->task);
}

static void join_testcases(TpsPlanDiff *diff, const GArray *from, const GArray *to)
{
    guint i = 0, j = 0;

    while (i < from->len && j < to->len) {
        const Place *old_place = &g_array_index(from, Place, i);
        const Place *new_place = &g_array_index(to, Place, j);
        int order = compare_places(old_place, new_place);

        if (order < 0)
            remove_place(diff, old_place);
        else if (order > 0)
            add_place(diff, new_place);
        else
            compare_place(diff, old_place, new_place);
        i += order <= 0;
        j += order >= 0;
    }
    for (; i < from->len; i++)
        remove_place(diff, &g_array_index(from, Place, i));
    for (; j < to->len; j++)
        add_place(diff, &g_array_index(to, Place, j));
}

static void add_suite(TpsPlanDiff *diff, TpsDiffKind kind, const char *name,
                      const TpsPlanSuite *from, const TpsPlanSuite *to)
{
    TpsDiffSuite found = {.kind = kind, .name = name, .from = from, .to = to};

    g_array_append_val(diff->suites, found);
}

static void compare_suite(TpsPlanDiff *diff, const TpsPlanSuite *from, const TpsPlanSuite *to)
{
    diff->n_parts_other += from->parts != to->parts;
    if (from->parts != to->parts || from->n_testcases != to->n_testcases ||
        !tps_needs_equal(from->needs, to->needs))
        add_suite(diff, TPS_DIFF_CHANGED, to->name, from, to);
}

static const TpsPlanSuite *suite_at(const TpsPlan *plan, guint i)
{
    return g_ptr_array_index(plan->suites, i);
}

static void join_suites(TpsPlanDiff *diff)
{
    guint i = 0, j = 0;

    while (i < diff->from->suites->len && j < diff->to->suites->len) {
        const TpsPlanSuite *from = suite_at(diff->from, i), *to = suite_at(diff->to, j);
        int order = strcmp(from->name, to->name);

        if (order < 0)
            add_suite(diff, TPS_DIFF_REMOVED, from->name, from, NULL);
        else if (order > 0)
            add_suite(diff, TPS_DIFF_ADDED, to->name, NULL, to);
        else
            compare_suite(diff, from, to);
        i += order <= 0;
        j += order >= 0;
    }
    for (; i < diff->from->suites->len; i++)
        add_suite(diff, TPS_DIFF_REMOVED, suite_at(diff->from, i)->name, suite_at(diff->from, i),
                  NULL);
    for (; j < diff->to->suites->len; j++)
        add_suite(diff, TPS_DIFF_ADDED, suite_at(diff->to, j)->name, NULL, suite_at(diff->to, j));
}

TpsPlanDiff *tps_plan_diff(const TpsPlan *from, const TpsPlan *to)
{
    TpsPlanDiff *diff = g_new0(TpsPlanDiff, 1);
    g_autoptr(GHashTable) unnamed = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GArray) old_places = NULL;
    g_autoptr(GArray) new_places = NULL;

    find_unnamed(from, unnamed);
    find_unnamed(to, unnamed);
    old_places = places_of(from, unnamed);
    new_places = places_of(to, unnamed);
    diff->from = from;
    diff->to = to;
    diff->suites = g_array_new(FALSE, FALSE, sizeof(TpsDiffSuite));
    diff->testcases = g_array_new(FALSE, FALSE, sizeof(TpsDiffTestcase));
    diff->n_unnamed = g_hash_table_size(unnamed);
    join_suites(diff);
    join_testcases(diff, old_places, new_places);
    return diff;
}

void tps_plan_diff_free(TpsPlanDiff *diff)
{
    if (!diff)
        return;
    g_array_unref(diff->suites);
    g_array_unref(diff->testcases);
    g_free(diff);
}
