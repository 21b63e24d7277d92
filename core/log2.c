/* SPDX-License-Identifier: MIT */
#include "core/log2.h"

/* Inside, fractions have 30 bits behind the point. */
#define ONE (INT64_C(1) << 30)

__extension__ typedef __int128 Wide;

static int64_t times(int64_t a, int64_t b)
{
    return (a * b) >> 30;
}

static int64_t polynomial(const int32_t *coefficient, int n, int64_t x)
{
    int64_t sum = coefficient[n - 1];

    for (int i = n - 2; i >= 0; i--)
        sum = coefficient[i] + times(sum, x);
    return sum;
}

/*
 * Both functions are a straight line from 0 to 1 plus x (1 - x) q(x): exact at both ends, so that
 * neighbouring octaves join. q is the interpolation of what is left, in Chebyshev's nodes; largest
 * error 1.1e-6 for the logarithm, 4.3e-7 for the power.
 */
static const int32_t log_q[] = {475333537, -298716772, 211163144, -141139647, 68797795, -16240825};
static const int32_t exp_q[] = {-329478958, -71595235, -11667980, -2036310};

int32_t tps_log2(int64_t value)
{
    const int whole = 63 - __builtin_clzll((unsigned long long)value);
    const int64_t x = (int64_t)(((uint64_t)value << (63 - whole)) >> 33) - ONE;
    const int64_t fraction = x + times(times(x, ONE - x), polynomial(log_q, 6, x));

    return (int32_t)((whole * ONE + fraction + (1 << 13)) >> 14);
}

/* value * mantissa * 2 ** (whole - 30) */
static int64_t shift(int64_t value, int64_t mantissa, int64_t whole)
{
    const Wide product = (Wide)value * mantissa;

    if (value == 0 || whole < -64)
        return 0;
    if (whole >= 63 || product > (((Wide)INT64_MAX << 30) >> (whole > 0 ? whole : 0)))
        return INT64_MAX;
    if (whole >= 30)
        return (int64_t)(product << (whole - 30));
    return (int64_t)((product + ((Wide)1 << (29 - whole))) >> (30 - whole));
}

int64_t tps_times_exp2(int64_t value, int64_t exponent)
{
    const int64_t whole = exponent >> 16;
    const int64_t x = (exponent & 0xffff) << 14;

    return shift(value, ONE + x + times(times(x, ONE - x), polynomial(exp_q, 4, x)), whole);
}
