/* SPDX-License-Identifier: MIT */
#include "scheduler/timeouts.h"

#include "core/saturate.h"

#include <glib.h>

#define FACTOR 5
#define MEASURED_UPPER 2
#define GUESSED_UPPER 10
#define WEIGHTS_AT_LEAST 3

static int64_t times(int64_t us, int64_t factor)
{
    return us > INT64_MAX / factor ? INT64_MAX : us * factor;
}

static int64_t by_history(const TpsTimeLimits *limits)
{
    int64_t guessed_us = MIN(limits->guessed_us, limits->weight_us);
    int64_t measured_us = limits->weight_us - guessed_us;
    int64_t upper_us =
        tps_add_sat(times(measured_us, MEASURED_UPPER), times(guessed_us, GUESSED_UPPER));
    int64_t min_us =
        measured_us > guessed_us ? TPS_TIMEOUT_MEASURED_MIN_US : TPS_TIMEOUT_GUESSED_MIN_US;
    int64_t max_us = MAX(TPS_TIMEOUT_MAX_US, times(limits->weight_us, WEIGHTS_AT_LEAST));

    return CLAMP(times(upper_us, FACTOR), min_us, max_us);
}

int64_t tps_time_limit(const TpsTimeLimits *limits, int64_t now_us)
{
    int64_t limit_us = limits->suite_us    ? limits->suite_us
                       : limits->option_us ? limits->option_us
                                           : by_history(limits);

    if (limits->deadline_us)
        limit_us = MIN(limit_us, limits->deadline_us - now_us);
    return MAX(limit_us, 1);
}
