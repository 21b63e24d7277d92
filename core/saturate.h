/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

/*
 * The sum of two times >= 0, at most INT64_MAX. Thirty thousand testcases of ten years each are
 * more microseconds than an int64_t holds: such a sum stays at the top instead of wrapping round.
 */
static inline int64_t tps_add_sat(int64_t a, int64_t b)
{
    int64_t sum;

    return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}
