/* SPDX-License-Identifier: MIT */
#include "core/names.h"
#include "core/status.h"
#include "formats/junit.h"
#include "scheduler/merge.h"
#include "scheduler/merge_internal.h"

#include <string.h>

/* One suite on its way into the merge. */
typedef struct {
    TpsReport *merge;
    TpsReportSuite *suite;
    GHashTable *planned; /* char* (borrowed) -> TpsMergeSlot it is planned in      */
    guint n_strays;      /* executed in a part that was not to run them ...        */
    guint n_straying;    /* ... and in how many parts                              */
    GArray *strays;      /* of merge_strays.c: which those were                  */
    guint n_counted;     /* what the parts ran of which the plan knows only a count */
    GHashTable *not_run; /* of const TpsTask*; NULL = nothing was left out on purpose */
} SuiteMerge;

static void add_cut_short(SuiteMerge *suite, const char *id)
{
    TpsResult *result = tps_result_new(id, TPS_OUTCOME_SKIPPED, TPS_TIME_UNKNOWN);

    result->type = g_strdup(TPS_RESULT_NOT_RUN);
    result->message = g_strdup("not run: enough had failed");
    g_ptr_array_add(suite->suite->results, result);
}

/* Never started, because the run ended early. */
static void add_cut_short_part(SuiteMerge *suite, const TpsMergeSlot *slot)
{
    const TpsTask *task = slot->task;

    if (!task->testcases) {
        g_autofree char *id =
            g_strdup_printf("%s: all %u testcases", slot->label, task->n_testcases);

        add_cut_short(suite, id);
        return;
    }
    for (guint i = 0; i < task->testcases->len; i++)
        add_cut_short(suite, g_ptr_array_index(task->testcases, i));
}

static TpsResult *add_missing(SuiteMerge *suite, const char *id, const char *type, const char *why)
{
    TpsResult *result = tps_result_new(id, TPS_OUTCOME_ERROR, TPS_TIME_UNKNOWN);

    result->type = g_strdup(type);
    result->message = g_strdup(why);
    g_ptr_array_add(suite->suite->results, result);
    return result;
}

/* A whole part without results: every testcase of it, or one line where only their number is known.
 */
static void add_missing_part(SuiteMerge *suite, const TpsMergeSlot *slot, const char *type,
                             const char *why)
{
    const TpsTask *task = slot->task;

    if (!task->testcases) {
        g_autofree char *id =
            g_strdup_printf("%s: all %u testcases", slot->label, task->n_testcases);

        add_missing(suite, id, type, why);
        return;
    }
    for (guint i = 0; i < task->testcases->len; i++)
        add_missing(suite, g_ptr_array_index(task->testcases, i), type, why);
}

static bool holds(const GPtrArray *strings, const char *wanted)
{
    for (guint i = 0; i < strings->len; i++)
        if (strcmp(g_ptr_array_index(strings, i), wanted) == 0)
            return true;
    return false;
}

/* Take one planned testcase out of `by_id`; false when it has no result. */
static bool take_planned(SuiteMerge *suite, GHashTable *by_id, const char *id,
                         const TpsPartReport *report)
{
    gpointer result;

    if (g_hash_table_steal_extended(by_id, id, NULL, &result)) {
        g_ptr_array_add(suite->suite->results, result);
        return true;
    }
    if (holds(report->removed, id)) {
        TpsResult *gone = tps_result_new(id, TPS_OUTCOME_SKIPPED, TPS_TIME_UNKNOWN);

        gone->message = g_strdup("gone since it was planned, and that was allowed");
        g_ptr_array_add(suite->suite->results, gone);
        return true;
    }
    return false;
}

/* What was planned for a task: by the plan, or where that knows only a count, by the runner. */
static const GPtrArray *planned_of(const TpsMergeSlot *slot, const TpsPartReport *report)
{
    return slot->task->testcases ? slot->task->testcases : report->planned;
}

/* Where the plan knows only a count, the runner's own lists must not overlap. */
static bool claim(SuiteMerge *suite, const TpsMergeSlot *slot, const char *id)
{
    if (slot->task->testcases)
        return true;
    if (!g_hash_table_contains(suite->planned, id)) {
        g_hash_table_insert(suite->planned, (gpointer)id, (gpointer)slot);
        return true;
    }
    tps_report_add_problem(suite->merge, "%s: testcase '%s' ran in another part too", slot->label,
                           id);
    return false;
}

static void say_without_result(SuiteMerge *suite, const TpsMergeSlot *slot, guint n_missing,
                               guint n_planned, const char *end)
{
    tps_report_add_problem(suite->merge, "%s: %u of %u planned testcases have no result (%s)",
                           slot->label, n_missing, n_planned, end);
}

static void merge_planned(SuiteMerge *suite, const TpsMergeSlot *slot, GHashTable *by_id,
                          const TpsPartReport *report)
{
    const GPtrArray *planned = planned_of(slot, report);
    g_autofree char *end = tps_status_describe_end(report);
    g_autofree char *why = g_strdup_printf("not run: its part ended with: %s", end);
    guint n_missing = 0;

    suite->n_counted += slot->task->testcases ? 0 : planned->len;
    for (guint i = 0; i < planned->len; i++) {
        const char *id = g_ptr_array_index(planned, i);
        TpsResult *missing;

        if (!claim(suite, slot, id) || take_planned(suite, by_id, id, report))
            continue;
        if (suite->not_run && report->end == TPS_END_CANCELLED) {
            add_cut_short(suite, id);
            continue;
        }
        missing = add_missing(suite, id, TPS_RESULT_NOT_RUN, why);
        if (n_missing++ == 0) /* the one at which it died, mostly */
            missing->text = tps_merge_last_output(report);
    }
    if (n_missing > 0)
        say_without_result(suite, slot, n_missing, planned->len, end);
}

/* What is new and was allowed must have run as well. */
static void check_added(SuiteMerge *suite, const TpsMergeSlot *slot, GHashTable *by_id,
                        const TpsPartReport *report)
{
    g_autofree char *end = tps_status_describe_end(report);
    g_autofree char *why = g_strdup_printf("not run: its part ended with: %s", end);
    guint n_missing = 0;

    for (guint i = 0; i < report->added->len; i++) {
        const char *id = g_ptr_array_index(report->added, i);

        if (g_hash_table_contains(by_id, id) || g_hash_table_contains(suite->planned, id))
            continue;
        add_missing(suite, id, TPS_RESULT_NOT_RUN, why);
        n_missing++;
    }
    if (n_missing > 0)
        tps_report_add_problem(suite->merge, "%s: %u of %u new testcases have no result (%s)",
                               slot->label, n_missing, report->added->len, end);
}

/*
 * A result nobody planned for this part: what the runner says of the process, a testcase that was
 * allowed to be new, one that another part was to run (a stray), or a stranger.
 */
static void merge_extra(SuiteMerge *suite, TpsResult *result, const TpsPartReport *report,
                        GPtrArray *strays, GPtrArray *strangers)
{
    bool stray = g_hash_table_contains(suite->planned, result->id);

    if (stray && result->outcome == TPS_OUTCOME_SKIPPED) {
        tps_result_free(result); /* nextest lists what other parts run as skipped */
        return;
    }
    if (stray) {
        const TpsMergeSlot *home = g_hash_table_lookup(suite->planned, result->id);

        tps_merge_strays_add(suite->strays, result->id, report->part.index, home->task->part.index);
        g_ptr_array_add(strays, g_strdup(result->id));
        tps_result_free(result);
        return;
    }
    if (!tps_merge_is_process(result) && !holds(report->added, result->id))
        g_ptr_array_add(strangers, g_strdup(result->id));
    g_ptr_array_add(suite->suite->results, result);
}

static int compare_results(const void *a, const void *b)
{
    return strcmp((*(const TpsResult *const *)a)->id, (*(const TpsResult *const *)b)->id);
}

static GPtrArray *sorted_values(GHashTable *by_id)
{
    GPtrArray *results = g_ptr_array_new();
    GHashTableIter iter;
    gpointer result;

    g_hash_table_iter_init(&iter, by_id);
    while (g_hash_table_iter_next(&iter, NULL, &result))
        g_ptr_array_add(results, result);
    g_ptr_array_sort(results, compare_results);
    return results;
}

static void say_names(SuiteMerge *suite, const TpsMergeSlot *slot, const char *what,
                      const GPtrArray *names)
{
    g_autofree char *some = tps_names_some(names);

    if (names->len > 0)
        tps_report_add_problem(suite->merge, "%s: %s: %s", slot->label, what, some);
}

static void merge_extras(SuiteMerge *suite, const TpsMergeSlot *slot, GHashTable *by_id,
                         const TpsPartReport *report)
{
    g_autoptr(GPtrArray) extras = sorted_values(by_id);
    g_autoptr(GPtrArray) strays = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) strangers = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < extras->len; i++)
        merge_extra(suite, g_ptr_array_index(extras, i), report, strays, strangers);
    suite->n_strays += strays->len + report->n_unselected;
    suite->n_straying += strays->len + report->n_unselected > 0;
    say_names(suite, slot, "it ran what another part was to run", strays);
    say_names(suite, slot, "it reports what nobody planned", strangers);
    if (report->removed->len > 0)
        tps_report_add_note(suite->merge, "%s: %u testcases are gone since it was planned",
                            slot->label, report->removed->len);
    if (report->added->len > 0)
        tps_report_add_note(suite->merge, "%s: %u testcases are new since it was planned",
                            slot->label, report->added->len);
}

static void take_host(TpsReportSuite *suite, const char *host, bool first)
{
    if (first)
        suite->hostname = g_strdup(host);
    else if (g_strcmp0(suite->hostname, host) != 0)
        g_clear_pointer(&suite->hostname, g_free);
}

static void say_problems(SuiteMerge *suite, const TpsMergeSlot *slot)
{
    for (guint i = 0; i < slot->attempts->len; i++) {
        const TpsPartReport *report = g_ptr_array_index(slot->attempts, i);
        bool counts =
            tps_merge_slot_counts(slot, i) && !(suite->not_run && report->end == TPS_END_CANCELLED);

        for (guint j = 0; counts && j < report->problems->len; j++)
            tps_report_add_problem(suite->merge, "%s: %s", slot->label,
                                   (const char *)g_ptr_array_index(report->problems, j));
    }
}

static void merge_ended(SuiteMerge *suite, const TpsMergeSlot *slot, const TpsPartReport *report)
{
    g_autofree char *last_output = tps_merge_last_output(report);
    g_autoptr(GHashTable) by_id = NULL;

    tps_merge_take_output(suite->suite, slot, report);
    tps_merge_explain_process(report->results, last_output);
    by_id = tps_merge_slot_results(slot);
    say_problems(suite, slot);
    tps_merge_describe_part(suite->suite, report);
    merge_planned(suite, slot, by_id, report);
    check_added(suite, slot, by_id, report);
    merge_extras(suite, slot, by_id, report);
}

static void merge_slot(SuiteMerge *suite, const TpsMergeSlot *slot, bool first)
{
    const TpsPartReport *latest;

    if (slot->attempts->len == 0 && suite->not_run &&
        g_hash_table_contains(suite->not_run, slot->task)) {
        add_cut_short_part(suite, slot);
        return;
    }
    if (slot->attempts->len == 0) {
        tps_report_add_problem(suite->merge, "%s: its report is missing", slot->label);
        add_missing_part(suite, slot, "tpsched.missing-part", "the report of its part is missing");
        return;
    }
    latest = tps_merge_slot_latest(slot);
    take_host(suite->suite, latest->host, first);
    for (guint i = 0; i < slot->attempts->len; i++) {
        const TpsPartReport *report = g_ptr_array_index(slot->attempts, i);

        tps_report_suite_extend(suite->suite, report->started_us, report->ended_us);
    }
    if (latest->done) {
        merge_ended(suite, slot, latest);
        return;
    }
    tps_report_add_problem(suite->merge, "%s: it was started and nobody wrote how it ended",
                           slot->label);
    add_missing_part(suite, slot, "tpsched.lost-part", "its part was started and never ended");
}

static void suite_merge_init(SuiteMerge *suite, TpsReport *merge, GHashTable *not_run,
                             GPtrArray *slots, guint first, guint end)
{
    *suite = (SuiteMerge){
        .merge = merge,
        .suite = tps_report_add_suite(
            merge, ((TpsMergeSlot *)g_ptr_array_index(slots, first))->task->suite),
        .planned = g_hash_table_new(g_str_hash, g_str_equal),
        .strays = tps_merge_strays_new(),
        .not_run = not_run,
    };
    for (guint i = first; i < end; i++) {
        const TpsMergeSlot *slot = g_ptr_array_index(slots, i);
        const GPtrArray *testcases = slot->task->testcases;

        for (guint j = 0; testcases && j < testcases->len; j++)
            g_hash_table_insert(suite->planned, g_ptr_array_index(testcases, j), (gpointer)slot);
    }
}

/* More than half of the suite twice: the framework does not obey the selection. */
static void say_everything_twice(const SuiteMerge *suite, guint n_parts)
{
    if (n_parts <= 1 || suite->n_straying < n_parts ||
        suite->n_strays * 2 <= suite->suite->results->len)
        tps_merge_say_strays(suite->merge, suite->suite, suite->strays);
    else
        tps_report_add_problem(suite->merge,
                               "%s: every part ran everything; the selection was ignored",
                               suite->suite->name);
}

/*
 * Where the plan knows only counts the runner deals whole units, so that only the sum over all
 * parts is the planned one.
 */
static void check_count(const SuiteMerge *suite, GPtrArray *slots, guint first, guint end)
{
    guint n_planned = 0;

    for (guint i = first; i < end; i++) {
        const TpsMergeSlot *slot = g_ptr_array_index(slots, i);

        if (slot->task->testcases || slot->task->part.count != (int)(end - first) ||
            slot->attempts->len == 0 || !tps_merge_slot_latest(slot)->done)
            return;
        n_planned += slot->task->n_testcases;
    }
    if (n_planned != suite->n_counted)
        tps_report_add_problem(suite->merge, "%s: %u testcases were planned, %u were run",
                               suite->suite->name, n_planned, suite->n_counted);
}

static void merge_suite(TpsReport *merge, GHashTable *not_run, GPtrArray *slots, guint first,
                        guint end)
{
    SuiteMerge suite;

    suite_merge_init(&suite, merge, not_run, slots, first, end);
    for (guint i = first; i < end; i++)
        merge_slot(&suite, g_ptr_array_index(slots, i), i == first);
    check_count(&suite, slots, first, end);
    say_everything_twice(&suite, end - first);
    tps_merge_sum_times(suite.suite, slots, first, end);
    tps_merge_unite_properties(suite.suite, slots, first, end);
    tps_merge_cap_output(suite.suite);
    g_array_unref(suite.strays);
    g_hash_table_unref(suite.planned);
}

/* A shard or part is not the plan, and what is said of it must not sound like the whole. */
static void count_planned(TpsReport *merge, const TpsPlan *plan)
{
    for (guint i = 0; i < plan->tasks->len; i++)
        merge->n_asked += ((const TpsTask *)g_ptr_array_index(plan->tasks, i))->n_testcases;
    for (guint i = 0; i < plan->suites->len; i++)
        merge->n_planned += ((const TpsPlanSuite *)g_ptr_array_index(plan->suites, i))->n_testcases;
    merge->n_planned = MAX(merge->n_planned, merge->n_asked);
}

TpsReport *tps_merge_plan(const TpsPlan *plan, const GPtrArray *reports)
{
    return tps_merge_plan_cut_short(plan, reports, NULL);
}

TpsReport *tps_merge_plan_cut_short(const TpsPlan *plan, const GPtrArray *reports,
                                    GHashTable *not_run)
{
    TpsReport *merge = tps_report_new(plan->name, true);
    g_autoptr(GPtrArray) slots = tps_merge_slots_new(plan, reports, merge);

    for (guint first = 0, end = 0; first < slots->len; first = end) {
        const TpsMergeSlot *slot = g_ptr_array_index(slots, first);

        while (end < slots->len &&
               strcmp(((TpsMergeSlot *)g_ptr_array_index(slots, end))->task->suite,
                      slot->task->suite) == 0)
            end++;
        merge_suite(merge, not_run, slots, first, end);
    }
    count_planned(merge, plan);
    merge->plan_id = g_strdup(plan->id);
    merge->makespan_us = plan->makespan_us;
    merge->lower_bound_us = plan->makespan_lower_bound_us;
    merge->size = plan->size;
    tps_report_finish(merge);
    return merge;
}
