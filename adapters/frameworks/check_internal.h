/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/result.h"
#include "core/suite.h"

/* One <test> of the XML that Check writes. */
typedef struct {
    char *suite;       /* owned */
    char *tcase;       /* owned */
    TpsResult *result; /* owned; its id is "Suite:TCase:test", "[i]" behind a later iteration, and
                          "#2" where that was used before */
} TpsCheckTest;

/*
 * Read that file.
 *
 *   problem  out: NULL, or owned text why reading stopped early; what was complete is returned
 *   returns  TpsCheckTest in the file's order; never NULL
 */
GPtrArray *tps_check_xml_read(const char *path, char **problem);

/*
 * Why a library can't be preloaded into the suite's program, which would then run its tests instead
 * of naming them; NULL when it can. Static text.
 */
const char *tps_check_preload_problem(const TpsSuite *suite, const char *program);
