/* SPDX-License-Identifier: MIT */
#include "scheduler/merge.h"

#include "core/duration.h"
#include "core/names.h"
#include "formats/junit.h"
#include "scheduler/merge_internal.h"

#include <string.h>

static void suite_free(TpsMergedSuite *suite)
{
    g_free(suite->name);
    g_free(suite->hostname);
    g_ptr_array_unref(suite->properties);
    g_ptr_array_unref(suite->results);
    g_string_free(suite->output, TRUE);
    g_free(suite);
}

TpsMerge *tps_merge_new(const char *name, bool checked)
{
    TpsMerge *merge = g_new0(TpsMerge, 1);

    merge->name = g_strdup(name);
    merge->checked = checked;
    merge->suites = g_ptr_array_new_with_free_func((GDestroyNotify)suite_free);
    merge->problems = g_ptr_array_new_with_free_func(g_free);
    merge->notes = g_ptr_array_new_with_free_func(g_free);
    merge->started_us = TPS_TIME_UNKNOWN;
    merge->ended_us = TPS_TIME_UNKNOWN;
    return merge;
}

void tps_merge_free(TpsMerge *merge)
{
    if (!merge)
        return;
    g_free(merge->name);
    g_ptr_array_unref(merge->suites);
    g_ptr_array_unref(merge->problems);
    g_ptr_array_unref(merge->notes);
    g_free(merge);
}

TpsMergedSuite *tps_merge_add_suite(TpsMerge *merge, const char *name)
{
    TpsMergedSuite *suite = g_new0(TpsMergedSuite, 1);

    suite->name = g_strdup(name);
    suite->started_us = TPS_TIME_UNKNOWN;
    suite->ended_us = TPS_TIME_UNKNOWN;
    suite->properties = tps_junit_properties_new();
    suite->results = tps_results_new();
    suite->output = g_string_new(NULL);
    g_ptr_array_add(merge->suites, suite);
    return suite;
}

static void extend(int64_t *started, int64_t *ended, int64_t started_us, int64_t ended_us)
{
    if (started_us == TPS_TIME_UNKNOWN)
        return;
    *started = *started == TPS_TIME_UNKNOWN ? started_us : MIN(*started, started_us);
    *ended = MAX(*ended, ended_us);
}

void tps_merged_suite_extend(TpsMergedSuite *suite, int64_t started_us, int64_t ended_us)
{
    extend(&suite->started_us, &suite->ended_us, started_us, ended_us);
}

void tps_merge_problem(TpsMerge *merge, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_ptr_array_add(merge->problems, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

void tps_merge_note(TpsMerge *merge, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_ptr_array_add(merge->notes, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

/* Left out on purpose. */
static bool is_cut_short(const TpsResult *result)
{
    return result->outcome == TPS_OUTCOME_SKIPPED &&
           g_strcmp0(result->type, TPS_RESULT_NOT_RUN) == 0;
}

static void count_suite(TpsMerge *merge, const TpsMergedSuite *suite)
{
    for (guint i = 0; i < suite->results->len; i++) {
        const TpsResult *result = g_ptr_array_index(suite->results, i);

        if (is_cut_short(result)) {
            merge->n_not_run++;
            continue;
        }
        merge->count[result->outcome]++;
        merge->n_results++;
    }
    extend(&merge->started_us, &merge->ended_us, suite->started_us, suite->ended_us);
}

void tps_merge_finish(TpsMerge *merge)
{
    for (guint i = 0; i < merge->suites->len; i++)
        count_suite(merge, g_ptr_array_index(merge->suites, i));
    tps_names_sort(merge->problems);
    tps_names_sort(merge->notes);
}

void tps_merge_add_result(TpsMerge *merge, const char *name, TpsResult *result)
{
    TpsMergedSuite *suite = NULL;

    for (guint i = 0; i < merge->suites->len && !suite; i++) {
        TpsMergedSuite *known = g_ptr_array_index(merge->suites, i);

        if (strcmp(known->name, name) == 0)
            suite = known;
    }
    if (!suite)
        suite = tps_merge_add_suite(merge, name);
    g_ptr_array_add(suite->results, result);
    merge->count[result->outcome]++;
    merge->n_results++;
}

/* Seconds since the epoch with all their microseconds, so that merging again loses nothing. */
static void add_instant(GPtrArray *properties, const char *name, int64_t us)
{
    g_autofree char *text = tps_seconds_text(us);

    tps_junit_properties_add(properties, name, text);
}

static GPtrArray *stamp(const TpsMerge *merge, const TpsMergedSuite *suite)
{
    GPtrArray *properties = tps_junit_properties_new();
    g_autofree char *scope =
        g_strdup_printf("%u of %u planned testcases", merge->n_asked, merge->n_planned);

    if (merge->n_asked < merge->n_planned)
        tps_junit_properties_add(properties, "tpsched.scope", scope);
    if (merge->checked)
        tps_junit_properties_add(properties, "tpsched.complete",
                                 merge->problems->len + merge->n_not_run == 0 ? "true" : "false");
    if (suite->started_us != TPS_TIME_UNKNOWN) {
        add_instant(properties, "tpsched.started", suite->started_us);
        add_instant(properties, "tpsched.ended", suite->ended_us);
    }
    for (guint i = 0; i < suite->properties->len; i++) {
        const TpsJunitProperty *property = g_ptr_array_index(suite->properties, i);

        tps_junit_properties_add(properties, property->name, property->value);
    }
    return properties;
}

static void add_problem(GPtrArray *results, const char *problem)
{
    g_autofree char *id = g_strdup_printf("problem %u", results->len + 1);
    TpsResult *result = tps_result_new(id, TPS_OUTCOME_ERROR, 0);

    result->type = g_strdup("tpsched.incomplete");
    result->message = g_strdup(problem);
    g_ptr_array_add(results, result);
}

/* The problems as a suite of their own, so that every reader of the file sees them in red. */
static GPtrArray *problem_results(const TpsMerge *merge)
{
    GPtrArray *results = tps_results_new();

    for (guint i = 0; i < merge->problems->len; i++)
        add_problem(results, g_ptr_array_index(merge->problems, i));
    if (merge->n_not_run > 0) {
        g_autofree char *what = g_strdup_printf(
            "%u testcases were not run, because enough had failed", merge->n_not_run);

        add_problem(results, what);
    }
    return results;
}

GString *tps_merge_format(const TpsMerge *merge)
{
    g_autoptr(GArray) suites = g_array_new(FALSE, TRUE, sizeof(TpsJunitOutSuite));
    g_autoptr(GPtrArray) stamps = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    g_autoptr(GPtrArray) problems = problem_results(merge);
    TpsJunitOutSuite incomplete = {
        .name = "tpsched: the report is incomplete",
        .started_us = merge->started_us,
        .results = problems,
    };
    int64_t wall_us = merge->started_us == TPS_TIME_UNKNOWN ? TPS_TIME_UNKNOWN
                                                            : merge->ended_us - merge->started_us;

    for (guint i = 0; i < merge->suites->len; i++) {
        const TpsMergedSuite *suite = g_ptr_array_index(merge->suites, i);
        GPtrArray *properties = stamp(merge, suite);
        TpsJunitOutSuite out = {
            .name = suite->name,
            .hostname = suite->hostname,
            .started_us = suite->started_us,
            .properties = properties,
            .results = suite->results,
            .output = suite->output->len ? suite->output->str : NULL,
        };

        g_ptr_array_add(stamps, properties);
        g_array_append_val(suites, out);
    }
    if (problems->len > 0)
        g_array_append_val(suites, incomplete);
    return tps_junit_format(merge->name, wall_us, (const TpsJunitOutSuite *)(void *)suites->data,
                            suites->len);
}

bool tps_merge_is_complete(const TpsMerge *merge)
{
    return merge->problems->len == 0;
}

guint tps_merge_n_bad(const TpsMerge *merge)
{
    return merge->count[TPS_OUTCOME_FAILED] + merge->count[TPS_OUTCOME_ERROR] +
           (merge->flaky_fails ? merge->count[TPS_OUTCOME_FLAKY] : 0);
}
