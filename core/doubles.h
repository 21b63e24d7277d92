/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/result.h"

#include <glib.h>

/*
 * What one report says several times of one name. None of it is dropped, and each is warned of:
 *
 *   - nothing failed: as many testcases, "a", "a [2]", in the report's order; likewise what stands
 *     in different places (file and line)
 *   - a failure and an error: one testcase, the error with both texts. pytest tells in two elements
 *     that a test failed and its teardown broke, jest-junit that a file could not be loaded
 *   - anything else was run again: one testcase, with what failed as its earlier attempts; it is
 *     flaky when it passed at last, and has failed when a failure came after the pass
 *
 *   results   of TpsResult of one suite of one report, in its order; elements are taken out
 *   suite     its name, for the warnings
 *   warnings  of char*, owned by it; the first 20 are told, the rest is counted
 *   time      O(n)
 */
void tps_doubles_fold(GPtrArray *results, const char *suite, GPtrArray *warnings);
