/* SPDX-License-Identifier: MIT */
#pragma once

#include "scheduler/explain.h"
#include "scheduler/scenario.h"

/* So many suites are tried: each costs some simulations of the whole pool. */
#define TPS_SUITES_TRIED 16

/* Less than this is no gain. */
static inline int64_t tps_noise_us(const TpsPlan *plan)
{
    return MAX(plan->makespan_us / 1000, 1);
}

/* Of TpsAdvice; `sums` from tps_suite_sums. Caller unrefs. */
GArray *tps_advise(const TpsPlan *plan, const GArray *sums, TpsTimes *times);
