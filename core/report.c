/* SPDX-License-Identifier: MIT */
#include "core/report.h"

#include "core/names.h"
#include "core/saturate.h"

#include <string.h>

static void suite_free(TpsReportSuite *suite)
{
    g_free(suite->name);
    g_free(suite->hostname);
    g_ptr_array_unref(suite->properties);
    g_clear_pointer(&suite->results, g_ptr_array_unref);
    g_string_free(suite->output, TRUE);
    g_free(suite);
}

TpsReport *tps_report_new(const char *name, bool checked)
{
    TpsReport *report = g_new0(TpsReport, 1);

    report->name = g_strdup(name);
    report->checked = checked;
    report->suites = g_ptr_array_new_with_free_func((GDestroyNotify)suite_free);
    report->problems = g_ptr_array_new_with_free_func(g_free);
    report->notes = g_ptr_array_new_with_free_func(g_free);
    report->started_us = TPS_TIME_UNKNOWN;
    report->ended_us = TPS_TIME_UNKNOWN;
    report->makespan_us = TPS_TIME_UNKNOWN;
    report->lower_bound_us = TPS_TIME_UNKNOWN;
    return report;
}

void tps_report_free(TpsReport *report)
{
    if (!report)
        return;
    g_free(report->name);
    g_free(report->plan_id);
    g_ptr_array_unref(report->suites);
    g_ptr_array_unref(report->problems);
    g_ptr_array_unref(report->notes);
    tps_timeline_free(report->timeline);
    if (report->store)
        report->store->free(report->stored);
    g_free(report);
}

TpsReportSuite *tps_report_add_suite(TpsReport *report, const char *name)
{
    TpsReportSuite *suite = g_new0(TpsReportSuite, 1);

    suite->name = g_strdup(name);
    suite->started_us = TPS_TIME_UNKNOWN;
    suite->ended_us = TPS_TIME_UNKNOWN;
    suite->properties = tps_properties_new();
    suite->results = tps_results_new();
    suite->output = g_string_new(NULL);
    g_ptr_array_add(report->suites, suite);
    return suite;
}

static void extend(int64_t *started, int64_t *ended, int64_t started_us, int64_t ended_us)
{
    if (started_us == TPS_TIME_UNKNOWN)
        return;
    *started = *started == TPS_TIME_UNKNOWN ? started_us : MIN(*started, started_us);
    *ended = MAX(*ended, ended_us);
}

void tps_report_suite_extend(TpsReportSuite *suite, int64_t started_us, int64_t ended_us)
{
    extend(&suite->started_us, &suite->ended_us, started_us, ended_us);
}

bool tps_result_is_left_out(const TpsResult *result)
{
    return result->outcome == TPS_OUTCOME_SKIPPED &&
           g_strcmp0(result->type, TPS_RESULT_NOT_RUN) == 0;
}

static bool is_plain(const char *id)
{
    const char *byte = id;

    while (*byte >= 0x20 && *byte < 0x7F)
        byte++;
    return *id && !*byte;
}

void tps_report_count(TpsReport *report, TpsReportSuite *suite, const TpsResult *result)
{
    bool left_out = tps_result_is_left_out(result);

    suite->n_odd += left_out || result->attempts || result->cases || !is_plain(result->id);
    if (left_out) {
        report->n_not_run++;
        return;
    }
    if (result->time_us != TPS_TIME_UNKNOWN)
        suite->time_us = tps_add_sat(suite->time_us, result->time_us);
    suite->count[result->outcome]++;
    suite->n_results++;
    report->count[result->outcome]++;
    report->n_results++;
}

void tps_report_add_result(TpsReport *report, const char *name, TpsResult *result)
{
    TpsReportSuite *suite = NULL;

    for (guint i = 0; i < report->suites->len && !suite; i++) {
        TpsReportSuite *known = g_ptr_array_index(report->suites, i);

        if (strcmp(known->name, name) == 0)
            suite = known;
    }
    if (!suite)
        suite = tps_report_add_suite(report, name);
    g_ptr_array_add(suite->results, result);
    tps_report_count(report, suite, result);
}

void tps_report_add_problem(TpsReport *report, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_ptr_array_add(report->problems, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

void tps_report_add_note(TpsReport *report, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_ptr_array_add(report->notes, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

void tps_report_finish(TpsReport *report)
{
    for (guint i = 0; i < report->suites->len; i++) {
        TpsReportSuite *suite = g_ptr_array_index(report->suites, i);

        for (guint j = 0; suite->results && j < suite->results->len; j++)
            tps_report_count(report, suite, g_ptr_array_index(suite->results, j));
        extend(&report->started_us, &report->ended_us, suite->started_us, suite->ended_us);
    }
    tps_names_sort(report->problems);
    tps_names_sort(report->notes);
}

bool tps_report_visit(const TpsReport *report, const TpsReportSuite *suite, TpsResultVisitor visit,
                      void *user, GError **error)
{
    if (!suite->results)
        return report->store->visit(report->stored, suite, visit, user, error);
    for (guint i = 0; i < suite->results->len; i++)
        if (!visit(suite, g_ptr_array_index(suite->results, i), user, error))
            return false;
    return true;
}

bool tps_report_is_complete(const TpsReport *report)
{
    return report->problems->len == 0;
}

guint tps_report_n_bad(const TpsReport *report)
{
    return report->count[TPS_OUTCOME_FAILED] + report->count[TPS_OUTCOME_ERROR] +
           (report->flaky_fails ? report->count[TPS_OUTCOME_FLAKY] : 0);
}

const char *tps_report_verdict(const TpsReport *report)
{
    if (!tps_report_is_complete(report))
        return "INCOMPLETE";
    return tps_report_n_bad(report) > 0 ? "FAILED" : "PASSED";
}

int tps_report_exit_status(const TpsReport *report)
{
    if (!tps_report_is_complete(report))
        return 3;
    return tps_report_n_bad(report) > 0 ? 1 : 0;
}
