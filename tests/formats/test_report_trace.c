/* SPDX-License-Identifier: MIT */
#include "core/error.h"
#include "tests/report_sample.h"
#include "tests/report_text.h"
#include "tests/unit.h"

#include <string.h>

#define MS INT64_C(1000)

static const char golden[] =
    "{\n"
    "\"displayTimeUnit\":\"ms\",\"otherData\":{\"name\":\"r\","
    "\"verdict\":\"PASSED: 0 testcases\",\"started\":1795168800},\n"
    "\"traceEvents\":[\n"
    "{\"ph\":\"M\",\"name\":\"process_name\",\"pid\":0,\"tid\":0,\"args\":{\"name\":\"the "
    "run\"}},\n"
    "{\"ph\":\"M\",\"name\":\"process_name\",\"pid\":1,\"tid\":0,\"args\":{\"name\":\"h\"}},\n"
    "{\"ph\":\"M\",\"name\":\"process_sort_index\",\"pid\":1,\"tid\":0,"
    "\"args\":{\"sort_index\":1}},\n"
    "{\"ph\":\"M\",\"name\":\"thread_name\",\"pid\":1,\"tid\":1,\"args\":{\"name\":\"worker "
    "3\"}},\n"
    "{\"ph\":\"M\",\"name\":\"thread_sort_index\",\"pid\":1,\"tid\":1,"
    "\"args\":{\"sort_index\":1}},\n"
    "{\"ph\":\"X\",\"name\":\"a 1,4\",\"pid\":1,\"tid\":1,\"cat\":\"task\",\"ts\":0,\"dur\":9000,"
    "\"cname\":\"terrible\",\"args\":{\"status\":\"signaled\",\"end\":\"killed by SIGSEGV\","
    "\"attempt\":1,\"piece\":0,\"expected_start_s\":0,\"expected_s\":0.509000,"
    "\"critical\":true}},\n"
    "{\"ph\":\"X\",\"name\":\"setup\",\"pid\":1,\"tid\":1,\"cat\":\"phase\",\"ts\":0,\"dur\":2000,"
    "\"cname\":\"grey\"},\n"
    "{\"ph\":\"X\",\"name\":\"t\",\"pid\":1,\"tid\":1,\"cat\":\"testcase\",\"ts\":2000,\"dur\":"
    "3000,"
    "\"cname\":\"good\",\"args\":{\"outcome\":\"passed\"}},\n"
    "{\"ph\":\"X\",\"name\":\"late\",\"pid\":1,\"tid\":1,\"cat\":\"testcase\",\"ts\":5000,"
    "\"dur\":3000,\"cname\":\"good\",\"args\":{\"outcome\":\"passed\"}},\n"
    "{\"ph\":\"X\",\"name\":\"teardown\",\"pid\":1,\"tid\":1,\"cat\":\"phase\",\"ts\":8000,"
    "\"dur\":1000,\"cname\":\"grey\"},\n"
    "{\"ph\":\"i\",\"name\":\"killed by SIGSEGV\",\"pid\":1,\"tid\":1,\"cat\":\"end\",\"ts\":9000,"
    "\"s\":\"t\"},\n"
    "{\"ph\":\"C\",\"name\":\"running tasks\",\"pid\":0,\"tid\":0,\"ts\":0,"
    "\"args\":{\"running\":1}},\n"
    "{\"ph\":\"C\",\"name\":\"running tasks\",\"pid\":0,\"tid\":0,\"ts\":9000,"
    "\"args\":{\"running\":0}}]\n"
    "}\n";

START_TEST(the_bytes)
{
    g_autoptr(TpsReport) report = tps_report_new("r", true);
    TpsTimeline *timeline = tps_timeline_new(SAMPLE_EPOCH);
    TpsTimelineBar *bar;
    g_autofree char *text = NULL;

    report->timeline = timeline;
    sample_row(timeline, "h", 3);
    bar = sample_bar(timeline, 0, "a", 0, 9 * MS);
    bar->part = (TpsPart){1, 4};
    bar->setup_us = 2 * MS;
    bar->teardown_us = MS;
    bar->status = TPS_STATUS_SIGNALED;
    bar->end = "killed by SIGSEGV";
    sample_span(timeline, bar, "t", MS, 3 * MS);
    sample_span(timeline, bar, "late", 4 * MS, 90 * MS);
    tps_timeline_settle(timeline);
    text = report_text(report, "trace");
    ck_assert_str_eq(text, golden);
}
END_TEST

START_TEST(no_timeline_is_an_error)
{
    g_autoptr(TpsReport) report = sample_report("plain", false);
    const TpsReportWriter *writer = tps_report_writer_find("trace", NULL);
    const TpsReportLook look = {NULL};
    TpsSink *sink = tps_sink_of(stderr);
    GError *error = NULL;

    ck_assert(!writer->write(report, &look, sink, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "there is no trace of these reports");
    ck_assert_uint_eq(tps_sink_bytes(sink), 0);
    tps_sink_drop(sink);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("formats/report_trace");
    TCase *cases = tcase_create("trace");

    tcase_add_test(cases, the_bytes);
    tcase_add_test(cases, no_timeline_is_an_error);
    suite_add_tcase(suite, cases);
    return unit_main(suite);
}
