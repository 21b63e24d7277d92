/* SPDX-License-Identifier: MIT */
#include "formats/json.h"
#include "formats/report/places_internal.h"
#include "tests/report_sample.h"
#include "tests/report_text.h"
#include "tests/unit.h"

#include <string.h>

static const char *member(const cJSON *object, const char *key)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));
}

static double number(const cJSON *object, const char *key)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, key);

    return value ? cJSON_GetNumberValue(value) : -1;
}

static const cJSON *test_named(const cJSON *root, const char *name)
{
    const cJSON *results = cJSON_GetObjectItemCaseSensitive(root, "results");
    const cJSON *one;

    cJSON_ArrayForEach(one, cJSON_GetObjectItemCaseSensitive(results, "tests"))
    {
        if (strcmp(member(one, "name"), name) == 0)
            return one;
    }
    ck_abort_msg("no test '%s'", name);
    return NULL;
}

static const struct {
    const char *sample;
    const char *name;
    const char *status;
    const char *raw;
} statuses[] = {
    {"plain", "tests/test_a.py::test_one", "passed", "passed"},
    {"plain", "tests/test_a.py::test_two[1-x]", "failed", "failed"},
    {"plain", "tests/test_a.py::test_three", "passed", "flaky"},
    {"flaky", "tests/test_a.py::test_three", "failed", "flaky"},
    {"plain", "tests/test_b.py::test_four", "skipped", "skipped"},
    {"plain", "tests/test_b.py::test_five", "failed", "error"},
    {"not-run", "later_1", "pending", "not run"},
    {"incomplete", "problem 1", "failed", "incomplete"},
};

START_TEST(what_became_of_it)
{
    g_autoptr(TpsReport) report = sample_report(statuses[_i].sample, false);
    g_autofree char *text = report_text(report, "ctrf");
    g_autoptr(cJSON) root = cJSON_Parse(text);
    const cJSON *test = test_named(root, statuses[_i].name);

    ck_assert_str_eq(member(test, "status"), statuses[_i].status);
    ck_assert_str_eq(member(test, "rawStatus"), statuses[_i].raw);
}
END_TEST

START_TEST(what_it_says)
{
    g_autoptr(TpsReport) report = sample_report("plain", true);
    g_autofree char *text = report_text(report, "ctrf");
    g_autoptr(cJSON) root = cJSON_Parse(text);
    const cJSON *failed = test_named(root, "tests/test_a.py::test_two[1-x]");
    const cJSON *flaky = test_named(root, "tests/test_a.py::test_three");

    ck_assert_str_eq(member(failed, "filePath"), "tests/test_a.py");
    ck_assert_str_eq(member(failed, "message"), "1 != 2");
    ck_assert_double_eq(number(failed, "line"), 17);
    ck_assert_double_eq(number(failed, "duration"), 250);
    ck_assert_double_eq(number(flaky, "retries"), 2);
    ck_assert(cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(flaky, "flaky")));
    ck_assert_ptr_nonnull(
        cJSON_GetObjectItemCaseSensitive(test_named(root, "test_points"), "steps"));
    ck_assert_str_eq(member(failed, "threadId"), "host-1 worker 0");
    ck_assert_double_eq(number(failed, "start"), 1795168801040.0);
    ck_assert_double_eq(number(failed, "stop"), 1795168801090.0);
}
END_TEST

START_TEST(a_latest_attempt_is_found)
{
    g_autoptr(TpsTimeline) timeline = tps_timeline_new(0);
    g_autoptr(TpsPlaces) places = NULL;
    g_autoptr(TpsPlaces) nobody = tps_places_new(NULL);
    TpsTimelineBar *bar;
    TpsPlace place;

    sample_row(timeline, "h", 0);
    sample_row(timeline, "h", 1);
    bar = sample_bar(timeline, 0, "s", 5, 9);
    bar->attempt = 2;
    sample_span(timeline, bar, "t", 0, 1);
    bar = sample_bar(timeline, 1, "s", 0, 4);
    sample_span(timeline, bar, "t", 0, 2);
    sample_span(timeline, bar, "u", 2, 2);
    tps_timeline_settle(timeline);
    places = tps_places_new(timeline);
    ck_assert(tps_places_find(places, "s", "t", &place));
    ck_assert_int_eq(place.bar->attempt, 2);
    ck_assert(tps_places_find(places, "s", "u", &place));
    ck_assert_int_eq(place.bar->attempt, 1);
    ck_assert(!tps_places_find(places, "t", "s", &place));
    ck_assert(!tps_places_find(nobody, "s", "t", &place));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("formats/report_ctrf");
    TCase *cases = tcase_create("ctrf");

    tcase_add_loop_test(cases, what_became_of_it, 0, G_N_ELEMENTS(statuses));
    tcase_add_test(cases, what_it_says);
    tcase_add_test(cases, a_latest_attempt_is_found);
    suite_add_tcase(suite, cases);
    return unit_main(suite);
}
