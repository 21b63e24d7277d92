/* SPDX-License-Identifier: MIT */
#pragma once

#include "runtime/level.h"
#include "runtime/predict.h"

#include <stdbool.h>

/* A testcase as the guesses see it: a name, and a level when it has one. */
typedef struct {
    const char *name;      /* with its file in front */
    const TpsLevel *level; /* NULL = never measured */
    bool gone;             /* in the listing no longer; has a level */
} TpsNamedLevel;

/*
 * Guess testcases of which nothing is known from those around them.
 *
 * The groups of a name (runtime/case_name.h) are walked from all testcases over directories, file
 * and class to the function. Each group's mean logarithm is drawn towards that of the group around
 * it with the weight of one testcase (shrinkage, Efron and Morris 1975): the point. The mean time,
 * drawn likewise: what is expected. Vanished testcases count as their groups' members: what comes
 * after them is like them.
 *
 *   cases       [n]
 *   prediction  [n]  out, of those that are new (no level, not gone); `default_us` where nothing
 *                    has a level
 *   time             O(length of the names)
 */
void tps_guess_similar(const TpsNamedLevel *cases, size_t n, int64_t default_us,
                       TpsPrediction *prediction);
