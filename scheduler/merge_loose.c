/* SPDX-License-Identifier: MIT */
#include "scheduler/merge.h"
#include "scheduler/merge_internal.h"

#include <string.h>

TpsLooseReport *tps_loose_report_new(const char *suite, const char *origin)
{
    TpsLooseReport *report = g_new0(TpsLooseReport, 1);

    report->suite = g_strdup(suite);
    report->origin = g_strdup(origin);
    report->started_us = TPS_TIME_UNKNOWN;
    report->ended_us = TPS_TIME_UNKNOWN;
    report->results = tps_results_new();
    return report;
}

void tps_loose_report_free(TpsLooseReport *report)
{
    if (!report)
        return;
    g_free(report->suite);
    g_free(report->origin);
    g_free(report->digest);
    g_ptr_array_unref(report->results);
    g_free(report);
}

static int compare_reports(const void *a, const void *b)
{
    const TpsLooseReport *x = *(const TpsLooseReport *const *)a;
    const TpsLooseReport *y = *(const TpsLooseReport *const *)b;
    int order = strcmp(x->suite, y->suite);

    return order ? order : strcmp(x->digest, y->digest);
}

static int compare_results(const void *a, const void *b)
{
    return strcmp((*(const TpsResult *const *)a)->id, (*(const TpsResult *const *)b)->id);
}

/* Of two reports of a testcase the one in which it was executed counts, then the worse. */
static void add_results(GHashTable *by_id, TpsReportSuite *suite, TpsLooseReport *report,
                        guint *n_twice)
{
    for (guint i = 0; i < report->results->len; i++) {
        TpsResult *result = g_steal_pointer(&report->results->pdata[i]);
        TpsResult *known = g_hash_table_lookup(by_id, result->id);

        if (!known) {
            g_hash_table_insert(by_id, result->id, result);
            g_ptr_array_add(suite->results, result);
            continue;
        }
        *n_twice += known->outcome != TPS_OUTCOME_SKIPPED && result->outcome != TPS_OUTCOME_SKIPPED;
        tps_result_fold(known, result);
    }
    g_ptr_array_set_size(report->results, 0);
}

static void merge_suite(TpsReport *merge, const GPtrArray *reports, guint first, guint end)
{
    const char *name = ((TpsLooseReport *)g_ptr_array_index(reports, first))->suite;
    TpsReportSuite *suite = tps_report_add_suite(merge, name);
    g_autoptr(GHashTable) by_id = g_hash_table_new(g_str_hash, g_str_equal);
    guint n_twice = 0;

    for (guint i = first; i < end; i++) {
        TpsLooseReport *report = g_ptr_array_index(reports, i);

        tps_report_suite_extend(suite, report->started_us, report->ended_us);
        add_results(by_id, suite, report, &n_twice);
    }
    g_ptr_array_sort(suite->results, compare_results);
    if (n_twice > 0)
        tps_report_add_note(merge,
                            "%s: %u testcases are in several reports; the worse result counts",
                            name, n_twice);
}

/* The same bytes given twice; a file has one digest and maybe several suites. */
static void drop_copies(TpsReport *merge, GPtrArray *reports)
{
    for (guint i = 0; i + 1 < reports->len;) {
        const TpsLooseReport *report = g_ptr_array_index(reports, i);
        const TpsLooseReport *next = g_ptr_array_index(reports, i + 1);

        if (compare_reports(&report, &next) != 0 || strcmp(report->origin, next->origin) == 0) {
            i++;
            continue;
        }
        tps_report_add_note(merge, "%s: the same report was given more than once and counts once",
                            report->suite);
        g_ptr_array_remove_index(reports, i);
    }
}

TpsReport *tps_merge_loose(const char *name, const GPtrArray *reports)
{
    TpsReport *merge = tps_report_new(name, false);
    g_autoptr(GPtrArray) sorted = g_ptr_array_new();

    for (guint i = 0; i < reports->len; i++)
        g_ptr_array_add(sorted, g_ptr_array_index(reports, i));
    g_ptr_array_sort(sorted, compare_reports);
    drop_copies(merge, sorted);
    for (guint first = 0, end = 0; first < sorted->len; first = end) {
        const TpsLooseReport *report = g_ptr_array_index(sorted, first);

        while (end < sorted->len &&
               strcmp(((TpsLooseReport *)g_ptr_array_index(sorted, end))->suite, report->suite) ==
                   0)
            end++;
        merge_suite(merge, sorted, first, end);
    }
    tps_report_finish(merge);
    return merge;
}
