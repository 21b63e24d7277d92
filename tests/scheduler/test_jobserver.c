/* SPDX-License-Identifier: MIT */
#include "scheduler/jobserver.h"
#include "tests/unit.h"

#include <string.h>
#include <unistd.h>

static TpsJobserver *new_jobserver(int n_tokens)
{
    g_autoptr(GError) error = NULL;
    TpsJobserver *jobserver = tps_jobserver_new(n_tokens, &error);

    ck_assert_msg(jobserver != NULL, "%s", error ? error->message : "?");
    return jobserver;
}

/* Take all tokens there are. */
static int drain(const TpsJobserver *jobserver)
{
    char token;
    int n = 0;

    while (read(*tps_jobserver_file(jobserver), &token, 1) == 1) {
        ck_assert_int_eq(token, '+');
        n++;
    }
    return n;
}

START_TEST(has_its_tokens)
{
    g_autoptr(TpsJobserver) jobserver = new_jobserver(_i);
    g_autofree char *jobs = g_strdup_printf("-j%d --jobserver-auth=3,4", _i + 1);

    tps_jobserver_enter(jobserver);
    ck_assert_int_eq(drain(jobserver), _i);
    ck_assert(g_str_has_prefix(tps_jobserver_variable(jobserver), "MAKEFLAGS="));
    ck_assert(g_str_has_suffix(tps_jobserver_variable(jobserver), jobs));
}
END_TEST

START_TEST(gets_them_back_when_nobody_uses_it)
{
    g_autoptr(TpsJobserver) jobserver = new_jobserver(3);

    tps_jobserver_enter(jobserver);
    ck_assert_int_eq(drain(jobserver), 3);
    tps_jobserver_enter(jobserver);
    ck_assert_int_eq(drain(jobserver), 0); /* the first one may still have them */
    tps_jobserver_leave(jobserver);
    tps_jobserver_leave(jobserver);
    tps_jobserver_enter(jobserver);
    ck_assert_int_eq(drain(jobserver), 3);
}
END_TEST

/* What is written twice must not become more. */
START_TEST(has_no_more_than_its_own)
{
    g_autoptr(TpsJobserver) jobserver = new_jobserver(2);

    tps_jobserver_enter(jobserver);
    ck_assert_int_eq(write(*tps_jobserver_file(jobserver), "+++", 3), 3);
    tps_jobserver_leave(jobserver);
    tps_jobserver_enter(jobserver);
    ck_assert_int_eq(drain(jobserver), 2);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("jobserver");
    TCase *tcase = tcase_create("jobserver");

    tcase_add_loop_test(tcase, has_its_tokens, 0, 4);
    tcase_add_test(tcase, gets_them_back_when_nobody_uses_it);
    tcase_add_test(tcase, has_no_more_than_its_own);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
