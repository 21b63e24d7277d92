/* SPDX-License-Identifier: MIT */
#pragma once

#include <cJSON.h>
#include <glib.h>

/*
 * Give each testcase the group it can't be parted from. ctest pulls fixtures into every process
 * that needs them and honours locks and dependencies only inside one, so tests that share any of
 * these stay together.
 *
 *   tests      [n] the array "tests" of ctest's listing
 *   testcases  [n] TpsTestcase in the same order; gets `group`: the first member's id
 */
void tps_ctest_group(const cJSON *tests, GPtrArray *testcases);
