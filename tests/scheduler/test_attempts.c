/* SPDX-License-Identifier: MIT */
#include "core/testcase.h"
#include "scheduler/again.h"
#include "scheduler/attempts.h"
#include "tests/reports.h"
#include "tests/unit.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

#define WALL_US 100

/* What one piece did. */
typedef struct {
    int attempt;
    const char *planned;
    const char *results; /* "a:p:150"; NULL = it never started */
    TpsEnd end;
    int code;
    const char *process; /* its process failed, and no testcase says why; or NULL */
    const char *problem;
    bool replaced;
    int deaths;
} Did;

static void piece_free(void *data)
{
    TpsPiece *piece = data;

    tps_part_report_free(piece->report);
    g_free(piece);
}

static TpsPiece *piece_new(const Did *did, int number)
{
    TpsPiece *piece = g_new0(TpsPiece, 1);

    piece->attempt = did->attempt;
    piece->number = number;
    piece->worker = number;
    piece->replaced = did->replaced;
    piece->deaths = did->deaths;
    if (!did->results)
        return piece;
    piece->report = tps_part_report_new("s", (TpsPart){0, 1});
    strings_add(piece->report->planned, did->planned);
    results_add(piece->report->results, did->results);
    piece->report->end = did->end;
    piece->report->code = did->code;
    piece->report->wall_us = WALL_US;
    if (did->problem)
        g_ptr_array_add(piece->report->problems, g_strdup(did->problem));
    if (did->process) {
        TpsResult *result = tps_result_new("s: process", TPS_OUTCOME_ERROR, TPS_TIME_UNKNOWN);

        result->type = g_strdup("tpsched.process");
        result->message = g_strdup(did->process);
        g_ptr_array_add(piece->report->results, result);
    }
    return piece;
}

static GPtrArray *pieces_new(const Did *did)
{
    GPtrArray *pieces = g_ptr_array_new_with_free_func(piece_free);

    for (int i = 0; did[i].attempt; i++)
        g_ptr_array_add(pieces, piece_new(&did[i], i));
    return pieces;
}

/* "a:flaky(first message|second) b:passed | exit status 0": results with their history, the end. */
static char *describe(const TpsPartReport *report)
{
    GString *text = g_string_new(NULL);
    g_autofree char *end = tps_end_describe(report->end, report->code, 0);

    for (guint i = 0; i < report->results->len; i++) {
        const TpsResult *result = g_ptr_array_index(report->results, i);

        g_string_append_printf(text, "%s:%s", result->id, tps_outcome_name(result->outcome));
        for (guint j = 0; result->attempts && j < result->attempts->len; j++) {
            const TpsResult *earlier = g_ptr_array_index(result->attempts, j);

            g_string_append_printf(text, "<%s%s%s", tps_outcome_name(earlier->outcome),
                                   earlier->message ? " " : "",
                                   earlier->message ? earlier->message : "");
            if (earlier->text)
                g_string_append_printf(text, " [%s]", earlier->text);
        }
        g_string_append_c(text, ' ');
    }
    g_string_append_printf(text, "| %s", end);
    for (guint i = 0; i < report->problems->len; i++)
        g_string_append_printf(text, " | %s", (char *)g_ptr_array_index(report->problems, i));
    return g_string_free(text, FALSE);
}

static const struct {
    const char *name;
    Did did[5];
    const char *expected;
    int n_wall;  /* in WALL_USs */
    int n_rerun; /* likewise    */
    int n_pieces;
    bool repeated;
} cases[] = {
    {"one attempt",
     {{1, "a b c", "a:p:1 b:f:2 c:s:3", TPS_END_EXITED, 1}},
     "a:passed b:failed c:skipped | exit status 1",
     1,
     0,
     1,
     false},
    {"flaky",
     {{1, "a b c", "a:p:1 b:f:2 c:p:3", TPS_END_EXITED, 1}, {2, "b", "b:p:4"}},
     "a:passed b:flaky<failed c:passed | exit status 0",
     2,
     1,
     1,
     false},
    {"still failing",
     {{1, "a b c", "a:p:1 b:f:2 c:p:3", TPS_END_EXITED, 1},
      {2, "b", "b:e:4", TPS_END_EXITED, 1},
      {3, "b", "b:f:4", TPS_END_EXITED, 1}},
     "a:passed b:failed<failed<error c:passed | exit status 1",
     3,
     2,
     1,
     false},
    {"two pieces, one rerun",
     {{1, "a b", "a:f:1 b:p:2", TPS_END_EXITED, 1}, {1, "c", "c:p:3"}, {2, "a", "a:p:4"}},
     "a:flaky<failed b:passed c:passed | exit status 0",
     3,
     1,
     2,
     false},
    {"a crash that a testcase explains",
     {{1, "a b c", "a:p:1 b:e:2", TPS_END_SIGNALED, 11}, {2, "b c", "b:p:4 c:p:5"}},
     "a:passed b:flaky<error c:passed | exit status 0",
     2,
     2,
     1,
     false},
    {"a crash that none explains is that of the first without a result",
     {{1, "a b c", "a:p:1", TPS_END_SIGNALED, 11, "killed by SIGSEGV"}, {2, "b c", "b:p:4 c:p:5"}},
     "a:passed b:flaky<error killed by SIGSEGV c:passed | exit status 0",
     2,
     2,
     1,
     false},
    {"all had a result: the last one that ran again",
     {{1, "a b", "a:p:1 b:p:2", TPS_END_EXITED, 3, "exit status 3"}, {2, "a b", "a:p:1 b:p:2"}},
     "a:passed b:flaky<error exit status 3 | exit status 0",
     2,
     1,
     1,
     false},
    {"a skip can't be what crashed",
     {{1, "a b", "a:p:1", TPS_END_SIGNALED, 9, "killed"}, {2, "a b", "a:p:1 b:s:2"}},
     "a:flaky<error killed b:skipped | exit status 0",
     2,
     2,
     1,
     false},
    {"nothing answers for it: it stays",
     {{1, "a", "", TPS_END_SIGNALED, 9, "killed"}, {2, "a", "a:s:1"}},
     "a:skipped s: process:error | exit status 0",
     2,
     2,
     1,
     false},
    {"a problem of an earlier attempt is history",
     {{1, "a b", "a:p:1", TPS_END_EXITED, 1, NULL, "truncated"}, {2, "b", "b:p:2"}},
     "a:passed b:flaky<error exit status 1 [truncated] | exit status 0",
     2,
     1,
     1,
     false},
    {"or that of the testcase that explains it",
     {{1, "a b c", "a:p:1 b:e:1", TPS_END_SIGNALED, 11, NULL, "truncated"},
      {2, "b c", "b:p:2 c:p:2"}},
     "a:passed b:flaky<error [truncated] c:passed | exit status 0",
     2,
     2,
     1,
     false},
    {"one of the last attempt is not",
     {{1, "a b", "a:p:1 b:f:1", TPS_END_EXITED, 1}, {2, "b", "b:p:2", .problem = "truncated"}},
     "a:passed b:flaky<failed | exit status 0 | truncated",
     2,
     1,
     1,
     false},
    {"a rerun without a result leaves the first word",
     {{1, "a b", "a:p:1 b:f:1", TPS_END_EXITED, 1}, {2, "b", "", TPS_END_TIMEOUT}},
     "a:passed b:failed | timed out after 0ms",
     2,
     1,
     1,
     false},
    {"a skip is no answer",
     {{1, "a", "a:f:1", TPS_END_EXITED, 1}, {2, "a", "a:s:1"}},
     "a:failed | exit status 0",
     2,
     1,
     1,
     false},
    {"a rerun that was stopped says nothing",
     {{1, "a", "a:f:1", TPS_END_EXITED, 1}, {2, "a", "a:p:1", TPS_END_CANCELLED}},
     "a:failed | exit status 1",
     1,
     0,
     1,
     false},
    {"nor one that never started",
     {{1, "a", "a:f:1", TPS_END_EXITED, 1}, {2, "a", NULL}},
     "a:failed | exit status 1",
     1,
     0,
     1,
     false},
    {"a first attempt that was not whole is cancelled",
     {{1, "a", "a:p:1"}, {1, "b", NULL}},
     "a:passed | cancelled",
     1,
     0,
     1,
     false},
    {"others listed as skipped are left alone",
     {{1, "a b", "a:p:1 b:f:1", TPS_END_EXITED, 1}, {2, "b", "a:s:0 b:p:2"}},
     "a:passed b:flaky<failed | exit status 0",
     2,
     1,
     1,
     false},
    {"whoever runs along fails along",
     {{1, "a b", "a:p:1 b:f:1", TPS_END_EXITED, 1}, {2, "a b", "a:f:1 b:p:2", TPS_END_EXITED, 1}},
     "a:failed b:flaky<failed | exit status 1",
     2,
     1,
     1,
     false},
    {"its worker died once",
     {{1, "a b", "a:p:1", TPS_END_LOST, .replaced = true}, {1, "a b", "a:p:1 b:p:2", .deaths = 1}},
     "a:flaky<error lost: its worker died; another one ran it again b:passed | exit status 0",
     2,
     1,
     1,
     false},
    {"and twice",
     {{1, "a b", "", TPS_END_LOST, .replaced = true}, {1, "a b", "", TPS_END_LOST, .deaths = 1}},
     "| lost: its supervisor was killed | lost: it killed its worker twice and was quarantined",
     2,
     2,
     1,
     false},
    {"repetitions that pass",
     {{1, "a b", "a:p:1 b:p:1"}, {2, "a b", "a:p:2 b:p:2"}},
     "a:passed b:passed | exit status 0",
     2,
     1,
     1,
     true},
    {"one of three fails",
     {{1, "a b", "a:p:1 b:p:1"},
      {2, "a b", "a:f:2 b:p:2", TPS_END_EXITED, 1},
      {3, "a b", "a:p:3 b:p:3"}},
     "a:failed b:passed | exit status 1",
     3,
     2,
     1,
     true},
    {"two of three fail",
     {{1, "a", "a:f:1", TPS_END_EXITED, 1},
      {2, "a", "a:p:2"},
      {3, "a", "a:f:3", TPS_END_EXITED, 1}},
     "a:failed<failed | exit status 1",
     3,
     2,
     1,
     true},
    {"a repetition crashes",
     {{1, "a", "a:p:1"},
      {2, "a", "", TPS_END_SIGNALED, 11, "killed by SIGSEGV"},
      {3, "a", "a:p:1"}},
     "a:passed s: process:error | killed by SIGSEGV",
     3,
     2,
     1,
     true},
};

START_TEST(attempts_are_joined)
{
    g_autoptr(GPtrArray) pieces = pieces_new(cases[_i].did);
    g_autoptr(TpsPartReport) report = tps_part_report_new("s", (TpsPart){0, 1});
    g_autofree char *got = NULL;

    for (int i = 0; cases[_i].did[i].attempt == 1; i++)
        if (!cases[_i].did[i].replaced)
            strings_add(report->planned, cases[_i].did[i].planned);
    tps_attempts_join(report, pieces, cases[_i].repeated);
    got = describe(report);
    ck_assert_msg(strcmp(got, cases[_i].expected) == 0, "%s: %s, not %s", cases[_i].name, got,
                  cases[_i].expected);
    ck_assert_int_eq(report->wall_us, cases[_i].n_wall * WALL_US);
    ck_assert_int_eq(report->rerun_us, cases[_i].n_rerun * WALL_US);
    ck_assert_int_eq(report->n_pieces, cases[_i].n_pieces);
}
END_TEST

/* What ran where it was not to run has run, whatever later attempts do; what all say is said once.
 */
START_TEST(no_attempt_mends_what_was_not_selected)
{
    const Did did[] = {
        {1, "a", "a:f:1", TPS_END_EXITED, 1}, {1, "b", "b:p:1"}, {2, "a", "a:p:1"}, {0}};
    g_autoptr(GPtrArray) pieces = pieces_new(did);
    g_autoptr(TpsPartReport) report = tps_part_report_new("s", (TpsPart){0, 1});
    TpsAgain again;
    g_autofree char *got = NULL;

    strings_add(report->planned, "a b");
    for (guint i = 0; i < 2; i++) {
        TpsPartReport *piece = ((TpsPiece *)g_ptr_array_index(pieces, i))->report;

        piece->n_unselected = 2;
        g_ptr_array_add(piece->unselected, g_strdup("ran more"));
    }
    tps_attempts_join(report, pieces, _i);
    got = describe(report);
    ck_assert_str_eq(got, _i ? "a:failed b:passed | exit status 1 | ran more"
                             : "a:flaky<failed b:passed | exit status 0 | ran more");
    ck_assert_uint_eq(report->n_unselected, 4);
    ck_assert_uint_eq(report->unselected->len, 0);
    /* And it is no reason to try again. */
    g_ptr_array_set_size(pieces, 2);
    g_ptr_array_remove_index(pieces, 0);
    ck_assert(!tps_again_choose(pieces, &(TpsAgainScope){0}, &again));
}
END_TEST

/* The first attempt may have been fine: whoever looks for the sandbox looks here. */
START_TEST(what_a_later_attempt_left_is_known)
{
    const Did did[] = {{1, "a", "a:p:1"}, {2, "a", "", TPS_END_SIGNALED, 11, "killed"}, {0}};
    g_autoptr(GPtrArray) pieces = pieces_new(did);
    g_autoptr(TpsPartReport) report = tps_part_report_new("s", (TpsPart){0, 1});
    TpsPartReport *later = ((TpsPiece *)g_ptr_array_index(pieces, 1))->report;

    strings_add(report->planned, "a");
    later->core_dumped = true;
    later->n_leaked = 1;
    later->leaked = g_strdup("sleep (pid 12)");
    later->kept = g_strdup("parts/s.0-of-1.attempt-1/sandbox.1.2");
    tps_attempts_join(report, pieces, true);
    ck_assert(report->core_dumped);
    ck_assert_int_eq(report->n_leaked, 1);
    ck_assert_str_eq(report->leaked, "sleep (pid 12)");
    ck_assert_str_eq(report->kept, "parts/s.0-of-1.attempt-1/sandbox.1.2");
}
END_TEST

/* What is to be run once more: "units: ids / cost, avoid", or "". Units: a b | c | d. */
static const struct {
    const char *name;
    Did did[4];
    bool selects;
    const char *expected;
} choices[] = {
    {"all is well", {{1, "a b c d", "a:p:1 b:p:1 c:s:1 d:k:1"}}, true, ""},
    {"a command that is skipped ends with 77", {{1, "a", "a:s:1", TPS_END_EXITED, 77}}, true, ""},
    {"one testcase",
     {{1, "a b c d", "a:p:1 b:f:1 c:p:1 d:p:1", TPS_END_EXITED, 1}},
     true,
     "0: b / 1, 0"},
    {"its whole unit",
     {{1, "a b c d", "a:p:1 b:f:1 c:p:1 d:p:1", TPS_END_EXITED, 1}},
     false,
     "0: * / 1, 0"},
    {"of two pieces",
     {{1, "a b c", "a:p:1 b:p:1 c:p:1"}, {1, "d", "d:e:1", TPS_END_TIMEOUT}},
     true,
     "2: d / 1, 1"},
    {"what a crash left out comes free",
     {{1, "a b c d", "a:p:1 b:e:1", TPS_END_SIGNALED, 11}},
     true,
     "0 1 2: b c d / 1, 0"},
    {"a crash without a word costs one",
     {{1, "a b c d", "a:p:1", TPS_END_SIGNALED, 11, "killed"}},
     true,
     "0 1 2: b c d / 1, 0"},
    {"all ran, and then it crashed",
     {{1, "c d", "c:p:1 d:p:1", TPS_END_SIGNALED, 11, "killed"}},
     true,
     "1 2: c d / 2, 0"},
    {"its report is no proof",
     {{1, "c d", "c:p:1 d:p:1", .problem = "truncated"}},
     true,
     "1 2: c d / 2, 0"},
    {"a failure explains the status",
     {{1, "c d", "c:f:1 d:p:1", TPS_END_EXITED, 1}},
     true,
     "1: c / 1, 0"},
    {"left out in silence: no rerun would help", {{1, "c d", "c:p:1"}}, true, ""},
    {"only the latest attempt",
     {{1, "a b c d", "a:f:1 b:f:1 c:p:1 d:p:1", TPS_END_EXITED, 1},
      {2, "a b", "a:p:1 b:f:1", TPS_END_EXITED, 1}},
     true,
     "0: b / 1, 1"},
    {"passed by now",
     {{1, "a b c d", "a:f:1 b:p:1 c:p:1 d:p:1", TPS_END_EXITED, 1}, {2, "a", "a:p:1"}},
     true,
     ""},
    {"stopped", {{1, "a", "a:f:1", TPS_END_CANCELLED}}, true, ""},
    {"no such program", {{1, "a", "", TPS_END_NOT_STARTED, 2}}, true, ""},
    {"kills workers", {{1, "a", "a:f:1", TPS_END_LOST, .deaths = 1}}, true, ""},
    {"killed one, and fails",
     {{1, "a", "", TPS_END_LOST, .replaced = true},
      {1, "a", "a:f:1", TPS_END_EXITED, 1, .deaths = 1}},
     true,
     "0: a / 1, 1"},
    {"never started", {{1, "a", "a:f:1", TPS_END_EXITED, 1}, {1, "b", NULL}}, true, ""},
};

static char *describe_again(const TpsAgain *again, const GPtrArray *testcases)
{
    GString *text = g_string_new(NULL);

    for (size_t i = 0; i < again->n_units; i++)
        g_string_append_printf(text, "%s%zu", i ? " " : "", again->units[i]);
    g_string_append_c(text, ':');
    if (!again->only)
        g_string_append(text, " *");
    for (guint i = 0; again->only && i < testcases->len; i++) {
        const char *id = ((TpsTestcase *)g_ptr_array_index(testcases, i))->id;

        if (g_hash_table_contains(again->only, id))
            g_string_append_printf(text, " %s", id);
    }
    g_string_append_printf(text, " / %u, %d", again->n_failed, again->avoid);
    return g_string_free(text, FALSE);
}

START_TEST(slim_repetitions_say_the_same)
{
    const Did did[] = {
        {1, "a b", "a:p:1 b:p:1"}, {2, "a b", "a:p:2 b:p:2"}, {3, "a b", "a:p:3 b:f:3"}, {0}};
    g_autoptr(TpsPartReport) report = tps_part_report_new("s", (TpsPart){0, 1});
    g_autoptr(GPtrArray) pieces = pieces_new(did);
    g_autofree char *got = NULL;
    TpsPiece *failed = g_ptr_array_steal_index(pieces, 2);

    tps_attempts_slim(pieces);
    g_ptr_array_add(pieces, failed);
    ck_assert_uint_eq(((TpsPiece *)g_ptr_array_index(pieces, 0))->report->results->len, 2);
    ck_assert_uint_eq(((TpsPiece *)g_ptr_array_index(pieces, 1))->report->results->len, 0);
    strings_add(report->planned, "a b");
    tps_attempts_join(report, pieces, true);
    got = describe(report);
    ck_assert_str_eq(got, "a:passed b:failed | exit status 0");
    ck_assert_int_eq(report->wall_us, 3 * WALL_US);
}
END_TEST

START_TEST(what_failed_is_chosen)
{
    static const int unit[] = {0, 0, 1, 2};
    g_autoptr(GPtrArray) pieces = pieces_new(choices[_i].did);
    g_autoptr(GPtrArray) testcases = tps_testcases_new();
    TpsAgainScope scope = {
        .testcases = testcases, .unit = unit, .n_units = 3, .selects = choices[_i].selects};
    g_auto(TpsAgain) again = {0};
    g_autofree char *got = NULL;

    for (const char *id = "a\0b\0c\0d\0"; *id; id += 2)
        g_ptr_array_add(testcases, tps_testcase_new(id));
    if (tps_again_choose(pieces, &scope, &again))
        got = describe_again(&again, testcases);
    ck_assert_msg(g_strcmp0(got ? got : "", choices[_i].expected) == 0, "%s: %s", choices[_i].name,
                  got ? got : "nothing");
}
END_TEST

START_TEST(what_is_no_pass_has_failed)
{
    static const struct {
        Did did[3];
        bool failed;
    } rounds[] = {
        {{{1, "a", "a:p:1"}}, false},
        {{{1, "a", "a:s:1", TPS_END_EXITED, 77}}, false},
        {{{1, "a", "a:f:1"}}, true},
        {{{1, "a", "a:f:1"}, {2, "a", "a:p:1"}}, false},
        {{{1, "a", "", TPS_END_NOT_STARTED, 2}}, true},
        {{{1, "a", "", TPS_END_LOST}}, true},
        {{{1, "a", NULL}}, true},
        {{{1, "a", ""}}, true},
        {{{1, "a", "a:p:1 stranger:f:1", TPS_END_EXITED, 1}}, true},
        {{{1, "a", "a:p:1", .process = "exit status 3"}}, true},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rounds); i++) {
        g_autoptr(GPtrArray) pieces = pieces_new(rounds[i].did);

        ck_assert_msg(tps_again_has_failed(pieces) == rounds[i].failed, "%zu", i);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("attempts");
    TCase *tcase = tcase_create("attempts");

    tcase_add_loop_test(tcase, attempts_are_joined, 0, G_N_ELEMENTS(cases));
    tcase_add_test(tcase, what_a_later_attempt_left_is_known);
    tcase_add_loop_test(tcase, what_failed_is_chosen, 0, G_N_ELEMENTS(choices));
    tcase_add_test(tcase, slim_repetitions_say_the_same);
    tcase_add_test(tcase, what_is_no_pass_has_failed);
    tcase_add_loop_test(tcase, no_attempt_mends_what_was_not_selected, 0, 2);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
