/* SPDX-License-Identifier: MIT */
#include "scheduler/merge_internal.h"

#include <string.h>

static TpsMergeSlot *slot_new(const TpsTask *task)
{
    TpsMergeSlot *slot = g_new0(TpsMergeSlot, 1);

    slot->task = task;
    slot->label = tps_part_label(task->suite, task->part);
    slot->attempts = g_ptr_array_new();
    return slot;
}

static void slot_free(TpsMergeSlot *slot)
{
    g_free(slot->label);
    g_ptr_array_unref(slot->attempts);
    g_free(slot);
}

/* A total order that does not depend on where a report was found. */
static int compare_reports(const void *a, const void *b)
{
    const TpsPartReport *x = *(const TpsPartReport *const *)a;
    const TpsPartReport *y = *(const TpsPartReport *const *)b;

    if (x->attempt != y->attempt)
        return x->attempt < y->attempt ? -1 : 1;
    if (x->done != y->done)
        return x->done ? 1 : -1;
    /* Of two copies of one report the undamaged one stands last and is kept. */
    if (strcmp(x->digest, y->digest) == 0 && x->problems->len != y->problems->len)
        return x->problems->len > y->problems->len ? -1 : 1;
    return strcmp(x->digest, y->digest);
}

/* "It has started" and "it has ended" of one execution; another one began at another time. */
static bool is_beginning(const TpsPartReport *report, const TpsPartReport *of)
{
    return !report->done && of->done && report->attempt == of->attempt &&
           report->started_us == of->started_us;
}

/* Drop copies, and "it has started" where "it has ended" is there too. */
static void drop_copies(TpsMergeSlot *slot, TpsReport *merge)
{
    g_ptr_array_sort(slot->attempts, compare_reports);
    for (guint i = 0; i + 1 < slot->attempts->len;) {
        const TpsPartReport *report = g_ptr_array_index(slot->attempts, i);
        const TpsPartReport *next = g_ptr_array_index(slot->attempts, i + 1);
        bool same = strcmp(report->digest, next->digest) == 0;

        if (same)
            tps_report_add_note(
                merge, "%s: the same report was given more than once and counts once", slot->label);
        if (same || is_beginning(report, next))
            g_ptr_array_remove_index(slot->attempts, i);
        else
            i++;
    }
}

static void say_contradictions(const TpsMergeSlot *slot, TpsReport *merge)
{
    for (guint i = 0; i + 1 < slot->attempts->len; i++) {
        const TpsPartReport *report = g_ptr_array_index(slot->attempts, i);
        const TpsPartReport *next = g_ptr_array_index(slot->attempts, i + 1);

        if (report->attempt == next->attempt)
            tps_report_add_problem(merge,
                                   "%s: two different reports of attempt %d contradict each other",
                                   slot->label, report->attempt);
    }
}

static char *slot_key(const char *suite, TpsPart part)
{
    return g_strdup_printf("%d,%d,%s", part.index, part.count, suite);
}

static GHashTable *make_slots(const TpsPlan *plan)
{
    GHashTable *slots = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < plan->tasks->len; i++) {
        const TpsTask *task = g_ptr_array_index(plan->tasks, i);

        g_hash_table_insert(slots, slot_key(task->suite, task->part), slot_new(task));
    }
    return slots;
}

/* Where a report belongs; NULL, and a problem, for one that belongs to no task of this plan. */
static TpsMergeSlot *find_slot(const TpsPlan *plan, GHashTable *slots, const TpsPartReport *report,
                               TpsReport *merge)
{
    g_autofree char *label = tps_part_label(report->suite, report->part);
    g_autofree char *key = slot_key(report->suite, report->part);
    TpsMergeSlot *slot;

    if (strcmp(report->plan_id, plan->id) != 0) {
        tps_report_add_problem(merge, "%s: it is a report of another plan (%.12s, not %.12s)",
                               label, report->plan_id, plan->id);
        return NULL;
    }
    slot = g_hash_table_lookup(slots, key);
    if (!slot)
        tps_report_add_problem(merge, "%s: the plan has no such part", label);
    return slot;
}

bool tps_merge_is_process(const TpsResult *result)
{
    return tps_outcome_is_bad(result->outcome) && g_strcmp0(result->type, "tpsched.process") == 0;
}

bool tps_merge_is_missing(const TpsResult *result)
{
    static const char *const types[] = {TPS_RESULT_NOT_RUN, "tpsched.missing-part",
                                        "tpsched.lost-part", NULL};

    return result->type && g_strv_contains(types, result->type);
}

const TpsPartReport *tps_merge_slot_latest(const TpsMergeSlot *slot)
{
    return g_ptr_array_index(slot->attempts, slot->attempts->len - 1);
}

static void add_result(GHashTable *by_id, GHashTable *attempt_of, TpsResult *result, int attempt)
{
    TpsResult *newer = g_hash_table_lookup(by_id, result->id);

    if (!newer) {
        g_hash_table_insert(by_id, result->id, result);
        g_hash_table_insert(attempt_of, result, GINT_TO_POINTER(attempt));
    } else if (GPOINTER_TO_INT(g_hash_table_lookup(attempt_of, newer)) == attempt) {
        tps_result_fold(newer, result);
    } else {
        tps_result_fold_attempt(newer, result);
    }
}

/*
 * Later attempts that ran again all that this one was to run make how it ended history. One that
 * ran only some of it says nothing of the rest.
 */
bool tps_merge_slot_counts(const TpsMergeSlot *slot, guint attempt)
{
    const TpsPartReport *report = g_ptr_array_index(slot->attempts, attempt);
    g_autoptr(GHashTable) again = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = attempt + 1; i < slot->attempts->len; i++) {
        const TpsPartReport *later = g_ptr_array_index(slot->attempts, i);

        for (guint j = 0; later->attempt > report->attempt && j < later->planned->len; j++)
            g_hash_table_add(again, g_ptr_array_index(later->planned, j));
    }
    for (guint i = 0; i < report->planned->len; i++)
        if (!g_hash_table_contains(again, g_ptr_array_index(report->planned, i)))
            return true;
    return attempt + 1 == slot->attempts->len;
}

/* What an attempt was to run and did not report stays without a result: an older one is none. */
static void add_silent(GHashTable *silent, GHashTable *by_id, const TpsPartReport *report)
{
    for (guint i = 0; i < report->planned->len; i++) {
        char *id = g_ptr_array_index(report->planned, i);

        if (!g_hash_table_contains(by_id, id))
            g_hash_table_add(silent, id);
    }
}

GHashTable *tps_merge_slot_results(const TpsMergeSlot *slot)
{
    GHashTable *by_id = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) attempt_of = g_hash_table_new(g_direct_hash, g_direct_equal);
    g_autoptr(GHashTable) silent = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = slot->attempts->len; i-- > 0;) {
        TpsPartReport *report = g_ptr_array_index(slot->attempts, i);
        bool counts = tps_merge_slot_counts(slot, i);

        for (guint j = 0; j < report->results->len; j++) {
            TpsResult *result = g_steal_pointer(&report->results->pdata[j]);

            if ((!counts && tps_merge_is_process(result)) ||
                g_hash_table_contains(silent, result->id))
                tps_result_free(result);
            else
                add_result(by_id, attempt_of, result, report->attempt);
        }
        g_ptr_array_set_size(report->results, 0);
        add_silent(silent, by_id, report);
    }
    return by_id;
}

static int compare_slots(const void *a, const void *b)
{
    const TpsTask *x = (*(const TpsMergeSlot *const *)a)->task;
    const TpsTask *y = (*(const TpsMergeSlot *const *)b)->task;
    int order = strcmp(x->suite, y->suite);

    return order ? order : (x->part.index > y->part.index) - (x->part.index < y->part.index);
}

static GPtrArray *sort_slots(GHashTable *slots)
{
    GPtrArray *sorted = g_ptr_array_new_with_free_func((GDestroyNotify)slot_free);
    GHashTableIter iter;
    gpointer slot;

    g_hash_table_iter_init(&iter, slots);
    while (g_hash_table_iter_next(&iter, NULL, &slot))
        g_ptr_array_add(sorted, slot);
    g_ptr_array_sort(sorted, compare_slots);
    return sorted;
}

static const char *run_of(const TpsPartReport *report)
{
    return report->run_id ? report->run_id : "";
}

/* The run that most reports are of; of several the first one by name. NULL: there is no report. */
static const char *usual_run(const GPtrArray *slots)
{
    g_autoptr(GHashTable) counts = g_hash_table_new(g_str_hash, g_str_equal);
    const char *usual = NULL;
    guint most = 0;

    for (guint i = 0; i < slots->len; i++) {
        const TpsMergeSlot *slot = g_ptr_array_index(slots, i);

        for (guint j = 0; j < slot->attempts->len; j++) {
            const char *run = run_of(g_ptr_array_index(slot->attempts, j));
            guint n = GPOINTER_TO_UINT(g_hash_table_lookup(counts, run)) + 1;

            g_hash_table_insert(counts, (gpointer)run, GUINT_TO_POINTER(n));
            if (n > most || (n == most && strcmp(run, usual) < 0)) {
                most = n;
                usual = run;
            }
        }
    }
    return usual;
}

/*
 * Parts of two runs, say of two commits, prove nothing together, though they fit one plan. Neither
 * does an earlier attempt of another run: what a later one did not run again counts from there.
 */
static void say_other_runs(const GPtrArray *slots, TpsReport *merge)
{
    const char *usual = usual_run(slots);

    for (guint i = 0; i < slots->len; i++) {
        const TpsMergeSlot *slot = g_ptr_array_index(slots, i);

        for (guint j = 0; j < slot->attempts->len; j++) {
            const char *run = run_of(g_ptr_array_index(slot->attempts, j));

            if (strcmp(run, usual) != 0)
                tps_report_add_problem(merge, "%s: it is of run '%s', others are of run '%s'",
                                       slot->label, run, usual);
        }
    }
}

GPtrArray *tps_merge_slots_new(const TpsPlan *plan, const GPtrArray *reports, TpsReport *merge)
{
    g_autoptr(GHashTable) slots = make_slots(plan);
    GPtrArray *sorted;

    for (guint i = 0; i < reports->len; i++) {
        TpsPartReport *report = g_ptr_array_index(reports, i);
        TpsMergeSlot *slot = find_slot(plan, slots, report, merge);

        if (slot)
            g_ptr_array_add(slot->attempts, report);
    }
    sorted = sort_slots(slots);
    for (guint i = 0; i < sorted->len; i++) {
        drop_copies(g_ptr_array_index(sorted, i), merge);
        say_contradictions(g_ptr_array_index(sorted, i), merge);
    }
    say_other_runs(sorted, merge);
    return sorted;
}
