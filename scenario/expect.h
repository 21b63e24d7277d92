/* SPDX-License-Identifier: MIT */
#pragma once

#include "scenario/scenario.h"

/* How a step ended, and where what it printed is. */
typedef struct {
    int wait_status;       /* as of waitpid(2)                    */
    const char *output;    /* a file: all that it printed         */
    const char *directory; /* absolute; that it was run in        */
} TpsStepEnd;

/* As output_matches means them: PCRE, bytes, ^ and $ at each line; `.` is no line end. */
GRegex *tps_expect_regex(const char *pattern, GError **error);

/*
 * What was expected and is not so: of char*, a line each; empty when all is. In the order of the
 * table in docs/scenarios.md, not of the file.
 */
GPtrArray *tps_expect_check(const TpsExpect *expect, const TpsStepEnd *end);
