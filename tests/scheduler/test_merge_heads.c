/* SPDX-License-Identifier: MIT */
#include "scheduler/merge_heads.h"
#include "tests/unit.h"

#include <string.h>

#define N_TEXTS 40

/* Texts of up to 60 KB each: more than a suite keeps. */
static char *text_of(guint i)
{
    char *text = g_malloc(60001);
    size_t length = 20000 + (i * 7919) % 40000;

    memset(text, 'a' + (int)(i % 26), length);
    text[length] = '\0';
    g_snprintf(text, 8, "%03u", (i * 37) % 1000);
    text[3] = ':';
    return text;
}

static TpsReport *said_in(const guint *order, guint n)
{
    TpsReport *report = tps_report_new("r", false);
    TpsReportSuite *suite = tps_report_add_suite(report, "s");
    TpsSuiteHead *head = tps_suite_head_new();

    for (guint k = 0; k < n; k++) {
        g_autofree char *text = text_of(order[k]);
        g_autofree char *host = g_strdup_printf("h%u", order[k] % 5);
        g_autoptr(GPtrArray) properties = tps_properties_new();
        TpsLooseSuite said = {
            .name = "s", .hostname = host, .properties = properties, .output = text};

        tps_properties_add(properties, "os", order[k] % 2 ? "linux" : "bsd");
        tps_suite_head_add(head, &said);
    }
    tps_suite_head_settle(head, suite);
    tps_suite_head_free(head);
    return report;
}

static const TpsReportSuite *suite_of(const TpsReport *report)
{
    return g_ptr_array_index(report->suites, 0);
}

START_TEST(no_order_and_no_copy_matters)
{
    guint order[2 * N_TEXTS];
    g_autoptr(TpsReport) first = NULL;
    g_autoptr(GRand) random = g_rand_new_with_seed((guint32)_i);

    for (guint i = 0; i < 2 * N_TEXTS; i++)
        order[i] = i % N_TEXTS;
    first = said_in(order, N_TEXTS);
    ck_assert_uint_le(suite_of(first)->output->len, (1 << 20) + N_TEXTS * 64);
    ck_assert_uint_gt(suite_of(first)->output->len, (1 << 20) - 70000);
    for (guint i = 2 * N_TEXTS - 1; i > 0; i--) {
        guint j = (guint)g_rand_int_range(random, 0, (gint32)i + 1);
        guint spare = order[i];

        order[i] = order[j];
        order[j] = spare;
    }
    {
        g_autoptr(TpsReport) again = said_in(order, 2 * N_TEXTS);

        ck_assert_str_eq(suite_of(again)->output->str, suite_of(first)->output->str);
        ck_assert_str_eq(suite_of(again)->hostname, "h0, h1, h2, h3, h4");
        ck_assert_uint_eq(suite_of(again)->properties->len, 2);
    }
}
END_TEST

START_TEST(a_long_text_keeps_its_ends)
{
    g_autofree char *text = g_strnfill(500000, 'x');
    g_autoptr(TpsReport) report = tps_report_new("r", false);
    TpsReportSuite *suite = tps_report_add_suite(report, "s");
    TpsSuiteHead *head = tps_suite_head_new();

    memcpy(text, "begin", 5);
    memcpy(text + 499997, "end", 3);
    tps_suite_head_add(head, &(TpsLooseSuite){.name = "s", .output = text});
    tps_suite_head_settle(head, suite);
    tps_suite_head_free(head);
    ck_assert_uint_lt(suite->output->len, 65537);
    ck_assert(g_str_has_prefix(suite->output->str, "begin"));
    ck_assert(g_str_has_suffix(suite->output->str, "end"));
    ck_assert_ptr_nonnull(strstr(suite->output->str, "bytes cut"));
    ck_assert_ptr_null(suite->hostname);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("merge heads");
    TCase *tcase = tcase_create("heads");

    tcase_add_loop_test(tcase, no_order_and_no_copy_matters, 0, 20);
    tcase_add_test(tcase, a_long_text_keeps_its_ends);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
