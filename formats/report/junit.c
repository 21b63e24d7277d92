/* SPDX-License-Identifier: MIT */
#include "formats/junit.h"

#include "core/duration.h"
#include "formats/report/writers_internal.h"

/* Seconds since the epoch with all their microseconds, so that merging again loses nothing. */
static void add_instant(GPtrArray *properties, const char *name, int64_t us)
{
    g_autofree char *text = tps_seconds_text(us);

    tps_properties_add(properties, name, text);
}

static GPtrArray *stamp(const TpsReport *report, const TpsReportSuite *suite)
{
    GPtrArray *properties = tps_properties_new();
    g_autofree char *scope =
        g_strdup_printf("%u of %u planned testcases", report->n_asked, report->n_planned);

    if (report->n_asked < report->n_planned)
        tps_properties_add(properties, "tpsched.scope", scope);
    if (report->checked)
        tps_properties_add(properties, "tpsched.complete",
                           report->problems->len + report->n_not_run == 0 ? "true" : "false");
    if (suite->started_us != TPS_TIME_UNKNOWN) {
        add_instant(properties, "tpsched.started", suite->started_us);
        add_instant(properties, "tpsched.ended", suite->ended_us);
    }
    for (guint i = 0; i < suite->properties->len; i++) {
        const TpsProperty *property = g_ptr_array_index(suite->properties, i);

        tps_properties_add(properties, property->name, property->value);
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
static GPtrArray *problem_results(const TpsReport *report)
{
    GPtrArray *results = tps_results_new();

    for (guint i = 0; i < report->problems->len; i++)
        add_problem(results, g_ptr_array_index(report->problems, i));
    if (report->n_not_run > 0) {
        g_autofree char *what = g_strdup_printf(
            "%u testcases were not run, because enough had failed", report->n_not_run);

        add_problem(results, what);
    }
    return results;
}

static GString *text_of(const TpsReport *report)
{
    g_autoptr(GArray) suites = g_array_new(FALSE, TRUE, sizeof(TpsJunitOutSuite));
    g_autoptr(GPtrArray) stamps = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    g_autoptr(GPtrArray) problems = problem_results(report);
    TpsJunitOutSuite incomplete = {
        .name = "tpsched: the report is incomplete",
        .started_us = report->started_us,
        .results = problems,
    };
    int64_t wall_us = report->started_us == TPS_TIME_UNKNOWN
                          ? TPS_TIME_UNKNOWN
                          : report->ended_us - report->started_us;

    for (guint i = 0; i < report->suites->len; i++) {
        const TpsReportSuite *suite = g_ptr_array_index(report->suites, i);
        GPtrArray *properties = stamp(report, suite);
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
    return tps_junit_format(report->name, wall_us, (const TpsJunitOutSuite *)(void *)suites->data,
                            suites->len);
}

static bool write_junit(const TpsReport *report, const TpsReportLook *look, TpsSink *sink,
                        GError **error)
{
    GString *text = text_of(report);

    (void)look;
    (void)error;
    tps_sink_write(sink, text->str, text->len);
    g_string_free(text, TRUE);
    return true;
}

const TpsReportWriter tps_report_writer_junit = {
    .name = "junit",
    .suffix = ".xml",
    .about = "JUnit XML, which every CI system reads",
    .write = write_junit,
};
