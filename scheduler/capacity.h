/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/plan.h"

#include <stddef.h>
#include <stdint.h>

/* What a machine offers to the tasks of a local pool; 0 = it is not asked about. */
typedef struct {
    int64_t cpu_ppm; /* processors, in millionths */
    int64_t memory_bytes;
} TpsCapacity;

/* What one task uses; negative = not known. */
typedef struct {
    int64_t weight_us;
    int64_t cpu_ppm; /* processor time in millionths of its time */
    int64_t peak_bytes;
} TpsUsage;

/*
 * How many tasks of these may run at the same time: as many as use all processors on average, by
 * the share of their time that they compute, and as many as fit into memory even when the largest
 * ones meet. Tasks that mostly wait may be more than there are processors. What is not known does
 * not count.
 *
 *   usage    [n]
 *   max      the cap, >= 1
 *   reason   out: TPS_SIZE_CPU, TPS_SIZE_MEMORY, or TPS_SIZE_MAX_SIZE where the cap is what holds
 *   returns  1 .. max
 */
int tps_capacity_size(TpsCapacity capacity, const TpsUsage *usage, size_t n, int max,
                      TpsSizeReason *reason);
