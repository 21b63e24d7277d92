/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * With which probability does a plan end within its target? Answered from how earlier predictions
 * of the same project turned out, by normalised conformal prediction (Vovk, Gammerman, Shafer 2005;
 * Papadopoulos et al. 2011, J. Artif. Intell. Res. 40: 815-840): the distance of each outcome from
 * its prediction, in widths of what was known then, is as likely as any other for the next run. The
 * newest outcomes count most. What a project's own past does not show yet comes from a prior, the
 * distances pooled over other projects, which weighs as much as four outcomes; so there is always
 * something said of the tail, and never that something is certain.
 *
 * A plan on old or guessed times is less sure: the width is 1 + 10 times the guessed share, and one
 * more for each 30 days the data is older than ten days, up to 90 days.
 *
 * Probabilities, ratios and shares are whole parts per million.
 */

/* How one earlier prediction turned out. */
typedef struct {
    int64_t ratio_ppm;   /* real makespan / predicted makespan, >= 0 */
    int64_t guessed_ppm; /* share of the predicted work that was guessed, not measured */
    int64_t age_days;    /* of the data it was predicted from, >= 0 */
} TpsPastRun;

/*
 * How far an outcome is from its prediction: real / predicted - 1, and where that is above 0, in
 * widths. Parts per million; never less for a larger ratio.
 */
int64_t tps_promise_distance(const TpsPastRun *outcome);

/* All that is known about the next one. */
typedef struct {
    const TpsPastRun *runs; /* [n_runs], oldest first, borrowed; NULL when there are none */
    size_t n_runs;
    int64_t guessed_ppm; /* of the plan that is to be kept */
    int64_t age_days;
} TpsPast;

/*
 * The probability that a plan of that predicted makespan ends within the target.
 *
 *   makespan_us  >= 0
 *   returns      1 .. 999999. Never less for a longer target; never more for a longer makespan, for
 *                past ratios that were larger, for a larger guessed share or older data
 */
int tps_promise_probability(const TpsPast *past, int64_t makespan_us, int64_t target_us);

/*
 * By how much a predicted makespan must be stretched so that it is kept with that probability: the
 * smallest ratio r with tps_promise_probability(past, m, m * r) >= confidence_ppm.
 *
 *   confidence_ppm  taken as at least 1 and at most 999999
 *   returns         > 0; below 1000000 for small probabilities
 */
int64_t tps_promise_factor(const TpsPast *past, int confidence_ppm);

/*
 * The smallest pool that ends within the target with that probability. When the heaviest task alone
 * makes that impossible: the smallest pool of the greatest probability.
 *
 *   weight_us  [n]  heaviest first
 *   max_size        the cap, >= 1
 *   returns         1 .. max_size
 */
int tps_promise_pool_size(const TpsPast *past, int confidence_ppm, const int64_t *weight_us,
                          size_t n, int64_t target_us, int max_size);

/*
 * A pool is whole, so the smallest that keeps a promise often keeps more than was asked. This takes
 * one worker less where that is nearer to it: the promise is then kept over many plans together,
 * not by each.
 */
int tps_promise_pool_size_nearest(const TpsPast *past, int confidence_ppm, const int64_t *weight_us,
                                  size_t n, int64_t target_us, int max_size);
