/* SPDX-License-Identifier: MIT */
#include "runtime/estimate.h"
#include "tests/scratch.h"
#include "tests/unit.h"

#include <glib.h>
#include <string.h>

#define GUESS_US 700

/* Suite "A"; testcases are "id" or "id@file", expected times in microseconds. */
typedef struct {
    const char *name;
    const char *data;
    const char *testcases;
    const char *expected_us;
    TpsEvidence evidence;
    int64_t setup_us;
    int64_t teardown_us;
    guint n_measured;
    bool times_known;
    const char *note; /* part of the only note, or NULL: there is none */
} Case;

static const Case cases[] = {
    {"all are known",
     "{\"A\": {\"execution_time\": 99, \"setup_time\": 2, \"teardown_time\": 1, \"testcases\": "
     "{\"x\": 0.5, \"y\": 1}}}",
     "y x", "1000000 500000", TPS_EVIDENCE_MEASURED, 2000000, 1000000, 2, true, NULL},
    {"one is not known: the mean of the others",
     "{\"A\": {\"execution_time\": 99, \"setup_time\": 0, \"testcases\": {\"x\": 1, \"y\": 2}}}",
     "x new y", "1000000 1500000 2000000", TPS_EVIDENCE_MEASURED, 0, 0, 2, true,
     "1 of 3 testcases are not in the data"},
    {"one that is gone counts no more",
     "{\"A\": {\"execution_time\": 99, \"setup_time\": 0, \"testcases\": {\"x\": 1, \"y\": 2}}}",
     "x", "1000000", TPS_EVIDENCE_MEASURED, 0, 0, 1, true, NULL},
    {"only a sum",
     "{\"A\": {\"execution_time\": 0.000011, \"setup_time\": 3, \"testcase_count\": 4}}", "a b c d",
     "3 3 3 2", TPS_EVIDENCE_MEASURED, 3000000, 0, 4, false, NULL},
    {"only a sum, of nobody knows how many", "{\"A\": {\"execution_time\": 6, \"setup_time\": 0}}",
     "a b c", "2000000 2000000 2000000", TPS_EVIDENCE_MEASURED, 0, 0, 3, false, NULL},
    {"only a sum, of none",
     "{\"A\": {\"execution_time\": 6, \"setup_time\": 0, \"testcase_count\": 0}}", "a b",
     "3000000 3000000", TPS_EVIDENCE_MEASURED, 0, 0, 2, false, NULL},
    {"twice as many as recorded",
     "{\"A\": {\"execution_time\": 3, \"setup_time\": 5, \"testcase_count\": 2}}", "a b c d",
     "1500000 1500000 1500000 1500000", TPS_EVIDENCE_SCALED, 5000000, 0, 4, false,
     "4 testcases now, 2 when it was recorded"},
    {"half as many as recorded",
     "{\"A\": {\"execution_time\": 3, \"setup_time\": 0, \"testcase_count\": 4}}", "a b",
     "750000 750000", TPS_EVIDENCE_SCALED, 0, 0, 2, false,
     "2 testcases now, 4 when it was recorded"},
    {"a quarter", "{\"A\": {\"execution_time\": 8, \"setup_time\": 0, \"testcase_count\": 8}}",
     "a b", "1000000 1000000", TPS_EVIDENCE_SCALED, 0, 0, 2, false,
     "2 testcases now, 8 when it was recorded"},
    {"less than a quarter is not believed",
     "{\"A\": {\"execution_time\": 8, \"setup_time\": 0, \"testcase_count\": 100}}", "a b",
     "1000000 1000000", TPS_EVIDENCE_SCALED, 0, 0, 2, false,
     "2 testcases now, 100 when it was recorded"},
    {"nothing is known", "{\"B\": {\"execution_time\": 8, \"setup_time\": 9}}", "a b", "700 700",
     TPS_EVIDENCE_GUESSED, 0, 0, 0, false,
     "no runtime data fits it or its testcases: a guess of 0.0007 s"},
    {"a file's time is shared by its testcases", "{\"f.py\": 3, \"g.py\": 1}",
     "a@f.py b@g.py c@f.py d@f.py", "1000000 1000000 1000000 1000000", TPS_EVIDENCE_MEASURED, 0, 0,
     4, true, NULL},
    {"a testcase's own time before its file's", "{\"f.py\": 3, \"f.py::a\": 7}",
     "f.py::a@f.py b@f.py", "7000000 1500000", TPS_EVIDENCE_MEASURED, 0, 0, 2, true, NULL},
    {"times that no suite claims", "{\"f.py::a\": 7, \"f.py::b\": 1}", "f.py::a f.py::new",
     "7000000 7000000", TPS_EVIDENCE_MEASURED, 0, 0, 1, true, "1 of 2 testcases"},
    {"measured as zero is next to nothing",
     "{\"A\": {\"execution_time\": 0, \"setup_time\": 0, \"testcases\": {\"x\": 0}}}", "x y", "1 1",
     TPS_EVIDENCE_MEASURED, 0, 0, 1, true, "1 of 2 testcases"},
};

static GPtrArray *testcases_from(const char *words)
{
    g_auto(GStrv) split = g_strsplit(words, " ", -1);
    GPtrArray *testcases = tps_testcases_new();

    for (char **word = split; *word; word++) {
        g_auto(GStrv) fields = g_strsplit(*word, "@", 2);
        TpsTestcase *testcase = tps_testcase_new(fields[0]);

        testcase->file = g_strdup(fields[1]);
        g_ptr_array_add(testcases, testcase);
    }
    return testcases;
}

static TpsRuntimeData *data_from(const char *text)
{
    g_autofree char *path = scratch_text("data.json", text);
    TpsRuntimeData *data = tps_runtime_data_new();

    ck_assert(tps_runtime_data_load(data, path, NULL));
    return data;
}

static void assert_times(const Case *c, const TpsEstimate *estimate)
{
    g_autoptr(GString) times = g_string_new(NULL);
    int64_t sum = 0;

    for (guint i = 0; i < estimate->n_testcases; i++) {
        g_string_append_printf(times, "%s%" G_GINT64_FORMAT, i ? " " : "",
                               estimate->expected_us[i]);
        sum += estimate->expected_us[i];
    }
    ck_assert_msg(strcmp(times->str, c->expected_us) == 0, "%s: %s", c->name, times->str);
    ck_assert_int_eq(estimate->execution_us, sum);
}

START_TEST(estimates)
{
    const Case *c = &cases[_i];
    g_autoptr(TpsRuntimeData) data = data_from(c->data);
    g_autoptr(GPtrArray) testcases = testcases_from(c->testcases);
    g_autoptr(TpsEstimate) estimate = tps_estimate_suite(data, "A", testcases, GUESS_US);

    ck_assert_uint_eq(estimate->n_testcases, testcases->len);
    assert_times(c, estimate);
    ck_assert_msg(estimate->evidence == c->evidence, "%s: %s", c->name,
                  tps_evidence_name(estimate->evidence));
    ck_assert_int_eq(estimate->setup_us, c->setup_us);
    ck_assert_int_eq(estimate->teardown_us, c->teardown_us);
    ck_assert_uint_eq(estimate->n_measured, c->n_measured);
    ck_assert_uint_eq(estimate->n_guessed, testcases->len - c->n_measured);
    ck_assert(estimate->times_known == c->times_known);
    ck_assert_uint_eq(estimate->notes->len, c->note ? 1 : 0);
    if (c->note)
        ck_assert_msg(strstr(g_ptr_array_index(estimate->notes, 0), c->note) != NULL, "%s: %s",
                      c->name, (char *)g_ptr_array_index(estimate->notes, 0));
}
END_TEST

/* Whatever the number of testcases, a sum is shared to the last microsecond. */
START_TEST(shares_sum_up)
{
    g_autoptr(TpsRuntimeData) data =
        data_from("{\"A\": {\"execution_time\": 0.001009, \"setup_time\": 0}}");

    for (int n = 1; n < 50; n++) {
        g_autoptr(GPtrArray) testcases = tps_testcases_new();
        g_autoptr(TpsEstimate) estimate = NULL;

        for (int i = 0; i < n; i++)
            g_ptr_array_add(testcases, tps_testcase_new("x"));
        estimate = tps_estimate_suite(data, "A", testcases, GUESS_US);
        ck_assert_int_eq(estimate->execution_us, 1009);
        ck_assert_int_le(estimate->expected_us[0] - estimate->expected_us[n - 1], 1);
    }
}
END_TEST

/* Thirty thousand testcases of ten years each: the sum stays at the top instead of wrapping. */
START_TEST(absurd_sums_do_not_wrap)
{
    g_autoptr(TpsRuntimeData) data = data_from("{\"a::x\": 315360000}");
    g_autoptr(GPtrArray) testcases = tps_testcases_new();
    g_autoptr(TpsEstimate) known = NULL;
    g_autoptr(TpsRuntimeData) one =
        data_from("{\"A\": {\"execution_time\": 315360000, \"setup_time\": 0, "
                  "\"testcase_count\": 1}}");
    g_autoptr(TpsEstimate) scaled = NULL;

    for (int i = 0; i < 30000; i++)
        g_ptr_array_add(testcases, tps_testcase_new("a::x"));
    known = tps_estimate_suite(data, "A", testcases, GUESS_US);
    ck_assert_int_eq(known->execution_us, INT64_MAX);
    scaled = tps_estimate_suite(one, "A", testcases, GUESS_US);
    for (guint i = 0; i < scaled->n_testcases; i++)
        ck_assert_int_gt(scaled->expected_us[i], 0);
    ck_assert_int_gt(scaled->execution_us, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("estimate");
    TCase *tcase = tcase_create("estimate");

    tcase_add_checked_fixture(tcase, scratch_make, scratch_remove);
    tcase_add_loop_test(tcase, estimates, 0, G_N_ELEMENTS(cases));
    tcase_add_test(tcase, shares_sum_up);
    tcase_add_test(tcase, absurd_sums_do_not_wrap);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
