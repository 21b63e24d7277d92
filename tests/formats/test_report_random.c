/* SPDX-License-Identifier: MIT */
#include "core/duration.h"
#include "formats/json.h"
#include "tests/report_sample.h"
#include "tests/report_text.h"
#include "tests/unit.h"

#include <string.h>

/* Reports that nobody would write: whatever is in them, each format stays what it is. */

/* A text of up to `most` hostile texts and bytes, sometimes cut anywhere. Caller frees. */
static char *random_text(GRand *rand, gint32 most)
{
    GString *text = g_string_new(NULL);

    for (gint32 n = g_rand_int_range(rand, 0, most + 1); n > 0; n--) {
        if (g_rand_boolean(rand))
            g_string_append_c(text, (char)g_rand_int_range(rand, 1, 256));
        else
            g_string_append(
                text,
                sample_hostile[g_rand_int_range(rand, 0, (gint32)G_N_ELEMENTS(sample_hostile))]);
    }
    if (text->len > 0 && g_rand_boolean(rand))
        g_string_truncate(text, (gsize)g_rand_int_range(rand, 0, (gint32)text->len));
    return g_string_free(text, FALSE);
}

static char *maybe_text(GRand *rand)
{
    return g_rand_boolean(rand) ? random_text(rand, 6) : NULL;
}

static int64_t random_time(GRand *rand)
{
    static const int64_t times[] = {TPS_TIME_UNKNOWN,   0, 1, 999, 1000, 999999, 3600000000,
                                    TPS_DURATION_MAX_US};

    return times[g_rand_int_range(rand, 0, (gint32)G_N_ELEMENTS(times))];
}

static TpsResult *random_result(GRand *rand, int depth);

static GPtrArray *random_results(GRand *rand, int depth)
{
    GPtrArray *results = tps_results_new();

    for (gint32 n = g_rand_int_range(rand, 0, 4); n > 0; n--)
        g_ptr_array_add(results, random_result(rand, depth + 1));
    return results;
}

static TpsResult *random_result(GRand *rand, int depth)
{
    g_autofree char *id = random_text(rand, 3);
    TpsResult *result =
        tps_result_new(id, (TpsOutcome)g_rand_int_range(rand, 0, 5), random_time(rand));

    result->type = g_rand_boolean(rand) ? maybe_text(rand) : g_strdup(TPS_RESULT_NOT_RUN);
    result->message = maybe_text(rand);
    result->text = maybe_text(rand);
    result->output = maybe_text(rand);
    result->file = maybe_text(rand);
    result->line = g_rand_int_range(rand, 0, 3) ? 0 : INT64_C(1) << g_rand_int_range(rand, 0, 50);
    if (depth == 0 && g_rand_boolean(rand))
        result->cases = random_results(rand, depth);
    if (depth == 0 && result->outcome == TPS_OUTCOME_FLAKY)
        result->attempts = random_results(rand, depth);
    if (g_rand_boolean(rand)) {
        g_autofree char *name = random_text(rand, 2);

        result->properties = tps_properties_new();
        tps_properties_add(result->properties, name, id);
    }
    return result;
}

static TpsReport *random_report(GRand *rand)
{
    g_autofree char *name = random_text(rand, 2);
    TpsReport *report = tps_report_new(name, g_rand_boolean(rand));

    report->flaky_fails = g_rand_boolean(rand);
    report->makespan_us = random_time(rand);
    report->lower_bound_us = random_time(rand);
    for (gint32 n = g_rand_int_range(rand, 0, 4); n > 0; n--) {
        g_autofree char *suite_name = random_text(rand, 2);
        TpsReportSuite *suite = tps_report_add_suite(report, suite_name);
        int64_t start = g_rand_boolean(rand) ? SAMPLE_EPOCH : 0;

        suite->hostname = maybe_text(rand);
        tps_report_suite_extend(suite, start, start + MAX(random_time(rand), 0));
        for (gint32 i = g_rand_int_range(rand, 0, 30); i > 0; i--)
            g_ptr_array_add(suite->results, random_result(rand, 0));
    }
    for (gint32 n = g_rand_int_range(rand, -3, 4); n > 0; n--) {
        g_autofree char *problem = random_text(rand, 4);

        tps_report_add_problem(report, "%s", problem);
        tps_report_add_note(report, "%s", problem);
    }
    tps_report_finish(report);
    report->timeline = sample_timeline(report);
    return report;
}

static bool is_json(const char *format)
{
    return strcmp(format, "json") == 0 || strcmp(format, "ctrf") == 0 ||
           strcmp(format, "testplan") == 0 || strcmp(format, "trace") == 0;
}

static const char *const formats[] = {"json",  "ctrf",     "tap",         "testplan",
                                      "trace", "markdown", "annotations", "gitlab"};

START_TEST(each_format_stays_what_it_is)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed((guint32)_i);
    g_autoptr(TpsReport) report = random_report(rand);

    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
        g_autofree char *text = report_text(report, formats[i]);
        g_autofree char *again = report_text(report, formats[i]);
        g_autoptr(cJSON) root = is_json(formats[i]) ? cJSON_Parse(text) : NULL;

        ck_assert_str_eq(text, again);
        ck_assert_msg(g_utf8_validate(text, -1, NULL), "%s is no UTF-8", formats[i]);
        ck_assert_msg(root || !is_json(formats[i]), "%s is no JSON", formats[i]);
        if (!is_json(formats[i]))
            ck_assert_msg(!strpbrk(text, "\a\b\x7f"), "%s has control characters", formats[i]);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("formats/report_random");
    TCase *cases = tcase_create("random");

    tcase_add_loop_test(cases, each_format_stays_what_it_is, 0, 300);
    suite_add_tcase(suite, cases);
    return unit_main(suite);
}
