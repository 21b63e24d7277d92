/* SPDX-License-Identifier: MIT */
#include "runtime/sample.h"

#include "core/saturate.h"

#include <glib.h>

/* What exponential smoothing gives to the newest, in tenths; docs/planning.md has the comparison.
 */
#define NEWEST_TENTHS 7

static int64_t mean(const TpsSample *samples, size_t n)
{
    int64_t sum = 0;

    for (size_t i = 0; i < n; i++)
        sum = tps_add_sat(sum, samples[i].us);
    return tps_add_sat(sum, (int64_t)n / 2) / (int64_t)n;
}

int64_t tps_samples_level(const TpsSample *samples, size_t n)
{
    int64_t level = samples[0].us;

    if (samples[n - 1].run == 0)
        return mean(samples, n);
    for (size_t i = 1; i < n; i++)
        level += (samples[i].us - level) * NEWEST_TENTHS / 10;
    return level;
}

int64_t tps_samples_spread(const TpsSample *samples, size_t n)
{
    const int64_t level = tps_samples_level(samples, n);
    int64_t sum = 0;

    for (size_t i = 0; i < n; i++)
        sum = tps_add_sat(sum, ABS(samples[i].us - level));
    return sum / (int64_t)n;
}
