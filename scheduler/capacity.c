/* SPDX-License-Identifier: MIT */
#include "scheduler/capacity.h"

#include <glib.h>
#include <stdlib.h>

/* The mean share of its time that a task computes, each task counted by its time; 0 = not known. */
static double mean_cpu(const TpsUsage *usage, size_t n)
{
    double weighted = 0;
    double total = 0;

    for (size_t i = 0; i < n; i++) {
        if (usage[i].cpu_ppm < 0)
            continue;
        weighted += (double)usage[i].weight_us * (double)usage[i].cpu_ppm;
        total += (double)usage[i].weight_us;
    }
    return total > 0 ? weighted / total : 0;
}

/* Half a processor more than there is does no harm: shares are never that exact. */
static int by_cpu(TpsCapacity capacity, const TpsUsage *usage, size_t n, int max)
{
    double mean = mean_cpu(usage, n);
    double fit;

    if (capacity.cpu_ppm <= 0 || mean <= 0)
        return max;
    fit = ((double)capacity.cpu_ppm + mean / 2) / mean;
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

    if (left <= 0)
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
