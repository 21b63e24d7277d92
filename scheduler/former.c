/* SPDX-License-Identifier: MIT */
#include "scheduler/former.h"

#include "adapters/framework.h"
#include "core/error.h"
#include "formats/files.h"
#include "formats/journal.h"
#include "scheduler/journal_reports.h"
#include "scheduler/merge_internal.h"
#include "scheduler/scope.h"
#include "scheduler/task_index.h"
#include "scheduler/units.h"

#include <string.h>

/* What one task left. */
typedef struct {
    GHashTable *wanted; /* char* (borrowed from the task) */
    bool whole;
} Left;

static void want(Left *left, const TpsTask *task, GHashTable *planned, const char *id)
{
    gpointer known;

    if (task->testcases && g_hash_table_lookup_extended(planned, id, &known, NULL))
        g_hash_table_add(left->wanted, known);
    else
        left->whole = true; /* the process itself, or nobody knows its testcases */
}

static GHashTable *ids_of(const GPtrArray *ids)
{
    GHashTable *set = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; ids && i < ids->len; i++)
        g_hash_table_add(set, g_ptr_array_index(ids, i));
    return set;
}

/* A process that failed is why they have no result, also where a testcase had failed before. */
static void want_silent(Left *left, const TpsMergeSlot *slot, GHashTable *by_id,
                        GHashTable *planned)
{
    const TpsPartReport *latest = tps_merge_slot_latest(slot);

    if (latest->end == TPS_END_CANCELLED || (latest->end == TPS_END_EXITED && latest->code == 0))
        return;
    for (guint i = 0; i < latest->planned->len; i++) {
        const char *id = g_ptr_array_index(latest->planned, i);

        if (!g_hash_table_contains(by_id, id))
            want(left, slot->task, planned, id);
    }
}

static void want_failed(Left *left, const TpsMergeSlot *slot, GHashTable *by_id,
                        GHashTable *planned)
{
    const TpsPartReport *latest = tps_merge_slot_latest(slot);
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, by_id);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const TpsResult *result = value;

        if (tps_outcome_is_bad(result->outcome))
            want(left, slot->task, planned, result->id);
    }
    want_silent(left, slot, by_id, planned);
    left->whole |= latest->done && latest->problems->len > 0;
}

static void want_not_run(Left *left, const TpsMergeSlot *slot, GHashTable *by_id,
                         GHashTable *planned)
{
    const TpsPartReport *latest = tps_merge_slot_latest(slot);
    const GPtrArray *ids = slot->task->testcases ? slot->task->testcases : latest->planned;
    g_autoptr(GHashTable) removed = ids_of(latest->removed);

    for (guint i = 0; i < ids->len; i++) {
        const char *id = g_ptr_array_index(ids, i);

        if (!g_hash_table_contains(by_id, id) && !g_hash_table_contains(removed, id))
            want(left, slot->task, planned, id);
    }
}

static void look(const TpsMergeSlot *slot, TpsFormer which, Left *left)
{
    g_autoptr(GHashTable) planned = ids_of(slot->task->testcases);
    g_autoptr(GHashTable) by_id = NULL;
    GHashTableIter iter;
    gpointer result;

    if (slot->attempts->len == 0 || !tps_merge_slot_latest(slot)->done) {
        left->whole = which & TPS_FORMER_NOT_RUN;
        return;
    }
    by_id = tps_merge_slot_results(slot);
    if (which & TPS_FORMER_FAILED)
        want_failed(left, slot, by_id, planned);
    if (which & TPS_FORMER_NOT_RUN)
        want_not_run(left, slot, by_id, planned);
    g_hash_table_iter_init(&iter, by_id);
    while (g_hash_table_iter_next(&iter, NULL, &result))
        tps_result_free(result);
}

/* Leave of a task only those testcases; in the order and with the times they have. */
static void keep_only(TpsTask *task, GHashTable *wanted)
{
    guint n = 0;

    for (guint i = 0; i < task->testcases->len; i++) {
        if (!g_hash_table_contains(wanted, g_ptr_array_index(task->testcases, i)))
            continue;
        if (task->expected_us)
            task->expected_us[n] = task->expected_us[i];
        n++;
    }
    for (guint i = task->testcases->len; i-- > 0;)
        if (!g_hash_table_contains(wanted, g_ptr_array_index(task->testcases, i)))
            g_ptr_array_remove_index(task->testcases, i);
    task->n_testcases = n;
}

/* One that nothing is left of has no testcases, and goes in the end. */
static void take_left(const TpsTaskIndex *former, const TpsMergeSlot *slot, TpsFormer which)
{
    TpsTask *task = tps_task_index_find(former, slot->task->suite, slot->task->part);
    g_autoptr(GHashTable) wanted = g_hash_table_new(g_str_hash, g_str_equal);
    Left left = {.wanted = wanted};

    look(slot, which, &left);
    if (!task || left.whole)
        return;
    if (task->testcases)
        keep_only(task, wanted);
    else
        task->n_testcases = 0;
}

static void drop_empty(GPtrArray *tasks)
{
    for (guint i = tasks->len; i-- > 0;)
        if (((TpsTask *)g_ptr_array_index(tasks, i))->n_testcases == 0)
            g_ptr_array_remove_index(tasks, i);
}

static int newest_attempt(const GPtrArray *reports)
{
    int attempt = 1;

    for (guint i = 0; i < reports->len; i++)
        attempt = MAX(attempt, ((const TpsPartReport *)g_ptr_array_index(reports, i))->attempt);
    return attempt;
}

static GPtrArray *load(const char *report_dir, GError **error)
{
    g_autofree char *path = g_build_filename(report_dir, TPS_JOURNAL_FILE, NULL);
    g_autoptr(GPtrArray) reports =
        g_ptr_array_new_with_free_func((GDestroyNotify)tps_part_report_free);
    g_autoptr(GPtrArray) said = g_ptr_array_new_with_free_func(g_free);

    if (!tps_file_is_plain(path)) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "'%s' holds no run", report_dir);
        return NULL;
    }
    if (!tps_journal_reports(path, reports, said, said, error))
        return NULL;
    tps_reports_set_digests(reports);
    return g_steal_pointer(&reports);
}

TpsPlan *tps_former_scope(const char *report_dir, const TpsPlan *scope, TpsFormer which,
                          int *attempt, GError **error)
{
    g_autoptr(GPtrArray) reports = load(report_dir, error);
    g_autoptr(TpsPlan) former = reports ? tps_plan_restrict(scope, &(TpsScope){0}, error) : NULL;
    g_autoptr(TpsTaskIndex) index = NULL;
    g_autoptr(GPtrArray) slots = NULL;
    g_autoptr(TpsReport) merge = NULL;

    if (!former)
        return NULL;
    index = tps_task_index_new(former);
    *attempt = newest_attempt(reports);
    merge = tps_report_new(scope->name, true);
    slots = tps_merge_slots_new(scope, reports, merge);
    for (guint i = 0; i < slots->len; i++)
        take_left(index, g_ptr_array_index(slots, i), which);
    drop_empty(former->tasks);
    return g_steal_pointer(&former);
}

bool tps_former_n_unended(const char *report_dir, const TpsPlan *scope, guint *n, GError **error)
{
    g_autoptr(GPtrArray) reports = load(report_dir, error);
    g_autoptr(TpsReport) merge = NULL;
    g_autoptr(GPtrArray) slots = NULL;

    if (!reports)
        return false;
    merge = tps_report_new(scope->name, true);
    slots = tps_merge_slots_new(scope, reports, merge);
    *n = 0;
    for (guint i = 0; i < slots->len; i++) {
        const TpsMergeSlot *slot = g_ptr_array_index(slots, i);
        const TpsPartReport *latest = slot->attempts->len ? tps_merge_slot_latest(slot) : NULL;

        *n += latest && (!latest->done || latest->end == TPS_END_CANCELLED);
    }
    return true;
}

static TpsUnit finest_unit(const TpsPlanFile *file, const char *name)
{
    const TpsSuite *suite = tps_plan_file_find(file, name);
    const TpsFramework *framework = suite ? tps_framework_find(suite->framework) : NULL;

    return framework ? framework->finest_unit : TPS_UNIT_TESTCASE;
}

/* The testcases of a task, and all of a listing that can only be selected with one of them. */
static GHashTable *with_units(const TpsTask *task, const GPtrArray *listing, TpsUnit unit)
{
    GHashTable *ids = ids_of(task->testcases);
    g_autofree bool *is_taken = g_new(bool, MAX(listing->len, 1));

    for (guint i = 0; i < listing->len; i++)
        is_taken[i] =
            g_hash_table_contains(ids, ((TpsTestcase *)g_ptr_array_index(listing, i))->id);
    tps_units_take_along(listing, unit, is_taken);
    for (guint i = 0; i < listing->len; i++)
        if (is_taken[i])
            g_hash_table_add(ids, ((TpsTestcase *)g_ptr_array_index(listing, i))->id);
    return ids;
}

/* The times of what came along are not worth their while: only their sum is known then. */
static void widen(TpsTask *task, const TpsTask *whole, const GPtrArray *listing, TpsUnit unit)
{
    GPtrArray *narrow = task->testcases; /* `ids` borrows from it */
    g_autoptr(GHashTable) ids = with_units(task, listing, unit);

    task->testcases = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < whole->testcases->len; i++)
        if (g_hash_table_contains(ids, g_ptr_array_index(whole->testcases, i)))
            g_ptr_array_add(task->testcases, g_strdup(g_ptr_array_index(whole->testcases, i)));
    task->n_testcases = task->testcases->len;
    g_clear_pointer(&task->expected_us, g_free);
    g_ptr_array_unref(narrow);
}

void tps_former_whole_units(TpsPlan *former, const TpsPlan *plan, const TpsPlanFile *file,
                            GHashTable *listings)
{
    g_autoptr(TpsTaskIndex) index = tps_task_index_new(plan);

    for (guint i = 0; i < former->tasks->len; i++) {
        TpsTask *task = g_ptr_array_index(former->tasks, i);
        const TpsTask *whole = tps_task_index_find(index, task->suite, task->part);
        const GPtrArray *listing = g_hash_table_lookup(listings, task->suite);
        TpsUnit unit = finest_unit(file, task->suite);

        if (task->testcases && whole && listing && task->n_testcases < whole->n_testcases &&
            !tps_units_are_testcases(listing, unit, NULL))
            widen(task, whole, listing, unit);
    }
}
