/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/plan.h"

/*
 * What if: the makespan of a plan of which one thing is changed. Each is a simulation of the pool
 * by its own rule, heaviest task first, and so comparable with the others, but not with a makespan
 * that was packed more cleverly. Where tasks need more than a worker, in the best of the orders
 * that the planner tries then.
 */

/* What a plan says of one suite. */
typedef struct {
    const char *name;
    int parts;
    int64_t execution_us; /* of all parts                          */
    int64_t setup_us;     /* of one part: the longest of its parts */
    int64_t teardown_us;
    int64_t heaviest_us; /* the weight of its heaviest part       */
} TpsSuiteSums;

/* One for each suite, in the order of the plan's. Caller unrefs; borrows the names. */
GArray *tps_suite_sums(const TpsPlan *plan);

/* The plan as it is, on a pool of that size. */
int64_t tps_scenario_size(const TpsPlan *plan, int size);

/*
 * One suite in so many equal parts, each with the setup and teardown it has now.
 *
 *   longest_unit_us  what one part must take at least, for it can't be cut; 0 = can be cut anywhere
 */
int64_t tps_scenario_parts(const TpsPlan *plan, const TpsSuiteSums *suite, int n_parts,
                           int64_t longest_unit_us);

/* One suite with half its setup. */
int64_t tps_scenario_half_setup(const TpsPlan *plan, const TpsSuiteSums *suite);

/* One task cut into two equal ones, each with its setup and teardown. */
int64_t tps_scenario_cut(const TpsPlan *plan, const TpsTask *task, int64_t longest_unit_us);
