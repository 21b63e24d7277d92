/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* One measurement: in which run (0 = nobody knows when, then 1, 2, ... from old to new), and what.
 */
typedef struct {
    uint32_t run;
    int64_t us;
} TpsSample;

/* A testcase, and what past runs measured of it. */
typedef struct {
    const char *id;           /* as its framework names it */
    const char *file;         /* where it is, or NULL; said twice does no harm */
    const TpsSample *samples; /* [n_samples], oldest first */
    uint32_t n_samples;       /* 0 = never measured */
} TpsPredictCase;

/*
 * The recent level of some measurements: the newest weighs 0.7, the one before 0.21, and so on.
 * Of measurements that nobody can date, the mean.
 *
 *   samples  [n]  oldest first, n >= 1
 */
int64_t tps_samples_level(const TpsSample *samples, size_t n);

/* How far they are from their level on average; 0 for one sample. */
int64_t tps_samples_spread(const TpsSample *samples, size_t n);
