/* SPDX-License-Identifier: MIT */
#include "scheduler/join.h"
#include "tests/unit.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

/* "a b c" into a list of names. */
static void add_words(GPtrArray *names, const char *text)
{
    g_auto(GStrv) words = g_strsplit(text, " ", -1);

    for (char **word = words; *word; word++)
        if (**word)
            g_ptr_array_add(names, g_strdup(*word));
}

/* "a:passed b:failed" */
static void add_results(GPtrArray *results, const char *text)
{
    g_auto(GStrv) words = g_strsplit(text, " ", -1);

    for (char **word = words; *word; word++) {
        g_auto(GStrv) pair = g_strsplit(*word, ":", 2);
        TpsOutcome outcome = TPS_OUTCOME_SKIPPED;

        if (!**word)
            continue;
        while (strcmp(tps_outcome_name(outcome), pair[1]) != 0)
            outcome++;
        g_ptr_array_add(results, tps_result_new(pair[0], outcome, 1000));
    }
}

static char *describe(const TpsPartReport *report)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < report->results->len; i++) {
        const TpsResult *result = g_ptr_array_index(report->results, i);

        g_string_append_printf(text, "%s%s:%s", i ? " " : "", result->id,
                               tps_outcome_name(result->outcome));
    }
    return g_string_free(text, FALSE);
}

static TpsPartReport *piece_new(const char *planned, const char *results)
{
    TpsPartReport *piece = tps_part_report_new("s", (TpsPart){0, 1});

    add_words(piece->planned, planned);
    add_results(piece->results, results);
    piece->wall_us = 10;
    piece->cpu_us = 5;
    piece->paused_us = 3;
    piece->max_rss_bytes = 100;
    piece->peak_bytes = 200;
    piece->n_leaked = 1;
    return piece;
}

typedef struct {
    const char *name;
    const char *planned;   /* of the task                    */
    const char *pieces[4]; /* planned, results, planned, ... */
    const char *results;
    const char *problem; /* or NULL */
} Case;

static const Case cases[] = {
    {"one piece", "a b", {"a b", "b:passed a:failed"}, "a:failed b:passed", NULL},
    {"two pieces, in planned order",
     "a b c",
     {"a c", "c:passed a:passed", "b", "b:failed"},
     "a:passed b:failed c:passed",
     NULL},
    {"what is in no report stays missing",
     "a b c",
     {"a", "a:passed", "b c", "c:passed"},
     "a:passed c:passed",
     NULL},
    {"listed by another piece as skipped",
     "a b",
     {"a", "a:passed b:skipped", "b", "a:skipped b:failed"},
     "a:passed b:failed",
     NULL},
    {"skipped by its own piece",
     "a b",
     {"a", "a:skipped", "b", "b:passed"},
     "a:skipped b:passed",
     NULL},
    {"ran where it was not to run",
     "a b",
     {"a", "a:passed b:passed", "b", "b:failed"},
     "a:passed b:failed",
     "testcase 'b' ran in a piece that was not to run it"},
    {"of other parts, once each",
     "a b",
     {"a", "x:skipped a:passed", "b", "x:skipped b:passed y:skipped"},
     "a:passed b:passed x:skipped y:skipped",
     NULL},
    {"a process that failed in one piece",
     "a b",
     {"a", "a:failed", "b", "b:passed s:error"},
     "a:failed b:passed s:error",
     NULL},
};

START_TEST(joins)
{
    const Case *c = &cases[_i];
    g_autoptr(TpsPartReport) report = tps_part_report_new("s", (TpsPart){0, 1});
    g_autoptr(GPtrArray) pieces =
        g_ptr_array_new_with_free_func((GDestroyNotify)tps_part_report_free);
    g_autofree char *text = NULL;

    add_words(report->planned, c->planned);
    for (int i = 0; i < 4 && c->pieces[i]; i += 2)
        g_ptr_array_add(pieces, piece_new(c->pieces[i], c->pieces[i + 1]));
    tps_join_pieces(report, pieces, true);
    text = describe(report);
    ck_assert_msg(strcmp(text, c->results) == 0, "%s: %s", c->name, text);
    ck_assert_uint_eq(report->problems->len, c->problem ? 1 : 0);
    if (c->problem)
        ck_assert_str_eq(g_ptr_array_index(report->problems, 0), c->problem);
    ck_assert_int_eq(report->wall_us, 10 * (int64_t)pieces->len);
    ck_assert_int_eq(report->cpu_us, 5 * (int64_t)pieces->len);
    ck_assert_int_eq(report->paused_us, 3 * (int64_t)pieces->len);
    ck_assert_int_eq(report->max_rss_bytes, 100);
    ck_assert_int_eq(report->peak_bytes, 200);
    ck_assert_int_eq(report->n_leaked, (int)pieces->len);
    ck_assert_int_eq(report->n_pieces, (int)pieces->len);
    ck_assert(report->end == TPS_END_EXITED && report->code == 0);
}
END_TEST

/* From the best to the worst. */
static const struct {
    TpsEnd end;
    int code;
} ends[] = {
    {TPS_END_EXITED, 0},   {TPS_END_EXITED, 1},  {TPS_END_EXITED, 2},      {TPS_END_CANCELLED, 0},
    {TPS_END_SIGNALED, 6}, {TPS_END_TIMEOUT, 0}, {TPS_END_NOT_STARTED, 2}, {TPS_END_LOST, 0},
};

START_TEST(the_worst_end_wins_in_any_order)
{
    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++)
        for (size_t j = 0; j < G_N_ELEMENTS(ends); j++) {
            g_autoptr(TpsPartReport) report = tps_part_report_new("s", (TpsPart){0, 1});
            size_t worst = MAX(i, j);

            tps_join_end(report, ends[i].end, ends[i].code);
            tps_join_end(report, ends[j].end, ends[j].code);
            ck_assert(report->end == ends[worst].end && report->code == ends[worst].code);
        }
}
END_TEST

START_TEST(times_that_nobody_measured_stay_unknown)
{
    g_autoptr(TpsPartReport) report = tps_part_report_new("s", (TpsPart){0, 1});
    g_autoptr(GPtrArray) pieces =
        g_ptr_array_new_with_free_func((GDestroyNotify)tps_part_report_free);

    g_ptr_array_add(pieces, piece_new("a", "a:passed"));
    g_ptr_array_add(pieces, piece_new("b", "b:passed"));
    ((TpsPartReport *)g_ptr_array_index(pieces, 1))->setup_us = 7;
    tps_join_pieces(report, pieces, true);
    ck_assert_int_eq(report->setup_us, 7);
    ck_assert_int_eq(report->teardown_us, TPS_TIME_UNKNOWN);
}
END_TEST

START_TEST(a_piece_that_never_started_is_cancelled)
{
    g_autoptr(TpsPartReport) report = tps_part_report_new("s", (TpsPart){0, 1});
    g_autoptr(GPtrArray) pieces =
        g_ptr_array_new_with_free_func((GDestroyNotify)tps_part_report_free);
    g_autofree char *text = NULL;

    add_words(report->planned, "a b");
    g_ptr_array_add(pieces, piece_new("b", "b:passed"));
    tps_join_pieces(report, pieces, false);
    text = describe(report);
    ck_assert_str_eq(text, "b:passed");
    ck_assert_int_eq(report->end, TPS_END_CANCELLED);
}
END_TEST

START_TEST(outputs_are_joined_and_bounded)
{
    g_autoptr(TpsPartReport) report = tps_part_report_new("s", (TpsPart){0, 1});
    g_autofree char *long_text = g_strnfill(600000, 'x');

    tps_join_output(report, NULL);
    ck_assert_ptr_null(report->output);
    tps_join_output(report, "one\n");
    tps_join_output(report, "two\n");
    ck_assert_str_eq(report->output, "one\ntwo\n");
    for (int i = 0; i < 10; i++)
        tps_join_output(report, long_text);
    ck_assert_uint_lt(strlen(report->output), 2000000);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("join");
    TCase *tcase = tcase_create("join");

    tcase_add_loop_test(tcase, joins, 0, G_N_ELEMENTS(cases));
    tcase_add_test(tcase, the_worst_end_wins_in_any_order);
    tcase_add_test(tcase, times_that_nobody_measured_stay_unknown);
    tcase_add_test(tcase, a_piece_that_never_started_is_cancelled);
    tcase_add_test(tcase, outputs_are_joined_and_bounded);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
