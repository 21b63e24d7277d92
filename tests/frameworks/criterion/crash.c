/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>

/* Each test has a process of its own: the others don't notice. */
Test(crash, a_before)
{
}
Test(crash, b_fails)
{
    cr_assert(0, "seen");
}
Test(crash, c_crashes)
{
    raise(SIGSEGV);
}
Test(crash, d_aborts)
{
    abort();
}
Test(crash, e_after)
{
}
