/* SPDX-License-Identifier: MIT */
/* cmocka.h needs the others before it */
/* clang-format off */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
/* clang-format on */

static void pass(void **state)
{
    (void)state;
}

static void fail_odd(void **state)
{
    (void)state;
    assert_string_equal("<&> \"quoted\" ünï ]]>", "other");
}

static void skips(void **state)
{
    (void)state;
    skip();
}

/* cmocka catches it. */
static void segfaults(void **state)
{
    (void)state;
    raise(SIGSEGV);
}

static void leaks(void **state)
{
    (void)state;
    assert_non_null(test_malloc(10));
}

static void expects_too_much(void **state)
{
    (void)state;
    will_return(pass, 1);
}

static void number(void **state)
{
    assert_int_not_equal(*(const int *)*state, 2);
}

static int fine(void **state)
{
    (void)state;
    return 0;
}

static int broken(void **state)
{
    (void)state;
    return -1;
}

static int prepare_one(void **state)
{
    static int one = 1;

    *state = &one;
    return 0;
}

static int numbers[] = {1, 2, 3};

int main(void)
{
    const struct CMUnitTest plain[] = {
        cmocka_unit_test(pass),
        cmocka_unit_test(fail_odd),
        cmocka_unit_test(skips),
        cmocka_unit_test(segfaults),
        cmocka_unit_test(leaks),
        cmocka_unit_test(expects_too_much),
        cmocka_unit_test_setup(number, prepare_one),
        cmocka_unit_test_setup_teardown(pass, fine, fine),
        {"setup fails", pass, broken, fine, NULL},
        {"teardown fails", pass, fine, broken, NULL},
        {"teardown fails, too", fail_odd, NULL, broken, NULL},
        cmocka_unit_test(pass),
    };
    const struct CMUnitTest parameters[] = {
        cmocka_unit_test_prestate(number, &numbers[0]),
        cmocka_unit_test_prestate(number, &numbers[1]),
        cmocka_unit_test_prestate_setup_teardown(number, NULL, fine, &numbers[2]),
    };
    const struct CMUnitTest odd[] = {
        {"a blank, a comma", pass, NULL, NULL, NULL},
        {"\"quotes\" <&> 'more'", pass, NULL, NULL, NULL},
        {"[brackets]{braces}", pass, NULL, NULL, NULL},
        {"back\\slash 100%41", pass, NULL, NULL, NULL},
        {"new\nline", pass, NULL, NULL, NULL},
        {"ünï/$(touch x)", pass, NULL, NULL, NULL},
        {"*star*", pass, NULL, NULL, NULL},
        {"a *star* more", fail_odd, NULL, NULL, NULL},
        {"one", pass, NULL, NULL, NULL},
        {"One", fail_odd, NULL, NULL, NULL},
        {"", pass, NULL, NULL, NULL},
    };
    int n_failed = cmocka_run_group_tests(plain, NULL, NULL);

    n_failed += cmocka_run_group_tests(parameters, fine, fine);
    n_failed += cmocka_run_group_tests_name("odd: \"names\"/%g", odd, NULL, NULL);
    n_failed += cmocka_run_group_tests_name("broken", parameters, broken, NULL);
    return n_failed;
}
