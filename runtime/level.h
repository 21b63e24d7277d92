/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/log2.h"
#include "core/saturate.h"
#include "runtime/sample.h"

#include <stddef.h>

/*
 * Logarithms of times. Below about a millisecond it is noise that is measured, so that much is
 * added before: a time of zero is as good as half a millisecond, and no outlier.
 */
#define TPS_LEVEL_NOISE_US INT64_C(1024)

static inline int32_t tps_level_log(int64_t us)
{
    return tps_log2(tps_add_sat(us, TPS_LEVEL_NOISE_US));
}

/* The time whose logarithm is larger by `more`; exactly `us` when that is 0. */
static inline int64_t tps_level_add(int64_t us, int64_t more)
{
    const int64_t moved = tps_times_exp2(tps_add_sat(us, TPS_LEVEL_NOISE_US), more);

    return moved > TPS_LEVEL_NOISE_US ? moved - TPS_LEVEL_NOISE_US : 0;
}

/* The inverse of tps_level_log. */
static inline int64_t tps_level_time(int64_t log)
{
    return tps_level_add(0, log - tps_log2(TPS_LEVEL_NOISE_US));
}

/* What one testcase takes now, judged by its own samples. */
typedef struct {
    int64_t point_us; /* >= 1, the weighted mean of the logarithms */
    int64_t mean_us;  /* >= 1, the weighted mean of the times      */
    int32_t spread;   /* mean |log2(sample / level before)|, drawn towards that of all testcases */
    uint32_t run;     /* the newest sample's */
} TpsLevel;

/*
 * The recent level of testcases, for a run of ordinary speed.
 *
 * A run's speed is what its testcases have in common: the median of log2(sample / level before)
 * over those that take 10 ms and more; with m such testcases it is drawn towards the ordinary speed
 * with the weight of ten. Host, load and parallel neighbours slow down all testcases of a run, so a
 * sample counts relative to its run's speed. The ordinary speed follows the speeds of the runs.
 *
 * Levels, mean times and the ordinary speed are exponentially weighted means, 0.7 on the newest
 * (Brown 1959). A sample that is 16 times off the two before it is not believed until the next
 * one agrees, and then at once.
 *
 *   cases   [n]  those without samples are passed over
 *   n_runs       every sample's run is below it
 *   level   [n]  out; untouched for those without samples
 *   time         O(samples + n_runs)
 */
void tps_levels(const TpsPredictCase *const *cases, size_t n, uint32_t n_runs, TpsLevel *level);
