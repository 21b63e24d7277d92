/* SPDX-License-Identifier: MIT */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

/* A test that runs leaves this file, so that a listing can be seen to run none. */
static void leave_mark(void)
{
    const char *path = getenv("SAMPLE_MARK");
    FILE *file = path ? fopen(path, "a") : NULL;

    if (file)
        fclose(file);
}

START_TEST(test_pass)
{
    leave_mark();
}
END_TEST

START_TEST(test_loop)
{
    leave_mark();
    ck_assert_int_ne(_i, 3);
}
END_TEST

START_TEST(test_fail)
{
    leave_mark();
    ck_assert_msg(0, "<&> \"quoted\"");
}
END_TEST

START_TEST(test_signal)
{
    leave_mark();
    raise(SIGSEGV);
}
END_TEST

START_TEST(test_expected)
{
    leave_mark();
    raise(SIGABRT);
}
END_TEST

static void add_bad(Suite *suite)
{
    TCase *bad = tcase_create("bad");

    tcase_add_test(bad, test_fail);
    tcase_add_test(bad, test_signal);
    tcase_add_test_raise_signal(bad, test_expected, SIGABRT);
    suite_add_tcase(suite, bad);
}

static Suite *make_suite(const char *name)
{
    int green = getenv("SAMPLE_GREEN") != NULL;
    Suite *suite = suite_create(name);
    TCase *core = tcase_create("core & more");

    tcase_add_checked_fixture(core, leave_mark, leave_mark);
    tcase_add_test(core, test_pass);
    tcase_add_test(core, test_pass);
    tcase_add_loop_test(core, test_loop, 0, green ? 3 : 5);
    suite_add_tcase(suite, core);
    if (!green)
        add_bad(suite);
    return suite;
}

int main(void)
{
    SRunner *runner = srunner_create(make_suite("First: one"));
    int failed;

    srunner_add_suite(runner, make_suite("Second"));
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
