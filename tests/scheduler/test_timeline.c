/* SPDX-License-Identifier: MIT */
#include "scheduler/timeline.h"
#include "tests/unit.h"

#include <string.h>

#define SECOND INT64_C(1000000)
#define EPOCH (INT64_C(1700000000) * SECOND)

static TpsPartReport *report_new(const char *suite, const char *host, const char *origin,
                                 int worker, int start, int end)
{
    TpsPartReport *report = tps_part_report_new(suite, (TpsPart){0, 1});

    report->plan_id = g_strdup("p");
    report->attempt = 1;
    report->done = true;
    report->host = g_strdup(host);
    report->origin = g_strdup(origin);
    report->digest = g_strdup(suite);
    report->worker = worker;
    report->started_us = EPOCH + start * SECOND;
    report->ended_us = EPOCH + end * SECOND;
    report->wall_us = report->ended_us - report->started_us;
    report->setup_us = SECOND;
    return report;
}

static void add(TpsPartReport *report, const char *id, int64_t us, int piece)
{
    TpsResult *result = tps_result_new(id, TPS_OUTCOME_PASSED, us);

    result->piece = piece;
    g_ptr_array_add(report->results, result);
}

static const TpsTimelineBar *bar_at(const TpsTimeline *timeline, guint i)
{
    ck_assert_uint_lt(i, timeline->bars->len);
    return &g_array_index(timeline->bars, TpsTimelineBar, i);
}

static const TpsTimelineSpan *span_at(const TpsTimeline *timeline, const TpsTimelineBar *bar,
                                      guint i)
{
    ck_assert_uint_lt(i, bar->n_spans);
    return &g_array_index(timeline->spans, TpsTimelineSpan, bar->first_span + i);
}

static GPtrArray *reports_new(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify)tps_part_report_free);
}

START_TEST(testcases_follow_the_setup)
{
    g_autoptr(GPtrArray) reports = reports_new();
    g_autoptr(TpsTimeline) timeline = NULL;
    TpsPartReport *report = report_new("a", "h", "d/journal.jsonl:1", 0, 0, 5);
    const TpsTimelineBar *bar;

    add(report, "one", SECOND, 0);
    add(report, "two", TPS_TIME_UNKNOWN, 0);
    add(report, "three", 2 * SECOND, 0);
    g_ptr_array_add(reports, report);
    g_ptr_array_add(reports, report_new("b", "h", "d/journal.jsonl:2", 0, 5, 6));
    timeline = tps_timeline_of(NULL, reports);
    ck_assert_int_eq(timeline->started_us, EPOCH);
    ck_assert_int_eq(timeline->length_us, 6 * SECOND);
    bar = bar_at(timeline, 0);
    ck_assert_uint_eq(bar->n_spans, 3);
    ck_assert_int_eq(span_at(timeline, bar, 0)->start_us, SECOND);
    ck_assert_int_eq(span_at(timeline, bar, 1)->start_us, 2 * SECOND);
    ck_assert_int_eq(span_at(timeline, bar, 1)->length_us, 0);
    ck_assert_int_eq(span_at(timeline, bar, 2)->start_us, 2 * SECOND);
    ck_assert_int_eq(span_at(timeline, bar, 2)->length_us, 2 * SECOND);
    ck_assert_int_eq(bar_at(timeline, 1)->start_us, 5 * SECOND);
}
END_TEST

/* Testcases that ran side by side in one process take longer than it did. */
START_TEST(what_does_not_fit_is_made_shorter)
{
    g_autoptr(GPtrArray) reports = reports_new();
    g_autoptr(TpsTimeline) timeline = NULL;
    TpsPartReport *report = report_new("a", "h", NULL, 0, 0, 5);
    const TpsTimelineBar *bar;

    add(report, "one", 6 * SECOND, 0);
    add(report, "two", 2 * SECOND, 0);
    g_ptr_array_add(reports, report);
    timeline = tps_timeline_of(NULL, reports);
    bar = bar_at(timeline, 0);
    ck_assert_int_eq(span_at(timeline, bar, 0)->length_us, 3 * SECOND);
    ck_assert_int_eq(span_at(timeline, bar, 1)->start_us, 4 * SECOND);
    ck_assert_int_eq(span_at(timeline, bar, 1)->length_us, SECOND);
}
END_TEST

START_TEST(a_cut_task_is_a_bar_for_each_piece)
{
    g_autoptr(GPtrArray) reports = reports_new();
    g_autoptr(TpsTimeline) timeline = NULL;
    TpsPartReport *report = report_new("a", "h", NULL, 0, 0, 9);
    TpsPartPiece pieces[] = {{1, EPOCH + 3 * SECOND, 6 * SECOND, SECOND, TPS_TIME_UNKNOWN},
                             {0, EPOCH, 4 * SECOND, SECOND, TPS_TIME_UNKNOWN}};

    report->pieces = g_array_new(FALSE, TRUE, sizeof(TpsPartPiece));
    g_array_append_vals(report->pieces, pieces, 2);
    add(report, "one", SECOND, 0);
    add(report, "two", 2 * SECOND, 1);
    g_ptr_array_add(reports, report);
    timeline = tps_timeline_of(NULL, reports);
    ck_assert_uint_eq(timeline->rows->len, 2);
    ck_assert_int_eq(bar_at(timeline, 0)->piece, 1);
    ck_assert_str_eq(span_at(timeline, bar_at(timeline, 0), 0)->id, "two");
    ck_assert_int_eq(bar_at(timeline, 1)->start_us, 3 * SECOND);
    ck_assert_str_eq(span_at(timeline, bar_at(timeline, 1), 0)->id, "one");
}
END_TEST

/* As a journal may say that somebody wrote. */
START_TEST(no_piece_begins_before_its_task)
{
    g_autoptr(GPtrArray) reports = reports_new();
    g_autoptr(TpsTimeline) timeline = NULL;
    TpsPartReport *report = report_new("a", "h", NULL, 0, 0, 9);
    TpsPartPiece piece = {0, 0, 6 * SECOND, SECOND, TPS_TIME_UNKNOWN};

    report->pieces = g_array_new(FALSE, TRUE, sizeof(TpsPartPiece));
    g_array_append_val(report->pieces, piece);
    g_ptr_array_add(reports, report);
    timeline = tps_timeline_of(NULL, reports);
    ck_assert_int_eq(bar_at(timeline, 0)->start_us, 0);
    ck_assert_int_eq(timeline->length_us, 6 * SECOND);
}
END_TEST

/* Every node of a CI system may be called "runner", and each has a worker 0. */
START_TEST(machines_of_one_name_are_told_apart)
{
    g_autoptr(GPtrArray) reports = reports_new();
    g_autoptr(TpsTimeline) timeline = NULL;

    g_ptr_array_add(reports, report_new("a", "runner", "x/journal.jsonl:2", 0, 0, 5));
    g_ptr_array_add(reports, report_new("b", "runner", "y/journal.jsonl:2", 0, 1, 6));
    g_ptr_array_add(reports, report_new("c", "runner", "x/journal.jsonl:4", 1, 2, 6));
    timeline = tps_timeline_of(NULL, reports);
    ck_assert_uint_eq(timeline->rows->len, 3);
    ck_assert_str_eq(g_array_index(timeline->rows, TpsTimelineRow, 1).host, "runner");
    ck_assert_str_eq(g_array_index(timeline->rows, TpsTimelineRow, 2).host, "runner 2");
}
END_TEST

START_TEST(copies_count_once_and_lost_ones_are_shown)
{
    g_autoptr(GPtrArray) reports = reports_new();
    g_autoptr(TpsTimeline) timeline = NULL;
    TpsPartReport *lost = report_new("b", "h", NULL, 1, 2, 9);

    lost->done = false;
    g_ptr_array_add(reports, report_new("a", "h", NULL, 0, 0, 5));
    g_ptr_array_add(reports, lost);
    g_ptr_array_add(reports, report_new("a", "h", NULL, 0, 0, 5));
    timeline = tps_timeline_of(NULL, reports);
    ck_assert_uint_eq(timeline->bars->len, 2);
    ck_assert_int_eq(bar_at(timeline, 1)->status, TPS_STATUS_LOST);
    ck_assert_int_eq(bar_at(timeline, 1)->end_us, bar_at(timeline, 1)->start_us);
}
END_TEST

START_TEST(nothing_begun_is_no_timeline)
{
    g_autoptr(GPtrArray) reports = reports_new();

    ck_assert_ptr_null(tps_timeline_of(NULL, reports));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("timeline");
    TCase *tcase = tcase_create("of");

    tcase_add_test(tcase, testcases_follow_the_setup);
    tcase_add_test(tcase, what_does_not_fit_is_made_shorter);
    tcase_add_test(tcase, a_cut_task_is_a_bar_for_each_piece);
    tcase_add_test(tcase, no_piece_begins_before_its_task);
    tcase_add_test(tcase, machines_of_one_name_are_told_apart);
    tcase_add_test(tcase, copies_count_once_and_lost_ones_are_shown);
    tcase_add_test(tcase, nothing_begun_is_no_timeline);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
