/* SPDX-License-Identifier: MIT */
#include "core/result.h"
#include "tests/unit.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

#define N_RANDOM 4000

/* Few values, so that many fields are the same. */
static char *draw_text(GRand *rand)
{
    static const char *const texts[] = {NULL, "", "a", "b"};

    return g_strdup(texts[g_rand_int_range(rand, 0, (int)G_N_ELEMENTS(texts))]);
}

static void fill(TpsResult *result, GRand *rand)
{
    result->outcome = (TpsOutcome)g_rand_int_range(rand, 2, TPS_OUTCOME_ERROR + 1);
    result->time_us = g_rand_int_range(rand, -1, 1);
    result->file = draw_text(rand);
    result->line = g_rand_int_range(rand, 0, 2);
    result->type = draw_text(rand);
    result->message = draw_text(rand);
    result->text = draw_text(rand);
    result->output = draw_text(rand);
}

static void draw_cases(TpsResult *result, GRand *rand)
{
    static const char *const names[] = {"x", "y"};

    for (int n = g_rand_int_range(rand, 0, 3); n > 0; n--) {
        TpsResult *inner =
            tps_result_new(names[g_rand_int_range(rand, 0, 2)], TPS_OUTCOME_PASSED, 0);

        inner->outcome = (TpsOutcome)g_rand_int_range(rand, 2, TPS_OUTCOME_ERROR + 1);
        inner->message = draw_text(rand);
        tps_result_add_case(result, inner);
    }
}

static TpsResult *draw(GRand *rand)
{
    TpsResult *result = tps_result_new("id", TPS_OUTCOME_PASSED, 0);

    if (g_rand_boolean(rand))
        fill(result, rand); /* else only the cases differ */
    draw_cases(result, rand);
    if (g_rand_boolean(rand)) {
        result->attempts = tps_results_new();
        for (int n = g_rand_int_range(rand, 0, 3); n > 0; n--) {
            TpsResult *attempt = tps_result_new("id", TPS_OUTCOME_FAILED, 0);

            fill(attempt, rand);
            g_ptr_array_add(result->attempts, attempt);
        }
    }
    return result;
}

static TpsResult *copy(const TpsResult *result)
{
    TpsResult *other = tps_result_new(result->id, result->outcome, result->time_us);

    other->file = g_strdup(result->file);
    other->line = result->line;
    other->type = g_strdup(result->type);
    other->message = g_strdup(result->message);
    other->text = g_strdup(result->text);
    other->output = g_strdup(result->output);
    for (guint i = 0; result->attempts && i < result->attempts->len; i++) {
        if (!other->attempts)
            other->attempts = tps_results_new();
        g_ptr_array_add(other->attempts, copy(g_ptr_array_index(result->attempts, i)));
    }
    for (guint i = 0; result->cases && i < result->cases->len; i++)
        tps_result_add_case(other, copy(g_ptr_array_index(result->cases, i)));
    return other;
}

static void assert_same(const TpsResult *a, const TpsResult *b);

static void assert_same_lists(const GPtrArray *a, const GPtrArray *b)
{
    guint n = a ? a->len : 0;

    ck_assert_uint_eq(n, b ? b->len : 0);
    for (guint i = 0; i < n; i++)
        assert_same(g_ptr_array_index(a, i), g_ptr_array_index(b, i));
}

static void assert_same(const TpsResult *a, const TpsResult *b)
{
    ck_assert_str_eq(a->id, b->id);
    ck_assert_int_eq(a->outcome, b->outcome);
    ck_assert_int_eq(a->time_us, b->time_us);
    ck_assert_int_eq(a->line, b->line);
    ck_assert_int_eq(g_strcmp0(a->file, b->file), 0);
    ck_assert_int_eq(g_strcmp0(a->type, b->type), 0);
    ck_assert_int_eq(g_strcmp0(a->message, b->message), 0);
    ck_assert_int_eq(g_strcmp0(a->text, b->text), 0);
    ck_assert_int_eq(g_strcmp0(a->output, b->output), 0);
    assert_same_lists(a->attempts, b->attempts);
    assert_same_lists(a->cases, b->cases);
}

static TpsResult *folded(const TpsResult *a, const TpsResult *b)
{
    TpsResult *result = copy(a);

    tps_result_fold(result, copy(b));
    return result;
}

START_TEST(fold_is_a_semilattice)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(77);

    for (int round = 0; round < N_RANDOM; round++) {
        g_autoptr(TpsResult) a = draw(rand);
        g_autoptr(TpsResult) b = draw(rand);
        g_autoptr(TpsResult) c = draw(rand);
        g_autoptr(TpsResult) ab = folded(a, b);
        g_autoptr(TpsResult) ba = folded(b, a);
        g_autoptr(TpsResult) bc = folded(b, c);
        g_autoptr(TpsResult) ab_c = folded(ab, c);
        g_autoptr(TpsResult) a_bc = folded(a, bc);
        g_autoptr(TpsResult) aa = folded(a, a);

        assert_same(ab, ba);
        assert_same(ab_c, a_bc);
        assert_same(aa, a);
        ck_assert_int_eq(ab->outcome, MAX(a->outcome, b->outcome));
    }
}
END_TEST

START_TEST(fold_keeps_the_id)
{
    for (int i = 0; i < 2; i++) {
        g_autoptr(TpsResult) result =
            tps_result_new("id", i ? TPS_OUTCOME_FAILED : TPS_OUTCOME_PASSED, 1);
        const char *id = result->id;

        tps_result_fold(result,
                        tps_result_new("id", i ? TPS_OUTCOME_PASSED : TPS_OUTCOME_FAILED, 2));
        ck_assert_ptr_eq(result->id, id);
        ck_assert_str_eq(id, "id");
        ck_assert_int_eq(result->outcome, TPS_OUTCOME_FAILED);
        ck_assert_int_eq(result->time_us, i ? 1 : 2);
    }
}
END_TEST

/* Outcomes of three attempts, oldest first, '.' = it has no result; the outcome, its history. */
static const struct {
    const char *attempts;
    TpsOutcome outcome;
    guint n_history;
} attempts[] = {
    {"p", TPS_OUTCOME_PASSED, 0},   {"fp", TPS_OUTCOME_FLAKY, 1},   {"efp", TPS_OUTCOME_FLAKY, 2},
    {"ff", TPS_OUTCOME_FAILED, 1},  {"fef", TPS_OUTCOME_FAILED, 2}, {"pf", TPS_OUTCOME_FAILED, 0},
    {"fpf", TPS_OUTCOME_FAILED, 1}, {"fs", TPS_OUTCOME_FAILED, 0},  {"sp", TPS_OUTCOME_PASSED, 0},
    {"fpp", TPS_OUTCOME_FLAKY, 1},  {"ks", TPS_OUTCOME_FLAKY, 1},   {"kp", TPS_OUTCOME_FLAKY, 1},
    {"fk", TPS_OUTCOME_FLAKY, 2},   {"kf", TPS_OUTCOME_FAILED, 1},
};

static TpsResult *attempt_new(char letter, int64_t time_us)
{
    const char *const letters = "spkfe"; /* in the order of TpsOutcome */
    TpsResult *result =
        tps_result_new("id", (TpsOutcome)(strchr(letters, letter) - letters), time_us);

    if (letter == 'k') {
        result->attempts = tps_results_new();
        g_ptr_array_add(result->attempts, tps_result_new("id", TPS_OUTCOME_FAILED, time_us));
    }
    return result;
}

START_TEST(attempts_become_history)
{
    const char *letters = attempts[_i].attempts;
    int n = (int)strlen(letters);
    g_autoptr(TpsResult) result = attempt_new(letters[n - 1], n - 1);
    guint n_history;

    for (int i = n - 2; i >= 0; i--)
        tps_result_fold_attempt(result, attempt_new(letters[i], i));
    n_history = result->attempts ? result->attempts->len : 0;
    ck_assert_int_eq(result->outcome, attempts[_i].outcome);
    ck_assert_uint_eq(n_history, attempts[_i].n_history);
    for (guint i = 0; i < n_history; i++) {
        const TpsResult *earlier = g_ptr_array_index(result->attempts, i);

        ck_assert(tps_outcome_is_bad(earlier->outcome));
        ck_assert_ptr_null(earlier->attempts);
        if (i > 0)
            ck_assert_int_gt(earlier->time_us,
                             ((TpsResult *)g_ptr_array_index(result->attempts, i - 1))->time_us);
    }
}
END_TEST

/* The cases that are told are those of the attempt that is told. */
START_TEST(cases_stay_with_their_attempt)
{
    g_autoptr(TpsResult) later = tps_result_new("id", TPS_OUTCOME_PASSED, 1);
    TpsResult *earlier = tps_result_new("id", TPS_OUTCOME_FAILED, 2);
    const TpsResult *kept;

    tps_result_add_case(earlier, tps_result_new("a", TPS_OUTCOME_FAILED, 1));
    tps_result_add_case(later, tps_result_new("a", TPS_OUTCOME_PASSED, 1));
    tps_result_add_case(later, tps_result_new("b", TPS_OUTCOME_PASSED, 0));
    tps_result_fold_attempt(later, earlier);
    ck_assert_int_eq(later->outcome, TPS_OUTCOME_FLAKY);
    ck_assert_uint_eq(later->cases->len, 2);
    kept = g_ptr_array_index(later->attempts, 0);
    ck_assert_uint_eq(kept->cases->len, 1);
    ck_assert_int_eq(((TpsResult *)g_ptr_array_index(kept->cases, 0))->outcome, TPS_OUTCOME_FAILED);
}
END_TEST

static const struct {
    TpsEnd end;
    int code;
    int64_t wall_us;
    const char *text;
} ends[] = {
    {TPS_END_EXITED, 3, 0, "exit status 3"},
    {TPS_END_SIGNALED, 11, 0, "killed by SIGSEGV"},
    {TPS_END_SIGNALED, 9999, 0, "killed by signal 9999"},
    {TPS_END_TIMEOUT, 0, 30000000, "timed out after 30.0s"},
    {TPS_END_NOT_STARTED, ENOENT, 0, "could not start: No such file or directory"},
    {TPS_END_CANCELLED, 0, 0, "cancelled"},
    {TPS_END_LOST, 0, 0, "lost: its supervisor was killed"},
};

START_TEST(ends_are_described)
{
    g_autofree char *text = tps_end_describe(ends[_i].end, ends[_i].code, ends[_i].wall_us);
    TpsEnd end;

    ck_assert_str_eq(text, ends[_i].text);
    ck_assert(tps_end_parse(tps_end_name(ends[_i].end), &end));
    ck_assert_int_eq(end, ends[_i].end);
    ck_assert(!tps_end_parse("", &end));
}
END_TEST

START_TEST(only_a_green_part_is_good)
{
    g_autoptr(TpsPartReport) report = tps_part_report_new("s", (TpsPart){0, 1});

    ck_assert(tps_part_report_is_bad(report));
    report->done = true;
    ck_assert(!tps_part_report_is_bad(report));
    for (int i = 0; i <= TPS_OUTCOME_ERROR; i++) {
        g_ptr_array_set_size(report->results, 0);
        g_ptr_array_add(report->results, tps_result_new("x", (TpsOutcome)i, 0));
        ck_assert_int_eq(tps_part_report_is_bad(report), i >= TPS_OUTCOME_FAILED);
    }
    g_ptr_array_set_size(report->results, 0);
    for (int i = TPS_END_SIGNALED; i <= TPS_END_LOST; i++) {
        report->end = (TpsEnd)i;
        ck_assert(tps_part_report_is_bad(report));
    }
    report->end = TPS_END_EXITED;
    g_ptr_array_add(report->problems, g_strdup("truncated"));
    ck_assert(tps_part_report_is_bad(report));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("result");
    TCase *tcase = tcase_create("result");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, fold_is_a_semilattice);
    tcase_add_test(tcase, fold_keeps_the_id);
    tcase_add_loop_test(tcase, attempts_become_history, 0, G_N_ELEMENTS(attempts));
    tcase_add_test(tcase, cases_stay_with_their_attempt);
    tcase_add_loop_test(tcase, ends_are_described, 0, G_N_ELEMENTS(ends));
    tcase_add_test(tcase, only_a_green_part_is_good);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
