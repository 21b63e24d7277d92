/* SPDX-License-Identifier: MIT */
#include "scheduler/capacity.h"

#include "core/duration.h"

#include <glib.h>
#include <stdlib.h>

/* What is summed up is whole, so that no machine rounds differently: 2^31 tasks of ten years on
 * 2^20 processors stay below 2^127. */
__extension__ typedef __int128 Wide;

#define CPU_MAX_PPM (INT64_C(1) << 40)

/*
 * The capacity by the mean share of its time that a task computes, each task counted by its time.
 * Half a processor more than there is does no harm: shares are never that exact.
 */
static int by_cpu(TpsCapacity capacity, const TpsUsage *usage, size_t n, int max)
{
    Wide computed = 0;
    Wide total = 0;
    Wide fit;

    for (size_t i = 0; i < n; i++) {
        Wide weight_us = MIN(usage[i].weight_us, TPS_DURATION_MAX_US);

        if (usage[i].cpu_ppm < 0)
            continue;
        computed += weight_us * MIN(usage[i].cpu_ppm, CPU_MAX_PPM);
        total += weight_us;
    }
    if (capacity.cpu_ppm <= 0 || computed == 0)
        return max;
    fit = (2 * total * MIN(capacity.cpu_ppm, CPU_MAX_PPM) + computed) / (2 * computed);
    return fit >= max ? max : MAX((int)fit, 1);
}

static int compare_descending(const void *a, const void *b)
{
    const int64_t one = *(const int64_t *)a, two = *(const int64_t *)b;

    return one < two ? 1 : one > two ? -1 : 0;
}

/* As many of the largest as fit together. */
static int by_memory(TpsCapacity capacity, const TpsUsage *usage, size_t n, int max)
{
    g_autofree int64_t *peaks = g_new(int64_t, n);
    int64_t left = capacity.memory_bytes;
    int fit = 0;

    if (left <= 0 || n == 0)
        return max;
    for (size_t i = 0; i < n; i++)
        peaks[i] = MAX(usage[i].peak_bytes, 0);
    qsort(peaks, n, sizeof *peaks, compare_descending);
    for (; (size_t)fit < n && fit < max && peaks[fit] <= left; fit++)
        left -= peaks[fit];
    return (size_t)fit == n ? max : MAX(fit, 1);
}

int tps_capacity_size(TpsCapacity capacity, const TpsUsage *usage, size_t n, int max,
                      TpsSizeReason *reason)
{
    int cpu = by_cpu(capacity, usage, n, max);
    int memory = by_memory(capacity, usage, n, max);

    *reason = TPS_SIZE_MAX_SIZE;
    if (memory < max && memory <= cpu)
        *reason = TPS_SIZE_MEMORY;
    else if (cpu < max)
        *reason = TPS_SIZE_CPU;
    return MIN(cpu, memory);
}
