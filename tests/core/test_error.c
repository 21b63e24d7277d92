/* SPDX-License-Identifier: MIT */
#include "core/error.h"
#include "tests/unit.h"

#include <glib.h>
#include <string.h>

static const char *const known[] = {"name", "framework", "parts", "path", "pool", "suites", NULL};

static const char *const words[][2] = {
    {"name", "name"},     {"nam", "name"},           {"nmae", "name"},
    {"nmae2", NULL},      {"framwork", "framework"}, {"framewrok", "framework"},
    {"FRAMEWORK", NULL},  {"part", "parts"},         {"suite", "suites"},
    {"suiets", "suites"}, {"elephant", NULL},        {"", NULL},
    {"pool", "pool"},     {"pol", "pool"},           {"x", NULL},
    {"pathh", "path"},
};

START_TEST(finds_the_nearest)
{
    const char *got = tps_nearest_word(words[_i][0], known);

    ck_assert_msg(g_strcmp0(got, words[_i][1]) == 0, "%s: %s", words[_i][0], got ? got : "none");
}
END_TEST

START_TEST(ties_go_to_the_first)
{
    const char *const alike[] = {"bat", "cat", NULL};

    ck_assert_str_eq(tps_nearest_word("rat", alike), "bat");
}
END_TEST

/* Words from a file can have any length. */
START_TEST(long_words_have_no_neighbours)
{
    g_autofree char *word = g_strnfill(100000, 'a');
    g_autofree char *at_most = g_strnfill(64, 'a');
    const char *const long_known[] = {word, at_most, NULL};

    ck_assert_ptr_null(tps_nearest_word(word, long_known));
    ck_assert_str_eq(tps_nearest_word(at_most, long_known), at_most);
    ck_assert_ptr_null(tps_nearest_word("a", (const char *const[]){NULL}));
}
END_TEST

START_TEST(the_domain_is_one)
{
    g_autoptr(GError) error = g_error_new(TPS_ERROR, TPS_ERROR_USAGE, "x");

    ck_assert(g_error_matches(error, tps_error_quark(), TPS_ERROR_USAGE));
    ck_assert_str_eq(g_quark_to_string(TPS_ERROR), "tps-error");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("error");
    TCase *tcase = tcase_create("error");

    tcase_add_loop_test(tcase, finds_the_nearest, 0, G_N_ELEMENTS(words));
    tcase_add_test(tcase, ties_go_to_the_first);
    tcase_add_test(tcase, long_words_have_no_neighbours);
    tcase_add_test(tcase, the_domain_is_one);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
