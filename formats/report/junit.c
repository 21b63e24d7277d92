/* SPDX-License-Identifier: MIT */
#include "core/duration.h"
#include "core/names.h"
#include "formats/junit_writer_internal.h"
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

    result->type = g_strdup(TPS_RESULT_PROBLEM);
    result->message = g_strdup(problem);
    g_ptr_array_add(results, result);
}

/*
 * The problems as a suite of their own, so that every reader of the file sees them in red. In one
 * order: a merge that reads them again has only the texts.
 */
static GPtrArray *problem_results(const TpsReport *report)
{
    g_autoptr(GPtrArray) problems = g_ptr_array_new();
    GPtrArray *results = tps_results_new();
    g_autofree char *left_out =
        g_strdup_printf("%u testcases were not run, because enough had failed", report->n_not_run);

    for (guint i = 0; i < report->problems->len; i++)
        g_ptr_array_add(problems, g_ptr_array_index(report->problems, i));
    if (report->n_not_run > 0)
        g_ptr_array_add(problems, left_out);
    tps_names_sort(problems);
    for (guint i = 0; i < problems->len; i++)
        add_problem(results, g_ptr_array_index(problems, i));
    return results;
}

/* The results of a suite, told one by one. */
typedef struct {
    TpsJunitWriter *writer;
    TpsJunitCounts counts;
    bool alone; /* the ids of a suite are all different */
} Telling;

static bool foresee_result(const TpsReportSuite *suite, const TpsResult *result, void *user,
                           GError **error)
{
    Telling *telling = user;

    (void)error;
    tps_junit_count(&telling->counts, result);
    if (telling->alone)
        tps_junit_writer_foresee(telling->writer, suite->name, result);
    return true;
}

static bool write_result(const TpsReportSuite *suite, const TpsResult *result, void *user,
                         GError **error)
{
    Telling *telling = user;

    (void)suite;
    (void)error;
    tps_junit_writer_add(telling->writer, result);
    return true;
}

/* Counts stand before what is counted; most suites need no look at their results for that. */
static bool count_suite(const TpsReport *report, const TpsReportSuite *suite, Telling *telling,
                        TpsJunitCounts *counts, GError **error)
{
    if (telling->alone && suite->n_odd == 0) {
        *counts = (TpsJunitCounts){
            .tests = suite->n_results,
            .failures = suite->count[TPS_OUTCOME_FAILED],
            .errors = suite->count[TPS_OUTCOME_ERROR],
            .skipped = suite->count[TPS_OUTCOME_SKIPPED],
            .time_us = suite->time_us,
        };
        return true;
    }
    telling->counts = (TpsJunitCounts){0};
    if (!tps_report_visit(report, suite, foresee_result, telling, error))
        return false;
    *counts = telling->counts;
    return true;
}

/* A store has made one result of those of one id; a plan's parts may contradict each other. */
static bool count_suites(const TpsReport *report, Telling *telling, TpsJunitCounts *counts,
                         GError **error)
{
    telling->alone = report->store != NULL;
    for (guint i = 0; i < report->suites->len; i++) {
        const TpsReportSuite *suite = g_ptr_array_index(report->suites, i);

        if (telling->alone)
            tps_junit_writer_foresee_suite(telling->writer, suite->name);
        if (!count_suite(report, suite, telling, &counts[i], error))
            return false;
    }
    return true;
}

static bool write_suite(const TpsReport *report, const TpsReportSuite *suite, Telling *telling,
                        const TpsJunitCounts *counts, GError **error)
{
    g_autoptr(GPtrArray) properties = stamp(report, suite);
    const TpsJunitOutSuite out = {
        .name = suite->name,
        .hostname = suite->hostname,
        .started_us = suite->started_us,
        .properties = properties,
    };

    tps_junit_writer_start_suite(telling->writer, &out, counts);
    if (!tps_report_visit(report, suite, write_result, telling, error))
        return false;
    tps_junit_writer_end_suite(telling->writer, suite->output->str);
    return true;
}

static void write_problems(const TpsReport *report, TpsJunitWriter *writer,
                           const GPtrArray *problems, const TpsJunitCounts *counts)
{
    const TpsJunitOutSuite out = {.name = TPS_REPORT_PROBLEMS, .started_us = report->started_us};

    if (problems->len == 0)
        return;
    tps_junit_writer_start_suite(writer, &out, counts);
    for (guint i = 0; i < problems->len; i++)
        tps_junit_writer_add(writer, g_ptr_array_index(problems, i));
    tps_junit_writer_end_suite(writer, NULL);
}

static bool write_junit(const TpsReport *report, const TpsReportLook *look, TpsSink *sink,
                        GError **error)
{
    g_autofree TpsJunitCounts *counts = g_new0(TpsJunitCounts, report->suites->len + 1);
    g_autoptr(GPtrArray) problems = problem_results(report);
    g_autoptr(TpsJunitWriter) writer = tps_junit_writer_new(sink);
    Telling telling = {.writer = writer};
    TpsJunitCounts sum = {0};
    int64_t wall_us = report->started_us == TPS_TIME_UNKNOWN
                          ? TPS_TIME_UNKNOWN
                          : report->ended_us - report->started_us;

    (void)look;
    if (!count_suites(report, &telling, counts, error))
        return false;
    if (problems->len > 0 && telling.alone)
        tps_junit_writer_foresee_suite(writer, TPS_REPORT_PROBLEMS);
    for (guint i = 0; i < problems->len; i++)
        tps_junit_count(&counts[report->suites->len], g_ptr_array_index(problems, i));
    for (guint i = 0; i <= report->suites->len; i++)
        tps_junit_count_all(&sum, &counts[i]);
    tps_junit_writer_start(writer, report->name, &sum, wall_us);
    for (guint i = 0; i < report->suites->len; i++)
        if (!write_suite(report, g_ptr_array_index(report->suites, i), &telling, &counts[i], error))
            return false;
    write_problems(report, writer, problems, &counts[report->suites->len]);
    tps_junit_writer_end(writer);
    return true;
}

const TpsReportWriter tps_report_writer_junit = {
    .name = "junit",
    .suffix = ".xml",
    .about = "JUnit XML, which every CI system reads",
    .write = write_junit,
};
