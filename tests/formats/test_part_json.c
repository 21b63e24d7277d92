/* SPDX-License-Identifier: MIT */
#include "core/duration.h"
#include "core/error.h"
#include "formats/json.h"
#include "formats/part_json.h"
#include "tests/reports.h"
#include "tests/scratch.h"
#include "tests/unit.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

/* Ids that a file could lose; the last one is 10 kB. */
static const char *const odd_ids[] = {
    "plain",
    "a\nb",
    "\"quoted\" & 'so' <x>",
    "\033[31mred\033[0m",
    "\xff\xfe bad",
    " spaces  in ",
    "\ttab\r",
    "t.py::x[$(rm -rf .)]",
    "../../etc",
    "é\xe2\x98\x83",
    "]]>",
    "%0A",
    "&#10;",
};

static TpsPartReport *odd_report(void)
{
    TpsPartReport *report = report_new("s \"u\"\n", (TpsPart){1, 3}, "", "", 1234567);

    for (size_t i = 0; i < G_N_ELEMENTS(odd_ids); i++) {
        TpsResult *result = tps_result_new(odd_ids[i], (TpsOutcome)(i % 5), (int64_t)i * 1001);

        if (i % 5 == TPS_OUTCOME_FLAKY)
            result->outcome = TPS_OUTCOME_PASSED;
        g_ptr_array_add(report->planned, g_strdup(odd_ids[i]));
        g_ptr_array_add(report->results, result);
    }
    g_ptr_array_add(report->planned, g_strnfill(10000, 'x'));
    g_ptr_array_add(report->results,
                    tps_result_new(g_ptr_array_index(report->planned, report->planned->len - 1),
                                   TPS_OUTCOME_PASSED, TPS_TIME_UNKNOWN));
    report->attempt = 2;
    report->worker = 5;
    report->end = TPS_END_SIGNALED;
    report->code = 11;
    report->cpu_us = 999999;
    report->rerun_us = 1234;
    report->max_rss_bytes = INT64_C(1) << 40;
    report->n_leaked = 3;
    report->teardown_us = 17;
    strings_add(report->added, "new");
    strings_add(report->removed, "old older");
    strings_add(report->problems, "odd");
    return report;
}

static void save(const TpsPartReport *report)
{
    g_autoptr(GError) error = NULL;

    ck_assert_msg(tps_part_report_save(report, scratch_dir, &error), "%s",
                  error ? error->message : "");
}

static TpsPartReport *load(void)
{
    g_autoptr(GError) error = NULL;
    TpsPartReport *report = tps_part_report_load(scratch_dir, &error);

    ck_assert_msg(report != NULL, "%s", error ? error->message : "");
    return report;
}

static void assert_strings(const GPtrArray *got, const GPtrArray *expected)
{
    ck_assert_uint_eq(got->len, expected->len);
    for (guint i = 0; i < got->len; i++)
        ck_assert_str_eq(g_ptr_array_index(got, i), g_ptr_array_index(expected, i));
}

static void assert_process(const TpsPartReport *got, const TpsPartReport *expected)
{
    ck_assert_int_eq(got->ended_us, expected->ended_us);
    ck_assert_int_eq(got->end, expected->end);
    ck_assert_int_eq(got->code, expected->code);
    ck_assert_int_eq(got->wall_us, expected->wall_us);
    ck_assert_int_eq(got->cpu_us, expected->cpu_us);
    ck_assert_int_eq(got->rerun_us, expected->rerun_us);
    ck_assert_int_eq(got->max_rss_bytes, expected->max_rss_bytes);
    ck_assert_int_eq(got->n_leaked, expected->n_leaked);
    ck_assert_int_eq(got->setup_us, expected->setup_us);
    ck_assert_int_eq(got->teardown_us, expected->teardown_us);
}

START_TEST(what_is_written_is_read)
{
    g_autoptr(TpsPartReport) report = odd_report();
    g_autoptr(TpsPartReport) got = NULL;
    g_autofree char *path = scratch_path(TPS_PART_FILE);
    g_autofree char *digest = NULL;

    save(report);
    got = load();
    digest = tps_file_digest(path, NULL);
    ck_assert_str_eq(got->plan_id, "plan");
    ck_assert_str_eq(got->suite, "s \"u\"\n");
    ck_assert_int_eq(got->part.index, 1);
    ck_assert_int_eq(got->part.count, 3);
    ck_assert_int_eq(got->attempt, 2);
    ck_assert_int_eq(got->worker, 5);
    ck_assert(got->done);
    ck_assert_str_eq(got->host, "host");
    ck_assert_int_eq(got->started_us, report->started_us);
    assert_process(got, report);
    assert_strings(got->planned, report->planned);
    assert_strings(got->added, report->added);
    assert_strings(got->removed, report->removed);
    assert_strings(got->problems, report->problems);
    ck_assert_str_eq(got->origin, path);
    ck_assert_str_eq(got->digest, digest);
}
END_TEST

START_TEST(results_survive)
{
    g_autoptr(TpsPartReport) report = odd_report();
    g_autoptr(TpsPartReport) got = NULL;

    save(report);
    got = load();
    ck_assert_uint_eq(got->results->len, report->results->len);
    for (guint i = 0; i < got->results->len; i++) {
        const TpsResult *a = g_ptr_array_index(got->results, i);
        const TpsResult *b = g_ptr_array_index(report->results, i);

        ck_assert_str_eq(a->id, b->id);
        ck_assert_int_eq(a->outcome, b->outcome);
        if (b->time_us != TPS_TIME_UNKNOWN)
            ck_assert_int_eq(a->time_us, b->time_us);
    }
}
END_TEST

START_TEST(a_running_part_has_no_results)
{
    g_autoptr(TpsPartReport) report = odd_report();
    g_autoptr(TpsPartReport) got = NULL;
    g_autofree char *xml = scratch_path(TPS_PART_REPORT_FILE);

    report->done = false;
    save(report);
    ck_assert(!g_file_test(xml, G_FILE_TEST_EXISTS));
    got = load();
    ck_assert(!got->done);
    ck_assert_uint_eq(got->results->len, 0);
    assert_strings(got->planned, report->planned);
}
END_TEST

/* The same report has the same bytes, so that a copy is known by its digest. */
START_TEST(the_same_report_is_the_same_file)
{
    g_autoptr(TpsPartReport) report = odd_report();
    g_autofree char *path = scratch_path(TPS_PART_FILE);
    g_autofree char *first = NULL;
    g_autofree char *second = NULL;

    save(report);
    first = scratch_read(path);
    save(report);
    second = scratch_read(path);
    ck_assert_str_eq(first, second);
}
END_TEST

static TpsPartReport *small_report(void)
{
    return report_new("s", (TpsPart){0, 1}, "a b", "a:p:5 b:f:6", 11);
}

START_TEST(a_missing_report_is_a_problem)
{
    g_autoptr(TpsPartReport) report = small_report();
    g_autoptr(TpsPartReport) got = NULL;
    g_autofree char *xml = scratch_path(TPS_PART_REPORT_FILE);

    save(report);
    ck_assert_int_eq(g_remove(xml), 0);
    got = load();
    ck_assert_uint_eq(got->problems->len, 1);
    ck_assert_str_eq(g_ptr_array_index(got->problems, 0), "its report is missing");
    ck_assert(tps_part_report_is_bad(got));
}
END_TEST

START_TEST(half_a_report_is_a_problem)
{
    g_autoptr(TpsPartReport) report = small_report();
    g_autofree char *xml = scratch_path(TPS_PART_REPORT_FILE);
    g_autofree char *text = NULL;

    save(report);
    text = scratch_read(xml);
    for (size_t length = 0; length < strlen(text); length++) {
        g_autofree char *half = scratch_write(TPS_PART_REPORT_FILE, text, length);
        g_autoptr(TpsPartReport) got = load();

        ck_assert_uint_ge(got->problems->len, 1);
        if (length + 1 < strlen(text)) /* not only without its last newline */
            ck_assert_ptr_nonnull(
                strstr(g_ptr_array_index(got->problems, 0), "its report is truncated or damaged"));
        ck_assert_str_eq(half, xml);
        ck_assert_uint_le(got->results->len, 2);
        ck_assert(tps_part_report_is_bad(got));
    }
}
END_TEST

START_TEST(another_report_is_a_problem)
{
    g_autoptr(TpsPartReport) report = small_report();
    g_autoptr(TpsPartReport) got = NULL;
    g_autofree char *xml = scratch_path(TPS_PART_REPORT_FILE);
    g_autofree char *text = NULL;
    g_auto(GStrv) halves = NULL;
    g_autofree char *changed = NULL;

    save(report);
    text = scratch_read(xml);
    halves = g_strsplit(text, "0.000005", 2);
    ck_assert_uint_eq(g_strv_length(halves), 2);
    changed = g_strjoinv("0.000004", halves);
    scratch_put(TPS_PART_REPORT_FILE, changed);
    got = load();
    ck_assert_uint_eq(got->problems->len, 1);
    ck_assert_str_eq(g_ptr_array_index(got->problems, 0),
                     "its report is not the one that was written (SHA-256 differs)");
    ck_assert_uint_eq(got->results->len, 2);
}
END_TEST

START_TEST(half_an_identity_is_refused)
{
    g_autoptr(TpsPartReport) report = small_report();
    g_autofree char *path = scratch_path(TPS_PART_FILE);
    g_autofree char *text = NULL;

    save(report);
    text = scratch_read(path);
    for (size_t length = 0; length + 1 < strlen(text); length++) {
        g_autofree char *half = scratch_write(TPS_PART_FILE, text, length);
        g_autoptr(GError) error = NULL;

        ck_assert_ptr_null(tps_part_report_load(scratch_dir, &error));
        assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, half);
    }
}
END_TEST

static const char *const changes[][3] = {
    {"tpsched.part/1", "tpsched.part/2", "schema 'tpsched.part/2' is not 'tpsched.part/1'"},
    {"\"schema\"", "\"scheme\"", "'schema' must be a string"},
    {"\"suite\"", "\"sweet\"", "'suite' must be a string"},
    {"\"plan\":", "\"plain\":", "'plan' must be a string"},
    {"[0, 1]", "[1, 1]", "'part' must be [M, N] with 0 <= M < N"},
    {"[0, 1]", "[-1, 1]", "'part' must be [M, N] with 0 <= M < N"},
    {"[0, 1]", "[0]", "'part' must be [M, N] with 0 <= M < N"},
    {"[0, 1]", "[0, 1, 2]", "'part' must be [M, N] with 0 <= M < N"},
    {"[0, 1]", "[0.5, 1]", "'part' must be [M, N] with 0 <= M < N"},
    {"[0, 1]", "\"0,1\"", "'part' must be an array"},
    {"\"attempt\":\t1", "\"attempt\":\t0", "'attempt' must be a whole number"},
    {"\"done\"", "\"gone\"", "'state' must be 'running' or 'done'"},
    {"\"state\"", "\"stale\"", "'state' must be a string"},
    {"\"host\"", "\"hast\"", "'host' must be a string"},
    {"\"worker\":\t0", "\"worker\":\t-1", "'worker' must be a whole number"},
    {"\"started\"", "\"startled\"", "'started' must be seconds since the epoch"},
    {"\"ended\"", "\"eden\"", "'ended' must be seconds since the epoch"},
    {"\"exited\"", "\"exists\"", "'end' is not a word this version knows"},
    {"\"code\":\t0", "\"code\":\t-1", "'code' must be a whole number"},
    {"\"cpu_time\":\t0", "\"cpu_time\":\t-1", "'cpu_time': not a time"},
    {"\"leaked\":\t0", "\"leaked\":\t0.5", "'leaked' must be a whole number"},
    {"\"report_sha256\"", "\"digest\"", "'report_sha256' must be a string"},
};

START_TEST(changes_are_refused)
{
    g_autoptr(TpsPartReport) report = small_report();
    g_autofree char *path = scratch_path(TPS_PART_FILE);
    g_autofree char *text = NULL;
    g_auto(GStrv) halves = NULL;
    g_autofree char *changed = NULL;
    g_autoptr(GError) error = NULL;

    save(report);
    text = scratch_read(path);
    halves = g_strsplit(text, changes[_i][0], 2);
    ck_assert_msg(g_strv_length(halves) == 2, "no %s in %s", changes[_i][0], text);
    changed = g_strjoinv(changes[_i][1], halves);
    scratch_put(TPS_PART_FILE, changed);
    ck_assert_msg(!tps_part_report_load(scratch_dir, &error), "%s was read", changes[_i][1]);
    ck_assert_ptr_nonnull(strstr(error->message, path));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, changes[_i][2]);
}
END_TEST

START_TEST(a_missing_directory_is_said)
{
    g_autoptr(TpsPartReport) report = small_report();
    g_autofree char *none = scratch_path("none");
    g_autoptr(GError) error = NULL;

    ck_assert_ptr_null(tps_part_report_load(none, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "none/part.json");
    ck_assert(!tps_part_report_save(report, none, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "none/report.xml");
    report->done = false;
    ck_assert(!tps_part_report_save(report, none, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "none/part.json");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("part_json");
    TCase *tcase = tcase_create("part_json");

    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, scratch_make, scratch_remove);
    tcase_add_test(tcase, what_is_written_is_read);
    tcase_add_test(tcase, results_survive);
    tcase_add_test(tcase, a_running_part_has_no_results);
    tcase_add_test(tcase, the_same_report_is_the_same_file);
    tcase_add_test(tcase, a_missing_report_is_a_problem);
    tcase_add_test(tcase, half_a_report_is_a_problem);
    tcase_add_test(tcase, another_report_is_a_problem);
    tcase_add_test(tcase, half_an_identity_is_refused);
    tcase_add_loop_test(tcase, changes_are_refused, 0, G_N_ELEMENTS(changes));
    tcase_add_test(tcase, a_missing_directory_is_said);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
