/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

/*
 * Logarithms that are the same on every machine, which libm's are not: to the base 2, as fixed
 * point with 16 bits behind the point.
 */
#define TPS_LOG2_ONE INT32_C(65536)

/* log2 of a value >= 1; within 2 / 65536 of the truth, exact for powers of two, and never falls. */
int32_t tps_log2(int64_t value);

/*
 * value * 2 ** (exponent / 65536), rounded half up, for a value >= 0; relative error below
 * 2 / 65536, exact for whole exponents. At most INT64_MAX.
 */
int64_t tps_times_exp2(int64_t value, int64_t exponent);
