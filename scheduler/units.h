/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/testcase.h"

#include <glib.h>
#include <stddef.h>

/*
 * Number the units of some testcases in the order of their first appearance.
 *
 *   testcases  of TpsTestcase
 *   of   [testcases->len]  out: the unit of each, 0 .. n-1; caller's array
 *   returns                n, how many units there are
 */
size_t tps_units_number(const GPtrArray *testcases, TpsUnit unit, int *of);
