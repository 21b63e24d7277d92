/* SPDX-License-Identifier: MIT */
#include "core/doubles.h"
#include "tests/reports.h"
#include "tests/unit.h"

#include <string.h>

/* "id=outcome(attempt, ..)" of each, and the warnings behind them. */
static char *say(const GPtrArray *results, const GPtrArray *warnings)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < results->len; i++) {
        const TpsResult *result = g_ptr_array_index(results, i);

        g_string_append_printf(text, "%s%s=%s", i ? " " : "", result->id,
                               tps_outcome_name(result->outcome));
        for (guint j = 0; result->attempts && j < result->attempts->len; j++) {
            const TpsResult *attempt = g_ptr_array_index(result->attempts, j);

            g_string_append_printf(text, "(%s)", tps_outcome_name(attempt->outcome));
        }
    }
    for (guint i = 0; i < warnings->len; i++)
        g_string_append_printf(text, "; %s", (const char *)g_ptr_array_index(warnings, i));
    return g_string_free(text, FALSE);
}

static const struct {
    const char *results;
    const char *said;
} doubles[] = {
    {"", ""},
    {"a:p:1 b:f:1 c:s:0", "a=passed b=failed c=skipped"},
    {"a:p:1 b:p:1 a:p:1", "a=passed b=passed a [2]=passed; 's': 'a' is there 2 times, "
                          "which is more than one testcase"},
    {"a:s:1 a:p:1 a:p:1", "a=skipped a [2]=passed a [3]=passed; 's': 'a' is there 3 times, "
                          "which is more than one testcase"},
    {"a:f:1 b:p:1 a:p:1", "b=passed a=flaky(failed); 's': 'a' is there 2 times, and passes behind "
                          "a failure: taken for a retry"},
    {"a:f:1 a:e:1 a:p:1", "a=flaky(failed)(error); 's': 'a' is there 3 times, and passes behind a "
                          "failure: taken for a retry"},
    {"a:f:1 a:p:1 a:p:1", "a=flaky(failed); 's': 'a' is there 3 times, and passes behind a "
                          "failure: taken for a retry"},
    {"a:p:1 a:f:1", "a=failed; 's': 'a' is there 2 times, and no pass is behind its failure: it "
                    "failed"},
    {"a:p:1 a:f:1 a:p:1", "a=flaky(failed); 's': 'a' is there 3 times, and passes behind a "
                          "failure: taken for a retry"},
    {"a:f:1 a:s:1",
     "a=failed; 's': 'a' is there 2 times, and no pass is behind its failure: it failed"},
    {"a:s:1 a:e:1",
     "a=error; 's': 'a' is there 2 times, and no pass is behind its failure: it failed"},
    {"a:f:1 a:f:1 a:f:1",
     "a=failed(failed)(failed); 's': 'a' is there 3 times, and failed each time: it was run again"},
    {"a:e:1 a:f:1",
     "a=error; 's': 'a' is there 2 times, a failure and an error: they are one testcase"},
    {"a:f:1 a:e:1",
     "a=error; 's': 'a' is there 2 times, a failure and an error: they are one testcase"},
};

START_TEST(test_doubles)
{
    g_autoptr(GPtrArray) results = tps_results_new();
    g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *said = NULL;

    results_add(results, doubles[_i].results);
    tps_doubles_fold(results, "s", warnings);
    said = say(results, warnings);
    ck_assert_str_eq(said, doubles[_i].said);
}
END_TEST

static TpsResult *add(GPtrArray *results, const char *id, TpsOutcome outcome, const char *file)
{
    TpsResult *result = tps_result_new(id, outcome, 10);

    result->file = g_strdup(file);
    g_ptr_array_add(results, result);
    return result;
}

START_TEST(test_texts_of_both)
{
    g_autoptr(GPtrArray) results = tps_results_new();
    g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func(g_free);
    TpsResult *failure = add(results, "a", TPS_OUTCOME_FAILED, "f");
    TpsResult *error = add(results, "a", TPS_OUTCOME_ERROR, "f");
    const TpsResult *result;

    failure->message = g_strdup("1 != 2");
    failure->output = g_strdup("one\n");
    failure->properties = tps_properties_new();
    tps_properties_add(failure->properties, "k", "v");
    error->message = g_strdup("teardown is broken");
    error->text = g_strdup("trace");
    error->output = g_strdup("two");
    tps_doubles_fold(results, "s", warnings);
    ck_assert_uint_eq(results->len, 1);
    result = g_ptr_array_index(results, 0);
    ck_assert_str_eq(result->message, "teardown is broken");
    ck_assert_str_eq(result->text, "1 != 2\ntrace");
    ck_assert_str_eq(result->output, "one\ntwo");
    ck_assert_str_eq(tps_properties_find(result->properties, "k"), "v");
    ck_assert_int_eq(result->time_us, 20);
}
END_TEST

START_TEST(test_other_places)
{
    g_autoptr(GPtrArray) results = tps_results_new();
    g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *said = NULL;

    add(results, "a", TPS_OUTCOME_FAILED, "f");
    add(results, "a", TPS_OUTCOME_PASSED, "g");
    add(results, "a [2]", TPS_OUTCOME_PASSED, NULL);
    tps_doubles_fold(results, "s", warnings);
    said = say(results, warnings);
    ck_assert(g_str_has_prefix(said, "a=failed a [3]=passed a [2]=passed; "));
}
END_TEST

START_TEST(test_many)
{
    g_autoptr(GPtrArray) results = tps_results_new();
    g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func(g_free);

    for (int i = 0; i < 60; i++) {
        g_autofree char *id = g_strdup_printf("t%d", i / 2);

        add(results, id, TPS_OUTCOME_PASSED, NULL);
    }
    tps_doubles_fold(results, "s", warnings);
    ck_assert_uint_eq(results->len, 60);
    ck_assert_uint_eq(warnings->len, 21);
    ck_assert_str_eq(g_ptr_array_index(warnings, 20),
                     "'s': 10 more names are reported several times");
}
END_TEST

static void say_of(TpsResult *result, int number)
{
    g_autofree char *value = g_strdup_printf("%d", number);

    result->properties = tps_properties_new();
    tps_properties_add(result->properties, "k", value);
}

/* However many there are of one name, and whatever they say of themselves. */
START_TEST(test_linear)
{
    g_autoptr(GPtrArray) results = tps_results_new();
    g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func(g_free);
    const TpsResult *result;

    for (int i = 0; i < 300000; i++) {
        add(results, "a", TPS_OUTCOME_PASSED, NULL);
        say_of(add(results, "b", TPS_OUTCOME_FAILED, NULL), i);
        add(results, "c", TPS_OUTCOME_PASSED, "f")->line = i;
    }
    add(results, "b", TPS_OUTCOME_PASSED, NULL);
    tps_doubles_fold(results, "s", warnings);
    ck_assert_uint_eq(results->len, 600001);
    result = g_ptr_array_index(results, results->len - 1);
    ck_assert_int_eq(result->outcome, TPS_OUTCOME_FLAKY);
    ck_assert_uint_eq(result->attempts->len, 300000);
    ck_assert_uint_eq(result->properties->len, 300000);
    result = g_ptr_array_index(result->attempts, 299999);
    ck_assert_uint_eq(result->properties->len, 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("core/doubles");
    TCase *tcase = tcase_create("doubles");

    tcase_add_loop_test(tcase, test_doubles, 0, G_N_ELEMENTS(doubles));
    tcase_add_test(tcase, test_texts_of_both);
    tcase_add_test(tcase, test_other_places);
    tcase_add_test(tcase, test_many);
    tcase_add_test(tcase, test_linear);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
