/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/testcase.h"

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* Is each testcase a unit of its own? The framework may be unable to tell some of them apart. */
bool tps_units_are_testcases(const GPtrArray *testcases, TpsUnit unit, char *const *group);

/*
 * Number the units of some testcases in the order of their first appearance.
 *
 *   testcases  of TpsTestcase; those that are glued are in one unit, with the units they are of
 *   group      patterns of a suite, or NULL: testcases that match the same one are in one unit,
 *              with the units they are of; where a pattern has parentheses, only those for which
 *              these hold the same text
 *   of         [testcases->len]  out: the unit of each, 0 .. n-1; caller's array
 *   returns    n, how many units there are
 */
size_t tps_units_number(const GPtrArray *testcases, TpsUnit unit, char *const *group, int *of);

/*
 * What is taken takes along what it can only be selected with.
 *
 *   unit      the finest that the framework can select
 *   is_taken  [n_testcases] in and out
 *   returns   how many more that makes
 */
guint tps_units_take_along(const GPtrArray *testcases, TpsUnit unit, bool *is_taken);
