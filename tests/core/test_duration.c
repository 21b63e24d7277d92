/* SPDX-License-Identifier: MIT */
#include "core/duration.h"
#include "core/error.h"
#include "tests/unit.h"

#include <glib.h>
#include <math.h>
#include <string.h>

typedef struct {
    const char *text;
    int64_t us;
} Pair;

static const Pair texts[] = {
    {"0", 0},
    {"90", 90 * TPS_SECOND_US},
    {"1.5", 1500000},
    {".5", 500000},
    {"1m30s", 90 * TPS_SECOND_US},
    {"1min", TPS_MINUTE_US},
    {"2h", 120 * TPS_MINUTE_US},
    {"1d2h3m4s5ms6us", INT64_C(93784005006)},
    {"250ms", 250000},
    {"1us", 1},
    {"0.5us", 1},
    {"0.49us", 0},
    {"1.5h", 90 * TPS_MINUTE_US},
    {"30s1m", 90 * TPS_SECOND_US},
    {"3650d", TPS_DURATION_MAX_US},
    {"315360000", TPS_DURATION_MAX_US},
    {"1e3", 1000 * TPS_SECOND_US},
};

START_TEST(parses)
{
    g_autoptr(GError) error = NULL;
    int64_t us = -5;

    ck_assert_msg(tps_duration_parse(texts[_i].text, &us, &error), "%s", texts[_i].text);
    ck_assert_msg(us == texts[_i].us, "%s: %" G_GINT64_FORMAT, texts[_i].text, us);
}
END_TEST

static const char *const refused[][2] = {
    {"", "'' is not a duration; write seconds or 1m30s, 2h, 250ms"},
    {" ", "' ' is not a duration"},
    {"-1", "'-1' is not a duration"},
    {"+1", "'+1' is not a duration"},
    {" 1", "' 1' is not a duration"},
    {"1 ", "'1 ' is not a duration"},
    {"1 m", "'1 m' is not a duration"},
    {"m", "'m' is not a duration"},
    {".", "'.' is not a duration"},
    {"1y", "'1y' is not a duration"},
    {"1M", "'1M' is not a duration"},
    {"1m30", "'1m30' is not a duration"},
    {"30 1m", "'30 1m' is not a duration"},
    {"1m-30s", "'1m-30s' is not a duration"},
    {"1,5", "'1,5' is not a duration"},
    {"nan", "'nan' is not a duration"},
    {"inf", "'inf' is not a duration"},
    {"auto", "'auto' is not a duration"},
    {"3651d", "'3651d' is longer than ten years"},
    {"3650d1s", "'3650d1s' is longer than ten years"},
    {"1e999", "'1e999' is longer than ten years"},
    {"99999999999999999999h", "is longer than ten years"},
};

START_TEST(refuses)
{
    g_autoptr(GError) error = NULL;
    int64_t us = -5;

    ck_assert_msg(!tps_duration_parse(refused[_i][0], &us, &error), "%s", refused[_i][0]);
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, refused[_i][1]);
    ck_assert_int_eq(us, -5);
}
END_TEST

static const Pair formats[] = {
    {"0ms", 0},
    {"0ms", 999},
    {"1ms", 1000},
    {"999ms", 999999},
    {"1.0s", 1000000},
    {"1.0s", 1049999},
    {"1.1s", 1050000},
    {"59.9s", 59949999},
    {"1m00s", 59950000},
    {"1m05s", 65 * TPS_SECOND_US},
    {"59m59s", INT64_C(3599499999)},
    {"1h00m", INT64_C(3599500000)},
    {"2h03m", 123 * TPS_MINUTE_US},
    {"87600h00m", TPS_DURATION_MAX_US},
    {"2562047788h00m", INT64_MAX},
    {"unknown", -1},
    {"unknown", INT64_MIN},
};

START_TEST(formats_for_people)
{
    g_autofree char *text = tps_duration_format(formats[_i].us);

    ck_assert_str_eq(text, formats[_i].text);
}
END_TEST

START_TEST(seconds_go_both_ways)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(10);
    int64_t us = -1;

    for (int round = 0; round < 100000; round++) {
        int64_t expected = (int64_t)(g_rand_double(rand) * (double)TPS_DURATION_MAX_US) >>
                           g_rand_int_range(rand, 0, 49);

        ck_assert(tps_us_from_seconds(tps_us_to_seconds(expected), &us));
        ck_assert_int_eq(us, expected);
    }
    ck_assert(tps_us_from_seconds(tps_us_to_seconds(TPS_DURATION_MAX_US), &us));
    ck_assert_int_eq(us, TPS_DURATION_MAX_US);
}
END_TEST

static const double bad_seconds[] = {-1, -1e-9, 315360001.0, 1e300, INFINITY, -INFINITY, NAN};

START_TEST(bad_seconds_are_refused)
{
    int64_t us = -5;

    ck_assert(!tps_us_from_seconds(bad_seconds[_i], &us));
    ck_assert_int_eq(us, -5);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("duration");
    TCase *tcase = tcase_create("duration");

    tcase_add_loop_test(tcase, parses, 0, G_N_ELEMENTS(texts));
    tcase_add_loop_test(tcase, refuses, 0, G_N_ELEMENTS(refused));
    tcase_add_loop_test(tcase, formats_for_people, 0, G_N_ELEMENTS(formats));
    tcase_add_test(tcase, seconds_go_both_ways);
    tcase_add_loop_test(tcase, bad_seconds_are_refused, 0, G_N_ELEMENTS(bad_seconds));
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
