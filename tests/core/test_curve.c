/* SPDX-License-Identifier: MIT */
#include "core/curve.h"
#include "tests/unit.h"

typedef struct {
    int64_t money;
    const char *text;
} Case;

static const Case cases[] = {
    {0, "0.0000"},       {49, "0.0000"},       {50, "0.0001"},
    {5700, "0.0057"},    {999949, "0.9999"},   {999950, "1.0000"},
    {1500000, "1.5000"}, {9999949, "9.9999"},  {9999950, "10.0000"},
    {10000000, "10.00"}, {12345000, "12.35"},  {12344999, "12.34"},
    {99994999, "99.99"}, {99995000, "100.00"}, {INT64_MAX, "9223372036854.78"},
};

START_TEST(formats_money)
{
    g_autofree char *text = tps_money_format(cases[_i].money);

    ck_assert_str_eq(text, cases[_i].text);
}
END_TEST

START_TEST(finds_a_row)
{
    g_autoptr(TpsCurve) curve = tps_curve_new();
    const int sizes[] = {1, 2, 5};

    ck_assert_ptr_null(tps_curve_find(curve, 1));
    for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
        TpsCurveRow row = {.size = sizes[i]};

        g_array_append_val(curve->rows, row);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++)
        ck_assert_int_eq(tps_curve_find(curve, sizes[i])->size, sizes[i]);
    ck_assert_ptr_null(tps_curve_find(curve, 3));
    tps_curve_free(NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("curve");
    TCase *tcase = tcase_create("curve");

    tcase_add_loop_test(tcase, formats_money, 0, (int)G_N_ELEMENTS(cases));
    tcase_add_test(tcase, finds_a_row);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
