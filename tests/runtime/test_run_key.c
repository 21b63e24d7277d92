/* SPDX-License-Identifier: MIT */
#include "runtime/run_key.h"
#include "tests/unit.h"

#include <glib.h>
#include <string.h>

#define SECOND INT64_C(1000000)
#define NOW (INT64_C(1795260763) * SECOND) /* 2026-11-21 11:32:43 UTC */

/* Takes both. */
static bool same(char *a, char *b)
{
    g_autofree char *one = a;
    g_autofree char *two = b;

    return strcmp(one, two) == 0;
}

START_TEST(says_when_and_which)
{
    g_autofree char *key = tps_run_key_new(NOW, "plan", "run");

    ck_assert(tps_run_key_is(key));
    ck_assert(g_str_has_prefix(key, "20261121T113243-"));
    ck_assert_uint_eq(strlen(key), TPS_RUN_KEY_LENGTH);
    ck_assert_int_eq(tps_run_key_time(key), NOW / SECOND);
}
END_TEST

START_TEST(shards_of_a_run_have_one_hash)
{
    g_autofree char *first = tps_run_key_new(NOW, "plan", "run");
    g_autofree char *second = tps_run_key_new(NOW + 7 * SECOND, "plan", "run");

    ck_assert_str_ne(first, second);
    ck_assert_str_eq(strchr(first, '-'), strchr(second, '-'));
    ck_assert_int_lt(strcmp(first, second), 0);
}
END_TEST

START_TEST(other_runs_have_others)
{
    ck_assert(same(tps_run_key_new(NOW, "p", "r"), tps_run_key_new(NOW, "p", "r")));
    ck_assert(!same(tps_run_key_new(NOW, "p", "r"), tps_run_key_new(NOW, "p", "s")));
    ck_assert(!same(tps_run_key_new(NOW, "p", "r"), tps_run_key_new(NOW, "q", "r")));
    ck_assert(!same(tps_run_key_new(NOW, "p", NULL), tps_run_key_new(NOW, "p", "r")));
    ck_assert(same(tps_run_key_new(NOW, "p", NULL), tps_run_key_new(NOW, "p", NULL)));
    ck_assert(!same(tps_run_key_new(NOW, "p", NULL), tps_run_key_new(NOW + 1, "p", NULL)));
    ck_assert(
        !same(tps_run_key_new(NOW, "p", NULL), tps_run_key_new(NOW, "p", "1795260763000000")));
}
END_TEST

/* Whatever a clock says, it is a key. */
START_TEST(absurd_times_are_keys)
{
    static const int64_t times[] = {0, -1, INT64_MIN, INT64_MAX, INT64_C(253402300800) * SECOND};

    for (size_t i = 0; i < G_N_ELEMENTS(times); i++) {
        g_autofree char *key = tps_run_key_new(times[i], "plan", NULL);

        ck_assert_msg(tps_run_key_is(key), "%s", key);
    }
}
END_TEST

static const char *const none[] = {
    "",
    "20261121T113243",
    "20261121T113243-3f2a9c1",
    "20261121T113243-3f2a9c1b1",
    "20261121T113243-3F2A9C1B",
    "20261121T113243-3f2a9c1g",
    "20261121t113243-3f2a9c1b",
    "20261121T113243+3f2a9c1b",
    "2026112 T113243-3f2a9c1b",
    "20261321T113243-3f2a9c1b",
    "20260230T113243-3f2a9c1b",
    "20261121T243243-3f2a9c1b",
    "20261121T116043-3f2a9c1b",
    "00001121T113243-3f2a9c1b",
    "19691231T235959-3f2a9c1b",
    " 0261121T113243-3f2a9c1b",
    "20261121T113243-3f2a9c1b ",
    "20261121T113243-3f2a9c1\xc3\xa4",
};

START_TEST(what_is_no_key)
{
    ck_assert_msg(!tps_run_key_is(none[_i]), "%s", none[_i]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("run_key");
    TCase *tcase = tcase_create("run_key");

    tcase_add_test(tcase, says_when_and_which);
    tcase_add_test(tcase, shards_of_a_run_have_one_hash);
    tcase_add_test(tcase, other_runs_have_others);
    tcase_add_test(tcase, absurd_times_are_keys);
    tcase_add_loop_test(tcase, what_is_no_key, 0, G_N_ELEMENTS(none));
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
