/* SPDX-License-Identifier: MIT */
/* cmocka.h needs the others before it */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
/* clang-format on */

static void passes(void **state)
{
    (void)state;
}

static void fails(void **state)
{
    (void)state;
    assert_true(0);
}

static void aborts(void **state)
{
    (void)state;
    abort();
}

int main(void)
{
    const struct CMUnitTest first[] = {
        cmocka_unit_test(passes),
    };
    const struct CMUnitTest second[] = {
        {"before", passes, NULL, NULL, NULL},
        cmocka_unit_test(fails),
        cmocka_unit_test(aborts),
        {"after", passes, NULL, NULL, NULL},
    };
    int n_failed = cmocka_run_group_tests(first, NULL, NULL);

    return n_failed + cmocka_run_group_tests(second, NULL, NULL);
}
