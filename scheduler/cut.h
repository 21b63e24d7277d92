/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Where to cut suites so that they fill the workers of a pool: lengths only, as if a suite could be
 * cut anywhere. Which units go where is decided afterwards.
 */

/* A suite, or a task of a suite that may not be cut. */
typedef struct {
    int64_t execution_us; /* of all its units                                     */
    int64_t overhead_us;  /* setup and teardown: every part pays them             */
    int64_t limit_us;     /* no part longer than this, overhead included; > overhead_us */
    int max_parts;        /* 1 = may not be cut                                   */
} TpsCutSuite;

/* A part to be: so much of a suite's execution time fits into it. */
typedef struct {
    size_t suite;
    int worker;
    int64_t execution_us;
} TpsCutPiece;

/*
 * Fill the workers up to a goal with as few cuts as it finds: what is longer than the limit or the
 * goal is cut into pieces of the longest length that divides the goal and keeps the limit, or,
 * where these are too many, as long as the limit allows; whole suites and pieces go where they fit
 * best, longest first (best fit decreasing; Coffman, Garey, Johnson 1978, SIAM J. Comput. 7: 1-17);
 * what fits nowhere is cut to fill the largest rooms (McNaughton 1959, Manage. Sci. 6: 1-12, with a
 * setup for each piece).
 *
 *   suites     [n]
 *   n_workers  >= 1
 *   goal_us    when the last worker is to end
 *   pieces     out: of TpsCutPiece, by suite; of each suite at least one, their execution times sum
 *              up to its own. NULL: only ask. Of no use where it does not fit
 *   returns    false: it does not fit that way
 *   time       O((n + pieces) n_workers)
 */
bool tps_cut(const TpsCutSuite *suites, size_t n, int n_workers, int64_t goal_us, GArray *pieces);

/*
 * A low goal for which tps_cut succeeds, by bisection. Packing has anomalies, so now and then a
 * lower one succeeds, too.
 *
 *   low_us, high_us  where to look, 1 <= low_us <= high_us
 *   returns          a goal, or INT64_MAX when not even `high_us` is one
 *   bound            none is known; of small cases 94 % are the best there is, and all goals
 *                    together are 0.9 % too long (tests/scheduler/test_cut.c)
 */
int64_t tps_cut_goal(const TpsCutSuite *suites, size_t n, int n_workers, int64_t low_us,
                     int64_t high_us);
