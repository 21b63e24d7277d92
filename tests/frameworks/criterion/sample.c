/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <criterion/theories.h>
#include <signal.h>
#include <stdlib.h>

Test(plain, pass)
{
    cr_assert(1);
}
Test(plain, Pass)
{
    cr_assert(0, "another than 'pass'");
}
Test(plain, passes_too)
{
}
Test(plain, fail)
{
    cr_expect(0, "<&> \"quoted\" ünï");
    cr_assert(0, "and that");
}
Test(plain, skip)
{
    cr_skip_test("not here");
}
Test(plain, disabled, .disabled = true)
{
    cr_assert(0);
}
Test(plain, expected_signal, .signal = SIGSEGV)
{
    raise(SIGSEGV);
}
Test(plain, expected_status, .exit_code = 3)
{
    exit(3);
}
Test(plain, other_status)
{
    exit(3);
}
Test(plain, hangs, .timeout = 0.2)
{
    for (;;)
        ;
}
Test(other, pass)
{
    cr_assert(0, "another than 'plain/pass'");
}

ParameterizedTestParameters(numbers, even)
{
    static int numbers[] = {2, 3, 4};

    return cr_make_param_array(int, numbers, 3);
}
ParameterizedTest(int *number, numbers, even)
{
    cr_assert(*number % 2 == 0);
}
ParameterizedTestParameters(numbers, small)
{
    static int numbers[] = {2, 3, 4};

    return cr_make_param_array(int, numbers, 3);
}
ParameterizedTest(int *number, numbers, small)
{
    cr_assert(*number < 5);
}
TheoryDataPoints(theory, holds) = {
    DataPoints(int, 1, 2),
    DataPoints(int, 0, 5),
};
Theory((int a, int b), theory, holds)
{
    cr_assert(a + b >= a);
}

static void prepare(void)
{
}
TestSuite(with_fixture, .init = prepare, .fini = prepare, .description = "a suite");
Test(with_fixture, runs)
{
}
