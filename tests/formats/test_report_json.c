/* SPDX-License-Identifier: MIT */
#include "core/error.h"
#include "formats/json.h"
#include "formats/json_line.h"
#include "tests/report_sample.h"
#include "tests/report_text.h"
#include "tests/unit.h"

#include <cJSON.h>
#include <string.h>

static const char golden[] =
    "{\n"
    "\"schema\":\"tpsched.report/1\",\"name\":\"passed\",\"plan\":\"0123456789abcdef\",\n"
    "\"verdict\":\"PASSED\",\"exit_status\":0,\"complete\":true,\"checked\":true,"
    "\"flaky_fails\":false,\n"
    "\"counts\":{\"testcases\":2,\"skipped\":1,\"passed\":1,\"flaky\":0,\"failed\":0,\"error\":0,"
    "\"not_run\":0},\n"
    "\"planned\":{\"testcases\":2,\"asked\":2,\"size\":2,\"makespan\":80,\"lower_bound\":70},\n"
    "\"started\":1795168800,\"ended\":1795168801,\"wall_time\":1,\n"
    "\"problems\":[],\n"
    "\"notes\":[],\n"
    "\"suites\":[\n"
    "{\"name\":\"all green\",\"started\":1795168800,\"ended\":1795168801,\"time\":0.500000,"
    "\"counts\":{\"testcases\":2,\"skipped\":1,\"passed\":1,\"flaky\":0,\"failed\":0,\"error\":0},"
    "\"results\":[\n"
    "{\"id\":\"Suite:one\",\"outcome\":\"passed\",\"time\":0.500000},\n"
    "{\"id\":\"Suite:two\",\"outcome\":\"skipped\"}]}]\n"
    "}\n";

START_TEST(the_bytes)
{
    g_autoptr(TpsReport) report = sample_report("passed", false);
    g_autofree char *text = report_text(report, "json");

    ck_assert_str_eq(text, golden);
}
END_TEST

START_TEST(no_byte_is_lost)
{
    g_autoptr(TpsReport) report = sample_report("nasty", false);
    g_autofree char *text = report_text(report, "json");
    g_autoptr(cJSON) root = cJSON_Parse(text);
    const cJSON *suite = cJSON_GetObjectItemCaseSensitive(root, "suites");

    ck_assert_ptr_nonnull(root);
    for (guint i = 0; i < report->suites->len; i++) {
        const TpsReportSuite *expected = g_ptr_array_index(report->suites, i);
        const cJSON *element = cJSON_GetArrayItem(suite, (int)i);
        const cJSON *results = cJSON_GetObjectItemCaseSensitive(element, "results");
        g_autofree char *name =
            tps_json_line_bytes(cJSON_GetObjectItemCaseSensitive(element, "name"));

        ck_assert_str_eq(name, expected->name);
        for (guint k = 0; k < expected->results->len; k++) {
            const TpsResult *result = g_ptr_array_index(expected->results, k);
            const cJSON *one = cJSON_GetArrayItem(results, (int)k);
            g_autofree char *id = tps_json_line_bytes(cJSON_GetObjectItemCaseSensitive(one, "id"));

            ck_assert_str_eq(id, result->id);
        }
    }
}
END_TEST

static bool refuse(gpointer store, const TpsReportSuite *suite, TpsResultVisitor visit, void *user,
                   GError **error)
{
    (void)store;
    (void)suite;
    (void)visit;
    (void)user;
    g_set_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "the store is gone");
    return false;
}

static void nothing(gpointer store)
{
    (void)store;
}

static const TpsResultStore broken = {refuse, nothing};

START_TEST(what_cannot_be_read_is_an_error)
{
    const TpsReportLook look = {NULL};

    for (const TpsReportWriter *const *writer = tps_report_writers; *writer; writer++) {
        g_autoptr(TpsReport) report = sample_report("plain", true);
        TpsReportSuite *suite = g_ptr_array_index(report->suites, 1);
        TpsSink *sink = tps_sink_of(stderr);
        GError *error = NULL;

        if (strcmp((*writer)->name, "junit") == 0 || strcmp((*writer)->name, "trace") == 0) {
            tps_sink_drop(sink);
            continue; /* read no store */
        }
        g_clear_pointer(&suite->results, g_ptr_array_unref);
        report->store = &broken;
        ck_assert_msg(!(*writer)->write(report, &look, sink, &error), "%s", (*writer)->name);
        assert_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "the store is gone");
        tps_sink_drop(sink);
    }
}
END_TEST

static const struct {
    const char *path;
    const char *name;
} suffixes[] = {
    {"report.json", "json"},
    {"dir.tap/report.ctrf.json", "ctrf"},
    {"report.trace.json", "trace"},
    {"report.tap", "tap"},
    {"report.md", "markdown"},
    {"report.xml", "junit"},
    {"report", NULL},
    {"json", NULL},
};

START_TEST(a_name_tells_the_format)
{
    const TpsReportWriter *writer = tps_report_writer_by_suffix(suffixes[_i].path);

    ck_assert_pstr_eq(writer ? writer->name : NULL, suffixes[_i].name);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("formats/report_json");
    TCase *cases = tcase_create("json");

    tcase_add_test(cases, the_bytes);
    tcase_add_test(cases, no_byte_is_lost);
    tcase_add_loop_test(cases, a_name_tells_the_format, 0, G_N_ELEMENTS(suffixes));
    tcase_add_test(cases, what_cannot_be_read_is_an_error);
    suite_add_tcase(suite, cases);
    return unit_main(suite);
}
