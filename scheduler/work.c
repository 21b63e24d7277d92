/* SPDX-License-Identifier: MIT */
#include "scheduler/work.h"

#include "adapters/framework.h"
#include "core/error.h"
#include "core/names.h"
#include "partition/partition.h"
#include "scheduler/filtering.h"
#include "scheduler/units.h"

#include <string.h>

void tps_work_free(TpsWork *work)
{
    if (!work)
        return;
    g_ptr_array_unref(work->testcases);
    g_ptr_array_unref(work->added);
    g_ptr_array_unref(work->removed);
    g_free(work);
}

/* How a suite differs from its plan. */
typedef struct {
    const char *name;
    GHashTable *listed;  /* char* -> TpsTestcase* */
    GHashTable *planned; /* char* -> TpsTask*     */
    GPtrArray *added;    /* of char*, borrowed, in the listing's order */
    GPtrArray *removed;  /* of char*, borrowed, in the plan's order    */
    const TpsTask *home; /* who gets the new ones */
} Difference;

static void difference_free(Difference *difference)
{
    g_hash_table_unref(difference->listed);
    g_hash_table_unref(difference->planned);
    g_ptr_array_unref(difference->added);
    g_ptr_array_unref(difference->removed);
    g_free(difference);
}

static bool is_lighter(const TpsTask *task, const TpsTask *than)
{
    if (!than || task->weight_us != than->weight_us)
        return !than || task->weight_us < than->weight_us;
    return task->part.index < than->part.index;
}

static void add_planned(Difference *difference, const GPtrArray *tasks)
{
    for (guint i = 0; i < tasks->len; i++) {
        TpsTask *task = g_ptr_array_index(tasks, i);

        if (is_lighter(task, difference->home))
            difference->home = task;
        for (guint j = 0; task->testcases && j < task->testcases->len; j++) {
            char *id = g_ptr_array_index(task->testcases, j);

            g_hash_table_insert(difference->planned, id, task);
            if (!g_hash_table_contains(difference->listed, id))
                g_ptr_array_add(difference->removed, id);
        }
    }
}

/* `tasks`: those that the plan has of the suite. */
static Difference *difference_new(const char *suite, const GPtrArray *tasks,
                                  const GPtrArray *listing)
{
    Difference *difference = g_new0(Difference, 1);

    difference->name = suite;
    difference->listed = g_hash_table_new(g_str_hash, g_str_equal);
    difference->planned = g_hash_table_new(g_str_hash, g_str_equal);
    difference->added = g_ptr_array_new();
    difference->removed = g_ptr_array_new();
    for (guint i = 0; i < listing->len; i++) {
        TpsTestcase *testcase = g_ptr_array_index(listing, i);

        g_hash_table_insert(difference->listed, testcase->id, testcase);
    }
    add_planned(difference, tasks);
    for (guint i = 0; i < listing->len; i++) {
        TpsTestcase *testcase = g_ptr_array_index(listing, i);

        if (!g_hash_table_contains(difference->planned, testcase->id))
            g_ptr_array_add(difference->added, testcase->id);
    }
    return difference;
}

static void append_names(GString *text, const char *what, const GPtrArray *names)
{
    g_autofree char *some = tps_names_some(names);

    g_string_append_printf(text, "; %u %s: %s", names->len, what, some);
}

static bool check_difference(const Difference *difference, bool allow_new, bool allow_missing,
                             GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);

    if (difference->added->len > 0 && !allow_new)
        append_names(text, "added (allow with --allow-new)", difference->added);
    if (difference->removed->len > 0 && !allow_missing)
        append_names(text, "removed (allow with --allow-missing)", difference->removed);
    if (text->len == 0)
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_INCOMPLETE,
                "suite '%s' is not what was planned%s; or plan again", difference->name, text->str);
    return false;
}

static TpsWork *work_new(const TpsTask *task, const TpsSuite *suite)
{
    TpsWork *work = g_new0(TpsWork, 1);

    work->task = task;
    work->suite = suite;
    work->testcases = g_ptr_array_new();
    work->added = g_ptr_array_new();
    work->removed = g_ptr_array_new();
    return work;
}

/* In the listing's order: what the task planned, and the new ones where this is their home. */
static void fill_by_name(TpsWork *work, const GPtrArray *listing, const Difference *difference)
{
    const TpsTask *task = work->task;
    g_autoptr(GHashTable) mine = g_hash_table_new(g_str_hash, g_str_equal);
    bool is_home = task->part.index == difference->home->part.index;

    for (guint i = 0; i < task->testcases->len; i++) {
        char *id = g_ptr_array_index(task->testcases, i);

        g_hash_table_add(mine, id);
        if (!g_hash_table_contains(difference->listed, id))
            g_ptr_array_add(work->removed, id);
    }
    for (guint i = 0; i < listing->len; i++) {
        TpsTestcase *testcase = g_ptr_array_index(listing, i);
        bool is_new = is_home && !g_hash_table_contains(difference->planned, testcase->id);

        if (is_new)
            g_ptr_array_add(work->added, testcase->id);
        if (is_new || g_hash_table_contains(mine, testcase->id))
            g_ptr_array_add(work->testcases, testcase);
    }
}

/* The plan knows only a count: deal the units evenly, the same way on every machine. */
static void fill_by_count(TpsWork *work, const GPtrArray *listing)
{
    int n_parts = work->task->part.count;
    g_autofree int *of = g_new0(int, listing->len);
    g_autofree int *count = g_new0(int, listing->len);
    g_autofree int *part = g_new0(int, listing->len);
    size_t n = tps_units_number(listing, tps_framework_unit(work->suite), work->suite->group, of);

    for (guint i = 0; i < listing->len; i++)
        count[of[i]]++;
    tps_partition_by_count(count, n, n_parts, part);
    for (guint i = 0; i < listing->len; i++)
        if (part[of[i]] == work->task->part.index)
            g_ptr_array_add(work->testcases, g_ptr_array_index(listing, i));
}

/* `kept`: what of the listing the plan is of. */
static TpsWork *prepare_task(const TpsTask *task, const TpsSuite *suite, const GPtrArray *listing,
                             const GPtrArray *kept, const Difference *difference)
{
    TpsWork *work = work_new(task, suite);

    if (task->testcases)
        fill_by_name(work, kept, difference);
    else
        fill_by_count(work, kept);
    work->all = work->testcases->len == listing->len;
    work->listing = listing;
    return work;
}

static bool check_count(const TpsPlan *plan, const TpsTask *task, const GPtrArray *listing,
                        GError **error)
{
    guint n_planned = tps_plan_find_suite(plan, task->suite)->n_testcases;

    if (n_planned == listing->len)
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_INCOMPLETE,
                "suite '%s' has %u testcases, and the plan counts %u; plan again", task->suite,
                listing->len, n_planned);
    return false;
}

/* What the tasks of one call share. */
typedef struct {
    const TpsPlan *plan;
    const TpsPlanFile *file;
    GHashTable *listings;
    GHashTable *tasks;       /* suite name -> GPtrArray of TpsTask, borrowed, in the plan's order */
    GHashTable *differences; /* suite name -> Difference, made when first asked for */
    GHashTable *kept;        /* suite name -> GPtrArray: what the plan's filter leaves; likewise */
    bool allow_new;
    bool allow_missing;
} Preparation;

static const Difference *find_difference(Preparation *preparation, const char *suite,
                                         const GPtrArray *listing)
{
    Difference *difference = g_hash_table_lookup(preparation->differences, suite);

    if (!difference) {
        difference = difference_new(suite, g_hash_table_lookup(preparation->tasks, suite), listing);
        g_hash_table_insert(preparation->differences, (gpointer)suite, difference);
    }
    return difference;
}

/* Where a plan names no testcases, its filter went by the name of the suite alone. */
static const GPtrArray *find_kept(Preparation *preparation, const TpsTask *task,
                                  const TpsSuite *suite, const GPtrArray *listing)
{
    GPtrArray *kept = g_hash_table_lookup(preparation->kept, task->suite);

    if (!preparation->plan->filter || !task->testcases)
        return listing;
    if (!kept) {
        kept = tps_filtering_listing(preparation->plan->filter, suite, listing, NULL);
        g_hash_table_insert(preparation->kept, task->suite, kept);
    }
    return kept;
}

static TpsWork *prepare(Preparation *preparation, const TpsTask *task, GError **error)
{
    const TpsSuite *suite = tps_plan_file_find(preparation->file, task->suite);
    const GPtrArray *listing = g_hash_table_lookup(preparation->listings, task->suite);
    const GPtrArray *kept;
    const Difference *difference;

    if (!suite || !listing) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "'%s' has no suite '%s', which the plan has",
                    preparation->file->file, task->suite);
        return NULL;
    }
    kept = find_kept(preparation, task, suite, listing);
    difference = find_difference(preparation, task->suite, kept);
    if (task->testcases ? !check_difference(difference, preparation->allow_new,
                                            preparation->allow_missing, error)
                        : !check_count(preparation->plan, task, listing, error))
        return NULL;
    return prepare_task(task, suite, listing, kept, difference);
}

static GHashTable *tasks_by_suite(const TpsPlan *plan)
{
    GHashTable *by_suite =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_ptr_array_unref);

    for (guint i = 0; i < plan->tasks->len; i++) {
        TpsTask *task = g_ptr_array_index(plan->tasks, i);
        GPtrArray *tasks = g_hash_table_lookup(by_suite, task->suite);

        if (!tasks) {
            tasks = g_ptr_array_new();
            g_hash_table_insert(by_suite, task->suite, tasks);
        }
        g_ptr_array_add(tasks, task);
    }
    return by_suite;
}

GPtrArray *tps_work_prepare(const TpsPlan *plan, const TpsPlan *scope, const TpsPlanFile *file,
                            GHashTable *listings, bool allow_new, bool allow_missing,
                            GError **error)
{
    g_autoptr(GPtrArray) works = g_ptr_array_new_with_free_func((GDestroyNotify)tps_work_free);
    g_autoptr(GHashTable) differences =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)difference_free);
    g_autoptr(GHashTable) tasks = tasks_by_suite(plan);
    g_autoptr(GHashTable) kept =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_ptr_array_unref);
    Preparation preparation = {plan,        file, listings,  tasks,
                               differences, kept, allow_new, allow_missing};

    for (guint i = 0; i < scope->tasks->len; i++) {
        TpsWork *work = prepare(&preparation, g_ptr_array_index(scope->tasks, i), error);

        if (!work)
            return NULL;
        g_ptr_array_add(works, work);
    }
    return g_steal_pointer(&works);
}
