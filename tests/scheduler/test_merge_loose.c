/* SPDX-License-Identifier: MIT */
#include "formats/junit.h"
#include "scheduler/collect.h"
#include "scheduler/merge.h"
#include "tests/report_text.h"
#include "tests/reports.h"
#include "tests/scratch.h"
#include "tests/unit.h"

#include <glib.h>
#include <string.h>

static TpsLooseReport *loose_new(const char *suite, const char *origin, const char *results)
{
    TpsLooseReport *report = tps_loose_report_new(suite, origin);

    report->digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, results, -1);
    results_add(report->results, results);
    return report;
}

static bool add_outcome(const TpsReportSuite *suite, const TpsResult *result, void *user,
                        GError **error)
{
    (void)suite;
    (void)error;
    g_string_append_printf(user, " %s=%s", result->id, tps_outcome_name(result->outcome));
    return true;
}

static char *outcomes_of(const TpsReport *merge)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < merge->suites->len; i++) {
        const TpsReportSuite *suite = g_ptr_array_index(merge->suites, i);

        g_string_append_printf(text, "%s[", suite->name);
        ck_assert(tps_report_visit(merge, suite, add_outcome, text, NULL));
        g_string_append(text, " ] ");
    }
    return g_string_free(text, FALSE);
}

START_TEST(loose_reports_are_united)
{
    g_autoptr(TpsCollection) collection = tps_collect((const char *const[]){NULL}, NULL);
    GPtrArray *reports = collection->loose;
    g_autoptr(TpsReport) merge = NULL;
    g_autofree char *outcomes = NULL;
    g_autofree char *notes = NULL;

    g_ptr_array_add(reports, loose_new("s", "1.xml", "b:p:1 a:p:1 c:s:0"));
    g_ptr_array_add(reports, loose_new("s", "2.xml", "b:f:1 a:s:0 d:p:1"));
    g_ptr_array_add(reports, loose_new("r", "3.xml", "a:e:1"));
    g_ptr_array_add(reports, loose_new("r", "4.xml", "a:e:1"));
    merge = tps_merge_loose("all", ".", collection, NULL);
    outcomes = outcomes_of(merge);
    notes = lines(merge->notes);
    ck_assert_str_eq(outcomes, "r[ a=error ] s[ a=passed b=failed c=skipped d=passed ] ");
    ck_assert_str_eq(notes, "r: the same report was given more than once and counts once\n"
                            "s: 1 testcases are in several reports; the worse result counts\n");
    ck_assert(!merge->checked);
    ck_assert(tps_report_is_complete(merge));
    ck_assert_uint_eq(tps_report_n_bad(merge), 2);
}
END_TEST

/* Read some written reports and merge them; the merged one as text, caller frees. */
static char *merge_files(const char *const *paths)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(TpsCollection) collection = tps_collect_unread(paths, &error);
    g_autoptr(TpsReport) merge = NULL;

    ck_assert_msg(collection != NULL, "%s", error ? error->message : "");
    merge = tps_merge_loose("all", ".", collection, &error);
    ck_assert_msg(merge != NULL, "%s", error ? error->message : "");
    ck_assert_uint_eq(collection->problems->len, 0);
    return report_text(merge, "junit");
}

/* Some have cases, and of a few of them these don't tell all. */
static void draw_cases(GRand *rand, TpsResult *result)
{
    static const char *const names[] = {"x", "y > z", "\x01"};

    if (draw(rand, 3) == 0)
        result->output = g_strdup("noise");
    for (size_t n = draw(rand, 2) ? draw(rand, 4) : 0; n > 0; n--) {
        TpsOutcome outcome = outcome_of("spfe"[draw(rand, 4)]);

        tps_result_add_case(result, tps_result_new(names[draw(rand, 3)], outcome, 1));
    }
    if (tps_outcome_is_bad(result->outcome) && draw(rand, 2)) {
        result->attempts = tps_results_new();
        g_ptr_array_add(result->attempts, tps_result_new(NULL, TPS_OUTCOME_FAILED, 2));
    }
}

static char *draw_report(GRand *rand, const char *name)
{
    static const char *const names[] = {"s", "t"};
    TpsJunitOutSuite suites[2] = {0};
    g_autoptr(GString) text = NULL;

    for (size_t i = 0; i < 2; i++) {
        GPtrArray *results = tps_results_new();

        for (int n = g_rand_int_range(rand, 0, 6); n > 0; n--) {
            g_autofree char *words =
                g_strdup_printf("%c%d:%c:%d", 'a', g_rand_int_range(rand, 0, 5) * 10 + n,
                                "spfe"[draw(rand, 4)], g_rand_int_range(rand, 0, 9));

            results_add(results, words);
            draw_cases(rand, g_ptr_array_index(results, results->len - 1));
        }
        suites[i] = (TpsJunitOutSuite){
            .name = names[i],
            .hostname = "host",
            .started_us = g_rand_boolean(rand)
                              ? TPS_TIME_UNKNOWN
                              : INT64_C(1700000000123456) + g_rand_int_range(rand, 0, 1000000000),
            .results = results,
        };
    }
    text = tps_junit_format(name, TPS_TIME_UNKNOWN, suites, 2);
    for (size_t i = 0; i < 2; i++)
        g_ptr_array_unref((GPtrArray *)suites[i].results);
    return scratch_write(name, text->str, text->len);
}

/* R14, over the written form. */
START_TEST(loose_merging_is_a_semilattice)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(14);

    for (int round = 0; round < 100; round++) {
        g_autofree char *a = draw_report(rand, "a.xml");
        g_autofree char *b = draw_report(rand, "b.xml");
        g_autofree char *c = draw_report(rand, "c.xml");
        g_autofree char *abc = merge_files((const char *const[]){a, b, c, NULL});
        g_autofree char *cba = merge_files((const char *const[]){c, b, a, NULL});
        g_autofree char *ab = merge_files((const char *const[]){a, b, NULL});
        g_autofree char *bc = merge_files((const char *const[]){b, c, NULL});
        g_autofree char *ab_path = scratch_text("ab.xml", ab);
        g_autofree char *bc_path = scratch_text("bc.xml", bc);
        g_autofree char *ab_c = merge_files((const char *const[]){ab_path, c, NULL});
        g_autofree char *a_bc = merge_files((const char *const[]){a, bc_path, NULL});
        g_autofree char *abc_path = scratch_text("abc.xml", abc);
        g_autofree char *again = merge_files((const char *const[]){abc_path, NULL});
        g_autofree char *with_all = merge_files((const char *const[]){abc_path, a, c, NULL});

        ck_assert_str_eq(cba, abc);
        ck_assert_str_eq(ab_c, abc);
        ck_assert_str_eq(a_bc, abc);
        ck_assert_str_eq(again, abc);
        ck_assert_str_eq(with_all, abc);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("merge_loose");
    TCase *tcase = tcase_create("merge_loose");

    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, scratch_make, scratch_remove);
    tcase_add_test(tcase, loose_reports_are_united);
    tcase_add_test(tcase, loose_merging_is_a_semilattice);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
