/* SPDX-License-Identifier: MIT */
#include "core/names.h"
#include "scheduler/task_internal.h"

#include <string.h>

/* So many extra testcases, and so much of the suite, are no slip: the selection was ignored. */
#define IGNORED_MIN 10
#define IGNORED_PERCENT 90

/* Testcases of the batch, and what of its suite it ran beside them. */
typedef struct {
    TpsLingeringBatch *run;
    GHashTable *selected; /* char*, borrowed                                            */
    GHashTable *listed;   /* char*, borrowed: all the suite has; made when first needed */
    GHashTable *seen;     /* char*, borrowed from a result or from `extra`              */
    GPtrArray *extra;     /* of char*, owned: not selected, in the order of the report  */
    guint n_selected;     /* of those that were selected have been reported             */
} Comparison;

static GHashTable *ids_of(const GPtrArray *testcases)
{
    GHashTable *ids = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < testcases->len; i++)
        g_hash_table_add(ids, ((TpsTestcase *)g_ptr_array_index(testcases, i))->id);
    return ids;
}

/* What most frameworks do: at least a beginning of the selection, in its order. */
static bool is_as_selected(const TpsLingeringBatch *run)
{
    const GPtrArray *results = run->report->results;

    if (results->len > run->testcases->len)
        return false;
    for (guint i = 0; i < results->len; i++) {
        const TpsResult *result = g_ptr_array_index(results, i);
        const TpsTestcase *testcase = g_ptr_array_index(run->testcases, i);

        if (strcmp(result->id, testcase->id) != 0)
            return false;
    }
    return true;
}

static bool is_listed(Comparison *comparison, const char *id)
{
    const GPtrArray *listing = comparison->run->work->listing;

    if (!comparison->listed)
        comparison->listed = listing ? ids_of(listing) : g_hash_table_new(g_str_hash, g_str_equal);
    return g_hash_table_contains(comparison->listed, id);
}

/* It belongs elsewhere. What is only listed as skipped was not run. */
static void note_extra(Comparison *comparison, const TpsResult *result)
{
    if (result->outcome == TPS_OUTCOME_SKIPPED)
        return;
    comparison->run->others_failed |= tps_outcome_is_bad(result->outcome);
    if (g_hash_table_contains(comparison->seen, result->id))
        return;
    g_ptr_array_add(comparison->extra, g_strdup(result->id));
    g_hash_table_add(comparison->seen,
                     g_ptr_array_index(comparison->extra, comparison->extra->len - 1));
}

/* Only the results of the batch, and those that belong nowhere, stay. */
static void sift(Comparison *comparison)
{
    g_autoptr(GPtrArray) all = g_steal_pointer(&comparison->run->report->results);
    GPtrArray *kept = tps_results_new();

    for (guint i = 0; i < all->len; i++) {
        TpsResult *result = g_ptr_array_index(all, i);
        bool selected = g_hash_table_contains(comparison->selected, result->id);

        if (!selected && is_listed(comparison, result->id)) {
            note_extra(comparison, result);
            continue;
        }
        comparison->n_selected += selected && g_hash_table_add(comparison->seen, result->id);
        g_ptr_array_add(kept, g_steal_pointer(&all->pdata[i]));
    }
    comparison->run->report->results = kept;
}

/* The last one of many that came along is rather what the others need. */
static bool is_ignored(guint n_extra, guint n_reported, guint n_listed)
{
    if (n_extra == 1 && n_listed > 2)
        return false;
    return n_reported >= n_listed ||
           (n_extra >= IGNORED_MIN &&
            (guint64)n_reported * 100 >= (guint64)n_listed * IGNORED_PERCENT);
}

/* "all 20 testcases of suite 'x'", "18 of the 20 testcases of suite 'x'" */
static char *describe_reported(guint n_reported, guint n_listed, const char *suite)
{
    return n_reported >= n_listed
               ? g_strdup_printf("all %u testcases of suite '%s'", n_listed, suite)
               : g_strdup_printf("%u of the %u testcases of suite '%s'", n_reported, n_listed,
                                 suite);
}

static char *describe_extra(const Comparison *comparison)
{
    const TpsSuite *suite = comparison->run->work->suite;
    const GPtrArray *extra = comparison->extra;
    guint n_listed = comparison->run->work->listing->len;
    guint n_reported = comparison->n_selected + extra->len;

    if (is_ignored(extra->len, n_reported, n_listed)) {
        g_autofree char *reported = describe_reported(n_reported, n_listed, suite->name);
        guint n = comparison->run->testcases->len;

        return g_strdup_printf("%s ignored the selection: it reported %s, %u %s selected",
                               suite->framework, reported, n, n == 1 ? "was" : "were");
    } else {
        g_autofree char *some = tps_names_some(extra);

        return g_strdup_printf("ran %u testcase%s not selected: %s", extra->len,
                               extra->len == 1 ? " that was" : "s that were", some);
    }
}

static void say(TpsPartReport *report, guint n, char *text)
{
    report->n_unselected += n;
    g_ptr_array_add(report->unselected, text);
}

static void compare(TpsLingeringBatch *run)
{
    g_autoptr(GHashTable) selected = ids_of(run->testcases);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GPtrArray) extra = g_ptr_array_new_with_free_func(g_free);
    Comparison comparison = {.run = run, .selected = selected, .seen = seen, .extra = extra};

    sift(&comparison);
    if (extra->len > 0)
        say(run->report, extra->len, describe_extra(&comparison));
    g_clear_pointer(&comparison.listed, g_hash_table_unref);
}

/* What was not selected has been told already. */
static void say_twice(TpsLingeringBatch *run)
{
    g_autoptr(GHashTable) selected = ids_of(run->testcases);
    g_autofree char *some = NULL;

    for (guint i = run->twice->len; i-- > 0;)
        if (!g_hash_table_contains(selected, g_ptr_array_index(run->twice, i)))
            g_ptr_array_remove_index(run->twice, i);
    if (run->twice->len == 0)
        return;
    some = tps_names_some(run->twice);
    say(run->report, run->twice->len,
        g_strdup_printf("%u testcase%s ran in more than one of its processes: %s", run->twice->len,
                        run->twice->len == 1 ? "" : "s", some));
}

void tps_batch_check_selection(TpsLingeringBatch *run)
{
    if (!is_as_selected(run))
        compare(run);
    if (run->twice)
        say_twice(run);
}

/* `process`: 1, 2, ...; what was told is remembered as that of none. */
static void note_result(TpsLingeringBatch *run, const char *id, int process)
{
    int former = GPOINTER_TO_INT(g_hash_table_lookup(run->ran, id));

    if (former == process || former < 0)
        return;
    g_hash_table_insert(run->ran, g_strdup(id), GINT_TO_POINTER(former ? -1 : process));
    if (!former)
        return;
    if (!run->twice)
        run->twice = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(run->twice, g_strdup(id));
}

void tps_batch_note_results(TpsLingeringBatch *run, const GPtrArray *results)
{
    guint process = 0;

    if (run->invocations->len < 2)
        return;
    if (!run->ran)
        run->ran = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_ptr_array_find(run->invocations, run->invocation, &process);
    for (guint i = 0; i < results->len; i++) {
        const TpsResult *result = g_ptr_array_index(results, i);

        if (result->outcome != TPS_OUTCOME_SKIPPED)
            note_result(run, result->id, (int)process + 1);
    }
}
