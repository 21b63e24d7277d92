/* SPDX-License-Identifier: MIT */
#include "scheduler/pool_size.h"

#include "core/saturate.h"
#include "partition/bin_heap.h"

#include <glib.h>

static TpsBin *workers_new(int n_workers, const int64_t *free_us)
{
    TpsBin *workers = g_new0(TpsBin, (gsize)n_workers);

    for (int i = 0; i < n_workers; i++) {
        workers[i].id = i;
        workers[i].load_us = free_us ? free_us[i] : 0;
    }
    tps_bins_heapify(workers, (size_t)n_workers);
    return workers;
}

int64_t tps_pool_simulate(const int64_t *weight_us, size_t n, int n_workers, const int64_t *free_us,
                          int *worker, int64_t *start_us)
{
    /* More idle workers than tasks change nothing: do not build a heap of them. */
    const int n_used = free_us || (size_t)n_workers <= n ? n_workers : MAX((int)n, 1);
    g_autofree TpsBin *workers = workers_new(n_used, free_us);
    int64_t end_us = 0;

    for (int i = 0; i < n_used; i++)
        end_us = MAX(end_us, workers[i].load_us);
    for (size_t i = 0; i < n; i++) {
        if (worker)
            worker[i] = workers[0].id;
        if (start_us)
            start_us[i] = workers[0].load_us;
        workers[0].load_us = tps_add_sat(workers[0].load_us, weight_us[i]);
        end_us = MAX(end_us, workers[0].load_us);
        tps_bins_sink(workers, (size_t)n_used, 0);
    }
    return end_us;
}

int tps_pool_size_lower_bound(const int64_t *weight_us, size_t n, int64_t target_us)
{
    return MAX(1, tps_parts_lower_bound(weight_us, n, target_us));
}

/*
 * One more worker never makes the pull end later, so the smallest size can be bisected. Call the
 * workers' ends a[1] >= ... >= a[m] with m workers and b[1] >= ... >= b[m+1] with one more. All
 * start at 0, and b[i] <= a[i] for i <= m stays true with each task of weight w: a[m] becomes
 * a[m] + w and b[m+1] <= a[m] becomes b[m+1] + w; either b[m] is now the least of the b, and the
 * others are covered as before, or b[m+1] + w is, and b[m] <= a[m] <= a[m] + w.
 */
int tps_pool_size(const int64_t *weight_us, size_t n, int64_t target_us, int max_size)
{
    int low, high, step = 1;

    if (n == 0)
        return 1;
    if (weight_us[0] > target_us)
        return max_size;
    low = tps_pool_size_lower_bound(weight_us, n, target_us);
    for (high = low; high<max_size; high = high> max_size - step ? max_size : high + step) {
        if (tps_pool_simulate(weight_us, n, high, NULL, NULL, NULL) <= target_us)
            break;
        low = high + 1;
        step *= 2;
    }
    high = MIN(high, max_size);
    while (low < high) {
        int middle = low + (high - low) / 2;

        if (tps_pool_simulate(weight_us, n, middle, NULL, NULL, NULL) <= target_us)
            high = middle;
        else
            low = middle + 1;
    }
    return high;
}
