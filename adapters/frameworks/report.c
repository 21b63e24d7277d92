/* SPDX-License-Identifier: MIT */
#include "adapters/frameworks/support_internal.h"
#include "core/duration.h"

#include <stdarg.h>
#include <string.h>

void tps_report_problem(TpsFrameworkReport *report, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_ptr_array_add(report->problems, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

bool tps_report_end(TpsFrameworkReport *report, const TpsExit *exit)
{
    g_autofree char *how = NULL;

    if (exit->end == TPS_END_EXITED)
        return true;
    how = tps_exit_describe(exit);
    tps_report_problem(report, "its process did not end by itself: %s", how);
    return false;
}

void tps_report_missing(TpsFrameworkReport *report, const TpsExit *exit)
{
    g_autofree char *how = tps_exit_describe(exit);

    tps_report_problem(report, "no report was written (%s)", how);
}

/* "was running for 2.3s": since a moment of the process's clock, or TPS_TIME_UNKNOWN */
static char *describe_running(int64_t since_us, const TpsExit *exit)
{
    g_autofree char *time = NULL;

    if (since_us == TPS_TIME_UNKNOWN || since_us > exit->ended_us)
        return g_strdup("was running");
    time = tps_duration_format(exit->ended_us - since_us);
    return g_strdup_printf("was running for %s", time);
}

TpsResult *tps_result_crashed(const char *id, int64_t since_us, const TpsExit *exit)
{
    TpsResult *result = tps_result_new(id, TPS_OUTCOME_ERROR, TPS_TIME_UNKNOWN);
    g_autofree char *how = tps_exit_describe(exit);
    g_autofree char *running = describe_running(since_us, exit);
    g_autofree char *output = tps_output_end(exit);

    result->type = g_strdup(exit->end == TPS_END_TIMEOUT ? "tpsched.timeout" : "tpsched.crashed");
    result->message = g_strdup_printf("%s when its process ended: %s", running, how);
    if (*output)
        result->output = g_steal_pointer(&output);
    return result;
}

TpsJunit *tps_report_open(TpsFrameworkReport *report, const char *path, const TpsExit *exit)
{
    g_autoptr(GError) why = NULL;
    TpsJunit *junit = tps_junit_read(path, &why);

    if (!junit) {
        tps_report_missing(report, exit);
        return NULL;
    }
    if (junit->problem)
        tps_report_problem(report, "the report is damaged: %s", junit->problem);
    tps_report_end(report, exit);
    return junit;
}

GPtrArray *tps_junit_all_cases(const TpsJunit *junit)
{
    GPtrArray *cases = g_ptr_array_new();

    for (guint i = 0; i < junit->suites->len; i++) {
        const TpsJunitSuite *suite = g_ptr_array_index(junit->suites, i);

        g_ptr_array_extend(cases, suite->cases, NULL, NULL);
    }
    return cases;
}

void tps_report_take(TpsFrameworkReport *report, TpsJunitCase *testcase, const char *id)
{
    TpsResult *result = g_steal_pointer(&testcase->result);

    if (strcmp(result->id, id) != 0) {
        g_free(result->id);
        result->id = g_strdup(id);
    }
    g_ptr_array_add(report->results, result);
}

/* The lines of both, or NULL when there are none. Equal ones are said once. */
static char *join(const char *a, const char *b)
{
    if (!a || !*a || g_strcmp0(a, b) == 0)
        return g_strdup(b);
    return b && *b ? g_strconcat(a, "\n", b, NULL) : g_strdup(a);
}

static int64_t add_times(int64_t a, int64_t b)
{
    if (a == TPS_TIME_UNKNOWN || b == TPS_TIME_UNKNOWN)
        return MAX(a, b);
    return a + b;
}

/* Takes `other`. tps_result_fold() keeps the worse one; what the other said is kept beside it. */
static void fold(TpsResult *result, TpsResult *other)
{
    char *text = join(result->text, other->text);
    char *output = join(result->output, other->output);
    int64_t time_us = add_times(result->time_us, other->time_us);

    tps_result_fold(result, other);
    g_free(result->text);
    g_free(result->output);
    result->text = text;
    result->output = output;
    result->time_us = time_us;
}

void tps_report_fold(TpsFrameworkReport *report)
{
    /* Keys of its own: folding may free the id a result had when it was met first. */
    g_autoptr(GHashTable) first = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GPtrArray *folded = tps_results_new();

    for (guint i = 0; i < report->results->len; i++) {
        TpsResult *result = g_ptr_array_index(report->results, i);
        TpsResult *before = g_hash_table_lookup(first, result->id);

        if (before) {
            fold(before, result);
        } else {
            g_hash_table_insert(first, g_strdup(result->id), result);
            g_ptr_array_add(folded, result);
        }
    }
    g_ptr_array_set_free_func(report->results, NULL);
    g_ptr_array_unref(report->results);
    report->results = folded;
}
