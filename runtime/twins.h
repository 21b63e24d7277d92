/* SPDX-License-Identifier: MIT */
#pragma once

#include "runtime/similar.h"

/*
 * New testcases that are old ones under another name: a file was moved, a class renamed, a
 * directory put in front. A new testcase takes the level of the testcases that vanished and share,
 * in this order,
 *
 *   1. the file's name, classes, function and parameters: another directory
 *   2. the file with its directories, function and parameters: another class
 *   3. classes, function and parameters: another file
 *   4. function and parameters
 *
 * Of several the newest count, by their mean. Names that are shared by more than four of those, or
 * by more than four new ones for each, are too common to say anything.
 *
 *   cases       [n]
 *   prediction  [n]  replaced where a twin is found
 *   time             O(n log n) steps
 */
void tps_take_twins(const TpsNamedLevel *cases, size_t n, TpsPrediction *prediction);
