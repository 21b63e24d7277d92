/* SPDX-License-Identifier: MIT */
#include "core/log2.h"
#include "runtime/predict.h"
#include "tests/unit.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

#define MAX_CASES 8
#define S INT64_C(1000000)

/* A testcase as a table has it: seconds of its only sample, 0 = never measured. */
typedef struct {
    const char *id, *file;
    int64_t s;
    uint32_t run;
} Row;

typedef struct {
    TpsSample sample[MAX_CASES];
    TpsPredictCase cases[MAX_CASES];
    size_t n;
} Rows;

static void read_rows(const Row *row, Rows *rows)
{
    for (rows->n = 0; rows->n < MAX_CASES && row[rows->n].id; rows->n++) {
        const Row *from = &row[rows->n];

        rows->sample[rows->n] = (TpsSample){from->run, from->s * S};
        rows->cases[rows->n] =
            (TpsPredictCase){from->id, from->file, &rows->sample[rows->n], from->s > 0};
    }
}

/* The first row of `now` is the one that is new. */
static const struct {
    const char *what;
    Row now[MAX_CASES], gone[MAX_CASES];
    TpsPredictSource source;
    int64_t min_s, max_s;
} guesses[] = {
    {"nothing", {{"a::x"}}, {{NULL}}, TPS_PREDICT_DEFAULT, 7, 7},
    {"a moved file",
     {{"new/a.py::T::x"}, {"new/a.py::T::y", NULL, 90}},
     {{"old/a.py::T::x", NULL, 20}, {"old/b.py::T::x", NULL, 50}},
     TPS_PREDICT_RENAMED,
     20,
     20},
    {"a renamed class",
     {{"a.py::New::x"}},
     {{"a.py::Old::x", NULL, 20}, {"b.py::Old::x", NULL, 50}},
     TPS_PREDICT_RENAMED,
     20,
     20},
    {"a renamed file",
     {{"new.py::T::x"}},
     {{"old.py::T::x", NULL, 20}, {"old.py::U::x", NULL, 50}},
     TPS_PREDICT_RENAMED,
     20,
     20},
    {"another class and file",
     {{"b.py::U::x"}},
     {{"a.py::T::x", NULL, 20}, {"a.py::T::y", NULL, 50}},
     TPS_PREDICT_RENAMED,
     20,
     20},
    {"the same parameters",
     {{"b.py::x[2]"}},
     {{"a.py::x[1]", NULL, 20}, {"a.py::x[2]", NULL, 50}},
     TPS_PREDICT_RENAMED,
     50,
     50},
    {"the newest twin",
     {{"c.py::x"}},
     {{"a.py::x", NULL, 20, 1}, {"b.py::x", NULL, 50, 2}},
     TPS_PREDICT_RENAMED,
     50,
     50},
    {"a common name says little",
     {{"n.py::x"}, {"n.py::y", NULL, 3}},
     {{"a.py::x", NULL, 90},
      {"b.py::x", NULL, 90},
      {"c.py::x", NULL, 90},
      {"d.py::x", NULL, 90},
      {"e.py::x", NULL, 90}},
     TPS_PREDICT_FILE,
     4,
     15},
    {"a renamed suite",
     {{"New.Walks"}, {"New.Runs", NULL, 3}},
     {{"Old.Walks", NULL, 20}},
     TPS_PREDICT_RENAMED,
     20,
     20},
    {"a moved spec",
     {{"spec/b/user_spec.rb"}, {"spec/b/shop_spec.rb", NULL, 3}},
     {{"spec/a/user_spec.rb", NULL, 20}},
     TPS_PREDICT_RENAMED,
     20,
     20},
    {"a file that is said apart",
     {{"x", "new/a.c"}, {"y", "new/a.c", 3}},
     {{"x", "old/a.c", 20}, {"x", "old/b.c", 50}},
     TPS_PREDICT_RENAMED,
     20,
     20},
    {"other parameters",
     {{"a.py::x[3]"}, {"a.py::x[1]", NULL, 20}, {"a.py::x[2]", NULL, 20}, {"a.py::y", NULL, 1}},
     {{NULL}},
     TPS_PREDICT_SIBLINGS,
     13,
     20},
    {"its class",
     {{"a.py::T::x"}, {"a.py::T::y", NULL, 20}, {"a.py::T::z", NULL, 20}, {"a.py::w", NULL, 1}},
     {{NULL}},
     TPS_PREDICT_CLASS,
     9,
     20},
    {"its file",
     {{"a.py::x"}, {"a.py::y", NULL, 20}, {"a.py::z", NULL, 20}, {"b.py::w", NULL, 1}},
     {{NULL}},
     TPS_PREDICT_FILE,
     9,
     20},
    {"its directory",
     {{"d/a.py::x"}, {"d/b.py::y", NULL, 20}, {"d/c.py::z", NULL, 20}, {"e/b.py::w", NULL, 1}},
     {{NULL}},
     TPS_PREDICT_DIRECTORY,
     9,
     20},
    {"the plan",
     {{"d/a.py::x"}, {"e/b.py::y", NULL, 20}, {"f/c.py::z", NULL, 20}},
     {{NULL}},
     TPS_PREDICT_PLAN,
     19,
     21},
    {"its class of which all have gone",
     {{"a.py::T::x"}, {"b.py::w", NULL, 1}},
     {{"a.py::T::y", NULL, 20}, {"a.py::T::z", NULL, 20}},
     TPS_PREDICT_CLASS,
     9,
     20},
};

START_TEST(new_testcases_take_after_the_nearest)
{
    Rows now, gone;
    TpsPrediction prediction[MAX_CASES];

    read_rows(guesses[_i].now, &now);
    read_rows(guesses[_i].gone, &gone);
    tps_predict(now.cases, now.n, gone.cases, gone.n, 3, 7 * S, prediction);
    ck_assert_msg(prediction[0].source == guesses[_i].source, "%s: from %d", guesses[_i].what,
                  (int)prediction[0].source);
    ck_assert_msg(prediction[0].point_us > guesses[_i].min_s * S - 2000 &&
                      prediction[0].point_us < guesses[_i].max_s * S + 2000,
                  "%s: %d ms", guesses[_i].what, (int)(prediction[0].point_us / 1000));
    ck_assert_int_ge(prediction[0].expected_us, 1);
    for (size_t i = 1; i < now.n; i++) {
        ck_assert_int_eq(prediction[i].source, TPS_PREDICT_MEASURED);
        ck_assert_int_eq(prediction[i].point_us, now.sample[i].us);
        ck_assert_int_eq(prediction[i].expected_us, now.sample[i].us);
    }
}
END_TEST

/* A few sure ones and a giant: the point is what is typical, the expectation is what sums up. */
START_TEST(the_expectation_is_a_mean)
{
    static const Row row[MAX_CASES] = {
        {"a::x"}, {"a::1", NULL, 1}, {"a::2", NULL, 1}, {"a::3", NULL, 1}, {"a::4", NULL, 96}};
    TpsPrediction prediction[MAX_CASES];
    Rows now;

    read_rows(row, &now);
    tps_predict(now.cases, now.n, NULL, 0, 1, S, prediction);
    ck_assert_int_lt(prediction[0].point_us, 4 * S);
    ck_assert_int_gt(prediction[0].expected_us, 20 * S);
    ck_assert_int_lt(prediction[0].expected_us, 30 * S);
}
END_TEST

/* Two that are typically alike: the one that is less sure has to be started sooner. */
START_TEST(what_is_less_sure_may_be_late)
{
    TpsSample sample[2][6];
    TpsPredictCase cases[2] = {{"a", NULL, sample[0], 6}, {"b", NULL, sample[1], 6}};
    TpsPrediction prediction[2];

    for (uint32_t run = 0; run < 6; run++) {
        sample[0][run] = (TpsSample){run, 4 * S};
        sample[1][run] = (TpsSample){run, run == 5 ? 4 * S : run % 2 ? 2 * S : 8 * S};
    }
    tps_predict(cases, 2, NULL, 0, 6, S, prediction);
    ck_assert_int_gt(prediction[1].late_us, 2 * prediction[0].late_us);
    ck_assert_int_ge(prediction[0].late_us, prediction[0].point_us);
}
END_TEST

/* Suites of some depth, of which some testcases are new and some have gone. */
typedef struct {
    GPtrArray *texts; /* owns ids and samples */
    GArray *now, *gone;
} Project;

static TpsPredictCase draw_case(GRand *rand, GPtrArray *texts)
{
    TpsPredictCase testcase = {.n_samples = (uint32_t)g_rand_int_range(rand, 0, 5)};
    TpsSample *sample = g_new0(TpsSample, 5);

    testcase.id = g_strdup_printf("d%d/f%d.py::T%d::x%d[%d]", g_rand_int_range(rand, 0, 3),
                                  g_rand_int_range(rand, 0, 3), g_rand_int_range(rand, 0, 3),
                                  g_rand_int_range(rand, 0, 9), g_rand_int_range(rand, 0, 9));
    testcase.samples = sample;
    for (uint32_t i = 0; i < testcase.n_samples; i++)
        sample[i] = (TpsSample){i, g_rand_int_range(rand, 0, 8) * (INT64_C(1) << i * 5)};
    g_ptr_array_add(texts, (char *)testcase.id);
    g_ptr_array_add(texts, sample);
    return testcase;
}

static Project project_draw(GRand *rand)
{
    Project project = {g_ptr_array_new_with_free_func(g_free),
                       g_array_new(FALSE, FALSE, sizeof(TpsPredictCase)),
                       g_array_new(FALSE, FALSE, sizeof(TpsPredictCase))};

    for (int i = g_rand_int_range(rand, 1, 60); i > 0; i--) {
        TpsPredictCase testcase = draw_case(rand, project.texts);

        if (testcase.n_samples > 0 && g_rand_int_range(rand, 0, 3) == 0)
            g_array_append_val(project.gone, testcase);
        else
            g_array_append_val(project.now, testcase);
    }
    return project;
}

static void project_clear(Project *project)
{
    g_array_unref(project->now);
    g_array_unref(project->gone);
    g_ptr_array_unref(project->texts);
}

static TpsPrediction *predict(const Project *project)
{
    TpsPrediction *prediction = g_new0(TpsPrediction, project->now->len);

    tps_predict((const TpsPredictCase *)(void *)project->now->data, project->now->len,
                (const TpsPredictCase *)(void *)project->gone->data, project->gone->len, 5, S,
                prediction);
    return prediction;
}

static void turn_round(GArray *cases)
{
    for (guint i = 0, j = cases->len; i + 1 < j--; i++) {
        const TpsPredictCase kept = g_array_index(cases, TpsPredictCase, i);

        g_array_index(cases, TpsPredictCase, i) = g_array_index(cases, TpsPredictCase, j);
        g_array_index(cases, TpsPredictCase, j) = kept;
    }
}

START_TEST(the_order_changes_nothing)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(11);

    for (int round = 0; round < 1000; round++) {
        Project project = project_draw(rand);
        g_autofree TpsPrediction *one = predict(&project), *two = NULL;
        const guint n = project.now->len;

        turn_round(project.now);
        turn_round(project.gone);
        two = predict(&project);
        for (guint i = 0; i < n; i++) {
            ck_assert_int_eq(one[i].point_us, two[n - 1 - i].point_us);
            ck_assert_int_eq(one[i].expected_us, two[n - 1 - i].expected_us);
            ck_assert_int_eq(one[i].source, two[n - 1 - i].source);
            ck_assert_int_eq(one[i].spread, two[n - 1 - i].spread);
            ck_assert_uint_eq(one[i].run, two[n - 1 - i].run);
        }
        project_clear(&project);
    }
}
END_TEST

START_TEST(every_prediction_is_between_the_samples)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(12);

    for (int round = 0; round < 1000; round++) {
        Project project = project_draw(rand);
        g_autofree TpsPrediction *prediction = predict(&project);

        for (guint i = 0; i < project.now->len; i++) {
            const bool known = g_array_index(project.now, TpsPredictCase, i).n_samples > 0;

            ck_assert_int_ge(prediction[i].point_us, 1);
            ck_assert_int_ge(prediction[i].expected_us, 1);
            ck_assert_int_le(prediction[i].point_us, 8 * INT64_C(1) << 20);
            ck_assert_int_ge(prediction[i].spread, 0);
            ck_assert_int_eq(prediction[i].late_us,
                             tps_times_exp2(prediction[i].point_us, 2 * prediction[i].spread));
            ck_assert_int_eq(prediction[i].source == TPS_PREDICT_MEASURED, known);
            ck_assert_uint_lt(prediction[i].run, 5);
        }
        project_clear(&project);
    }
}
END_TEST

/* Ids that share all their beginnings, and more pieces than are looked at. */
START_TEST(long_ids_are_names_too)
{
    GString *id = g_string_new(NULL);
    const TpsSample sample = {0, 3 * S};
    TpsPredictCase cases[2] = {{.samples = &sample, .n_samples = 1}, {.samples = &sample}};
    TpsPrediction prediction[2];

    for (int i = 0; i < 5000; i++)
        g_string_append(id, "::");
    cases[0].id = id->str;
    cases[1].id = id->str + 2;
    tps_predict(cases, 2, NULL, 0, 1, S, prediction);
    ck_assert_int_eq(prediction[0].point_us, 3 * S);
    ck_assert_int_ge(prediction[1].point_us, 3 * S - 1000);
    ck_assert_int_le(prediction[1].point_us, 3 * S + 1000);
    g_string_free(id, TRUE);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("predict");
    TCase *tcase = tcase_create("predict");

    tcase_add_loop_test(tcase, new_testcases_take_after_the_nearest, 0, (int)G_N_ELEMENTS(guesses));
    tcase_add_test(tcase, the_expectation_is_a_mean);
    tcase_add_test(tcase, what_is_less_sure_may_be_late);
    tcase_add_test(tcase, the_order_changes_nothing);
    tcase_add_test(tcase, every_prediction_is_between_the_samples);
    tcase_add_test(tcase, long_ids_are_names_too);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
