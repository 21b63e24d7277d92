/* SPDX-License-Identifier: MIT */
#pragma once

#include <check.h>
#include <stdlib.h>

/* Run one suite of unit tests, speaking TAP on standard output; what main() returns. */
static inline int unit_main(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    int failed;

    srunner_set_tap(runner, "-");
    srunner_run_all(runner, CK_SILENT);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* The error is of that domain and code, and its text holds `part`. Clears it. */
#define assert_error(error, domain_, code_, part)                                                  \
    do {                                                                                           \
        ck_assert_ptr_nonnull(error);                                                              \
        ck_assert_msg((error)->domain == (domain_) && (error)->code == (int)(code_),               \
                      "wrong kind of error: %s", (error)->message);                                \
        ck_assert_msg(strstr((error)->message, part) != NULL, "'%s' does not hold '%s'",           \
                      (error)->message, part);                                                     \
        g_clear_error(&(error));                                                                   \
    } while (0)
